//! Peers for the run times.

use rrule::RRuleSet;
use std::hint::black_box;
use time::{
    Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, UtcOffset,
    macros::{date, datetime, time},
};

pub const WEEKLY: &str = "DTSTART:20240101T020000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,FR";
pub const MONTHLY: &str = "DTSTART:20240101T020000Z\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15,31";

/// The fields of an occurrence: the local time and the instant.
pub type Run = (PrimitiveDateTime, OffsetDateTime);

/// Every second week on Monday and Friday at 02:00 by a clock: two runs a fortnight, four days apart.
pub fn weekly(count: usize, offset: UtcOffset, mut take: impl FnMut(Run)) {
    let (monday, friday) = (datetime!(2024-01-01 2:00), datetime!(2024-01-05 2:00));
    for fortnight in 0..count as i64 / 2 {
        for first in [monday, friday] {
            let local = first + Duration::weeks(2 * fortnight);
            take((local, local.assume_offset(offset).to_offset(UtcOffset::UTC)));
        }
    }
}

/// The same without a formula: each run is the previous one plus some days, which leaves the compiler with additions.
pub fn weekly_by_addition(count: usize, offset: UtcOffset, mut take: impl FnMut(Run)) {
    let mut monday = date!(2024 - 01 - 01);
    for _ in 0..count / 2 {
        for date in [monday, monday + Duration::days(4)] {
            let local = date.with_time(time!(2:00));
            take((local, local.assume_offset(offset).to_offset(UtcOffset::UTC)));
        }
        monday += Duration::weeks(2);
    }
}

/// The 1st, the 15th and the 31st at 02:00 by a clock, of every month that has them.
pub fn monthly(count: usize, offset: UtcOffset, mut take: impl FnMut(Run)) {
    let (mut year, mut month, mut taken) = (2024, Month::January, 0);
    loop {
        for day in [1, 15, 31] {
            let Ok(date) = Date::from_calendar_date(year, month, day) else { continue };
            let local = date.with_time(time!(2:00));
            take((local, local.assume_offset(offset).to_offset(UtcOffset::UTC)));
            taken += 1;
            if taken == count {
                return;
            }
        }
        month = month.next();
        year += i32::from(month == Month::January);
    }
}

/// Every quarter of an hour from 02:00 on, by a clock.
pub fn repeating(count: usize, offset: UtcOffset, mut take: impl FnMut(Run)) {
    let mut local = datetime!(2024-01-01 2:00);
    for _ in 0..count {
        take((local, local.assume_offset(offset).to_offset(UtcOffset::UTC)));
        local += Duration::minutes(15);
    }
}

fn set(rule: &str) -> RRuleSet {
    rule.parse().expect("a rule")
}

/// Its occurrences, in seconds since 1970.
pub fn rrule(rule: &str, count: usize) -> Vec<i64> {
    let set = set(rule);
    set.into_iter().take(count).map(|at| at.timestamp()).collect()
}

/// A call that iterates over them.
pub fn rrule_call(rule: &str, count: usize) -> Box<dyn Fn()> {
    let set = set(rule);
    Box::new(move || {
        for at in black_box(&set).into_iter().take(count) {
            black_box(at);
        }
    })
}
