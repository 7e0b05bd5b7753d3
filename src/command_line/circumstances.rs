//! The context in which a command line is interpreted.

use super::{
    check::report,
    date::{DateOrder, DateText, ReadDate},
    finding::{FindingKind, Findings},
    switch::Switch,
};
use time::{Date, PrimitiveDateTime};

/// The context of a command line: its meaning depends on the computer and the time.
///
/// ```
/// use time::macros::datetime;
/// use wintask::command_line::{Circumstances, DateOrder};
///
/// let here = Circumstances::new(datetime!(2024-01-15 09:30)).with_date_order(DateOrder::DayMonthYear).with_user(r"HOST\alice");
/// assert_eq!(here.user.as_deref(), Some(r"HOST\alice"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Circumstances {
    /// The local time at which the command runs.
    pub now: PrimitiveDateTime,
    /// The date order of the computer's locale. If unknown, ISO 8601 and the order of the United States are tried.
    pub date_order: Option<DateOrder>,
    /// The user who runs the command.
    pub user: Option<String>,
}

impl Circumstances {
    /// The given time, with an unknown locale and user.
    #[must_use]
    pub const fn new(now: PrimitiveDateTime) -> Self {
        Self { now, date_order: None, user: None }
    }

    /// Sets the order of dates.
    #[must_use]
    pub fn with_date_order(self, order: DateOrder) -> Self {
        Self { date_order: Some(order), ..self }
    }

    /// Sets the user who runs the command.
    #[must_use]
    pub fn with_user(self, user: impl Into<String>) -> Self {
        Self { user: Some(user.into()), ..self }
    }

    /// The date of a switch; without the switch, today.
    pub(super) fn date(
        &self,
        text: Option<&DateText>,
        switch: Switch,
        findings: &mut Findings,
    ) -> Option<Date> {
        let text = text?;
        let read = text.read(self.date_order);
        match read {
            None => report(FindingKind::NoSuchDate(text.to_string()), switch, findings),
            Some(ReadDate::Ambiguous { assumed, or }) => {
                let kind = FindingKind::AmbiguousDate { text: text.to_string(), assumed, or };
                report(kind, switch, findings);
            }
            Some(ReadDate::Certain(_)) => {}
        }
        read.map(ReadDate::date)
    }
}
