//! What several examples use: findings as JSON.

use serde_json::{Value, json};
use wintask::finding::Finding;

/// A finding with all that it knows.
pub fn finding(finding: &Finding) -> Value {
    let span = finding.place.span();
    json!({
        "severity": finding.severity,
        "code": finding.code,
        "offset": span.start,
        "end": span.end,
        "field": finding.place.field(),
        "message": finding.message,
    })
}
