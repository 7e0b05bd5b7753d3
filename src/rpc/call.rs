//! What all calls have in common.

use super::{Interface, Message};

/// A request, its method and its response.
pub trait Call: Message {
    /// The interface that has the method.
    const INTERFACE: &'static Interface;

    /// The number of the method.
    const OPNUM: u16;

    /// The message that the server answers with.
    type Response: Message;

    /// The type of the return value.
    type Status: From<u32>;

    /// The response of a call that failed: pointers NULL, counts and numbers 0, and `[in, out]` parameters as the request
    /// has them.
    fn failure(&self, status: impl Into<Self::Status>) -> Self::Response;

    /// The return value of a response.
    fn status(response: &Self::Response) -> Self::Status;
}
