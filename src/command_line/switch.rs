//! The switches of schtasks, in one table for parsing, printing and checking.

use super::{
    date::DateText,
    value::{
        Days, Level, ListFormat, Minutes, Modifier, PasswordValue, ScheduleType, Seconds, ShowPasswords,
        TimeOfDay, Value, XmlOutput,
    },
};
use crate::{definition::Months, dtyp::macros::named};
use std::fmt;

named! {
    /// An operation of schtasks.
    pub enum Verb {
        /// `/CREATE`: registers a task.
        Create = "CREATE" => "/CREATE",
        /// `/CHANGE`: changes a task.
        Change = "CHANGE" => "/CHANGE",
        /// `/DELETE`: deletes a task.
        Delete = "DELETE" => "/DELETE",
        /// `/RUN`: runs a task on demand.
        Run = "RUN" => "/RUN",
        /// `/END`: stops a task.
        End = "END" => "/END",
        /// `/QUERY`: lists tasks; also without any verb.
        Query = "QUERY" => "/QUERY",
        /// `/SHOWSID`: shows the SID of a task.
        ShowSid = "SHOWSID" => "/SHOWSID",
    }
}

/// Parses and prints a field of [`Switches`], which has a value or is a flag.
pub(super) trait Field {
    /// Sets the field from the value that follows; `Err` is the expected format.
    fn set(&mut self, text: Option<&str>) -> Result<(), &'static str>;

    /// The value; `None` if the switch is absent.
    fn get(&self, passwords: ShowPasswords) -> Option<Option<String>>;

    fn is_set(&self) -> bool {
        self.get(ShowPasswords::No).is_some()
    }

    /// Whether a value may or must follow.
    fn takes(&self) -> Takes;
}

/// Whether a switch is followed by a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Perhaps,
    AValue,
}

impl Field for bool {
    fn set(&mut self, _: Option<&str>) -> Result<(), &'static str> {
        *self = true;
        Ok(())
    }

    fn get(&self, _: ShowPasswords) -> Option<Option<String>> {
        self.then_some(None)
    }

    fn takes(&self) -> Takes {
        Takes::Nothing
    }
}

impl<T: Value> Field for Option<T> {
    fn set(&mut self, text: Option<&str>) -> Result<(), &'static str> {
        let value = text.map_or_else(T::without_text, T::read);
        *self = Some(value.ok_or(T::EXPECTED)?);
        Ok(())
    }

    fn get(&self, passwords: ShowPasswords) -> Option<Option<String>> {
        self.as_ref().map(|value| value.text(passwords))
    }

    fn takes(&self) -> Takes {
        if T::without_text().is_some() { Takes::Perhaps } else { Takes::AValue }
    }
}

macro_rules! switches {
    ($( $(#[$meta:meta])* $variant:ident $field:ident: $ty:ty = $name:literal [$($verb:ident)+]; )*) => {
        /// A switch of schtasks. `Display` returns its name with the slash.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Switch { $( #[doc = concat!("`/", $name, "`.")] $variant, )* }

        /// The switches of a command; absent switches are `None` or `false`.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Switches { $( $(#[$meta])* #[doc = concat!("`/", $name, "`.")] pub $field: $ty, )* }

        impl Switch {
            /// Every switch, in the order in which commands are printed.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// The name, without its slash.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// The verbs that have the switch.
            #[must_use]
            pub const fn verbs(self) -> &'static [Verb] {
                match self { $( Self::$variant => &[$( Verb::$verb, )+], )* }
            }
        }

        impl Switches {
            pub(super) fn field(&self, switch: Switch) -> &dyn Field {
                match switch { $( Switch::$variant => &self.$field, )* }
            }

            pub(super) fn field_mut(&mut self, switch: Switch) -> &mut dyn Field {
                match switch { $( Switch::$variant => &mut self.$field, )* }
            }
        }
    };
}

switches! {
    /// The computer.
    System system: Option<String> = "S" [Create Change Delete Run End Query];
    /// The user who runs the command.
    User user: Option<String> = "U" [Create Change Delete Run End Query];
    /// The password of that user.
    Password password: Option<PasswordValue> = "P" [Create Change Delete Run End Query];
    /// The account that runs the task.
    RunAs run_as: Option<String> = "RU" [Create Change];
    /// The password of that account.
    RunAsPassword run_as_password: Option<PasswordValue> = "RP" [Create Change];
    /// How often the task runs.
    Schedule schedule: Option<ScheduleType> = "SC" [Create];
    /// The refinement of the schedule.
    Modifier modifier: Option<Modifier> = "MO" [Create];
    /// The days.
    Days days: Option<Days> = "D" [Create];
    /// The months.
    Months months: Option<Months> = "M" [Create];
    /// Minutes of idle time before an ONIDLE task starts.
    IdleMinutes idle_minutes: Option<u32> = "I" [Create];
    /// The path of the task; with `/DELETE`, `*` means all tasks.
    TaskName task_name: Option<String> = "TN" [Create Change Delete Run End Query ShowSid];
    /// What the task runs: a program and its arguments.
    TaskRun task_run: Option<String> = "TR" [Create Change];
    /// The time of day of the first start.
    StartTime start_time: Option<TimeOfDay> = "ST" [Create Change];
    /// Minutes between repetitions.
    RepeatInterval repeat_interval: Option<u32> = "RI" [Create Change];
    /// The time of day at which repetitions end.
    EndTime end_time: Option<TimeOfDay> = "ET" [Create Change];
    /// How long repetitions continue.
    Duration duration: Option<Minutes> = "DU" [Create Change];
    /// Stops the task when its repetitions end.
    Kill kill: bool = "K" [Create Change];
    /// The file of the definition.
    XmlFile xml_file: Option<String> = "XML" [Create];
    /// Creates a version 1 task.
    Version1 version_1: bool = "V1" [Create];
    /// The first date.
    StartDate start_date: Option<DateText> = "SD" [Create Change];
    /// The last date.
    EndDate end_date: Option<DateText> = "ED" [Create Change];
    /// The log of an ONEVENT task.
    Channel channel: Option<String> = "EC" [Create];
    /// Runs only if the user is logged on.
    Interactive interactive: bool = "IT" [Create Change];
    /// Stores no password: only local resources are available.
    NoPassword no_password: bool = "NP" [Create];
    /// Deletes the task after its last run.
    DeleteWhenDone delete_when_done: bool = "Z" [Create Change];
    /// The delay between the trigger and the start.
    Delay delay: Option<Seconds> = "DELAY" [Create Change];
    /// The run level.
    RunLevel run_level: Option<Level> = "RL" [Create Change];
    /// Enables the task.
    Enable enable: bool = "ENABLE" [Change];
    /// Disables the task.
    Disable disable: bool = "DISABLE" [Change];
    /// Skips the confirmation: overwrites an existing task, or deletes a running one.
    Force force: bool = "F" [Create Delete];
    /// Runs the task immediately, regardless of its conditions.
    Immediately immediately: bool = "I" [Run];
    /// The format of the list.
    Format format: Option<ListFormat> = "FO" [Query];
    /// Omits the column headings.
    NoHeading no_heading: bool = "NH" [Query];
    /// Shows all properties.
    Verbose verbose: bool = "V" [Query];
    /// The definitions as XML.
    XmlOutput xml_output: Option<XmlOutput> = "XML" [Query];
    /// Returns HRESULTs as exit codes.
    HResult hresult: bool = "HRESULT" [Create Change Delete Run End Query];
    /// Shows the help.
    Help help: bool = "?" [Create Change Delete Run End Query ShowSid];
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.name())
    }
}

impl Switch {
    /// The switch of this name, if the verb has it.
    pub(super) fn of_verb(name: &str, verb: Verb) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.verbs().contains(&verb) && s.name().eq_ignore_ascii_case(name))
    }
}
