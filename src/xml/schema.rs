//! The shape of the schema table: what reader, validator, writer and documentation know of each element.

use crate::definition::{
    SchemaVersion,
    names::{self, Tags},
};

/// An element with child elements.
#[derive(Debug)]
pub(super) struct Complex {
    /// The children, in the schema's order. At most [`CHILDREN`].
    pub(super) children: &'static [Row],
    /// The order in which the client writes the children: their indices.
    pub(super) client: Order,
    /// The order in which the server writes them.
    pub(super) server: Order,
    /// Where the client writes each child, compared with the others.
    pub(super) client_places: [u8; CHILDREN],
    /// The children by [`slot`]; of those that share one, the first.
    slots: [u8; SLOTS],
    /// The children that must be there, and those that the specification alone requires, as bits.
    pub(super) required: [u32; 2],
    /// The children that exclude each other, as bits.
    pub(super) choice: u32,
    /// Whether the schema wants its order kept (`xs:sequence`); Windows never does.
    pub(super) ordered: bool,
    /// Bounds of the number of children, where they are a repeated choice.
    pub(super) list: Option<(usize, usize)>,
    /// Whether its values have no [`Extra`](crate::definition::Extra) of their own: what the schema does not know of
    /// them is kept by the element around it.
    pub(super) bare: bool,
    /// Whether each child counts once, and their order does not.
    pub(super) set: bool,
}

/// The most children that a type may have: sets of them are bits of a `u32`.
pub(super) const CHILDREN: usize = 32;

/// Indices of children in some order; those after the last child mean nothing.
pub(super) type Order = [u8; CHILDREN];

/// An element at its place under a parent.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) tags: Tags,
    pub(super) content: Content,
    pub(super) attributes: &'static [Attribute],
    /// Whether it must be there.
    pub(super) required: bool,
    /// Whether the specification requires it, and Windows does not.
    pub(super) required_by_text: bool,
    /// Elements of one group exclude each other.
    pub(super) choice: bool,
    /// The version of the schema that brought it.
    pub(super) since: SchemaVersion,
    /// What an empty element means, and what holds where it is not stated.
    pub(super) default: Option<&'static str>,
    /// The value that the server leaves out.
    pub(super) omitted: Option<&'static str>,
    /// Whether the server writes the element where it is not stated: in tasks of this version and later.
    pub(super) server_writes: Option<SchemaVersion>,
    /// Whether the client leaves that value out, too.
    pub(super) client_omits: bool,
    /// Whether the client writes the value that applies where none is stated.
    pub(super) client_writes: bool,
    /// Places in the client's and the server's order; those without follow in the schema's.
    pub(super) places: Option<(u8, u8)>,
    /// Whether an element with nothing in it is the same as none.
    pub(super) part: bool,
    /// The rule that concerns several of its children.
    pub(super) check: Option<Check>,
    /// Not in the specification.
    pub(super) windows_only: bool,
}

/// Rules over several elements, checked when the element that contains them ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Task,
    Principal,
    Settings,
    Maintenance,
    Trigger,
    /// A trigger that needs a start.
    TimedTrigger,
    Repetition,
    Mail,
    /// A schedule that needs a list which the schema lets it omit.
    Needs(&'static str),
    /// A list of days, weeks or months.
    NotEmpty,
}

/// What is between an element's tags.
#[derive(Debug)]
pub(super) enum Content {
    /// A value.
    Simple(Type),
    /// Elements.
    Complex(&'static Complex),
    /// Nothing: the element's name says it all.
    Marker,
    /// What the scheduler passes on unread.
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
    /// `xs:anyURI`; Windows keeps paths there and does not look.
    Uri,
    Boolean,
    /// 0 to 10; 1 to 10 by the specification.
    Priority,
    /// A whole number within bounds.
    Number {
        min: u32,
        max: u32,
    },
    DateTime,
    /// A duration within bounds, given in seconds.
    Duration {
        min: Option<u64>,
        max: Option<u64>,
    },
    /// The same, where Windows does not look at the lower bound.
    LenientDuration {
        min: u64,
    },
    Guid,
    /// One of these names.
    Enumeration(&'static [&'static str]),
    DayOfMonth,
    Week,
    /// Hex digits, 16 where `exactly`.
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
    /// An identifier: unique in the document, an NCName by the specification.
    Id,
    /// A reference to one.
    IdRef,
    /// At least one character.
    NonEmptyString,
}

impl Complex {
    /// Children in any order, each once at most (`xs:all`).
    pub(super) const fn all(children: &'static [Row]) -> Self {
        assert!(children.len() <= CHILDREN, "too many children for a set of bits");
        Self {
            children,
            client: order(children, false),
            server: order(children, true),
            client_places: client_places(children),
            slots: slots(children),
            required: required(children),
            choice: choice(children),
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

    /// A type whose values have nothing to keep unknown things in.
    pub(super) const fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// A type whose children count once each, in any order.
    pub(super) const fn set(self) -> Self {
        Self { set: true, ..self.bare() }
    }

    /// The child of this name, and its number.
    #[inline]
    pub(super) fn find(&self, name: &[u8]) -> Option<(usize, &'static Row)> {
        let index = usize::from(*self.slots.get(slot(name))?);
        match self.children.get(index) {
            Some(row) if row.name.as_bytes() == name => Some((index, row)),
            // Nothing has its slot.
            None => None,
            _ => self.search(name),
        }
    }

    /// Whether markup begins with an element that is one of the children.
    pub(super) fn begins_with_child(&self, xml: &str) -> bool {
        let name = xml.strip_prefix('<').and_then(|tag| tag.split([' ', '\t', '\r', '\n', '/', '>']).next());
        name.is_some_and(|name| self.find(name.as_bytes()).is_some())
    }

    /// The child of this name, if another child has its slot.
    #[cold]
    fn search(&self, name: &[u8]) -> Option<(usize, &'static Row)> {
        self.children.iter().enumerate().find(|(_, row)| row.name.as_bytes() == name)
    }
}

/// The number of a child, which must be there. For constants alone: a name that the table lacks is an error of compilation.
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

    /// Required by the specification alone.
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

    /// The places in the client's and in the server's order.
    pub(super) const fn places(self, client: u8, server: u8) -> Self {
        Self { places: Some((client, server)), ..self }
    }

    /// Written by the server, stated or not.
    pub(super) const fn server_writes(self) -> Self {
        self.server_writes_since(SchemaVersion::V1_0)
    }

    /// Written by the server, stated or not, in tasks of a version and later.
    pub(super) const fn server_writes_since(self, version: SchemaVersion) -> Self {
        Self { server_writes: Some(version), ..self }
    }

    /// A value that server and client leave out.
    pub(super) const fn omitted_by_both(self, value: &'static str) -> Self {
        Self { client_omits: true, ..self.omitted(value) }
    }

    /// Written by the client, stated or not.
    pub(super) const fn client_writes(self) -> Self {
        Self { client_writes: true, ..self }
    }

    /// The rule that concerns several of its children.
    pub(super) const fn check(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// A part of the task that says nothing if nothing is in it.
    pub(super) const fn part(self) -> Self {
        Self { part: true, ..self }
    }

    /// Whether the model keeps attributes of the element that the schema does not know: whether its value has an
    /// [`Extra`](crate::definition::Extra).
    pub(super) fn keeps_attributes(&self) -> bool {
        match self.content {
            // A list has one if it has attributes of its own.
            Content::Complex(complex) => {
                !complex.bare && (complex.list.is_none() || !self.attributes.is_empty())
            }
            _ => false,
        }
    }

    /// The value that applies where none is stated.
    pub(super) fn standard(&self) -> &'static str {
        self.default.or(self.omitted).unwrap_or_default()
    }

    /// The schema's default, which the Windows server leaves out.
    pub(super) const fn omitted(self, default: &'static str) -> Self {
        Self { default: Some(default), omitted: Some(default), ..self }
    }

    /// A value that the Windows server leaves out, the schema having no default.
    pub(super) const fn omitted_by_server(self, value: &'static str) -> Self {
        Self { omitted: Some(value), ..self }
    }

    pub(super) const fn windows_only(self) -> Self {
        Self { windows_only: true, ..self }
    }
}

/// The children sorted by their places in the client's or the server's order. Those without a place follow the others,
/// in the schema's order.
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

/// The number of slots by which children are found.
const SLOTS: usize = 64;

/// The slot of a name. Few children of one element share theirs.
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
const fn client_places(children: &[Row]) -> [u8; CHILDREN] {
    let mut places = [u8::MAX; CHILDREN];
    let mut index = 0;
    while index < children.len() {
        places[index] = place(children, index as u8, false);
        index += 1;
    }
    places
}

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn required(children: &[Row]) -> [u32; 2] {
    let mut required = [0, 0];
    let mut index = 0;
    while index < children.len() {
        required[0] |= (children[index].required as u32) << index;
        required[1] |= (children[index].required_by_text as u32) << index;
        index += 1;
    }
    required
}

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn choice(children: &[Row]) -> u32 {
    let mut choice = 0;
    let mut index = 0;
    while index < children.len() {
        choice |= (children[index].choice as u32) << index;
        index += 1;
    }
    choice
}

/// The first place of those children for which none is given.
const UNPLACED: u8 = 100;

#[expect(clippy::indexing_slicing, reason = "evaluated only at compile time, where get is not available")]
const fn place(children: &[Row], index: u8, server: bool) -> u8 {
    match children[index as usize].places {
        Some((_, place)) if server => place,
        Some((place, _)) => place,
        None => UNPLACED + index,
    }
}
