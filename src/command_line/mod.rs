//! Command lines of `schtasks` and `at`, as they are typed or logged at process creation: parses, checks and prints
//! them, and converts them to the definition or AT job that they register.
//!
//! | to | use |
//! |---|---|
//! | split or join a command line by Windows' quoting rules | [`arguments`], [`join`] |
//! | parse and print a schtasks command | [`Schtasks`] |
//! | get the definition that it registers | [`Schtasks::registration`] |
//! | apply it to a definition | [`Schtasks::changed`] |
//! | get the command that registers a definition | [`Schtasks::from_task`] |
//! | parse and print an at command, and get its AT job | [`At`] |
//! | read a date, whose format depends on the locale | [`DateText`] |
//!
//! Anything that a program would reject is a finding of severity `Error`, with the meaning of the program's own
//! message.

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
