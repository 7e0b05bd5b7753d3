//! The Gregorian calendar as day numbers: day 0 is 1601-01-01, a Monday, and everything repeats after [`CYCLE`] days.

/// Days in 400 years.
pub(crate) const CYCLE: i32 = 146_097;

/// The last day of the year 9999.
pub(crate) const LAST_DAY: i32 = 3_067_670;

/// Days from 1600-03-01 to 1601-01-01. Internally years start on 1 March, so that they end with their leap day.
const SHIFT: i32 = 306;

/// A date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Civil {
    pub(crate) year: i32,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
}

/// The date of a day number from 0 to [`LAST_DAY`]; numbers outside this range give the first or last date.
///
/// C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022).
pub(crate) fn civil(day: i32) -> Civil {
    let shifted = (day.clamp(0, LAST_DAY) + SHIFT) as u32;
    let quarters = 4 * shifted + 3;
    let (century, rest) = (quarters / CYCLE as u32, quarters % CYCLE as u32);
    let product = 2_939_745 * u64::from(rest | 3);
    let year_of_century = (product >> 32) as u32;
    let day_of_year = (product as u32) / 2_939_745 / 4;
    let affine = 2141 * day_of_year + 197_913;
    let (month, day) = (affine >> 16, (affine & 0xFFFF) / 2141);
    let next = u32::from(day_of_year >= SHIFT as u32);
    Civil {
        year: (1600 + 100 * century + year_of_century + next) as i32,
        month: (month - 12 * next) as u8,
        day: (day + 1) as u8,
    }
}

/// The day number of a date in 1201 or later. Days after the end of the month continue into the next month.
pub(crate) fn day_number(date: Civil) -> i32 {
    let early = u32::from(date.month <= 2);
    // One cycle earlier, so that no value is negative.
    let year = (date.year - 1200) as u32 - early;
    let month = u32::from(date.month) + 12 * early;
    let century = year / 100;
    let years = 1461 * year / 4 - century + century / 4;
    let months = (979 * month - 2919) / 32;
    (years + months) as i32 + i32::from(date.day) - 1 - SHIFT - CYCLE
}

pub(crate) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days in a month, 1 to 12.
pub(crate) fn month_length(year: i32, month: u8) -> u8 {
    match month {
        2 => 28 + u8::from(is_leap(year)),
        _ => 30 | (month ^ (month >> 3)) & 1,
    }
}

/// The weekday of a day number in 1201 or later, 0 (Sunday) to 6.
pub(crate) fn weekday(day: i32) -> u8 {
    // A cycle is a whole number of weeks.
    ((day + 1 + CYCLE) as u32 % 7) as u8
}
