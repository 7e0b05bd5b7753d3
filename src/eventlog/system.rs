//! The System section of an event.

use super::{
    tree::{Builder, Tree},
    value::{Type, Value, time},
};
use crate::dtyp::FileTime;
use uuid::Uuid;

/// The fields that every event has ([MS-EVEN6] 2.2.13, SystemPropertiesType).
///
/// ```
/// use wintask::eventlog::{Event, System};
///
/// let system = System { level: Some(2), process_id: Some(4), ..System::new("Example", 7) };
/// let event = Event::new(&system, []);
/// assert_eq!(event.system(), system);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct System {
    /// The name of the provider that logged it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub provider: Option<String>,
    /// The GUID of the provider that logged it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub provider_guid: Option<Uuid>,
    /// The event's id, unique within its provider.
    pub event_id: u16,
    /// The high word of a classic event's id.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub qualifiers: Option<u16>,
    /// The version of the event's fields.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub version: Option<u8>,
    /// 0 always, 1 critical, 2 error, 3 warning, 4 information, 5 verbose.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub level: Option<u8>,
    /// The provider's category number for the event.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub task: Option<u16>,
    /// The operation of the provider: 1 start, 2 stop, or a provider-defined number.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub opcode: Option<u8>,
    /// A bit mask of categories.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub keywords: Option<u64>,
    /// When it was logged.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub time_created: Option<FileTime>,
    /// The record number in the log.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub event_record_id: Option<u64>,
    /// The activity that the event belongs to.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub activity_id: Option<Uuid>,
    /// A related activity.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub related_activity_id: Option<Uuid>,
    /// The process that logged it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub process_id: Option<u32>,
    /// The thread that logged it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub thread_id: Option<u32>,
    /// The channel.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub channel: Option<String>,
    /// The name of the computer.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub computer: Option<String>,
    /// The SID of the user for whom it was logged.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub user_id: Option<String>,
}

/// The types of an element's text and attributes.
pub(super) struct Types {
    element: &'static str,
    pub(super) own: Type,
    attributes: &'static [(&'static str, Type)],
}

/// The elements of `System` whose values are not all text.
const TYPES: &[Types] = &[
    Types { element: "Provider", own: Type::Text, attributes: &[("Guid", Type::Guid)] },
    Types { element: "EventID", own: Type::Number, attributes: &[("Qualifiers", Type::Number)] },
    Types { element: "Version", own: Type::Number, attributes: &[] },
    Types { element: "Level", own: Type::Number, attributes: &[] },
    Types { element: "Task", own: Type::Number, attributes: &[] },
    Types { element: "Opcode", own: Type::Number, attributes: &[] },
    Types { element: "Keywords", own: Type::Number, attributes: &[] },
    Types { element: "TimeCreated", own: Type::Text, attributes: &[("SystemTime", Type::Time)] },
    Types { element: "EventRecordID", own: Type::Number, attributes: &[] },
    Types {
        element: "Correlation",
        own: Type::Text,
        attributes: &[("ActivityID", Type::Guid), ("RelatedActivityID", Type::Guid)],
    },
    Types {
        element: "Execution",
        own: Type::Text,
        attributes: &[
            ("ProcessID", Type::Number),
            ("ThreadID", Type::Number),
            ("ProcessorID", Type::Number),
            ("SessionID", Type::Number),
            ("KernelTime", Type::Number),
            ("UserTime", Type::Number),
            ("ProcessorTime", Type::Number),
        ],
    },
    Types { element: "Security", own: Type::Text, attributes: &[("UserID", Type::Sid)] },
];

/// An element with only text.
const TEXT: Types = Types { element: "", own: Type::Text, attributes: &[] };

/// The types for an element of `System`.
pub(super) fn types(element: &str) -> &'static Types {
    TYPES.iter().find(|types| types.element == element).unwrap_or(&TEXT)
}

impl Types {
    /// The type of an attribute, or of the element's own text if the name is empty.
    pub(super) fn of(&self, attribute: &str) -> Type {
        if attribute.is_empty() {
            return self.own;
        }
        self.attributes.iter().find(|(known, _)| *known == attribute).map_or(Type::Text, |(_, ty)| *ty)
    }
}

impl System {
    /// The fields of an event of this provider, without any others.
    #[must_use]
    pub fn new(provider: impl Into<String>, event_id: u16) -> Self {
        Self { provider: Some(provider.into()), event_id, ..Self::default() }
    }

    /// The fields in schema order: element, attribute, value.
    fn fields(&self) -> [(&'static str, &'static str, Option<Value>); 18] {
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        let number = |n: Option<u64>| n.map(Value::Unsigned);
        [
            ("Provider", "Name", text(&self.provider)),
            ("Provider", "Guid", self.provider_guid.map(Value::Guid)),
            ("EventID", "", number(Some(self.event_id.into()))),
            ("EventID", "Qualifiers", number(self.qualifiers.map(u64::from))),
            ("Version", "", number(self.version.map(u64::from))),
            ("Level", "", number(self.level.map(u64::from))),
            ("Task", "", number(self.task.map(u64::from))),
            ("Opcode", "", number(self.opcode.map(u64::from))),
            ("Keywords", "", self.keywords.map(Value::Hex)),
            ("TimeCreated", "SystemTime", self.time_created.map(Value::Time)),
            ("EventRecordID", "", number(self.event_record_id)),
            ("Correlation", "ActivityID", self.activity_id.map(Value::Guid)),
            ("Correlation", "RelatedActivityID", self.related_activity_id.map(Value::Guid)),
            ("Execution", "ProcessID", number(self.process_id.map(u64::from))),
            ("Execution", "ThreadID", number(self.thread_id.map(u64::from))),
            ("Channel", "", text(&self.channel)),
            ("Computer", "", text(&self.computer)),
            ("Security", "UserID", self.user_id.clone().map(Value::Sid)),
        ]
    }

    /// Writes the element `System`.
    pub(super) fn build(&self, builder: &mut Builder) {
        builder.open("System", Type::Unknown);
        for group in self.fields().chunk_by(|a, b| a.0 == b.0) {
            let Some((element, ..)) = group.iter().find(|(.., value)| value.is_some()) else { continue };
            builder.open(element, types(element).own);
            // Attributes come before the text, regardless of table order.
            for (_, attribute, value) in group.iter().filter(|(_, attribute, _)| !attribute.is_empty()) {
                if let Some(value) = value {
                    builder.attribute(attribute, &value.to_string(), value.ty());
                }
            }
            if let Some((_, _, Some(value))) = group.iter().find(|(_, attribute, _)| attribute.is_empty()) {
                builder.text(&value.to_string());
            }
            builder.close();
        }
        builder.close();
    }

    /// Reads when the event was logged.
    pub(super) fn time_created(tree: &Tree) -> Option<FileTime> {
        let ticks = time(tree.system_field("TimeCreated", "SystemTime")?)?;
        u64::try_from(ticks.0).ok().map(FileTime)
    }

    /// Reads the element `System`.
    pub(super) fn read(tree: &Tree) -> Self {
        let field = |element, attribute| tree.system_field(element, attribute);
        let text = |element, attribute| field(element, attribute).map(str::to_owned);
        let number = |element, attribute| natural(field(element, attribute)?);
        let byte = |element| number(element, "").and_then(|n| u8::try_from(n).ok());
        let word = |element, attribute| number(element, attribute).and_then(|n| u16::try_from(n).ok());
        let long = |attribute| number("Execution", attribute).and_then(|n| u32::try_from(n).ok());
        let guid = |element, attribute| Uuid::try_parse(field(element, attribute)?).ok();
        Self {
            provider: text("Provider", "Name"),
            provider_guid: guid("Provider", "Guid"),
            event_id: word("EventID", "").unwrap_or_default(),
            qualifiers: word("EventID", "Qualifiers"),
            version: byte("Version"),
            level: byte("Level"),
            task: word("Task", ""),
            opcode: byte("Opcode"),
            keywords: number("Keywords", ""),
            time_created: Self::time_created(tree),
            event_record_id: number("EventRecordID", ""),
            activity_id: guid("Correlation", "ActivityID"),
            related_activity_id: guid("Correlation", "RelatedActivityID"),
            process_id: long("ProcessID"),
            thread_id: long("ThreadID"),
            channel: text("Channel", ""),
            computer: text("Computer", ""),
            user_id: text("Security", "UserID"),
        }
    }
}

/// Parses decimal digits, or `0x` and hexadecimal digits.
fn natural(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}
