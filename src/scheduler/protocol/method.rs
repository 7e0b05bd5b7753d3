//! A method as two functions: a plan, and its commit.

use super::edit::Edit;
use crate::{
    rpc::Call,
    scheduler::{context::Context, effect::Step, random::Random, state::State, work::Work},
};

/// The changes of a call: the reply, and the edits of the state.
#[derive(Clone, Debug)]
#[must_use = "a change takes effect when it is committed"]
pub struct Change<R> {
    reply: R,
    edits: Vec<Edit>,
    /// The state of the random generator, if it was used.
    random: Option<Random>,
}

impl<R> Change<R> {
    /// A reply without edits.
    pub(super) fn none(reply: R) -> Self {
        Self { reply, edits: Vec::new(), random: None }
    }

    /// A reply with a single edit.
    pub(super) fn one(reply: R, edit: Edit) -> Self {
        Self::all(reply, vec![edit])
    }

    pub(super) fn all(reply: R, edits: Vec<Edit>) -> Self {
        Self { reply, edits, random: None }
    }

    pub(super) fn with_random(self, random: Random) -> Self {
        Self { random: Some(random), ..self }
    }

    /// The reply for the caller, once the change is committed.
    #[must_use]
    pub fn reply(&self) -> &R {
        &self.reply
    }
}

/// A method of one of the interfaces, as a request that the scheduler processes.
///
/// ```
/// use time::{UtcOffset, macros::datetime};
/// use wintask::{HResult, rpc::schrpc::SchRpcCreateFolder};
/// use wintask::scheduler::{Context, Machine, Method, NoAccounts, Options, State};
///
/// let mut state = State::new(Options::default(), 1);
/// let machine = Machine::default();
/// let context = Context::new(datetime!(2024-05-15 10:00 UTC), &UtcOffset::UTC, &machine, &NoAccounts);
/// let request = SchRpcCreateFolder { path: r"\Example".into(), sddl: None, flags: 0 };
///
/// let step = state.call(&context, &request);
/// assert_eq!(step.reply.status, HResult::S_OK);
/// assert_eq!(step.effects.len(), 1); // the folder is to be written
///
/// // A rejected call leaves the state unchanged: there is no change to commit.
/// let refusal = request.plan(&state, &context).unwrap_err();
/// assert_eq!(refusal.status, HResult(0x800700B7));
/// ```
pub trait Method: Call {
    /// Computes the changes of the call.
    ///
    /// # Errors
    /// The reply of a rejected call. Its status is the reason, and nothing changes.
    fn plan(&self, state: &State, context: &Context<'_>) -> Result<Change<Self::Response>, Self::Response>;
}

impl State {
    /// Processes a call.
    pub fn call<M: Method>(&mut self, context: &Context<'_>, request: &M) -> Step<M::Response> {
        match request.plan(self, context) {
            Ok(change) => self.commit(context, change),
            Err(refusal) => Step::reply(refusal),
        }
    }

    /// Commits a change that was planned on the same state, in the same context.
    pub fn commit<R>(&mut self, context: &Context<'_>, change: Change<R>) -> Step<R> {
        let mut work = Work::new(self, context);
        if let Some(random) = change.random {
            work.state.random = random;
        }
        for edit in change.edits {
            edit.commit(&mut work);
        }
        work.finish(change.reply)
    }
}

/// Implements [`Method`] with a function that returns a status to reject the call.
macro_rules! method {
    ($($request:ident => $plan:path;)*) => {$(
        impl $crate::scheduler::Method for $request {
            fn plan(
                &self,
                state: &$crate::scheduler::State,
                context: &$crate::scheduler::Context<'_>,
            ) -> Result<$crate::scheduler::Change<Self::Response>, Self::Response> {
                $plan(self, state, context).map_err(|status| $crate::rpc::Call::failure(self, status))
            }
        }
    )*};
}
pub(super) use method;
