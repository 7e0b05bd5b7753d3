//! Days of months, by number or by week.
//!
//! The selected days of a month are 32 bits ([`MonthDays::in_month`]): those listed by number that exist in the
//! month, and the last day. For weekdays, the 7 bits of the rule are rotated to the weekday of the first and repeated
//! five times; then each week keeps or loses its 7 bits, and the last week is the last seven days. The next and
//! previous day are found month by month. No selected month is more than eight years from the next: 29 February,
//! around a century without a leap year.
//!
//! **Counting** adds up whole years, and the partial years at both ends. It examines only the two months at the ends,
//! since the number of days in a month depends on little. For days by number, all months of 31 days have the same
//! number, and so have all months of 30; only February depends on the leap day. For weekdays in the first four weeks
//! or in the last one, every month has the same number, since each weekday occurs once in each week. So the number in
//! a year is a product, and the number between two years a difference, with leap days counted by division. Only if
//! both the fourth and the last week are selected, which are the same in most months, the weekday of the year's first
//! day matters. There are 14 kinds of years; each is examined once, and after 400 years they recur in the same order.

use crate::time::calendar::{self, Civil};

/// Days of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MonthDays {
    /// Bit 0 is the first day, bit 31 the last day of the month.
    Numbered(u32),
    /// Weeks (bit 0 the first, bit 4 the last) and days of the week (bit 0 is Sunday).
    Weekdays { weeks: u8, days: u8 },
}

const LAST: u32 = 1 << 31;

impl MonthDays {
    /// The selected days of a month; bit 0 is the first.
    pub(super) fn in_month(self, year: i32, month: u8) -> u32 {
        let length = calendar::month_length(year, month);
        let existing = u32::MAX >> (32 - length);
        match self {
            Self::Numbered(days) => {
                let last = if days & LAST != 0 { 1 << (length - 1) } else { 0 };
                (days & !LAST | last) & existing
            }
            Self::Weekdays { weeks, days } => {
                let first = calendar::weekday(calendar::day_number(Civil { year, month, day: 1 }));
                // The selected days of the first week, and of all five.
                let week = (u32::from(days) << 7 | u32::from(days)) >> first & 0x7F;
                let all = week | week << 7 | week << 14 | week << 21 | week << 28;
                let last = if weeks & 0x10 != 0 { existing & !(existing >> 7) } else { 0 };
                // The seven days of each selected week.
                let counted = (u32::from(weeks & 1) * 0x7F)
                    | ((u32::from(weeks >> 1 & 1) * 0x7F) << 7)
                    | ((u32::from(weeks >> 2 & 1) * 0x7F) << 14)
                    | ((u32::from(weeks >> 3 & 1) * 0x7F) << 21);
                all & (counted | last) & existing
            }
        }
    }

    /// Whether a day is selected, in one of the given months.
    #[inline(always)]
    pub(super) fn has(self, months: u16, number: i32) -> bool {
        let Civil { year, month, day } = calendar::civil(number);
        months >> (month - 1) & 1 != 0
            && match self {
                Self::Numbered(days) => {
                    let last = days & LAST != 0 && day == calendar::month_length(year, month);
                    days >> (day - 1) & 1 != 0 || last
                }
                Self::Weekdays { weeks, days } => {
                    // No month's last seven days begin before the 22nd.
                    let last = weeks & 0x10 != 0 && day > 21 && day + 7 > calendar::month_length(year, month);
                    (last || weeks & 0xF != 0 && (weeks & 0xF) >> ((day - 1) / 7) & 1 != 0)
                        && days >> calendar::weekday(number) & 1 != 0
                }
            }
    }

    /// The days of a month that can be selected in any year, if the month is one of those given.
    pub(super) fn in_any_year(self, months: u16, month: u8) -> u32 {
        if months >> (month - 1) & 1 == 0 {
            return 0;
        }
        let length = calendar::month_length(2000, month);
        let existing = u32::MAX >> (32 - length);
        // February may be a day shorter.
        let shorter = u32::from(month == 2);
        let last = match self {
            Self::Numbered(days) if days & LAST != 0 => 1u32 << (length - 1),
            Self::Weekdays { weeks, .. } if weeks & 0x10 != 0 => 0x7F << (length - 7),
            _ => 0,
        };
        let others = match self {
            Self::Numbered(days) => days & !LAST,
            Self::Weekdays { weeks, .. } => {
                let week = |n: u32| (u32::from(weeks) >> n & 1) * (0x7F << (7 * n));
                week(0) | week(1) | week(2) | week(3)
            }
        };
        (others | last | last >> shorter) & existing
    }

    /// Whether a month has a selected day in any year.
    pub(super) fn ever_in(self, month: u8) -> bool {
        // 2000 has a leap day, and every month has every weekday in each of its first four weeks.
        self.in_month(2000, month) != 0
    }
}

impl MonthDays {
    /// The first selected day in one of the given months, from a day on.
    pub(super) fn next(self, months: u16, from: i32) -> Option<i32> {
        let Civil { mut year, mut month, day } = calendar::civil(from);
        // Only the rest of the first month is examined.
        let mut rest = u32::MAX << (day - 1);
        while year <= 9999 {
            if months >> (month - 1) & 1 != 0 {
                let found = self.in_month(year, month) & rest;
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

    /// The last selected day up to a given day.
    pub(super) fn previous(self, months: u16, until: i32) -> Option<i32> {
        if until < 0 {
            return None;
        }
        let Civil { mut year, month, day } = calendar::civil(until);
        let mut month = month;
        let mut rest = u32::MAX >> (32 - day);
        loop {
            if months >> (month - 1) & 1 != 0 {
                let found = self.in_month(year, month) & rest;
                if found != 0 {
                    let first = calendar::day_number(Civil { year, month, day: 1 });
                    return Some(first + 31 - found.leading_zeros() as i32);
                }
            }
            rest = u32::MAX;
            // The last of the given months before this one, in this year or the year before.
            let before = months & ((1 << (month - 1)) - 1);
            (year, month) = if before != 0 { (year, last_of(before)) } else { (year - 1, last_of(months)) };
            if year < 1601 || month == 0 {
                return None;
            }
        }
    }

    /// The number of selected days in the given months between two days, both included.
    pub(super) fn count(self, months: u16, from: i32, until: i32) -> u64 {
        if from > until {
            return 0;
        }
        let (low, high) = (calendar::civil(from), calendar::civil(until));
        let before = Civil { day: low.day - 1, ..low };
        let whole = self.in_years(months, low.year, high.year);
        whole + self.in_year_until(months, high) - self.in_year_until(months, before)
    }

    /// The number of selected days in a year up to a date, whose day can be 0.
    fn in_year_until(self, months: u16, Civil { year, month, day }: Civil) -> u64 {
        let so_far = if months >> (month - 1) & 1 != 0 {
            let until = (1u64 << day) - 1;
            u64::from(self.in_month(year, month)) & until
        } else {
            0
        };
        self.in_year(months & ((1 << (month - 1)) - 1), year) + u64::from(so_far.count_ones())
    }

    /// The number of selected days in the given months of a year.
    fn in_year(self, months: u16, year: i32) -> u64 {
        match self {
            Self::Numbered(days) => numbered(days, months, 28 + u32::from(calendar::is_leap(year))),
            Self::Weekdays { .. } => self.each_month().map_or_else(
                || {
                    let months = (1..=12).filter(|month| months >> (month - 1) & 1 != 0);
                    months.map(|month| u64::from(self.in_month(year, month).count_ones())).sum()
                },
                |each| each * u64::from(months.count_ones()),
            ),
        }
    }

    /// The number of selected days, if it is the same in every month: for weekdays, unless the fourth and the last
    /// week can coincide.
    fn each_month(self) -> Option<u64> {
        match self {
            Self::Weekdays { weeks, days } if weeks & FOURTH_AND_LAST != FOURTH_AND_LAST => {
                Some(u64::from((weeks & 0x1F).count_ones() * (days & 0x7F).count_ones()))
            }
            _ => None,
        }
    }

    /// The number of selected days in the given months of whole years, excluding the last.
    fn in_years(self, months: u16, first: i32, end: i32) -> u64 {
        let years = u64::from((end - first).unsigned_abs());
        match self {
            Self::Numbered(days) => {
                let leaps = |year: i32| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
                let leap_years = u64::from((leaps(end) - leaps(first)).unsigned_abs());
                (years - leap_years) * numbered(days, months, 28) + leap_years * numbered(days, months, 29)
            }
            Self::Weekdays { .. } => match self.each_month() {
                Some(each) => years * each * u64::from(months.count_ones()),
                None => self.in_years_by_kind(months, first, end),
            },
        }
    }

    /// The same for any rule: by the weekday of a year's first day and the leap day.
    fn in_years_by_kind(self, months: u16, first: i32, end: i32) -> u64 {
        const CYCLE_YEARS: i32 = 400;
        let mut kinds = [None; 14];
        let mut sum = |from: i32, end: i32| -> u64 {
            let year = |year: i32| {
                let first = calendar::weekday(calendar::day_number(Civil { year, month: 1, day: 1 }));
                let kind = usize::from(2 * first) + usize::from(calendar::is_leap(year));
                kinds
                    .get_mut(kind)
                    .map_or(0, |known| *known.get_or_insert_with(|| self.in_year(months, year)))
            };
            (from..end).map(year).sum()
        };
        let cycles = (end - first) / CYCLE_YEARS;
        let whole =
            if cycles > 0 { sum(first, first + CYCLE_YEARS) * u64::from(cycles.unsigned_abs()) } else { 0 };
        whole + sum(first + CYCLE_YEARS * cycles, end)
    }
}

/// The last of a set of months; 0 if the set is empty.
fn last_of(months: u16) -> u8 {
    (16 - (months & 0xFFF).leading_zeros()) as u8
}

const FOURTH_AND_LAST: u8 = 0x18;

/// January, March, May, July, August, October, December; and April, June, September, November.
const LONG: u16 = 0b1010_1101_0101;
const SHORT: u16 = 0b0101_0010_1000;
const FEBRUARY: u16 = 0b10;

/// The number of numbered days in the given months, with the given length of February.
fn numbered(days: u32, months: u16, february: u32) -> u64 {
    let last = days >> 31;
    // The last day counts once, even if it is also listed by number.
    let of = |length: u32| {
        let existing = days & (u32::MAX >> (33 - length));
        existing.count_ones() + (last | days >> (length - 1) & 1)
    };
    let count = (months & LONG).count_ones() * of(31)
        + (months & SHORT).count_ones() * of(30)
        + (months & FEBRUARY).count_ones() * of(february);
    count.into()
}
