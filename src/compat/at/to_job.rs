//! Converts AT jobs to .JOB files and definitions (EVIDENCE.md COMPAT-11 to COMPAT-13).

use super::{
    super::{
        difference::{Conversion, Differences, Reason},
        draft::Report,
        field::Field,
        job_to_task::job_to_task,
        options::ToTask,
        store::{AT_COMMENT, AT_JOB, Account},
    },
    check::{AtError, check_at},
    command::{at_command, split_command},
    runs,
};
use crate::{
    Profile,
    definition::{SchemaVersion, Task},
    dtyp::WideString,
    job::{DaysOfMonth, DaysOfWeek, Job, JobDate, JobFlags, Months, ProductVersion, Schedule, Trigger},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
};
use std::fmt;
use time::{Date, PrimitiveDateTime};
use uuid::Uuid;

/// The number of days searched for the days of a non-periodic job: each day of the month occurs within two months.
const AHEAD: usize = 62;

/// Options for converting AT jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FromAt {
    /// The local time at which the job was added. A non-periodic job runs on the next occurrence of each of its days.
    pub added: PrimitiveDateTime,
    /// The identifier of the job; nil by default.
    pub uuid: Uuid,
    /// The author; on Windows 10 the computer account, `WORKGROUP\HOST$` (EVIDENCE.md JOB-21).
    pub author: Option<String>,
    /// The ATSvc account name ([MS-TSCH] 3.2.1); LocalSystem by default.
    pub account: Account,
    /// The product version in the file.
    pub product_version: ProductVersion,
    /// Whether unused bits are rejected ([`check_at`]), and how LocalSystem is written.
    pub profile: Profile,
}

impl FromAt {
    /// The default options for a job added at this local time.
    #[must_use]
    pub const fn new(added: PrimitiveDateTime) -> Self {
        let (uuid, author, account) = (Uuid::nil(), None, Account::LocalSystem);
        let product_version = ProductVersion::WINDOWS_10;
        Self { added, uuid, author, account, product_version, profile: Profile::Windows }
    }

    /// Sets the identifier of the job.
    #[must_use]
    pub fn with_uuid(self, uuid: Uuid) -> Self {
        Self { uuid, ..self }
    }

    /// Sets the author.
    #[must_use]
    pub fn with_author(self, author: impl Into<String>) -> Self {
        Self { author: Some(author.into()), ..self }
    }

    /// Sets the ATSvc account name.
    #[must_use]
    pub fn with_account(self, account: Account) -> Self {
        Self { account, ..self }
    }

    /// Sets the profile.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }
}

/// Converts an AT job to the corresponding .JOB file.
///
/// A periodic job becomes a MONTHLYDATE trigger, a WEEKLY trigger, or both. Any other job becomes a ONCE trigger for
/// each of its days, and is deleted when done.
///
/// # Errors
/// The errors of [`check_at`].
///
/// ```
/// use time::macros::datetime;
/// use wintask::compat::{FromAt, at_to_job};
/// use wintask::{job::{JobDate, Schedule}, rpc::atsvc::AtInfo};
///
/// // "at 00:00 cmd.exe", on the evening before.
/// let at = AtInfo { command: Some("cmd.exe".into()), ..AtInfo::default() };
/// let job = at_to_job(&at, &FromAt::new(datetime!(2023-07-31 21:00)))?.value;
/// assert_eq!(job.application_name, "cmd.exe");
/// assert_eq!((job.triggers[0].schedule, job.triggers[0].begin), (Schedule::Once, JobDate::new(2023, 8, 1)));
/// assert_eq!(job.flags.0, 0x0120_0003);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn at_to_job(at: &AtInfo, options: &FromAt) -> Result<Conversion<Job>, AtError> {
    check_at(at, options.profile)?;
    let mut differences = Differences::new();
    let mut job = Job {
        product_version: options.product_version,
        author: options.author.as_deref().map(WideString::from),
        ..Job::new(options.uuid, "").with_comment(AT_COMMENT)
    };
    let mut flags = AT_JOB.with(JobFlags::APPLICATION_NAME);
    command(at, &mut job, &mut differences);
    if !at.flags.contains(AtFlags::NONINTERACTIVE) {
        flags = flags.with(JobFlags::INTERACTIVE);
    }
    for flag in [AtFlags::EXEC_ERROR, AtFlags::RUNS_TODAY] {
        if at.flags.contains(flag) {
            differences.report(Field::AtFlags, None, Reason::RunState);
        }
    }
    let unused = at.flags.undefined();
    if !unused.is_empty() {
        differences.report(Field::AtFlags, None, Reason::Flags(unused.to_string()));
    }
    let minutes = at.job_time / 60_000;
    if minutes * 60_000 != at.job_time {
        let (from, to) = (format!("{} ms", at.job_time), format!("{:02}:{:02}", minutes / 60, minutes % 60));
        differences.report(Field::AtJobTime, None, Reason::Nearest { from, to });
    }
    let (hour, minute) = ((minutes / 60) as u16, (minutes % 60) as u16);
    let stored = runs::added_at(at, options.added.date());
    if at.flags.contains(AtFlags::ADD_CURRENT_DATE) {
        let (from, to) = (AtFlags::ADD_CURRENT_DATE.to_string(), format!("day {}", options.added.day()));
        differences.report(Field::AtFlags, None, Reason::Written { from, to });
    }
    let first = first_day(at.job_time, options.added);
    let schedules = schedules(&stored, first, &mut differences);
    if schedules.iter().all(|(schedule, _)| *schedule == Schedule::Once) {
        flags = flags.with(JobFlags::DELETE_WHEN_DONE);
        if at.flags.contains(AtFlags::RUN_PERIODICALLY) {
            let flag = AtFlags::RUN_PERIODICALLY.to_string();
            differences.report(Field::AtFlags, None, Reason::Flags(flag));
        }
    }
    for (schedule, date) in schedules {
        job.triggers.push(Trigger::new(schedule, job_date(date), hour, minute));
    }
    job.settle_status();
    job.flags = flags;
    Ok(Conversion::new(job, differences))
}

/// Converts an AT job to the corresponding definition of version 1.0 in the XML task store.
///
/// # Errors
/// The errors of [`at_to_job`].
///
/// ```
/// use time::macros::datetime;
/// use wintask::compat::{FromAt, at_to_task};
/// use wintask::rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo};
/// use wintask::schedule::words;
///
/// // "at 23:30 /every:T foo.exe"
/// let at = AtInfo {
///     job_time: 84_600_000,
///     days_of_week: AtDaysOfWeek::TUESDAY,
///     flags: AtFlags::RUN_PERIODICALLY | AtFlags::NONINTERACTIVE,
///     command: Some("foo.exe".into()),
///     ..AtInfo::default()
/// };
/// let task = at_to_task(&at, &FromAt::new(datetime!(2024-01-03 12:00)))?.value;
/// assert_eq!(task.version.map(|version| version.to_string()).as_deref(), Some("1.0"));
/// assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
/// assert_eq!(words::trigger(&task.triggers[0]), "At 23:30 every week on Tuesday, from 3 Jan 2024");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn at_to_task(at: &AtInfo, options: &FromAt) -> Result<Conversion<Task>, AtError> {
    // The identifier is not part of the AT job, so nothing is lost.
    let options =
        FromAt { uuid: Uuid::nil(), product_version: ProductVersion::WINDOWS_10, ..options.clone() };
    let Conversion { value: job, mut differences } = at_to_job(at, &options)?;
    let to_task = ToTask::default().with_account(options.account).with_version(SchemaVersion::V1_0);
    let converted = job_to_task(&job, &to_task.with_profile(options.profile));
    differences.append(converted.differences);
    Ok(Conversion::new(converted.value, differences))
}

/// The program and its arguments.
fn command(at: &AtInfo, job: &mut Job, differences: &mut Differences) {
    let Some(command) = &at.command else { return };
    let (program, arguments) = split_command(command);
    let joined = at_command(&program, arguments.as_ref());
    if joined != *command {
        let (from, to) = (command.to_string(), joined.to_string());
        differences.report(Field::AtCommand, None, Reason::Written { from, to });
    }
    job.application_name = program;
    job.parameters = arguments;
}

/// The first day on which a job added at this time can run.
pub(super) fn first_day(job_time: u32, added: PrimitiveDateTime) -> Date {
    let today = added.date();
    if runs::is_due(job_time, added) { today } else { today.next_day().unwrap_or(today) }
}

/// The schedules, and the first date of each.
fn schedules(at: &AtInfo, first: Date, differences: &mut Differences) -> Vec<(Schedule, Date)> {
    let days = DaysOfMonth(at.days_of_month.0 & !DaysOfMonth::UNUSED);
    let of_week = AtDaysOfWeek(at.days_of_week.0 & AtDaysOfWeek::DEFINED.0);
    for (field, rest) in [
        (Field::AtDaysOfMonth, at.days_of_month.0 ^ days.0),
        (Field::AtDaysOfWeek, u32::from(at.days_of_week.0 ^ of_week.0)),
    ] {
        if rest != 0 {
            differences.report(field, None, Reason::Flags(format!("{rest:#x}")));
        }
    }
    if days.0 == 0 && of_week.is_empty() {
        return vec![(Schedule::Once, first)];
    }
    if at.flags.contains(AtFlags::RUN_PERIODICALLY) {
        let monthly = Schedule::MonthlyDate { days, months: Months::DEFINED };
        let weekly = Schedule::Weekly { weeks_interval: 1, days_of_week: from_monday(of_week) };
        let both = [(monthly, days.0 != 0), (weekly, !of_week.is_empty())];
        return both.into_iter().filter(|(_, any)| *any).map(|(schedule, _)| (schedule, first)).collect();
    }
    let dates = dates(days, of_week, first);
    for (field, any, shown) in [
        (Field::AtDaysOfMonth, days.0 != 0, &days as &dyn fmt::Display),
        (Field::AtDaysOfWeek, !of_week.is_empty(), &of_week),
    ] {
        if any {
            let to: Vec<_> = dates.iter().map(ToString::to_string).collect();
            differences.report(field, None, Reason::Written { from: shown.to_string(), to: to.join(", ") });
        }
    }
    dates.into_iter().map(|date| (Schedule::Once, date)).collect()
}

/// The next occurrence of each of the days, starting at a date.
pub(super) fn dates(mut days: DaysOfMonth, mut of_week: AtDaysOfWeek, first: Date) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut next = Some(first);
    for _ in 0..AHEAD {
        let Some(date) = next.filter(|_| days.0 != 0 || !of_week.is_empty()) else { break };
        let (day, weekday) = runs::bits(date);
        if days.0 & day.0 != 0 || of_week.contains(weekday) {
            dates.push(date);
            days.0 &= !day.0;
            of_week = of_week.without(weekday);
        }
        next = date.next_day();
    }
    dates
}

/// Converts days of the week: AT jobs start with Monday, .JOB files with Sunday.
pub(super) fn from_monday(days: AtDaysOfWeek) -> DaysOfWeek {
    let bits = u16::from(days.0);
    DaysOfWeek((bits << 1 | bits >> 6) & DaysOfWeek::DEFINED.0)
}

/// Converts days of the week in the other direction.
pub(super) fn to_monday(days: DaysOfWeek) -> AtDaysOfWeek {
    let bits = days.0 & DaysOfWeek::DEFINED.0;
    AtDaysOfWeek(((bits >> 1 | bits << 6) & 0x7F) as u8)
}

fn job_date(date: Date) -> JobDate {
    let year = u16::try_from(date.year()).unwrap_or_default();
    JobDate::new(year, u8::from(date.month()).into(), date.day().into())
}
