//! Commands of `at`: parses and prints them, and converts them to the AT jobs that they add (EVIDENCE.md CMD-14,
//! CMD-15).

use super::{
    finding::{FindingKind, Findings},
    schtasks::{NotACommand, place, switch_name},
    value::TimeOfDay,
    words::{Argument, arguments, program_name, push_quoted},
};
use crate::{
    compat::{Conversion, Difference, Differences, Field, Reason},
    dtyp::WideString,
    error::{Error, Place, Position},
    finding::Finding,
    job::DaysOfMonth,
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
};
use std::fmt;

/// A command of `at.exe`. `Display` prints it so that parsing the result gives an equal command.
///
/// ```
/// use wintask::command_line::{At, AtAction};
/// use wintask::rpc::atsvc::AtDaysOfWeek;
///
/// let (command, findings) = At::parse(r#"at \\server 23:30 /every:M,W,15 "backup /full""#)?;
/// assert!(findings.is_empty());
/// assert_eq!(command.computer.as_deref(), Some(r"\\server"));
/// let job = command.at_info().ok_or("adds no job")?;
/// assert_eq!(job.days_of_week, AtDaysOfWeek::MONDAY | AtDaysOfWeek::WEDNESDAY);
/// assert_eq!(command.to_string(), r#"at \\server 23:30 /EVERY:15,M,W "backup /full""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct At {
    /// The computer; `None` for the local one.
    pub computer: Option<String>,
    /// The operation.
    pub action: AtAction,
}

/// The operation of a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AtAction {
    /// Lists the jobs.
    List,
    /// Shows the help (`/?`).
    Help,
    /// Shows a job.
    Show {
        /// Its number.
        id: u32,
    },
    /// Deletes a job, or all of them.
    Delete {
        /// Its number; `None` for all jobs.
        id: Option<u32>,
        /// Whether to skip the confirmation for deleting all jobs.
        yes: bool,
    },
    /// Adds a job.
    Add(AtJob),
}

/// The job that a command adds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AtJob {
    /// The time of day.
    pub time: TimeOfDay,
    /// Whether it can interact with the logged-on user.
    pub interactive: bool,
    /// The days; `Soon` for the next occurrence of the time.
    pub days: AtDays,
    /// The command that it runs.
    pub command: String,
}

/// The days of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AtDays {
    /// The next occurrence of the time.
    #[default]
    Soon,
    /// Each day once (`/NEXT`); an empty list means the current day of the month.
    Next(AtDayList),
    /// Every occurrence of the days (`/EVERY`); an empty list means the current day of the month.
    Every(AtDayList),
}

/// Days of the month and of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AtDayList {
    /// Days of the month.
    pub of_month: DaysOfMonth,
    /// Days of the week.
    pub of_week: AtDaysOfWeek,
}

impl AtDayList {
    /// Creates a list of days.
    #[must_use]
    pub const fn new(of_month: DaysOfMonth, of_week: AtDaysOfWeek) -> Self {
        Self { of_month, of_week }
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The names of days, and their abbreviations in at.
const DAYS: [(&str, &str, AtDaysOfWeek); 7] = [
    ("M", "MONDAY", AtDaysOfWeek::MONDAY),
    ("T", "TUESDAY", AtDaysOfWeek::TUESDAY),
    ("W", "WEDNESDAY", AtDaysOfWeek::WEDNESDAY),
    ("Th", "THURSDAY", AtDaysOfWeek::THURSDAY),
    ("F", "FRIDAY", AtDaysOfWeek::FRIDAY),
    ("S", "SATURDAY", AtDaysOfWeek::SATURDAY),
    ("Su", "SUNDAY", AtDaysOfWeek::SUNDAY),
];

impl fmt::Display for AtDayList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.of_month.days().map(|day| day.to_string());
        let names =
            DAYS.iter().filter(|(.., day)| self.of_week.contains(*day)).map(|(name, ..)| (*name).to_owned());
        f.write_str(&numbers.chain(names).collect::<Vec<_>>().join(","))
    }
}

impl At {
    /// Parses a command line. Anything that at would reject is a finding of severity `Error`. Without a valid time
    /// and a command, nothing can be added, and the command lists the jobs.
    ///
    /// # Errors
    /// The line is empty, or its program is not at.
    pub fn parse(line: &str) -> Result<(Self, Findings), Error<NotACommand>> {
        let words = arguments(line);
        let Some((program, words)) = words.split_first() else {
            return Err(Error::new(NotACommand::Empty, Place::text(Position::START, "")));
        };
        if program_name(&program.text) != "at" {
            return Err(Error::new(NotACommand::OtherProgram("at"), place(line, program, "")));
        }
        let mut reading = Reading { line, findings: Findings::new() };
        let computer = words.first().filter(|word| word.text.starts_with(r"\\"));
        let words = words.get(usize::from(computer.is_some())..).unwrap_or_default();
        let action = reading.action(words);
        Ok((Self { computer: computer.map(|word| word.text.clone()), action }, reading.findings))
    }

    /// The AT job that the command adds; `None` for other commands.
    #[must_use]
    pub fn at_info(&self) -> Option<AtInfo> {
        let AtAction::Add(job) = &self.action else { return None };
        let (days, periodic) = match job.days {
            AtDays::Soon => (AtDayList::default(), AtFlags::NONE),
            AtDays::Next(days) => (days, AtFlags::NONE),
            AtDays::Every(days) => (days, AtFlags::RUN_PERIODICALLY),
        };
        let today = if job.days != AtDays::Soon && days.is_empty() {
            AtFlags::ADD_CURRENT_DATE
        } else {
            AtFlags::NONE
        };
        let alone = if job.interactive { AtFlags::NONE } else { AtFlags::NONINTERACTIVE };
        Some(AtInfo {
            job_time: job.time.minutes() * 60_000 + u32::from(job.time.second.unwrap_or(0)) * 1000,
            days_of_month: days.of_month,
            days_of_week: days.of_week,
            flags: periodic | today | alone,
            command: Some(WideString::from(job.command.as_str())),
        })
    }

    /// The command that adds an AT job, and what the command cannot express.
    ///
    /// ```
    /// use wintask::{command_line::At, rpc::atsvc::{AtFlags, AtInfo}};
    ///
    /// let flags = AtFlags::RUN_PERIODICALLY | AtFlags::ADD_CURRENT_DATE | AtFlags::NONINTERACTIVE;
    /// let job = AtInfo { job_time: 32_400_000, flags, command: Some("a.exe".into()), ..AtInfo::default() };
    /// let command = At::from_at_info(&job).value;
    /// assert_eq!(command.to_string(), "at 09:00 /EVERY: a.exe");
    /// assert_eq!(command.at_info(), Some(job));
    /// ```
    #[must_use]
    pub fn from_at_info(job: &AtInfo) -> Conversion<Self> {
        let mut differences = Differences::new();
        let mut report = |field: Field, reason| {
            differences.push(Finding::new(Difference { field, reason }, Place::value(field.name())));
        };
        let days = AtDayList {
            of_month: DaysOfMonth(job.days_of_month.0 & !DaysOfMonth::UNUSED),
            of_week: AtDaysOfWeek(job.days_of_week.0 & AtDaysOfWeek::DEFINED.0),
        };
        let today = job.flags.contains(AtFlags::ADD_CURRENT_DATE);
        let listed = match (job.flags.contains(AtFlags::RUN_PERIODICALLY), days.is_empty() && !today) {
            (true, true) => {
                report(Field::AtFlags, Reason::Flags(AtFlags::RUN_PERIODICALLY.to_string()));
                AtDays::Soon
            }
            (false, true) => AtDays::Soon,
            (true, false) => AtDays::Every(days),
            (false, false) => AtDays::Next(days),
        };
        let known = AtFlags::RUN_PERIODICALLY | AtFlags::NONINTERACTIVE;
        let rest = job.flags.without(if days.is_empty() { known | AtFlags::ADD_CURRENT_DATE } else { known });
        if !rest.is_empty() {
            report(Field::AtFlags, Reason::Flags(rest.to_string()));
        }
        let seconds = job.job_time / 1000 % 86_400;
        let (hour, minute) = ((seconds / 3600) as u8, (seconds / 60 % 60) as u8);
        if !job.job_time.is_multiple_of(60_000) || job.job_time >= 86_400_000 {
            let (from, to) = (format!("{} ms", job.job_time), format!("{hour:02}:{minute:02}"));
            report(Field::AtJobTime, Reason::Nearest { from, to });
        }
        for (field, rest) in [
            (Field::AtDaysOfMonth, job.days_of_month.0 ^ days.of_month.0),
            (Field::AtDaysOfWeek, u32::from(job.days_of_week.0 ^ days.of_week.0)),
        ] {
            if rest != 0 {
                report(field, Reason::Flags(format!("{rest:#x}")));
            }
        }
        let command = job.command.as_ref().map(ToString::to_string).unwrap_or_default();
        if job.command.as_ref().is_some_and(|units| units.to_text().is_err()) {
            report(Field::AtCommand, Reason::Characters);
        }
        let interactive = !job.flags.contains(AtFlags::NONINTERACTIVE);
        let time = TimeOfDay { hour, minute, second: None };
        let action = AtAction::Add(AtJob { time, interactive, days: listed, command });
        Conversion::new(Self { computer: None, action }, differences)
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = "at".to_owned();
        if let Some(computer) = &self.computer {
            line.push(' ');
            push_quoted(&mut line, computer);
        }
        match &self.action {
            AtAction::List => {}
            AtAction::Help => line += " /?",
            AtAction::Show { id } => line += &format!(" {id}"),
            AtAction::Delete { id, yes } => {
                line += &id.map(|id| format!(" {id}")).unwrap_or_default();
                line += " /DELETE";
                line += if *yes { " /YES" } else { "" };
            }
            AtAction::Add(job) => {
                line += &format!(" {}", job.time);
                line += if job.interactive { " /INTERACTIVE" } else { "" };
                match job.days {
                    AtDays::Soon => {}
                    AtDays::Next(days) => line += &format!(" /NEXT:{days}"),
                    AtDays::Every(days) => line += &format!(" /EVERY:{days}"),
                }
                line.push(' ');
                push_quoted(&mut line, &job.command);
            }
        }
        f.write_str(&line)
    }
}

/// A command while it is being parsed.
struct Reading<'l> {
    line: &'l str,
    findings: Findings,
}

/// The switches of at, which can be abbreviated like those of `net`.
const SWITCHES: [&str; 5] = ["INTERACTIVE", "EVERY", "NEXT", "DELETE", "YES"];

/// The switch that an argument names, and the text after its colon.
fn switch(word: &Argument) -> Option<(&'static str, Option<&str>)> {
    let text = switch_name(&word.text).filter(|text| !text.is_empty())?;
    let (name, value) = text.split_once(':').map_or((text, None), |(name, value)| (name, Some(value)));
    let name = name.to_ascii_uppercase();
    let known = SWITCHES.iter().find(|known| !name.is_empty() && known.starts_with(&*name))?;
    Some((known, value))
}

impl Reading<'_> {
    fn find(&mut self, kind: FindingKind, word: &Argument) {
        self.findings.push(Finding::new(kind, place(self.line, word, "")));
    }

    fn action(&mut self, words: &[Argument]) -> AtAction {
        let Some(first) = words.first() else { return AtAction::List };
        if switch_name(&first.text) == Some("?") {
            return AtAction::Help;
        }
        let is_number = first.text.bytes().all(|b| b.is_ascii_digit()) && !first.text.is_empty();
        let id = first.text.parse().ok().filter(|_| is_number);
        let (time, rest) = match (id, switch(first)) {
            (Some(id), _) => return self.by_id(id, words.get(1..).unwrap_or_default()),
            (None, Some(("DELETE" | "YES", _))) => {
                return AtAction::Delete { id: None, yes: self.deletes(words).1 };
            }
            (None, _) => (time(&first.text), words.get(1..).unwrap_or_default()),
        };
        let Some(time) = time else {
            let text = first.text.clone();
            self.find(if is_number { FindingKind::AtId(text) } else { FindingKind::AtTime(text) }, first);
            return AtAction::List;
        };
        self.add(time, first, rest)
    }

    /// A job number, optionally followed by /DELETE.
    fn by_id(&mut self, id: u32, rest: &[Argument]) -> AtAction {
        match self.deletes(rest) {
            (true, yes) => AtAction::Delete { id: Some(id), yes },
            (false, _) => AtAction::Show { id },
        }
    }

    /// Whether /DELETE and /YES are present; everything else is reported.
    fn deletes(&mut self, words: &[Argument]) -> (bool, bool) {
        let (mut delete, mut yes) = (false, false);
        for word in words {
            match switch(word) {
                Some(("DELETE", None)) => delete = true,
                Some(("YES", None)) => yes = true,
                _ => self.find(FindingKind::Unknown(word.text.clone()), word),
            }
        }
        (delete, yes)
    }

    fn add(&mut self, time: TimeOfDay, first: &Argument, words: &[Argument]) -> AtAction {
        let (mut interactive, mut days) = (false, AtDays::Soon);
        let switches = words.iter().take_while(|word| switch(word).is_some()).count();
        let (switches, command) = words.split_at_checked(switches).unwrap_or((words, &[]));
        for word in switches {
            match switch(word) {
                Some(("INTERACTIVE", None)) => interactive = true,
                Some((name @ ("EVERY" | "NEXT"), list)) => {
                    let list = self.days(list.unwrap_or_default(), word);
                    if days != AtDays::Soon {
                        self.find(FindingKind::AtExclusive("/EVERY", "/NEXT"), word);
                    }
                    days = if name == "EVERY" { AtDays::Every(list) } else { AtDays::Next(list) };
                }
                _ => self.find(FindingKind::Unknown(word.text.clone()), word),
            }
        }
        if command.is_empty() {
            self.find(FindingKind::AtCommand, first);
            return AtAction::List;
        }
        AtAction::Add(AtJob { time, interactive, days, command: joined(command) })
    }

    fn days(&mut self, list: &str, word: &Argument) -> AtDayList {
        let mut days = AtDayList::default();
        for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let number = part.parse().ok().filter(|day| (1..=31).contains(day));
            match (number, day_of_week(part)) {
                (Some(day), _) => days.of_month.0 |= DaysOfMonth::from_days([day]).0,
                (None, Some(day)) => days.of_week = days.of_week | day,
                (None, None) => self.find(FindingKind::AtDay(part.to_owned()), word),
            }
        }
        days
    }
}

/// A day, by its abbreviation or a prefix of its name.
fn day_of_week(text: &str) -> Option<AtDaysOfWeek> {
    let exact = DAYS.iter().find(|(short, ..)| short.eq_ignore_ascii_case(text));
    let name = text.to_ascii_uppercase();
    let begins = || DAYS.iter().find(|(_, long, _)| name.len() > 1 && long.starts_with(&*name));
    exact.or_else(begins).map(|(.., day)| *day)
}

/// A time in 24-hour form, or in 12-hour form with AM or PM.
fn time(text: &str) -> Option<TimeOfDay> {
    let upper = text.to_ascii_uppercase();
    let (clock, half) = [("AM", 0), ("A", 0), ("PM", 12), ("P", 12)]
        .iter()
        .find_map(|(suffix, hours)| Some((upper.strip_suffix(suffix)?, Some(*hours))))
        .unwrap_or((&upper, None));
    let (hour, minute) = clock.split_once(':')?;
    let digits = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if is_number { text.parse::<u8>().ok() } else { None }
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    match half {
        None => TimeOfDay::new(hour, minute),
        Some(hours) => TimeOfDay::new((1..=12).contains(&hour).then(|| hour % 12 + hours)?, minute),
    }
}

/// The rest of the line: one argument as it is, or several joined by blanks and quoted where necessary.
fn joined(words: &[Argument]) -> String {
    if let [only] = words {
        return only.text.clone();
    }
    let quoted = |word: &Argument| {
        if word.text.contains([' ', '\t']) { format!("\"{}\"", word.text) } else { word.text.clone() }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}
