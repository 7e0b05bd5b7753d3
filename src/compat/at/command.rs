//! The command of an AT job, split into program and arguments (EVIDENCE.md COMPAT-13).

use crate::dtyp::WideString;

const QUOTE: u16 = b'"' as u16;
const BLANK: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;

/// Splits a command at the first blank outside quotes. Quotes around the whole program and blanks before it are
/// removed; the separator is a single blank. Microsoft documents no rule (EVIDENCE.md COMPAT-13).
///
/// ```
/// use wintask::compat::split_command;
///
/// let split = |text: &str| {
///     let (program, arguments) = split_command(&text.into());
///     (program.to_string(), arguments.map(|arguments| arguments.to_string()))
/// };
/// assert_eq!(split("cmd.exe"), ("cmd.exe".into(), None));
/// assert_eq!(split("cmd /c dir"), ("cmd".into(), Some("/c dir".into())));
/// assert_eq!(split(r#""C:\Program Files\a.exe" /x"#), (r"C:\Program Files\a.exe".into(), Some("/x".into())));
/// ```
#[must_use]
pub fn split_command(command: &WideString) -> (WideString, Option<WideString>) {
    let is_blank = |unit: &u16| matches!(*unit, BLANK | TAB);
    let blanks = command.units().iter().take_while(|unit| is_blank(unit)).count();
    let units = command.units().get(blanks..).unwrap_or_default();
    let mut quoted = false;
    let end = units.iter().position(|unit| {
        quoted ^= *unit == QUOTE;
        !quoted && is_blank(unit)
    });
    let end = end.unwrap_or(units.len());
    let program = unquoted(units.get(..end).unwrap_or_default());
    let arguments = units.get(end.saturating_add(1)..);
    (WideString::from_units(program), arguments.map(WideString::from_units))
}

/// The text between quotes, if there are exactly two.
fn unquoted(program: &[u16]) -> &[u16] {
    match program {
        [QUOTE, inner @ .., QUOTE] if !inner.contains(&QUOTE) => inner,
        _ => program,
    }
}

/// Joins a program and its arguments to a command that [`split_command`] splits. A program that contains a blank, or is
/// empty before arguments, is quoted.
///
/// ```
/// use wintask::compat::at_command;
///
/// assert_eq!(at_command(&r"C:\My Tools\a.exe".into(), Some(&"/x".into())), r#""C:\My Tools\a.exe" /x"#);
/// ```
#[must_use]
pub fn at_command(program: &WideString, arguments: Option<&WideString>) -> WideString {
    let has_blank = program.units().iter().any(|unit| matches!(*unit, BLANK | TAB));
    // Without quotes, arguments after an empty program would be read as the program.
    let needs_quotes = if program.is_empty() {
        arguments.is_some()
    } else {
        has_blank && split_command(program).0 != *program
    };
    let mut command = Vec::new();
    command.extend(needs_quotes.then_some(QUOTE));
    command.extend(program.units());
    command.extend(needs_quotes.then_some(QUOTE));
    if let Some(arguments) = arguments {
        command.push(BLANK);
        command.extend(arguments.units());
    }
    WideString::from_units(command)
}
