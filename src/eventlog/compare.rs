//! The comparison rules ([MS-EVEN6] 2.2.15.2; EVIDENCE.md EVT-09, EVT-10).

use super::value::{Type, time};
use crate::time::Ticks;
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

    /// Whether it holds for two values in this order. An unordered value (not a number) differs from every other.
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

/// A number, exact if it is a non-negative 64-bit integer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Natural(u64),
    Double(f64),
}

impl Number {
    pub(super) fn from_signed(value: i64) -> Self {
        u64::try_from(value).map_or(Self::Double(value as f64), Self::Natural)
    }

    /// Parses digits, `0x` and hexadecimal digits, or a double: `[sign] digits [. digits] [d|e [sign] digits]`.
    /// Surrounding white space is skipped.
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
        if !text.bytes().all(lexical) {
            return None;
        }
        let double =
            if text.contains(['d', 'D']) { text.replace(['d', 'D'], "e").into() } else { Cow::from(text) };
        double.parse().ok().map(Self::Double)
    }

    fn to_double(self) -> f64 {
        match self {
            Self::Natural(n) => n as f64,
            Self::Double(n) => n,
        }
    }

    fn is_true(self) -> bool {
        self != Self::Natural(0)
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
    /// Quoted text, and its possible other reading; the left side decides.
    Text(Box<str>, Reading),
}

/// The possible reading of a quoted text. No text has more than one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Reading {
    Number(Number),
    Guid(Uuid),
    Time(Ticks),
    /// Plain text, or a Boolean.
    Text,
}

impl Constant {
    pub(super) fn from_text(text: &str) -> Self {
        let reading = Number::parse(text).map(Reading::Number);
        let reading = reading.or_else(|| guid(text).map(Reading::Guid));
        let reading = reading.or_else(|| time_constant(text).map(Reading::Time));
        Self::Text(text.into(), reading.unwrap_or(Reading::Text))
    }

    /// The number that it is or can be read as.
    pub(super) fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) | Self::Text(_, Reading::Number(number)) => Some(*number),
            Self::Text(..) => None,
        }
    }
}

/// Whether an operator holds between a number and a constant.
pub(super) fn number_holds(left: Number, operator: Operator, right: &Constant) -> bool {
    operator.holds(right.number().and_then(|right| left.compare(right)))
}

/// Whether an operator holds between a node's value and a constant.
pub(super) fn holds(text: &str, ty: Type, operator: Operator, right: &Constant) -> bool {
    let (right, reading) = match right {
        Constant::Number(right) => {
            let left = if ty == Type::Boolean {
                boolean(text).map(|b| Number::Natural(b.into()))
            } else {
                Number::parse(text)
            };
            return operator.holds(left.and_then(|left| left.compare(*right)));
        }
        Constant::Text(right, reading) => (right, reading),
    };
    match typed(text, ty, right, reading) {
        Some(order) => operator.holds(order),
        None if operator.is_equality() => operator.holds(Some(text.cmp(right))),
        // XPath 1.0: two texts are ordered as numbers.
        None => operator.holds(match reading {
            Reading::Number(right) => Number::parse(text).and_then(|left| left.compare(*right)),
            _ => None,
        }),
    }
}

/// Compares both sides as values of the left side's type; `None` if one of them cannot be read as such a value, in
/// which case they are compared as texts. The type of text from XML is unknown, so the form of the constant decides.
fn typed(left: &str, ty: Type, right: &str, reading: &Reading) -> Option<Option<Ordering>> {
    match (ty, reading) {
        (Type::Number, Reading::Number(right)) => Number::parse(left).map(|left| left.compare(*right)),
        (Type::Boolean, Reading::Number(right)) => Some(Some(boolean(left)?.cmp(&right.is_true()))),
        (Type::Boolean, _) => Some(Some(boolean(left)?.cmp(&boolean(right)?))),
        (Type::Guid | Type::Unknown, Reading::Guid(right)) => guid(left).map(|left| Some(left.cmp(right))),
        (Type::Time | Type::Unknown, Reading::Time(right)) => time(left).map(|left| Some(left.cmp(right))),
        (Type::Sid | Type::Binary, _) => {
            let upper = [left, right].map(|text| text.bytes().map(|b| b.to_ascii_uppercase()));
            let [left, right] = upper;
            Some(Some(left.cmp(right)))
        }
        _ => None,
    }
}

/// Parses `true` and `false`; numbers other than zero are true.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        number => Number::parse(number).map(Number::is_true),
    }
}

/// Parses a GUID, with or without braces.
fn guid(text: &str) -> Option<Uuid> {
    let size = text.len();
    // The uuid crate accepts other forms, too.
    (size == 36 || size == 38 && text.starts_with('{')).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// Parses a time as written in queries: `Z` is mandatory ([MS-EVEN6] 2.2.15.2).
pub(super) fn time_constant(text: &str) -> Option<Ticks> {
    time(text).filter(|_| text.ends_with('Z'))
}
