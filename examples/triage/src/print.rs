//! The table, and JSON lines.

use serde_json::{Value, json};
use std::io::{self, Write};
use wintask::{
    finding::Severity,
    reconcile::{FindingKind, Report},
    schedule::words,
};

/// One row of the table.
struct Row {
    severity: Severity,
    cells: [String; 5],
}

const HEAD: [&str; 5] = ["severity", "task", "runs as", "runs", "finding"];

/// Prints one row for each finding, the worst first, and what the findings mean.
pub fn table(reports: &[Report], all: bool) -> io::Result<()> {
    let mut rows = Vec::new();
    let mut kinds: Vec<FindingKind> = Vec::new();
    for report in reports {
        let shown = report.findings.iter().filter(|finding| all || finding.severity() > Severity::Info);
        for finding in shown {
            let kind = *finding.kind();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            let finding_cell = format!("{} ({})", finding.code(), finding.place().path());
            let cells = [
                finding.severity().to_string(),
                report.path.clone(),
                account(report),
                runs(report),
                finding_cell,
            ];
            rows.push(Row { severity: finding.severity(), cells });
        }
    }
    rows.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.cells[1].cmp(&b.cells[1])));
    let mut out = io::stdout().lock();
    if rows.is_empty() {
        return writeln!(out, "no findings");
    }
    let lines: Vec<[String; 5]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(rows.into_iter().map(|row| row.cells.map(printable)))
        .collect();
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    writeln!(out)?;
    kinds.sort_by_key(|kind| code(*kind));
    for kind in kinds {
        let technique = kind.technique().map(|technique| format!(" [{technique}]")).unwrap_or_default();
        writeln!(out, "{}{technique}: {kind}\n    {}", code(kind), kind.why())?;
    }
    Ok(())
}

fn code(kind: FindingKind) -> &'static str {
    wintask::finding::FindingKind::code(&kind)
}

/// The text without control characters, truncated to the width of a cell.
fn printable(text: String) -> String {
    const MOST: usize = 60;
    let mut clean: String = text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if clean.chars().count() > MOST {
        clean = clean.chars().take(MOST - 1).chain(['…']).collect();
    }
    clean
}

fn account(report: &Report) -> String {
    let principal = report.task().and_then(|task| task.run_as());
    let account = principal.and_then(|one| one.user_id.clone().or_else(|| one.group_id.clone()));
    account.unwrap_or_default()
}

fn runs(report: &Report) -> String {
    report
        .task()
        .map(|task| task.actions.list.iter().map(words::action).collect::<Vec<_>>().join("; "))
        .unwrap_or_default()
}

/// Prints one object for each task.
pub fn lines(reports: &[Report]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    reports.iter().try_for_each(|report| writeln!(out, "{}", object(report)))
}

fn object(report: &Report) -> Value {
    let findings = report.findings.iter().map(|finding| {
        let kind = finding.kind();
        json!({
            "code": finding.code(),
            "severity": finding.severity(),
            "message": finding.message(),
            "why": kind.why(),
            "place": finding.place().path(),
            "technique": kind.technique(),
            "usual": kind.is_usual(),
            "confidence": kind.confidence(),
        })
    });
    json!({
        "path": report.path,
        "findings": findings.collect::<Vec<_>>(),
        "differences": report.differences.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "fields": report.view(),
    })
}
