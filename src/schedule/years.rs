//! When the starts of a year happen, remembered.
//!
//! A search among the starts of centuries may ask of many days when their starts happen, in no order, and each time the
//! zone must be asked for the period around that day, or for several next to a change. The zones are unknown, and the
//! interval can be such that thousands of days seem to be right, one after the other, and are not.
//!
//! So after the first few dozen questions, which is more than nearly every search has, the answers are kept for whole years:
//! the stretches of days that are as far from their midnights. A year is gone through once, from period to period, and the
//! few days next to a change one by one. Where the clock is changed by the same rules every year, years that begin on the
//! same weekday and have as many days are the same, and there are 14 kinds of them; elsewhere, each year is kept by itself.
//! Therefore a search asks for as many periods as 14 years have, and those years in which the rules differ.

use super::finder::{Finder, Part};
use crate::time::{
    Zone,
    calendar::{self, Civil},
    ticks::DAY,
};
use std::{collections::HashMap, ops::RangeInclusive};

/// How many days are asked for one by one.
const FEW: u32 = 48;

/// From a day's midnight, as if it were UTC's, to its start, if there is one; and the days around it that are known to have
/// the same.
pub(super) type Known = (Option<i64>, RangeInclusive<i32>);

/// What is known of when starts happen.
#[derive(Default)]
pub(super) struct Years {
    asked: u32,
    /// The stretches of years, by their kind from 0 to 13, or by their number: the last day of each, counted from the
    /// first of January, and the distance.
    years: HashMap<i32, Vec<(i32, Option<i64>)>>,
}

impl Years {
    /// Forgets the years of a part of the calendar before another one, which has other rules.
    pub(super) fn forget(&mut self) {
        self.years.clear();
    }

    /// When the start of a day happens, which is in a part of the calendar.
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
