//! Every real file is recognised for certain, and none but those that were cut off is called damaged.

use crate::Folder;
use libtest_mimic::Failed;
use wintask::detect::{Confidence, DamageKind, Kind, TaskCacheValue, detect};

pub fn gpp(files: &Folder) -> Result<(), Failed> {
    all(files, |_| Some(Kind::GroupPolicy))
}

pub fn job(files: &Folder) -> Result<(), Failed> {
    all(files, |_| Some(Kind::Job))
}

/// The file name shows which value each was.
pub fn task_cache(files: &Folder) -> Result<(), Failed> {
    let names = [
        ("actions", TaskCacheValue::Actions),
        ("triggers", TaskCacheValue::Triggers),
        ("dynamic", TaskCacheValue::DynamicInfo),
    ];
    let of = |name: &str| names.iter().find(|(part, _)| name.to_lowercase().contains(part));
    all(files, |name| of(name).map(|(_, value)| Kind::TaskCache(*value)))
}

pub fn xml(files: &Folder) -> Result<(), Failed> {
    all(files, |_| Some(Kind::Task))
}

/// The definition that event 4698 had no room for, and a value whose last field has one byte of two.
const CUT: [&str; 2] = ["EventCacheManager~2", "TestTaskParser_ExeTasks"];

fn all(files: &Folder, kind: impl Fn(&str) -> Option<Kind>) -> Result<(), Failed> {
    for (name, bytes) in &files.0 {
        let found = detect(bytes);
        let damage = CUT.iter().any(|part| name.contains(part)).then_some(DamageKind::Truncated);
        let right = Some(found.kind) == kind(name) && found.confidence == Confidence::High;
        if !right || found.damage.map(|damage| damage.kind) != damage {
            return Err(format!("{name}: {found} ({:?})", found.confidence).into());
        }
    }
    Ok(())
}
