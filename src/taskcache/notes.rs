//! Collects findings by location, and decodes text.

use super::{
    error::{Error, ErrorKind},
    finding::{FindingKind, Findings},
    wire::RawText,
};
use crate::{dtyp::WideString, error::Place, finding::Finding};

/// The findings so far, and the current location.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) findings: Findings,
    /// The first violation, even if its finding was only counted.
    pub(super) violation: Option<Error>,
    /// The value, and the index of the list element.
    place: Option<(&'static str, Option<usize>)>,
    /// The field where the current structure ends, if it is truncated: `User.Sid`.
    cut: Option<String>,
    /// Whether the findings are not needed and may be incomplete.
    is_unread: bool,
}

impl Notes {
    /// For callers that do not need the findings.
    pub(super) fn unread() -> Self {
        Self { is_unread: true, ..Self::default() }
    }

    /// Reports a field at the current location.
    #[cold]
    pub(super) fn push(&mut self, field: &str, kind: FindingKind) {
        let dot = if field.is_empty() { "" } else { "." };
        let place = Place::value(match self.place {
            None => field.to_owned(),
            Some((value, None)) => format!("{value}{dot}{field}"),
            Some((value, Some(index))) => format!("{value}[{index}]{dot}{field}"),
        });
        self.findings.push(Finding::new(kind, place));
    }

    /// Reports a violation, which has its own location.
    #[cold]
    pub(super) fn violation(&mut self, error: Error) {
        self.findings.push(error.clone());
        self.violation.get_or_insert(error);
    }

    /// Reports a violation that concerns a whole value.
    #[cold]
    pub(super) fn invalid(&mut self, kind: ErrorKind, value: &'static str) {
        self.violation(Error::new(kind, Place::value(value)));
    }

    /// Enters a value, or an element of its list, while `work` runs.
    pub(super) fn within<T>(
        &mut self,
        value: &'static str,
        element: impl Into<Option<usize>>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let outer = self.place.replace((value, element.into()));
        let result = work(self);
        self.place = outer;
        result
    }

    /// Like `within`, for the readable part of a truncated element or value.
    pub(super) fn within_cut<T>(
        &mut self,
        value: &'static str,
        element: impl Into<Option<usize>>,
        stop: Option<&Error>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let field = stop.and_then(|stop| stop.place().path().split_once('.'));
        self.cut = field.map(|(_, field)| field.to_owned());
        let result = self.within(value, element, work);
        self.cut = None;
        result
    }

    /// Whether a field was read, given the order in which fields are stored. Always true unless the structure is
    /// truncated.
    pub(super) fn has(&self, order: &[&[&str]], field: &str) -> bool {
        self.cut.as_deref().is_none_or(|cut| is_before(order, field, cut))
    }

    /// Like `has`, for a field of a nested structure.
    pub(super) fn has_within(&self, part: &str, order: &[&[&str]], field: &str) -> bool {
        let cut = self.cut.as_deref().and_then(|cut| cut.strip_prefix(part)?.strip_prefix('.'));
        cut.is_none_or(|cut| is_before(order, field, cut))
    }

    /// Whether an account was read. Its last field, the name, may be missing.
    pub(super) fn has_user(&self, order: &[&[&str]]) -> bool {
        self.has(order, "User") || self.cut.as_deref() == Some("User.Name")
    }

    /// The text, or `None` if it is empty.
    pub(super) fn text(&mut self, field: &str, raw: &RawText) -> Option<String> {
        if !raw.0.len().is_multiple_of(2) {
            self.push(field, FindingKind::HalfUnit);
        }
        self.wide(field, &raw.to_wide())
    }

    /// Like `text`, for text without its final NUL.
    pub(super) fn wide(&mut self, field: &str, wide: &WideString) -> Option<String> {
        if wide.is_empty() {
            return None;
        }
        if let Some(at) = wide.units().iter().position(|unit| *unit == 0) {
            self.push(field, FindingKind::Nul(at));
        }
        Some(wide.to_text().unwrap_or_else(|error| {
            self.push(field, FindingKind::NotUtf16(error));
            wide.to_string()
        }))
    }

    /// Reports a value out of range.
    #[cold]
    pub(super) fn out_of_range(&mut self, field: &str, value: impl Into<u64>, allowed: &'static str) {
        self.push(field, FindingKind::OutOfRange { value: value.into(), allowed });
    }

    /// Reports a value that cannot be stored.
    #[cold]
    pub(super) fn not_storable(&mut self, field: &str, value: impl ToString) {
        self.push(field, FindingKind::NotStorable(value.to_string()));
    }

    /// Reports that a value is stored in another form, if it is.
    pub(super) fn written(&mut self, field: &str, from: &str, to: impl FnOnce() -> String) {
        if self.is_unread {
            return;
        }
        let to = to();
        if from != to {
            self.push(field, FindingKind::Written { from: from.to_owned(), to });
        }
    }
}

/// Whether a field precedes the one at which a structure ends.
fn is_before(order: &[&[&str]], field: &str, cut: &str) -> bool {
    let cut = cut.split(['.', '[']).next().unwrap_or(cut);
    order.iter().copied().flatten().take_while(|one| **one != cut).any(|one| *one == field)
}
