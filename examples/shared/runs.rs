//! Scheduled runs, with as much of the time as is known.

use serde::Serialize;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use wintask::{
    definition::Task,
    schedule::Occurrence,
    time::{Boundary, XsDuration},
};

/// A scheduled run.
#[derive(Serialize)]
pub struct Run {
    /// What clocks show; absent where only the instant is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// The instant; absent where the zone is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utc: Option<String>,
    /// The trigger, counted from 1.
    pub trigger: usize,
    /// How much later it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub random_delay: Option<String>,
}

impl Run {
    /// `zoned`: the zone of the clock is known; `absolute`: the trigger states an instant.
    pub fn new(run: &Occurrence, zoned: bool, absolute: bool) -> Self {
        let instant = || run.instant().format(&Rfc3339).ok();
        Self {
            local: (zoned || !absolute).then(|| Boundary::local(run.local()).as_str().to_owned()),
            utc: (zoned || absolute).then(instant).flatten(),
            trigger: run.trigger() + 1,
            random_delay: delay(run).map(|delay| {
                XsDuration::from_seconds(u32::try_from(delay.as_secs()).unwrap_or(u32::MAX)).to_string()
            }),
        }
    }
}

/// The random delay of a run, if it has one.
pub fn delay(run: &Occurrence) -> Option<Duration> {
    Some(run.random_delay()).filter(|delay| !delay.is_zero())
}

/// By trigger, whether its start states an instant.
pub fn absolute(task: &Task) -> Vec<bool> {
    let start = task.triggers.iter().map(|trigger| trigger.start_boundary.as_ref());
    start.map(|start| start.is_some_and(|start| start.instant().is_some())).collect()
}
