//! Parses and prints commands of schtasks.

use super::{
    check,
    finding::{FindingKind, Findings},
    switch::{Switch, Switches, Takes, Verb},
    value::{ShowPasswords, TimeOfDay},
    words::{Argument, arguments, program_name, push_quoted},
};
use crate::{
    error::{Error, Place, Position},
    finding::Finding,
};
use std::fmt;

/// A command of `schtasks.exe`.
///
/// `Display` prints the command so that parsing the result gives an equal command, except that passwords are hidden;
/// see [`to_line_with_passwords`](Self::to_line_with_passwords).
///
/// ```
/// use wintask::command_line::{Schtasks, ScheduleType, Verb};
///
/// let line = r#"SchTasks.exe /Create /SC hourly /mo 5 /TN "My App" /TR C:\a.exe /RU "" /f"#;
/// let (command, findings) = Schtasks::parse(line)?;
/// assert_eq!((command.verb, command.switches.schedule), (Verb::Create, Some(ScheduleType::Hourly)));
/// assert!(findings.is_empty());
/// assert_eq!(command.to_string(), r#"schtasks /CREATE /RU "" /SC HOURLY /MO 5 /TN "My App" /TR C:\a.exe /F"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Schtasks {
    /// The operation.
    pub verb: Verb,
    /// The switches.
    pub switches: Switches,
    /// Arguments that could not be interpreted; each has a finding.
    pub unread: Vec<String>,
}

/// The error for a line that is not a command of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotACommand {
    /// The line is empty.
    #[error("the command line is empty")]
    Empty,
    /// Another program.
    #[error("the program is not {0}")]
    OtherProgram(&'static str),
}

impl Schtasks {
    /// Creates a command without switches.
    #[must_use]
    pub fn new(verb: Verb) -> Self {
        Self { verb, switches: Switches::default(), unread: Vec::new() }
    }

    /// Parses a command line. Anything that schtasks would reject is a finding of severity `Error`; parsing continues
    /// after it.
    ///
    /// # Errors
    /// The line is empty, or its program is not schtasks.
    pub fn parse(line: &str) -> Result<(Self, Findings), Error<NotACommand>> {
        let words = arguments(line);
        let Some((program, words)) = words.split_first() else {
            return Err(Error::new(NotACommand::Empty, Place::text(Position::START, "")));
        };
        if program_name(&program.text) != "schtasks" {
            let place = place(line, program, "");
            return Err(Error::new(NotACommand::OtherProgram("schtasks"), place));
        }
        let mut reading = Reading { line, command: Self::new(Verb::Query), findings: Findings::new() };
        reading.verb(words);
        reading.switches(words);
        let Reading { command, mut findings, .. } = reading;
        check::command(command.verb, &command.switches, &mut findings);
        Ok((command, findings))
    }

    /// Prints the command including its passwords, so that parsing the result gives an equal command.
    #[must_use]
    pub fn to_line_with_passwords(&self) -> String {
        self.print(ShowPasswords::Yes)
    }

    fn print(&self, passwords: ShowPasswords) -> String {
        let mut line = format!("schtasks {}", self.verb);
        let stated = Switch::ALL.iter().filter(|switch| switch.verbs().contains(&self.verb));
        for switch in stated {
            let Some(value) = self.switches.field(*switch).get(passwords) else { continue };
            line.push_str(&format!(" {switch}"));
            if let Some(value) = value {
                line.push(' ');
                push_quoted(&mut line, &value);
            }
        }
        for word in &self.unread {
            line.push(' ');
            push_quoted(&mut line, word);
        }
        line
    }
}

impl fmt::Display for Schtasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print(ShowPasswords::No))
    }
}

/// The location of an argument.
pub(super) fn place(
    line: &str,
    argument: &Argument,
    name: impl Into<std::borrow::Cow<'static, str>>,
) -> Place {
    let offset = argument.span.start;
    let units = line.get(..offset).map_or(0, |before| before.encode_utf16().count());
    let column = u32::try_from(units).unwrap_or(u32::MAX).saturating_add(1);
    Place::text(Position { offset, line: 1, column }, name)
}

/// The switch name after the switch character, if there is one.
pub(super) fn switch_name(text: &str) -> Option<&str> {
    text.strip_prefix(['/', '-'])
}

/// A command while it is being parsed.
struct Reading<'l> {
    line: &'l str,
    command: Schtasks,
    findings: Findings,
}

impl Reading<'_> {
    fn find(&mut self, kind: FindingKind, argument: &Argument, name: &'static str) {
        let name = if name.is_empty() { String::new() } else { format!("/{name}") };
        self.findings.push(Finding::new(kind, place(self.line, argument, name)));
    }

    /// Finds the verb, a switch that may be anywhere but is first in all documented commands.
    fn verb(&mut self, words: &[Argument]) {
        let verb_of = |word: &Argument| {
            let name = switch_name(&word.text)?;
            Verb::ALL.iter().copied().find(|verb| verb.name().eq_ignore_ascii_case(name))
        };
        let mut found = None;
        for (index, word) in words.iter().enumerate() {
            let Some(verb) = verb_of(word) else { continue };
            match found {
                None => {
                    found = Some(verb);
                    if index > 0 {
                        self.find(FindingKind::VerbNotFirst(verb), word, verb.name());
                    }
                }
                // The value of a switch may look like a verb.
                Some(first)
                    if words.get(index.wrapping_sub(1)).is_some_and(|before| self.takes(before, first)) => {}
                Some(first) => self.find(FindingKind::TwoVerbs { first, second: verb }, word, verb.name()),
            }
        }
        self.command.verb = found.unwrap_or(Verb::Query);
    }

    /// Whether an argument is a switch that takes a value.
    fn takes(&self, word: &Argument, verb: Verb) -> bool {
        let switch = switch_name(&word.text).and_then(|name| Switch::of_verb(name, verb));
        switch.is_some_and(|switch| self.command.switches.field(switch).takes() != Takes::Nothing)
    }

    fn switches(&mut self, words: &[Argument]) {
        let mut rest = words.iter().peekable();
        let (mut seen, mut has_verb) = (Vec::new(), false);
        while let Some(word) = rest.next() {
            let Some(name) = switch_name(&word.text) else {
                self.unread(word);
                continue;
            };
            if Verb::ALL.iter().any(|verb| verb.name().eq_ignore_ascii_case(name)) {
                if std::mem::replace(&mut has_verb, true) {
                    self.command.unread.push(word.text.clone());
                }
                continue;
            }
            let verb = self.command.verb;
            let (name, joined) = match name.split_once(':') {
                Some((name, value)) if Switch::of_verb(name, verb).is_some() => (name, Some(value)),
                _ => (name, None),
            };
            let Some(switch) = Switch::of_verb(name, verb) else {
                self.unread(word);
                continue;
            };
            let takes = self.command.switches.field(switch).takes();
            let next = rest.peek().filter(|next| takes != Takes::Nothing && !is_switch(next, verb, takes));
            let following = match (joined, next) {
                (None, Some(_)) => rest.next(),
                _ => None,
            };
            if joined.is_some() {
                self.find(FindingKind::Colon(switch), word, switch.name());
            }
            let value = joined.or(following.map(|next| next.text.as_str()));
            if seen.contains(&switch) {
                self.find(FindingKind::Repeated(switch), word, switch.name());
                self.command.unread.push(word.text.clone());
                self.command.unread.extend(following.map(|next| next.text.clone()));
                continue;
            }
            seen.push(switch);
            self.value(switch, value, word, following);
        }
    }

    fn value(&mut self, switch: Switch, value: Option<&str>, word: &Argument, following: Option<&Argument>) {
        let at = following.unwrap_or(word);
        let Err(expected) = self.command.switches.field_mut(switch).set(value) else {
            if let (Switch::StartTime | Switch::EndTime, Some(text)) = (switch, value) {
                self.time_form(text, at, switch);
            }
            return;
        };
        let kind = match value {
            None => FindingKind::NoValue(switch),
            Some(value) => FindingKind::Value { switch, value: value.to_owned(), expected },
        };
        self.find(kind, at, switch.name());
        self.command.unread.push(word.text.clone());
        self.command.unread.extend(following.map(|next| next.text.clone()));
    }

    /// Reports a time with a single-digit hour, which is accepted although the help asks for two digits.
    fn time_form(&mut self, text: &str, at: &Argument, switch: Switch) {
        let usual = <TimeOfDay as super::value::Value>::read(text).map(|time| time.to_string());
        if usual.as_deref() != Some(text) {
            self.find(FindingKind::TimeForm(text.to_owned()), at, switch.name());
        }
    }

    fn unread(&mut self, word: &Argument) {
        self.find(FindingKind::Unknown(word.text.clone()), word, "");
        self.command.unread.push(word.text.clone());
    }
}

/// Whether an argument is a switch of the verb rather than the value of the preceding switch. An optional value never
/// begins like a switch.
fn is_switch(word: &Argument, verb: Verb, takes: Takes) -> bool {
    let Some(name) = switch_name(&word.text) else { return false };
    let is_verb = Verb::ALL.iter().any(|verb| verb.name().eq_ignore_ascii_case(name));
    is_verb || Switch::of_verb(name, verb).is_some() || takes == Takes::Perhaps && word.text.starts_with('/')
}
