//! `xml.read` and `xml.write`.

use crate::{
    hex::unhex,
    ok,
    request::{Answer, Request, hex},
    shared::finding,
};
use serde_json::{Value, json};
use wintask::{
    Profile,
    definition::Task,
    xml::{self, Error, Form, Options, Recovered},
};

pub fn read(mut request: Request) -> Answer {
    let input = Input::take(&mut request)?;
    let recover = request.take("recover")?.unwrap_or(false);
    request.done()?;
    match input.read() {
        _ if recover => {
            let Recovered { task, findings, .. } = input.recover();
            let task = serde_json::to_value(task).map_err(|e| e.to_string())?;
            ok(json!({"task": task, "findings": findings.iter().map(finding).collect::<Vec<_>>()}))
        }
        Ok(task) => ok(json!({
            "task": serde_json::to_value(task).map_err(|e| e.to_string())?,
            "findings": input.recover().findings.iter().map(finding).collect::<Vec<_>>(),
        })),
        Err(error) => Ok(refusal(&error)),
    }
}

pub fn write(mut request: Request) -> Answer {
    let input = Input::take(&mut request)?;
    let form = match request.need::<String>("form")?.as_str() {
        "file" => Form::File,
        "server" => Form::Server,
        "client" => Form::Client,
        "utf8" => Form::Utf8,
        other => return Err(format!("form: no form is called {other}")),
    };
    request.done()?;
    match input.read() {
        Ok(task) => ok(json!({"hex": hex(&xml::write(&task, form).map_err(|e| e.to_string())?)})),
        Err(error) => Ok(refusal(&error)),
    }
}

/// A definition and how to read it.
pub struct Input {
    document: Document,
    options: Options,
}

enum Document {
    File(Vec<u8>),
    Text(String),
}

impl Input {
    fn take(request: &mut Request) -> Result<Self, String> {
        let document = match (request.take_hex("hex")?, request.take("text")?) {
            (Some(bytes), None) => Document::File(bytes),
            (None, Some(text)) => Document::Text(text),
            _ => return Err("one of hex and text is needed".to_owned()),
        };
        let mut options = Options::default().with_profile(profile(request)?);
        if let Some(version) = request.take::<String>("highest_version")? {
            options.highest_version = version.parse().map_err(|e| format!("highest_version: {e}"))?;
        }
        Ok(Self { document, options })
    }

    fn read(&self) -> Result<Task, Error> {
        match &self.document {
            Document::File(bytes) => xml::read(bytes, &self.options),
            Document::Text(text) => xml::read_text(text, &self.options),
        }
    }

    fn recover(&self) -> Recovered {
        match &self.document {
            Document::File(bytes) => xml::recover(bytes, &self.options),
            Document::Text(text) => xml::recover_text(text, &self.options),
        }
    }
}

/// A definition as text, or as a file's bytes in hex.
pub fn read_any(text: &str, profile: Profile) -> Result<Task, Error> {
    let options = Options::default().with_profile(profile);
    match unhex(text) {
        Some(bytes) => xml::read(&bytes, &options),
        None => xml::read_text(text, &options),
    }
}

/// The profile that a request asks for.
pub fn profile(request: &mut Request) -> Result<Profile, String> {
    match request.take::<String>("profile")?.as_deref() {
        None | Some("windows") => Ok(Profile::Windows),
        Some("specification") => Ok(Profile::Specification),
        Some(other) => Err(format!("profile: no profile is called {other}")),
    }
}

/// The answer of Windows to a definition that it rejects.
pub fn refusal(error: &Error) -> Value {
    let info = &error.kind().info;
    json!({
        "ok": false,
        "hresult": error.hresult(),
        "line": info.line,
        "column": info.column,
        "node": info.node,
        "value": info.value,
        "error": error.to_string(),
    })
}
