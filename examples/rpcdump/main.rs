//! Shows what the stub of a Task Scheduler call says.
//!
//! ```text
//! cargo run --example rpcdump -- [--big-endian] [--ndr64] [--show-passwords] INTERFACE OPNUM request|response HEX-OR-FILE
//! cargo run --example rpcdump -- ITaskSchedulerService 13 request 0300000000000000030000005c0061000000000000000000
//! ```
//!
//! INTERFACE is `ATSvc`, `SASec`, `ITaskSchedulerService` or its UUID. A stub that cannot be decoded is shown in hex with
//! a caret below the byte at which decoding fails. Exit status: 0 if it was decoded, 1 if not, 2 for a wrong call.

mod dump;
#[path = "../shared/hex.rs"]
mod hex;

use dump::Options;
use std::{fs, process::ExitCode};
use wintask::{
    ndr::{ByteOrder, Transfer},
    rpc::{Direction, Interface},
};

const USAGE: &str =
    "usage: rpcdump [--big-endian] [--ndr64] [--show-passwords] INTERFACE OPNUM request|response HEX-OR-FILE";

fn main() -> ExitCode {
    let mut options = Options::default();
    let mut words = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--big-endian" => options.transfer = options.transfer.with_order(ByteOrder::Big),
            "--ndr64" => options.transfer = Transfer::NDR64.with_order(options.transfer.order),
            "--show-passwords" => options.show_passwords = true,
            "-h" | "--help" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            _ => words.push(argument),
        }
    }
    let dumped = target(&words).map(|(interface, opnum, direction, stub)| {
        let (text, decoded) = dump::dump(interface, opnum, direction, &stub, &options);
        print!("{text}");
        if decoded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    });
    dumped.unwrap_or_else(|error| {
        eprintln!("rpcdump: {error}\n{USAGE}");
        ExitCode::from(2)
    })
}

/// What the words of the command line mean.
fn target(words: &[String]) -> Result<(&'static Interface, u16, Direction, Vec<u8>), String> {
    let [interface, opnum, direction, stub] = words else { return Err("four words are needed".to_owned()) };
    let by_uuid = || interface.parse().ok().and_then(Interface::by_uuid);
    Ok((
        Interface::by_name(interface)
            .or_else(by_uuid)
            .ok_or_else(|| format!("no interface is called {interface}"))?,
        opnum.parse().map_err(|_| format!("{opnum} is no opnum"))?,
        Direction::by_name(direction)
            .ok_or_else(|| format!("{direction} is neither request nor response"))?,
        match hex::unhex(&stub.replace(char::is_whitespace, "")) {
            Some(stub) => stub,
            None => fs::read(stub).map_err(|error| format!("{stub}: {error}"))?,
        },
    ))
}
