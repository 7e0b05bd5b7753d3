//! A scheduled run as a row.

use crate::{output, runs::Run};
use std::{borrow::Cow, fmt::Write as _};

/// The first row of CSV.
pub const HEAD: &str = "scheduled_local,scheduled_utc,path,task,account,trigger,random_delay,action\n";

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    /// An object a row, in which what is not known is absent.
    Json,
}

/// What the rows of a task have in common: its path in the file system, its own, its account, and what it does.
pub struct Text {
    /// All of it, as it is written.
    text: Box<str>,
    /// Where what it does begins. The trigger and the delay come before that.
    action: usize,
}

impl Text {
    pub fn new(form: Form, [path, task, account, action]: [&str; 4]) -> Self {
        let (mut text, rest) = match form {
            Form::Csv => ([path, task, account].map(cell).join(","), cell(action).into_owned()),
            Form::Json => {
                let [path, task, account, action] = [path, task, account, action].map(string);
                let common = format!(r#""path":{path},"task":{task},"account":{account}"#);
                (common, format!(r#""action":{action}}}"#))
            }
        };
        let action = text.len();
        text += &rest;
        Self { text: text.into(), action }
    }

    /// Its length, without what is different in each row.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds the row of a run.
    pub fn row(&self, form: Form, run: &Run, to: &mut String) {
        let (common, action) = self.text.split_at(self.action);
        let Run { local, utc, trigger, random_delay } = run;
        let [local, utc, delay] = [local, utc, random_delay].map(Option::as_deref);
        // Nothing fails to be written into memory, and neither times nor delays have anything to escape.
        let _ = match form {
            Form::Csv => {
                let [local, utc, delay] = [local, utc, delay].map(Option::unwrap_or_default);
                writeln!(to, "{local},{utc},{common},{trigger},{delay},{action}")
            }
            Form::Json => {
                let field = |to: &mut String, name: &str, value: Option<&str>| {
                    value.map_or(Ok(()), |value| write!(to, r#""{name}":"{value}","#))
                };
                to.push('{');
                field(to, "scheduled_local", local)
                    .and_then(|()| field(to, "scheduled_utc", utc))
                    .and_then(|()| write!(to, r#"{common},"trigger":{trigger},"#))
                    .and_then(|()| field(to, "random_delay", delay))
                    .and_then(|()| writeln!(to, "{action}"))
            }
        };
    }
}

/// A value as JSON.
fn string(value: &str) -> String {
    let mut bytes = Vec::new();
    // Nothing fails to be written into memory.
    let _ = output::write_json(&value, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// A value as RFC 4180 has it. What a spreadsheet would compute becomes text by an apostrophe.
fn cell(value: &str) -> Cow<'_, str> {
    let value = output::safe(value);
    let computed = value.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let apostrophe = if computed { "'" } else { "" };
    if value.contains(['"', ',']) {
        format!("\"{apostrophe}{}\"", value.replace('"', "\"\"")).into()
    } else if computed {
        format!("{apostrophe}{value}").into()
    } else {
        value
    }
}
