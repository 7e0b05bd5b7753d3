//! `SchRpcHighestVersion` and `SchRpcRetrieveTask` ([MS-TSCH] 3.2.5.4.1, 3.2.5.4.3).

use super::{
    access, lookup,
    method::{Change, method},
};
use crate::{
    dtyp::HResult,
    parameters::localize,
    rpc::schrpc::{
        SchRpcHighestVersion, SchRpcHighestVersionResponse as Version, SchRpcRetrieveTask,
        SchRpcRetrieveTaskResponse as Retrieved,
    },
    scheduler::{context::Context, state::State},
    xml::{Form, write_text},
};

method! {
    SchRpcHighestVersion => highest_version;
    SchRpcRetrieveTask => retrieve;
}

fn highest_version(
    _: &SchRpcHighestVersion,
    state: &State,
    _: &Context<'_>,
) -> Result<Change<Version>, HResult> {
    let highest = state.options.server_version;
    let version = highest.major() << 16 | highest.minor() & 0xFFFF;
    Ok(Change::none(Version { version, status: HResult::S_OK }))
}

fn retrieve(
    request: &SchRpcRetrieveTask,
    state: &State,
    context: &Context<'_>,
) -> Result<Change<Retrieved>, HResult> {
    let (id, entry) = lookup::task(state, &request.path)?;
    if !access::reads(state.tree.task_descriptor(id), &context.caller) {
        return Err(HResult::E_ACCESSDENIED);
    }
    let mut task = entry.task();
    if let Some(resources) = context.resources {
        // The parameter cannot be NULL on the wire; an empty list requests no language.
        let languages = request.languages_buffer.to_string();
        let languages: Vec<_> = languages.split('\\').filter(|language| !language.is_empty()).collect();
        task = localize(&task, &languages, |reference, language| resources.text(reference, language));
    }
    let form = if state.options.is_windows() { Form::Server } else { Form::Utf8 };
    let xml = write_text(&task, form).map_err(|_| HResult::E_UNEXPECTED)?;
    Ok(Change::none(Retrieved { xml: Some(xml.as_str().into()), status: HResult::S_OK }))
}
