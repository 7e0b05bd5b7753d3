//! Elements of a damaged document that are read a second time because the first reading was wrong.

use super::{
    reading::{Kind, Reading, Stop},
    table::ROOT,
};
use crate::markup::{self, Scanner, Syntax, Tag};

impl<'t> Reading<'t, '_> {
    /// Whether an element with an unknown name is the one that its end tag names.
    pub(super) fn is_named_by(&self, name: &str) -> bool {
        let outer = self.stack.iter().rev().find(|frame| !matches!(frame.kind, Kind::Skipped));
        match outer.map(|frame| frame.kind) {
            Some(Kind::Complex(complex)) => complex.find(name.as_bytes()).is_some(),
            Some(_) => false,
            None => name == ROOT.name && self.tree.nodes.is_empty(),
        }
    }

    /// Reads a skipped element again under this name; returns whether it does.
    pub(super) fn reads_as(&mut self, name: &str, at: usize) -> Result<bool, Stop> {
        let lowest = self.stack.iter().rposition(|frame| !matches!(frame.kind, Kind::Skipped));
        let lowest = lowest.map_or(0, |outer| outer + 1);
        if lowest + 1 < self.stack.len() {
            // The outer elements have no end.
            self.stack.truncate(lowest + 1);
            return Ok(self.reads_again(at));
        }
        let Some(&frame) = self.stack.last() else { return Ok(false) };
        let inside = frame.inside as usize;
        if !self.may_read_again(inside, at) {
            return Ok(false);
        }
        self.stack.pop();
        self.namespaces.leave(self.stack.len());
        let open = frame.open as usize;
        let mut lost = String::new();
        let torn = markup::torn_start_tag(self.slice(open + 1, inside));
        let attributes = torn.map_or("", |torn| torn.attributes);
        let name_size = torn.map_or(0, |torn| torn.name.len());
        markup::torn_attributes(attributes, open + 1 + name_size, &mut self.attributes, &mut lost);
        let outer = self.stack.last().map(|frame| frame.kind);
        let row = match outer {
            Some(Kind::Complex(complex)) => complex.find(name.as_bytes()).map(|(_, row)| row),
            _ => Some(&ROOT),
        };
        let Some(row) = row else { return Ok(false) };
        if self.stack.is_empty() {
            self.root_seen = false;
        }
        self.damage.seek = Some(inside);
        self.open(open, inside, &Tag { name: row.name, attributes, empty: false, plain: true })?;
        Ok(true)
    }

    /// Reads the open element again because its end is missing: an unknown element as a tag without content, Data up
    /// to the next known element. Returns whether it does.
    pub(super) fn reads_again(&mut self, at: usize) -> bool {
        let Some(&frame) = self.stack.last() else { return false };
        let inside = frame.inside as usize;
        let parent = self.stack.len().checked_sub(2).and_then(|parent| self.stack.get(parent));
        let outer = parent.is_none_or(|parent| matches!(parent.kind, Kind::Complex(_)));
        let childless = frame.node as usize + 1 == self.tree.nodes.len();
        let again = match frame.kind {
            Kind::Skipped => outer && parent.is_some(),
            Kind::Data => !frame.cut && childless,
            _ => false,
        };
        if !again || !self.may_read_again(inside, at) {
            return false;
        }
        if matches!(frame.kind, Kind::Skipped) {
            self.stack.pop();
            self.keep_element(&frame, frame.inside);
        } else if let Some(frame) = self.stack.last_mut() {
            frame.cut = true;
        }
        self.namespaces.leave(self.stack.len());
        self.damage.seek = Some(inside);
        true
    }

    /// Whether the limit still allows reading from `inside` to `at` again.
    pub(super) fn may_read_again(&mut self, inside: usize, at: usize) -> bool {
        let again = self.damage.again + at.saturating_sub(inside);
        let may = again <= self.text.len();
        if may {
            self.damage.again = again;
            self.damage.reported = self.damage.reported.max(at);
        }
        may
    }

    /// At the end of the text: whether an unclosed element is read again.
    pub(super) fn resumes(&mut self, scanner: &mut Scanner<'t>) -> Result<bool, Stop> {
        let at = scanner.at();
        if self.stack.is_empty() {
            return Ok(false);
        }
        scanner.beware();
        self.syntax(Syntax::End, at, "")?;
        // Elements open inside a skipped one are dropped with it.
        while let [.., below, top] = self.stack.as_slice()
            && matches!(top.kind, Kind::Skipped)
            && !matches!(below.kind, Kind::Complex(_))
        {
            self.stack.pop();
        }
        let again = self.reads_again(at);
        self.damage.reported = self.damage.reported.max(at + 1);
        Ok(again)
    }
}
