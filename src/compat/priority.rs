//! Priority classes of .JOB files and priorities of definitions (EVIDENCE.md COMPAT-06), in one table for both
//! directions.

use crate::job::Priority;

/// A class, the priority that it is converted to, and the priorities that are converted to the class.
struct Row {
    class: Priority,
    number: u8,
    /// Other priorities of the same process class.
    same: &'static [u8],
    /// Priorities between the classes of version 1 (ABOVE_NORMAL, BELOW_NORMAL), assigned to the nearest class that
    /// favours no task.
    near: &'static [u8],
}

static ROWS: [Row; 4] = [
    Row { class: Priority::REALTIME, number: 0, same: &[0], near: &[] },
    Row { class: Priority::HIGH, number: 1, same: &[1], near: &[] },
    Row { class: Priority::NORMAL, number: 5, same: &[4, 5, 6], near: &[2, 3, 7, 8] },
    Row { class: Priority::IDLE, number: 10, same: &[9, 10], near: &[] },
];

/// A class or priority, and how exactly it matches the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match<T> {
    /// An exact match in both directions.
    Exact(T),
    /// The same process class, but converting back gives another priority.
    Same(T),
    /// The nearest class.
    Nearest(T),
}

impl<T> Match<T> {
    /// The class or priority.
    pub(super) fn value(self) -> T {
        match self {
            Self::Exact(value) | Self::Same(value) | Self::Nearest(value) => value,
        }
    }
}

/// The class of a priority; NORMAL if it is above 10.
pub(super) fn class_of(number: u8) -> Match<Priority> {
    let row = |within: fn(&Row) -> &'static [u8]| ROWS.iter().find(|row| within(row).contains(&number));
    match (row(|row| row.same), row(|row| row.near)) {
        (Some(row), _) if row.number == number => Match::Exact(row.class),
        (Some(row), _) => Match::Same(row.class),
        (None, Some(row)) => Match::Nearest(row.class),
        (None, None) => Match::Nearest(Priority::NORMAL),
    }
}

/// The priority of a class; if there are several, the first in table order.
pub(super) fn number_of(class: Priority) -> Match<u8> {
    if let Some(row) = ROWS.iter().find(|row| row.class == class) {
        return Match::Exact(row.number);
    }
    let found = ROWS.iter().find(|row| class.contains(row.class));
    Match::Nearest(found.map_or(5, |row| row.number))
}
