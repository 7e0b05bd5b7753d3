//! Attribute values.

use crate::dtyp::macros::named;
use std::fmt;

named! {
    /// The kinds of items ([MS-GPPREF] 2.2.1.18). A client supports the first two or the last two. A scheduled and an
    /// immediate task of the same name do not conflict (2.2.1.18.1).
    pub enum ItemKind {
        /// A scheduled task of Windows XP and Server 2003.
        Task = "Task",
        /// A version 1 task that is started once, when the item is applied.
        ImmediateTask = "ImmediateTask",
        /// A task of Vista and later, with its definition.
        TaskV2 = "TaskV2",
        /// A version 2 task that is started once, when the item is applied.
        ImmediateTaskV2 = "ImmediateTaskV2",
    }
}

/// The class identifier of the root element ([MS-GPPREF] 2.2.1.18).
pub(super) const ROOT_CLASS_ID: &str = "{CC63F200-7309-4ba0-B154-A71CD118DBCC}";

impl ItemKind {
    /// The class identifier of items of this kind.
    #[must_use]
    pub const fn class_id(self) -> &'static str {
        match self {
            Self::Task => "{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}",
            Self::ImmediateTask => "{9F030D12-DDA3-4C26-8548-B7CE9151166A}",
            Self::TaskV2 => "{D8896631-B747-47a7-84A6-C155337F3BC8}",
            Self::ImmediateTaskV2 => "{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}",
        }
    }

    /// Whether the item contains a definition.
    #[must_use]
    pub const fn has_definition(self) -> bool {
        matches!(self, Self::TaskV2 | Self::ImmediateTaskV2)
    }

    /// Whether the task starts once, when the item is applied.
    #[must_use]
    pub const fn is_immediate(self) -> bool {
        matches!(self, Self::ImmediateTask | Self::ImmediateTaskV2)
    }
}

named! {
    /// The action applied to a task ([MS-GPPREF] 2.2.1.18.1). The name is the letter in the file; `Display` shows a
    /// word.
    pub enum Action {
        /// Creates the task; an existing task is left alone.
        Create = "C" => "create",
        /// Deletes the task.
        Delete = "D" => "delete",
        /// Deletes and recreates the task, so that nothing of an existing one remains.
        Replace = "R" => "replace",
        /// Creates the task, or changes an existing one according to the item.
        Update = "U" => "update",
    }
}

named! {
    /// The types of triggers ([MS-GPPREF] 2.2.1.18.1).
    pub enum TriggerType {
        /// When the machine becomes idle.
        Idle = "IDLE",
        /// Once.
        Once = "ONCE",
        /// When the system starts.
        Startup = "STARTUP",
        /// When a user logs on.
        Logon = "LOGON",
        /// Every few days.
        Daily = "DAILY",
        /// On given days of the week, every few weeks.
        Weekly = "WEEKLY",
        /// On a day of the month, or a weekday of some week, in some months.
        Monthly = "MONTHLY",
    }
}

named! {
    /// The week of a month ([MS-GPPREF] 2.2.1.18.1).
    pub enum Week {
        /// The first.
        First = "FIRST",
        /// The second.
        Second = "SECOND",
        /// The third.
        Third = "THIRD",
        /// The fourth.
        Fourth = "FOURTH",
        /// The last.
        Last = "LAST",
    }
}

impl Week {
    /// The number used in .JOB files, 1 to 5. Files may contain it instead of the name.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
            Self::Fourth => 4,
            Self::Last => 5,
        }
    }
}

/// An attribute value. `Display` returns its text in the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum Value {
    /// Text.
    Text(String),
    /// A Boolean: `0` or `1`.
    Flag(bool),
    /// A number.
    Number(u32),
    /// An action.
    Action(Action),
    /// The type of a trigger.
    TriggerType(TriggerType),
    /// The week of a month.
    Week(Week),
}

impl Value {
    /// The Boolean, if it is one.
    #[must_use]
    pub const fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => f.write_str(if *flag { "1" } else { "0" }),
            Self::Number(number) => number.fmt(f),
            Self::Action(action) => f.write_str(action.name()),
            Self::TriggerType(kind) => f.write_str(kind.name()),
            Self::Week(week) => f.write_str(week.name()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<Action> for Value {
    fn from(action: Action) -> Self {
        Self::Action(action)
    }
}

impl From<TriggerType> for Value {
    fn from(kind: TriggerType) -> Self {
        Self::TriggerType(kind)
    }
}

impl From<Week> for Value {
    fn from(week: Week) -> Self {
        Self::Week(week)
    }
}
