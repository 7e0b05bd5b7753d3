//! A client of the Task Scheduler service, over unauthenticated DCE/RPC on TCP, as rpc_server offers it.

mod commands;
mod transport;

#[path = "../shared/mod.rs"]
mod shared;

use shared::{
    arguments::{self, Arguments},
    output::{Output, warn},
};
use std::process::ExitCode;
use time::{OffsetDateTime, PrimitiveDateTime};
use transport::Transport;
use wintask::{ndr::Syntax, rpc::schrpc, time::Boundary};

const USAGE: &str = "\
Manages the tasks of a server, over DCE/RPC on TCP without authentication.

usage: rpc_client --connect ADDRESS:PORT [--from TIME] [--ndr64] COMMAND

  list [FOLDER]       lists the folders and tasks in a folder recursively, with the state of each task
  register PATH FILE  registers a task, or replaces its definition
  show PATH           shows the definition
  run PATH            runs the task
  runs PATH           shows the instances, the last run and the next run times
  delete PATH         deletes a task or an empty folder

  --from TIME         shows run times after this time in the server's local time, such as 2024-05-15T10:20:30; by default,
                      the current time in UTC
  --ndr64             uses the transfer syntax NDR64

Exit status: 0 if the call succeeded, 1 if not, 2 for invalid arguments.
";

fn main() -> ExitCode {
    arguments::run("rpc_client", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let (mut address, mut from, mut syntax, mut words) = (None, None, Syntax::Ndr20, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--connect" => address = Some(arguments.value("--connect")?),
            "--from" => from = Some(time_of_day(&arguments.value("--from")?)?),
            "--ndr64" => syntax = Syntax::Ndr64,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => words.push(argument),
        }
    }
    let address = address.ok_or("missing --connect")?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let command = commands::parse(&words, from.unwrap_or_else(now))?;
    let mut out = Output::new();
    let done = Transport::connect(&address, &schrpc::INTERFACE, syntax)
        .and_then(|mut server| command.carry_out(&mut server, &mut out));
    out.flush();
    if let Err(error) = &done {
        warn(&format!("rpc_client: {error}"));
    }
    Ok(done.is_ok())
}

fn now() -> PrimitiveDateTime {
    let now = OffsetDateTime::now_utc();
    PrimitiveDateTime::new(now.date(), now.time())
}

fn time_of_day(text: &str) -> Result<PrimitiveDateTime, String> {
    let boundary = text.parse::<Boundary>().ok().and_then(|boundary| boundary.civil());
    boundary.ok_or_else(|| format!("{text}: not a time like 2024-05-15T10:20:30"))
}
