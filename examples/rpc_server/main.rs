//! A Task Scheduler for the loopback interface: the scheduler of the library, served by DCE/RPC over TCP.

mod connection;
mod host;
mod log;

#[path = "../shared/mod.rs"]
mod shared;

use connection::Connection;
use host::{Host, Setup};
use log::Log;
use shared::{
    arguments::{self, Arguments},
    output::Output,
};
use std::{
    io::{self, Read},
    net::{IpAddr, SocketAddr, TcpListener},
    process::{self, ExitCode},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use wintask::Profile;

const USAGE: &str = "\
Serves ITaskSchedulerService, ATSvc and SASec on a port of the loopback interface.

usage: rpc_server [--listen 127.0.0.1:PORT] [--caller NAME] [--administrator] [--profile windows|specification]
                  [--now TIME] [--at-enabled] [--effects]

  --listen         the address; port 0, the default, chooses a free port
  --caller         the account of all calls (default: HOST\\admin)
  --administrator  makes that account an administrator
  --profile        the rules to apply (default: windows)
  --now            stops the clock at this time, such as 2024-05-15T10:20:30Z
  --at-enabled     enables ATSvc, which is disabled in Windows 8 and later
  --effects        prints the effects for the host

The first line of standard output is the address. A line per call goes to standard error: interface, method, status. The
server ends when standard input ends.

The tasks are kept in memory, and times are in UTC. Nothing is run: a started action is reported to the scheduler as a process
that runs until the scheduler stops it. The caller is logged on in session 1, and any password except an empty one is valid.
Authentication is not supported; a client that requests it is rejected.
";

/// Connections at one time; others are closed.
const CONNECTIONS: usize = 128;

fn main() -> ExitCode {
    arguments::run("rpc_server", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let mut setup = Setup::default();
    let mut listen = "127.0.0.1:0".to_owned();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--listen" => listen = arguments.value("--listen")?,
            "--caller" => setup.caller = arguments.value("--caller")?,
            "--administrator" => setup.administrator = true,
            "--profile" => setup.profile = profile(&arguments.value("--profile")?)?,
            "--now" => setup.now = Some(instant(&arguments.value("--now")?)?),
            "--at-enabled" => setup.at_enabled = true,
            "--effects" => setup.show_effects = true,
            other => return Err(format!("unexpected argument {other}")),
        }
    }
    let address: SocketAddr = listen.parse().map_err(|_| format!("invalid address {listen}"))?;
    if !is_loopback(address.ip()) {
        return Err(format!("{address} is not on the loopback interface, and there is no authentication"));
    }
    serve(address, setup).map_err(|error| format!("{address}: {error}"))?;
    Ok(true)
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.is_loopback()
}

fn profile(name: &str) -> Result<Profile, String> {
    match name {
        "windows" => Ok(Profile::Windows),
        "specification" => Ok(Profile::Specification),
        other => Err(format!("unknown profile {other}")),
    }
}

fn instant(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|error| format!("{text}: {error}"))
}

/// Serves until standard input ends.
fn serve(address: SocketAddr, setup: Setup) -> io::Result<()> {
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    let mut out = Output::new();
    out.line(&format!("listening on {address}"));
    out.flush();
    drop(out);
    let log = Log::start();
    let host = Arc::new(Host::new(setup, log.clone()));
    host.run_timers();
    let of_connections = log.clone();
    thread::spawn(move || accept(&listener, &host, address.port(), &of_connections));
    wait_for_end_of_input();
    log.finish();
    process::exit(0);
}

fn wait_for_end_of_input() {
    let mut ignored = [0; 4096];
    while !matches!(io::stdin().read(&mut ignored), Ok(0) | Err(_)) {}
}

fn accept(listener: &TcpListener, host: &Arc<Host>, port: u16, log: &Log) {
    static OPEN: AtomicUsize = AtomicUsize::new(0);
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        if OPEN.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            OPEN.fetch_sub(1, Ordering::SeqCst);
            log.line(format!("connection rejected: {CONNECTIONS} are open"));
            continue;
        }
        let (host, log) = (Arc::clone(host), log.clone());
        let spawned = thread::Builder::new().spawn(move || {
            if let Err(error) = Connection::new(&stream, port).and_then(|connection| connection.serve(&host))
            {
                log.line(format!("connection closed: {error}"));
            }
            OPEN.fetch_sub(1, Ordering::SeqCst);
        });
        if spawned.is_err() {
            OPEN.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
