//! .JOB files.

use crate::report::Report;
use wintask::{
    finding::Severity,
    job::{Job, recover},
};

/// The first violation, then everything else that is wrong.
pub fn check(name: &str, bytes: &[u8], report: &mut Report) {
    let refusal = Job::parse(bytes).err();
    report.count(refusal.is_none());
    if let Some(error) = &refusal {
        report.line(&format!("error[{}]: {}", error.hresult(), error.kind()));
        report.line(&format!(" --> {name}: {}", error.place()));
        report.line("");
    }
    let recovered = recover(bytes);
    let shown = |place| refusal.as_ref().is_some_and(|error| error.place() == place);
    for finding in recovered.findings.iter().filter(|finding| !shown(finding.place())) {
        let label = if finding.severity() == Severity::Error { "also" } else { "note" };
        report.line(&format!("{label}: {}", finding.message()));
        report.line(&format!(" --> {name}: {}", finding.place()));
        report.line("");
    }
}
