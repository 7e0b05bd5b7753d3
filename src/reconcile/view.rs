//! One view of a task, with where each part of it is from.

use super::{
    event::TaskEvent,
    evidence::{Definition, Evidence},
    history::History,
    source::Source,
};
use crate::{
    diff::{Statement, statements},
    security::SecurityDescriptor,
    taskcache::{Hash, Index, Recovered},
};
use std::collections::{BTreeMap, VecDeque};

/// A part of the view: one value, and what all traces have in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Field {
    /// The place: `Actions[0]/Command`, `Key/SD`, `Log/Created`.
    pub place: String,
    /// The value that the service goes by.
    pub value: String,
    /// Whether it is stated, and not a default.
    pub is_stated: bool,
    /// The trace that it is from.
    pub from: Source,
    /// The other traces that mean the same.
    pub same: Vec<Source>,
    /// The other traces that mean something else, and their values.
    pub others: Vec<(Source, String)>,
}

impl Field {
    fn new(place: &str, from: Source, value: impl ToString) -> Self {
        let (place, value) = (place.to_owned(), value.to_string());
        Self { place, value, is_stated: true, from, same: Vec::new(), others: Vec::new() }
    }
}

/// What belongs to the store and not to the definition.
pub(super) fn store(
    evidence: &Evidence<'_>,
    cached: Option<&Recovered>,
    history: &History<'_>,
) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut add = |place: &str, from: Source, value: Option<String>| {
        fields.extend(value.map(|value| Field::new(place, from, value)));
    };
    if let Some(tree) = evidence.tree {
        add("Key/Path", Source::Tree, Some(tree.path.clone()));
        add("Key/Id", Source::Tree, tree.id.clone());
        add("Key/Index", Source::Tree, tree.index.map(|index| Index(index).to_string()));
        let sd = tree.sd.as_deref().and_then(|sd| SecurityDescriptor::from_bytes(sd).ok());
        add("Key/SD", Source::Tree, sd.and_then(|sd| sd.to_sddl().ok()));
    }
    if let Some(tasks) = evidence.tasks {
        add("Key/Path", Source::Tasks, tasks.values.path.clone());
        add("Key/Id", Source::Tasks, Some(tasks.id.clone()));
    }
    if let Some(file) = evidence.file {
        add("Key/Path", Source::File, Some(file.path.clone()));
    }
    if let Some(hash) = cached.and_then(|cached| cached.hash.as_ref()) {
        add(
            "Key/Hash",
            Source::Tasks,
            Some(hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()),
        );
        let of_file = evidence.file.map(|file| match hash {
            Hash::Crc32(_) => Hash::crc32_of_file(&file.bytes),
            _ => Hash::of_file(&file.bytes),
        });
        let of_file = of_file.map(|hash| hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect());
        add("Key/Hash", Source::File, of_file);
    }
    if let Some(info) = cached.and_then(|cached| cached.dynamic_info) {
        add("Runs/Registered", Source::Tasks, Some(info.info.registered.to_string()));
        add("Runs/Last", Source::Tasks, Some(info.info.last_run.to_string()));
        add("Runs/LastSuccessful", Source::Tasks, info.last_successful_run.map(|time| time.to_string()));
        add("Runs/State", Source::Tasks, Some(info.info.state.to_string()));
        add("Runs/Result", Source::Tasks, Some(info.info.result.to_string()));
    }
    let mut told = |place: &str, event: Option<&TaskEvent>| {
        let Some(event) = event else { return };
        add(place, Source::Event, event.time.map(|time| time.to_string()));
        add(&format!("{place}/By"), Source::Event, event.actor.clone());
    };
    told("Log/Created", history.created());
    told("Log/Changed", history.last_change());
    merged(fields)
}

/// Fields of one place as one: the first value, and who agrees with it.
fn merged(fields: Vec<Field>) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for field in fields {
        match out.iter_mut().find(|known| known.place == field.place) {
            Some(known) if known.value.eq_ignore_ascii_case(&field.value) => known.same.push(field.from),
            Some(known) => known.others.push((field.from, field.value)),
            None => out.push(field),
        }
    }
    out
}

/// The fields of the definitions. What the registry does not state is taken from the file if that does.
pub(super) fn of_definitions(definitions: &[Definition]) -> Vec<Field> {
    let mut order: Vec<(String, usize)> = Vec::new();
    let mut places: BTreeMap<(String, usize), Vec<(Source, Statement)>> = BTreeMap::new();
    for definition in definitions {
        // Several statements of one place are counted.
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for statement in statements(&definition.task) {
            let count = seen.entry(statement.place.clone()).or_default();
            let key = (statement.place.clone(), *count);
            *count += 1;
            let known = places.entry(key.clone()).or_default();
            if known.is_empty() {
                order.push(key);
            }
            known.push((definition.source, statement));
        }
    }
    let mut take = |key: (String, usize)| {
        let all = VecDeque::from(places.remove(&key)?);
        field(all)
    };
    order.into_iter().filter_map(&mut take).collect()
}

/// The field of what all definitions have at one place.
fn field(mut all: VecDeque<(Source, Statement)>) -> Option<Field> {
    // The registry has no place for some of what the file states.
    let is_stated = |(source, one): &(Source, Statement)| {
        one.stated.is_some() && matches!(source, Source::Tasks | Source::File)
    };
    let first = all.iter().position(is_stated).unwrap_or_default();
    let (from, chosen) = all.remove(first)?;
    let text = |one: &Statement| one.stated.clone().or_else(|| one.meant.clone()).unwrap_or_default();
    let mut field = Field::new(&chosen.place, from, text(&chosen));
    field.is_stated = chosen.stated.is_some();
    for (source, one) in all {
        // What is not stated does not contradict.
        if one.meant == chosen.meant {
            field.same.push(source);
        } else if one.stated.is_some() {
            field.others.push((source, text(&one)));
        }
    }
    Some(field)
}
