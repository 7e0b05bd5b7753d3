//! The meaning of a .JOB file.

use super::{
    error::{BuildError, Error},
    exact::RawJob,
    layout::{FixedData, RawTrigger, STRING_NAMES, STRINGS, TaskReserved},
    text::CountedString,
    trigger::Trigger,
    value::{JobFlags, MaxRunTime, Priority, ProductVersion, Release},
};
use crate::{
    dtyp::{HResult, SystemTime, WideString},
    limits,
};
use uuid::Uuid;

/// A job, as described by a .JOB file ([MS-TSCH] 2.4).
///
/// Unknown bits and values are preserved. Reserved words, garbage in unused words, the signature and the bytes after
/// it are not; [`RawJob`] preserves those.
///
/// ```
/// use wintask::job::{Job, JobDate, Schedule, Trigger};
///
/// let nightly = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 1, 3), 2, 30);
/// let job = Job::new(uuid::Uuid::from_u128(1), r"C:\backup.exe").with_parameters("/full").with_trigger(nightly);
/// let bytes = job.to_bytes()?;
/// assert_eq!(Job::parse(&bytes)?, job);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Job {
    /// The Windows version that wrote the file (2.4.1, note 11).
    pub product_version: ProductVersion,
    /// Random identifier of the task.
    pub uuid: Uuid,
    /// The program, batch file or document to run (2.4.2.3).
    pub application_name: WideString,
    /// Its arguments (2.4.2.4).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub parameters: Option<WideString>,
    /// Its working directory (2.4.2.5).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub working_directory: Option<WideString>,
    /// The creator of the task (2.4.2.6).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub author: Option<WideString>,
    /// The description (2.4.2.7).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub comment: Option<WideString>,
    /// Task flags (2.3.7).
    pub flags: JobFlags,
    /// Priority class.
    pub priority: Priority,
    /// The execution time limit.
    pub maximum_run_time: MaxRunTime,
    /// Minutes to wait for the machine to become idle.
    pub idle_deadline: u16,
    /// Minutes the machine must have been idle.
    pub idle_wait: u16,
    /// Number of retries for a task that fails to start.
    pub error_retry_count: u16,
    /// Minutes between retries.
    pub error_retry_interval: u16,
    /// State of the task: usually `SCHED_S_TASK_READY`, `…_RUNNING`, `…_HAS_NOT_RUN` or `…_NOT_SCHEDULED`.
    pub status: HResult,
    /// Exit code of the last run.
    pub exit_code: u32,
    /// Local time of the last run; `None` if the task has never run.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub last_run: Option<SystemTime>,
    /// Number of running instances (2.4.2.2).
    pub running_instances: u16,
    /// The reserved data (2.4.2.9), if the file has any. See [`Job::start_error`].
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub reserved: Option<TaskReserved>,
    /// Data of the task's creator (2.4.2.8).
    pub user_data: Vec<u8>,
    /// The triggers (2.4.2.11).
    pub triggers: Vec<Trigger>,
}

impl Job {
    /// Creates a job as Windows 10 does: normal priority, a limit of three days, no runs and no triggers yet.
    pub fn new(uuid: Uuid, application_name: impl Into<WideString>) -> Self {
        let application_name = application_name.into();
        let named = if application_name.is_empty() { JobFlags::NONE } else { JobFlags::APPLICATION_NAME };
        Self {
            product_version: ProductVersion::WINDOWS_10,
            uuid,
            application_name,
            parameters: None,
            working_directory: None,
            author: None,
            comment: None,
            flags: named,
            priority: Priority::NORMAL,
            maximum_run_time: MaxRunTime::DEFAULT,
            idle_deadline: 60,
            idle_wait: 10,
            error_retry_count: 0,
            error_retry_interval: 0,
            status: HResult::SCHED_S_TASK_NOT_SCHEDULED,
            exit_code: 0,
            last_run: None,
            running_instances: 0,
            reserved: Some(TaskReserved { start_error: HResult::SCHED_S_TASK_HAS_NOT_RUN, task_flags: 0 }),
            user_data: Vec::new(),
            triggers: Vec::new(),
        }
    }

    /// Sets the arguments.
    #[must_use]
    pub fn with_parameters(self, parameters: impl Into<WideString>) -> Self {
        Self { parameters: Some(parameters.into()), ..self }
    }

    /// Sets the working directory.
    #[must_use]
    pub fn with_working_directory(self, directory: impl Into<WideString>) -> Self {
        Self { working_directory: Some(directory.into()), ..self }
    }

    /// Sets the author.
    #[must_use]
    pub fn with_author(self, author: impl Into<WideString>) -> Self {
        Self { author: Some(author.into()), ..self }
    }

    /// Sets the comment.
    #[must_use]
    pub fn with_comment(self, comment: impl Into<WideString>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }

    /// Adds flags.
    #[must_use]
    pub fn with_flags(self, flags: JobFlags) -> Self {
        Self { flags: self.flags | flags, ..self }
    }

    /// Adds a trigger, and updates the status accordingly.
    #[must_use]
    pub fn with_trigger(mut self, trigger: Trigger) -> Self {
        self.triggers.push(trigger);
        self.settle_status();
        self
    }

    /// Makes the status consistent with the triggers, as Windows requires (note 12): `SCHED_S_TASK_NOT_SCHEDULED` if
    /// and only if there are none. Call it after changing [`triggers`](Self::triggers) directly.
    pub fn settle_status(&mut self) {
        let unscheduled = self.status == HResult::SCHED_S_TASK_NOT_SCHEDULED;
        if self.triggers.is_empty() != unscheduled {
            self.status = match (unscheduled, self.last_run) {
                (false, _) => HResult::SCHED_S_TASK_NOT_SCHEDULED,
                (true, None) => HResult::SCHED_S_TASK_HAS_NOT_RUN,
                (true, Some(_)) => HResult::SCHED_S_TASK_READY,
            };
        }
    }

    /// Result of the last attempt to start the task.
    #[must_use]
    pub fn start_error(&self) -> Option<HResult> {
        self.reserved.map(|reserved| reserved.start_error)
    }

    /// Parses a file as Windows 10 validates it.
    ///
    /// ```
    /// use wintask::{dtyp::HResult, job::Job};
    ///
    /// let mut file = Job::new(uuid::Uuid::nil(), "backup.exe").to_bytes()?;
    /// assert_eq!(Job::parse(&file)?.application_name.to_string(), "backup.exe");
    ///
    /// file[2] = 7; // the format version
    /// let error = Job::parse(&file).unwrap_err();
    /// assert_eq!((error.place().offset(), error.hresult()), (Some(2), HResult::SCHED_E_UNKNOWN_OBJECT_VERSION));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first violation, in file order; its [`hresult`](Error::hresult) is what `SASetAccountInformation` returns.
    /// [`recover`](super::recover) reads files that are rejected here.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_on(bytes, Release::default())
    }

    /// Parses a file as a release validates it. Releases before Vista accept more files but do not load all of them.
    /// Files that are not loaded are rejected here, with `S_OK` as the [`hresult_on`](Error::hresult_on) that
    /// release.
    ///
    /// # Errors
    /// The errors of [`Job::parse`].
    pub fn parse_on(bytes: &[u8], release: Release) -> Result<Self, Error> {
        let raw = RawJob::parse_on(bytes, release)?;
        raw.validate(release)?;
        Ok(Self::from_raw(&raw))
    }

    /// Interprets an exact file. An absent application name becomes empty.
    #[must_use]
    pub fn from_raw(raw: &RawJob<'_>) -> Self {
        let fixed = &raw.fixed;
        Self {
            product_version: fixed.product_version,
            uuid: fixed.job_uuid,
            application_name: raw.application_name.text().unwrap_or_default(),
            parameters: raw.parameters.text(),
            working_directory: raw.working_directory.text(),
            author: raw.author.text(),
            comment: raw.comment.text(),
            flags: fixed.flags,
            priority: fixed.priority,
            maximum_run_time: fixed.maximum_run_time,
            idle_deadline: fixed.idle_deadline,
            idle_wait: fixed.idle_wait,
            error_retry_count: fixed.error_retry_count,
            error_retry_interval: fixed.error_retry_interval,
            status: fixed.status,
            exit_code: fixed.exit_code,
            last_run: Some(fixed.last_run).filter(|time| !time.is_none()),
            running_instances: raw.running_instances,
            reserved: raw.reserved(),
            user_data: raw.user_data.to_vec(),
            triggers: raw.triggers().map(|t| Trigger::from_raw(&t)).collect(),
        }
    }

    /// Converts the job to an exact file: offsets and sizes are computed, reserved words are zero, and there is no
    /// signature.
    ///
    /// # Errors
    /// [`BuildError`] for a part that does not fit its 16-bit field.
    pub fn to_raw(&self) -> Result<RawJob<'static>, BuildError> {
        Ok(RawJob {
            fixed: self.fixed(self.trigger_count_at()?),
            running_instances: self.running_instances,
            application_name: CountedString::from_text(&self.application_name),
            parameters: self.parameters.as_ref().into(),
            working_directory: self.working_directory.as_ref().into(),
            author: self.author.as_ref().into(),
            comment: self.comment.as_ref().into(),
            user_data: self.user_data.clone().into(),
            reserved_data: self.reserved.map_or_else(Vec::new, |r| r.to_bytes().into()).into(),
            triggers: self
                .triggers
                .iter()
                .map(|t| t.to_raw().to_bytes())
                .collect::<Vec<[u8; RawTrigger::SIZE]>>()
                .into(),
            ..RawJob::default()
        })
    }

    /// Returns the file's bytes, as Windows writes them for a task without a signature.
    ///
    /// ```
    /// use wintask::job::{Job, JobDate, Schedule, Trigger};
    ///
    /// let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2024, 1, 3), 2, 30);
    /// let file = Job::new(uuid::Uuid::nil(), "backup.exe").with_trigger(daily).to_bytes()?;
    /// assert_eq!(file[..4], [0, 10, 1, 0]); // written by Windows 10, format version 1
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`Job::to_raw`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, BuildError> {
        let triggers_at = self.trigger_count_at()?;
        // All counts fit, because the total size does.
        let count = |count: usize| (count as u16).to_le_bytes();
        let mut out =
            Vec::with_capacity(usize::from(triggers_at) + 2 + self.triggers.len() * RawTrigger::SIZE);
        out.extend_from_slice(&self.fixed(triggers_at).to_bytes());
        out.extend_from_slice(&self.running_instances.to_le_bytes());
        for text in self.strings() {
            let Some(text) = text else {
                out.extend_from_slice(&[0, 0]);
                continue;
            };
            out.extend_from_slice(&count(text.len() + 1));
            let start = out.len();
            // Including the NUL.
            out.resize(start + 2 * (text.len() + 1), 0);
            let room = out.get_mut(start..).unwrap_or_default().as_chunks_mut().0;
            for (bytes, unit) in room.iter_mut().zip(text.units()) {
                *bytes = unit.to_le_bytes();
            }
        }
        out.extend_from_slice(&count(self.user_data.len()));
        out.extend_from_slice(&self.user_data);
        match &self.reserved {
            None => out.extend_from_slice(&[0, 0]),
            Some(reserved) => {
                out.extend_from_slice(&count(TaskReserved::SIZE));
                out.extend_from_slice(&reserved.to_bytes());
            }
        }
        out.extend_from_slice(&count(self.triggers.len()));
        for trigger in &self.triggers {
            out.extend_from_slice(&trigger.to_raw().to_bytes());
        }
        Ok(out)
    }

    /// The five strings, in order.
    fn strings(&self) -> [Option<&WideString>; 5] {
        let Self { application_name, parameters, working_directory, author, comment, .. } = self;
        let [parameters, working_directory, author, comment] =
            [parameters, working_directory, author, comment].map(Option::as_ref);
        [Some(application_name), parameters, working_directory, author, comment]
    }

    /// The offset of the trigger count, if everything fits its count.
    pub(crate) fn trigger_count_at(&self) -> Result<u16, BuildError> {
        // A part that is too long for its own count is reported first, with a more precise message.
        let mut size = STRINGS;
        for (field, text) in STRING_NAMES.into_iter().zip(self.strings()) {
            // Including the NUL.
            let units = text.map_or(0, |text| text.len() + 1);
            if units > limits::JOB_STRING_UNITS {
                let (size, max) = (units, limits::JOB_STRING_UNITS);
                return Err(BuildError::TooLong { field, size, max, unit: "units" });
            }
            size += 2 + 2 * units;
        }
        let (field, count, max, unit) = ("Triggers", self.triggers.len(), limits::JOB_TRIGGERS, "triggers");
        if count > max {
            return Err(BuildError::TooLong { field, size: count, max, unit });
        }
        size += 2 + self.user_data.len() + 2 + self.reserved.map_or(0, |_| TaskReserved::SIZE);
        u16::try_from(size).map_err(|_| BuildError::TriggerOffset { size })
    }

    fn fixed(&self, trigger_offset: u16) -> FixedData {
        FixedData {
            product_version: self.product_version,
            file_version: 1,
            job_uuid: self.uuid,
            app_name_len_offset: STRINGS as u16,
            trigger_offset,
            error_retry_count: self.error_retry_count,
            error_retry_interval: self.error_retry_interval,
            idle_deadline: self.idle_deadline,
            idle_wait: self.idle_wait,
            priority: self.priority,
            maximum_run_time: self.maximum_run_time,
            exit_code: self.exit_code,
            status: self.status,
            flags: self.flags,
            last_run: self.last_run.unwrap_or(SystemTime::NONE),
        }
    }
}
