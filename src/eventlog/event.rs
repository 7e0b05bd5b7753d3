use super::{
    error::{Error, ErrorKind, Raw},
    markup::{Markup, Piece},
    system::{self, System},
    tree::{Builder, Tree},
};
use crate::dtyp::{FileTime, guid};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// An event of the event log ([MS-EVEN6] 2.2.13): read from its XML, or made of typed fields.
///
/// Names are those of the elements without prefixes; queries take no notice of namespaces.
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

/// A field's value with its type, which decides how a query's constant is compared with it ([MS-EVEN6] 2.2.15.2).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A text.
    Text(String),
    /// A natural number, written in decimal.
    Unsigned(u64),
    /// A natural number, written in hex.
    Hex(u64),
    /// A number with a sign.
    Signed(i64),
    /// A floating-point number.
    Double(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A GUID, written in braces.
    Guid(Uuid),
    /// A security identifier: `S-1-…`.
    Sid(String),
    /// An instant, written with seven digits behind the seconds.
    Time(FileTime),
    /// Bytes, written in hex.
    Binary(Vec<u8>),
}

/// What kind of value a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Text from XML, which does not say what it is.
    Unknown,
    Text,
    Number,
    Boolean,
    Guid,
    Sid,
    Time,
    Binary,
}

impl Value {
    pub(super) fn ty(&self) -> Type {
        match self {
            Self::Text(_) => Type::Text,
            Self::Unsigned(_) | Self::Hex(_) | Self::Signed(_) | Self::Double(_) => Type::Number,
            Self::Boolean(_) => Type::Boolean,
            Self::Guid(_) => Type::Guid,
            Self::Sid(_) => Type::Sid,
            Self::Time(_) => Type::Time,
            Self::Binary(_) => Type::Binary,
        }
    }
}

impl fmt::Display for Value {
    /// The value as event XML has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Sid(text) => f.write_str(text),
            Self::Unsigned(n) => write!(f, "{n}"),
            Self::Hex(n) => write!(f, "{n:#x}"),
            Self::Signed(n) => write!(f, "{n}"),
            Self::Double(n) => write!(f, "{n}"),
            Self::Boolean(b) => write!(f, "{b}"),
            Self::Guid(id) => f.write_str(&guid::braced(*id)),
            Self::Time(time) => write!(f, "{time}"),
            Self::Binary(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02X}")),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Event {
    /// An event with these fields in `System` and these values in `EventData`. An empty name makes a `Data` without.
    pub fn new<'n>(system: &System, data: impl IntoIterator<Item = (&'n str, Value)>) -> Self {
        Self::with_template(system, "", data)
    }

    /// The same, with a name for `EventData`: that of the event's template.
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

    /// An event with these fields in `System` and, in `UserData`, one element with these children.
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

    /// Reads an event from its XML ([MS-EVEN6] 2.2.13).
    ///
    /// # Errors
    ///
    /// XML that is not well-formed or deeper than
    /// [`EVENT_XML_DEPTH`](crate::limits::EVENT_XML_DEPTH), and a root that is not called `Event`.
    pub fn from_xml(text: &str) -> Result<Self, Error> {
        read(text).map_err(|raw| raw.locate(text, "Event"))
    }

    /// The fields of `System`; what is missing or of a wrong form is left out.
    #[must_use]
    pub fn system(&self) -> System {
        System::read(self)
    }

    /// The event's number: `System/EventID`.
    #[must_use]
    pub fn id(&self) -> Option<u16> {
        self.field("EventID", "")?.parse().ok()
    }

    /// Who logged it: `System/Provider/@Name`.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.field("Provider", "Name")
    }

    /// Where it was logged: `System/Channel`.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.field("Channel", "")
    }

    /// The value of the first `Data` of this name in `EventData`.
    #[must_use]
    pub fn data(&self, name: &str) -> Option<&str> {
        self.all_data().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Names and values of `EventData` in order; an empty name where there is none.
    pub fn all_data(&self) -> impl Iterator<Item = (&str, &str)> {
        let tree = &self.tree;
        let data = tree.child(Tree::ROOT, false, "EventData").into_iter();
        data.flat_map(|at| tree.children(at, false, "Data"))
            .map(|at| (tree.child(at, true, "Name").map_or("", |name| tree.text(name)), tree.text(at)))
    }

    /// Whether the event has an element, an attribute, or a `Data` of this name: what MatchingElement asks
    /// ([MS-TSCH] 2.5.3.6).
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        !name.is_empty() && (self.all_data().any(|(known, _)| known == name) || self.tree.has_name(name))
    }

    /// A field of `System`: the text of an element, or one of its attributes.
    pub(super) fn field(&self, element: &str, attribute: &str) -> Option<&str> {
        let system = self.tree.child(Tree::ROOT, false, "System")?;
        let element = self.tree.child(system, false, element)?;
        match attribute {
            "" => Some(self.tree.text(element)),
            name => self.tree.child(element, true, name).map(|at| self.tree.text(at)),
        }
    }
}

/// A text is read in one pass; the tree has a node for each element and attribute, and names and values once.
fn read(text: &str) -> Result<Event, Raw> {
    let mut markup = Markup::new(text)?;
    let nodes = text.bytes().filter(|b| matches!(b, b'<' | b'=')).count();
    let mut builder = Builder::new(nodes, text.len());
    while let Some(piece) = markup.next()? {
        match piece {
            Piece::Open { name, attributes } => {
                let element = Some(name.as_str());
                if builder.path().next().is_none() && name != "Event" {
                    return Err(markup.error(ErrorKind::Misplaced { what: format!("the root {name}") }));
                }
                let known = builder.path().eq(["Event", "System"]).then_some(element).flatten();
                let ty = |attribute: &str| known.map_or(Type::Unknown, |name| system::ty(name, attribute));
                builder.open(&name, ty(""));
                for (name, value) in &attributes {
                    builder.attribute(name, value, ty(name));
                }
            }
            Piece::Text(text) if text.contains('\r') => {
                builder.text(&text.replace("\r\n", "\n").replace('\r', "\n"));
            }
            Piece::Text(text) => builder.text(&text),
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
    /// The event as XML ([MS-EVEN6] 2.2.13), without line ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
