//! The RPC stubs against impacket and Samba's ndrdump.
//!
//! `WINTASK_PYTHON` names a Python that has impacket 0.13.1 (the default is `python3`); ndrdump comes with Debian's
//! samba-testsuite. `WINTASK_CASES` and `WINTASK_SEED` set the number of random cases per message, and
//! their seed.

#[path = "../../examples/shared/hex.rs"]
mod hex;
#[path = "../../examples/conformance/message.rs"]
mod message;
#[path = "../it/ndr/strategy.rs"]
mod strategy;

use crate::{number, tool};
use libtest_mimic::Failed;
use message::{from_json, to_json};
use proptest::{
    char,
    collection::vec,
    prop_oneof,
    strategy::{BoxedStrategy, Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value as Json, json};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};
use strategy::{Values, messages};
use wintask::{
    ndr::{Error, ErrorKind, Structure, Transfer, Value},
    rpc::{Direction, Format, atsvc},
};

/// impacket, answering questions.
struct Impacket {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A Python that has impacket 0.13.1.
pub fn python() -> Result<String, Failed> {
    let python = env::var("WINTASK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let version = "import importlib.metadata as m; print(m.version('impacket'))";
    let found = Command::new(&python).args(["-c", version]).output();
    let found = found.map_err(|error| format!("WINTASK_PYTHON ({python}): {error}"))?;
    if String::from_utf8_lossy(&found.stdout).trim() != "0.13.1" {
        return Err(format!("{python} has no impacket 0.13.1").into());
    }
    Ok(python)
}

impl Impacket {
    fn start() -> Result<Self, Failed> {
        let python = python()?;
        let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/peers/impacket_ndr.py");
        let mut process =
            Command::new(&python).arg(peer).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = process.stdin.take().ok_or("no pipe")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no pipe")?);
        Ok(Self { process, questions, answers })
    }

    fn ask(&mut self, question: &Json) -> Result<Json, Failed> {
        writeln!(self.questions, "{question}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Impacket {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a peer that treats strings as text can express: no NUL, no lone surrogate, no NULL within an array of strings.
const TEXT: Values = Values { units: text, null_elements: false };

fn text() -> BoxedStrategy<Vec<u16>> {
    let c = prop_oneof![2 => char::range(' ', '~'), 1 => char::range('\u{1}', '\u{1F64F}')];
    vec(c, 0..20).prop_map(|text| String::from_iter(text).encode_utf16().collect()).boxed()
}

/// Random values of a message, the same ones for the same seed.
fn values(format: &Format, kind: Values) -> Result<Vec<Structure>, Failed> {
    let seed = number("WINTASK_SEED", 2026)?;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(seed as u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = kind.structure(format.ty);
    (0..number("WINTASK_CASES", 40)?)
        .map(|_| strategy.new_tree(&mut runner).map(|tree| tree.current()).map_err(|e| e.to_string().into()))
        .collect()
}

/// Whether NDR64 leaves open how the value is encoded.
fn is_open(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnresolvedInNdr64(_))
}

/// Whether impacket cannot build the value in NDR64: it omits the padding at the end of a structure
/// ([MS-RPCE] 2.2.5.3.4.1), which Samba and this crate write.
fn lacks_pad(message: &Structure) -> bool {
    matches!(message.get("pCreds"), Some(Value::Array(creds)) if !creds.is_empty())
}

/// impacket builds what we parse, and parses what we build: all 56 messages, random arguments, NDR 2.0 and NDR64.
pub fn impacket() -> Result<(), Failed> {
    let mut peer = Impacket::start()?;
    let mut checked = 0;
    for (interface, method, direction, format) in messages() {
        for (case, value) in values(format, TEXT)?.into_iter().enumerate() {
            for (transfer, ndr64) in [(Transfer::NDR20, false), (Transfer::NDR64, true)] {
                let stub = match format.encode(value.clone(), transfer) {
                    Err(error) if ndr64 && is_open(&error) => continue,
                    other => other?,
                };
                let arguments = to_json(&value);
                let question = json!({
                    "op": "decode", "interface": interface.name, "name": method.name, "direction": direction.to_string(),
                    "ndr64": ndr64, "seed": case, "hex": to_hex(&stub), "args": arguments,
                });
                let fail = |what: &str, answer: &dyn std::fmt::Debug| -> Failed {
                    format!("{what}\nquestion: {question}\nanswer: {answer:?}").into()
                };
                let parsed = peer.ask(&question)?;
                if from_json(&parsed["args"], format.ty) != Ok(value.clone()) {
                    return Err(fail("impacket reads our stub otherwise", &parsed));
                }
                if ndr64 && lacks_pad(&value) {
                    continue;
                }
                let mut build = question.clone();
                build["op"] = "encode".into();
                let built = peer.ask(&build)?;
                let theirs = built["hex"]
                    .as_str()
                    .and_then(hex::unhex)
                    .ok_or_else(|| fail("impacket cannot build it", &built))?;
                match format.decode(&theirs, transfer) {
                    Ok(read) if read == value => {}
                    other => return Err(fail(&format!("we read {} otherwise", to_hex(&theirs)), &other)),
                }
                checked += 1;
            }
        }
    }
    println!("impacket: {checked} messages built and parsed by both");
    Ok(())
}

/// The output of ndrdump for a stub, if it reports no problem.
fn samba(function: &str, way: &str, option: &str, stub: &[u8]) -> Result<(), Failed> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ndrdump-stub");
    fs::write(&file, stub)?;
    let output = tool("ndrdump")?.args(["atsvc", function, way, option]).arg(&file).output()?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    if output.status.success() && text.contains("dump OK") && !text.contains("WARNING") {
        Ok(())
    } else {
        Err(format!("{function} {way} {}: {text}", to_hex(stub)).into())
    }
}

/// Samba's ndrdump decodes our ATSvc stubs without leftovers, and encodes what it read to the same bytes.
pub fn ndrdump() -> Result<(), Failed> {
    let mut checked = 0;
    for (_, method, direction, format) in
        messages().filter(|(interface, ..)| interface.name == atsvc::INTERFACE.name)
    {
        let function = format!("atsvc_{}", method.name.trim_start_matches("Netr"));
        let way = if direction == Direction::Request { "in" } else { "out" };
        for value in values(format, TEXT)? {
            // ndrdump encodes NDR 2.0 only, so the comparison is limited to it.
            for (transfer, option) in [(Transfer::NDR20, "--validate"), (Transfer::NDR64, "--ndr64")] {
                match format.encode(value.clone(), transfer) {
                    Err(error) if is_open(&error) => continue,
                    stub => samba(&function, way, option, &stub?)?,
                }
                checked += 1;
            }
        }
    }
    // It would have reported a difference.
    if samba("atsvc_JobDel", "out", "--validate", &[0; 8]).is_ok() {
        return Err("ndrdump does not mind bytes left over".into());
    }
    println!("ndrdump: {checked} stubs decoded without leftovers");
    Ok(())
}
