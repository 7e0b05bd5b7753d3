//! `sddl` and `access`.

use crate::{
    ok,
    request::{Answer, Request, hex},
};
use serde::Deserialize;
use serde_json::{Value, json};
use wintask::security::{
    AccessMask, Error, GenericMapping, Privileges, SecurityDescriptor, Sid, Token, access_check,
};

pub fn sddl(mut request: Request) -> Answer {
    let (text, bytes) = (request.take::<String>("text")?, request.take_hex("hex")?);
    request.done()?;
    let descriptor = match (text, bytes) {
        (Some(text), None) => text.parse::<SecurityDescriptor>(),
        (None, Some(bytes)) => SecurityDescriptor::from_bytes(&bytes),
        _ => return Err("one of text and hex is needed".to_owned()),
    };
    match descriptor {
        // What has no text or no bytes, such as an alias of an unknown domain, has null in their place.
        Ok(descriptor) => ok(json!({
            "text": descriptor.to_sddl().ok(),
            "hex": descriptor.to_bytes().ok().map(|bytes| hex(&bytes)),
        })),
        Err(error) => Ok(refusal(&error)),
    }
}

/// Who asks, as a request has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Caller {
    user: Sid,
    #[serde(default)]
    groups: Vec<Sid>,
    #[serde(default)]
    privileges: Vec<String>,
}

/// A mask as a number, or as text with `0x`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mask {
    Number(u32),
    Text(String),
}

pub fn access(mut request: Request) -> Answer {
    let descriptor = request.need::<String>("descriptor")?;
    let caller = request.need::<Caller>("token")?;
    let desired = match request.need("desired")? {
        Mask::Number(mask) => Some(mask),
        Mask::Text(text) => text.strip_prefix("0x").and_then(|hex| u32::from_str_radix(hex, 16).ok()),
    };
    let desired = desired.map(AccessMask).ok_or("desired is not a mask")?;
    let mapping = match request.take::<String>("generic_mapping")?.as_deref() {
        None | Some("file") => GenericMapping::FILE,
        Some(other) => return Err(format!("generic_mapping: no mapping is called {other}")),
    };
    request.done()?;
    let descriptor = match descriptor.parse::<SecurityDescriptor>() {
        Ok(descriptor) => descriptor,
        Err(error) => return Ok(refusal(&error)),
    };
    let mut token = Token::new(caller.user);
    for group in caller.groups {
        token = token.with_group(group);
    }
    for name in &caller.privileges {
        token = token.with_privileges(Privileges::from_name(name).unwrap_or_default());
    }
    let answer = access_check(&descriptor, &token, desired, &mapping);
    ok(json!({"granted": format!("{:#010x}", answer.granted.0), "allowed": answer.allowed}))
}

fn refusal(error: &Error) -> Value {
    json!({
        "ok": false,
        "hresult": error.hresult(),
        "offset": error.place().offset(),
        "field": error.place().path(),
        "error": error.to_string(),
    })
}
