//! Version 1 tasks.

use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::datetime};
use wintask::{
    Profile,
    compat::{
        Account, Differences, Field, FromAt, Reason, ToJob, ToTask, at_to_job, at_to_task, job_to_at,
        job_to_task, task_to_at, task_to_job, v1_obstacles,
    },
    definition::{
        Action, IdleSettings, LogonType, Months, MultipleInstancesPolicy, Principal, Schedule, Task,
        TriggerKind,
    },
    dtyp::HResult,
    finding::Severity,
    job::{self, Job, JobFlags},
    rpc::atsvc::{AtDaysOfWeek, AtFlags, AtInfo},
    schedule::{Options, Patterns, RepetitionEnd, Timetable},
    time::{Boundary, XsDuration},
    xml,
};

/// Interprets any bytes as a .JOB file, a definition and an AT job. Converting back and forth gives an equal result
/// except for reported differences, and run times stay the same.
///
/// Catches: panics, silent losses, invalid results, different run times.
/// Does not catch: a field that both directions misread in the same way; the tests have tables for that.
pub(crate) fn compat(data: &[u8]) {
    if let Ok(job) = Job::parse(data) {
        job_holds(&job);
    }
    if let Ok(task) = xml::read(data, &xml::Options::default()) {
        task_holds(&task);
    }
    let (at, added) = at_of(data);
    at_holds(&at, added);
}

/// An AT job and the time at which it was added, built from any bytes.
fn at_of(data: &[u8]) -> (AtInfo, PrimitiveDateTime) {
    let byte = |at: usize| data.get(at).copied().unwrap_or(0);
    let word = |at: usize| u32::from_le_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
    let command: Vec<u16> = data.iter().skip(16).take(40).map(|b| u16::from(*b)).collect();
    let at = AtInfo {
        job_time: word(0) % 86_400_010,
        days_of_month: word(4).into(),
        days_of_week: AtDaysOfWeek(byte(8)),
        flags: AtFlags(byte(9)),
        command: Some(command.into()),
    };
    let added = datetime!(2024-01-01 00:00) + Duration::minutes((word(10) % (1440 * 1500)).into());
    (at, added)
}

/// A valid .JOB file.
pub(crate) fn job_holds(job: &Job) {
    let account = if job.uuid.as_u128().is_multiple_of(2) {
        Account::LocalSystem
    } else {
        Account::User("alice".into())
    };
    let options = ToTask::default().with_account(account);
    let converted = job_to_task(job, &options);
    let (task, differences) = (&converted.value, &converted.differences);
    if differences.omitted() > 0 {
        return;
    }
    let has_command = !reported(differences, Field::JobApplicationName, None);
    let text = xml::write_text(task, xml::Form::Utf8).expect("a task that was converted can be written");
    if has_command && task.triggers.len() <= 48 {
        let read = xml::read_text(&text, &xml::Options::default());
        assert_eq!(read.as_ref(), Ok(task), "{text}");
    }
    let equal = |t: &job::Trigger| t.minutes_interval != 0 && t.minutes_interval == t.minutes_duration;
    if !has_command || job.triggers.iter().any(equal) {
        return;
    }
    let to_job = ToJob::default().with_uuid(job.uuid).with_product_version(job.product_version);
    let back = task_to_job(task, &to_job).unwrap_or_else(|error| panic!("{error}\n{job:?}")).value;
    let mut expected = job.clone();
    forgive_job(&mut expected, &back, differences);
    assert_eq!(back, expected, "{}", shown(differences));
    let several = job.triggers.len() > 1;
    runs_agree(
        &Patterns::of_job(job, &inclusive()),
        &Patterns::of_task(task, &inclusive()),
        several,
        differences,
    );
    // From then on nothing changes.
    let again = job_to_task(&back, &options);
    assert_eq!(&again.value.triggers, &task.triggers);
    assert_eq!(again.value.settings, task.settings);
}

fn inclusive() -> Options {
    Options::default().with_repetition_end(RepetitionEnd::Inclusive)
}

/// The differences, one on each line.
fn shown(differences: &Differences) -> String {
    differences.iter().map(|difference| format!("{difference}\n")).collect()
}

/// Whether a field was reported, at this index of a list or any.
fn reported(differences: &Differences, field: Field, index: Option<usize>) -> bool {
    differences.iter().any(|difference| {
        difference.kind().field == field
            && index.is_none_or(|index| difference.place().path().contains(&format!("[{index}]")))
    })
}

/// Copies the reported fields from `back`.
fn forgive_job(expected: &mut Job, back: &Job, differences: &Differences) {
    let lost = |index: usize| {
        differences.iter().any(|difference| {
            let kind = difference.kind();
            let whole = match kind.field {
                Field::JobTrigger | Field::JobBegin | Field::JobTriggerType => true,
                Field::JobTriggerSpecific => matches!(kind.reason, Reason::OutOfRange { .. }),
                _ => false,
            };
            whole && difference.place().path().starts_with(&format!("Triggers[{index}]"))
        })
    };
    let mut kept: Vec<_> = expected.triggers.iter().copied().enumerate().filter(|(i, _)| !lost(*i)).collect();
    assert_eq!(kept.len(), back.triggers.len(), "{}", shown(differences));
    for (position, ((index, trigger), back)) in kept.iter_mut().zip(&back.triggers).enumerate() {
        let is_reported = |field| reported(differences, field, Some(*index));
        // An assumption is reported at its location in the definition.
        if is_reported(Field::JobEnd) || reported(differences, Field::EndBoundary, Some(position)) {
            trigger.end = back.end;
        }
        if is_reported(Field::JobEnd) || is_reported(Field::JobTriggerFlags) {
            trigger.flags = back.flags;
        }
        if is_reported(Field::JobMinutesInterval) {
            trigger.minutes_interval = back.minutes_interval;
        }
        if is_reported(Field::JobMinutesInterval) || is_reported(Field::JobMinutesDuration) {
            trigger.minutes_duration = back.minutes_duration;
        }
        if is_reported(Field::JobMinutesInterval) {
            trigger.flags = back.flags;
        }
        if is_reported(Field::JobTriggerSpecific) {
            trigger.schedule = back.schedule;
        }
    }
    expected.triggers = kept.into_iter().map(|(_, trigger)| trigger).collect();
    macro_rules! forgive {
        ($($field:ident $($part:ident)+;)*) => {
            $( if reported(differences, Field::$field, None) { $( expected.$part = back.$part.clone(); )+ } )*
        };
    }
    forgive! {
        JobErrorRetryCount error_retry_count;
        JobErrorRetryInterval error_retry_interval;
        JobPriority priority;
        JobMaximumRunTime maximum_run_time;
        JobExitCode exit_code;
        JobStatus status;
        JobFlags flags;
        JobLastRun last_run;
        JobRunningInstances running_instances;
        JobApplicationName application_name;
        JobParameters parameters;
        JobWorkingDirectory working_directory;
        JobAuthor author;
        JobComment comment;
        JobUserData user_data;
        JobReservedData reserved;
    }
    // The status is derived from the triggers.
    if expected.triggers.is_empty() {
        expected.status = HResult::SCHED_S_TASK_NOT_SCHEDULED;
    }
    // The flag for the name is written as required, and so is that of AT jobs recognised by their comment.
    let mut derived = JobFlags::APPLICATION_NAME;
    if reported(differences, Field::Version, None) {
        derived = derived.with(wintask::compat::AT_JOB);
    }
    expected.flags = expected.flags.without(derived).with(JobFlags(back.flags.0 & derived.0));
}

/// Checks that the runs are the same for a century from 1990 on, and from 2300 on.
fn runs_agree(one: &Patterns, other: &Patterns, several: bool, differences: &Differences) {
    let inexact = [
        Field::StartBoundary,
        Field::EndBoundary,
        Field::RepetitionDuration,
        Field::JobMinutesDuration,
        Field::JobMinutesInterval,
        Field::AtJobTime,
    ];
    let bends = differences.iter().any(|difference| {
        let (field, reason) = (difference.kind().field, &difference.kind().reason);
        // Another form has the same meaning, and an assumed end excludes nothing.
        let same = matches!(reason, Reason::Written { .. } | Reason::Assumed(_) | Reason::NothingToRepeat);
        difference.severity() == Severity::Error || inexact.contains(&field) && !same
    });
    if bends {
        return;
    }
    let options = inclusive();
    let [one, other] = [one, other].map(|patterns| Timetable::new(patterns, UtcOffset::UTC, &options));
    let list = |table: &Timetable<UtcOffset, &Patterns>, from: OffsetDateTime| -> Vec<OffsetDateTime> {
        let century = from..from + Duration::days(36_525);
        let runs = table.occurrences(century.clone());
        let mut list: Vec<_> = runs.take(60).map(|run| run.instant()).collect();
        list.extend(table.occurrences(century).rev().take(60).map(|run| run.instant()));
        list
    };
    for from in [datetime!(1990-01-01 00:00 UTC), datetime!(2300-01-01 00:00 UTC)] {
        assert_eq!(list(&one, from), list(&other, from), "{}", shown(differences));
        // The runs of a single trigger are counted in closed form, those of several one by one: month by month, until
        // there are thousands.
        let (spans, days) = if several { (1_200, 30) } else { (1, 36_525) };
        let mut counted = 0;
        for number in 0..spans {
            let begin = from + Duration::days(number * days);
            let span = begin..begin + Duration::days(days);
            let count = one.count(span.clone());
            assert_eq!(count, other.count(span), "{}", shown(differences));
            counted += count;
            if several && counted > 2_000 {
                break;
            }
        }
    }
}

/// A valid definition.
pub(crate) fn task_holds(task: &Task) {
    let obstacles = v1_obstacles(task);
    let converted = task_to_job(task, &ToJob::default());
    let converted = match converted {
        Err(error) => {
            assert_eq!(error.hresult(), HResult::SCHED_E_TASK_NOT_V1_COMPAT);
            assert!(!obstacles.is_empty());
            assert_eq!(error.obstacles, obstacles);
            for obstacle in &obstacles {
                assert!(error.to_string().contains(&obstacle.message()), "{error} lacks {obstacle}");
            }
            return;
        }
        Ok(converted) => converted,
    };
    assert!(obstacles.is_empty());
    let (job, differences) = (&converted.value, &converted.differences);
    let bytes = job.to_bytes().expect("a job that was converted can be written");
    assert_eq!(Job::parse(&bytes).as_ref(), Ok(job));
    if differences.omitted() > 0 {
        return;
    }
    let back = job_to_task(job, &ToTask::default().with_account(Account::of_task(task)));
    // Nothing is lost on the way back, except that a task without an end is never deleted.
    let added = |difference: &wintask::finding::Finding<wintask::compat::Difference>| {
        let (field, reason) = (difference.kind().field, &difference.kind().reason);
        matches!(reason, Reason::AccountUnknown | Reason::NeverDone)
            || matches!(reason, Reason::NeverFires) && field == Field::JobEnd
            || field == Field::EndBoundary && matches!(reason, Reason::Assumed(_))
    };
    assert!(back.differences.iter().all(added), "{}", shown(&back.differences));
    let mut all = differences.clone();
    for difference in &back.differences {
        all.push(difference.clone());
    }
    if all.omitted() > 0 {
        return;
    }
    let [expected, actual] = [task, &back.value].map(|task| meaning(task, &all));
    assert_eq!(actual, expected, "{}", shown(&all));
    let several = task.triggers.len() > 1;
    runs_agree(&Patterns::of_task(task, &inclusive()), &Patterns::of_job(job, &inclusive()), several, &all);
}

/// The task with its defaults stated, without the reported fields.
fn meaning(task: &Task, differences: &Differences) -> Task {
    let is_reported = |field| reported(differences, field, None);
    let mut task = task.clone();
    task.version = None;
    let info = &mut task.registration_info;
    macro_rules! forgive {
        ($($field:ident $part:expr;)*) => { $( if is_reported(Field::$field) { $part = Default::default(); } )* };
    }
    let (idle, settings) =
        (task.settings.effective_idle(Profile::Windows), task.settings.effective(Profile::Windows));
    let waits = settings.run_only_if_idle.value || task.triggers.iter().any(|t| t.kind == TriggerKind::Idle);
    let stated = &mut task.settings;
    let or = |stated: Option<XsDuration>, default: u32| {
        stated.and_then(|d| d.to_seconds()).unwrap_or(default.into())
    };
    // Without IdleSettings the idle times have no effect, or are assumed.
    let given = stated.idle_settings.clone().filter(|_| waits).unwrap_or_default();
    let seconds = |seconds: u64| XsDuration::from_seconds(seconds.try_into().unwrap_or(u32::MAX));
    let mut idle_settings = IdleSettings {
        duration: Some(seconds(or(given.duration, 600))),
        wait_timeout: Some(seconds(or(given.wait_timeout, 3600))),
        stop_on_idle_end: Some(idle.stop_on_idle_end.value),
        restart_on_idle: Some(idle.restart_on_idle.value),
        ..IdleSettings::default()
    };
    forgive! {
        Uri info.uri;
        SecurityDescriptor info.security_descriptor;
        Source info.source;
        Date info.date;
        OwnVersion info.version;
        Documentation info.documentation;
        NetworkProfileName stated.network_profile_name;
        Data task.data;
        IdleDuration idle_settings.duration;
        IdleWaitTimeout idle_settings.wait_timeout;
    }
    stated.idle_settings = Some(idle_settings);
    stated.disallow_start_if_on_batteries = Some(settings.disallow_start_if_on_batteries.value);
    stated.stop_if_going_on_batteries = Some(settings.stop_if_going_on_batteries.value);
    stated.run_only_if_network_available = Some(settings.run_only_if_network_available.value);
    stated.wake_to_run = Some(settings.wake_to_run.value);
    stated.enabled = Some(settings.enabled.value);
    stated.hidden = Some(settings.hidden.value);
    stated.run_only_if_idle = Some(settings.run_only_if_idle.value);
    stated.priority = Some(settings.priority.value);
    let limit = settings
        .execution_time_limit
        .value
        .map_or((0, 0), |l| (l.to_seconds().unwrap_or(0), l.subsec_nanos()));
    stated.execution_time_limit = Some(format!("PT{}.{:09}S", limit.0, limit.1).parse().expect("a duration"));
    // Version 1 supports a single value for each of these.
    stated.allow_start_on_demand = stated.allow_start_on_demand.filter(|value| !value);
    stated.allow_hard_terminate = stated.allow_hard_terminate.filter(|value| !value);
    stated.start_when_available = stated.start_when_available.filter(|value| *value);
    stated.use_unified_scheduling_engine = stated.use_unified_scheduling_engine.filter(|value| *value);
    stated.disallow_start_on_remote_app_session =
        stated.disallow_start_on_remote_app_session.filter(|value| *value);
    stated.volatile = stated.volatile.filter(|value| *value);
    stated.multiple_instances_policy = Some(MultipleInstancesPolicy::IgnoreNew);
    if let Some(after) = &mut stated.delete_expired_task_after {
        *after = XsDuration::from_seconds(after.to_seconds().unwrap_or(0).try_into().unwrap_or(u32::MAX));
    }
    if is_reported(Field::ExecutionTimeLimit) {
        stated.execution_time_limit = None;
    }
    if is_reported(Field::Priority) {
        stated.priority = None;
    }
    if is_reported(Field::DeleteExpiredTaskAfter) || is_reported(Field::JobFlags) {
        stated.delete_expired_task_after = None;
    }
    stated.extra = Default::default();
    // The principal; an absent one is the default.
    let mut principal = task.run_as().or(task.principals.first()).cloned().unwrap_or_default();
    if Account::of_task(&task) == Account::LocalSystem {
        principal.user_id = Some("S-1-5-18".into());
    }
    let service =
        principal.sid().is_some_and(|sid| ["S-1-5-18", "S-1-5-19", "S-1-5-20"].contains(&&*sid.to_string()));
    let logon = principal.logon_type.unwrap_or(LogonType::InteractiveToken);
    let logon_type = (!service && !is_reported(Field::LogonType)).then_some(logon);
    task.principals = vec![Principal { user_id: principal.user_id, logon_type, ..Principal::default() }];
    task.actions.context = None;
    for action in &mut task.actions.list {
        if let Action::Exec(exec) = action {
            exec.id = exec.id.take().filter(|_| !is_reported(Field::ActionId));
            exec.hide_app_window = exec.hide_app_window.filter(|hides| *hides);
        }
    }
    task.triggers = task.triggers.iter().flat_map(|trigger| triggers(trigger, differences)).collect();
    task
}

/// A trigger with its defaults stated, split by week, without the reported fields of any trigger.
fn triggers(
    trigger: &wintask::definition::Trigger,
    differences: &Differences,
) -> Vec<wintask::definition::Trigger> {
    let is_reported = |field| reported(differences, field, None);
    let mut trigger = trigger.clone();
    trigger.id = trigger.id.filter(|_| !is_reported(Field::TriggerId));
    trigger.enabled = Some(trigger.enabled != Some(false) || is_reported(Field::JobEnd));
    if is_reported(Field::TriggerTimeLimit) {
        trigger.execution_time_limit = None;
    }
    if is_reported(Field::StartBoundary) {
        trigger.start_boundary = None;
    }
    let always = "1601-01-01T00:00:00";
    trigger.start_boundary =
        trigger.start_boundary.filter(|start| trigger.kind.is_timed() || start.as_str() != always);
    if is_reported(Field::EndBoundary) || is_reported(Field::JobEnd) {
        trigger.end_boundary = None;
    }
    for boundary in [&mut trigger.start_boundary, &mut trigger.end_boundary] {
        *boundary = boundary.as_ref().and_then(Boundary::civil).map(Boundary::local);
    }
    if let Some(repetition) = &mut trigger.repetition {
        repetition.interval = whole(&repetition.interval);
        repetition.duration =
            repetition.duration.as_ref().map(whole).filter(|_| !is_reported(Field::RepetitionDuration));
        repetition.stop_at_duration_end = Some(repetition.stop_at_duration_end == Some(true));
    }
    match &mut trigger.kind {
        TriggerKind::Boot { delay } | TriggerKind::Logon { delay, .. } => *delay = None,
        TriggerKind::Time { random_delay } | TriggerKind::Calendar { random_delay, .. } => {
            *random_delay = None
        }
        _ => {}
    }
    let base = trigger.clone();
    let TriggerKind::Calendar { schedule, .. } = &mut trigger.kind else { return vec![trigger] };
    match schedule {
        Schedule::Day { days_interval, .. } => *days_interval = Some(days_interval.unwrap_or(1)),
        Schedule::Week { weeks_interval, .. } => *weeks_interval = Some(weeks_interval.unwrap_or(1)),
        Schedule::Month { months, .. } => *months = Some(months.unwrap_or(Months::ALL)),
        Schedule::MonthDayOfWeek { weeks, days_of_week, months, .. } => {
            let months = months.unwrap_or(Months::ALL);
            let each = weeks.names().filter_map(wintask::definition::Weeks::from_name);
            let of = |week| Schedule::monthly_day_of_week(week, *days_of_week, months);
            let kinds = each.map(|week| TriggerKind::Calendar { random_delay: None, schedule: of(week) });
            return kinds.map(|kind| wintask::definition::Trigger { kind, ..base.clone() }).collect();
        }
        _ => {}
    }
    vec![trigger]
}

/// An AT job that was added at a time.
pub(crate) fn at_holds(at: &AtInfo, added: PrimitiveDateTime) {
    let options = FromAt::new(added);
    let Ok(converted) = at_to_job(at, &options) else { return };
    let (job, differences) = (&converted.value, &converted.differences);
    let bytes = job.to_bytes().expect("a job that was converted can be written");
    assert_eq!(Job::parse(&bytes).as_ref(), Ok(job));
    let several = job.triggers.len() > 1;
    runs_agree(
        &Patterns::of_at(at, added, &inclusive()),
        &Patterns::of_job(job, &inclusive()),
        several,
        differences,
    );

    let back = job_to_at(job, &options).unwrap_or_else(|error| panic!("{error}\n{at:?}")).value;
    let mut expected = at.clone();
    for difference in differences {
        match difference.kind().field {
            Field::AtJobTime => expected.job_time = back.job_time,
            Field::AtDaysOfMonth | Field::AtDaysOfWeek => {
                (expected.days_of_month, expected.days_of_week) = (back.days_of_month, back.days_of_week);
            }
            Field::AtFlags => {
                expected.flags = back.flags;
                (expected.days_of_month, expected.days_of_week) = (back.days_of_month, back.days_of_week);
            }
            Field::AtCommand => expected.command.clone_from(&back.command),
            _ => {}
        }
    }
    assert_eq!(back, expected, "{}", shown(differences));
    assert_eq!(&at_to_job(&back, &options).expect("what was converted is valid").value, job);

    let task = at_to_task(at, &options).expect("what is a job is a task");
    runs_agree(
        &Patterns::of_job(job, &inclusive()),
        &Patterns::of_task(&task.value, &inclusive()),
        several,
        &task.differences,
    );
    if !reported(&task.differences, Field::JobParameters, None)
        && !reported(&task.differences, Field::JobApplicationName, None)
    {
        let again = task_to_at(&task.value, &options).unwrap_or_else(|error| panic!("{error}\n{at:?}")).value;
        // Whether it is interactive is not part of a definition.
        let flags = back.flags.with(AtFlags::NONINTERACTIVE);
        assert_eq!(again, AtInfo { flags, ..back });
    }
}

/// The same whole seconds in the usual form.
fn whole(duration: &XsDuration) -> XsDuration {
    XsDuration::from_seconds(duration.to_seconds().unwrap_or(0).try_into().unwrap_or(u32::MAX))
}
