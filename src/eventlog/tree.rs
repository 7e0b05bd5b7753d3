//! An event's XML as a tree in one list: each node is followed by its attributes, then by its children. Names and values
//! are ranges of one text.

use super::value::Type;
use std::{borrow::Cow, fmt, ops::Range};

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    name: Range<u32>,
    /// The characters before the first child, or an attribute's value.
    text: Range<u32>,
    /// The place after the node and all that is below it.
    pub(super) end: Place,
    pub(super) attribute: bool,
    pub(super) ty: Type,
}

/// The place of a node in the tree.
pub(super) type Place = u32;

/// The tree. Its first node is the document, the second the event.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// All names and values, one after the other.
    text: String,
    nodes: Vec<Node>,
}

impl Tree {
    /// The document.
    pub(super) const DOCUMENT: Place = 0;
    /// The event.
    pub(super) const ROOT: Place = 1;

    pub(super) fn node(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place as usize)
    }

    fn slice(&self, range: &Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    pub(super) fn name(&self, place: Place) -> &str {
        self.node(place).map_or("", |node| self.slice(&node.name))
    }

    /// Whether a node has this name.
    pub(super) fn is_named(&self, node: &Node, name: &str) -> bool {
        let known = self.text.as_bytes().get(node.name.start as usize..node.name.end as usize);
        known == Some(name.as_bytes())
    }

    pub(super) fn ty(&self, place: Place) -> Type {
        self.node(place).map_or(Type::Unknown, |node| node.ty)
    }

    /// The characters directly in the node.
    pub(super) fn text(&self, place: Place) -> &str {
        self.node(place).map_or("", |node| self.slice(&node.text))
    }

    /// The place after a node and all that is below it.
    pub(super) fn end(&self, place: Place) -> Place {
        self.node(place).map_or(0, |node| node.end)
    }

    /// The characters in the node and below it, those of attributes excepted.
    pub(super) fn value(&self, place: Place) -> Cow<'_, str> {
        let end = self.end(place);
        let first = (place + 1..end).find(|below| !self.is_attribute(*below));
        let Some(first) = first else { return self.text(place).into() };
        let mut texts = std::iter::once(place)
            .chain(first..end)
            .filter(|below| *below == place || !self.is_attribute(*below))
            .map(|below| self.text(below))
            .filter(|text| !text.is_empty());
        match (texts.next(), texts.next()) {
            (first, None) => first.unwrap_or_default().into(),
            (first, second) => first.into_iter().chain(second).chain(texts).collect::<String>().into(),
        }
    }

    /// Attributes, then children.
    pub(super) fn below(&self, place: Place) -> impl Iterator<Item = Place> {
        let end = self.end(place);
        let mut next = place + 1;
        std::iter::from_fn(move || {
            let found = self.node(next).filter(|_| next < end)?;
            Some(std::mem::replace(&mut next, found.end))
        })
    }

    pub(super) fn is_attribute(&self, place: Place) -> bool {
        self.node(place).is_some_and(|node| node.attribute)
    }

    /// Whether any element or attribute has this name.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| self.is_named(node, name))
    }

    /// The first child or attribute of this name.
    pub(super) fn child(&self, from: Place, attribute: bool, name: &str) -> Option<Place> {
        self.children(from, attribute, name).next()
    }

    /// The children or attributes of this name.
    pub(super) fn children<'s>(
        &'s self,
        from: Place,
        attribute: bool,
        name: &'s str,
    ) -> impl Iterator<Item = Place> + 's {
        self.below(from).filter(move |place| {
            self.node(*place).is_some_and(|node| node.attribute == attribute && self.is_named(node, name))
        })
    }

    /// A field of `System`: the text of an element, or one of its attributes.
    pub(super) fn system_field(&self, element: &str, attribute: &str) -> Option<&str> {
        let system = self.child(Self::ROOT, false, "System")?;
        let element = self.child(system, false, element)?;
        match attribute {
            "" => Some(self.text(element)),
            name => self.child(element, true, name).map(|at| self.text(at)),
        }
    }
}

/// Two trees are equal if their nodes are. Layout that was dropped does not count.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.nodes.len() == other.nodes.len()
            && self.nodes.iter().zip(&other.nodes).all(|(a, b)| {
                (a.end, a.attribute, a.ty) == (b.end, b.attribute, b.ty)
                    && self.slice(&a.name) == other.slice(&b.name)
                    && self.slice(&a.text) == other.slice(&b.text)
            })
    }
}

/// Builds a tree from its pieces in the order of the document.
pub(super) struct Builder {
    tree: Tree,
    /// The elements that are open, the document first, and whether they have children yet.
    open: Vec<(Place, bool)>,
}

impl Builder {
    /// With room for this number of nodes, and of bytes of names and values.
    pub(super) fn new(nodes: usize, text: usize) -> Self {
        let tree = Tree { text: String::with_capacity(text), nodes: Vec::with_capacity(nodes) };
        let mut builder = Self { tree, open: Vec::with_capacity(8) };
        builder.open("", Type::Unknown);
        builder
    }

    fn position(&self) -> u32 {
        u32::try_from(self.tree.text.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, name: &str, attribute: bool, ty: Type) -> Place {
        let place = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        let start = self.position();
        self.tree.text.push_str(name);
        let end = self.position();
        self.tree.nodes.push(Node { name: start..end, text: end..end, end: place + 1, attribute, ty });
        place
    }

    pub(super) fn open(&mut self, name: &str, ty: Type) {
        if let Some((_, has_children)) = self.open.last_mut() {
            *has_children = true;
        }
        let place = self.push(name, false, ty);
        self.open.push((place, false));
    }

    pub(super) fn attribute(&mut self, name: &str, value: &str, ty: Type) {
        self.push(name, true, ty);
        self.tree.text.push_str(value);
        let end = self.position();
        if let Some(node) = self.tree.nodes.last_mut() {
            node.text.end = end;
        }
    }

    /// Adds characters to the element that is open. Those after a child are dropped: events have no mixed content.
    pub(super) fn text(&mut self, text: &str) {
        let at = self.position();
        let Some((place, false)) = self.open.last() else { return };
        let Some(node) = self.tree.nodes.get_mut(*place as usize) else { return };
        if node.text.is_empty() {
            // The names and values of attributes come between the element's name and its text.
            node.text = at..at;
        }
        self.tree.text.push_str(text);
        node.text.end = u32::try_from(self.tree.text.len()).unwrap_or(u32::MAX);
    }

    pub(super) fn close(&mut self) {
        let end = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        let Some((place, has_children)) = self.open.pop() else { return };
        if let Some(node) = self.tree.nodes.get_mut(place as usize) {
            node.end = end;
            // White space before the first child is layout.
            let text = self.tree.text.get(node.text.start as usize..node.text.end as usize);
            if has_children && text.is_some_and(|text| text.trim().is_empty()) {
                node.text.end = node.text.start;
            }
        }
    }

    /// The names of the elements that are open, without the document's.
    pub(super) fn path(&self) -> impl Iterator<Item = &str> {
        self.open.iter().skip(1).map(|(place, _)| self.tree.name(*place))
    }

    pub(super) fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }
}

/// Appends a text, escaped for XML.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}

impl fmt::Display for Tree {
    /// The event as XML, without line ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(Self::ROOT, &mut out);
        f.write_str(&out)
    }
}

impl Tree {
    /// Writes an element. The depth is that of the tree, which its reader bounds.
    fn write(&self, place: Place, out: &mut String) {
        let name = self.name(place);
        out.push('<');
        out.push_str(name);
        if place == Self::ROOT {
            out.push_str(" xmlns='http://schemas.microsoft.com/win/2004/08/events/event'");
        }
        for at in self.below(place).filter(|at| self.is_attribute(*at)) {
            out.push(' ');
            out.push_str(self.name(at));
            out.push_str("='");
            escape(self.text(at), out);
            out.push('\'');
        }
        let mut children = self.below(place).filter(|at| !self.is_attribute(*at)).peekable();
        if self.text(place).is_empty() && children.peek().is_none() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        escape(self.text(place), out);
        children.for_each(|child| self.write(child, out));
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}
