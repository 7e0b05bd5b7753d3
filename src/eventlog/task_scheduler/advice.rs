//! Troubleshooting advice for events.

use crate::dtyp::HResult;

/// Troubleshooting advice for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Advice {
    /// How to use the error code in the event.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub code: Option<&'static str>,
    /// The steps to take, in order.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "<[_]>::is_empty"))]
    pub steps: &'static [&'static str],
    /// How to verify the result.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub verify: Option<&'static str>,
}

/// The events covered by Microsoft's article on event 707: a task of Task Scheduler 1.0 and its copy differ
/// (EVIDENCE.md EVT-24).
const COMPATIBILITY: &[u16] = &[706, 707, 708, 709];

/// How to register the task again, from the same article.
const REGISTER_ANEW: &[&str] = &[
    "Look up the error code of the event: it shows what is wrong with the task.",
    "In Task Scheduler, create a task.",
    "On the General tab, configure it for Windows Server 2003, Windows XP or Windows 2000: that makes it a task of \
     version 1.0.",
    "Give it a name, an action and at least one trigger.",
    "Register it.",
];

/// How to check the result, from the same article.
const REGISTERED: &str = "Register a task of version 1.0 again, with schtasks.exe, with at.exe, in Task Scheduler or \
                          from XML, and look in its history for the event of its registration.";

impl Advice {
    pub(super) fn of(id: u16, result: Option<HResult>) -> Option<Self> {
        let code = result.and_then(|code| code.advice());
        if COMPATIBILITY.contains(&id) {
            return Some(Self { code, steps: REGISTER_ANEW, verify: Some(REGISTERED) });
        }
        code.map(|_| Self { code, steps: &[], verify: None })
    }
}
