//! Reads the plain parts of a document in one go, which is nearly all of it: known elements in the namespace of task
//! definitions, without attributes and in valid positions, with valid values without references. Anything else is
//! left to the walk, which reads it again and reports errors.

use super::{
    reading::{Frame, Kind, Reading},
    schema::{AttributeKind, Complex, Content, Type},
    simple,
    tree::{Attribute, Id, NONE, Node, Value},
};
use crate::{
    limits,
    markup::{self, PlainTag, Scanner},
};

impl<'t> Reading<'t, '_> {
    /// Reads consecutive plain elements, and skips the white space around them.
    #[inline]
    pub(super) fn plain(&mut self, scanner: &mut Scanner<'t>) {
        if scanner.is_wary() || !self.namespaces.is_task() {
            return;
        }
        let bad = self.damage.bad.first().map_or(usize::MAX, |bad| bad.at);
        let readable = self.unreadable.1.min(bad);
        while let Some(&Frame { kind: Kind::Complex(complex), .. }) = self.stack.last() {
            scanner.pass_blanks();
            let read = self.plain_element(scanner, complex, readable);
            let Some(end) = read else { break };
            scanner.pass_plain(end);
        }
    }

    /// Reads a whole element, or only its start tag if it has children. Returns the offset after it.
    #[inline]
    fn plain_element(
        &mut self,
        scanner: &Scanner<'t>,
        complex: &'static Complex,
        readable: usize,
    ) -> Option<usize> {
        let tag = scanner.plain_tag()?;
        let Some((index, row)) = complex.find(tag.name) else {
            return self.with_attribute(scanner.at(), complex, &tag, readable);
        };
        if tag.end > readable || !self.may_follow(index) {
            return None;
        }
        let (open, inside) = (scanner.at() as u32, tag.end as u32);
        let mut node = Node::new(row, index, open, inside);
        match (&row.content, tag.empty) {
            (Content::Complex(_), false) => {
                self.count(complex, index);
                self.enter(tag.name, node);
                Some(tag.end)
            }
            (Content::Marker, true) => {
                (node.close, node.end) = (open, inside);
                node.value = Value::Plain { start: inside, end: inside };
                self.elements += 1;
                self.count(complex, index);
                if let Some(frame) = self.stack.last_mut() {
                    frame.usual &= inside - open == (tag.name.len() + "< />".len()) as u32;
                }
                self.append(node);
                Some(tag.end)
            }
            (Content::Simple(ty), false) => {
                let (close, end) = scanner.plain_text(tag.end, tag.name, self.has_carriage_returns)?;
                let text = self.slice(tag.end, close);
                let is_plain = !text.is_empty() && end <= readable && row.attributes.is_empty();
                if !is_plain || !simple::is_valid(*ty, text, self.options.profile) {
                    return None;
                }
                (node.close, node.end) = (close as u32, end as u32);
                node.value = Value::Plain { start: inside, end: close as u32 };
                self.elements += 1;
                self.count(complex, index);
                if let Some(frame) = self.stack.last_mut() {
                    frame.usual &= is_spelled_as_usual(*ty, text);
                }
                self.append(node);
                Some(end)
            }
            _ => None,
        }
    }

    /// Opens an element with a single attribute in the writer's spelling, such as `id`.
    fn with_attribute(
        &mut self,
        at: usize,
        complex: &'static Complex,
        tag: &PlainTag<'t>,
        readable: usize,
    ) -> Option<usize> {
        let blank = tag.name.iter().position(|b| *b == b' ').filter(|_| !tag.empty)?;
        let name = tag.name.get(..blank)?;
        let (index, row) = complex.find(name)?;
        let ([known], Content::Complex(_)) = (row.attributes, &row.content) else { return None };
        let at_name = at + 1 + blank + 1;
        let stated = self.slice(at_name, tag.end - 1);
        let value = stated.strip_prefix(known.name)?.strip_prefix("=\"")?.strip_suffix('"')?;
        let special =
            |b| (b == b'&') | (b == b'<') | (b == b'"') | (b == b'\t') | (b == b'\n') | (b == b'\r');
        let is_plain = markup::first_of(value.as_bytes(), special).is_none();
        if tag.end > readable || !self.may_follow(index) || !is_plain || self.is_specification() {
            return None;
        }
        match known.kind {
            AttributeKind::IdRef => {}
            AttributeKind::Id if self.ids.insert(value.into()) => {}
            _ => return None,
        }
        self.count(complex, index);
        let node = Node::new(row, index, at as u32, tag.end as u32);
        self.enter(name, node);
        let id = self.tree.nodes.len() as Id - 1;
        self.tree.attributes.push(Attribute {
            node: id,
            name: known.name,
            value: value.into(),
            known: true,
            at: at_name,
        });
        Some(tag.end)
    }

    /// Opens an element with children.
    #[inline]
    fn enter(&mut self, name: &'t [u8], node: Node) {
        let Content::Complex(complex) = node.row.content else { return };
        self.elements += 1;
        self.append(node);
        let mut frame = Frame::new(Kind::Complex(complex), name, node.open as usize, node.inside as usize);
        frame.node = self.tree.nodes.len() as Id - 1;
        frame.ready = self.ready(complex, self.stack.len() + 1);
        self.stack.push(frame);
    }

    /// Whether a child of the open element needs no closer look.
    #[inline]
    fn may_follow(&self, index: usize) -> bool {
        self.stack.last().is_some_and(|frame| frame.ready >> index & 1 != 0)
            && self.elements < limits::XML_ELEMENTS
    }

    /// The children of an element at this depth that need no closer look, as bits.
    #[inline]
    fn ready(&self, complex: &'static Complex, depth: usize) -> u32 {
        if depth >= limits::XML_DEPTH {
            return 0;
        }
        let strange = if self.is_specification() { complex.windows_only } else { 0 };
        complex.known(self.version) & !strange
    }

    /// Determines which children of the open element need no closer look.
    pub(super) fn make_ready(&mut self) {
        if let Some(&Frame { kind: Kind::Complex(complex), .. }) = self.stack.last() {
            let ready = self.ready(complex, self.stack.len());
            self.stack.last_mut().into_iter().for_each(|frame| frame.ready = ready);
        }
    }

    /// Records for the parent of a closed element whether it has the writer's layout.
    #[inline]
    pub(super) fn notice_spelling(&mut self, closed: &Frame<'t>) {
        let Some(node) = self.tree.node(closed.node) else { return };
        let usual = match (&node.row.content, node.value) {
            (Content::Simple(ty), Value::Plain { start, end }) if end > start && node.close > node.open => {
                closed.usual && is_spelled_as_usual(*ty, self.tree.slice(start, end))
            }
            (Content::Simple(Type::String | Type::NonEmptyString), Value::Decoded(_)) => {
                closed.usual && is_escaped_as_usual(self.slice(node.inside as usize, node.close as usize))
            }
            (Content::Complex(complex), _) if complex.set => {
                // The members of other sets have values, whose order needs a closer look.
                complex.list.is_none() && node.in_order && node.usual && node.first_child != NONE
            }
            (Content::Complex(_), _) => {
                // An empty part has no meaning, so the model does not record it. A part that keeps nothing has no
                // layout itself.
                let has_no_trace = node.row.part && node.first_child == NONE;
                !has_no_trace && (node.in_order && node.usual || node.row.keeps_attributes())
            }
            (Content::Data, _) => closed.usual && (node.close == node.open || node.close > node.inside),
            _ => false,
        };
        if let Some(parent) = self.stack.last_mut() {
            parent.usual &= usual;
        }
    }
}

/// Whether a value is known to have the writer's spelling; false if a closer look is needed.
#[inline]
pub(super) fn is_spelled_as_usual(ty: Type, value: &str) -> bool {
    match ty {
        Type::Boolean => matches!(value, "true" | "false"),
        Type::Priority | Type::Number { .. } => value.as_bytes().first().is_some_and(|b| *b > b'0'),
        Type::Guid => value.starts_with('{') && !value.bytes().any(|b| b.is_ascii_lowercase()),
        // These types have no characters that need escaping.
        Type::DateTime | Type::Duration { .. } | Type::LenientDuration { .. } | Type::Enumeration(_) => true,
        _ => memchr::memchr(b'>', value.as_bytes()).is_none(),
    }
}

/// Whether content is known to be escaped as by the writer.
fn is_escaped_as_usual(content: &str) -> bool {
    let mut rest = content.as_bytes();
    while let Some(at) = markup::find3(rest, b'&', b'>', b'\r') {
        let behind = rest.get(at..).unwrap_or_default();
        rest = match behind {
            [b'&', b'l' | b'g', b't', b';', rest @ ..] | [b'&', b'a', b'm', b'p', b';', rest @ ..] => rest,
            _ => return false,
        };
    }
    memchr::memchr(b'<', content.as_bytes()).is_none()
}

/// Whether a tag of this name has the writer's spelling without attributes; false if it has any.
pub(super) fn is_usual_tag(text: &str, name: &str, empty: bool) -> bool {
    let usual = if empty { "< />" } else { "<>" };
    text.len() == name.len() + usual.len() && (!empty || text.ends_with(" />"))
}
