//! impacket, unmodified, as a client of the example `rpc_server`. `WINTASK_PYTHON` names a Python that has impacket 0.13.1.

use crate::ndr;
use libtest_mimic::Failed;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The example; it ends when its standard input is closed.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start() -> Result<Self, Failed> {
        let mut process = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--all-features", "--example", "rpc_server", "--"])
            .args(["--listen", "127.0.0.1:0", "--caller", r"HOST\admin", "--administrator", "--at-enabled"])
            .args(["--now", "2024-05-15T10:20:30Z"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on ").map(str::to_owned);
        let address = address.ok_or_else(|| format!("rpc_server printed {line:?}"))?;
        Ok(Self { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Every method of the three interfaces in both transfer syntaxes, and what atexec does.
pub fn impacket() -> Result<(), Failed> {
    let python = ndr::python()?;
    let server = Server::start()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/peers/impacket_client.py");
    let output = Command::new(python).arg(script).arg(&server.address).output()?;
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let checked: usize = out.trim().parse().unwrap_or(0);
    if !output.status.success() || checked < MOST_OF_THEM {
        return Err(format!("impacket against rpc_server: {out}{errors}").into());
    }
    println!("impacket: {checked} results of rpc_server compared");
    Ok(())
}

/// The script compares more results than this, unless it ends early.
const MOST_OF_THEM: usize = 130;
