//! Validates a trigger's Subscription as the registration of its task does.
//!
//! The server subscribes to the event log when it registers a task ([MS-TSCH] 3.2.5.4.2), and an error of the event
//! log becomes the error of the registration. The known facts, and their certainty:
//!
//! | statement | certainty |
//! |---|---|
//! | a malformed channel path is rejected with `ERROR_EVT_INVALID_CHANNEL_PATH` (0x80073A98), at the Subscription | observed for `Microsoft - Windows - NetworkProfile / Operational` (EVIDENCE.md XML-26) |
//! | blanks inside a channel's name are accepted | observed for `Microsoft-Windows-User Device Registration/Admin` in registered tasks (EVT-18) |
//! | which channel paths are malformed | derived: see `is_channel_path` below |
//! | a query that cannot be parsed is rejected with `ERROR_EVT_INVALID_QUERY` (0x80073A99) | specified for the event log ([MS-EVEN6] 3.1.4.8; EVT-13); not observed at a registration |
//! | a bare XPath is rejected, since it names no channel | derived: [MS-EVEN6] 3.1.4.8 takes the channel as a separate argument, and a task has none (EVT-03) |
//! | an analytic or debug channel is rejected with `ERROR_NOT_SUPPORTED` (0x80070032) | observed (XML-26); needs the host's list of channels, so it is left to the caller, who gets the names from [`Query::channels`] |

use super::{
    error::{ErrorKind, Raw, shown},
    query::Query,
    usual,
};
use crate::{
    dtyp::{HResult, HasHResult, Win32Error},
    finding::FindingKind,
};

/// The error for a Subscription that is rejected when its task is registered.
///
/// ```
/// use wintask::eventlog::{ErrorKind, Query};
///
/// let text = "<QueryList><Query><Select Path='System'>*[System[ and (EventID=307)]]</Select></Query></QueryList>";
/// let error = Query::parse_subscription(text).unwrap_err();
/// assert_eq!(error.hresult().0, 0x8007_3A99);
/// assert_eq!(error.to_string(), "1:51, QueryList: expected an expression before `and`");
///
/// let error = Query::parse_subscription(&text.replace("System'", "System / Operational'")).unwrap_err();
/// assert_eq!(error.hresult().0, 0x8007_3A98);
/// assert_eq!(error.kind().reason(), &ErrorKind::ChannelPath("System / Operational".into()));
/// ```
pub type SubscriptionError = crate::error::Error<SubscriptionErrorKind>;

/// The rule that a rejected Subscription violates, with the code that the registration returns.
///
/// [`reason`](Self::reason) returns the same rule with the event log's more precise code, which has not been observed
/// at a registration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct SubscriptionErrorKind(ErrorKind);

impl SubscriptionErrorKind {
    /// The rule.
    #[must_use]
    pub fn reason(&self) -> &ErrorKind {
        &self.0
    }

    /// The error that the registration returns: `ERROR_EVT_INVALID_CHANNEL_PATH` or `ERROR_EVT_INVALID_QUERY`
    /// ([MS-EVEN6] 3.1.4.8).
    #[must_use]
    pub fn win32(&self) -> Win32Error {
        match self.0 {
            ErrorKind::ChannelPath(_) | ErrorKind::NoPath => Win32Error::EVT_INVALID_CHANNEL_PATH,
            _ => Win32Error::EVT_INVALID_QUERY,
        }
    }
}

impl FindingKind for SubscriptionErrorKind {
    fn code(&self) -> &'static str {
        self.0.code()
    }
}

impl HasHResult for SubscriptionErrorKind {
    /// The HRESULT that the registration returns.
    fn hresult(&self) -> HResult {
        self.win32().into()
    }
}

impl Query {
    /// Parses a trigger's Subscription, and validates it as the registration of its task does.
    ///
    /// This is stricter than [`parse`](Self::parse): every selector must name a channel, and every channel path must
    /// be well formed. Whether a channel exists and accepts subscriptions is known only to the host; see
    /// [`channels`](Self::channels).
    ///
    /// Observed on Windows: a channel path with blanks around its separator is rejected with 0x80073A98, and blanks
    /// within its parts are accepted. Specified for the event log ([MS-EVEN6] 3.1.4.8), but not observed at a
    /// registration: a query that cannot be parsed is rejected with 0x80073A99. Derived: all other rules for channel
    /// paths, and that a bare XPath is rejected with 0x80073A98 because it names no channel.
    ///
    /// # Errors
    ///
    /// A malformed query or channel path, with its location in the text and the HRESULT of the registration.
    pub fn parse_subscription(text: &str) -> Result<Self, SubscriptionError> {
        Self::read_subscription(text).map_err(|raw| raw.locate_as(SubscriptionErrorKind, text, "QueryList"))
    }

    /// Validates as [`parse_subscription`](Self::parse_subscription) does.
    pub(crate) fn check_subscription(text: &str) -> Result<(), SubscriptionError> {
        if usual::is_list(text, is_channel_path) { Ok(()) } else { Self::parse_subscription(text).map(drop) }
    }

    fn read_subscription(text: &str) -> Result<Self, Raw> {
        if Self::is_list(text) {
            return Self::read_list(text, &well_formed);
        }
        Self::read_xpath(text)?;
        Err(Raw::new(ErrorKind::NoPath, 0))
    }
}

fn well_formed(channel: &str) -> Result<(), ErrorKind> {
    if is_channel_path(channel) { Ok(()) } else { Err(ErrorKind::ChannelPath(shown(channel))) }
}

/// Whether a channel path is well formed: parts separated by `/`, none of which is empty or begins or ends with a
/// blank. The only rejected path observed has blanks around the separator; no path of a registered task does.
///
/// The other limits are those documented by Microsoft for both kinds of channels (the `name` of a channel in an
/// instrumentation manifest, the `logName` of a classic log): fewer than 255 characters, no control characters, and
/// none of `\`, `*` and `?`.
fn is_channel_path(path: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.trim() == part;
    let allowed = |c: char| !c.is_control() && !matches!(c, '\\' | '*' | '?');
    path.encode_utf16().count() < 255 && path.chars().all(allowed) && path.split('/').all(part)
}
