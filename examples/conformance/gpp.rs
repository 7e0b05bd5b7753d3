//! `gpp.read`.

use crate::{
    ok,
    request::{Answer, Request, hex},
    shared::finding,
};
use serde_json::json;
use wintask::gpp::{ScheduledTasks, recover};

pub fn read(mut request: Request) -> Answer {
    let bytes = request.need_hex("hex")?;
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
        "items": serde_json::to_value(&policy).map_err(|e| e.to_string())?,
        "findings": recovered.findings.iter().map(finding).collect::<Vec<_>>(),
        "written": hex(&policy.to_bytes()),
    }))
}
