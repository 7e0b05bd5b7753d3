//! Compares definitions.

use super::facts::{Fact, Facts, Part, action, description, principal, security, settings, trigger};
use crate::definition::Task;
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

/// Whether a difference changes the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Significance {
    /// The wording differs, the meaning does not: a default is stated, or a duration is spelled differently.
    Wording,
    /// The meaning differs. In a [`Part::Description`] it differs only for readers: a text, an identifier or unknown
    /// content changed, but the scheduler does the same. [`Difference::is_effective`] distinguishes the two.
    Meaning,
}

crate::dtyp::macros::choice! {
    Significance {
        Wording = "wording",
        Meaning = "meaning",
    }
}

/// The value in one of the definitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Side {
    /// The stated value, or the default. For a trigger or an action that the other definition lacks, its kind and
    /// everything that it states: `Exec (Command calc.exe, Arguments /x)`.
    pub value: String,
    /// Whether the value is stated.
    pub is_stated: bool,
}

/// A difference between two definitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[non_exhaustive]
pub struct Difference {
    /// The part of the definition.
    pub part: Part,
    /// The location: `Settings/Priority`, `Triggers[1]/StartBoundary`. Indices refer to the first definition, or to
    /// the second for an element that only the second one has.
    pub place: String,
    /// Whether the meaning differs.
    pub significance: Significance,
    /// The value of the first definition; `None` if it has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub before: Option<Side>,
    /// The value of the second definition; `None` if it has none.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub after: Option<Side>,
}

impl Difference {
    /// Whether the scheduler behaves differently: what starts the task, what the task does, its account and
    /// conditions, or who may access it. Except for access, two definitions have different
    /// [fingerprints](super::fingerprint) if and only if they have such a difference.
    ///
    /// ```
    /// use wintask::definition::{Action, Exec, Task};
    /// use wintask::diff::{Significance, compare};
    ///
    /// let before = Task::new(Exec::new("backup.exe"));
    /// let mut after = before.clone();
    /// after.registration_info.author = Some("alice".to_owned());
    /// after.actions.list.push(Action::Exec(Exec::new("calc.exe").with_arguments("/x")));
    /// let differences = compare(&before, &after);
    /// assert!(differences.iter().all(|difference| difference.significance == Significance::Meaning));
    /// let effective: Vec<_> = differences.iter().filter(|difference| difference.is_effective()).collect();
    /// assert_eq!(effective.len(), 1);
    /// assert_eq!(effective[0].to_string(), "Actions[1]: Exec (Command calc.exe, Arguments /x) is added");
    /// ```
    #[must_use]
    pub fn is_effective(&self) -> bool {
        self.significance == Significance::Meaning && self.part != Part::Description
    }
}

impl fmt::Display for Difference {
    /// A sentence: the location, and how the value changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before.value == after.value => {
                let now = if after.is_stated { "is now stated" } else { "is no longer stated" };
                write!(f, "{} {now}", after.value)
            }
            (Some(before), Some(after)) => {
                let default = |side: &Side| if side.is_stated { "" } else { " (default)" };
                write!(f, "{}{} becomes {}{}", before.value, default(before), after.value, default(after))?;
                let same = self.significance == Significance::Wording;
                if same { f.write_str(", which means the same") } else { Ok(()) }
            }
            (Some(before), None) => write!(f, "{} is removed", before.value),
            (None, Some(after)) => write!(f, "{} is added", after.value),
            (None, None) => f.write_str("differs"),
        }
    }
}

/// Compares two definitions, as Windows interprets them, in the order of the schema.
#[must_use]
pub fn compare(before: &Task, after: &Task) -> Vec<Difference> {
    let mut out = Vec::new();
    elements(Part::Description, "", &description(before), &description(after), &mut out);
    elements(Part::Security, "RegistrationInfo/", &security(before), &security(after), &mut out);
    triggers(before, after, &mut out);
    let (old, new) = (principal(before.run_as()), principal(after.run_as()));
    elements(Part::Principal, "Principal/", &old, &new, &mut out);
    elements(Part::Settings, "Settings/", &settings(before), &settings(after), &mut out);
    actions(before, after, &mut out);
    out
}

fn side(fact: &Fact) -> Option<Side> {
    let value = fact.stated.as_ref().or(fact.meant.as_ref())?;
    Some(Side { value: value.clone(), is_stated: fact.stated.is_some() })
}

/// Compares the facts of two corresponding elements.
fn elements(part: Part, prefix: &str, before: &Facts, after: &Facts, out: &mut Vec<Difference>) {
    // Facts of the same name are paired in order.
    let mut rest: BTreeMap<&str, VecDeque<&Fact>> = BTreeMap::new();
    for fact in &after.0 {
        rest.entry(&fact.name).or_default().push_back(fact);
    }
    let mut push = |old: Option<&Fact>, new: Option<&Fact>| {
        let Some(fact) = old.or(new) else { return };
        let meant = |fact: Option<&Fact>| fact.and_then(|fact| fact.meant.clone());
        let stated = |fact: Option<&Fact>| fact.and_then(|fact| fact.stated.clone());
        let significance = match (meant(old) == meant(new), stated(old) == stated(new)) {
            (true, true) => return,
            (true, false) => Significance::Wording,
            (false, _) => Significance::Meaning,
        };
        let part = if fact.is_description { Part::Description } else { part };
        let place = format!("{prefix}{}", fact.name);
        let (before, after) = (old.and_then(side), new.and_then(side));
        out.push(Difference { part, place, significance, before, after });
    };
    for old in &before.0 {
        let new = rest.get_mut(&*old.name).and_then(VecDeque::pop_front);
        push(Some(old), new);
    }
    for fact in &after.0 {
        // If it is still there, it is at the front of its queue.
        let Some(queue) = rest.get_mut(&*fact.name) else { continue };
        if queue.front().is_some_and(|front| std::ptr::eq(*front, fact)) {
            queue.pop_front();
            push(None, Some(fact));
        }
    }
}

/// The kind of an element, in a word.
fn kind(facts: &Facts) -> Option<Side> {
    facts.0.first().and_then(side)
}

/// Pairs triggers with the same meaning, regardless of position; the rest are paired in order, by kind.
fn triggers(before: &Task, after: &Task, out: &mut Vec<Difference>) {
    let old: Vec<_> = before.triggers.iter().map(trigger).collect();
    let new: Vec<_> = after.triggers.iter().map(trigger).collect();
    let mut by_meaning: BTreeMap<Vec<u8>, VecDeque<usize>> = BTreeMap::new();
    for (index, facts) in new.iter().enumerate() {
        by_meaning.entry(facts.canonical()).or_default().push_back(index);
    }
    let mut pairs: Vec<Option<usize>> = Vec::new();
    let mut left: Vec<bool> = vec![true; new.len()];
    for facts in &old {
        let found = by_meaning.get_mut(&facts.canonical()).and_then(VecDeque::pop_front);
        if let Some(is_left) = found.and_then(|index| left.get_mut(index)) {
            *is_left = false;
        }
        pairs.push(found);
    }
    let mut by_kind: BTreeMap<Option<String>, VecDeque<usize>> = BTreeMap::new();
    for (index, facts) in new.iter().enumerate().filter(|(index, _)| left.get(*index) == Some(&true)) {
        by_kind.entry(kind(facts).map(|kind| kind.value)).or_default().push_back(index);
    }
    for (index, (facts, pair)) in old.iter().zip(pairs).enumerate() {
        let pair = pair.or_else(|| {
            let of_kind = by_kind.get_mut(&kind(facts).map(|kind| kind.value));
            let found = of_kind.and_then(VecDeque::pop_front)?;
            *left.get_mut(found)? = false;
            Some(found)
        });
        let place = format!("Triggers[{index}]");
        match pair.and_then(|pair| new.get(pair)) {
            Some(other) => elements(Part::Triggers, &format!("{place}/"), facts, other, out),
            None => out.push(whole(Part::Triggers, place, Some(facts), None)),
        }
    }
    for (index, facts) in new.iter().enumerate().filter(|(index, _)| left.get(*index) == Some(&true)) {
        out.push(whole(Part::Triggers, format!("Triggers[{index}]"), None, Some(facts)));
    }
}

/// Reports the addition or removal of an element.
fn whole(part: Part, place: String, before: Option<&Facts>, after: Option<&Facts>) -> Difference {
    let (before, after) = (before.and_then(everything), after.and_then(everything));
    Difference { part, place, significance: Significance::Meaning, before, after }
}

/// An element with everything that it states.
fn everything(facts: &Facts) -> Option<Side> {
    let mut side = kind(facts)?;
    let stated = facts.0.iter().skip(1).filter(|fact| !fact.is_description);
    let stated: Vec<_> =
        stated.filter_map(|fact| Some(format!("{} {}", fact.name, fact.stated.as_ref()?))).collect();
    if !stated.is_empty() {
        side.value = format!("{} ({})", side.value, stated.join(", "));
    }
    Some(side)
}

/// Pairs actions by position, counted from both ends.
fn actions(before: &Task, after: &Task, out: &mut Vec<Difference>) {
    let old: Vec<_> = before.actions.list.iter().map(action).collect();
    let new: Vec<_> = after.actions.list.iter().map(action).collect();
    let same = |pair: &(&Facts, &Facts)| pair.0.canonical() == pair.1.canonical();
    let first = old.iter().zip(&new).take_while(same).count();
    let most = old.len().min(new.len()) - first;
    let last = old.iter().rev().zip(new.iter().rev()).take(most).take_while(same).count();
    // Unpaired actions in the middle come last.
    let (old_end, new_end) = (old.len() - last, new.len() - last);
    let paired = old_end.min(new_end);
    for (index, facts) in old.iter().enumerate() {
        let other = match index {
            index if index < paired => new.get(index),
            index if index >= old_end => new.get(new_end + (index - old_end)),
            _ => None,
        };
        let place = format!("Actions[{index}]");
        match other {
            Some(other) if kind(facts) == kind(other) => {
                elements(Part::Actions, &format!("{place}/"), facts, other, out);
            }
            Some(other) => out.push(whole(Part::Actions, place, Some(facts), Some(other))),
            None => out.push(whole(Part::Actions, place, Some(facts), None)),
        }
    }
    for (index, facts) in new.iter().enumerate().take(new_end).skip(paired) {
        out.push(whole(Part::Actions, format!("Actions[{index}]"), None, Some(facts)));
    }
}
