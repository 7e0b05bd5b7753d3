//! Collects the results of a conversion to version 1.

use super::{
    difference::{Difference, Differences, Reason},
    field::Field,
    obstacle::{Obstacle, ObstacleReason, Obstacles},
};
use crate::{definition::Extra, finding::Finding};

/// The obstacles and differences found so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) obstacles: Obstacles,
    pub(super) differences: Differences,
}

impl Draft {
    /// Reports an obstacle that concerns the whole task.
    pub(super) fn obstacle(&mut self, field: Field, reason: ObstacleReason) {
        self.obstacle_in(field, None, reason);
    }

    /// Reports an obstacle in a list.
    pub(super) fn obstacle_in(
        &mut self,
        field: Field,
        index: impl Into<Option<usize>>,
        reason: ObstacleReason,
    ) {
        self.obstacles.push(Finding::new(Obstacle { field, reason }, field.place(index.into())));
    }

    /// Reports an element that version 1 lacks, if it is present.
    pub(super) fn absent(&mut self, field: Field, is_there: bool) {
        if is_there {
            self.obstacle(field, ObstacleReason::NotInVersion1);
        }
    }

    /// Reports a difference that concerns the whole task.
    pub(super) fn differs(&mut self, field: Field, reason: Reason) {
        self.differences.report(field, None, reason);
    }

    /// Reports a difference in a list.
    pub(super) fn differs_in(&mut self, field: Field, index: usize, reason: Reason) {
        self.differences.report(field, index, reason);
    }

    /// Reports the loss of an element, if it is present.
    pub(super) fn lost(&mut self, field: Field, is_there: bool) {
        if is_there {
            self.differs(field, Reason::NoCounterpart);
        }
    }

    /// Reports the loss of content that the schema does not define.
    pub(super) fn unknown(&mut self, extra: &Extra) {
        self.lost(Field::Unknown, !extra.is_empty());
    }
}

/// Reports differences by field.
pub(super) trait Report {
    fn report(&mut self, field: Field, index: impl Into<Option<usize>>, reason: Reason);
}

impl Report for Differences {
    fn report(&mut self, field: Field, index: impl Into<Option<usize>>, reason: Reason) {
        self.push(Finding::new(Difference { field, reason }, field.place(index.into())));
    }
}
