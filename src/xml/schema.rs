//! The structure of the schema table, which reader, validator, writer and documentation share.

use crate::{
    definition::{
        ChildOrder, MAX_CHILDREN, SchemaVersion,
        names::{self, Tags},
    },
    markup::is_same,
};

/// An element with child elements.
#[derive(Debug)]
pub(super) struct Complex {
    /// The children, in the schema's order. At most [`CHILDREN`].
    pub(super) children: &'static [Row],
    /// The order in which the client writes the children, as indices.
    pub(super) client: Order,
    /// The order in which the server writes them.
    pub(super) server: Order,
    /// The relative positions of the children in the client's order.
    pub(super) client_places: [u8; CHILDREN],
    /// The relative positions of the children in the server's order.
    server_places: [u8; CHILDREN],
    /// The children that are parts, as bits.
    parts: u32,
    /// The children by [`slot`]; if several share a slot, the first.
    slots: [u8; SLOTS],
    /// The required children, and those required only by the specification, as bits.
    pub(super) required: [u32; 2],
    /// The children that are not in the specification, as bits.
    pub(super) windows_only: u32,
    /// The children that a version 1.0 to 1.6 knows, as bits.
    by_version: [u32; VERSIONS],
    /// The mutually exclusive children, as bits.
    pub(super) choice: u32,
    /// Whether the schema requires the order (`xs:sequence`); Windows never does.
    pub(super) ordered: bool,
    /// The minimum and maximum number of children, if they are a repeated choice.
    pub(super) list: Option<(usize, usize)>,
    /// Whether its values have no [`Extra`](crate::definition::Extra) of their own, so that the enclosing element
    /// keeps their unknown content.
    pub(super) bare: bool,
    /// Whether the children form a set, without duplicates and regardless of order.
    pub(super) set: bool,
}

/// The maximum number of children of a type, so that sets of them fit into a `u32`.
pub(super) const CHILDREN: usize = MAX_CHILDREN;

/// Indices of children in some order; entries after the last child are unused.
pub(super) type Order = [u8; CHILDREN];

/// An element under a given parent.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) tags: Tags,
    pub(super) content: Content,
    pub(super) attributes: &'static [Attribute],
    /// Whether it is required.
    pub(super) required: bool,
    /// Whether it is required by the specification but not by Windows.
    pub(super) required_by_text: bool,
    /// Elements of the same group are mutually exclusive.
    pub(super) choice: bool,
    /// The schema version that introduced it.
    pub(super) since: SchemaVersion,
    /// The value of an empty or absent element.
    pub(super) default: Option<&'static str>,
    /// The value that the server omits.
    pub(super) omitted: Option<&'static str>,
    /// If set, the server writes the element even if it is absent, in tasks of this version and later.
    pub(super) server_writes: Option<SchemaVersion>,
    /// Whether the client omits that value, too.
    pub(super) client_omits: bool,
    /// Whether the client writes the default value if the element is absent.
    pub(super) client_writes: bool,
    /// Positions in the client's and the server's order; elements without them follow in schema order.
    pub(super) places: Option<(u8, u8)>,
    /// Whether an empty element is equivalent to an absent one.
    pub(super) part: bool,
    /// The rule that involves several of its children.
    pub(super) check: Option<Check>,
    /// Not in the specification.
    pub(super) windows_only: bool,
}

/// Rules that involve several elements, checked at the end of the enclosing element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Task,
    Principal,
    Settings,
    Maintenance,
    Trigger,
    /// A trigger that requires a start.
    TimedTrigger,
    Repetition,
    Mail,
    /// A schedule that requires a list which is optional in the schema.
    Needs(&'static str),
    /// A list of days, weeks or months.
    NotEmpty,
}

/// The content of an element.
#[derive(Debug)]
pub(super) enum Content {
    /// A value.
    Simple(Type),
    /// Elements.
    Complex(&'static Complex),
    /// Nothing; the name is the value.
    Marker,
    /// Content that the scheduler passes on without interpreting it.
    Data,
}

/// The types of values, with their facets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Type {
    String,
    /// At least one character.
    NonEmptyString,
    /// 1 to 260 characters.
    Path,
    /// `xs:anyURI`; Windows stores paths there and does not check it.
    Uri,
    Boolean,
    /// 0 to 10; 1 to 10 in the specification.
    Priority,
    /// A whole number within a range.
    Number {
        min: u32,
        max: u32,
    },
    DateTime,
    /// A duration within a range, in seconds.
    Duration {
        min: Option<u64>,
        max: Option<u64>,
    },
    /// The same, but Windows does not check the lower bound.
    LenientDuration {
        min: u64,
    },
    Guid,
    /// One of these names.
    Enumeration(&'static [&'static str]),
    DayOfMonth,
    Week,
    /// Hexadecimal digits, 16 if `exactly`.
    Hex {
        exactly: Option<usize>,
    },
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) kind: AttributeKind,
    pub(super) required: bool,
}

/// The types of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributeKind {
    /// Schema version.
    Version,
    /// An identifier: unique in the document, and an NCName in the specification.
    Id,
    /// A reference to an identifier.
    IdRef,
    /// At least one character.
    NonEmptyString,
}

/// The children that have a property, as bits.
macro_rules! bits {
    ($children:ident, $property:ident) => {{
        let (mut bits, mut index) = (0, 0);
        while index < $children.len() {
            bits |= ($children[index].$property as u32) << index;
            index += 1;
        }
        bits
    }};
}

impl Complex {
    /// Children in any order, at most once each (`xs:all`).
    pub(super) const fn all(children: &'static [Row]) -> Self {
        assert!(children.len() <= CHILDREN, "too many children for a set of bits");
        Self {
            children,
            client: order(children, false),
            server: order(children, true),
            client_places: places(children, false),
            server_places: places(children, true),
            parts: bits!(children, part),
            slots: slots(children),
            required: [bits!(children, required), bits!(children, required_by_text)],
            by_version: by_version(children),
            windows_only: bits!(children, windows_only),
            choice: bits!(children, choice),
            ordered: false,
            list: None,
            bare: false,
            set: false,
        }
    }

    /// Children in the schema's order (`xs:sequence`).
    pub(super) const fn sequence(children: &'static [Row]) -> Self {
        Self { ordered: true, ..Self::all(children) }
    }

    /// A repeated choice.
    pub(super) const fn list(children: &'static [Row], min: usize, max: usize) -> Self {
        Self { list: Some((min, max)), ..Self::all(children) }
    }

    /// A type whose values cannot keep unknown content.
    pub(super) const fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// A type whose children form a set.
    pub(super) const fn set(self) -> Self {
        Self { set: true, ..self.bare() }
    }

    /// The children that need no closer look in a task of this version, as bits.
    #[inline]
    pub(super) fn known(&self, version: Option<SchemaVersion>) -> u32 {
        let newest = VERSIONS - 1;
        let minor = match version {
            Some(version) if version.major() == 1 => (version.minor() as usize).min(newest),
            Some(_) => return 0,
            None => newest,
        };
        self.by_version.get(minor).copied().unwrap_or_default()
    }

    /// The child with this name, and its number.
    #[inline]
    pub(super) fn find(&self, name: &[u8]) -> Option<(usize, &'static Row)> {
        let index = usize::from(*self.slots.get(slot(name))?);
        match self.children.get(index) {
            Some(row) if is_same(row.name.as_bytes(), name) => Some((index, row)),
            // No child has its slot.
            None => None,
            _ => self.search(name),
        }
    }

    /// The order of children with these numbers. The server's includes all parts, since only the layout records that a
    /// part is stated and empty.
    pub(super) fn order_of(&self, numbers: impl Iterator<Item = u8> + Clone) -> ChildOrder {
        let (mut last, mut parts) = (None, self.parts);
        for number in numbers.clone() {
            let place = self.server_places.get(usize::from(number));
            if place <= last {
                return ChildOrder::stated(numbers);
            }
            last = place;
            parts &= !(1 << number);
        }
        if parts == 0 { ChildOrder::Server } else { ChildOrder::stated(numbers) }
    }

    /// Whether markup begins with one of the children.
    pub(super) fn begins_with_child(&self, xml: &str) -> bool {
        let name = xml.strip_prefix('<').and_then(|tag| tag.split([' ', '\t', '\r', '\n', '/', '>']).next());
        name.is_some_and(|name| self.find(name.as_bytes()).is_some())
    }

    /// The child with this name, if another child has its slot.
    #[cold]
    fn search(&self, name: &[u8]) -> Option<(usize, &'static Row)> {
        self.children.iter().enumerate().find(|(_, row)| row.name.as_bytes() == name)
    }
}

/// The number of a child that must exist. Only for constants: an unknown name is a compile error.
#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
pub(super) const fn number(complex: &Complex, name: &str) -> u8 {
    let mut index = 0;
    while !names::is_same(complex.children[index].name, name) {
        index += 1;
    }
    index as u8
}

impl Row {
    const fn new(name: &'static str, content: Content) -> Self {
        Self {
            name,
            tags: names::tags(name),
            content,
            attributes: &[],
            required: false,
            required_by_text: false,
            choice: false,
            since: SchemaVersion::V1_0,
            default: None,
            omitted: None,
            server_writes: None,
            client_omits: false,
            client_writes: false,
            places: None,
            part: false,
            check: None,
            windows_only: false,
        }
    }

    pub(super) const fn value(name: &'static str, ty: Type) -> Self {
        Self::new(name, Content::Simple(ty))
    }

    pub(super) const fn complex(name: &'static str, complex: &'static Complex) -> Self {
        Self::new(name, Content::Complex(complex))
    }

    pub(super) const fn marker(name: &'static str) -> Self {
        Self::new(name, Content::Marker)
    }

    pub(super) const fn data(name: &'static str) -> Self {
        Self::new(name, Content::Data)
    }

    pub(super) const fn attributes(self, attributes: &'static [Attribute]) -> Self {
        Self { attributes, ..self }
    }

    pub(super) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Required only by the specification.
    pub(super) const fn required_by_text(self) -> Self {
        Self { required_by_text: true, ..self }
    }

    pub(super) const fn choice(self) -> Self {
        Self { choice: true, ..self }
    }

    pub(super) const fn since(self, since: SchemaVersion) -> Self {
        Self { since, ..self }
    }

    /// The schema's default.
    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The positions in the client's and the server's order.
    pub(super) const fn places(self, client: u8, server: u8) -> Self {
        Self { places: Some((client, server)), ..self }
    }

    /// Always written by the server.
    pub(super) const fn server_writes(self) -> Self {
        self.server_writes_since(SchemaVersion::V1_0)
    }

    /// Always written by the server in tasks of this version and later.
    pub(super) const fn server_writes_since(self, version: SchemaVersion) -> Self {
        Self { server_writes: Some(version), ..self }
    }

    /// A value that both server and client omit.
    pub(super) const fn omitted_by_both(self, value: &'static str) -> Self {
        Self { client_omits: true, ..self.omitted(value) }
    }

    /// Always written by the client.
    pub(super) const fn client_writes(self) -> Self {
        Self { client_writes: true, ..self }
    }

    /// The rule that involves several of its children.
    pub(super) const fn check(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// A part of the task that has no meaning if it is empty.
    pub(super) const fn part(self) -> Self {
        Self { part: true, ..self }
    }

    /// Whether the model keeps unknown attributes of the element, because its value has an
    /// [`Extra`](crate::definition::Extra).
    pub(super) fn keeps_attributes(&self) -> bool {
        match self.content {
            // A list has one if it has its own attributes.
            Content::Complex(complex) => {
                !complex.bare && (complex.list.is_none() || !self.attributes.is_empty())
            }
            _ => false,
        }
    }

    /// The value that applies if the element is absent.
    pub(super) fn standard(&self) -> &'static str {
        self.default.or(self.omitted).unwrap_or_default()
    }

    /// The schema's default, which the Windows server omits.
    pub(super) const fn omitted(self, default: &'static str) -> Self {
        Self { default: Some(default), omitted: Some(default), ..self }
    }

    /// A value that the Windows server omits although the schema has no default.
    pub(super) const fn omitted_by_server(self, value: &'static str) -> Self {
        Self { omitted: Some(value), ..self }
    }

    pub(super) const fn windows_only(self) -> Self {
        Self { windows_only: true, ..self }
    }
}

/// The children sorted by position in the client's or the server's order. Those without a position follow in schema
/// order.
#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn order(children: &[Row], server: bool) -> Order {
    let mut order = [u8::MAX; CHILDREN];
    let mut index = 0;
    while index < children.len() {
        let mut at = index;
        while at > 0 && place(children, order[at - 1], server) > place(children, index as u8, server) {
            order[at] = order[at - 1];
            at -= 1;
        }
        assert!(
            at == 0 || place(children, order[at - 1], server) != place(children, index as u8, server),
            "two children have the same place"
        );
        order[at] = index as u8;
        index += 1;
    }
    order
}

/// The number of slots for finding children.
const SLOTS: usize = 64;

/// The slot of a name. Few children of an element share a slot.
#[inline]
const fn slot(name: &[u8]) -> usize {
    match name {
        [first, .., last] => (2 * *first as usize + 15 * *last as usize + 14 * name.len()) % SLOTS,
        _ => 0,
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn slots(children: &[Row]) -> [u8; SLOTS] {
    let mut slots = [u8::MAX; SLOTS];
    let mut index = children.len();
    while index > 0 {
        index -= 1;
        slots[slot(children[index].name.as_bytes())] = index as u8;
    }
    slots
}

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn places(children: &[Row], server: bool) -> [u8; CHILDREN] {
    let mut places = [u8::MAX; CHILDREN];
    let mut index = 0;
    while index < children.len() {
        places[index] = place(children, index as u8, server);
        index += 1;
    }
    places
}

/// The number of versions of the schema, 1.0 to 1.6.
const VERSIONS: usize = 7;

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn by_version(children: &[Row]) -> [u32; VERSIONS] {
    let mut known = [0; VERSIONS];
    let mut index = 0;
    while index < children.len() {
        let mut minor = children[index].since.minor() as usize;
        while minor < VERSIONS && children[index].since.major() == 1 {
            known[minor] |= 1 << index;
            minor += 1;
        }
        index += 1;
    }
    known
}

/// The first position for children without one.
const UNPLACED: u8 = 100;

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn place(children: &[Row], index: u8, server: bool) -> u8 {
    match children[index as usize].places {
        Some((_, place)) if server => place,
        Some((place, _)) => place,
        None => UNPLACED + index,
    }
}
