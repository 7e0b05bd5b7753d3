//! All tasks of a machine, with their traces joined.

use super::{
    event::TaskEvent,
    evidence::{Evidence, LookedFor},
    finding::{Finding, FindingKind},
    path::path_key,
    policy::PolicyItem,
    registry::LastDescriptor,
    report::{Report, reconcile_next},
    trace::{JobFile, TaskFile, TasksKey, TreeKey},
};
use crate::{dtyp::FileTime, error::Place};
use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet, VecDeque, hash_map::Entry},
    mem,
};
use uuid::Uuid;

/// The traces of all tasks of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Inventory {
    /// The files under `System32\Tasks`.
    pub files: Vec<TaskFile>,
    /// The keys under `Tree`, including those of folders.
    pub tree: Vec<TreeKey>,
    /// The keys under `Tasks`.
    pub tasks: Vec<TasksKey>,
    /// The files of `Windows\Tasks`.
    pub jobs: Vec<JobFile>,
    /// The policy items that apply to the machine.
    pub policies: Vec<PolicyItem>,
    /// The events of the machine's logs.
    pub events: Vec<TaskEvent>,
    /// When the traces were collected, UTC.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub now: Option<FileTime>,
}

/// Traces by path. A trace is removed when a report uses it.
struct ByPath<'a, T>(HashMap<String, Traces<'a, T>>);

/// The traces of one path, usually one.
struct Traces<'a, T> {
    first: Option<&'a T>,
    more: VecDeque<&'a T>,
}

impl<'a, T> ByPath<'a, T> {
    fn new(all: &'a [T], path: impl Fn(&T) -> Cow<'_, str>) -> Self {
        Self::of_runs(all.len(), all.chunks(1), path)
    }

    /// Adds runs of traces, each of one path.
    fn of_runs(
        number: usize,
        runs: impl Iterator<Item = &'a [T]>,
        path: impl Fn(&T) -> Cow<'_, str>,
    ) -> Self {
        let mut by_path: HashMap<_, Traces<'_, T>> = HashMap::with_capacity(number);
        for run in runs {
            let Some((first, rest)) = run.split_first() else { continue };
            match by_path.entry(path_key(&path(first))) {
                Entry::Vacant(place) => {
                    place.insert(Traces { first: Some(first), more: rest.iter().collect() });
                }
                Entry::Occupied(mut known) => known.get_mut().more.extend(run),
            }
        }
        Self(by_path)
    }

    /// Takes the first trace; a registry or file system has at most one for each path.
    fn take_first(&mut self, key: &str) -> Option<&'a T> {
        let traces = self.0.get_mut(key)?;
        let next = traces.more.pop_front();
        mem::replace(&mut traces.first, next)
    }

    fn take_all(&mut self, key: &str) -> Vec<&'a T> {
        self.0
            .remove(key)
            .map_or_else(Vec::new, |traces| traces.first.into_iter().chain(traces.more).collect())
    }

    fn rest(&self) -> impl Iterator<Item = &String> {
        self.0.iter().filter(|(_, traces)| traces.first.is_some()).map(|(key, _)| key)
    }
}

/// The traces that are joined by path alone.
struct Others<'a> {
    jobs: ByPath<'a, JobFile>,
    policies: ByPath<'a, PolicyItem>,
    events: ByPath<'a, TaskEvent>,
}

impl<'a> Others<'a> {
    fn give(&mut self, key: &str, evidence: &mut Evidence<'a>) {
        evidence.job = self.jobs.take_first(key);
        evidence.policies = self.policies.take_all(key);
        evidence.events = self.events.take_all(key);
    }
}

impl Inventory {
    /// Joins the traces: keys by identifier, everything else by path. Each trace is in at least one report. The
    /// reports follow the order of the keys under `Tree`, then of the keys under `Tasks`, then of the paths of the
    /// remaining traces. If there are no files at all, or no keys, their absence is not reported: they were not
    /// collected.
    pub fn reports(&self) -> impl Iterator<Item = Report> {
        let mut files = ByPath::new(&self.files, |file| Cow::from(&file.path));
        let mut others = Others {
            jobs: ByPath::new(&self.jobs, |job| job.path().into()),
            policies: ByPath::new(&self.policies, |item| item.path().into()),
            // Events about the same task often follow each other.
            events: ByPath::of_runs(
                self.events.len(),
                self.events.chunk_by(|one, next| one.path == next.path),
                |event| Cow::from(&event.path),
            ),
        };
        let ids: Vec<Option<Uuid>> = self.tasks.iter().map(|key| Uuid::try_parse(&key.id).ok()).collect();
        // If several keys have the same identifier, the first key under `Tree` claims it.
        let mut by_id = HashMap::with_capacity(ids.len());
        for (id, key) in ids.iter().zip(&self.tasks) {
            if let Some(id) = id {
                by_id.entry(*id).or_insert(key);
            }
        }
        let mut all: Vec<(Evidence<'_>, bool)> = Vec::new();
        let mut seen = HashSet::with_capacity(ids.len());
        for tree in &self.tree {
            let id = tree.id.as_deref().and_then(|id| Uuid::try_parse(id).ok());
            let tasks = id.and_then(|id| by_id.get(&id).copied());
            let key = path_key(&tree.path);
            let mut evidence = self.evidence(Some(tree), tasks);
            evidence.file = files.take_first(&key);
            let is_folder = tree.id.is_none() && tree.index.is_none() && evidence.file.is_none();
            if !is_folder {
                let is_shared = id.is_some_and(|id| !seen.insert(id));
                others.give(&key, &mut evidence);
                all.push((evidence, is_shared));
            }
        }
        for (id, tasks) in ids.iter().zip(&self.tasks) {
            // The first key with an identifier that a `Tree` key has is already in that key's report.
            if id.is_some_and(|id| seen.remove(&id)) {
                continue;
            }
            let mut evidence = self.evidence(None, Some(tasks));
            if let Some(key) = tasks.values.path.as_deref().map(path_key) {
                evidence.file = files.take_first(&key);
                others.give(&key, &mut evidence);
            }
            all.push((evidence, false));
        }
        let mut rest: BTreeSet<String> = files.rest().cloned().collect();
        rest.extend(others.jobs.rest().chain(others.policies.rest()).chain(others.events.rest()).cloned());
        for key in &rest {
            loop {
                let mut evidence = self.evidence(None, None);
                evidence.file = files.take_first(key);
                others.give(key, &mut evidence);
                let Evidence { file, job, policies, events, .. } = &evidence;
                if file.is_none() && job.is_none() && policies.is_empty() && events.is_empty() {
                    break;
                }
                all.push((evidence, false));
            }
        }
        let mut last = LastDescriptor::default();
        all.into_iter().map(move |(evidence, is_shared)| {
            let mut report = reconcile_next(&evidence, &mut last);
            if is_shared {
                report.findings.push(Finding::new(FindingKind::IdShared, Place::value("Tree.Id")));
            }
            report
        })
    }

    fn evidence<'a>(&'a self, tree: Option<&'a TreeKey>, tasks: Option<&'a TasksKey>) -> Evidence<'a> {
        let looked_for = LookedFor {
            files: !self.files.is_empty(),
            tree: !self.tree.is_empty(),
            tasks: !self.tasks.is_empty(),
        };
        Evidence { tree, tasks, now: self.now, looked_for, ..Evidence::default() }
    }
}
