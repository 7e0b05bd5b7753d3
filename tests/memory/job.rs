//! .JOB files: at most 8 times the input.

use super::bounded;
use wintask::job::{Job, JobDate, RawJob, Release, Schedule, Trigger, carve, recover};

fn check(name: &str, bytes: &[u8]) {
    let size = bytes.len();
    bounded(&format!("parse {name}"), size, 8, || Job::parse(bytes));
    bounded(&format!("parse as XP {name}"), size, 8, || Job::parse_on(bytes, Release::WindowsXp));
    bounded(&format!("exact {name}"), size, 8, || RawJob::parse(bytes).map(|raw| raw.to_bytes()));
    bounded(&format!("recover {name}"), size, 8, || recover(bytes));
    bounded(&format!("carve {name}"), size, 8, || carve(bytes).last());
}

#[test]
fn large_files() {
    let trigger = Trigger::new(Schedule::Once, JobDate::new(2024, 1, 1), 0, 0);
    let base = Job::new(uuid::Uuid::nil(), "a");
    let many = Job { triggers: vec![trigger; 65535], ..base.clone() }.to_bytes().unwrap();
    check("many triggers", &many);
    let mut wrong = many;
    for at in (0..wrong.len()).step_by(48) {
        wrong[at] ^= 0x55;
    }
    check("many wrong triggers", &wrong);
    let text = Job { comment: Some("x".repeat(30000).into()), user_data: vec![7; 5000], ..base };
    check("long comment", &text.to_bytes().unwrap());
}

#[test]
fn counts_that_lie() {
    let good = Job::new(uuid::Uuid::nil(), "a").to_bytes().unwrap();
    for at in 0..good.len() - 1 {
        let mut bytes = good.clone();
        bytes[at] = 0xFF;
        bytes[at + 1] = 0xFF;
        check(&format!("0xFFFF at {at}"), &bytes);
    }
    for value in [0x00, 0x01, 0x30, 0x46, 0xFF] {
        check(&format!("64 KiB of {value:#x}"), &vec![value; 65536]);
    }
}
