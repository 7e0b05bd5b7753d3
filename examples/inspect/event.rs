//! Events.

use crate::report::{Content, Next, Report, Summary as Lines};
use serde::Serialize;
use std::collections::BTreeMap;
use wintask::{
    eventlog::{Event, System, task_scheduler},
    finding::AnyFindings,
};

/// An event as an object.
#[derive(Serialize)]
pub struct Summary<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    id: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    computer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    data: BTreeMap<&'a str, &'a str>,
}

impl<'a> Summary<'a> {
    pub fn of(event: &'a Event) -> Self {
        let System { provider, event_id, time_created, channel, computer, .. } = event.system();
        Self {
            provider,
            id: event_id,
            time: time_created.map(|time| time.to_string()),
            channel,
            computer,
            message: task_scheduler::message(event),
            data: event.all_data().collect(),
        }
    }
}

pub fn report(event: &Event) -> Report<'_> {
    let number = event.id().map_or_else(String::new, |id| format!(" {id}"));
    let provider = event.provider().map_or_else(String::new, |provider| format!(" of {provider}"));
    Report {
        title: format!("event{number}{provider}"),
        size: 0,
        line: None,
        offset: None,
        name: None,
        content: Content::Event(event),
        next: Next::default(),
        findings: AnyFindings::new(),
    }
}

pub fn summary(event: &Event, out: &mut Lines) {
    let Summary { time, channel, computer, message, data, .. } = Summary::of(event);
    out.maybe("logged", time);
    out.maybe("in", channel);
    out.maybe("on", computer);
    out.maybe("message", message);
    // A definition in an event is shown separately.
    for (name, value) in data.into_iter().filter(|(name, _)| !name.starts_with("TaskContent")) {
        out.line(if name.is_empty() { "data" } else { name }, value);
    }
}
