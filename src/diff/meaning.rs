//! Normal forms of values that have several spellings.

use crate::{
    definition::{Data, Schedule, TriggerKind},
    security::Sid,
    time::{Boundary, BoundaryZone, XsDuration},
};

/// A duration.
pub(super) fn duration(duration: &XsDuration) -> String {
    match (duration.whole_seconds(), duration.months(), duration.subsec_nanos()) {
        (Some(seconds), 0, 0) if u32::try_from(seconds).is_ok() => {
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            XsDuration::from_seconds(seconds).as_str().to_owned()
        }
        (Some(seconds), months, nanos) => format!("P{months}MT{seconds}.{nanos:09}S"),
        (None, ..) => duration.as_str().trim().to_owned(),
    }
}

/// A start. Days of weeks and months follow the stated clock, so the instant is not enough if the date differs in
/// UTC; otherwise only the instant counts.
pub(super) fn start(boundary: &Boundary, kind: &TriggerKind) -> String {
    let is_by_days =
        matches!(kind, TriggerKind::Calendar { schedule, .. } if !matches!(schedule, Schedule::Day { .. }));
    let other_date = match (boundary.zone(), boundary.civil(), boundary.instant()) {
        (BoundaryZone::Offset(_), Some(civil), Some(instant)) => {
            Some(civil.date()).filter(|date| is_by_days && *date != instant.date())
        }
        _ => None,
    };
    let instant = self::boundary(boundary);
    other_date.map_or_else(|| instant.clone(), |date| format!("{instant} on {date}"))
}

/// A boundary of which only the instant or local time counts.
pub(super) fn boundary(boundary: &Boundary) -> String {
    let text = match (boundary.zone(), boundary.civil(), boundary.instant()) {
        (BoundaryZone::Local, Some(civil), _) => Some(Boundary::local(civil)),
        (_, _, Some(instant)) => Some(Boundary::utc(instant)),
        _ => None,
    };
    text.as_ref().unwrap_or(boundary).as_str().trim().to_owned()
}

/// An account: its SID if it is known, otherwise its name in lower case.
pub(super) fn account(name: &str) -> String {
    Sid::from_account_name(name).map_or_else(|| name.to_lowercase(), |sid| sid.to_string())
}

/// Content: its text if it consists of text, otherwise its markup.
pub(super) fn content(data: &Data) -> String {
    data.text().unwrap_or_else(|| data.xml.clone())
}
