//! Collects findings.

use super::finding::{Finding, FindingKind, Findings};
use crate::error::Place;
use std::borrow::Cow;

/// The findings so far.
pub(super) struct Notes(pub(super) Findings);

impl Notes {
    pub(super) fn push(&mut self, kind: FindingKind, place: impl Into<Cow<'static, str>>) {
        self.0.push(Finding::new(kind, Place::value(place)));
    }
}
