//! Binding: which interface, in which transfer syntax, by which number (C706 12.6.4.3, 12.6.4.4).

use super::{
    FRAGMENT,
    bytes::{put_u16, put_u32},
    pdu::Pdu,
};
use uuid::{Uuid, uuid};
use wintask::{
    ndr::{ByteOrder, Syntax},
    rpc::Interface,
};

/// A syntax: its identifier and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxId {
    pub uuid: Uuid,
    pub major: u16,
    pub minor: u16,
}

impl SyntaxId {
    /// No syntax, in a result that is not an acceptance.
    pub const NONE: Self = Self { uuid: Uuid::nil(), major: 0, minor: 0 };

    pub fn of_interface(interface: &Interface) -> Self {
        let (major, minor) = interface.version;
        Self { uuid: interface.uuid, major, minor }
    }

    pub fn of_transfer(syntax: Syntax) -> Self {
        let (uuid, major, minor) = syntax.id();
        Self { uuid, major, minor }
    }

    /// The transfer syntax that this is.
    pub fn transfer(self) -> Option<Syntax> {
        [Syntax::Ndr20, Syntax::Ndr64].into_iter().find(|syntax| Self::of_transfer(*syntax) == self)
    }

    /// Whether this asks which features the other side has, rather than for a syntax ([MS-RPCE] 3.3.1.5.3).
    pub fn asks_for_features(self) -> bool {
        const PREFIX: Uuid = uuid!("6cb71c2c-9812-4540-0000-000000000000");
        self.uuid.as_bytes()[..8] == PREFIX.as_bytes()[..8]
    }

    fn put(self, to: &mut Vec<u8>, order: ByteOrder) {
        let uuid = self.uuid;
        to.extend(if order == ByteOrder::Big { *uuid.as_bytes() } else { uuid.to_bytes_le() });
        put_u32(to, u32::from(self.minor) << 16 | u32::from(self.major), order);
    }
}

/// A presentation context that a client proposes.
pub struct Proposal {
    pub context: u16,
    pub interface: SyntaxId,
    pub transfers: Vec<SyntaxId>,
}

/// A bind or alter_context.
pub struct Bind {
    /// The largest fragment that the client receives.
    pub max_recv: u16,
    pub group: u32,
    pub proposals: Vec<Proposal>,
}

impl Bind {
    /// Reads what a client proposes; `None` if the PDU ends within it.
    pub fn parse(pdu: &Pdu) -> Option<Self> {
        let mut bytes = pdu.bytes();
        let (_max_xmit, max_recv, group) = (bytes.u16()?, bytes.u16()?, bytes.u32()?);
        let count = bytes.u8()?;
        bytes.take(3)?;
        let mut proposals = Vec::new();
        for _ in 0..count {
            let (context, transfers) = (bytes.u16()?, bytes.u8()?);
            bytes.take(1)?;
            let mut syntax = || {
                let uuid = bytes.uuid()?;
                // The version is an integer of 32 bits, the major one in its lower half.
                let version = bytes.u32()?;
                Some(SyntaxId { uuid, major: version as u16, minor: (version >> 16) as u16 })
            };
            let interface = syntax()?;
            let transfers = (0..transfers).map(|_| syntax()).collect::<Option<_>>()?;
            proposals.push(Proposal { context, interface, transfers });
        }
        Some(Self { max_recv, group, proposals })
    }

    /// The body of a bind for one interface in one transfer syntax, as context 0.
    pub fn body(interface: &Interface, syntax: Syntax) -> Vec<u8> {
        let order = ByteOrder::Little;
        let mut body = Vec::new();
        put_u16(&mut body, FRAGMENT, order);
        put_u16(&mut body, FRAGMENT, order);
        put_u32(&mut body, 0, order);
        body.extend([1, 0, 0, 0]);
        put_u16(&mut body, 0, order);
        body.extend([1, 0]);
        SyntaxId::of_interface(interface).put(&mut body, order);
        SyntaxId::of_transfer(syntax).put(&mut body, order);
        body
    }
}

/// The answer to a proposal (p_result_t).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub result: u16,
    pub reason: u16,
    pub transfer: SyntaxId,
}

impl Verdict {
    pub const ACCEPTANCE: u16 = 0;

    pub const UNKNOWN_INTERFACE: Self = Self { result: 2, reason: 1, transfer: SyntaxId::NONE };

    pub const UNKNOWN_TRANSFERS: Self = Self { result: 2, reason: 2, transfer: SyntaxId::NONE };

    /// No features ([MS-RPCE] 2.2.2.4, negotiate_ack).
    pub const NO_FEATURES: Self = Self { result: 3, reason: 0, transfer: SyntaxId::NONE };

    pub fn accept(syntax: Syntax) -> Self {
        Self { result: Self::ACCEPTANCE, reason: 0, transfer: SyntaxId::of_transfer(syntax) }
    }
}

/// The body of a bind_ack or alter_context_resp.
pub fn ack(max_xmit: u16, group: u32, address: &str, verdicts: &[Verdict], order: ByteOrder) -> Vec<u8> {
    let mut body = Vec::new();
    put_u16(&mut body, max_xmit, order);
    put_u16(&mut body, FRAGMENT, order);
    put_u32(&mut body, group, order);
    let address: Vec<u8> = if address.is_empty() { Vec::new() } else { [address.as_bytes(), &[0]].concat() };
    put_u16(&mut body, u16::try_from(address.len()).unwrap_or(0), order);
    body.extend(address);
    // The header before the body has 16 bytes, so that the body is aligned as the PDU is.
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend([u8::try_from(verdicts.len()).unwrap_or(u8::MAX), 0, 0, 0]);
    for Verdict { result, reason, transfer } in verdicts {
        put_u16(&mut body, *result, order);
        put_u16(&mut body, *reason, order);
        transfer.put(&mut body, order);
    }
    body
}

/// What a server answers a bind with.
pub struct Ack {
    /// The largest fragment that the server receives.
    pub max_recv: u16,
    /// The result and the reason of the first proposal.
    pub verdict: (u16, u16),
}

impl Ack {
    /// Reads the answer to a bind of one proposal; `None` if the PDU ends within it.
    pub fn parse(pdu: &Pdu) -> Option<Self> {
        let mut bytes = pdu.bytes();
        let (_max_xmit, max_recv, _group) = (bytes.u16()?, bytes.u16()?, bytes.u32()?);
        let address = usize::from(bytes.u16()?);
        // Up to the next multiple of 4; 10 bytes were read.
        bytes.take((10 + address).next_multiple_of(4) - 10)?;
        let count = bytes.u8()?;
        bytes.take(3)?;
        (count > 0).then_some(())?;
        Some(Self { max_recv, verdict: (bytes.u16()?, bytes.u16()?) })
    }
}
