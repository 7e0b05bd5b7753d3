//! What several examples use.
#![allow(dead_code, reason = "each of them uses what it needs")]

pub mod arguments;
pub mod artifact;
pub mod civil;
pub mod files;
pub mod hex;
pub mod output;
pub mod policy;
pub mod rpc;
pub mod runs;
pub mod words;
pub mod zone;
pub mod zone_argument;

use serde_json::{Value, json};
use wintask::finding::{Finding, FindingKind};

/// A finding with all that it knows.
pub fn finding<K: FindingKind>(finding: &Finding<K>) -> Value {
    let span = finding.place().span();
    json!({
        "severity": finding.severity(),
        "code": finding.code(),
        "offset": span.as_ref().map(|span| span.start),
        "end": span.as_ref().map(|span| span.end),
        "field": finding.place().path(),
        "message": finding.message(),
    })
}
