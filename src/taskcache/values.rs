//! The values of a task, and how they are read.

use super::{
    actions::RawAction,
    dynamic::RawDynamicInfo,
    error::{Error, ErrorKind},
    exact::{Cut, RawActions, RawTriggers},
    finding::{FindingKind, Findings},
    from_actions, from_bucket, from_triggers,
    notes::Notes,
    triggers::RawTrigger,
    value::{Hash, Index},
};
use crate::definition::{Data, RegistrationInfo, SchemaVersion, Task};
#[cfg(feature = "security")]
use crate::security::SecurityDescriptor;
use uuid::Uuid;

/// The registry values of one task; an absent value is `None` (EVIDENCE.md CACHE-01).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Values {
    /// `Actions` of the key under `Tasks`.
    pub actions: Option<Vec<u8>>,
    /// `Triggers`.
    pub triggers: Option<Vec<u8>>,
    /// `DynamicInfo`.
    pub dynamic_info: Option<Vec<u8>>,
    /// `Hash`.
    pub hash: Option<Vec<u8>>,
    /// `Schema`: the version of the schema (EVIDENCE.md CACHE-21).
    pub schema: Option<u32>,
    /// `Path`.
    pub path: Option<String>,
    /// `URI`.
    pub uri: Option<String>,
    /// `Author`.
    pub author: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `Documentation`.
    pub documentation: Option<String>,
    /// `Source`.
    pub source: Option<String>,
    /// `Version`.
    pub version: Option<String>,
    /// `SecurityDescriptor`.
    pub security_descriptor: Option<String>,
    /// `Data`.
    pub data: Option<String>,
    /// `Id` of the key under `Tree`, or the name of the key under `Tasks`.
    pub id: Option<String>,
    /// `Index` of the key under `Tree`.
    pub index: Option<u32>,
    /// `SD` of the key under `Tree`.
    pub sd: Option<Vec<u8>>,
}

/// The readable part of a task's values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Recovered {
    /// The definition.
    pub task: Task,
    /// The exact layer of Actions.
    pub actions: Option<RawActions>,
    /// The exact layer of Triggers.
    pub triggers: Option<RawTriggers>,
    /// The exact layer of DynamicInfo.
    pub dynamic_info: Option<RawDynamicInfo>,
    /// The integrity hash of the file.
    pub hash: Option<Hash>,
    /// The task's identifier.
    pub id: Option<Uuid>,
    /// The key that lists the task.
    pub index: Option<Index>,
    /// The exact layer of SD: its bytes, whose parts may be in any order.
    pub sd: Option<Vec<u8>>,
    /// The decoded SD.
    #[cfg(feature = "security")]
    pub descriptor: Option<SecurityDescriptor>,
    /// All findings.
    pub findings: Findings,
}

/// Reads a task's values as a definition.
///
/// # Errors
/// The first violation of a layout: a field that runs past the end of its value, an action or trigger of an unknown
/// kind, a DynamicInfo of the wrong size, an Id that is not a GUID, or an invalid SD.
pub fn read(values: &Values) -> Result<Recovered, Error> {
    let (recovered, violation) = all(values);
    violation.map_or(Ok(recovered), Err)
}

/// Reads as much of a task's values as possible, and reports everything else.
///
/// ```
/// use wintask::taskcache::{Values, recover};
///
/// // The value ends within the command.
/// let actions = b"\x03\0\0\0\0\0\x66\x66\0\0\0\0\x0A\0\0\0c\0m\0d\0".to_vec();
/// let recovered = recover(&Values { actions: Some(actions), index: Some(0), ..Values::default() });
/// let found: Vec<_> = recovered.findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(found, ["taskcache.truncated", "taskcache.index"]);
/// ```
#[must_use]
pub fn recover(values: &Values) -> Recovered {
    all(values).0
}

fn all(values: &Values) -> (Recovered, Option<Error>) {
    let mut notes = Notes::default();
    let mut task = Task::default();
    let actions = values.actions.as_deref().map(|bytes| {
        let partial = RawActions::partial(bytes);
        partial.stop.iter().for_each(|error| notes.violation(error.clone()));
        let value = &partial.value;
        if !value.is_cut && !matches!(value.head.version, 1..=3) {
            notes.push("Actions.Version", FindingKind::Version(value.head.version.into()));
        }
        of_actions(value, partial.cut(), &mut task, &mut notes);
        partial.value
    });
    let triggers = values.triggers.as_deref().map(|bytes| {
        let partial = RawTriggers::partial(bytes);
        partial.stop.iter().for_each(|error| notes.violation(error.clone()));
        let value = &partial.value;
        let version = value.head.version.value;
        if !value.is_cut && !matches!(version, 0x15..=0x17) {
            notes.push("Triggers.Version", FindingKind::Version(version.into()));
        }
        of_triggers(value, partial.cut(), &mut task, &mut notes);
        partial.value
    });
    let dynamic_info = values.dynamic_info.as_deref().map(|bytes| {
        RawDynamicInfo::parse(bytes).unwrap_or_else(|error| {
            notes.violation(error);
            RawDynamicInfo::recover(bytes)
        })
    });
    if let Some(RawDynamicInfo { info, is_cut: false, .. }) = &dynamic_info
        && info.version != 3
    {
        notes.push("DynamicInfo.Version", FindingKind::Version(info.version));
    }
    let hash = values.hash.as_deref().map(Hash::from_bytes);
    if let Some(Hash::Other(bytes)) = &hash {
        notes.invalid(ErrorKind::Size { expected: "4 or 32", found: bytes.len() }, "Hash");
    }
    of_texts(values, &mut task, &mut notes);
    let id = values.id.as_deref().and_then(|text| {
        let id = Uuid::try_parse(text).ok();
        if id.is_none() {
            notes.invalid(ErrorKind::NotGuid(text.to_owned()), "Id");
        }
        id
    });
    let index = values.index.map(Index);
    if let Some(index) = index.filter(|index| !matches!(index.0, 1..=4)) {
        notes.push("Index", FindingKind::Index(index));
    }
    let recovered = Recovered {
        task,
        actions,
        triggers,
        dynamic_info,
        hash,
        id,
        index,
        sd: values.sd.clone(),
        #[cfg(feature = "security")]
        descriptor: descriptor(values.sd.as_deref(), &mut notes),
        findings: Findings::default(),
    };
    (Recovered { findings: notes.findings, ..recovered }, notes.violation)
}

/// Interprets the actions; `cut` is the readable part of the last one.
pub(super) fn of_actions(raw: &RawActions, cut: Cut<'_, RawAction>, task: &mut Task, notes: &mut Notes) {
    task.actions = from_actions::actions(raw, cut, notes);
}

/// Interprets the triggers and the settings before them. The principal's identifier may come from the actions.
pub(super) fn of_triggers(raw: &RawTriggers, cut: Cut<'_, RawTrigger>, task: &mut Task, notes: &mut Notes) {
    // A value may end before its first trigger.
    let stop = cut.stop.filter(|_| raw.is_cut);
    notes.within_cut("Triggers", None, stop, |notes| {
        let context = task.actions.context.as_deref();
        task.principals = from_bucket::principal(&raw.bucket, context, notes).into_iter().collect();
        task.settings = from_bucket::settings(&raw.bucket, notes);
    });
    task.triggers = from_triggers::triggers(raw, cut, notes);
}

/// Interprets the other values of the definition.
pub(super) fn of_texts(values: &Values, task: &mut Task, notes: &mut Notes) {
    task.version = values.schema.map(of_schema);
    task.registration_info = registration_info(values, notes);
    task.data = values.data.as_deref().map(Data::from_text);
}

/// The version that the value Schema states.
pub(super) fn of_schema(schema: u32) -> SchemaVersion {
    SchemaVersion::new(schema >> 16, schema & 0xFFFF)
}

#[cfg(feature = "security")]
fn descriptor(sd: Option<&[u8]>, notes: &mut Notes) -> Option<SecurityDescriptor> {
    match SecurityDescriptor::from_bytes(sd?) {
        Ok(descriptor) => Some(descriptor),
        Err(error) => {
            notes.invalid(ErrorKind::Descriptor(error.to_string()), "SD");
            None
        }
    }
}

fn registration_info(values: &Values, notes: &mut Notes) -> RegistrationInfo {
    let date = values.date.as_deref().and_then(|text| {
        let date = text.parse().ok();
        if date.is_none() {
            notes.push("Date", FindingKind::Text(text.to_owned(), "date"));
        }
        date
    });
    RegistrationInfo {
        uri: values.uri.clone(),
        security_descriptor: values.security_descriptor.clone(),
        source: values.source.clone(),
        date,
        author: values.author.clone(),
        version: values.version.clone(),
        description: values.description.clone(),
        documentation: values.documentation.clone(),
        ..RegistrationInfo::default()
    }
}
