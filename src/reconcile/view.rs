//! A single view of a task that shows the source of each value.

use super::{
    evidence::{Definition, Evidence},
    history::History,
    source::Source,
};
use crate::{
    diff::{Statement, statements},
    dtyp::FileTime,
    security::SecurityDescriptor,
    taskcache::{DynamicInfo, Hash, Index, RawDynamicInfo, Recovered},
};
use std::collections::{BTreeMap, VecDeque};

/// A part of the view: one value, and what every trace has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Field {
    /// The location of the value: `Actions[0]/Command`, `Key/SD`, `Log/Created`.
    pub place: String,
    /// The value that the service uses.
    pub value: String,
    /// Whether the value is stated rather than a default.
    pub is_stated: bool,
    /// The trace that the value comes from.
    pub from: Source,
    /// The other traces that agree.
    pub same: Vec<Source>,
    /// The other traces that disagree, and their values.
    pub others: Vec<(Source, String)>,
}

impl Field {
    fn new(place: &str, from: Source, value: impl ToString) -> Self {
        let (place, value) = (place.to_owned(), value.to_string());
        Self { place, value, is_stated: true, from, same: Vec::new(), others: Vec::new() }
    }
}

/// Properties of the store rather than the definition, as they are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Store {
    texts: Texts,
    index: Option<Index>,
    sd: Option<Vec<u8>>,
    hashes: [(Source, Option<Hash>); 2],
    info: Option<RawDynamicInfo>,
    /// When the task was created and last changed, according to the log.
    told: [Option<FileTime>; 2],
}

/// Texts of a store, kept together, since a machine has many tasks: three paths, two identifiers, and the accounts that
/// created and last changed the task.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Texts {
    all: String,
    /// Where each begins and ends.
    places: [Option<(usize, usize)>; 7],
}

/// The places and sources of the first five texts.
const SOURCES: [(&str, Source); 5] = [
    ("Key/Path", Source::Tree),
    ("Key/Path", Source::Tasks),
    ("Key/Path", Source::File),
    ("Key/Id", Source::Tree),
    ("Key/Id", Source::Tasks),
];

impl Texts {
    fn new(texts: [Option<&str>; 7]) -> Self {
        let mut all = String::with_capacity(texts.iter().flatten().map(|text| text.len()).sum());
        let places = texts.map(|text| {
            let start = all.len();
            all += text?;
            Some((start, all.len()))
        });
        Self { all, places }
    }

    fn each(&self) -> impl Iterator<Item = Option<&str>> {
        self.places.iter().map(|place| place.and_then(|(start, end)| self.all.get(start..end)))
    }
}

impl Store {
    /// `of_file` is the hash of the file.
    pub(super) fn new(
        evidence: &Evidence<'_>,
        cached: Option<&Recovered>,
        of_file: Option<Hash>,
        history: &History<'_>,
    ) -> Self {
        let Evidence { tree, tasks, file, .. } = *evidence;
        let told = [history.created(), history.last_change()];
        let [created_by, changed_by] = told.map(|event| event.and_then(|event| event.actor.as_deref()));
        Self {
            texts: Texts::new([
                tree.map(|tree| tree.path.as_str()),
                tasks.and_then(|tasks| tasks.values.path.as_deref()),
                file.map(|file| file.path.as_str()),
                tree.and_then(|tree| tree.id.as_deref()),
                tasks.map(|tasks| tasks.id.as_str()),
                created_by,
                changed_by,
            ]),
            index: tree.and_then(|tree| tree.index).map(Index),
            sd: tree.and_then(|tree| tree.sd.value().cloned()),
            hashes: [(Source::Tasks, cached.and_then(|cached| cached.hash.clone())), (Source::File, of_file)],
            info: cached.and_then(|cached| cached.dynamic_info.clone()),
            told: told.map(|event| event.and_then(|event| event.time)),
        }
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut add = |place: &str, from: Source, value: String| fields.push(Field::new(place, from, value));
        let mut texts = self.texts.each();
        for ((place, source), text) in SOURCES.into_iter().zip(&mut texts) {
            text.into_iter().for_each(|text| add(place, source, text.to_owned()));
        }
        if let Some(index) = self.index {
            add("Key/Index", Source::Tree, index.to_string());
        }
        let sd = self.sd.as_deref().and_then(|sd| SecurityDescriptor::from_bytes(sd).ok());
        if let Some(sd) = sd.and_then(|sd| sd.to_sddl().ok()) {
            add("Key/SD", Source::Tree, sd);
        }
        for (source, hash) in &self.hashes {
            let Some(hash) = hash else { continue };
            add("Key/Hash", *source, hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        if let Some(info) = &self.info {
            let DynamicInfo { registered, last_run, state, result, .. } = info.info;
            // In a truncated value, zero may mean that the field is absent.
            let is_there = |is_zero: bool| !(info.is_cut && is_zero);
            for (place, time) in [("Runs/Registered", registered), ("Runs/Last", last_run)] {
                if is_there(time.0 == 0) {
                    add(place, Source::Tasks, time.to_string());
                }
            }
            if let Some(time) = info.last_successful_run {
                add("Runs/LastSuccessful", Source::Tasks, time.to_string());
            }
            for (place, code) in [("Runs/State", state), ("Runs/Result", result)] {
                if is_there(code.0 == 0) {
                    add(place, Source::Tasks, code.to_string());
                }
            }
        }
        for ((place, told), actor) in ["Log/Created", "Log/Changed"].into_iter().zip(&self.told).zip(texts) {
            if let Some(time) = told {
                add(place, Source::Event, time.to_string());
            }
            if let Some(actor) = actor {
                add(&format!("{place}/By"), Source::Event, actor.to_owned());
            }
        }
        merged(fields)
    }
}

/// Merges the values of one place: the first value, and the traces that agree or disagree.
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

/// The fields of the definitions. Values that the registry does not state are taken from the file.
pub(super) fn of_definitions(definitions: &[Definition]) -> Vec<Field> {
    let mut order: Vec<(String, usize)> = Vec::new();
    let mut places: BTreeMap<(String, usize), Vec<(Source, Statement)>> = BTreeMap::new();
    for definition in definitions {
        // Repeated statements of one place are numbered.
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
    order.into_iter().filter_map(|key| field(places.remove(&key)?.into())).collect()
}

/// The field that merges what all definitions have at one place.
fn field(mut all: VecDeque<(Source, Statement)>) -> Option<Field> {
    // The registry cannot represent everything that the file states.
    let is_stated = |(source, one): &(Source, Statement)| {
        one.stated.is_some() && matches!(source, Source::Tasks | Source::File)
    };
    let first = all.iter().position(is_stated).unwrap_or_default();
    let (from, chosen) = all.remove(first)?;
    let text = |one: &Statement| one.stated.clone().or_else(|| one.meant.clone()).unwrap_or_default();
    let mut field = Field::new(&chosen.place, from, text(&chosen));
    field.is_stated = chosen.stated.is_some();
    for (source, one) in all {
        // An absent value is not a contradiction.
        if one.meant == chosen.meant {
            field.same.push(source);
        } else if one.stated.is_some() {
            field.others.push((source, text(&one)));
        }
    }
    Some(field)
}
