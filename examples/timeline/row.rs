//! A scheduled run as a row.

use crate::{output, runs::Run};
use serde::Serialize;

/// The first row of CSV.
pub const HEAD: &str = "scheduled_local,scheduled_utc,path,task,account,trigger,random_delay,action\n";

/// A scheduled run, and whose it is.
pub struct Row<'a> {
    pub run: Run,
    pub path: &'a str,
    pub task: &'a str,
    pub account: &'a str,
    pub action: &'a str,
}

/// A row as an object: what is not known is absent.
#[derive(Serialize)]
struct Object<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_local: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_utc: Option<&'a str>,
    path: &'a str,
    task: &'a str,
    account: &'a str,
    trigger: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    random_delay: Option<&'a str>,
    action: &'a str,
}

impl Row<'_> {
    pub fn to_json(&self) -> String {
        let Run { local, utc, trigger, random_delay } = &self.run;
        let object = Object {
            scheduled_local: local.as_deref(),
            scheduled_utc: utc.as_deref(),
            path: self.path,
            task: self.task,
            account: self.account,
            trigger: *trigger,
            random_delay: random_delay.as_deref(),
            action: self.action,
        };
        let mut bytes = Vec::new();
        // Nothing fails to be written into memory.
        let _ = output::write_json(&object, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    pub fn to_csv(&self) -> String {
        let Run { local, utc, trigger, random_delay } = &self.run;
        let trigger = trigger.to_string();
        let cells = [
            local.as_deref().unwrap_or_default(),
            utc.as_deref().unwrap_or_default(),
            self.path,
            self.task,
            self.account,
            &trigger,
            random_delay.as_deref().unwrap_or_default(),
            self.action,
        ];
        cells.map(cell).join(",")
    }
}

/// A value as RFC 4180 has it. What a spreadsheet would compute becomes text by an apostrophe.
fn cell(value: &str) -> String {
    let value = output::safe(value);
    let computed = value.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let apostrophe = if computed { "'" } else { "" };
    if value.contains(['"', ',']) {
        format!("\"{apostrophe}{}\"", value.replace('"', "\"\""))
    } else {
        format!("{apostrophe}{value}")
    }
}
