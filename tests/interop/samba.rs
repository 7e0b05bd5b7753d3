//! Security descriptors against Samba (Debian's python3-samba): the same text gives the same bytes, the same bytes the
//! same text, and the same question the same answer.

use crate::{mutants::Seed, number};
use libtest_mimic::Failed;
use serde_json::{Value, json};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};
use wintask::security::{
    AccessMask, Domains, GenericMapping, Privileges, SecurityDescriptor, Sid, Token, access_check,
};

/// The Python of Debian's package; another one may come first in the path.
const PYTHON: &str = "/usr/bin/python3";

/// Where Samba 4.17 and this crate differ: SDDL, Samba's result (`None`: rejected; empty: bytes that are not a
/// descriptor), and why.
///
/// Ours is what [MS-DTYP] and observed Windows do in each case (EVIDENCE.md SDDL-01 to SDDL-07).
const DIFFERENCES: &[(&str, Option<&str>, &str)] = &[
    ("D:(A;;FA;;;BA)", Some("D:(A;;CCDCLCSWRPWPDTLOCR;;;BA)"), "FA is 0x1ff, without the standard rights"),
    ("D:(A;;KA;;;BA)", None, "rights of registry keys are unknown"),
    ("D:(A;;KR;;;BA)", None, "rights of registry keys are unknown"),
    ("D:(A;;KW;;;BA)", None, "rights of registry keys are unknown"),
    ("D:(A;;KX;;;BA)", None, "rights of registry keys are unknown"),
    ("D:(A;;017;;;BA)", Some("D:(A;;;;;BA)"), "octal rights are read as none"),
    ("D:(A;;17;;;BA)", Some("D:(A;;;;;BA)"), "decimal rights are read as none"),
    ("D:(A;CR;FR;;;BA)", None, "the flag CR of Windows 10 is unknown"),
    ("D:(A;;FR;;;HO)", None, "the alias HO is unknown"),
    ("D:(A;;FR;;;SH)", None, "the alias SH is unknown"),
    (
        "D:(A;;FR;;;S-1-0x010000000000-1)",
        Some(""),
        "hex authorities are cut off, which leaves a SID of no parts",
    ),
    ("D:NO_ACCESS_CONTROL", None, "the keyword for a NULL ACL is unknown"),
    ("D:(XA;;FX;;;WD;(a == 1))", None, "conditions came with Samba 4.20"),
    ("S:(RA;;;;;WD;(\"a\",TI,0x0,1))", None, "resource attributes came with Samba 4.20"),
    ("S:(ML;;NW;;;HI)", None, "labels are unknown"),
    ("S:(SP;;;;;S-1-17-1)", None, "central access policies are unknown"),
    ("S:(TL;;CC;;;S-1-19-512-1024)", None, "trust labels are unknown"),
    ("D:PS:(AU;;FR;;;WD)", None, "flags of an ACL without ACEs are refused before another part"),
    ("d:(a;;fr;;;ba)", None, "lower case is refused"),
    ("D: (A;;FR;;;BA)", None, "white space is refused"),
];

/// The script's answer to each request.
pub fn samba(requests: &[Value]) -> Result<Vec<Value>, Failed> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/peers/descriptors.py");
    if !Path::new(PYTHON).is_file() {
        return Err(format!("{PYTHON} is not installed").into());
    }
    let mut child = Command::new(PYTHON).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let lines: String = requests.iter().map(|request| format!("{request}\n")).collect();
    let mut input = child.stdin.take().ok_or("no standard input")?;
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "the writer panicked")??;
    let answers = String::from_utf8(output.stdout)?;
    let answers: Vec<Value> = answers.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    if answers.len() == requests.len() {
        Ok(answers)
    } else {
        Err("Samba did not answer every request: is python3-samba installed?".into())
    }
}

fn domain() -> Result<Domains, Failed> {
    Ok(Domains::of_domain("S-1-5-21-1-2-3".parse()?))
}

/// Our descriptor of a text, its domain given.
pub fn ours(text: &str) -> Result<SecurityDescriptor, Failed> {
    let parsed = text.parse::<SecurityDescriptor>();
    Ok(parsed.map_err(|error| format!("{text}: {error}"))?.resolve(&domain()?))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>, Failed> {
    let pairs = (0..text.len()).step_by(2).map(|at| text.get(at..at + 2).ok_or("half a byte"));
    pairs.map(|pair| Ok(u8::from_str_radix(pair?, 16)?)).collect()
}

/// Every listed difference is real: Samba does what the table shows, and this crate does not.
pub fn differences() -> Result<(), Failed> {
    let requests: Vec<_> = DIFFERENCES.iter().map(|(text, ..)| json!({"sddl": text})).collect();
    for (answer, &(text, theirs, why)) in samba(&requests)?.iter().zip(DIFFERENCES) {
        match (theirs, answer["hex"].as_str()) {
            (None, None) => {
                ours(text)?;
            }
            (Some(expected), Some(hex)) => {
                let (mine, read) = (said(&ours(text)?), SecurityDescriptor::from_bytes(&unhex(hex)?));
                let theirs = read.map_or(String::new(), |read| said(&read));
                let expected = if expected.is_empty() { String::new() } else { said(&ours(expected)?) };
                if theirs != expected || theirs == mine {
                    return Err(format!("{text} ({why}): {theirs}").into());
                }
            }
            _ => return Err(format!("{text} ({why}): {answer}").into()),
        }
    }
    Ok(())
}

/// Where Samba answers MAXIMUM_ALLOWED differently for a caller who is Everyone: the descriptor, what Samba
/// grants, what this crate grants, and why (EVIDENCE.md SDDL-16).
const OTHER_ANSWERS: &[(&str, u64, Option<u32>, &str)] = &[
    (
        "D:(A;;0x1f01ff;;;WD)(D;;0x20;;;WD)",
        0x1F_01FF,
        Some(0x1F_01DF),
        "an earlier grant wins over a later denial",
    ),
    ("O:BA", 0, Some(0x1F_01FF), "nothing is granted where there is no DACL"),
    ("D:", 0, None, "nothing at all is a success"),
];

/// Every listed difference of access is real as well.
pub fn other_answers() -> Result<(), Failed> {
    let maximum = AccessMask::MAXIMUM_ALLOWED;
    let mut requests = Vec::new();
    for (text, ..) in OTHER_ANSWERS {
        let bytes = hex(&ours(text)?.to_bytes()?);
        requests.push(json!({"hex": bytes, "sids": ["S-1-1-0"], "privileges": 0, "desired": maximum.0}));
    }
    for (answer, &(text, theirs, granted, why)) in samba(&requests)?.iter().zip(OTHER_ANSWERS) {
        let found = access_check(&ours(text)?, &Token::new(Sid::EVERYONE), maximum, &GenericMapping::FILE);
        if answer["granted"].as_u64() != Some(theirs) || found.allowed.then_some(found.granted.0) != granted {
            return Err(format!("{text} ({why}): {answer}, {found:?}").into());
        }
    }
    Ok(())
}

const SIDS: &[&str] = &[
    "AA",
    "AC",
    "AN",
    "AO",
    "AU",
    "BA",
    "BG",
    "BO",
    "BU",
    "CA",
    "CD",
    "CG",
    "CN",
    "CO",
    "CY",
    "DA",
    "DC",
    "DD",
    "DG",
    "DU",
    "EA",
    "ED",
    "ER",
    "ES",
    "HA",
    "HI",
    "IS",
    "IU",
    "LA",
    "LG",
    "LS",
    "LU",
    "LW",
    "ME",
    "MP",
    "MS",
    "MU",
    "NO",
    "NS",
    "NU",
    "PA",
    "PO",
    "PS",
    "PU",
    "RA",
    "RC",
    "RD",
    "RE",
    "RM",
    "RO",
    "RS",
    "RU",
    "SA",
    "SI",
    "SO",
    "SU",
    "SY",
    "UD",
    "WD",
    "WR",
    "OW",
    "AP",
    "KA",
    "EK",
    "SS",
    "AS",
    "S-1-5-21-1-2-3-1001",
    "S-1-5-80-1-2-3-4-5",
    "S-1-4294967294-4294967295",
    "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
];
const RIGHTS: &[&str] = &[
    "GA", "GX", "GW", "GR", "SD", "RC", "WD", "WO", "FR", "FW", "FX", "CC", "DC", "LC", "SW", "RP", "WP",
    "DT", "LO", "CR",
];
const FLAGS: &[&str] = &["OI", "CI", "NP", "IO", "ID", "SA", "FA"];
const GUID: &str = "bf967aba-0de6-11d0-a285-00aa003049e2";

fn rights(seed: &mut Seed) -> String {
    match seed.below(4) {
        0 => format!("{:#x}", seed.next() as u32),
        n => (0..n).map(|_| seed.pick(RIGHTS)).collect(),
    }
}

fn ace(seed: &mut Seed, dacl: bool) -> String {
    let types: &[&str] = if dacl { &["A", "D", "OA", "OD"] } else { &["AU", "AL", "OU", "OL"] };
    let code = seed.pick(types);
    let flags: String = FLAGS.iter().copied().filter(|_| seed.below(3) == 0).collect();
    let object = code.starts_with('O');
    // An allow ACE without any GUID becomes a plain ACE here, and an object ACE in Samba.
    let first = if object && (code == "OA" || seed.below(2) == 0) { GUID } else { "" };
    let second = if object && seed.below(2) == 0 { GUID } else { "" };
    format!("({code};{flags};{};{first};{second};{})", rights(seed), seed.pick(SIDS))
}

fn acl(seed: &mut Seed, dacl: bool) -> String {
    let flags = ["", "P", "AI", "PAI", "AR", "PAR"];
    let aces: String = (0..seed.below(5)).map(|_| ace(seed, dacl)).collect();
    let flags = if aces.is_empty() { "" } else { seed.pick(&flags) };
    format!("{}:{flags}{aces}", if dacl { "D" } else { "S" })
}

/// A random text with the codes that both know.
fn text(seed: &mut Seed) -> String {
    let mut text = String::new();
    for letter in ["O", "G"] {
        if seed.below(3) > 0 {
            text += &format!("{letter}:{}", seed.pick(SIDS));
        }
    }
    for dacl in [true, false] {
        if seed.below(4) > 0 {
            text += &acl(seed, dacl);
        }
    }
    text
}

/// Random descriptors: text to bytes, bytes to text, both ways.
pub fn agreement() -> Result<(), Failed> {
    let mut seed = Seed(number("WINTASK_SEED", 1)? as u64);
    let texts: Vec<_> = (0..number("WINTASK_DESCRIPTORS", 4000)?).map(|_| text(&mut seed)).collect();
    let mut requests = Vec::new();
    for text in &texts {
        requests.push(json!({"sddl": text}));
        requests.push(json!({"hex": hex(&ours(text)?.to_bytes()?)}));
    }
    for (answers, text) in samba(&requests)?.chunks(2).zip(&texts) {
        let expected = ours(text)?;
        let wrong = |what: &str| Failed::from(format!("{text}: {what}: {answers:?}"));
        let encoded = answers[0]["hex"].as_str().ok_or_else(|| wrong("refused"))?;
        let read = SecurityDescriptor::from_bytes(&unhex(encoded)?)?;
        if said(&read) != said(&expected) {
            return Err(wrong("our reading of Samba's bytes differs"));
        }
        for answer in answers {
            let printed = answer["sddl"].as_str().ok_or_else(|| wrong("not printed"))?;
            if said(&ours(printed)?) != said(&expected) {
                return Err(wrong("our reading of Samba's text differs"));
            }
        }
    }
    Ok(())
}

/// A descriptor without the revisions of its ACLs: Samba gives some a higher one than they need.
fn said(descriptor: &SecurityDescriptor) -> String {
    descriptor.to_string()
}

/// Random questions of access, without generic rights, which Samba does not map here.
///
/// Three differences are known, all with MAXIMUM_ALLOWED: Samba lets an earlier grant win over a later denial, grants
/// nothing where there is no DACL, and reports an empty result as success (EVIDENCE.md SDDL-16).
pub fn access() -> Result<(), Failed> {
    let sids = ["S-1-5-21-1-2-3-1001", "S-1-1-0", "S-1-5-11", "S-1-5-32-544", "S-1-5-18"];
    let names = ["S-1-5-21-1-2-3-1001", "WD", "AU", "BA", "SY", "OW", "LS"];
    let masks = ["FR", "FW", "FX", "0x1f01ff", "RC", "WD", "WO", "SD", "CC", "RCWD", "0x1f019f"];
    let mut seed = Seed(number("WINTASK_SEED", 1)? as u64);
    let mut cases = Vec::new();
    for _ in 0..number("WINTASK_QUESTIONS", 4000)? {
        let maximum = seed.below(4) == 0;
        let aces: String = (0..seed.below(6))
            .map(|_| {
                // With MAXIMUM_ALLOWED no ACE grants before another denies.
                let code = if !maximum && seed.below(3) == 0 { "D" } else { "A" };
                let flags = seed.pick(&["", "", "ID", "OICI", "IO"]);
                format!("({code};{flags};{};;;{})", seed.pick(&masks), seed.pick(&names))
            })
            .collect();
        let denials: String = (0..if maximum { seed.below(3) } else { 0 })
            .map(|_| format!("(D;;{};;;{})", seed.pick(&masks), seed.pick(&names)))
            .collect();
        let owner = if seed.below(3) > 0 { format!("O:{}", seed.pick(&names)) } else { String::new() };
        let token = sids[..1 + seed.below(sids.len() - 1)].to_vec();
        let privileges = Privileges(seed.below(4) as u64 * 0x100);
        let desired = ours(&format!("D:(A;;{};;;WD)", seed.pick(&masks)))?.dacl.aces()[0].mask;
        let desired = if maximum { AccessMask::MAXIMUM_ALLOWED } else { desired };
        cases.push((format!("{owner}D:{denials}{aces}"), token, privileges, desired));
    }
    let mut requests = Vec::new();
    for (text, token, privileges, desired) in &cases {
        // Samba has its own numbers for privileges.
        let own = [(Privileges::SECURITY, 0x2000), (Privileges::TAKE_OWNERSHIP, 0x800)];
        let own = own.iter().filter(|(p, _)| privileges.contains(*p)).fold(0, |all, (_, bit)| all | bit);
        let bytes = hex(&ours(text)?.to_bytes()?);
        requests.push(json!({"hex": bytes, "sids": token, "privileges": own, "desired": desired.0}));
    }
    let mut counts = [0; 2];
    for (answer, (text, token, privileges, desired)) in samba(&requests)?.iter().zip(&cases) {
        let mut caller = Token::new(token[0].parse()?).with_privileges(*privileges);
        for group in &token[1..] {
            caller = caller.with_group(group.parse::<Sid>()?);
        }
        let found = access_check(&ours(text)?, &caller, *desired, &GenericMapping::FILE);
        // Samba reports an empty result as success.
        let theirs = answer["granted"].as_u64().filter(|granted| *granted > 0);
        let found = found.allowed.then_some(u64::from(found.granted.0));
        if answer.get("error").is_some() || found != theirs {
            return Err(format!("{text} asked by {token:?} for {desired}: {found:?}, {answer}").into());
        }
        counts[usize::from(found.is_some())] += 1;
    }
    if counts.iter().all(|count| *count * 8 > cases.len()) {
        Ok(())
    } else {
        Err(format!("denied and allowed {counts:?}: the questions are lopsided").into())
    }
}
