//! Collects what a command cannot express.

use crate::{
    compat::{Difference, Differences, Field, Obstacle, ObstacleReason, Obstacles, Reason, shown_minutes},
    definition::Extra,
    finding::Finding,
    time::XsDuration,
};

/// What was found so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) obstacles: Obstacles,
    pub(super) differences: Differences,
}

impl Draft {
    pub(super) fn obstacle(&mut self, field: Field, index: Option<usize>, reason: ObstacleReason) {
        self.obstacles.push(Finding::new(Obstacle { field, reason }, field.place(index)));
    }

    pub(super) fn differs(&mut self, field: Field, reason: Reason) {
        self.differences.push(Finding::new(Difference { field, reason }, field.place(Some(0))));
    }

    pub(super) fn lost(&mut self, field: Field, is_there: bool) {
        if is_there {
            self.differs(field, Reason::NoCounterpart);
        }
    }

    pub(super) fn unknown(&mut self, extra: &Extra) {
        self.lost(Field::Unknown, !extra.is_empty());
    }

    pub(super) fn no_switch(&mut self, field: Field, what: &str) {
        self.obstacle(field, Some(0), ObstacleReason::NotInCommand(what.to_owned()));
    }

    /// The whole minutes of a duration.
    pub(super) fn minutes(&mut self, stated: &XsDuration, field: Field) -> Option<u32> {
        let seconds = stated.to_seconds();
        let minutes = seconds.and_then(|seconds| u32::try_from(seconds / 60).ok());
        if seconds != minutes.map(|minutes| u64::from(minutes) * 60) || stated.subsec_nanos() > 0 {
            let to = minutes.map_or("none".to_owned(), shown_minutes);
            self.differs(field, Reason::Nearest { from: stated.to_string(), to });
        }
        minutes
    }
}
