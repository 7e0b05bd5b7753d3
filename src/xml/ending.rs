//! The end of a forgiving walk, and the elements open there.

use super::{
    finding::{Finding, FindingKind},
    reading::{Checked, Frame, Kind, Reading, Stop},
    schema::{Content, Row},
    simple,
    tree::Value,
};
use crate::{
    limits,
    markup::{self, Syntax},
};

impl Reading<'_, '_> {
    /// Ends a forgiving walk, closing all open elements.
    pub(super) fn ends(&mut self) -> Checked {
        let end = self.text.len();
        self.report_bad(end)?;
        if let Err(Stop::Syntax(syntax, at)) = self.finish() {
            self.syntax(syntax, at, "")?;
        }
        self.abandon();
        Ok(())
    }

    /// Reports that nothing after an offset is read, and ends.
    pub(super) fn unread(&mut self, syntax: Syntax, at: usize) -> Checked {
        let (start, end) = (at, self.text.len());
        let rest = self.slice(at, end);
        if rest.len() <= limits::FINDING_TEXT_BYTES {
            self.syntax(syntax, at, rest.trim_end())?;
        } else {
            self.syntax(syntax, at, "")?;
            self.mark_unread(start..end);
        }
        self.abandon();
        Ok(())
    }

    /// Records the unread range in the last finding.
    pub(super) fn mark_unread(&mut self, span: std::ops::Range<usize>) {
        let findings = self.findings.take().unwrap_or_default();
        let last = findings.iter().len();
        let mut index = 0;
        self.findings = Some(findings.map(|finding| {
            index += 1;
            match finding.into_parts() {
                (FindingKind::Violation(violation), place) if index == last => {
                    Finding::new(FindingKind::Unread { violation, start: span.start, end: span.end }, place)
                }
                (kind, place) => Finding::new(kind, place),
            }
        }));
    }

    /// Closes the elements open at the end of the text; texts keep what was read of them.
    pub(super) fn abandon(&mut self) {
        let end = self.text.len();
        while let Some(frame) = self.stack.pop() {
            if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
                node.close = end as u32;
                node.end = end as u32;
            }
            if matches!(frame.kind, Kind::Skipped) {
                self.keep_element(&frame, end as u32);
            }
            if matches!(frame.kind, Kind::Simple(_) | Kind::Marker(_)) && !self.abandon_value(&frame) {
                self.remove_last(frame.node);
                self.keep_element(&frame, end as u32);
            }
        }
    }

    /// The value of an element that is open at the end of the text; returns whether it is valid.
    pub(super) fn abandon_value(&mut self, frame: &Frame<'_>) -> bool {
        let Kind::Simple(Row { content: Content::Simple(ty), .. }) = frame.kind else { return false };
        let text = markup::text_value(self.slice(frame.inside as usize, self.text.len()));
        if frame.refused || !simple::is_valid(*ty, &text, self.options.profile) {
            return false;
        }
        self.tree.decoded.push(text);
        let value = Value::Decoded(self.tree.decoded.len() as u32 - 1);
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.value = value;
        }
        true
    }
}
