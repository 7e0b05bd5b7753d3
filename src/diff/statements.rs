//! The values of a definition, listed by location.

use super::facts::{Facts, Part, action, description, principal, security, settings, trigger};
use crate::definition::Task;

/// The value of a definition at one location.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Statement {
    /// The part of the definition.
    pub part: Part,
    /// The location, as in [`Difference`](super::Difference): `Triggers[0]/StartBoundary`.
    pub place: String,
    /// The stated value; `None` for a default.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub stated: Option<String>,
    /// The effective value in normalised form; `None` if it means nothing.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub meant: Option<String>,
}

/// Returns the values of a definition, including defaults, in the order of [`compare`](super::compare).
///
/// ```
/// use wintask::definition::{Exec, Task};
/// use wintask::diff::statements;
///
/// let all = statements(&Task::new(Exec::new("backup.exe")));
/// let priority = all.iter().find(|one| one.place == "Settings/Priority").ok_or("no priority")?;
/// assert_eq!((&priority.stated, priority.meant.as_deref()), (&None, Some("7")));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn statements(task: &Task) -> Vec<Statement> {
    let mut out = Vec::new();
    let mut add = |part: Part, prefix: &str, facts: Facts| {
        for fact in facts.0 {
            if fact.stated.is_none() && fact.meant.is_none() {
                continue;
            }
            let part = if fact.is_description { Part::Description } else { part };
            let place = format!("{prefix}{}", fact.name);
            out.push(Statement { part, place, stated: fact.stated, meant: fact.meant });
        }
    };
    add(Part::Description, "", description(task));
    add(Part::Security, "RegistrationInfo/", security(task));
    for (index, one) in task.triggers.iter().enumerate() {
        add(Part::Triggers, &format!("Triggers[{index}]/"), trigger(one));
    }
    add(Part::Principal, "Principal/", principal(task.run_as()));
    add(Part::Settings, "Settings/", settings(task));
    for (index, one) in task.actions.list.iter().enumerate() {
        add(Part::Actions, &format!("Actions[{index}]/"), action(one));
    }
    out
}
