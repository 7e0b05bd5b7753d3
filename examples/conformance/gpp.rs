//! `gpp.read`.

use crate::{
    ok,
    request::{Answer, Request, hex},
    schedule::local,
    shared::finding,
    xml as documents,
};
use serde_json::{Value, json};
use wintask::gpp::{Context, Item, ScheduledTasks, recover, to_task};

pub fn read(mut request: Request) -> Answer {
    let bytes = request.need_hex("hex")?;
    let mut context = Context::default().with_profile(documents::profile(&mut request)?);
    context.now = local(&mut request, "now")?;
    request.done()?;
    let recovered = recover(&bytes);
    // What can be read strictly is written back unchanged; otherwise, what was recovered is written.
    let policy = ScheduledTasks::read(&bytes).ok().or(recovered.policy);
    let Some(policy) = policy else {
        let first = recovered.findings.iter().next().map(ToString::to_string);
        let error = first.unwrap_or_else(|| "not a file of scheduled tasks".to_owned());
        let findings: Vec<_> = recovered.findings.iter().map(finding).collect();
        return Ok(json!({"ok": false, "error": error, "findings": findings}));
    };
    ok(json!({
        "disabled": policy.is_disabled(),
        "items": policy.items().map(|item| of_item(&item, &context)).collect::<Result<Vec<_>, _>>()?,
        "findings": recovered.findings.iter().map(finding).collect::<Vec<_>>(),
        "written": hex(&policy.to_bytes()),
    }))
}

/// What the item states, and its task with what is lost or assumed.
fn of_item(item: &Item<'_>, context: &Context<'_>) -> Result<Value, String> {
    let mut value = serde_json::to_value(item).map_err(|error| error.to_string())?;
    match to_task(item, context) {
        Ok(converted) => {
            value["task"] = serde_json::to_value(&converted.value).map_err(|error| error.to_string())?;
            value["losses"] = converted.losses.iter().map(finding).collect();
        }
        Err(error) => value["no_task"] = error.to_string().into(),
    }
    Ok(value)
}
