//! Events.

use super::{
    error::{Error, ErrorKind, Raw, check_size, shown},
    plain,
    system::{self, System},
    tree::{Builder, Tree},
    value::{Type, Value},
};
use crate::{
    dtyp::FileTime,
    limits,
    markup::{
        Text,
        pieces::{Bounds, Piece, Pieces},
    },
};
use std::{fmt, str::FromStr};

/// An event of the event log ([MS-EVEN6] 2.2.13), parsed from XML or built from typed fields.
///
/// Element names have no prefixes, and queries ignore namespaces.
///
/// ```
/// use wintask::eventlog::{Event, System, Value};
///
/// let event: Event = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>\
///      <System><Provider Name='Microsoft-Windows-TaskScheduler'/><EventID>106</EventID>\
///      <Channel>Microsoft-Windows-TaskScheduler/Operational</Channel></System>\
///      <EventData><Data Name='TaskName'>\\Example</Data></EventData></Event>".parse()?;
/// assert_eq!(event.id(), Some(106));
/// assert_eq!(event.data("TaskName"), Some(r"\Example"));
///
/// let system = System { channel: Some("Security".into()), ..System::new("Microsoft-Windows-Security-Auditing", 4624) };
/// let event = Event::new(&system, [("LogonType", Value::Unsigned(2))]);
/// assert_eq!(event.to_string().parse::<Event>()?.data("LogonType"), Some("2"));
/// # Ok::<(), wintask::eventlog::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Event {
    pub(super) tree: Tree,
}

impl Event {
    /// Builds an event with these fields in `System` and these values in `EventData`. An empty name creates a `Data`
    /// without the attribute `Name`.
    pub fn new<'n>(system: &System, data: impl IntoIterator<Item = (&'n str, Value)>) -> Self {
        Self::with_template(system, "", data)
    }

    /// Builds an event whose `EventData` has the name of the event's template.
    pub fn with_template<'n>(
        system: &System,
        template: &str,
        data: impl IntoIterator<Item = (&'n str, Value)>,
    ) -> Self {
        let mut builder = Builder::new(32, 1024);
        builder.open("Event", Type::Unknown);
        system.build(&mut builder);
        builder.open("EventData", Type::Unknown);
        if !template.is_empty() {
            builder.attribute("Name", template, Type::Unknown);
        }
        for (name, value) in data {
            builder.open("Data", value.ty());
            if !name.is_empty() {
                builder.attribute("Name", name, Type::Unknown);
            }
            builder.text(&value.to_string());
            builder.close();
        }
        Self { tree: builder.finish() }
    }

    /// Builds an event with these fields in `System`, and one element with these children in `UserData`.
    pub fn with_user_data<'n>(
        system: &System,
        element: &str,
        children: impl IntoIterator<Item = (&'n str, Value)>,
    ) -> Self {
        let mut builder = Builder::new(32, 1024);
        builder.open("Event", Type::Unknown);
        system.build(&mut builder);
        builder.open("UserData", Type::Unknown);
        builder.open(element, Type::Unknown);
        for (name, value) in children {
            builder.open(name, value.ty());
            builder.text(&value.to_string());
            builder.close();
        }
        Self { tree: builder.finish() }
    }

    /// Parses an event from XML bytes ([MS-EVEN6] 2.2.13): UTF-8 or UTF-16, with or without a byte order mark. For a
    /// file with several events, use [`events`](super::events()).
    ///
    /// # Errors
    ///
    /// Undecodable bytes, and the errors of [`Event::from_xml`]. The location refers to the bytes.
    ///
    /// ```
    /// use wintask::eventlog::Event;
    ///
    /// let text = "<Event><System><EventID>106</EventID></System></Event>";
    /// let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    /// assert_eq!(Event::parse(&utf16)?, Event::parse(text.as_bytes())?);
    /// # Ok::<(), wintask::eventlog::Error>(())
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let decoded = Text::decode(bytes);
        let text = &*decoded.text;
        let read = match decoded.undecodable {
            Some(at) => Err(Raw::new(ErrorKind::Xml("the text cannot be decoded".to_owned()), at)),
            None => read(text),
        };
        read.map_err(|raw| {
            let error = raw.locate(text, "Event");
            let at = decoded.byte_offset(error.place().offset().unwrap_or_default());
            let (kind, place) = error.into_parts();
            Error::new(kind, place.with_offset(at))
        })
    }

    /// Parses an event from its XML ([MS-EVEN6] 2.2.13).
    ///
    /// # Errors
    ///
    /// Malformed XML, nesting deeper than [`EVENT_XML_DEPTH`](limits::EVENT_XML_DEPTH), or a root element other than
    /// `Event`.
    pub fn from_xml(text: &str) -> Result<Self, Error> {
        read(text).map_err(|raw| raw.locate(text, "Event"))
    }

    /// The fields of `System`. Missing or malformed fields are omitted.
    #[must_use]
    pub fn system(&self) -> System {
        System::read(&self.tree)
    }

    /// The event id: `System/EventID`.
    #[must_use]
    pub fn id(&self) -> Option<u16> {
        self.tree.system_field("EventID", "")?.parse().ok()
    }

    /// The name of the provider: `System/Provider/@Name`.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.tree.system_field("Provider", "Name")
    }

    /// When it was logged: `System/TimeCreated/@SystemTime`.
    #[must_use]
    pub fn time_created(&self) -> Option<FileTime> {
        System::time_created(&self.tree)
    }

    /// The channel: `System/Channel`.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.tree.channel()
    }

    /// The value of the first `Data` with this name in `EventData`.
    #[must_use]
    pub fn data(&self, name: &str) -> Option<&str> {
        self.all_data().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The names and values of `EventData`, in order. The name is empty for a `Data` without one.
    pub fn all_data(&self) -> impl Iterator<Item = (&str, &str)> {
        let tree = &self.tree;
        let data = tree.child(Tree::ROOT, false, "EventData").into_iter();
        data.flat_map(|at| tree.children(at, false, "Data"))
            .map(|at| (tree.child(at, true, "Name").map_or("", |name| tree.text(name)), tree.text(at)))
    }

    /// Whether the event has an element, an attribute or a `Data` with this name: the test of MatchingElement
    /// ([MS-TSCH] 2.5.3.6; EVIDENCE.md EVT-15).
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        !name.is_empty() && (self.all_data().any(|(known, _)| known == name) || self.tree.has_name(name))
    }
}

/// The limits on elements and attributes. The element Execution has seven attributes.
const BOUNDS: Bounds = Bounds { depth: limits::EVENT_XML_DEPTH, attributes: 32 };

/// Reads the text in one pass. The tree has a node for each element and attribute, and stores names and values once.
fn read(text: &str) -> Result<Event, Raw> {
    check_size(text)?;
    if let Some(tree) = plain::read(text) {
        return Ok(Event { tree });
    }
    let mut pieces = Pieces::new(text, BOUNDS);
    // Every node starts with one of these characters; so do end tags.
    let nodes = text.bytes().filter(|b| matches!(b, b'<' | b'=')).count();
    let mut builder = Builder::new(nodes, text.len());
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(tag) => {
                let name = tag.name();
                if builder.depth() == 0 && name != "Event" {
                    let kind = ErrorKind::Misplaced { what: format!("root element {}", shown(name)) };
                    return Err(Raw::new(kind, pieces.at()));
                }
                let types = builder.is_in_system().then(|| system::types(name));
                let ty = |attribute| types.map_or(Type::Unknown, |types| types.of(attribute));
                builder.open(name, ty(""));
                for attribute in tag.attributes() {
                    let (name, value) = attribute?;
                    builder.attribute(name, &value, ty(name));
                }
            }
            Piece::Text(text) if text.contains('\r') => {
                builder.text(&text.replace("\r\n", "\n").replace('\r', "\n"));
            }
            Piece::Text(text) => builder.text(&text),
            Piece::Character(c) => builder.text(c.encode_utf8(&mut [0; 4])),
            Piece::Close => builder.close(),
        }
    }
    Ok(Event { tree: builder.finish() })
}

impl FromStr for Event {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_xml(text)
    }
}

impl fmt::Display for Event {
    /// The event as XML ([MS-EVEN6] 2.2.13), without line breaks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::dtyp::macros::text_serde!(Event);
