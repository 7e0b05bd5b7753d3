//! The next runs.

use crate::print::Summary;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};
use wintask::{
    schedule::{FindingKind, Occurrence, Timetable, words},
    time::{Ticks, XsDuration, Zone},
};

/// How many are shown.
const RUNS: usize = 5;

/// From where a person looks at run times.
pub struct View {
    /// The zone of the machine that the artifact comes from; without one, local times stay local times.
    pub zone: Option<Box<dyn Zone>>,
    /// Runs after it are the next ones.
    pub now: OffsetDateTime,
}

impl View {
    /// The zone to compute with: a clock without a zone is taken for one that shows UTC.
    pub fn zone(&self) -> &dyn Zone {
        self.zone.as_deref().unwrap_or(&UtcOffset::UTC)
    }

    /// Adds the next runs, or why there are none.
    pub fn runs<Z: Zone>(
        &self,
        table: &Timetable<Z>,
        is_absolute: impl Fn(usize) -> bool,
        out: &mut Summary,
    ) {
        let mut runs = Vec::new();
        let mut from = self.now;
        while let Some(run) = table.next_after(from).filter(|_| runs.len() < RUNS) {
            from = run.instant();
            runs.push(self.run(&run, is_absolute(run.trigger())));
        }
        if !table.is_timed() {
            return;
        }
        if runs.is_empty() {
            let reasons = table.findings().into_iter().filter(|(_, kind)| *kind != FindingKind::NotTimed);
            runs.extend(reasons.map(|(index, reason)| format!("none of trigger {}: {reason}", index + 1)));
        }
        out.line("next runs", if runs.is_empty() { "none any more".to_owned() } else { runs.join("\n") });
    }

    /// What the clock shows then; with a zone, or where the trigger states one, how far it is from UTC.
    fn run(&self, run: &Occurrence, is_absolute: bool) -> String {
        let local = civil(run.local());
        let random = run.random_delay();
        let offset = match &self.zone {
            Some(zone) => format!(" {}", zone.period_at(Ticks::from_instant(run.instant())).offset),
            None if is_absolute => " UTC".to_owned(),
            None => String::new(),
        };
        let later = if random.is_zero() {
            String::new()
        } else {
            {
                let most = XsDuration::from_seconds(random.as_secs().try_into().unwrap_or(u32::MAX));
                format!(", up to {} later", words::duration(&most))
            }
        };
        format!("{local}{offset}{later}")
    }
}

/// "Fri 2024-01-05 02:00".
fn civil(civil: PrimitiveDateTime) -> String {
    let (date, time): (Date, _) = (civil.date(), civil.time());
    let weekday = date.weekday().to_string();
    let mut text = format!("{} {date} {:02}:{:02}", &weekday[..3], time.hour(), time.minute());
    if time.second() > 0 || time.nanosecond() > 0 {
        text += &format!(":{:02}", time.second());
    }
    text
}
