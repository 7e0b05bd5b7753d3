//! Shows what the stub of a Task Scheduler call contains.

mod dump;

#[path = "../shared/mod.rs"]
mod shared;

use dump::Options;
use shared::{
    arguments::{self, Arguments},
    hex,
    output::Output,
};
use std::{fs, process::ExitCode};
use wintask::{
    ndr::{ByteOrder, Transfer},
    rpc::{Direction, Interface},
};

const USAGE: &str = "\
Shows what the stub of a Task Scheduler call contains.

usage: rpcdump [--big-endian] [--ndr64] [--show-passwords] INTERFACE OPNUM request|response HEX-OR-FILE

  INTERFACE         ATSvc, SASec, ITaskSchedulerService, or a UUID
  OPNUM             the number of the method
  HEX-OR-FILE       the stub in hex, or a file that contains it
  --big-endian      integers are big-endian
  --ndr64           the transfer syntax is NDR64
  --show-passwords  shows passwords, which are hidden otherwise

A stub that cannot be decoded is shown in hex, with a caret under the byte where decoding fails.
Exit status: 0 if it was decoded, 1 if not, 2 for invalid arguments.
";

fn main() -> ExitCode {
    arguments::run("rpcdump", USAGE, run)
}

fn run(mut arguments: Arguments) -> Result<bool, String> {
    let mut options = Options::default();
    let mut words = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--big-endian" => options.transfer = options.transfer.with_order(ByteOrder::Big),
            "--ndr64" => options.transfer = Transfer::NDR64.with_order(options.transfer.order),
            "--show-passwords" => options.show_passwords = true,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => words.push(argument),
        }
    }
    let (interface, opnum, direction, stub) = target(&words)?;
    let (text, decoded) = dump::dump(interface, opnum, direction, &stub, &options);
    let mut out = Output::new();
    text.lines().for_each(|line| out.line(line));
    out.flush();
    Ok(decoded)
}

/// What the words of the command line mean.
fn target(words: &[String]) -> Result<(&'static Interface, u16, Direction, Vec<u8>), String> {
    let [interface, opnum, direction, stub] = words else {
        return Err("INTERFACE, OPNUM, a direction and HEX-OR-FILE are required".to_owned());
    };
    let by_uuid = || interface.parse().ok().and_then(Interface::by_uuid);
    Ok((
        Interface::by_name(interface)
            .or_else(by_uuid)
            .ok_or_else(|| format!("unknown interface {interface}"))?,
        opnum.parse().map_err(|_| format!("invalid opnum {opnum}"))?,
        direction
            .parse()
            .map_err(|_| format!("invalid direction {direction}: expected request or response"))?,
        match hex::unhex(&stub.replace(char::is_whitespace, "")) {
            Some(stub) => stub,
            None => fs::read(stub).map_err(|error| format!("{stub}: {error}"))?,
        },
    ))
}
