//! Bounds as a table. The binaries that one `cargo bench` starts leave their rows for each other, and the last one prints
//! all of them together.

use std::{fmt, fs, path::Path, process::ExitCode};

/// A bound and what was measured.
pub struct Row {
    pub subject: String,
    pub peer: String,
    /// Instructions, or another unit that the subject names.
    pub ours: u64,
    pub theirs: u64,
    pub most: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        // Nothing, of at most nothing.
        if self.ours == 0 { 0.0 } else { self.ours as f64 / self.theirs as f64 }
    }

    fn is_kept(&self) -> bool {
        self.ratio() <= self.most
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, peer, ours, theirs, most } = self;
        let (limit, ratio) = ((*theirs as f64 * most) as u64, self.ratio());
        let verdict = if self.is_kept() { "" } else { " TOO SLOW" };
        write!(f, "| {subject} | {ours} | {peer} | {theirs} | {limit} | {ratio:.3} | {most}{verdict} |")
    }
}

/// Prints the rows of a binary, and those of all once they are complete; fails if a bound is broken.
pub fn print(rows: &[Row]) -> ExitCode {
    let lines: Vec<String> = rows.iter().map(Row::to_string).collect();
    table(&lines);
    if let Some(all) = together(&lines) {
        println!("All benches:");
        table(&all);
    }
    if rows.iter().all(Row::is_kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn table(rows: &[String]) {
    println!("\n| subject | ours | peer | its | limit | ratio | bound |");
    println!("|---|---|---|---|---|---|---|");
    for row in rows {
        println!("{row}");
    }
    println!();
}

/// The binaries that have bounds.
const BINARIES: [&str; 8] =
    ["eventlog", "job", "ndr", "reconcile", "schedule", "scheduler", "security", "xml"];

/// Leaves the rows of this binary for the others that the same process started; the rows of all once they are complete.
fn together(rows: &[String]) -> Option<Vec<String>> {
    #[cfg(unix)]
    let starter = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let starter = std::process::id();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("benches-{starter}"));
    fs::create_dir_all(&folder).ok()?;
    fs::write(folder.join(env!("CARGO_CRATE_NAME")), rows.join("\n")).ok()?;
    let all: Option<Vec<String>> =
        BINARIES.iter().map(|binary| fs::read_to_string(folder.join(binary)).ok()).collect();
    let all = all?;
    // A later process may have the same number.
    let _ = fs::remove_dir_all(&folder);
    Some(all.iter().flat_map(|rows| rows.lines().map(str::to_owned)).collect())
}
