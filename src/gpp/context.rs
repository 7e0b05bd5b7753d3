//! The context in which an item is applied.

use super::placeholder::placeholders;
use crate::{Profile, time::Zone};
use std::fmt;
use time::PrimitiveDateTime;
use uuid::Uuid;

/// The part of a policy that a file belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[expect(clippy::exhaustive_enums, reason = "a policy has these two parts")]
pub enum Part {
    /// `Machine`: tasks run as SYSTEM by default.
    #[default]
    Machine,
    /// `User`: tasks run as the logged-on user by default.
    User,
}

crate::dtyp::macros::choice! {
    Part {
        Machine = "machine" => "Machine",
        User = "user" => "User",
    }
}

/// The context that an item's task depends on: where and when the item is applied.
///
/// ```
/// use time::macros::datetime;
/// use wintask::gpp::Context;
///
/// let context = Context::default().with_now(datetime!(2024-01-03 02:30)).with_user("CONTOSO", "alice");
/// assert_eq!(context.expand(r"%LogonDomain%\%LogonUser%"), r"CONTOSO\alice");
/// assert_eq!(context.expand("%LocalTimeXmlEx%"), "2024-01-03T02:30:00");
/// assert_eq!(context.expand("%GptPath%"), "%GptPath%");
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Context<'z> {
    /// The reading of attributes that have two.
    pub profile: Profile,
    /// The part of the policy.
    pub part: Part,
    /// When the item is applied, in local time.
    pub now: Option<PrimitiveDateTime>,
    /// The time zone of the computer, which [`Profile::Specification`] needs to convert start times.
    pub zone: Option<&'z dyn Zone>,
    /// The identifier of the .JOB file.
    pub uuid: Uuid,
    variables: Vec<(String, String)>,
}

impl<'z> Context<'z> {
    /// Sets the reading of attributes that have two.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the part of the policy.
    #[must_use]
    pub const fn with_part(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    /// Sets when the item is applied, in local time.
    #[must_use]
    pub fn with_now(mut self, now: PrimitiveDateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// Sets the time zone of the computer.
    #[must_use]
    pub fn with_zone(mut self, zone: &'z dyn Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Sets the identifier of the .JOB file.
    #[must_use]
    pub const fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = uuid;
        self
    }

    /// Sets the logged-on user.
    #[must_use]
    pub fn with_user(self, domain: &str, name: &str) -> Self {
        self.with_variable("LogonDomain", domain).with_variable("LogonUser", name)
    }

    /// Sets the value of a variable.
    #[must_use]
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let stated = self.variables.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        stated.map(|(_, value)| value.clone()).or_else(|| {
            let now = self.now.filter(|_| name.eq_ignore_ascii_case("LocalTimeXmlEx"))?;
            let (hour, minute, second) = now.time().as_hms();
            let (year, month, day) = now.date().to_calendar_date();
            Some(format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", u8::from(month)))
        })
    }

    /// Replaces the variables whose values are known.
    #[must_use]
    pub fn expand(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut written = 0;
        for (at, placeholder) in placeholders(text) {
            if let Some(value) = self.variable(placeholder.name) {
                out += text.get(written..at).unwrap_or_default();
                out += &value;
                written = at + placeholder.name.len() + 2;
            }
        }
        out += text.get(written..).unwrap_or_default();
        out
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Context");
        shown.field("profile", &self.profile).field("part", &self.part).field("now", &self.now);
        shown
            .field("has_zone", &self.zone.is_some())
            .field("variables", &self.variables)
            .finish_non_exhaustive()
    }
}
