//! On which days a trigger runs: the rules of the calendar in closed form, by day numbers
//! ([`calendar`](crate::time::calendar)).

use crate::time::calendar::{self, CYCLE, Civil, LAST_DAY};

/// A rule for days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Days {
    /// One day.
    Once(i32),
    /// Every so many days from the first on.
    Every { first: i32, interval: i32 },
    /// Days of the week, of every so many weeks.
    Weekly {
        /// Bits by the position in the week.
        days: u8,
        interval: i32,
        /// Added to a day's number to have weeks begin at multiples of 7.
        shift: i32,
        /// The first week that counts.
        week: i32,
    },
    /// Days of the month, by number or by week.
    Monthly { days: MonthDays, months: u16 },
    /// Up to 64 days from one on, bit by bit.
    Listed { first: i32, days: u64 },
}

/// Days of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MonthDays {
    /// Bit 0 is the first, bit 31 the last, whichever that is.
    Numbered(u32),
    /// Weeks (bit 0 the first, bit 4 the last) and days of the week (bit 0 is Sunday).
    Weekdays { weeks: u8, days: u8 },
}

const LAST: u32 = 1 << 31;

impl MonthDays {
    /// The days of a month that count: bit 0 is the first.
    fn in_month(self, year: i32, month: u8) -> u32 {
        let length = calendar::month_length(year, month);
        let existing = u32::MAX >> (32 - length);
        match self {
            Self::Numbered(days) => {
                let last = if days & LAST != 0 { 1 << (length - 1) } else { 0 };
                (days & !LAST | last) & existing
            }
            Self::Weekdays { weeks, days } => {
                let first = calendar::weekday(calendar::day_number(Civil { year, month, day: 1 }));
                // The days of the first week that count, and of all five.
                let week = (u32::from(days) << 7 | u32::from(days)) >> first & 0x7F;
                let all = week | week << 7 | week << 14 | week << 21 | week << 28;
                let last = if weeks & 0x10 != 0 { existing & !(existing >> 7) } else { 0 };
                // The seven days of each week that counts.
                let counted = (u32::from(weeks & 1) * 0x7F)
                    | ((u32::from(weeks >> 1 & 1) * 0x7F) << 7)
                    | ((u32::from(weeks >> 2 & 1) * 0x7F) << 14)
                    | ((u32::from(weeks >> 3 & 1) * 0x7F) << 21);
                all & (counted | last) & existing
            }
        }
    }

    /// Whether a month has such a day in any year.
    fn ever_in(self, month: u8) -> bool {
        // 2000 has a leap day, and every month has every weekday in each of its first four weeks.
        self.in_month(2000, month) != 0
    }
}

impl Days {
    /// Whether any day counts.
    pub(super) fn any(self) -> bool {
        match self {
            Self::Once(_) => true,
            Self::Every { interval, .. } => interval > 0,
            Self::Weekly { days, interval, .. } => days != 0 && interval > 0,
            Self::Monthly { days, months } => (1..=12).any(|m| months >> (m - 1) & 1 != 0 && days.ever_in(m)),
            Self::Listed { days, .. } => days != 0,
        }
    }

    /// The first day that counts, from a day on.
    #[inline]
    pub(super) fn next(self, from: i32) -> Option<i32> {
        let from = from.max(0);
        if from > LAST_DAY {
            return None;
        }
        let found = match self {
            Self::Once(day) => (from <= day).then_some(day),
            Self::Every { first, interval } if from > first => {
                let past = (from - first + interval - 1) / interval;
                first.checked_add(past.checked_mul(interval)?)
            }
            Self::Every { first, .. } => Some(first),
            Self::Weekly { days, interval, shift, week } => {
                let from = from.max(week * 7 - shift) + shift;
                let (this, position) = (from / 7, from % 7);
                let ahead = (interval - (this - week) % interval) % interval;
                let rest = if ahead == 0 { u32::from(days) >> position } else { 0 };
                Some(if rest != 0 {
                    from + rest.trailing_zeros() as i32 - shift
                } else {
                    let ahead = if ahead == 0 { interval } else { ahead };
                    (this + ahead) * 7 + days.trailing_zeros() as i32 - shift
                })
            }
            Self::Monthly { days, months } => next_in_months(days, months, from),
            Self::Listed { first, days } => {
                let skipped = (from - first).max(0);
                let rest = days.checked_shr(skipped as u32).unwrap_or(0);
                (rest != 0).then(|| first + skipped + rest.trailing_zeros() as i32)
            }
        };
        found.filter(|day| *day <= LAST_DAY)
    }

    /// The last day that counts, up to a day.
    pub(super) fn previous(self, until: i32) -> Option<i32> {
        let until = until.min(LAST_DAY);
        let found = match self {
            Self::Once(day) => (day <= until).then_some(day),
            Self::Every { first, interval } => (first <= until).then(|| until - (until - first) % interval),
            Self::Weekly { days, interval, shift, week } => {
                let (this, position) = ((until + shift).div_euclid(7), (until + shift).rem_euclid(7));
                let late = (this - week).rem_euclid(interval);
                let so_far = if late == 0 { days & (0x7F >> (6 - position)) } else { 0 };
                let (week_of, days) = match (so_far, late) {
                    (0, 0) => (this - interval, days),
                    (0, late) => (this - late, days),
                    (days, _) => (this, days),
                };
                let highest = 7 - days.leading_zeros() as i32;
                (week_of >= week).then(|| week_of * 7 + highest - shift)
            }
            Self::Monthly { days, months } => previous_in_months(days, months, until),
            Self::Listed { first, days } => {
                let kept = (until - first + 1).clamp(0, 64) as u32;
                let so_far = if kept == 64 { days } else { days & ((1 << kept) - 1) };
                (so_far != 0).then(|| first + 63 - so_far.leading_zeros() as i32)
            }
        };
        found.filter(|day| *day >= 0)
    }

    /// The days that count up to one of them, as arithmetic progressions: the last day of each, and how many days there
    /// are from one to the next. None for days that have another order.
    pub(super) fn progressions(self, until: i32) -> Option<impl Iterator<Item = (i32, i64)>> {
        let (count, step) = match self {
            Self::Every { interval, .. } => (1, i64::from(interval)),
            Self::Weekly { days, interval, .. } => (days.count_ones() as usize, 7 * i64::from(interval)),
            Self::Once(_) | Self::Monthly { .. } | Self::Listed { .. } => return None,
        };
        // The last few days are one of each.
        let days = std::iter::successors(Some(until), move |day| self.previous(day - 1));
        Some(days.take(count).map(move |day| (day, step)))
    }

    /// How many days count from one day to another, both included.
    pub(super) fn count(self, from: i32, until: i32) -> u64 {
        let (Some(first), Some(last)) = (self.next(from), self.previous(until)) else { return 0 };
        if first > last {
            return 0;
        }
        let between = |days: i32| u64::try_from(days).unwrap_or(0);
        match self {
            Self::Once(_) => 1,
            Self::Every { interval, .. } => between((last - first) / interval) + 1,
            Self::Weekly { days, interval, shift, .. } => {
                let (low, high) = (first + shift, last + shift);
                let cycles = (high / 7 - low / 7) / interval;
                let ones = |bits: u8| u64::from(bits.count_ones());
                // All of every week that counts, less what is before the first day and behind the last.
                let before = days & !(0x7F << (low % 7));
                let behind = days & (0x7E << (high % 7));
                ones(days) * (between(cycles) + 1) - ones(before) - ones(behind)
            }
            Self::Monthly { days, months } => count_in_months(days, months, first, last),
            Self::Listed { first: base, days } => {
                let mut day = first;
                let mut count = 0;
                while day <= last {
                    count += u64::from(days >> (day - base) & 1 != 0);
                    day += 1;
                }
                count
            }
        }
    }
}

/// The days that count, one after the other: cheap from one to the next, as those of a week or a month are looked up
/// together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    days: Days,
    /// The day that bit 0 of `bits` stands for.
    base: i32,
    bits: u64,
    /// The month of `base`, where days go by months.
    year: i32,
    month: u8,
}

impl Walk {
    /// Those from a day on.
    pub(super) fn new(days: Days, from: i32) -> Self {
        let mut walk = Self { days, base: 0, bits: 0, year: 0, month: 0 };
        let Some(first) = days.next(from) else {
            walk.days = Days::Listed { first: 0, days: 0 };
            return walk;
        };
        (walk.base, walk.bits) = (first, 1);
        match days {
            Days::Once(_) | Days::Every { .. } => {}
            Days::Weekly { days, shift, .. } => {
                let position = (first + shift) % 7;
                (walk.base, walk.bits) = (first - position, u64::from(days >> position << position));
            }
            Days::Monthly { days, .. } => {
                let Civil { year, month, day } = calendar::civil(first);
                let rest = u32::MAX << (day - 1);
                walk.base = first + 1 - i32::from(day);
                walk.bits = u64::from(days.in_month(year, month) & rest);
                (walk.year, walk.month) = (year, month);
            }
            Days::Listed { first: base, days } => (walk.base, walk.bits) = (first, days >> (first - base)),
        }
        walk
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<i32> {
        while self.bits == 0 {
            self.turn()?;
        }
        let day = self.base + self.bits.trailing_zeros() as i32;
        self.bits &= self.bits - 1;
        (day <= LAST_DAY).then_some(day)
    }

    /// Goes to the next week or month.
    #[inline(never)]
    fn turn(&mut self) -> Option<()> {
        match self.days {
            Days::Once(_) | Days::Listed { .. } => return None,
            Days::Every { interval, .. } => {
                self.base = self.base.checked_add(interval)?;
                self.bits = 1;
            }
            Days::Weekly { days, interval, .. } => {
                self.base = self.base.checked_add(interval.checked_mul(7)?)?;
                self.bits = days.into();
            }
            Days::Monthly { days, months } => {
                self.base += i32::from(calendar::month_length(self.year, self.month));
                self.month += 1;
                if self.month > 12 {
                    (self.year, self.month) = (self.year + 1, 1);
                }
                if months >> (self.month - 1) & 1 != 0 {
                    self.bits = days.in_month(self.year, self.month).into();
                }
            }
        }
        (self.base <= LAST_DAY).then_some(())
    }
}

fn next_in_months(days: MonthDays, months: u16, from: i32) -> Option<i32> {
    let Civil { mut year, mut month, day } = calendar::civil(from);
    // Only the rest of the first month counts.
    let mut rest = u32::MAX << (day - 1);
    while year <= 9999 {
        if months >> (month - 1) & 1 != 0 {
            let found = days.in_month(year, month) & rest;
            if found != 0 {
                let first = calendar::day_number(Civil { year, month, day: 1 });
                return Some(first + found.trailing_zeros() as i32);
            }
        }
        rest = u32::MAX;
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    None
}

fn previous_in_months(days: MonthDays, months: u16, until: i32) -> Option<i32> {
    if until < 0 {
        return None;
    }
    let Civil { mut year, month, day } = calendar::civil(until);
    let mut month = month;
    let mut rest = u32::MAX >> (32 - day);
    loop {
        if months >> (month - 1) & 1 != 0 {
            let found = days.in_month(year, month) & rest;
            if found != 0 {
                let first = calendar::day_number(Civil { year, month, day: 1 });
                return Some(first + 31 - found.leading_zeros() as i32);
            }
        }
        rest = u32::MAX;
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        if year < 1601 {
            return None;
        }
    }
}

/// Whole cycles of 400 years by one of them, the rest month by month.
fn count_in_months(days: MonthDays, months: u16, first: i32, last: i32) -> u64 {
    let cycles = (last - first) / CYCLE;
    let within = |from: i32, until: i32| -> u64 {
        let (low, high) = (calendar::civil(from), calendar::civil(until));
        let mut count = 0;
        let (mut year, mut month) = (low.year, low.month);
        while (year, month) <= (high.year, high.month) {
            if months >> (month - 1) & 1 != 0 {
                let mut bits = days.in_month(year, month);
                if (year, month) == (low.year, low.month) {
                    bits &= u32::MAX << (low.day - 1);
                }
                if (year, month) == (high.year, high.month) {
                    bits &= u32::MAX >> (32 - high.day);
                }
                count += u64::from(bits.count_ones());
            }
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        count
    };
    let whole = if cycles > 0 { within(first, first + CYCLE - 1) * cycles as u64 } else { 0 };
    whole + within(first + cycles * CYCLE, last)
}
