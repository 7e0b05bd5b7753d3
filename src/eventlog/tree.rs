//! An event's XML as a tree in a single list: each node is followed by its attributes, then by its children. Names
//! and values are ranges of one text.

use super::value::Type;
use std::{borrow::Cow, fmt, ops::Range};

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    name: Range<u32>,
    /// The characters before the first child, or an attribute's value.
    text: Range<u32>,
    /// The index after the node and its descendants.
    pub(super) end: Place,
    pub(super) attribute: bool,
    pub(super) ty: Type,
}

/// The index of a node in the tree.
pub(super) type Place = u32;

/// The tree. Its first node is the document, the second the event.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// All names and values.
    text: String,
    nodes: Vec<Node>,
    /// The index of `System`, and of its `Channel`, which every query needs; the document's index if it is missing.
    system: Place,
    channel: Place,
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
    #[inline]
    pub(super) fn is_named(&self, node: &Node, name: &str) -> bool {
        if (node.name.end - node.name.start) as usize != name.len() {
            return false;
        }
        let known = self.text.as_bytes().get(node.name.start as usize..node.name.end as usize);
        known == Some(name.as_bytes())
    }

    pub(super) fn ty(&self, place: Place) -> Type {
        self.node(place).map_or(Type::Unknown, |node| node.ty)
    }

    /// The text directly in the node.
    pub(super) fn text(&self, place: Place) -> &str {
        self.node(place).map_or("", |node| self.slice(&node.text))
    }

    /// The index after a node and its descendants.
    pub(super) fn end(&self, place: Place) -> Place {
        self.node(place).map_or(0, |node| node.end)
    }

    /// The text in the node and its descendants, without attributes.
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

    /// The attributes, then the children.
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

    /// The first child or attribute with this name.
    pub(super) fn child(&self, from: Place, attribute: bool, name: &str) -> Option<Place> {
        let (end, mut next) = (self.end(from), from + 1);
        while next < end {
            let node = self.node(next)?;
            if node.attribute == attribute && self.is_named(node, name) {
                return Some(next);
            }
            next = node.end;
        }
        None
    }

    /// The children or attributes with this name.
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

    /// The text of `System/Channel`.
    pub(super) fn channel(&self) -> Option<&str> {
        (self.channel != Self::DOCUMENT).then(|| self.text(self.channel))
    }

    /// A field of `System`: the text of an element, or an attribute.
    pub(super) fn system_field(&self, element: &str, attribute: &str) -> Option<&str> {
        let system = (self.system != Self::DOCUMENT).then_some(self.system)?;
        let element = self.child(system, false, element)?;
        match attribute {
            "" => Some(self.text(element)),
            name => self.child(element, true, name).map(|at| self.text(at)),
        }
    }
}

/// Trees are equal if their nodes are; dropped layout is ignored.
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

/// Builds a tree from its pieces, in document order.
pub(super) struct Builder {
    tree: Tree,
    /// The open elements, starting with the document, and whether they have children yet.
    open: Vec<(Place, bool)>,
}

impl Builder {
    /// Reserves space for this number of nodes and bytes of text.
    pub(super) fn new(nodes: usize, text: usize) -> Self {
        let tree = Tree {
            text: String::with_capacity(text),
            nodes: Vec::with_capacity(nodes),
            system: Tree::DOCUMENT,
            channel: Tree::DOCUMENT,
        };
        let mut builder = Self { tree, open: Vec::with_capacity(8) };
        builder.open("", Type::Unknown);
        builder
    }

    /// Starts with a text that contains names and values, and reserves space for this number of nodes.
    pub(super) fn over(text: &str, nodes: usize) -> Self {
        let mut builder = Self::new(nodes, 0);
        builder.tree.text = text.to_owned();
        builder
    }

    /// Opens an element whose name is a range of the text.
    pub(super) fn open_at(&mut self, name: Range<usize>, ty: Type) {
        self.opens(span(name), ty);
    }

    /// Adds an attribute whose name and value are ranges of the text.
    pub(super) fn attribute_at(&mut self, name: Range<usize>, value: Range<usize>, ty: Type) {
        self.push(span(name), span(value), true, ty);
    }

    /// Sets the text of the open element, up to its first child, as a range of the text.
    pub(super) fn text_at(&mut self, range: Range<usize>) {
        let Some((place, false)) = self.open.last() else { return };
        if let Some(node) = self.tree.nodes.get_mut(*place as usize) {
            node.text = span(range);
        }
    }

    fn position(&self) -> u32 {
        u32::try_from(self.tree.text.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, name: Range<u32>, text: Range<u32>, attribute: bool, ty: Type) -> Place {
        let place = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        self.tree.nodes.push(Node { name, text, end: place + 1, attribute, ty });
        place
    }

    fn opens(&mut self, name: Range<u32>, ty: Type) {
        if let Some((_, has_children)) = self.open.last_mut() {
            *has_children = true;
        }
        let text = name.end..name.end;
        let place = self.push(name, text, false, ty);
        self.open.push((place, false));
    }

    /// Appends a name or a value to the text.
    fn added(&mut self, text: &str) -> Range<u32> {
        let start = self.position();
        self.tree.text.push_str(text);
        start..self.position()
    }

    pub(super) fn open(&mut self, name: &str, ty: Type) {
        let name = self.added(name);
        self.opens(name, ty);
    }

    pub(super) fn attribute(&mut self, name: &str, value: &str, ty: Type) {
        let (name, value) = (self.added(name), self.added(value));
        self.push(name, value, true, ty);
    }

    /// Adds text to the open element. Text after a child is dropped, since events have no mixed content.
    pub(super) fn text(&mut self, text: &str) {
        let at = self.position();
        let Some((place, false)) = self.open.last() else { return };
        let Some(node) = self.tree.nodes.get_mut(*place as usize) else { return };
        if node.text.is_empty() {
            // Attribute names and values are stored between the element's name and its text.
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

    /// The number of open elements, excluding the document.
    pub(super) fn depth(&self) -> usize {
        self.open.len().saturating_sub(1)
    }

    /// Whether the open element has this name.
    pub(super) fn is_open(&self, name: &str) -> bool {
        let node = self.open.last().and_then(|(place, _)| self.tree.node(*place));
        node.is_some_and(|node| self.tree.is_named(node, name))
    }

    /// Whether the open element is the event's `System`.
    pub(super) fn is_in_system(&self) -> bool {
        self.depth() == 2 && self.is_open("System")
    }

    /// Whether the last opened element has this attribute.
    pub(super) fn has_attribute(&self, name: &str) -> bool {
        let attributes = self.tree.nodes.iter().rev().take_while(|node| node.attribute);
        attributes.into_iter().any(|node| self.tree.is_named(node, name))
    }

    pub(super) fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        let system = self.tree.child(Tree::ROOT, false, "System");
        let channel = system.and_then(|system| self.tree.child(system, false, "Channel"));
        self.tree.system = system.unwrap_or(Tree::DOCUMENT);
        self.tree.channel = channel.unwrap_or(Tree::DOCUMENT);
        self.tree
    }
}

/// A range in a text of limited size.
fn span(range: Range<usize>) -> Range<u32> {
    let at = |n| u32::try_from(n).unwrap_or(u32::MAX);
    at(range.start)..at(range.end)
}

/// Appends text, escaped for XML.
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
    /// The event as XML, without line breaks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(Self::ROOT, &mut out);
        f.write_str(&out)
    }
}

impl Tree {
    /// Writes an element. Recursion is limited by the depth of the tree, which its reader limits.
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
