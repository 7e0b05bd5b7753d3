//! `SchRpcRun` ([MS-TSCH] 3.2.5.4.13; EVIDENCE.md ENGINE-10, ENGINE-23).

use super::{
    access,
    edit::Edit,
    lookup,
    method::{Change, method},
    security,
};
use crate::{
    definition::MultipleInstancesPolicy,
    dtyp::{HResult, Win32Error},
    limits,
    ndr::Counted,
    parameters::Parameters,
    rpc::schrpc::{RunFlags, SchRpcRun, SchRpcRunResponse as Run},
    scheduler::{
        context::{Context, Session},
        instance::{Cause, CauseKind},
        run::{account, admit},
        state::State,
        store::entry::Traits,
        work::win32,
    },
    security::{AccessMask, Sid},
};

method! {
    SchRpcRun => run;
}

fn run(request: &SchRpcRun, state: &State, context: &Context<'_>) -> Result<Change<Run>, HResult> {
    if !request.flags.undefined().is_empty() {
        return Err(HResult::E_INVALIDARG);
    }
    let (id, entry) = lookup::task(state, &request.path)?;
    let (descriptor, caller) = (state.tree.task_descriptor(id), &context.caller);
    let may = access::reads(descriptor, caller)
        && access::has_or_administers(state, descriptor, caller, AccessMask::FILE_EXECUTE);
    if !may {
        return Err(HResult::E_ACCESSDENIED);
    }
    let task = entry.task();
    if !task.effective(state.options.profile).allow_start_on_demand.value {
        return Err(HResult::SCHED_E_START_ON_DEMAND);
    }
    if !entry.traits.has(Traits::ENABLED) {
        return Err(HResult::SCHED_E_TASK_DISABLED);
    }
    if matches!(request.args, Counted::Null { count } if count != 0) {
        return Err(HResult::RPC_E_INVALID_PARAMETER);
    }
    let arguments = request.args.as_slice();
    if arguments.len() > limits::RUN_ARGUMENTS {
        return Err(HResult::E_INVALIDARG);
    }
    let as_self = request.flags.contains(RunFlags::AS_SELF);
    let registered = security::principal(state, context, id);
    if !caller.administrator && !as_self && registered != Some(caller.token.user) {
        return Err(HResult::E_INVALIDARG);
    }
    let user = user(request, context)?;
    let session = session(request, context)?;
    if !caller.administrator {
        // A user cannot run a task as another user, which would require a password (3.2.5.1.1), nor in another user's
        // session.
        let other = |sid: Sid| sid != caller.token.user;
        if user.is_some_and(other) || session.is_some_and(|session| other(session.sid)) {
            return Err(HResult::E_INVALIDARG);
        }
    }
    let mut random = state.random;
    let guid = random.uuid();
    let mut cause = Cause::new(CauseKind::Demand, None);
    cause.subject = Some((caller.token.user, caller.name.clone()));
    // The stated user takes precedence, then the caller, then the session's user, then the task's own.
    let own = as_self.then_some(caller.token.user);
    cause.run_as = user.or(own).or(session.map(|session| session.sid));
    cause.session = session.map(|session| session.id);
    cause.ignore_conditions = request.flags.contains(RunFlags::IGNORE_CONSTRAINTS);
    cause.instance = Some(guid);
    let texts = arguments.iter().map(|text| text.as_ref().map(ToString::to_string).unwrap_or_default());
    cause.parameters = Parameters::new().with_arguments(texts);
    let ignored = admit::is_busy(state, id)
        && task.effective(state.options.profile).multiple_instances_policy.value
            == MultipleInstancesPolicy::IgnoreNew;
    let nobody = !ignored && account::runs_as(state, context, id, &task, &cause).is_err();
    let reply = Run { guid, status: if nobody { HResult::S_FALSE } else { HResult::S_OK } };
    Ok(Change::one(reply, Edit::Run(id, Box::new(cause))).with_random(random))
}

/// The user stated in the call.
fn user(request: &SchRpcRun, context: &Context<'_>) -> Result<Option<Sid>, HResult> {
    let Some(user) = request.user.as_ref().filter(|user| !user.is_empty()) else { return Ok(None) };
    let text = user.to_text().map_err(|_| HResult::E_INVALIDARG)?;
    if request.flags.contains(RunFlags::USER_SID) {
        return text.parse().map(Some).map_err(|_| HResult::E_INVALIDARG);
    }
    account::resolve_name(context, &text).map(Some).ok_or(win32(Win32Error::NONE_MAPPED))
}

/// The session stated in the call.
fn session<'m>(request: &SchRpcRun, context: &Context<'m>) -> Result<Option<&'m Session>, HResult> {
    if !request.flags.contains(RunFlags::USE_SESSION_ID) {
        return Ok(None);
    }
    context.machine.session(request.session_id).map(Some).ok_or(HResult::E_INVALIDARG)
}
