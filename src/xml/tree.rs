//! A document as a tree of known elements in document order, with unknown elements in a separate list.

use super::schema::{Content, Row};
use crate::markup::{self, BLANKS};
use std::borrow::Cow;

/// The known elements of a document. Offsets have 32 bits, which [`limits::XML_BYTES`](crate::limits::XML_BYTES)
/// guarantees to suffice.
#[derive(Debug, Default)]
pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
    /// Values that are not plain ranges of the text.
    pub(super) decoded: Vec<String>,
    /// Known and unknown attributes, ordered by node.
    pub(super) attributes: Vec<Attribute<'t>>,
    /// Whether there are unknown attributes.
    pub(super) unknown_attributes: bool,
    /// Ranges of unknown elements and of unexpected text.
    pub(super) unknown: Vec<Unknown>,
    /// Whether the markup is damaged anywhere.
    pub(super) damaged: bool,
    /// Whether there are comments or instructions between elements or in values.
    pub(super) comments: bool,
}

/// The number of a node.
pub(super) type Id = u32;

/// No node.
pub(super) const NONE: Id = Id::MAX;

/// A known element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) row: &'static Row,
    pub(super) value: Value,
    /// The start and end of its start tag.
    pub(super) open: u32,
    pub(super) inside: u32,
    /// The start of its end tag, or of its only tag if it is an empty-element tag.
    pub(super) close: u32,
    /// The offset after its end tag; 0 before it was seen.
    pub(super) end: u32,
    pub(super) first_child: Id,
    pub(super) next: Id,
    /// Its number among the possible children of its parent.
    pub(super) index: u8,
    /// Whether its children are known to have the client's order.
    pub(super) in_order: bool,
    /// Whether its tags and its children are known to have the writer's spelling.
    pub(super) usual: bool,
}

impl Node {
    /// A node of a start tag from `open` to `inside`, before its content is known.
    #[inline]
    pub(super) fn new(row: &'static Row, index: usize, open: u32, inside: u32) -> Self {
        Self {
            row,
            value: Value::None,
            open,
            inside,
            close: 0,
            end: 0,
            first_child: NONE,
            next: NONE,
            index: index as u8,
            in_order: false,
            usual: false,
        }
    }
}

/// An element's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// No value.
    None,
    /// A range of the text.
    Plain { start: u32, end: u32 },
    /// A text combined from several ranges.
    Decoded(u32),
    /// The row's default, because the element is empty.
    Default,
}

/// An attribute of a known element.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'t> {
    pub(super) node: Id,
    pub(super) name: &'t str,
    pub(super) value: Cow<'t, str>,
    pub(super) known: bool,
    /// The offset of its name.
    pub(super) at: usize,
}

/// Adjacent unexpected elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unknown {
    pub(super) parent: Id,
    /// The preceding known sibling.
    pub(super) after: Id,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether it is an element known to the schema.
    pub(super) known: bool,
}

impl<'t> Tree<'t> {
    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The children of a node, in document order.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = (Id, &Node)> + Clone {
        let mut next = self.node(id).map_or(NONE, |node| node.first_child);
        std::iter::from_fn(move || {
            let id = next;
            let node = self.node(id)?;
            next = node.next;
            Some((id, node))
        })
    }

    /// The first child with this name.
    pub(super) fn child(&self, id: Id, name: &str) -> Option<(Id, &Node)> {
        self.children(id).find(|(_, node)| node.row.name == name)
    }

    /// The first child with this number in the schema table.
    pub(super) fn numbered(&self, id: Id, number: u8) -> Option<(Id, &Node)> {
        self.children(id).find(|(_, node)| node.index == number)
    }

    /// The text of a simple element.
    pub(super) fn value(&self, node: &Node) -> &str {
        match node.value {
            Value::None => "",
            Value::Plain { start, end } => self.slice(start, end),
            Value::Decoded(index) => self.decoded.get(index as usize).map_or("", String::as_str),
            Value::Default => node.row.default.unwrap_or_default(),
        }
    }

    /// What distinguishes a member of a set: its text, or its name if it has no text.
    pub(super) fn member<'n>(&'n self, node: &'n Node) -> &'n str {
        if matches!(node.row.content, Content::Marker) { node.row.name } else { self.value(node) }
    }

    /// The value of a known attribute.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&Attribute<'t>> {
        self.attributes_of(id).iter().find(|a| a.known && a.name == name)
    }

    /// The attributes of a node.
    pub(super) fn attributes_of(&self, id: Id) -> &[Attribute<'t>] {
        let start = self.attributes.partition_point(|a| a.node < id);
        let own = self.attributes.get(start..).unwrap_or_default();
        own.get(..own.partition_point(|a| a.node == id)).unwrap_or_default()
    }

    /// The content of a node as written, with normalised line breaks.
    pub(super) fn inner(&self, node: &Node) -> String {
        self.range(node.inside, node.close.max(node.inside))
    }

    /// A known element as written, including its tags; if it is damaged, as it was read.
    pub(super) fn element(&self, node: &Node) -> String {
        if !self.damaged {
            return self.outer(node.open, node.end);
        }
        let tag = markup::mended_tag(node.row.name, self.slice(node.open, node.inside));
        format!("{tag}{}</{}>", self.inner(node).trim_end_matches(BLANKS), node.row.name)
    }

    /// Unexpected content as written. In a damaged document, trailing blanks may belong to the following content.
    pub(super) fn outer(&self, start: u32, end: u32) -> String {
        let mut markup = self.range(start, end);
        if self.damaged {
            markup.truncate(markup.trim_end_matches(BLANKS).len());
        }
        markup
    }

    /// A range of markup with normalised line breaks and repaired damage.
    fn range(&self, start: u32, end: u32) -> String {
        let markup = self.slice(start, end);
        if self.damaged { normalised(&markup::mended(markup)) } else { normalised(markup) }
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The text with `
/// ` as every line break.
pub(super) fn normalised(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}
