//! `job.read`.

use crate::{
    ok,
    request::{Answer, Request, hex},
    shared::finding,
};
use serde_json::{Value, json};
use wintask::job::{Error, Job, RawJob, Recovered, RecoveredTrigger, recover};

pub fn read(mut request: Request) -> Answer {
    let bytes = request.need_hex("hex")?;
    let forgiving = request.take("recover")?.unwrap_or(false);
    request.done()?;
    let recovered = recover(&bytes);
    let job = match Job::parse(&bytes) {
        Ok(job) => serde_json::to_value(job).map_err(|e| e.to_string())?,
        Err(_) if forgiving => fields(&recovered)?,
        Err(error) => return Ok(refusal(&error)),
    };
    // A file whose parts can be read is written back unchanged; otherwise the recovered job is written.
    let exact = RawJob::parse(&bytes).ok().and_then(|raw| raw.to_bytes().ok());
    let written = exact.or_else(|| recovered.job()?.to_bytes().ok());
    ok(json!({
        "job": job,
        "findings": recovered.findings.iter().map(finding).collect::<Vec<_>>(),
        "written": written.map(|bytes| hex(&bytes)),
    }))
}

/// The answer of Windows to a file that it rejects.
pub fn refusal(error: &Error) -> Value {
    json!({
        "ok": false,
        "hresult": error.hresult(),
        "offset": error.place().offset(),
        "field": error.place().path(),
        "error": error.to_string(),
    })
}

/// The fields that could be read, under the names they have in a whole job; what was lost is not there.
fn fields(recovered: &Recovered) -> Answer {
    if let Some(job) = recovered.job() {
        return serde_json::to_value(job).map_err(|e| e.to_string());
    }
    let mut found = serde_json::Map::new();
    if let Value::Object(header) = serde_json::to_value(recovered.fixed).map_err(|e| e.to_string())? {
        for (name, value) in header {
            match name.as_str() {
                "job_uuid" => found.insert("uuid".to_owned(), value),
                _ => found.insert(name, value),
            };
        }
    }
    for (name, part) in [
        ("application_name", &recovered.application_name),
        ("parameters", &recovered.parameters),
        ("working_directory", &recovered.working_directory),
        ("author", &recovered.author),
        ("comment", &recovered.comment),
    ] {
        if let Some(part) = part {
            found.insert(name.to_owned(), json!(part.value));
        }
    }
    let triggers: Vec<_> = recovered.triggers.iter().filter_map(RecoveredTrigger::trigger).collect();
    found.insert("triggers".to_owned(), json!(triggers));
    Ok(found.into())
}
