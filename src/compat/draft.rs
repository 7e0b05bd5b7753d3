//! What a conversion to version 1 collects on its way.

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
    /// Reports an obstacle to a value of the whole task.
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

    /// Reports an element that version 1 does not have, if it is there.
    pub(super) fn absent(&mut self, field: Field, is_there: bool) {
        if is_there {
            self.obstacle(field, ObstacleReason::NotInVersion1);
        }
    }

    /// Reports a difference of a value of the whole task.
    pub(super) fn differs(&mut self, field: Field, reason: Reason) {
        self.differences.report(field, None, reason);
    }

    /// Reports a difference in a list.
    pub(super) fn differs_in(&mut self, field: Field, index: usize, reason: Reason) {
        self.differences.report(field, index, reason);
    }

    /// Reports the loss of an element, if it is there.
    pub(super) fn lost(&mut self, field: Field, is_there: bool) {
        if is_there {
            self.differs(field, Reason::NoCounterpart);
        }
    }

    /// Reports the loss of what the schema does not define.
    pub(super) fn unknown(&mut self, extra: &Extra) {
        self.lost(Field::Unknown, !extra.is_empty());
    }
}

/// Reporting by field.
pub(super) trait Report {
    fn report(&mut self, field: Field, index: impl Into<Option<usize>>, reason: Reason);
}

impl Report for Differences {
    fn report(&mut self, field: Field, index: impl Into<Option<usize>>, reason: Reason) {
        self.push(Finding::new(Difference { field, reason }, field.place(index.into())));
    }
}
