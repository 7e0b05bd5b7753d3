//! serde support for times and zones.

use super::{Boundary, LocalTime, Period};
use serde::{Serialize, Serializer};
use time::{OffsetDateTime, UtcOffset};

/// An offset as `+01:00`.
pub(crate) fn offset_text(offset: UtcOffset) -> String {
    let (hours, minutes, seconds) = offset.as_hms();
    let sign = if offset.is_negative() { '-' } else { '+' };
    let mut text = format!("{sign}{:02}:{:02}", hours.abs(), minutes.abs());
    if seconds != 0 {
        text += &format!(":{:02}", seconds.abs());
    }
    text
}

/// `{offset, from, until}`, with instants as `xs:dateTime`; an unbounded end is absent.
impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Period")]
        struct Stated {
            offset: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            from: Option<Boundary>,
            #[serde(skip_serializing_if = "Option::is_none")]
            until: Option<Boundary>,
        }
        let [from, until] = [self.from, self.until].map(|end| end.to_instant().map(Boundary::utc));
        Stated { offset: offset_text(self.offset), from, until }.serialize(serializer)
    }
}

/// `{unique: …}`, `{gap: {ends, shifted}}` or `{overlap: {first, second}}`, with instants as `xs:dateTime`.
impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "LocalTime", rename_all = "snake_case")]
        enum Stated {
            Unique(Boundary),
            Gap { ends: Boundary, shifted: Boundary },
            Overlap { first: Boundary, second: Boundary },
        }
        let utc = |instant: OffsetDateTime| Boundary::utc(instant);
        match *self {
            Self::Unique(instant) => Stated::Unique(utc(instant)),
            Self::Gap { ends, shifted } => Stated::Gap { ends: utc(ends), shifted: utc(shifted) },
            Self::Overlap { first, second } => Stated::Overlap { first: utc(first), second: utc(second) },
        }
        .serialize(serializer)
    }
}
