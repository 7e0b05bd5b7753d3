//! Caches the instants of starts by year.
//!
//! A search over centuries may query the starts of many days, in no particular order. Each time, the zone must be
//! queried for the period around that day, or for several near a clock change. Zones are arbitrary, and an interval
//! can make thousands of days in a row look right but be wrong.
//!
//! So after the first few dozen queries, which is more than nearly every search needs, the results are cached for
//! whole years: ranges of days with the same distance from midnight. A year is examined once, period by period, and
//! the few days near a clock change individually. Where the clock changes by the same rules every year, years that
//! start on the same weekday and have the same length are alike, and there are 14 kinds of them; elsewhere, each year
//! is cached separately. A search therefore queries only as many periods as there are in 14 years, and in the years
//! with other rules.

use super::finder::{Finder, Part};
use crate::time::{
    Zone,
    calendar::{self, Civil},
    ticks::DAY,
};
use std::{collections::HashMap, ops::RangeInclusive};

/// The number of days that are queried individually.
const FEW: u32 = 48;

/// The time from a day's midnight, taken as UTC, to its start, if there is one; and the surrounding days known to
/// have the same.
pub(super) type Known = (Option<i64>, RangeInclusive<i32>);

/// The known instants of starts.
#[derive(Default)]
pub(super) struct Years {
    asked: u32,
    /// The ranges of days in years, by kind from 0 to 13, or by year number: the last day of each, counted from 1
    /// January, and the distance.
    years: HashMap<i32, Vec<(i32, Option<i64>)>>,
}

impl Years {
    /// Clears the years of one part of the calendar before another, which has other rules.
    pub(super) fn forget(&mut self) {
        self.years.clear();
    }

    /// The instant of a day's start, in a part of the calendar.
    #[inline(always)]
    pub(super) fn start_on<Z: Zone + ?Sized>(
        &mut self,
        finder: &mut Finder<'_, Z>,
        part: &Part,
        day: i32,
    ) -> Known {
        if self.asked < FEW || finder.is_steady(day) {
            self.asked += u32::from(!finder.is_steady(day));
            return ask(finder, day);
        }
        self.remembered(finder, part, day)
    }

    #[inline(never)]
    fn remembered<Z: Zone + ?Sized>(&mut self, finder: &mut Finder<'_, Z>, part: &Part, day: i32) -> Known {
        let Civil { year, .. } = calendar::civil(day);
        let first = calendar::day_number(Civil { year, month: 1, day: 1 });
        let leap = i32::from(calendar::is_leap(year));
        let last = first + 364 + leap;
        let alike = part.yearly && part.days.contains(&first) && part.days.contains(&last);
        let key = if alike { 2 * i32::from(calendar::weekday(first)) + leap } else { year };
        let stretches = self.years.entry(key).or_insert_with(|| {
            let mut stretches = Vec::new();
            let mut day = first;
            while day <= last {
                let (distance, alike) = ask(finder, day);
                let until = (*alike.end()).clamp(day, last);
                stretches.push((until - first, distance));
                day = until + 1;
            }
            stretches
        });
        let mut begin = first;
        for (end, distance) in stretches {
            let end = first + *end;
            if day <= end {
                return (*distance, begin..=end);
            }
            begin = end + 1;
        }
        ask(finder, day)
    }
}

fn ask<Z: Zone + ?Sized>(finder: &mut Finder<'_, Z>, day: i32) -> Known {
    let distance = finder.start_on(day).map(|at| at - i64::from(day) * DAY);
    (distance, finder.alike(day))
}
