//! Reads the plain parts of a document in one go, which is nearly all of it: known elements in the namespace of task
//! definitions, without attributes and in valid positions, with valid values without references. Anything else is
//! left to the walk, which reads it again and reports errors.

use super::{
    reading::{Frame, Kind, Reading},
    schema::{Complex, Content, Row, Type},
    simple::{self, Parsed},
    tree::{Id, NONE, Node, Value},
};
use crate::{limits, markup::Scanner};

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
        let (index, row) = complex.find(tag.name)?;
        if tag.end > readable || !self.may_follow(complex, index, row) {
            return None;
        }
        let (open, inside) = (scanner.at() as u32, tag.end as u32);
        let mut node = Node {
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
        };
        match (&row.content, tag.empty) {
            (Content::Complex(_), false) => {
                self.elements += 1;
                self.count(complex, index);
                self.append(node);
                let Content::Complex(inner) = row.content else { return None };
                let id = self.tree.nodes.len() as Id - 1;
                let frame = Frame::new(Kind::Complex(inner), tag.name, open as usize, tag.end);
                self.stack.push(Frame { node: id, ..frame });
                Some(tag.end)
            }
            (Content::Marker, true) => {
                (node.close, node.end) = (open, inside);
                node.value = Value::Plain { start: inside, end: inside };
                self.elements += 1;
                self.count(complex, index);
                self.append(node);
                Some(tag.end)
            }
            (Content::Simple(ty), false) => {
                let (close, end) = scanner.plain_text(tag.end, tag.name, self.has_carriage_returns)?;
                let text = self.slice(tag.end, close);
                if text.is_empty() || end > readable || !row.attributes.is_empty() {
                    return None;
                }
                let parsed = simple::parse(*ty, text, self.options.profile)?;
                (node.close, node.end) = (close as u32, end as u32);
                node.value = Value::Plain { start: inside, end: close as u32 };
                self.elements += 1;
                self.count(complex, index);
                if let Some(frame) = self.stack.last_mut() {
                    frame.usual &= is_spelled_as_usual(*ty, text);
                }
                self.append(node);
                if matches!(parsed, Parsed::Boundary(_) | Parsed::Duration(_)) {
                    self.tree.parsed.push((self.tree.nodes.len() as Id - 1, parsed));
                }
                Some(end)
            }
            _ => None,
        }
    }

    /// Whether the open element can have a child of this row next, as far as a quick check can tell.
    #[inline]
    fn may_follow(&self, complex: &'static Complex, index: usize, row: &'static Row) -> bool {
        let Some(frame) = self.stack.last() else { return false };
        let single = frame.seen >> index & 1 == 0 && !(row.choice && frame.seen & complex.choice != 0);
        let fits = complex.list.map_or(single, |(_, max)| (frame.count as usize) < max);
        let strange = row.windows_only || complex.ordered && frame.seen >> index != 0;
        fits && !(strange && self.is_specification())
            && self.version.is_none_or(|version| version.has(row.since))
            && self.stack.len() < limits::XML_DEPTH
            && self.elements < limits::XML_ELEMENTS
    }

    /// Records for the parent of a closed element whether it has the writer's layout.
    #[inline]
    pub(super) fn notice_spelling(&mut self, closed: &Frame<'t>) {
        let Some(node) = self.tree.node(closed.node) else { return };
        let usual = match (&node.row.content, node.value) {
            (Content::Simple(ty), Value::Plain { start, end }) if end > start && node.close > node.open => {
                closed.usual && is_spelled_as_usual(*ty, self.tree.slice(start, end))
            }
            (Content::Complex(complex), _) => {
                // An empty part has no meaning, so the model does not record it. A part that keeps nothing has no
                // layout itself.
                let has_no_trace = node.row.part && node.first_child == NONE;
                !complex.set && !has_no_trace && (node.in_order && node.usual || node.row.keeps_attributes())
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

/// Whether a tag of this name has the writer's spelling without attributes; false if it has any.
pub(super) fn is_usual_tag(text: &str, name: &str, empty: bool) -> bool {
    let usual = if empty { "< />" } else { "<>" };
    text.len() == name.len() + usual.len() && (!empty || text.ends_with(" />"))
}
