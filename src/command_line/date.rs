//! Dates, whose format depends on the computer's locale.

use super::value::{ShowPasswords, Value};
use std::fmt;
use time::{Date, Month};

/// The order of the numbers in a date. schtasks accepts only the order of the computer's locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DateOrder {
    /// `2024-01-31`, `2024/01/31`.
    YearMonthDay,
    /// `01/31/2024`, as in the United States.
    MonthDayYear,
    /// `31/01/2024`, `31.01.2024`.
    DayMonthYear,
}

crate::dtyp::macros::choice! {
    DateOrder {
        YearMonthDay = "year_month_day" => "yyyy/mm/dd",
        MonthDayYear = "month_day_year" => "mm/dd/yyyy",
        DayMonthYear = "day_month_year" => "dd/mm/yyyy",
    }
}

/// A date as it was written: three numbers.
///
/// ```
/// use time::macros::date;
/// use wintask::command_line::{DateOrder, DateText, ReadDate};
///
/// let text = DateText::new("02/03/2024").ok_or("not a date")?;
/// assert_eq!(text.read(Some(DateOrder::DayMonthYear)), Some(ReadDate::Certain(date!(2024-03-02))));
/// // Without a locale, that of the United States is assumed.
/// let read = text.read(None);
/// assert_eq!(read, Some(ReadDate::Ambiguous { assumed: date!(2024-02-03), or: date!(2024-03-02) }));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateText {
    text: String,
    numbers: [u16; 3],
    /// Whether the first number has four digits.
    year_first: bool,
}

/// The meaning of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadDate {
    /// The only valid reading.
    Certain(Date),
    /// Two valid readings; the locale decides.
    Ambiguous {
        /// The date as month, day, year.
        assumed: Date,
        /// The date as day, month, year.
        or: Date,
    },
}

impl ReadDate {
    /// The date; an ambiguous date is read as month, day, year.
    #[must_use]
    pub const fn date(self) -> Date {
        match self {
            Self::Certain(date) | Self::Ambiguous { assumed: date, .. } => date,
        }
    }
}

impl DateText {
    /// A date as written: a four-digit year, first or last, and two more numbers, separated by `/`, `-` or `.`.
    /// `None` for any other format.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut parts = text.split(['/', '-', '.']);
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
        let year_first = first.len() == 4;
        let lengths = if year_first { [4, 2, 2] } else { [2, 2, 4] };
        let number = |part: &str, most: usize| {
            let is_number = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            if is_number && (most < 4 || part.len() == 4) { part.parse().ok() } else { None }
        };
        let [a, b, c] = lengths;
        let numbers = [number(first, a)?, number(second, b)?, number(third, c)?];
        parts.next().is_none().then(|| Self { text: text.to_owned(), numbers, year_first })
    }

    /// Formats a date in this order, as Windows does.
    #[must_use]
    pub fn from_date(date: Date, order: DateOrder) -> Self {
        let (year, month, day) = (date.year().clamp(0, 9999) as u16, u8::from(date.month()), date.day());
        let (month, day) = (u16::from(month), u16::from(day));
        let (text, numbers) = match order {
            DateOrder::YearMonthDay => (format!("{year:04}-{month:02}-{day:02}"), [year, month, day]),
            DateOrder::MonthDayYear => (format!("{month:02}/{day:02}/{year:04}"), [month, day, year]),
            DateOrder::DayMonthYear => (format!("{day:02}/{month:02}/{year:04}"), [day, month, year]),
        };
        Self { text, numbers, year_first: order == DateOrder::YearMonthDay }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date; `None` if it does not exist, or not in this order. Without an order, a date that begins with its
    /// year is read as such, and any other in both orders.
    #[must_use]
    pub fn read(&self, order: Option<DateOrder>) -> Option<ReadDate> {
        let [a, b, c] = self.numbers;
        let date = |year: u16, month: u16, day: u16| {
            let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
            Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
        };
        match (self.year_first, order) {
            (true, None | Some(DateOrder::YearMonthDay)) => date(a, b, c).map(ReadDate::Certain),
            (false, Some(DateOrder::MonthDayYear)) => date(c, a, b).map(ReadDate::Certain),
            (false, Some(DateOrder::DayMonthYear)) => date(c, b, a).map(ReadDate::Certain),
            (true, Some(_)) | (false, Some(DateOrder::YearMonthDay)) => None,
            (false, None) => match (date(c, a, b), date(c, b, a)) {
                (Some(assumed), Some(or)) if assumed != or => Some(ReadDate::Ambiguous { assumed, or }),
                (Some(date), _) | (None, Some(date)) => Some(ReadDate::Certain(date)),
                (None, None) => None,
            },
        }
    }
}

impl Value for DateText {
    const EXPECTED: &'static str = "a date like 01/31/2024 or 2024-01-31";

    fn read(text: &str) -> Option<Self> {
        Self::new(text)
    }

    fn text(&self, _: ShowPasswords) -> Option<String> {
        Some(self.text.clone())
    }
}

impl fmt::Display for DateText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
