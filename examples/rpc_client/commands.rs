//! The commands of the client.

use crate::{shared::output::Output, transport::Transport};
use std::{fmt::Display, fs};
use time::PrimitiveDateTime;
use wintask::{
    client::{
        accepted,
        schrpc::{self, Tree},
    },
    definition::TaskPath,
    dtyp::{HResult, SystemTime, guid::braced},
    rpc::schrpc::{Response, SchRpcRegisterTask, TaskCreation, TaskLogonType, TaskState},
    xml,
};

/// A command.
pub enum Command<'a> {
    List { folder: &'a str },
    Register { path: &'a str, file: &'a str },
    Show { path: &'a str },
    Run { path: &'a str },
    Runs { path: &'a str, from: PrimitiveDateTime },
    Delete { path: &'a str },
}

/// Run times that `runs` shows.
const NEXT_RUNS: u32 = 5;

/// The command; `from` is the start of the next run times.
pub fn parse<'a>(words: &[&'a str], from: PrimitiveDateTime) -> Result<Command<'a>, String> {
    Ok(match *words {
        ["list"] => Command::List { folder: r"\" },
        ["list", folder] => Command::List { folder },
        ["register", path, file] => Command::Register { path, file },
        ["show", path] => Command::Show { path },
        ["run", path] => Command::Run { path },
        ["runs", path] => Command::Runs { path, from },
        ["delete", path] => Command::Delete { path },
        [] => return Err("no command given".to_owned()),
        [command, ..] => return Err(format!("unknown command, or wrong arguments for it: {command}")),
    })
}

fn text(error: impl Display) -> String {
    error.to_string()
}

impl Command<'_> {
    /// Makes the calls, and prints the results.
    pub fn carry_out(self, server: &mut Transport, out: &mut Output) -> Result<(), String> {
        match self {
            Self::List { folder } => list(server, folder, out),
            Self::Register { path, file } => {
                let path = register(server, path, file)?;
                out.line(&format!("registered {path}"));
                Ok(())
            }
            Self::Show { path } => {
                let request = schrpc::retrieve(path, &[]);
                let response = accepted(&request, server.call(&request)?).map_err(text)?;
                response.xml.unwrap_or_default().to_string().lines().for_each(|line| out.line(line));
                Ok(())
            }
            Self::Run { path } => {
                let request = schrpc::run(path, [""; 0]);
                let response = accepted(&request, server.call(&request)?).map_err(text)?;
                out.line(&format!("running {}", braced(response.guid)));
                Ok(())
            }
            Self::Runs { path, from } => runs(server, path, from, out),
            Self::Delete { path } => {
                let request = schrpc::delete(path);
                accepted(&request, server.call(&request)?).map_err(text)?;
                out.line(&format!("deleted {path}"));
                Ok(())
            }
        }
    }
}

fn list(server: &mut Transport, folder: &str, out: &mut Output) -> Result<(), String> {
    let folder: TaskPath = folder.parse().map_err(text)?;
    let mut tree = Tree::below(folder, true);
    let transfer = server.transfer();
    while let Some(request) = tree.request() {
        let stub = request.encode_as(transfer).map_err(text)?;
        let (answer, order) = server.exchange(request.opnum(), &stub)?;
        let response =
            Response::decode_as(request.opnum(), &answer, transfer.with_order(order)).map_err(text)?;
        tree.reply(response).map_err(text)?;
    }
    for folder in tree.folders() {
        out.line(&format!("folder    {folder}"));
    }
    for task in tree.tasks() {
        let request = schrpc::task_info(task.clone(), true);
        // It may have been deleted in the meantime.
        let state = match accepted(&request, server.call(&request)?) {
            Ok(info) => state(info.state),
            Err(_) => "?",
        };
        out.line(&format!("{state:8}  {task}"));
    }
    for (folder, refused) in tree.refused() {
        out.line(&format!("refused   {folder}: {}", refused.status));
    }
    Ok(())
}

fn state(state: TaskState) -> &'static str {
    match state {
        TaskState::DISABLED => "disabled",
        TaskState::QUEUED => "queued",
        TaskState::READY => "ready",
        TaskState::RUNNING => "running",
        _ => "unknown",
    }
}

/// Registers a definition, or replaces one; returns the path assigned by the server.
fn register(server: &mut Transport, path: &str, file: &str) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let definition = xml::documents(&bytes);
    let request = SchRpcRegisterTask {
        flags: TaskCreation::CREATE | TaskCreation::UPDATE,
        ..schrpc::register(path, without_declaration(definition.text()), TaskLogonType::NONE)
    };
    let response = server.call(&request)?;
    let path = schrpc::registered(&request, response).map_err(text)?;
    Ok(path.unwrap_or_default().to_string())
}

/// Removes the XML declaration, since a string has no encoding. Line numbers stay the same.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches('\u{FEFF}');
    match text.strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    }
}

fn runs(server: &mut Transport, path: &str, from: PrimitiveDateTime, out: &mut Output) -> Result<(), String> {
    let request = schrpc::instances(path);
    let instances = accepted(&request, server.call(&request)?).map_err(text)?;
    for guid in instances.guids.as_slice() {
        let request = schrpc::instance_info(*guid);
        // It may have ended meanwhile.
        if let Ok(info) = accepted(&request, server.call(&request)?) {
            out.line(&format!("running  {} as process {}", braced(*guid), info.engine_pid));
        }
    }
    let request = schrpc::last_run(path);
    let last = accepted(&request, server.call(&request)?).map_err(text)?;
    if last.last_runtime.is_none() {
        out.line("last     never");
    } else {
        out.line(&format!("last     {}, {}", last.last_runtime, HResult(last.last_return_code)));
    }
    let request = schrpc::scheduled_runtimes(path, Some(SystemTime::from_civil(from)), None, NEXT_RUNS);
    match accepted(&request, server.call(&request)?) {
        Ok(next) => next.runtimes.as_slice().iter().for_each(|time| out.line(&format!("next     {time}"))),
        Err(refused) => out.line(&format!("next     {}", refused.status)),
    }
    Ok(())
}
