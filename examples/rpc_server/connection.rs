//! A connection: binds, requests and responses.

use crate::{
    host::Host,
    shared::rpc::{
        FRAGMENT, SMALLEST_FRAGMENT,
        assembly::{Assembly, Refused},
        bind::{self, Bind, Proposal, Verdict},
        bytes::{put_u16, put_u32},
        pdu::{self, Pdu, flag, kind},
    },
};
use std::{
    collections::HashMap,
    io::{self, BufReader, Write},
    net::TcpStream,
    time::Duration,
};
use wintask::{
    ndr::{ByteOrder, Fault, Syntax, Transfer},
    rpc::Interface,
};

/// The timeout for a request.
const PATIENCE: Duration = Duration::from_secs(600);

/// Faults and reasons that concern the connection rather than a call (C706 appendix E).
const PROTOCOL_ERROR: u32 = 0x1C01_000B;
const NO_MEMORY: u32 = 0x1C00_001B;

/// Reasons of a bind_nak (C706 12.6.3.1, [MS-RPCE] 2.2.2.5).
const NAK_UNSPECIFIED: u16 = 0;
const NAK_AUTHENTICATION: u16 = 8;

/// The association group of clients that name none.
const GROUP: u32 = 0x0001_0001;

/// A presentation context.
type Context = (&'static Interface, Syntax);

pub struct Connection<'s> {
    from: BufReader<&'s TcpStream>,
    to: &'s TcpStream,
    port: u16,
    contexts: HashMap<u16, Context>,
    /// The largest fragment that the client receives; `None` before the bind.
    max_xmit: Option<u16>,
    pending: Option<Assembly>,
}

impl<'s> Connection<'s> {
    pub fn new(stream: &'s TcpStream, port: u16) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            from: BufReader::new(stream),
            to: stream,
            port,
            contexts: HashMap::new(),
            max_xmit: None,
            pending: None,
        })
    }

    /// Serves until the client closes the connection.
    pub fn serve(mut self, host: &Host) -> io::Result<()> {
        while let Some(pdu) = Pdu::read(&mut self.from)? {
            match (pdu.kind, self.max_xmit) {
                (kind::BIND, None) => self.bind(&pdu)?,
                (kind::ALTER_CONTEXT, Some(max_xmit)) => self.alter(&pdu, max_xmit)?,
                (kind::REQUEST, Some(max_xmit)) => self.request(&pdu, max_xmit, host)?,
                (kind::BIND, Some(_)) => return self.nak(&pdu, NAK_UNSPECIFIED),
                (kind::REQUEST, None) => {
                    self.fault(pdu.call, 0, pdu.order(), PROTOCOL_ERROR)?;
                    return Err(pdu::invalid("request before the bind"));
                }
                // Calls are answered at once: there is none left to cancel.
                (kind::CO_CANCEL | kind::AUTH3, _) => {}
                (kind::ORPHANED, _) => self.pending = None,
                (other, _) => return Err(pdu::invalid(&format!("type {other}"))),
            }
        }
        Ok(())
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)
    }

    fn bind(&mut self, pdu: &Pdu) -> io::Result<()> {
        if pdu.is_authenticated {
            return self.nak(pdu, NAK_AUTHENTICATION);
        }
        let Some(bind) = Bind::parse(pdu) else { return self.nak(pdu, NAK_UNSPECIFIED) };
        let max_xmit = bind.max_recv.clamp(SMALLEST_FRAGMENT, FRAGMENT);
        self.max_xmit = Some(max_xmit);
        let address = self.port.to_string();
        self.acknowledge(kind::BIND_ACK, pdu, &bind, &address, max_xmit)
    }

    fn alter(&mut self, pdu: &Pdu, max_xmit: u16) -> io::Result<()> {
        let bind = Bind::parse(pdu).filter(|_| !pdu.is_authenticated);
        let Some(bind) = bind else {
            self.fault(pdu.call, 0, pdu.order(), PROTOCOL_ERROR)?;
            return Err(pdu::invalid("alter_context"));
        };
        self.acknowledge(kind::ALTER_CONTEXT_RESP, pdu, &bind, "", max_xmit)
    }

    fn acknowledge(
        &mut self,
        kind: u8,
        pdu: &Pdu,
        bind: &Bind,
        address: &str,
        max_xmit: u16,
    ) -> io::Result<()> {
        let verdicts: Vec<_> = bind.proposals.iter().map(|proposal| self.judge(proposal)).collect();
        let group = if bind.group == 0 { GROUP } else { bind.group };
        let body = bind::ack(max_xmit, group, address, &verdicts, pdu.order());
        self.send(&pdu::build(kind, flag::FIRST | flag::LAST, pdu.call, pdu.order(), &body))
    }

    /// Accepts a proposal of a known interface in the first known transfer syntax.
    fn judge(&mut self, proposal: &Proposal) -> Verdict {
        if proposal.transfers.iter().any(|transfer| transfer.asks_for_features()) {
            return Verdict::NO_FEATURES;
        }
        let known = Interface::by_uuid(proposal.interface.uuid).filter(|interface| {
            let (major, minor) = interface.version;
            proposal.interface.major == major && proposal.interface.minor <= minor
        });
        let Some(interface) = known else { return Verdict::UNKNOWN_INTERFACE };
        match proposal.transfers.iter().find_map(|transfer| transfer.transfer()) {
            Some(syntax) => {
                self.contexts.insert(proposal.context, (interface, syntax));
                Verdict::accept(syntax)
            }
            None => Verdict::UNKNOWN_TRANSFERS,
        }
    }

    fn nak(&mut self, pdu: &Pdu, reason: u16) -> io::Result<()> {
        let mut body = Vec::new();
        put_u16(&mut body, reason, pdu.order());
        body.extend([1, 5, 0]); // one version: 5.0
        self.send(&pdu::build(kind::BIND_NAK, flag::FIRST | flag::LAST, pdu.call, pdu.order(), &body))
    }

    fn request(&mut self, pdu: &Pdu, max_xmit: u16, host: &Host) -> io::Result<()> {
        if pdu.is_authenticated {
            self.fault(pdu.call, 0, pdu.order(), Fault::ACCESS_DENIED.0)?;
            return Err(pdu::invalid("authentication without a security context"));
        }
        match Assembly::take(&mut self.pending, pdu) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(Refused::Protocol(error)) => {
                self.fault(pdu.call, 0, pdu.order(), PROTOCOL_ERROR)?;
                return Err(error);
            }
            Err(Refused::TooLarge) => {
                self.fault(pdu.call, 0, pdu.order(), NO_MEMORY)?;
                return Err(pdu::invalid("request is too large"));
            }
        }
        let Some(call) = self.pending.take() else { return Ok(()) };
        let order = call.order();
        let Some((interface, syntax)) = self.contexts.get(&call.context).copied() else {
            return self.fault(call.call, call.context, order, Fault::UNKNOWN_INTERFACE.0);
        };
        let transfer = if syntax == Syntax::Ndr64 { Transfer::NDR64 } else { Transfer::NDR20 };
        match host.call(interface, call.opnum, &call.stub, transfer.with_order(order)) {
            Ok(stub) => {
                // The number of cancels and a reserved byte, both 0.
                let head = [call.context, 0];
                self.send(&pdu::fragments(kind::RESPONSE, call.call, order, head, &stub, max_xmit))
            }
            Err(fault) => self.fault(call.call, call.context, order, fault.0),
        }
    }

    fn fault(&mut self, call: u32, context: u16, order: ByteOrder, status: u32) -> io::Result<()> {
        let mut body = Vec::new();
        put_u32(&mut body, 0, order);
        put_u16(&mut body, context, order);
        put_u16(&mut body, 0, order);
        put_u32(&mut body, status, order);
        put_u32(&mut body, 0, order);
        let flags = flag::FIRST | flag::LAST | flag::DID_NOT_EXECUTE;
        self.send(&pdu::build(kind::FAULT, flags, call, order, &body))
    }
}
