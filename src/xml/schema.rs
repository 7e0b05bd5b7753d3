//! The shape of the schema table: what reader, validator, writer and documentation know of each element.

use crate::definition::SchemaVersion;

/// An element with child elements.
#[derive(Debug)]
pub(super) struct Complex {
    /// The type's name in [MS-TSCH] 2.5.
    pub(super) name: &'static str,
    /// The children, in the schema's order.
    pub(super) children: &'static [Row],
    /// In which order the Windows server writes them, where it is another.
    pub(super) server: &'static [&'static str],
    /// Whether the schema wants its order kept (`xs:sequence`); Windows never does.
    pub(super) ordered: bool,
    /// Bounds of the number of children, where they are a repeated choice.
    pub(super) list: Option<(usize, usize)>,
}

/// An element at its place under a parent.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) content: Content,
    pub(super) attributes: &'static [Attribute],
    pub(super) required: bool,
    /// Elements of one group exclude each other.
    pub(super) choice: bool,
    /// The version of the schema that brought it.
    pub(super) since: SchemaVersion,
    /// What an empty element means, and what holds where it is not stated.
    pub(super) default: Option<&'static str>,
    /// What the Windows server leaves out when it writes.
    pub(super) omitted: Option<&'static str>,
    /// Not in the specification.
    pub(super) windows_only: bool,
}

/// What stands between an element's tags.
#[derive(Debug)]
pub(super) enum Content {
    /// A value.
    Simple(Type),
    /// Elements.
    Complex(&'static Complex),
    /// Nothing: the element's name says it all.
    Marker,
    /// What the scheduler hands on unread.
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
    pub(super) const fn all(name: &'static str, children: &'static [Row]) -> Self {
        Self { name, children, server: &[], ordered: false, list: None }
    }

    /// Children in the schema's order (`xs:sequence`).
    pub(super) const fn sequence(name: &'static str, children: &'static [Row]) -> Self {
        Self { ordered: true, ..Self::all(name, children) }
    }

    /// A repeated choice.
    pub(super) const fn list(name: &'static str, children: &'static [Row], min: usize, max: usize) -> Self {
        Self { list: Some((min, max)), ..Self::all(name, children) }
    }

    /// Which order the Windows server writes.
    pub(super) const fn server(self, server: &'static [&'static str]) -> Self {
        Self { server, ..self }
    }

    /// The child of this name, looked for from `start` on first: documents tend to keep an order.
    pub(super) fn find(&self, name: &[u8], start: usize) -> Option<(usize, &'static Row)> {
        let (before, from) = self.children.split_at_checked(start).unwrap_or((self.children, &[]));
        let here = |row: &&Row| row.name.as_bytes() == name;
        let later = from.iter().position(|row| here(&row)).map(|index| start + index);
        let index = later.or_else(|| before.iter().position(|row| here(&row)))?;
        self.children.get(index).map(|row| (index, row))
    }
}

impl Row {
    const fn new(name: &'static str, content: Content) -> Self {
        Self {
            name,
            content,
            attributes: &[],
            required: false,
            choice: false,
            since: SchemaVersion::V1_0,
            default: None,
            omitted: None,
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
