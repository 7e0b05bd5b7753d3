//! Tags missing from a damaged document: ends and starts implied by its other tags.

use super::{
    error::Rule,
    reading::{Checked, Frame, Kind, Reading, Stop},
    schema::Complex,
    table::{NAMESPACE, ROOT, TASK},
};
use crate::{
    limits,
    markup::{self, Lead, Scanner, Syntax, Tag},
};

impl<'t> Reading<'t, '_> {
    /// Whether a start tag is really the end tag of the open element, which is then closed. Closes elements that must
    /// have ended before it.
    pub(super) fn was_an_end(&mut self, at: usize, end: usize, tag: &Tag<'t>) -> Result<bool, Stop> {
        let Some(top) = self.stack.last().copied() else { return Ok(false) };
        let (known, complex) = match top.kind {
            Kind::Complex(complex) => (complex.find(tag.name.as_bytes()).is_some(), Some(complex)),
            Kind::Simple(_) | Kind::Marker(_) => (false, None),
            Kind::Data => (!top.cut, None),
            Kind::Skipped => (true, None),
        };
        if known || self.is_balanced() {
            return Ok(false);
        }
        let name = tag.name.as_bytes();
        let knows = |frame: &Frame<'_>| match frame.kind {
            Kind::Complex(complex) => complex.find(name).is_some(),
            _ => false,
        };
        let own = top.name == name && !tag.empty;
        let was_end = own && !self.begins_content(end, complex);
        let Some(depth) = self.stack.iter().rposition(knows).filter(|_| !was_end) else {
            if was_end {
                self.unexpected(at, tag)?;
                self.close(at, at + 1, end)?;
            }
            return Ok(was_end);
        };
        self.unexpected(at, tag)?;
        while self.stack.len() > depth + 1 {
            self.close_implied(at)?;
        }
        Ok(false)
    }

    /// Opens a missing root around one of its sections.
    pub(super) fn imply_root(&mut self, at: usize, tag: &Tag<'t>) -> Checked {
        let complex = &TASK;
        let orphaned = complex.find(tag.name.as_bytes()).is_some();
        // Every open element but a skipped one has a node.
        if !orphaned || !self.tree.nodes.is_empty() {
            return Ok(());
        }
        self.violation(Rule::Root { found: tag.name.into() }, at, at + 1, tag.name, "")?;
        // The namespace present is the document's own.
        let own = self.namespaces.of_prefix("").filter(|own| *own != NAMESPACE).map(str::to_owned);
        self.root_namespace = own;
        self.push_node(&ROOT, 0, at);
        self.stack
            .push(Frame { node: 0, ..Frame::new(Kind::Complex(complex), ROOT.name.as_bytes(), at, at) });
        Ok(())
    }

    /// Whether a self-closing root is followed by its content.
    pub(super) fn is_torn_root(&mut self, end: usize, tag: &Tag<'t>) -> bool {
        let rest = self.slice(end, self.text.len());
        tag.empty && self.stack.is_empty() && rest.contains("</") && !self.is_balanced()
    }

    /// Reports a root that is closed before its content, as the strict walk does, and leaves it open.
    pub(super) fn keep_root_open(&mut self, at: usize, end: usize) -> Checked {
        let Some(frame) = self.stack.last().copied() else { return Ok(()) };
        if let Kind::Complex(complex) = frame.kind {
            self.close_complex(&frame, complex, at + 1)?;
        }
        let content = self.slice(end, self.text.len());
        let blanks = content.len() - content.trim_start_matches(markup::BLANKS).len();
        self.syntax(Syntax::RootElement, end + blanks, "")
    }

    /// The error of the strict walk for an unexpected element.
    pub(super) fn unexpected(&mut self, at: usize, tag: &Tag<'t>) -> Checked {
        let rule = Rule::UnknownElement { name: tag.name.into(), parent: self.parent_name() };
        self.violation(rule, at, at + 1, tag.name, "")
    }

    /// Whether the content of another element of the same name follows: text, or one of its children.
    pub(super) fn begins_content(&self, from: usize, complex: Option<&'static Complex>) -> bool {
        let rest = self.slice(from, self.text.len());
        let Some(complex) = complex else {
            return !rest.trim_start_matches(markup::BLANKS).starts_with('<');
        };
        let next = rest.find('<').and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        let name = markup::torn_start_tag(next).map_or("", |tag| tag.name);
        complex.find(name.as_bytes()).is_some()
    }

    /// Closes the open element before its end tag.
    pub(super) fn close_implied(&mut self, at: usize) -> Checked {
        let Some(frame) = self.stack.last().copied() else { return Ok(()) };
        let mut close = at;
        if matches!(frame.kind, Kind::Simple(_) | Kind::Marker(_)) {
            // Layout before the next tag is not part of the value, and neither is an end tag that lacks its `<`.
            let value = self.slice(frame.inside as usize, at).trim_end_matches(markup::BLANKS);
            let end = format!("/{}>", String::from_utf8_lossy(frame.name));
            let value = value.strip_suffix(&end).unwrap_or(value);
            close = frame.inside as usize + value.len();
        }
        self.close(close, close, close)
    }

    /// Whether all tags match, so that no guessing is needed.
    pub(super) fn is_balanced(&mut self) -> bool {
        if let Some(balanced) = self.damage.balanced {
            return balanced;
        }
        let balanced = balanced(self.text);
        self.damage.balanced = Some(balanced);
        self.tree.damaged |= !balanced;
        balanced
    }
}

/// Whether each start tag in a text has its end tag, and the markup is otherwise valid.
fn balanced(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.beware();
    let mut open: Vec<&[u8]> = Vec::new();
    loop {
        let good = match scanner.lead() {
            Lead::Nothing => return open.is_empty(),
            Lead::StartTag => scanner.start_tag().is_ok_and(|tag| {
                open.extend((!tag.empty).then_some(tag.name.as_bytes()));
                open.len() <= limits::XML_DEPTH
            }),
            Lead::EndTag => {
                let expected = open.pop().unwrap_or_default();
                scanner.end_tag(expected).is_ok_and(|name| name == expected)
            }
            // Errors in text are irrelevant here.
            Lead::Characters => {
                if scanner.characters().is_err() {
                    let at = scanner.at();
                    let rest = text.get(at..).unwrap_or_default();
                    scanner.seek(at + rest.find('<').unwrap_or(rest.len()));
                }
                true
            }
            Lead::Bang => scanner.bang().is_ok(),
            Lead::Instruction => scanner.instruction().is_ok(),
        };
        if !good {
            return false;
        }
    }
}
