//! Run times of AT jobs ([MS-TSCH] 2.3.4, 3.2.6.1).

use super::{
    compile::weekly,
    days::Days,
    finding::FindingKind,
    months::MonthDays,
    options::Options,
    pattern::{Clock, End, Pattern},
    patterns::{Builder, Patterns},
    timetable::Timetable,
};
use crate::{
    job::DaysOfMonth,
    rpc::atsvc::{AtFlags, AtInfo},
    time::{
        Ticks, Zone, calendar,
        ticks::{DAY, SECOND, day_of_any},
    },
};
use time::PrimitiveDateTime;

impl Patterns {
    /// Compiles an AT job added at a local time ([MS-TSCH] 2.3.4, 3.2.6.1), which determines the day on which a
    /// non-periodic job runs.
    #[must_use]
    pub fn of_at(job: &AtInfo, added: PrimitiveDateTime, options: &Options) -> Self {
        let mut builder = Builder::default();
        match patterns(job, Ticks::from_civil(added).0, options) {
            Ok(patterns) => patterns.into_iter().for_each(|pattern| builder.take(0, Ok(pattern))),
            Err(finding) => builder.take(0, Err(finding)),
        }
        builder.build()
    }
}

impl<Z: Zone> Timetable<Z> {
    /// The runs of an AT job added at a local time; see [`Patterns::of_at`].
    #[must_use]
    pub fn of_at(job: &AtInfo, added: PrimitiveDateTime, zone: Z, options: &Options) -> Self {
        Self::new(Patterns::of_at(job, added, options), zone, options)
    }
}

/// An AT job added at a local time ([MS-TSCH] 2.3.4, 3.2.6.1). A non-periodic job runs once on each of its days or,
/// without days, at the next occurrence of its time.
fn patterns(at: &AtInfo, added: i64, options: &Options) -> Result<Vec<Pattern>, FindingKind> {
    let time = i64::from(at.job_time) * (SECOND / 1000);
    if time >= DAY {
        return Err(FindingKind::OutOfRange);
    }
    // The calendar starts with day 0.
    let (today, now) = day_of_any(added.max(0));
    let mut numbered = at.days_of_month.0 & !DaysOfMonth::UNUSED;
    if at.flags.contains(AtFlags::ADD_CURRENT_DATE) {
        numbered |= 1 << (calendar::civil(today).day - 1);
    }
    // The weeks of AT jobs start on Monday.
    let week_days = (at.days_of_week.0 << 1 & 0x7E) | at.days_of_week.0 >> 6 & 1;
    let first_day = if now > time { today + 1 } else { today };
    let pattern = |days| Pattern {
        trigger: 0,
        days,
        first_day,
        time,
        clock: Clock::Local,
        end: End::Never,
        repetition: None,
        random_delay: 0,
    };
    let by_number = Days::Monthly { days: MonthDays::Numbered(numbered), months: 0xFFF };
    let by_week = weekly(week_days, 1, first_day, options);
    if numbered == 0 && week_days == 0 {
        return Ok(vec![pattern(Days::Once(first_day))]);
    }
    if at.flags.contains(AtFlags::RUN_PERIODICALLY) {
        return Ok([by_number, by_week].into_iter().filter(|days| days.any()).map(pattern).collect());
    }
    // The first day of each bit, on which the bit is cleared.
    let firsts = (0..31)
        .filter(|n| numbered >> n & 1 != 0)
        .filter_map(|n| Days::Monthly { days: MonthDays::Numbered(1 << n), months: 0xFFF }.next(first_day));
    let firsts = firsts.chain(
        (0..7u8)
            .filter(|n| week_days >> n & 1 != 0)
            .filter_map(|n| weekly(1 << n, 1, first_day, options).next(first_day)),
    );
    let days = firsts.fold(0u64, |days, day| days | 1u64.checked_shl((day - first_day) as u32).unwrap_or(0));
    Ok(vec![pattern(Days::Listed { first: first_day, days })])
}
