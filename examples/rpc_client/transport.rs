//! A connection to a server, with one interface and one call at a time.

use crate::shared::rpc::{
    FRAGMENT, SMALLEST_FRAGMENT,
    assembly::{Assembly, Refused},
    bind::{Ack, Bind, Verdict},
    pdu::{self, Pdu, flag, kind},
};
use std::{
    fmt::Display,
    io::{BufReader, Write},
    net::TcpStream,
    time::Duration,
};
use wintask::{
    ndr::{ByteOrder, Fault, Syntax, Transfer},
    rpc::{Call, Interface, Message},
};

/// The timeout for a response.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Transport {
    stream: BufReader<TcpStream>,
    syntax: Syntax,
    /// The largest fragment that the server receives.
    max_xmit: u16,
    calls: u32,
}

fn text(error: impl Display) -> String {
    error.to_string()
}

impl Transport {
    /// Connects and binds to an interface.
    pub fn connect(address: &str, interface: &Interface, syntax: Syntax) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|error| format!("{address}: {error}"))?;
        stream.set_nodelay(true).map_err(text)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(text)?;
        let mut transport = Self { stream: BufReader::new(stream), syntax, max_xmit: FRAGMENT, calls: 1 };
        let body = Bind::body(interface, syntax);
        transport.send(&pdu::build(kind::BIND, flag::FIRST | flag::LAST, 1, ByteOrder::Little, &body))?;
        let answer = transport.receive()?;
        let ack = match answer.kind {
            kind::BIND_ACK => Ack::parse(&answer).ok_or("incomplete answer to the bind")?,
            kind::BIND_NAK => return Err("the server rejected the bind".to_owned()),
            other => return Err(format!("the bind was answered with a PDU of type {other}")),
        };
        if ack.verdict.0 != Verdict::ACCEPTANCE {
            let (result, reason) = ack.verdict;
            return Err(format!(
                "the server does not accept {}: result {result}, reason {reason}",
                interface.name
            ));
        }
        transport.max_xmit = ack.max_recv.clamp(SMALLEST_FRAGMENT, FRAGMENT);
        Ok(transport)
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream.get_mut().write_all(bytes).map_err(text)
    }

    fn receive(&mut self) -> Result<Pdu, String> {
        Pdu::read(&mut self.stream)
            .map_err(text)?
            .ok_or_else(|| "the server closed the connection".to_owned())
    }

    /// Makes a call.
    pub fn call<C: Call>(&mut self, request: &C) -> Result<C::Response, String> {
        let transfer = self.transfer();
        let stub = request.encode_as(transfer).map_err(text)?;
        let (answer, order) = self.exchange(C::OPNUM, &stub)?;
        C::Response::decode_as(&answer, transfer.with_order(order)).map_err(text)
    }

    pub fn transfer(&self) -> Transfer {
        if self.syntax == Syntax::Ndr64 { Transfer::NDR64 } else { Transfer::NDR20 }
    }

    /// Sends a stub and returns the one that the server answers with.
    pub fn exchange(&mut self, opnum: u16, stub: &[u8]) -> Result<(Vec<u8>, ByteOrder), String> {
        self.calls = self.calls.wrapping_add(1);
        let call = self.calls;
        let request = pdu::fragments(kind::REQUEST, call, ByteOrder::Little, [0, opnum], stub, self.max_xmit);
        self.send(&request)?;
        let mut pending: Option<Assembly> = None;
        loop {
            let pdu = self.receive()?;
            match pdu.kind {
                _ if pdu.call != call => return Err("the server answers another call".to_owned()),
                kind::RESPONSE => match Assembly::take(&mut pending, &pdu) {
                    Ok(false) => {}
                    Ok(true) => {
                        let mut answer = pending.take().ok_or("no response")?;
                        return Ok((std::mem::take(&mut answer.stub), answer.order()));
                    }
                    Err(Refused::Protocol(error)) => return Err(error.to_string()),
                    Err(Refused::TooLarge) => return Err("the response is too large".to_owned()),
                },
                kind::FAULT => {
                    let mut bytes = pdu.bytes();
                    let _ = bytes.take(8);
                    let fault = Fault(bytes.u32().ok_or("incomplete fault")?);
                    return Err(format!("fault: {fault}"));
                }
                other => return Err(format!("the call was answered with a PDU of type {other}")),
            }
        }
    }
}
