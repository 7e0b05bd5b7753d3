//! Peers: the results of other programs for the same input.
//!
//! `WINTASK_INTEROP=1` turns these tests on; then a missing tool, corpus (`WINTASK_CORPUS`) or specification folder
//! (`WINTASK_SPEC`) is a failure. Without it they are reported as ignored, and their kind gives the reason.

mod decisions;
mod gpp;
mod mutants;
mod ndr;
mod samba;
mod schema;
mod server;

use libtest_mimic::{Arguments, Failed, Trial};
use std::{
    env,
    path::PathBuf,
    process::{Command, ExitCode},
};

/// A folder that an environment variable names.
pub fn folder(variable: &str) -> Result<PathBuf, Failed> {
    let path = env::var_os(variable).map(PathBuf::from).ok_or(format!("{variable} is not set"))?;
    if path.is_dir() {
        Ok(path)
    } else {
        Err(format!("{variable}: {} is not a folder", path.display()).into())
    }
}

/// A number that an environment variable names, or the one that CI uses.
pub fn number(variable: &str, default: usize) -> Result<usize, Failed> {
    env::var(variable)
        .map_or(Ok(default), |text| text.parse().map_err(|_| format!("{variable} is not a number").into()))
}

/// A tool that must be there.
pub fn tool(name: &str) -> Result<Command, Failed> {
    let found =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(name).is_file());
    if found { Ok(Command::new(name)) } else { Err(format!("{name} is not installed").into()) }
}

fn main() -> ExitCode {
    type Test = fn() -> Result<(), Failed>;
    let on = env::var_os("WINTASK_INTEROP").is_some();
    let tests: &[(&'static str, Test)] = &[
        ("impacket::messages", ndr::impacket),
        ("impacket::server", server::impacket),
        ("ndrdump::atsvc", ndr::ndrdump),
        ("samba::differences", samba::differences),
        ("samba::other_answers", samba::other_answers),
        ("samba::agreement", samba::agreement),
        ("samba::access", samba::access),
        ("samba::decisions", decisions::samba),
        ("xmllint::corpus", schema::corpus),
        ("xmllint::mutants", schema::mutants),
        ("xmllint::policies", gpp::policies),
        ("xmllint::values", schema::values),
    ];
    let trials = tests.iter().map(|&(name, test)| {
        Trial::test(name, test).with_ignored_flag(!on).with_kind(if on {
            ""
        } else {
            "needs WINTASK_INTEROP"
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
