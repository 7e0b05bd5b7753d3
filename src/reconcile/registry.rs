//! Anomalies that the registry keys of a task show on their own.

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
use std::{borrow::Cow, sync::LazyLock};

/// The last descriptor and its findings, which are not determined again for the next task: many tasks of a machine have
/// equal descriptors.
#[derive(Default)]
pub(super) struct LastDescriptor<'a>(Option<(&'a [u8], Vec<FindingKind>)>);

impl<'a> LastDescriptor<'a> {
    /// What is wrong with a descriptor.
    fn findings(&mut self, bytes: &'a [u8]) -> Vec<FindingKind> {
        match &self.0 {
            Some((last, kinds)) if *last == bytes => kinds.clone(),
            _ => {
                let kinds = of_descriptor(bytes);
                self.0.insert((bytes, kinds)).1.clone()
            }
        }
    }
}

pub(super) fn of_tree<'a>(
    tree: &'a TreeKey,
    (tasks, is_looked_for): (Option<&TasksKey>, bool),
    cached: Option<&Recovered>,
    last: &mut LastDescriptor<'a>,
    notes: &mut Notes,
) {
    if tree.id.is_none() {
        notes.push(FindingKind::TreeWithoutId, "Tree.Id");
    } else if tasks.is_none() && is_looked_for {
        // Neither value hides a task that does not exist.
        if tree.index == Some(Index::NONE.0) && tree.sd.value().is_none() {
            return notes.push(FindingKind::TreeLeftover, "Tree");
        }
        notes.push(FindingKind::TreeWithoutTasks, "Tasks");
    }
    match tree.index.map(Index) {
        Some(Index::NONE) => notes.push(FindingKind::IndexZero, "Tree.Index"),
        Some(index @ Index(1..=4)) => of_index(index, tasks, cached, notes),
        _ => notes.push(FindingKind::IndexUnknown, "Tree.Index"),
    }
    let sd = match &tree.sd {
        Collected::NotCollected => return,
        Collected::Missing if is_before_descriptors(cached) => return,
        Collected::Missing => return notes.push(FindingKind::DescriptorMissing, "Tree.SD"),
        Collected::Value(sd) => sd,
    };
    last.findings(sd).into_iter().for_each(|kind| notes.push(kind, "Tree.SD"));
}

/// Whether the task was stored by a version of Windows that does not write SD (EVIDENCE.md CACHE-24).
fn is_before_descriptors(cached: Option<&Recovered>) -> bool {
    let triggers = cached.and_then(|cached| cached.triggers.as_ref()).filter(|triggers| !triggers.is_cut);
    triggers.is_some_and(|triggers| u32::from(triggers.head.version.value) < taskcache::WITH_IDS)
}

fn of_index(index: Index, tasks: Option<&TasksKey>, cached: Option<&Recovered>, notes: &mut Notes) {
    if let Some(listed) = tasks.and_then(|tasks| tasks.listed.as_ref())
        && !listed.contains(&index)
    {
        notes.push(FindingKind::IndexNotListed, "Tree.Index");
    }
    // The triggers are known only if all of them could be read.
    let whole = cached.filter(|cached| cached.triggers.as_ref().is_some_and(|raw| raw.is_whole()));
    if whole.is_some_and(|cached| Index::of(&cached.task) != index) {
        notes.push(FindingKind::IndexKind, "Tree.Index");
    }
}

fn token(sid: Sid, groups: impl IntoIterator<Item = Sid>) -> Token {
    groups.into_iter().fold(Token::new(sid), Token::with_group)
}

/// The groups of a logged-on user.
const GROUPS: [Sid; 4] = [Sid::EVERYONE, Sid::AUTHENTICATED_USERS, Sid::USERS, Sid::INTERACTIVE];

static ADMINISTRATOR: LazyLock<Token> = LazyLock::new(|| token(Sid::ADMINISTRATORS, GROUPS));

static SYSTEM: LazyLock<Token> =
    LazyLock::new(|| token(Sid::LOCAL_SYSTEM, [Sid::EVERYONE, Sid::AUTHENTICATED_USERS]));

/// An ordinary logged-on user, who is not the owner and has no privileges.
static STRANGER: LazyLock<Option<Token>> =
    LazyLock::new(|| Sid::new(5, &[21, 1, 2, 3, 1000]).map(|sid| token(sid, GROUPS)));

/// The findings about a descriptor. It hides a task if neither administrators nor SYSTEM may read it. It is weak if an
/// ordinary user may write.
fn of_descriptor(bytes: &[u8]) -> Vec<FindingKind> {
    let Ok(descriptor) = SecurityDescriptor::from_bytes(bytes) else { return vec![FindingKind::Damaged] };
    let mut kinds = Vec::new();
    // Windows maps generic rights when it assigns a descriptor; one that was written directly may still have them.
    let descriptor = &descriptor.mapped(&GenericMapping::FILE);
    let may = |token: &Token, right| access_check(descriptor, token, right, &GenericMapping::FILE).allowed;
    if matches!(&descriptor.dacl, AclPart::Present(_)) && !may(&ADMINISTRATOR, READ) {
        let is_hidden = !may(&SYSTEM, READ);
        let kind = if is_hidden { FindingKind::DescriptorEmpty } else { FindingKind::DescriptorNarrow };
        kinds.push(kind);
    }
    let Some(stranger) = STRANGER.as_ref() else { return kinds };
    let trustees = descriptor.dacl.aces().iter().filter_map(|ace| ace.trustee.sid());
    // The user is in the domain groups that include everyone.
    let member = trustees
        .filter(is_for_everybody)
        .fold(Cow::Borrowed(stranger), |user, group| Cow::Owned(user.into_owned().with_group(group)));
    let write = [AccessMask::FILE_WRITE_DATA, AccessMask::WRITE_DAC, AccessMask::WRITE_OWNER];
    if write.into_iter().any(|right| may(&member, right)) {
        kinds.push(FindingKind::DescriptorWeak);
    }
    kinds
}

/// The access right needed to enumerate a task.
const READ: AccessMask = AccessMask::FILE_READ_DATA;

/// Whether the group includes every user of a domain, or users without an account: domain users, guests and
/// computers, the guests of the machine, and anonymous users.
fn is_for_everybody(sid: &Sid) -> bool {
    matches!(sid.sub_authorities(), [21, _, _, _, 513..=515] | [32, 546] | [7]) && sid.authority() == 5
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
