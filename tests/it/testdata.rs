//! The project's own files: `testdata/` and the seeds of the fuzz targets match this table.
//!
//! `WINTASK_BLESS=1 cargo test --test it testdata` rewrites them.

use crate::{
    command_line, detect, eventlog, job::full_job, ndr::vectors, reconcile, scheduler, security, taskcache,
    xml::everything,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use wintask::{
    dtyp::{HResult, SystemTime},
    job::{Job, JobDate, JobFlags, MaxRunTime, ProductVersion, Schedule, Trigger},
    ndr::{ByteOrder, Transfer},
    rpc::{Direction, INTERFACES},
    xml::{self, Form},
};

/// The .JOB files: a name and the bytes.
fn job_files() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |job: &Job| job.to_bytes().unwrap();
    let updater = Job {
        product_version: ProductVersion::WINDOWS_7,
        maximum_run_time: MaxRunTime::NO_LIMIT,
        status: HResult::SCHED_S_TASK_READY,
        last_run: Some(SystemTime::from_civil(time::macros::datetime!(2024-01-20 15:42:00.112))),
        ..Job::new(
            uuid::uuid!("0d8a7f3c-52f7-4a10-9c55-6a2f0e1b7d90"),
            r"C:\Program Files\Example\update.exe",
        )
        .with_parameters("/check /quiet")
        .with_author("Brenda")
        .with_comment("Keeps Example up to date.\nRemoves itself with Example.")
        .with_trigger(Trigger {
            minutes_interval: 60,
            minutes_duration: 1440,
            ..Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2023, 7, 12), 15, 42)
        })
    };
    let at = Job::new(uuid::uuid!("5f1c2a9e-03d4-4e52-8e2b-77c90a4d1f06"), "cmd.exe")
        .with_parameters("/c echo hello")
        .with_author(r"WORKGROUP\WORKSTATION$")
        .with_comment("Created by NetScheduleJobAdd.")
        .with_flags(JobFlags::DELETE_WHEN_DONE | JobFlags(0x0020_0000))
        .with_trigger(Trigger::new(Schedule::Once, JobDate::new(2024, 1, 15), 3, 30));
    let mut signed = bytes(&at);
    signed.extend([1, 0, 1, 0]);
    signed.extend((0..64u8).map(|n| n.wrapping_mul(37)));
    let every = bytes(&full_job());
    let mut wrong_count = every.clone();
    wrong_count[70] = 200;
    let mut overwritten = every.clone();
    overwritten[90..300].fill(0);
    vec![
        ("every-trigger.job", every.clone()),
        ("updater.job", bytes(&updater)),
        ("at1-signed.job", signed),
        ("damaged/cut-in-a-trigger.job", every[..every.len() - 100].to_vec()),
        ("damaged/cut-in-the-header.job", every[..60].to_vec()),
        ("damaged/wrong-count.job", wrong_count),
        ("damaged/strings-overwritten.job", overwritten),
    ]
}

/// The task definitions that are not written by hand.
fn xml_files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("everything.xml", xml::write(&everything(), Form::Utf8).unwrap()),
        ("everything-stored.xml", xml::write(&everything(), Form::File).unwrap()),
    ]
}

/// Every vector as the fuzz targets expect it: the message in three bytes, then the stub. One of each message is also in
/// the other three transfers, where those have its types.
fn ndr_seeds() -> Vec<(String, Vec<u8>)> {
    let (mut seeds, mut known) = (Vec::new(), BTreeSet::new());
    for vector in vectors() {
        let interface = INTERFACES.iter().position(|i| i.name == vector.interface.name).unwrap();
        let message = |flags: u8, stub: &[u8]| {
            let direction = u8::from(vector.direction == Direction::Response);
            let head = [interface.try_into().unwrap(), vector.opnum.try_into().unwrap(), flags | direction];
            [&head[..], stub].concat()
        };
        seeds.push((vector.id.clone(), message(0, &vector.stub)));
        let Ok(value) = vector.format().decode(&vector.stub, Transfer::NDR20) else { continue };
        if !known.insert((interface, vector.opnum, vector.direction == Direction::Response)) {
            continue;
        }
        let others = [
            (2, "ndr64", Transfer::NDR64),
            (4, "big", Transfer::NDR20.with_order(ByteOrder::Big)),
            (6, "ndr64-big", Transfer::NDR64.with_order(ByteOrder::Big)),
        ];
        for (flags, name, transfer) in others {
            if let Ok(stub) = vector.format().encode(value.clone(), transfer) {
                seeds.push((format!("{}-{name}", vector.id), message(flags, &stub)));
            }
        }
    }
    seeds
}

/// Seeds made of the files of a folder and its subfolders, for several fuzz targets.
fn seeds(folder: &str, targets: &[&str], files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let folder = root().join(folder);
    let mut paths = Vec::new();
    below(&folder, &mut paths);
    for path in paths {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('/', "-");
        for target in targets {
            let seed = Path::new("fuzz/corpus").join(target).join(&name);
            files.insert(seed, fs::read(&path).unwrap());
        }
    }
}

fn below(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { below(&path, out) } else { out.push(path) }
    }
}

/// Everything that is written: the path below the crate's root and the bytes.
fn table() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (name, bytes) in job_files() {
        files.insert(Path::new("testdata/job").join(name), bytes.clone());
        for target in ["compat", "detect", "job_round_trip", "job_recover", "job_carve"] {
            files.insert(Path::new("fuzz/corpus").join(target).join(name.replace('/', "-")), bytes.clone());
        }
    }
    let image =
        [&[0xAA; 100][..], &job_files()[1].1, &[0; 33], &job_files()[2].1, &job_files()[0].1[..200]].concat();
    files.insert("fuzz/corpus/job_carve/image".into(), image);
    for (name, bytes) in xml_files() {
        files.insert(Path::new("testdata/xml").join(name), bytes);
    }
    // A byte of the input is a choice or a number; these make different ones.
    for seed in 0..24u32 {
        let bytes =
            (0..80u32).map(|at| (seed.wrapping_mul(2_654_435_761).rotate_left(at) >> 7) as u8 ^ at as u8);
        files.insert(format!("fuzz/corpus/schedule/{seed}").into(), bytes.collect());
    }
    for (name, seed) in scheduler::call_seeds() {
        files.insert(Path::new("fuzz/corpus/scheduler_calls").join(name), seed);
    }
    for (n, seed) in scheduler::step_seeds().into_iter().enumerate() {
        files.insert(format!("fuzz/corpus/scheduler_steps/{n:02}").into(), seed);
    }
    for (n, seed) in eventlog::seeds().into_iter().enumerate() {
        files.insert(format!("fuzz/corpus/event_query/{n:02}").into(), seed);
    }
    for (n, seed) in command_line::seeds().into_iter().enumerate() {
        files.insert(format!("fuzz/corpus/command_line/{n:02}").into(), seed);
    }
    seeds("testdata/xml", &["compat", "detect", "xml_read", "xml_round_trip"], &mut files);
    seeds("testdata/gpp", &["gpp"], &mut files);
    for (name, bytes) in detect::seeds() {
        files.insert(Path::new("fuzz/corpus/detect").join(name), bytes);
    }
    for (name, bytes) in ndr_seeds() {
        for target in ["ndr_call", "ndr_round_trip"] {
            files.insert(Path::new("fuzz/corpus").join(target).join(&name), bytes.clone());
        }
    }
    for (name, bytes) in reconcile::seeds() {
        files.insert(Path::new("fuzz/corpus/reconcile").join(name), bytes);
    }
    for (name, bytes) in taskcache::seeds() {
        files.insert(Path::new("fuzz/corpus/taskcache_round_trip").join(name), bytes);
    }
    for (name, text, bytes) in security::seeds() {
        files.insert(Path::new("fuzz/corpus/sddl").join(name), text);
        files.insert(Path::new("fuzz/corpus/descriptor").join(name), bytes);
    }
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn files_are_what_the_table_says() {
    let bless = std::env::var_os("WINTASK_BLESS").is_some();
    for (path, bytes) in table() {
        let path = root().join(path);
        if bless {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert!(
            fs::read(&path).is_ok_and(|found| found == bytes),
            "{} differs from the table",
            path.display()
        );
    }
}

/// Every file has a source: it is in the table or named in `testdata/SOURCES.md`.
#[test]
fn every_file_has_a_source() {
    let sources = fs::read_to_string(root().join("testdata/SOURCES.md")).unwrap();
    let (mut files, table) = (Vec::new(), table());
    below(&root().join("testdata"), &mut files);
    assert!(files.len() > 5);
    for path in files {
        let relative = path.strip_prefix(root()).unwrap();
        let named = relative.strip_prefix("testdata").unwrap().to_str().unwrap();
        // A folder's files of one kind are named together: `scheduler/engine/*.txt`.
        let (folder, extension) = (Path::new(named).parent().unwrap(), Path::new(named).extension().unwrap());
        let kind = format!("`{}/*.{}`", folder.display(), extension.display());
        let known = table.contains_key(relative) || sources.contains(named) || named == "SOURCES.md";
        let known = known || (named.starts_with("scheduler/") && sources.contains(&kind));
        assert!(known, "{named} has no source");
    }
}
