//! Parameters in the fields of actions.

use crate::{
    definition::{Action, Data, Task},
    limits,
};
use std::{borrow::Cow, collections::BTreeMap};

/// The parameters of a single start of a task ([MS-TSCH] 2.5.9.2): the arguments of `SchRpcRun`, and the values that
/// a trigger's ValueQueries extracted from an event.
///
/// ```
/// use wintask::parameters::Parameters;
///
/// let parameters = Parameters::new().with_arguments(["a", "b"]).with_value("user", "alice");
/// assert_eq!(parameters.get("Arg1"), Some("b"));
/// assert_eq!(parameters.get("user"), Some("alice"));
/// assert_eq!(parameters.get("Arg2"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Parameters {
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `Arg0` to `Arg31`. Arguments after the 32nd have no name and are ignored.
    #[must_use]
    pub fn with_arguments<A: Into<String>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        for (n, argument) in arguments.into_iter().take(limits::RUN_ARGUMENTS).enumerate() {
            self.values.insert(format!("Arg{n}"), argument.into());
        }
        self
    }

    /// Sets the value of a ValueQuery, replacing any earlier value of the same name.
    #[must_use]
    pub fn with_value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// The value of a parameter. Names are case-sensitive.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Self {
        values.into_iter().fold(Self::new(), |all, (name, value)| all.with_value(name, value))
    }
}

/// The error for a field that would exceed [`PARAMETERIZED_BYTES`](limits::PARAMETERIZED_BYTES) after substitution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("with its parameters filled in, the field is longer than {} bytes", limits::PARAMETERIZED_BYTES)]
pub struct TooLong;

crate::dtyp::macros::message_serde!(TooLong);

/// Replaces the parameters in a text: `$(name)` becomes the value, and `$$` a dollar sign ([MS-TSCH] 2.5.9.1).
///
/// A name without a value stays unchanged, and so does a dollar sign before anything else. Values are inserted
/// verbatim and are not parsed again. Anyone can cause an event: quote or validate its values before they reach a
/// command line.
///
/// ```
/// use wintask::parameters::{Parameters, substitute};
///
/// let parameters = Parameters::new().with_arguments(["$$ $(Arg0)"]);
/// assert_eq!(substitute("$(Arg0), $(Arg1), $$(Arg0), $5 $(", &parameters)?, "$$ $(Arg0), $(Arg1), $(Arg0), $5 $(");
/// # Ok::<(), wintask::parameters::TooLong>(())
/// ```
///
/// # Errors
///
/// The result would be too long.
pub fn substitute<'t>(text: &'t str, parameters: &Parameters) -> Result<Cow<'t, str>, TooLong> {
    substitute_with(text, |name| parameters.get(name).map(Cow::from))
}

fn substitute_with<'t, 'v>(
    text: &'t str,
    value: impl Fn(&str) -> Option<Cow<'v, str>>,
) -> Result<Cow<'t, str>, TooLong> {
    if !text.contains('$') {
        return Ok(text.into());
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        push(&mut filled, before)?;
        let named = || {
            let (name, behind) = parameter(behind)?;
            Some((value(name)?, behind))
        };
        let (put, behind) = match behind.strip_prefix('$') {
            Some(behind) => ("$".into(), behind),
            None => named().unwrap_or(("$".into(), behind)),
        };
        push(&mut filled, &put)?;
        rest = behind;
    }
    push(&mut filled, rest)?;
    Ok(filled.into())
}

/// The name in parentheses at the start of a text, and the text after them.
fn parameter(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('(')?;
    let searched = inside.len().min(limits::PARAMETER_NAME_BYTES + 1);
    let size = memchr::memchr(b')', inside.as_bytes().get(..searched)?)?;
    Some((inside.get(..size)?, inside.get(size + 1..)?))
}

fn push(filled: &mut String, text: &str) -> Result<(), TooLong> {
    if filled.len() + text.len() > limits::PARAMETERIZED_BYTES {
        return Err(TooLong);
    }
    filled.push_str(text);
    Ok(())
}

/// Returns the task with parameters replaced in the fields named by [MS-TSCH] 2.5.9.3: Arguments and WorkingDirectory
/// of a program (not its Command), Data of a COM class, the texts and addresses of a message (not its header fields
/// and attachments), and Title and Body of a message box.
///
/// ```
/// use wintask::{
///     definition::{Action, Exec, Task},
///     parameters::{Parameters, parameterize},
/// };
///
/// let task = Task::new(Exec::new("$(user).exe").with_arguments("/for $(user)"));
/// let started = parameterize(&task, &Parameters::new().with_value("user", "alice"))?;
/// let [Action::Exec(exec)] = started.actions.list.as_slice() else { return Err("another action".into()) };
/// assert_eq!((exec.command.as_str(), exec.arguments.as_deref()), ("$(user).exe", Some("/for alice")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// A field would be too long.
pub fn parameterize(task: &Task, parameters: &Parameters) -> Result<Task, TooLong> {
    let mut filled = task.clone();
    for action in &mut filled.actions.list {
        match action {
            Action::ComHandler(handler) => {
                if let Some(data) = &mut handler.data {
                    fill_data(data, parameters)?;
                }
            }
            action => texts(action).into_iter().flatten().try_for_each(|text| fill(text, parameters))?,
        }
    }
    Ok(filled)
}

/// The texts of an action in which parameters are replaced.
fn texts(action: &mut Action) -> Vec<Option<&mut String>> {
    match action {
        Action::Exec(exec) => vec![exec.arguments.as_mut(), exec.working_directory.as_mut()],
        Action::SendEmail(mail) => vec![
            Some(&mut mail.server),
            mail.subject.as_mut(),
            mail.to.as_mut(),
            mail.cc.as_mut(),
            mail.bcc.as_mut(),
            mail.reply_to.as_mut(),
            mail.from.as_mut(),
            mail.body.as_mut(),
        ],
        Action::ShowMessage(message) => vec![message.title.as_mut(), Some(&mut message.body)],
        Action::ComHandler(_) | Action::Unknown(_) => Vec::new(),
    }
}

fn fill(text: &mut String, parameters: &Parameters) -> Result<(), TooLong> {
    if let Cow::Owned(filled) = substitute(text, parameters)? {
        *text = filled;
    }
    Ok(())
}

/// Replaces parameters in text verbatim, and in an XML fragment with escaped values, so that it stays well-formed.
fn fill_data(data: &mut Data, parameters: &Parameters) -> Result<(), TooLong> {
    match data.text() {
        Some(text) => {
            let filled = substitute(&text, parameters)?;
            if filled != text {
                *data = Data::from_text(&filled);
            }
        }
        None => {
            let escaped = |name: &str| parameters.get(name).map(|value| escape(value).into());
            if let Cow::Owned(filled) = substitute_with(&data.xml, escaped)? {
                data.xml = filled;
            }
        }
    }
    Ok(())
}

/// Escapes text for content and attributes.
fn escape(text: &str) -> String {
    Data::from_text(text).xml.replace('"', "&quot;").replace('\'', "&apos;")
}
