//! Command lines of `schtasks` and `at`, as they are typed and as process-creation logs hold them: read, checked, printed,
//! and turned into the definition or the AT job that they register.
//!
//! | to | use |
//! |---|---|
//! | split a line by Windows' quoting rules, and join one | [`arguments`], [`join`] |
//! | read and print a command of schtasks | [`Schtasks`] |
//! | get the definition that it registers | [`Schtasks::registration`] |
//! | get what it makes of a definition | [`Schtasks::changed`] |
//! | get the command that registers a definition | [`Schtasks::from_task`] |
//! | read and print a command of at, and get its AT job | [`At`] |
//! | read a date, whose form depends on the locale | [`DateText`] |
//!
//! What a program would reject is a finding of severity `Error`, whose message has the meaning of the program's own.

mod at;
mod change;
mod check;
mod circumstances;
mod create;
mod date;
mod draft;
mod finding;
mod from_settings;
mod from_task;
mod program;
mod schtasks;
mod switch;
mod trigger;
mod value;
mod words;

pub use at::{At, AtAction, AtDayList, AtDays, AtJob};
pub use circumstances::Circumstances;
pub use create::{Registration, Source};
pub use date::{DateOrder, DateText, ReadDate};
pub use finding::{FindingKind, Findings};
pub use schtasks::{NotACommand, Schtasks};
pub use switch::{Switch, Switches, Verb};
pub use value::{
    Days, Level, ListFormat, Minutes, Modifier, PasswordValue, ScheduleType, Seconds, TimeOfDay, XmlOutput,
};
pub use words::{Argument, arguments, join};
