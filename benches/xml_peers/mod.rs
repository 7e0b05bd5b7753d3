//! A reader of the fields of one definition by serde's derive, and a writer of the events of a text.

#![allow(dead_code, reason = "the fields are read, that is the point")]

use quick_xml::{
    Reader, Writer,
    escape::{partial_escape, resolve_xml_entity},
    events::{BytesText, Event},
};
use serde::Deserialize;

/// What is to be written: markup, or a value that is not escaped yet.
pub enum Piece {
    Markup(Event<'static>),
    Value(String),
}

/// The pieces of a text.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut reader = Reader::from_str(text);
    let (mut pieces, mut value) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("good XML") {
            Event::Text(text) => value += &text.into_inner(),
            Event::GeneralRef(name) => {
                value += resolve_xml_entity(&name.into_inner()).expect("one of the five")
            }
            event => {
                let value = std::mem::take(&mut value);
                if value.trim().is_empty() {
                    pieces.push(Piece::Markup(Event::Text(BytesText::from_escaped(value))));
                } else {
                    pieces.push(Piece::Value(value));
                }
                if matches!(event, Event::Eof) {
                    return pieces;
                }
                pieces.push(Piece::Markup(event.into_owned()));
            }
        }
    }
}

/// Writes them.
pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::with_capacity(4096));
    for piece in pieces {
        let event = match piece {
            Piece::Markup(event) => event.borrow(),
            Piece::Value(text) => Event::Text(BytesText::from_escaped(partial_escape(text.as_str()))),
        };
        writer.write_event(event).expect("memory does not fail");
    }
    writer.into_inner()
}

/// ASCII as UTF-16LE.
pub fn widened(text: &[u8], bom: bool) -> Vec<u8> {
    assert!(text.is_ascii());
    let mut out = Vec::with_capacity(2 + 2 * text.len());
    if bom {
        out.extend_from_slice(&[0xFF, 0xFE]);
    }
    let start = out.len();
    out.resize(start + 2 * text.len(), 0);
    let (units, _) = out.get_mut(start..).expect("as long").as_chunks_mut::<2>();
    for (unit, byte) in units.iter_mut().zip(text) {
        *unit = [*byte, 0];
    }
    out
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Task {
    #[serde(rename = "@version")]
    pub version: Option<String>,
    pub registration_info: Option<RegistrationInfo>,
    pub principals: Option<Principals>,
    pub settings: Option<Settings>,
    pub triggers: Triggers,
    pub actions: Actions,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegistrationInfo {
    #[serde(rename = "URI")]
    pub uri: Option<String>,
    pub security_descriptor: Option<String>,
    pub source: Option<String>,
    pub date: Option<String>,
    pub author: Option<String>,
    pub version: Option<String>,
    pub description: Option<String>,
    pub documentation: Option<String>,
}

#[derive(Deserialize)]
pub struct Principals {
    #[serde(rename = "Principal")]
    pub list: Vec<Principal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Principal {
    #[serde(rename = "@id")]
    pub id: Option<String>,
    pub user_id: Option<String>,
    pub logon_type: Option<String>,
    pub group_id: Option<String>,
    pub run_level: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Settings {
    pub allow_start_on_demand: Option<bool>,
    pub restart_on_failure: Option<RestartOnFailure>,
    pub multiple_instances_policy: Option<String>,
    pub disallow_start_if_on_batteries: Option<bool>,
    pub stop_if_going_on_batteries: Option<bool>,
    pub allow_hard_terminate: Option<bool>,
    pub start_when_available: Option<bool>,
    pub run_only_if_network_available: Option<bool>,
    pub wake_to_run: Option<bool>,
    pub enabled: Option<bool>,
    pub hidden: Option<bool>,
    pub delete_expired_task_after: Option<String>,
    pub idle_settings: Option<IdleSettings>,
    pub execution_time_limit: Option<String>,
    pub priority: Option<u8>,
    pub run_only_if_idle: Option<bool>,
    pub use_unified_scheduling_engine: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RestartOnFailure {
    pub interval: String,
    pub count: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IdleSettings {
    pub duration: Option<String>,
    pub wait_timeout: Option<String>,
    pub stop_on_idle_end: Option<bool>,
    pub restart_on_idle: Option<bool>,
}

#[derive(Deserialize)]
pub struct Triggers {
    #[serde(rename = "$value", default)]
    pub list: Vec<Trigger>,
}

#[derive(Deserialize)]
#[expect(clippy::enum_variant_names, reason = "serde takes the elements' names from the variants")]
pub enum Trigger {
    BootTrigger(TriggerBase),
    RegistrationTrigger(TriggerBase),
    IdleTrigger(TriggerBase),
    TimeTrigger(TriggerBase),
    EventTrigger(TriggerBase),
    LogonTrigger(TriggerBase),
    SessionStateChangeTrigger(TriggerBase),
    CalendarTrigger(TriggerBase),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TriggerBase {
    #[serde(rename = "@id")]
    pub id: Option<String>,
    pub enabled: Option<bool>,
    pub start_boundary: Option<String>,
    pub end_boundary: Option<String>,
    pub repetition: Option<Repetition>,
    pub execution_time_limit: Option<String>,
    pub delay: Option<String>,
    pub random_delay: Option<String>,
    pub user_id: Option<String>,
    pub state_change: Option<String>,
    pub subscription: Option<String>,
    pub schedule_by_day: Option<ScheduleByDay>,
    pub schedule_by_week: Option<ScheduleByWeek>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Repetition {
    pub interval: String,
    pub duration: Option<String>,
    pub stop_at_duration_end: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleByDay {
    pub days_interval: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleByWeek {
    pub weeks_interval: Option<u8>,
    pub days_of_week: Option<Days>,
}

#[derive(Deserialize)]
pub struct Days {
    #[serde(rename = "$value", default)]
    pub list: Vec<Day>,
}

#[derive(Deserialize)]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Deserialize)]
pub struct Actions {
    #[serde(rename = "@Context")]
    pub context: Option<String>,
    #[serde(rename = "$value", default)]
    pub list: Vec<Action>,
}

#[derive(Deserialize)]
pub enum Action {
    Exec(Exec),
    ComHandler(ComHandler),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Exec {
    #[serde(rename = "@id")]
    pub id: Option<String>,
    pub command: String,
    pub arguments: Option<String>,
    pub working_directory: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ComHandler {
    pub class_id: String,
    pub data: Option<String>,
}
