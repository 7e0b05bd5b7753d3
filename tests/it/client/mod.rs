//! The client role ([MS-TSCH] 3.1.4), against the scheduler itself and against servers that misbehave.

mod bullets;
mod enumerate;
mod hostile;
mod requests;

use time::{OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    ndr::{Fault, Transfer},
    rpc::{Call, Message},
    scheduler::{Context, Machine, NoAccounts, Options, State},
};

const NOW: OffsetDateTime = datetime!(2024-05-15 10:00 UTC);

/// A scheduler that the system calls over the wire.
struct Server {
    state: State,
    machine: Machine,
    transfer: Transfer,
}

impl Server {
    fn new() -> Self {
        Self {
            state: State::new(Options::default(), 1),
            machine: Machine::default(),
            transfer: Transfer::NDR20,
        }
    }

    fn over(transfer: Transfer) -> Self {
        Self { transfer, ..Self::new() }
    }

    fn stub(
        &mut self,
        interface: &wintask::rpc::Interface,
        opnum: u16,
        stub: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let context = Context::new(NOW, &UtcOffset::UTC, &self.machine, &NoAccounts);
        self.state.dispatch(&context, interface, opnum, stub, self.transfer).reply
    }

    fn call<C: Call>(&mut self, request: &C) -> C::Response {
        let stub = request.encode_as(self.transfer).unwrap();
        let answer = self.stub(C::INTERFACE, C::OPNUM, &stub).unwrap();
        C::Response::decode_as(&answer, self.transfer).unwrap()
    }
}

/// A definition that the scheduler accepts.
const DEFINITION: &str = "<Task version='1.2' xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
    <Triggers><TimeTrigger><StartBoundary>2024-06-01T03:00:00</StartBoundary></TimeTrigger></Triggers>\
    <Actions><Exec><Command>backup.exe</Command></Exec></Actions></Task>";
