//! The conformance shim: one JSON request per line in, one JSON answer per line out, in order.
//!
//! ```text
//! echo '{"op":"job.read","hex":"00"}' | cargo run --release --example conformance
//! ```
//!
//! Bytes are lower-case hex, an HRESULT is `"0x8004131a"`. A bad line is answered with
//! `{"ok":false,"error":"…"}`, and an operation that is not built yet with the error `unsupported`.

#[path = "conformance/compat.rs"]
mod compat;
#[path = "conformance/event.rs"]
mod event;
#[path = "conformance/gpp.rs"]
mod gpp;
#[path = "conformance/job.rs"]
mod job;
#[path = "conformance/message.rs"]
mod message;
#[path = "conformance/ndr.rs"]
mod ndr;
#[path = "conformance/request.rs"]
mod request;
#[path = "conformance/schedule.rs"]
mod schedule;
#[path = "conformance/scheduler.rs"]
mod scheduler;
#[path = "conformance/security.rs"]
mod security;
#[path = "conformance/taskcache.rs"]
mod taskcache;
#[path = "conformance/xml.rs"]
mod xml;

#[path = "shared/mod.rs"]
mod shared;

use request::{Answer, Request};
use serde_json::{Value, json};
use shared::{arguments, hex, zone};
use std::{
    io::{self, BufRead, Write},
    process::ExitCode,
};

const USAGE: &str = "\
Answers requests, one JSON object on each line of standard input, with one JSON object each on standard output.

usage: conformance

A request names an operation and its arguments: {\"op\":\"job.read\",\"hex\":\"00\"}.
";

fn main() -> ExitCode {
    arguments::run("conformance", USAGE, |_| serve().map(|()| true).map_err(|error| error.to_string()))
}

fn serve() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut host = None;
    for line in io::stdin().lock().split(b'\n') {
        let answer = Request::parse(&line?)
            .and_then(|request| dispatch(request, &mut host))
            .unwrap_or_else(|error| json!({"ok": false, "error": error}));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// Answers one request. An `Err` is a request that cannot be understood; a refusal by Windows is an answer.
fn dispatch(request: Request, host: &mut Option<scheduler::Host>) -> Answer {
    match request.op() {
        "access" => security::access(request),
        "compat" => compat::convert(request),
        "event.match" => event::matches(request),
        "gpp.read" => gpp::read(request),
        "job.read" => job::read(request),
        "ndr.decode" => ndr::decode(request),
        "ndr.encode" => ndr::encode(request),
        "schedule" => schedule::schedule(request),
        "scheduler.call" => scheduler::call(request, host),
        "scheduler.check" => scheduler::check(request, host),
        "scheduler.event" => scheduler::event(request, host),
        "scheduler.load" => scheduler::load(request, host),
        "scheduler.new" => scheduler::new(request, host),
        "scheduler.save" => scheduler::save(request, host),
        "sddl" => security::sddl(request),
        "taskcache.read" => taskcache::read(request),
        "xml.read" => xml::read(request),
        "xml.write" => xml::write(request),
        _ => Err("unsupported".to_owned()),
    }
}

/// A successful answer with these fields.
fn ok(fields: Value) -> Answer {
    let mut answer = json!({"ok": true});
    if let (Value::Object(answer), Value::Object(fields)) = (&mut answer, fields) {
        answer.extend(fields);
    }
    Ok(answer)
}
