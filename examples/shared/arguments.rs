//! The arguments of a call.

use super::output::{self, Output};
use std::{env, process::ExitCode};

/// Arguments, one after the other.
pub struct Arguments(std::iter::Skip<env::Args>);

impl Arguments {
    /// The next one.
    pub fn next(&mut self) -> Option<String> {
        self.0.next()
    }

    /// The value of an option.
    pub fn value(&mut self, option: &str) -> Result<String, String> {
        self.next().ok_or_else(|| format!("{option} requires a value"))
    }
}

/// Runs a tool. Exit status: 0 if it succeeds, 1 if it does not, 2 for a wrong call.
///
/// `run` gets the arguments; an error of it is a wrong call. `--help` prints `usage` and is not passed on.
pub fn run(name: &str, usage: &str, run: impl FnOnce(Arguments) -> Result<bool, String>) -> ExitCode {
    if env::args().skip(1).any(|argument| matches!(argument.as_str(), "-h" | "--help")) {
        let mut out = Output::new();
        out.lines(usage);
        out.flush();
        return ExitCode::SUCCESS;
    }
    match run(Arguments(env::args().skip(1))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output::warn(&format!("{name}: {error}"));
            output::warn(&format!("run `{name} --help` for usage"));
            ExitCode::from(2)
        }
    }
}
