//! The comparison rules ([MS-EVEN6] 2.2.15.2; facts/event_query.md 3.2 and 3.3).

use super::event::Type;
use crate::time::{BoundaryParts, Ticks};
use std::{borrow::Cow, cmp::Ordering};
use uuid::Uuid;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub(super) fn from_symbol(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// Whether it holds for two values in this order. What has none (not a number) differs from everything.
    fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Less => order.is_some_and(Ordering::is_lt),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order.is_some_and(Ordering::is_gt),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }

    fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// A number: exact where it is a natural one of 64 bits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Natural(u64),
    Double(f64),
}

impl Number {
    pub(super) fn from_signed(value: i64) -> Self {
        u64::try_from(value).map_or(Self::Double(value as f64), Self::Natural)
    }

    /// Digits, `0x` and hex digits, or a double: `[sign] digits [. digits] [d|e [sign] digits]`, white space around
    /// them aside.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
            return u64::from_str_radix(digits, 16).ok().filter(|_| hex).map(Self::Natural);
        }
        if text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(natural) = text.parse()
        {
            return Some(Self::Natural(natural));
        }
        let lexical =
            |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'd' | b'D' | b'e' | b'E');
        let double =
            if text.contains(['d', 'D']) { text.replace(['d', 'D'], "e").into() } else { Cow::from(text) };
        double.parse().ok().filter(|_| text.bytes().all(lexical)).map(Self::Double)
    }

    fn to_double(self) -> f64 {
        match self {
            Self::Natural(n) => n as f64,
            Self::Double(n) => n,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Natural(a), Self::Natural(b)) => Some(a.cmp(&b)),
            (a, b) => a.to_double().partial_cmp(&b.to_double()),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Number(Number),
    /// A text in quotes. It may stand for a number, a GUID, a time or a Boolean, too; the left side decides.
    Text(Box<str>),
}

impl Constant {
    /// The number that it is or stands for.
    pub(super) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => Number::parse(text),
        }
    }
}

/// Whether an operator holds between a number and a constant.
pub(super) fn number_holds(left: Number, operator: Operator, right: &Constant) -> bool {
    operator.holds(right.number().and_then(|right| left.compare(right)))
}

/// Whether an operator holds between a node's value and a constant.
pub(super) fn holds(text: &str, ty: Type, operator: Operator, right: &Constant) -> bool {
    match right {
        Constant::Number(right) => {
            let left = if ty == Type::Boolean {
                boolean(text).map(|b| Number::Natural(b.into()))
            } else {
                Number::parse(text)
            };
            operator.holds(left.and_then(|left| left.compare(*right)))
        }
        Constant::Text(right) => match typed(text, ty, right) {
            Some(order) => operator.holds(order),
            None if operator.is_equality() => operator.holds(Some(text.cmp(right))),
            // XPath 1.0: the order of two texts is that of the numbers they stand for.
            None => operator.holds(both(text, right, Number::parse).and_then(|(a, b)| a.compare(b))),
        },
    }
}

/// The order of the two texts as values of the left side's type; none where either is no such value, so that they are
/// to be compared as texts. The type of a text from XML is not known: the constant's form decides.
fn typed(left: &str, ty: Type, right: &str) -> Option<Option<Ordering>> {
    let guids = || both(left, right, guid).map(|(a, b)| Some(a.cmp(&b)));
    let times = || Some(Some(time(left)?.cmp(&time_constant(right)?)));
    match ty {
        Type::Number => both(left, right, Number::parse).map(|(a, b)| a.compare(b)),
        Type::Boolean => both(left, right, boolean).map(|(a, b)| Some(a.cmp(&b))),
        Type::Guid => guids(),
        Type::Time => times(),
        Type::Sid | Type::Binary => Some(Some(left.to_ascii_uppercase().cmp(&right.to_ascii_uppercase()))),
        Type::Text => None,
        Type::Unknown => guids().or_else(times),
    }
}

fn both<T>(left: &str, right: &str, parse: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    Some((parse(left)?, parse(right)?))
}

/// `true` and `false`; of numbers, zero is false and all others are true.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        number => Number::parse(number).map(|n| n != Number::Natural(0)),
    }
}

/// A GUID, in braces or without.
fn guid(text: &str) -> Option<Uuid> {
    let size = text.len();
    // Uuid reads other forms, too, which are none here.
    (size == 36 || size == 38 && text.starts_with('{')).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// A time with a zone. Those of queries end in `Z`; those of events always do.
pub(super) fn time(text: &str) -> Option<Ticks> {
    BoundaryParts::parse(text)?.instant().map(Ticks::from_instant)
}

/// A time as queries write it: `Z` is mandatory.
pub(super) fn time_constant(text: &str) -> Option<Ticks> {
    time(text).filter(|_| text.ends_with('Z'))
}
