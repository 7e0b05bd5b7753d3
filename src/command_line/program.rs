//! `/TR`: the program and its arguments.

use crate::{
    compat::{at_command, split_command},
    definition::Exec,
    dtyp::WideString,
};

/// Parses `/TR` into an action. Single quotes replace double quotes, as in the help of schtasks for paths with blanks
/// (EVIDENCE.md CMD-03). The program ends at the first blank outside quotes.
pub(super) fn exec(task_run: &str) -> Exec {
    let text = if task_run.starts_with('\'') { task_run.replace('\'', "\"") } else { task_run.to_owned() };
    let (program, arguments) = split_command(&WideString::from(text.as_str()));
    Exec { arguments: arguments.map(|arguments| arguments.to_string()), ..Exec::new(program.to_string()) }
}

/// The value of `/TR` for an action.
pub(super) fn task_run(exec: &Exec) -> String {
    let arguments = exec.arguments.as_deref().map(WideString::from);
    let command = at_command(&WideString::from(exec.command.as_str()), arguments.as_ref()).to_string();
    // At the start it would be read as a double quote; after a blank it is literal.
    if command.starts_with('\'') { format!(" {command}") } else { command }
}
