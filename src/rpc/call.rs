//! A trait for all calls.

use super::{Interface, Message};

/// A request, its method and its response.
pub trait Call: Message {
    /// The interface of the method.
    const INTERFACE: &'static Interface;

    /// The opnum of the method.
    const OPNUM: u16;

    /// The response message.
    type Response: Message;

    /// The type of the return value.
    type Status: From<u32>;

    /// The response of a failed call: NULL pointers, zero counts and numbers, and `[in, out]` parameters with the
    /// values of the request.
    fn failure(&self, status: impl Into<Self::Status>) -> Self::Response;

    /// The return value in a response.
    fn status(response: &Self::Response) -> Self::Status;
}
