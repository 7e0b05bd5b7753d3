//! `taskcache.read`.

use crate::{
    ok,
    request::{Answer, Request, hex},
    shared::finding,
};
use serde_json::{Map, json};
use wintask::taskcache::{Recovered, Values, recover};

pub fn read(mut request: Request) -> Answer {
    let values = Values {
        actions: request.take_hex("actions")?,
        triggers: request.take_hex("triggers")?,
        dynamic_info: request.take_hex("dynamic_info")?,
        sd: request.take_hex("sd")?,
        index: request.take("index")?,
        id: request.take("id")?,
        path: request.take("path")?,
        ..Values::default()
    };
    request.done()?;
    let recovered = recover(&values);
    let Recovered { task, actions, triggers, dynamic_info, id, index, sd, descriptor, findings, .. } =
        &recovered;
    let mut written = Map::new();
    for (name, bytes) in [
        ("actions", actions.as_ref().and_then(|actions| actions.to_bytes().ok())),
        ("triggers", triggers.as_ref().and_then(|triggers| triggers.to_bytes().ok())),
        ("dynamic_info", dynamic_info.as_ref().map(|info| info.to_bytes())),
        ("sd", sd.clone()),
    ] {
        if let Some(bytes) = bytes {
            written.insert(name.to_owned(), hex(&bytes).into());
        }
    }
    ok(json!({
        "value": {
            "actions": actions,
            "triggers": triggers,
            "dynamic_info": dynamic_info,
            "sd": descriptor.as_ref().and_then(|descriptor| descriptor.to_sddl().ok()),
            "index": index,
            "id": id,
            "path": values.path,
        },
        "task": task,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "written": written,
    }))
}
