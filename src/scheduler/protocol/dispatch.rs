//! Dispatches stubs, for servers that connect the scheduler to a transport.

use super::method::Method;
use crate::{
    ndr::{Fault, Transfer},
    rpc::{Interface, Message, atsvc, sasec, schrpc},
    scheduler::{context::Context, effect::Step, state::State},
};

impl State {
    /// Processes a call of any of the three interfaces: takes a request stub, and returns a response stub or a fault.
    /// A server that identifies interfaces by UUID finds them in [`INTERFACES`](crate::rpc::INTERFACES); the number
    /// of a method is [`Call::OPNUM`](crate::rpc::Call::OPNUM).
    ///
    /// A stub that cannot be decoded gets a fault, as from an RPC runtime; [`Interface::decode`] says where it is wrong.
    ///
    /// With [`Options::require_privacy`](crate::scheduler::Options::require_privacy), a call that is not protected by
    /// packet privacy gets the fault for denied access ([MS-TSCH] 5.1).
    ///
    /// ```
    /// use time::{UtcOffset, macros::datetime};
    /// use wintask::{ndr::Transfer, rpc::{Message, schrpc}};
    /// use wintask::scheduler::{Context, Machine, NoAccounts, Options, State};
    ///
    /// let mut state = State::new(Options::default(), 1);
    /// let machine = Machine::default();
    /// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
    /// let step = state.dispatch(&context, &schrpc::INTERFACE, 0, &[], Transfer::NDR20);
    /// let stub = step.reply?; // a fault is an error
    /// assert_eq!(schrpc::SchRpcHighestVersionResponse::decode(&stub)?.version, 0x0001_0006);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dispatch(
        &mut self,
        context: &Context<'_>,
        interface: &Interface,
        opnum: u16,
        stub: &[u8],
        transfer: Transfer,
    ) -> Step<Result<Vec<u8>, Fault>> {
        if self.options.require_privacy && !context.caller.private {
            return Step::reply(Err(Fault::ACCESS_DENIED));
        }
        let mut call = Dispatch { state: self, context, stub, transfer };
        if interface.uuid == schrpc::INTERFACE.uuid {
            return call.schrpc(opnum);
        }
        if interface.uuid == atsvc::INTERFACE.uuid {
            return call.atsvc(opnum);
        }
        if interface.uuid == sasec::INTERFACE.uuid {
            return call.sasec(opnum);
        }
        Step::reply(Err(Fault::UNKNOWN_INTERFACE))
    }
}

struct Dispatch<'d, 'h> {
    state: &'d mut State,
    context: &'d Context<'h>,
    stub: &'d [u8],
    transfer: Transfer,
}

type Answer = Step<Result<Vec<u8>, Fault>>;

impl Dispatch<'_, '_> {
    fn answer<M: Method>(&mut self) -> Answer {
        let request = match M::decode_as(self.stub, self.transfer) {
            Ok(request) => request,
            Err(error) => return Step::reply(Err(error.fault())),
        };
        let transfer = self.transfer;
        let step = self.state.call(self.context, &request);
        step.map(|response| response.encode_as(transfer).map_err(|error| error.fault()))
    }

    fn atsvc(&mut self, opnum: u16) -> Answer {
        use atsvc::{NetrJobAdd, NetrJobDel, NetrJobEnum, NetrJobGetInfo};
        match opnum {
            0 => self.answer::<NetrJobAdd>(),
            1 => self.answer::<NetrJobDel>(),
            2 => self.answer::<NetrJobEnum>(),
            3 => self.answer::<NetrJobGetInfo>(),
            _ => Step::reply(Err(Fault::OPNUM_OUT_OF_RANGE)),
        }
    }

    fn sasec(&mut self, opnum: u16) -> Answer {
        use sasec::{
            SAGetAccountInformation, SAGetNSAccountInformation, SASetAccountInformation,
            SASetNSAccountInformation,
        };
        match opnum {
            0 => self.answer::<SASetAccountInformation>(),
            1 => self.answer::<SASetNSAccountInformation>(),
            2 => self.answer::<SAGetNSAccountInformation>(),
            3 => self.answer::<SAGetAccountInformation>(),
            _ => Step::reply(Err(Fault::OPNUM_OUT_OF_RANGE)),
        }
    }

    fn schrpc(&mut self, opnum: u16) -> Answer {
        match opnum {
            0 => self.answer::<schrpc::SchRpcHighestVersion>(),
            1 => self.answer::<schrpc::SchRpcRegisterTask>(),
            2 => self.answer::<schrpc::SchRpcRetrieveTask>(),
            3 => self.answer::<schrpc::SchRpcCreateFolder>(),
            4 => self.answer::<schrpc::SchRpcSetSecurity>(),
            5 => self.answer::<schrpc::SchRpcGetSecurity>(),
            6 => self.answer::<schrpc::SchRpcEnumFolders>(),
            7 => self.answer::<schrpc::SchRpcEnumTasks>(),
            8 => self.answer::<schrpc::SchRpcEnumInstances>(),
            9 => self.answer::<schrpc::SchRpcGetInstanceInfo>(),
            10 => self.answer::<schrpc::SchRpcStopInstance>(),
            11 => self.answer::<schrpc::SchRpcStop>(),
            12 => self.answer::<schrpc::SchRpcRun>(),
            13 => self.answer::<schrpc::SchRpcDelete>(),
            14 => self.answer::<schrpc::SchRpcRename>(),
            15 => self.answer::<schrpc::SchRpcScheduledRuntimes>(),
            16 => self.answer::<schrpc::SchRpcGetLastRunInfo>(),
            17 => self.answer::<schrpc::SchRpcGetTaskInfo>(),
            18 => self.answer::<schrpc::SchRpcGetNumberOfMissedRuns>(),
            19 => self.answer::<schrpc::SchRpcEnableTask>(),
            _ => Step::reply(Err(Fault::OPNUM_OUT_OF_RANGE)),
        }
    }
}
