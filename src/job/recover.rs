//! Reads damaged files.

use super::{
    error::Error,
    exact::{RawJob, trigger_name, truncated},
    finding::{Finding, FindingKind, Findings},
    layout::{
        FixedData, PartialFixedData, PartialTaskReserved, PartialTrigger, RUNNING_INSTANCES, RawTrigger,
        SIGNATURE_SIZE, STRING_NAMES, TaskReserved,
    },
    model::Job,
    repair::{Part, Plan, Search, TriggerRun},
    text::CountedString,
    trigger::Trigger,
    unusual,
    validate::{Sink, check_fixed, check_reserved, check_string, check_trailing, check_trigger, place},
    value::Release,
};
use crate::{dtyp::WideString, error::Place, finding::Severity};
use std::ops::Range;
use uuid::Uuid;

/// A value and the range of bytes that it was read from, including its count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its bytes.
    pub span: Range<usize>,
}

/// A complete or truncated trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RecoveredTrigger {
    /// The complete fields.
    pub fields: PartialTrigger,
    /// Its bytes.
    pub span: Range<usize>,
}

impl RecoveredTrigger {
    /// The trigger, if it is complete.
    #[must_use]
    pub fn trigger(&self) -> Option<Trigger> {
        self.fields.complete().map(|raw| Trigger::from_raw(&raw))
    }
}

/// The parts of a file that [`recover`] could read. `None` means absent or lost; a lost part has a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Recovered {
    /// The header's fields.
    pub fixed: PartialFixedData,
    /// Running Instance Count.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub running_instances: Option<Spanned<u16>>,
    /// Application Name, without its NUL, like the four strings that follow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub application_name: Option<Spanned<WideString>>,
    /// Parameters.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub parameters: Option<Spanned<WideString>>,
    /// Working Directory.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub working_directory: Option<Spanned<WideString>>,
    /// Author.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub author: Option<Spanned<WideString>>,
    /// Comment.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub comment: Option<Spanned<WideString>>,
    /// User Data.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub user_data: Option<Spanned<Vec<u8>>>,
    /// The fields of the reserved data.
    pub reserved: PartialTaskReserved,
    /// The triggers; the last one may be truncated.
    pub triggers: Vec<RecoveredTrigger>,
    /// The bytes after the triggers.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub tail: Option<Range<usize>>,
    /// All findings.
    pub findings: Findings,
}

impl Recovered {
    /// The job, if its header and its application name could be read.
    #[must_use]
    pub fn job(&self) -> Option<Job> {
        self.fixed.complete()?;
        self.application_name.as_ref()?;
        Some(self.remains())
    }

    /// The job as far as it could be read. Lost parts have the values of [`Job::new`]: the application name is empty,
    /// and flags are not set. All complete triggers are included.
    ///
    /// ```
    /// use wintask::{job::{Job, JobDate, Schedule, Trigger, recover}, schedule::words};
    ///
    /// let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2023, 7, 12), 15, 42);
    /// let mut file = Job::new(uuid::Uuid::nil(), "update.exe").with_trigger(daily).to_bytes()?;
    /// file[0x46..0x5E].fill(0); // overwrites the name
    ///
    /// let recovered = recover(&file);
    /// assert_eq!(recovered.job(), None);
    /// assert_eq!(words::job(&recovered.remains()), "At 15:42 every day, from 12 Jul 2023");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn remains(&self) -> Job {
        let lost = Job::new(Uuid::nil(), "").to_raw().map(|raw| raw.fixed).unwrap_or_default();
        let fixed = self.fixed.complete_or(lost);
        let text = |part: &Option<Spanned<WideString>>| part.as_ref().map(|part| part.value.clone());
        let header = RawJob { fixed, ..RawJob::default() };
        Job {
            application_name: text(&self.application_name).unwrap_or_default(),
            parameters: text(&self.parameters),
            working_directory: text(&self.working_directory),
            author: text(&self.author),
            comment: text(&self.comment),
            running_instances: self.running_instances.as_ref().map_or(0, |count| count.value),
            user_data: self.user_data.as_ref().map(|data| data.value.clone()).unwrap_or_default(),
            reserved: self.reserved.complete(),
            triggers: self.triggers.iter().filter_map(RecoveredTrigger::trigger).collect(),
            ..Job::from_raw(&header)
        }
    }
}

/// Reads as much as possible of a .JOB file that is truncated or has wrong counts, with findings.
///
/// For a file that [`Job::parse`] accepts, [`Recovered::job`] is the same job, and no finding is an error. For a file
/// without a header or a name, [`Recovered::remains`] returns what is left.
///
/// ```
/// use wintask::job::{Job, recover};
///
/// let mut bytes = Job::new(uuid::Uuid::nil(), "notepad.exe").with_comment("a comment").to_bytes()?;
/// bytes[70] = 200; // declares an application name of 200 units
/// assert!(Job::parse(&bytes).is_err());
///
/// let recovered = recover(&bytes);
/// assert_eq!(recovered.application_name.as_ref().ok_or("lost")?.value, "notepad.exe");
/// assert_eq!(recovered.comment.as_ref().ok_or("lost")?.value, "a comment");
/// assert_eq!(
///     recovered.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
///     ["error: byte 0x46, Application Name: declared length is 200 units, only 12 present"],
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn recover(bytes: &[u8]) -> Recovered {
    let strict = RawJob::parse(bytes).and_then(|raw| raw.validate(RELEASE));
    Recovery { bytes, trusted: strict.is_ok(), findings: Findings::new() }.run(strict)
}

struct Recovery<'a> {
    bytes: &'a [u8],
    /// Whether the strict reader accepts the file. If so, the file is read in the same way, and its checks are not
    /// repeated.
    trusted: bool,
    findings: Findings,
}

/// The release whose rules determine the findings.
const RELEASE: Release = Release::Windows10;

impl<'a> Recovery<'a> {
    fn run(mut self, strict: Result<(), Error>) -> Recovered {
        let whole = self.bytes.first_chunk().map(FixedData::from_bytes);
        let fixed = whole.map_or_else(|| PartialFixedData::from_bytes(self.bytes), PartialFixedData::from);
        let search = Search {
            bytes: self.bytes,
            app_name_at: fixed.app_name_len_offset.map(usize::from),
            trigger_offset: fixed.trigger_offset.map(usize::from),
        };
        match &whole {
            Some(whole) => self.collect(|sink| check_fixed(whole, sink)),
            None => self.collect(|sink| sink(truncated(FixedData::FIELDS, self.bytes.len(), 0, ""))),
        }
        unusual::fixed(&fixed, self.bytes.len(), &mut self.findings);
        let running = search.word(RUNNING_INSTANCES);
        let span = RUNNING_INSTANCES..RUNNING_INSTANCES + 2;
        let running_instances = running.map(|value| Spanned { value, span });
        if running_instances.is_none() {
            self.lost("Running Instance Count");
        }
        let plan = if self.trusted { search.as_declared() } else { search.best() };
        let [application_name, parameters, working_directory, author, comment] = self.strings(&plan);
        let user_data = self.user_data(&plan);
        let reserved = self.reserved(&plan);
        let (triggers, tail) = self.triggers(&search, &plan);
        if whole.is_some() {
            let named = application_name.as_ref().is_some_and(|name| !name.value.is_empty());
            unusual::agreement(&fixed, named, triggers.len(), &mut self.findings);
        }
        if let Err(error) = strict
            && self.findings.worst() != Some(Severity::Error)
        {
            self.collect(|sink| sink(error));
        }
        Recovered {
            fixed,
            running_instances,
            application_name,
            parameters,
            working_directory,
            author,
            comment,
            user_data,
            reserved,
            triggers,
            tail,
            findings: self.findings,
        }
    }

    /// Turns the violations of a check into findings, and continues. Skipped if the strict reader found none.
    fn collect(&mut self, check: impl FnOnce(&mut Sink<'_>) -> Result<(), Error>) {
        if self.trusted {
            return;
        }
        let findings = &mut self.findings;
        let mut sink = |error: Error| {
            findings.push(error);
            Ok(())
        };
        // The sink never fails, so the check cannot fail.
        let _: Result<(), Error> = check(&mut sink);
    }

    fn slice(&self, span: Range<usize>) -> &'a [u8] {
        self.bytes.get(span).unwrap_or_default()
    }

    fn report(&mut self, kind: FindingKind, place: Place) {
        self.findings.push(Finding::new(kind, place));
    }

    /// Reports a part that is missing because the file ends before it, unless the file ends in its header, which has
    /// its own finding.
    fn lost(&mut self, name: &'static str) {
        let end = self.bytes.len();
        if end >= FixedData::SIZE {
            self.report(FindingKind::Lost, Place::bytes(end..end, name));
        }
    }

    /// Reports a part that was lost or truncated, or whose count is wrong.
    fn part(
        &mut self,
        name: &'static str,
        unit: &'static str,
        width: usize,
        part: Option<Part>,
    ) -> Option<Part> {
        let Some(part) = part else {
            self.lost(name);
            return None;
        };
        let (declared, found) = (part.declared / width, part.size / width);
        if part.cut || declared != found {
            let kind = FindingKind::Count { declared, found, unit, cut: part.cut };
            self.report(kind, Place::bytes(part.at..part.end(), name));
        }
        Some(part)
    }

    fn strings(&mut self, plan: &Plan) -> [Option<Spanned<WideString>>; 5] {
        let mut found = [const { None }; 5];
        for ((place, part), name) in found.iter_mut().zip(plan.strings()).zip(STRING_NAMES) {
            let Some(part) = self.part(name, "units", 2, part) else { continue };
            let string = CountedString::borrowed(self.slice(part.data()).as_chunks::<2>().0.as_flattened());
            if !part.cut {
                self.collect(|sink| check_string(name, &string, part.at, RELEASE, sink));
            }
            let Some(value) = string.text() else { continue };
            let units = part.at..part.at + 2 + string.as_bytes().len();
            unusual::text(name, &value, &units, &mut self.findings);
            *place = Some(Spanned { value, span: part.at..part.end() });
        }
        found
    }

    fn user_data(&mut self, plan: &Plan) -> Option<Spanned<Vec<u8>>> {
        let part = self.part("User Data", "bytes", 1, plan.user_data())?;
        (part.size > 0)
            .then(|| Spanned { value: self.slice(part.data()).to_vec(), span: part.at..part.end() })
    }

    fn reserved(&mut self, plan: &Plan) -> PartialTaskReserved {
        let Some(part) = self.part("Reserved Data", "bytes", 1, plan.reserved()) else {
            return PartialTaskReserved::default();
        };
        if !part.cut {
            self.collect(|sink| check_reserved(part.size, part.at, sink));
        }
        PartialTaskReserved::from_bytes(
            self.slice(part.at + 2..part.end().min(part.at + 2 + TaskReserved::SIZE)),
        )
    }

    /// The triggers and the data after them; the count is trusted if the strict reader accepts the file.
    fn triggers(
        &mut self,
        search: &Search<'_>,
        plan: &Plan,
    ) -> (Vec<RecoveredTrigger>, Option<Range<usize>>) {
        let found = self.trigger_count_at(search, plan).and_then(|at| Some((at, search.triggers(at)?)));
        let Some((at, run)) = found else {
            self.lost("Trigger Count");
            return (Vec::new(), None);
        };
        let run = if self.trusted { TriggerRun { number: run.declared, cut: false, ..run } } else { run };
        if run.declared != run.number {
            let (declared, found) = (run.declared, run.number);
            let kind = FindingKind::Count { declared, found, unit: "triggers", cut: run.cut };
            self.report(kind, Place::bytes(at..at + 2, "Trigger Count"));
        }
        let size = self.bytes.len();
        let end = at + 2 + run.number * RawTrigger::SIZE;
        let mut found = Vec::with_capacity(run.number + usize::from(run.cut));
        self.whole_triggers(at + 2..end, &mut found);
        if run.cut {
            let rest = self.slice(end..size);
            let prefix = trigger_name(run.number) + ".";
            self.collect(|sink| sink(truncated(RawTrigger::FIELDS, rest.len(), end, &prefix)));
            found.push(RecoveredTrigger { fields: PartialTrigger::from_bytes(rest), span: end..size });
            return (found, None);
        }
        let excess = (size - end).saturating_sub(SIGNATURE_SIZE);
        let more = if excess > 0 { search.last_triggers(end) } else { None };
        if let Some((start, number)) = more {
            let place = Place::bytes(start..start + number * RawTrigger::SIZE, "Triggers");
            self.report(FindingKind::TriggersApart { number }, place);
            self.whole_triggers(start..start + number * RawTrigger::SIZE, &mut found);
            return (found, None);
        }
        unusual::tail(self.slice(end..size), end, &mut self.findings);
        self.collect(|sink| check_trailing(excess, size, sink));
        (found, (end < size).then_some(end..size))
    }

    /// Reads the triggers in a range of bytes.
    fn whole_triggers(&mut self, span: Range<usize>, found: &mut Vec<RecoveredTrigger>) {
        let mut at = span.start;
        for bytes in self.slice(span).as_chunks().0 {
            let (raw, index, end) = (RawTrigger::from_bytes(bytes), found.len(), at + RawTrigger::SIZE);
            self.collect(|sink| check_trigger(&raw, index, at, RELEASE, sink));
            unusual::trigger(&raw, index, at, &mut self.findings);
            found.push(RecoveredTrigger { fields: raw.into(), span: at..end });
            at = end;
        }
    }

    /// The offset of the trigger count: the end of the chain, or the header's offset if triggers are found only
    /// there.
    fn trigger_count_at(&mut self, search: &Search<'_>, plan: &Plan) -> Option<usize> {
        let stated = search.trigger_offset.filter(|at| *at < self.bytes.len());
        let (Some(walked), Some(stated)) = (plan.trigger_count_at, stated) else {
            return plan.trigger_count_at.or(stated.filter(|at| search.has_triggers(*at)));
        };
        let elsewhere = !self.trusted && !search.has_triggers(walked) && search.has_triggers(stated);
        let at = if elsewhere { stated } else { walked };
        if walked != stated {
            let place = place(FixedData::FIELDS, "Trigger Offset", 0, "");
            self.report(FindingKind::TriggerOffset { stated, found: at }, place);
        }
        Some(at)
    }
}
