use super::TaskSchedulerEvent;

/// What an administrator can do about an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// About the error code in the event.
    pub code: Option<&'static str>,
    /// What to do, step by step.
    pub steps: &'static [&'static str],
    /// How to know that it worked.
    pub verify: Option<&'static str>,
}

/// The events that event 707's article is about: a task of Task Scheduler 1.0 and its copy part ways (seed 000;
/// facts/events.md 5).
const COMPATIBILITY: &[u16] = &[706, 707, 708, 709];

/// The article's way to register the task anew (seed 000, "Resolve").
const REGISTER_ANEW: &[&str] = &[
    "Look up the error code of the event: it says what is wrong with the task.",
    "In Task Scheduler, create a task.",
    "On the General tab, configure it for Windows Server 2003, Windows XP or Windows 2000: that makes it a task of \
     version 1.0.",
    "Give it a name, an action and at least one trigger.",
    "Register it.",
];

/// The article's way to check (seed 000, "Verify").
const REGISTERED: &str = "Register a task of version 1.0 again, with schtasks.exe, with at.exe, in Task Scheduler or \
                          from XML, and look in its history for the event of its registration.";

impl Advice {
    pub(super) fn of(event: &TaskSchedulerEvent) -> Option<Self> {
        let code = event.result_code().and_then(|code| code.advice());
        if COMPATIBILITY.contains(&event.id()) {
            return Some(Self { code, steps: REGISTER_ANEW, verify: Some(REGISTERED) });
        }
        code.map(|_| Self { code, steps: &[], verify: None })
    }
}
