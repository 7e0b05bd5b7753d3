//! What the registry's keys of a task disclose on their own.

use super::{
    finding::FindingKind,
    notes::Notes,
    trace::{Collected, TasksKey, TreeKey},
};
use crate::{
    finding::Severity,
    security::{AccessMask, AclPart, GenericMapping, SecurityDescriptor, Sid, Token, access_check},
    taskcache::{self, Index, Recovered},
};
use std::sync::LazyLock;

pub(super) fn of_tree(
    tree: &TreeKey,
    tasks: Option<&TasksKey>,
    cached: Option<&Recovered>,
    notes: &mut Notes,
) {
    if tree.id.is_none() {
        notes.push(FindingKind::TreeWithoutId, "Tree.Id");
    } else if tasks.is_none() {
        notes.push(FindingKind::TreeWithoutTasks, "Tasks");
    }
    match tree.index.map(Index) {
        Some(Index::NONE) => notes.push(FindingKind::IndexZero, "Tree.Index"),
        Some(index @ Index(1..=4)) => of_index(index, tasks, cached, notes),
        _ => notes.push(FindingKind::IndexUnknown, "Tree.Index"),
    }
    let sd = match &tree.sd {
        Collected::NotCollected => return,
        Collected::Missing => return notes.push(FindingKind::DescriptorMissing, "Tree.SD"),
        Collected::Value(sd) => sd,
    };
    match SecurityDescriptor::from_bytes(sd) {
        Ok(descriptor) => of_descriptor(descriptor, notes),
        Err(_) => notes.push(FindingKind::Damaged, "Tree.SD"),
    }
}

fn of_index(index: Index, tasks: Option<&TasksKey>, cached: Option<&Recovered>, notes: &mut Notes) {
    if let Some(listed) = tasks.and_then(|tasks| tasks.listed.as_ref())
        && !listed.contains(&index)
    {
        notes.push(FindingKind::IndexNotListed, "Tree.Index");
    }
    // What the triggers are is known only if all of them could be read.
    let whole = cached.filter(|cached| cached.triggers.as_ref().is_some_and(|raw| raw.is_whole()));
    if whole.is_some_and(|cached| Index::of(&cached.task) != index) {
        notes.push(FindingKind::IndexKind, "Tree.Index");
    }
}

/// Administrators and SYSTEM, one of which can read a task that nobody hides.
static READERS: LazyLock<[Token; 2]> = LazyLock::new(|| {
    let groups = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS];
    [Sid::LOCAL_SYSTEM, Sid::ADMINISTRATORS]
        .map(|sid| groups.into_iter().fold(Token::new(sid), Token::with_group))
});

/// An ordinary user, logged on: not the owner, no privileges.
static STRANGER: LazyLock<Option<Token>> = LazyLock::new(|| {
    let groups = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::USERS, Sid::INTERACTIVE];
    let stranger = Sid::new(5, &[21, 1, 2, 3, 1000]);
    stranger.map(|sid| groups.into_iter().fold(Token::new(sid), Token::with_group))
});

/// A descriptor hides a task if neither administrators nor SYSTEM may read it, and is weak if an ordinary user may write.
fn of_descriptor(descriptor: SecurityDescriptor, notes: &mut Notes) {
    // Windows maps generic rights when it assigns a descriptor; one that was written past it may still have them.
    let descriptor = &descriptor.mapped(&GenericMapping::FILE);
    let may = |token: &Token, right| access_check(descriptor, token, right, &GenericMapping::FILE).allowed;
    let is_listed = READERS.iter().any(|token| may(token, AccessMask::FILE_READ_DATA));
    if matches!(&descriptor.dacl, AclPart::Present(_)) && !is_listed {
        notes.push(FindingKind::DescriptorEmpty, "Tree.SD");
    }
    let write = [AccessMask::FILE_WRITE_DATA, AccessMask::WRITE_DAC, AccessMask::WRITE_OWNER];
    if STRANGER.as_ref().is_some_and(|user| write.into_iter().any(|right| may(user, right))) {
        notes.push(FindingKind::DescriptorWeak, "Tree.SD");
    }
}

pub(super) fn of_cache(cached: &Recovered, notes: &mut Notes) {
    let is_violation = |finding: &&taskcache::Finding| finding.severity() == Severity::Error;
    if let Some(violation) = cached.findings.iter().find(is_violation) {
        notes.push(FindingKind::Damaged, format!("Tasks.{}", violation.place().path()));
    }
    let differs = |finding: &taskcache::Finding| {
        finding.code() == "taskcache.differs" && finding.place().path().ends_with("PrincipalId")
    };
    if cached.findings.iter().any(differs) {
        notes.push(FindingKind::ContextDiffers, "Tasks.Actions");
    }
}
