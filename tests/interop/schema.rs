//! The Specification profile against `xmllint --schema` with spec/task.xsd.

use crate::{
    folder, mutants,
    mutants::{Element, Seed},
    number, tool,
};
use libtest_mimic::Failed;
use std::{collections::BTreeMap, fs, path::Path};
use wintask::{
    Profile,
    xml::{self, Form, Options, Rule},
};

const SPECIFICATION: fn() -> Options = || Options::default().with_profile(Profile::Specification);

/// Rules of [MS-TSCH] 3.2.5.4.2 that no schema can express, by name: this crate rejects and xmllint does not.
fn beyond_the_schema(rule: &Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::Empty { .. } | Rule::MissingElement { name: "DaysOfWeek" | "DaysOfMonth" | "Weeks" } => {
            "3.2.5.4.2: an empty or missing list of days, weeks or months"
        }
        Rule::UserAndGroup => "3.2.5.4.2: UserId and GroupId together",
        Rule::MaintenanceEngine => "3.2.5.4.2: MaintenanceSettings without UseUnifiedSchedulingEngine",
        Rule::Version { .. } => "3.2.5.4.2: an element that is newer than the version stated",
        Rule::Value { expected, .. } if expected.starts_with("a version up to") => {
            "3.2.5.4.1: a version above the highest that the server supports"
        }
        _ => return None,
    })
}

/// The documents of the corpus as text, without declarations: whether those agree with the bytes is another question.
fn documents() -> Result<Vec<(String, String)>, Failed> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder("WINTASK_CORPUS")?.join("xml"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = decode(&fs::read(&path)?);
        let text = text
            .strip_prefix("<?xml")
            .map_or(text.as_str(), |t| t.split_once("?>").map_or("", |(_, rest)| rest));
        documents.push((name, text.trim_start().to_owned()));
    }
    documents.sort();
    if documents.is_empty() { Err("the corpus is empty".into()) } else { Ok(documents) }
}

fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => {
            let units: Vec<u16> = rest.chunks(2).map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Whether each document is valid according to xmllint.
fn xmllint(test: &str, documents: &[String]) -> Result<Vec<bool>, Failed> {
    let schema = folder("WINTASK_SPEC")?.join("task.xsd").canonicalize()?;
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xmllint").join(test);
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(&work)?;
    for (index, text) in documents.iter().enumerate() {
        fs::write(work.join(format!("{index}.xml")), text)?;
    }
    let mut verdicts = vec![None; documents.len()];
    for batch in (0..documents.len()).collect::<Vec<_>>().chunks(500) {
        let mut command = tool("xmllint")?;
        command.current_dir(&work).args(["--noout", "--nonet", "--schema"]).arg(&schema);
        let output = command.args(batch.iter().map(|i| format!("{i}.xml"))).output()?;
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let verdict =
                |suffix: &str| line.strip_suffix(suffix).and_then(|n| n.strip_suffix(".xml")?.parse().ok());
            if let Some(index) = verdict(" validates") {
                let index: usize = index;
                verdicts[index] = Some(true);
            } else if let Some(index) = verdict(" fails to validate") {
                let index: usize = index;
                verdicts[index] = Some(false);
            }
        }
        // A document that is not well-formed gets no verdict line.
        batch.iter().for_each(|i| verdicts[*i] = verdicts[*i].or(Some(false)));
    }
    Ok(verdicts.into_iter().map(|v| v.unwrap_or(false)).collect())
}

/// Compares, and counts what explains the disagreements; one that nothing explains fails.
fn compare(test: &str, cases: &[(String, String)]) -> Result<(), Failed> {
    let texts: Vec<String> = cases.iter().map(|(_, text)| text.clone()).collect();
    let verdicts = xmllint(test, &texts)?;
    let valid = verdicts.iter().filter(|v| **v).count();
    let mut explained: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for ((what, text), valid) in cases.iter().zip(verdicts) {
        let ours = xml::read(text.as_bytes(), &SPECIFICATION());
        match (&ours, valid) {
            (Ok(_), true) | (Err(_), false) => {}
            (Err(error), true) => match beyond_the_schema(&error.kind().rule) {
                Some(reason) => *explained.entry(reason).or_default() += 1,
                None => unexplained.push(format!("{what}: xmllint takes it, we say {error}\n{text}")),
            },
            (Ok(_), false) => unexplained.push(format!("{what}: xmllint refuses it, we take it\n{text}")),
        }
    }
    println!("{} documents, {valid} valid for xmllint; explained: {explained:#?}", cases.len());
    // A comparison in which one side always gives the same answer proves nothing.
    if valid == 0 || valid == cases.len() {
        return Err("xmllint gives one verdict for all".into());
    }
    if unexplained.is_empty() {
        return Ok(());
    }
    let shown: Vec<_> = unexplained.iter().take(number("WINTASK_SHOWN", 3)?).map(String::as_str).collect();
    Err(format!("{} disagreements, among them:\n{}", unexplained.len(), shown.join("\n")).into())
}

pub fn corpus() -> Result<(), Failed> {
    compare("corpus", &documents()?)
}

/// The documents of the corpus as they are, the same in the schema's order (Windows writes another, which is never
/// valid, so that most mutants would be rejected for that alone), and one that states everything.
fn bases() -> Result<Vec<(String, String)>, Failed> {
    let mut bases = documents()?;
    for (name, text) in bases.clone() {
        if let Ok(task) = xml::read(text.as_bytes(), &Options::default()) {
            bases.push((format!("{name} in order"), xml::write_text(&task, Form::Utf8)?));
        }
    }
    let everything = fs::read_to_string("testdata/xml/everything.xml")?;
    bases.extend((0..20).map(|_| ("everything.xml".to_owned(), everything.clone())));
    Ok(bases)
}

/// Mutants of the corpus: `WINTASK_MUTANTS` of them, from the seed `WINTASK_SEED`.
pub fn mutants() -> Result<(), Failed> {
    let bases = bases()?;
    let parsed: Vec<_> =
        bases.iter().filter_map(|(name, text)| Some((name, Element::parse(text)?))).collect();
    let mut seed = Seed(number("WINTASK_SEED", 1)? as u64);
    let mut cases = Vec::new();
    while cases.len() < number("WINTASK_MUTANTS", 1500)? {
        let (name, root) = &parsed[seed.below(parsed.len())];
        let mut root = root.clone();
        let mut what = format!("{name} #{}", cases.len());
        for _ in 0..=seed.below(2) {
            what = format!("{what}, {}", mutants::mutate(&mut root, &mut seed));
        }
        let mut text = String::new();
        root.write(&mut text);
        cases.push((what, text));
    }
    compare("mutants", &cases)
}

/// Every value of the generator's list in an element of every simple type.
pub fn values() -> Result<(), Failed> {
    // The element of each type, and the elements required around it.
    let homes = [
        ("boolean", "<Settings><Enabled>@</Enabled></Settings>"),
        ("priority", "<Settings><Priority>@</Priority></Settings>"),
        (
            "unsignedInt",
            "<Triggers><CalendarTrigger><ScheduleByDay><DaysInterval>@</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers>",
        ),
        (
            "unsignedByte 1..32",
            "<Triggers><EventTrigger><Subscription>x</Subscription><NumberOfOccurrences>@</NumberOfOccurrences></EventTrigger></Triggers>",
        ),
        (
            "unsignedByte 1..",
            "<Settings><RestartOnFailure><Interval>PT1M</Interval><Count>@</Count></RestartOnFailure></Settings>",
        ),
        ("dateTime", "<RegistrationInfo><Date>@</Date></RegistrationInfo>"),
        ("duration", "<Settings><ExecutionTimeLimit>@</ExecutionTimeLimit></Settings>"),
        (
            "duration with a default",
            "<Settings><DeleteExpiredTaskAfter>@</DeleteExpiredTaskAfter></Settings>",
        ),
        (
            "duration PT1M..P31D",
            "<Settings><RestartOnFailure><Interval>@</Interval><Count>1</Count></RestartOnFailure></Settings>",
        ),
        ("duration PT1M..", "<Settings><IdleSettings><Duration>@</Duration></IdleSettings></Settings>"),
        (
            "duration P1D..",
            "<Settings><UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine><MaintenanceSettings><Period>@</Period></MaintenanceSettings></Settings>",
        ),
        ("string", "<RegistrationInfo><Author>@</Author></RegistrationInfo>"),
        ("nonEmptyString", "<Principals><Principal><UserId>@</UserId></Principal></Principals>"),
        ("path", "<Actions><Exec><Command>@</Command></Exec></Actions>"),
        ("guid", "<Actions><ComHandler><ClassId>@</ClassId></ComHandler></Actions>"),
        ("anyURI", "<RegistrationInfo><URI>@</URI></RegistrationInfo>"),
        ("policy", "<Settings><MultipleInstancesPolicy>@</MultipleInstancesPolicy></Settings>"),
        ("logonType", "<Principals><Principal><LogonType>@</LogonType></Principal></Principals>"),
        (
            "state change",
            "<Triggers><SessionStateChangeTrigger><StateChange>@</StateChange></SessionStateChangeTrigger></Triggers>",
        ),
        (
            "privilege",
            "<Principals><Principal><RequiredPrivileges><Privilege>@</Privilege></RequiredPrivileges></Principal></Principals>",
        ),
        (
            "day of month",
            "<Triggers><CalendarTrigger><ScheduleByMonth><DaysOfMonth><Day>@</Day></DaysOfMonth></ScheduleByMonth></CalendarTrigger></Triggers>",
        ),
        (
            "week",
            "<Triggers><CalendarTrigger><ScheduleByMonthDayOfWeek><Weeks><Week>@</Week></Weeks><DaysOfWeek><Monday/></DaysOfWeek></ScheduleByMonthDayOfWeek></CalendarTrigger></Triggers>",
        ),
        (
            "day of week",
            "<Triggers><CalendarTrigger><ScheduleByWeek><DaysOfWeek><Monday>@</Monday></DaysOfWeek></ScheduleByWeek></CalendarTrigger></Triggers>",
        ),
        ("data", "<Data>@</Data>"),
    ];
    let mut cases = Vec::new();
    for (home, around) in homes {
        for value in mutants::VALUES {
            let inside = around.replace('@', value);
            let actions = if inside.contains("<Actions>") {
                ""
            } else {
                "<Actions><Exec><Command>x</Command></Exec></Actions>"
            };
            let text = format!(
                "<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">{inside}{actions}</Task>"
            );
            cases.push((format!("{home}: {value:?}"), text));
        }
        let long = "x".repeat(if home == "path" { 260 } else { 300 });
        let text = format!(
            "<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">{}</Task>",
            around.replace('@', &long)
        );
        cases.push((format!("{home}: long"), text));
    }
    for (name, value) in
        [("Version", "1.2"), ("Version", "1"), ("id", "a"), ("id", "1"), ("id", " a "), ("id", "a b")]
    {
        let (task, principal) = if name == "Version" {
            (format!(" version=\"{value}\""), String::new())
        } else {
            (String::new(), format!(" id=\"{value}\""))
        };
        let text = format!(
            "<Task{task} xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Principals><Principal{principal}/></Principals><Actions Context=\"zzz\"><Exec><Command>x</Command></Exec></Actions></Task>"
        );
        cases.push((format!("{name}: {value:?}"), text));
    }
    compare("values", &cases)
}
