//! Converts an item without a definition to a .JOB file, whose fields its attributes are.

use super::{
    context::{Context, Part},
    converted::Losses,
    item::{Item, Trigger},
    loss::LossKind,
    placeholder::placeholders,
    table::{Field, Owner},
    value::{TriggerType, Value},
};
use crate::{
    Profile,
    job::{
        self, DaysOfMonth, DaysOfWeek, Job, JobDate, JobFlags, MaxRunTime, Months, Schedule, TriggerFlags,
        WhichWeek,
    },
    time::Ticks,
};
use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// The flags that attributes correspond to.
const FLAGS: &[(Field, JobFlags)] = &[
    (Field::StartOnlyIfIdle, JobFlags::START_ONLY_IF_IDLE),
    (Field::StopOnIdleEnd, JobFlags::KILL_ON_IDLE_END),
    (Field::NoStartIfOnBatteries, JobFlags::DONT_START_IF_ON_BATTERIES),
    (Field::StopIfGoingOnBatteries, JobFlags::KILL_IF_GOING_ON_BATTERIES),
];

/// Creates the file; without a command, the application name is empty.
pub(super) fn of_item(item: &Item<'_>, context: &Context<'_>, losses: &mut Losses) -> Job {
    let command = item.text(Field::AppName).unwrap_or_default();
    let mut job = Job::new(context.uuid, losses.expanded(&command, Field::AppName, context).as_str());
    let mut text = |field: Field| item.text(field).map(|text| losses.expanded(&text, field, context));
    job.parameters = text(Field::Args).map(|text| text.as_str().into());
    job.working_directory = text(Field::StartIn).map(|text| text.as_str().into());
    job.comment = text(Field::Comment).map(|text| text.as_str().into());
    for (_, flag) in FLAGS.iter().filter(|(field, _)| item.flag(*field)) {
        job.flags = job.flags | *flag;
    }
    if !item.flag(Field::Enabled) {
        job.flags = job.flags | JobFlags::DISABLED;
    }
    // The logged-on user's task "is run only if the user is logged on"; a task with a stated account always runs.
    if is_of_user(item, context) {
        job.flags = job.flags | JobFlags::RUN_ONLY_IF_LOGGED_ON;
    }
    disputed(item, context, losses, &mut job);
    if item.kind().is_immediate() {
        match context.now {
            Some(now) => job = job.with_trigger(once(now)),
            None => losses.add(None, "Triggers", LossKind::Immediate),
        }
    }
    for (index, trigger) in item.triggers().enumerate() {
        let path = format!("Triggers/Trigger[{}]", index + 1);
        if item.kind().is_immediate() {
            losses.add(None, path, LossKind::NoCounterpart);
            continue;
        }
        let mut made = TriggerMaker { trigger, path: path.clone(), context, losses };
        match made.trigger(&mut job) {
            Some(trigger) => job = job.with_trigger(trigger),
            None => losses.add(None, path, LossKind::Trigger),
        }
    }
    job
}

/// Whether the task runs as the logged-on user: by default in a user policy, or through the variable for that user.
fn is_of_user(item: &Item<'_>, context: &Context<'_>) -> bool {
    match item.run_as() {
        Some(account) => placeholders(&account).any(|(_, placeholder)| placeholder.name == "LogonUser"),
        None => context.part == Part::User,
    }
}

/// Resolves the attributes with two readings (EVIDENCE.md GPP-05 to GPP-08).
fn disputed(item: &Item<'_>, context: &Context<'_>, losses: &mut Losses, job: &mut Job) {
    let number = |field: Field| item.value(field).and_then(|value| value.as_number());
    let stated = |field: Field| item.value(field).and_then(|value| value.as_flag());
    let minutes = |losses: &mut Losses, field: Field, value: u32| {
        let fits = u16::try_from(value);
        fits.inspect_err(|_| losses.field(field, LossKind::Invalid(value.to_string()))).ok()
    };
    let windows = context.profile == Profile::Windows;
    let delete = stated(Field::DeleteWhenDone);
    if delete.is_some_and(|delete| delete == windows) {
        job.flags = job.flags | JobFlags::DELETE_WHEN_DONE;
    }
    if let Some(time) = number(Field::MaxRunTime) {
        let milliseconds = if windows { Some(time) } else { time.checked_mul(1000) };
        match milliseconds {
            Some(milliseconds) => job.maximum_run_time = MaxRunTime(milliseconds),
            None => losses.field(Field::MaxRunTime, LossKind::Invalid(time.to_string())),
        }
    }
    for (field, value) in [Field::IdleMinutes, Field::DeadlineMinutes].map(|f| (f, number(f))) {
        let Some(value) = value else { continue };
        if !windows {
            losses.field(field, LossKind::NoCounterpart);
        } else if let Some(value) = minutes(losses, field, value) {
            let target =
                if field == Field::IdleMinutes { &mut job.idle_wait } else { &mut job.idle_deadline };
            *target = value;
        }
    }
    if stated(Field::SystemRequired) == Some(true) {
        if windows {
            job.flags = job.flags | JobFlags::SYSTEM_REQUIRED;
        } else {
            losses.field(Field::SystemRequired, LossKind::NoCounterpart);
        }
    }
    for field in [Field::DeleteWhenDone, Field::MaxRunTime] {
        let row = field.row();
        if item.value(field).is_some()
            && let Some(text) = row.text
        {
            losses.field(field, LossKind::Read(if windows { row.meaning } else { text }));
        }
    }
}

/// A trigger that starts once.
fn once(at: PrimitiveDateTime) -> job::Trigger {
    let (hour, minute, _) = at.time().as_hms();
    job::Trigger::new(Schedule::Once, date_of(at.date()), hour.into(), minute.into())
}

fn date_of(date: Date) -> JobDate {
    let (year, month, day) = date.to_calendar_date();
    JobDate::new(u16::try_from(year).unwrap_or_default(), u8::from(month).into(), day.into())
}

struct TriggerMaker<'a, 'c, 'l> {
    trigger: Trigger<'a>,
    path: String,
    context: &'c Context<'c>,
    losses: &'l mut Losses,
}

impl TriggerMaker<'_, '_, '_> {
    fn loss(&mut self, field: Field, kind: LossKind) {
        self.losses.add(Some(field), format!("{}@{field}", self.path), kind);
    }

    /// A 16-bit number.
    fn word(&mut self, field: Field) -> Option<u16> {
        let number = self.trigger.number(field)?;
        u16::try_from(number).inspect_err(|_| self.loss(field, LossKind::Invalid(number.to_string()))).ok()
    }

    fn is_windows(&self) -> bool {
        self.context.profile == Profile::Windows
    }

    fn trigger(&mut self, job: &mut Job) -> Option<job::Trigger> {
        let kind = self.trigger.trigger_type()?;
        let schedule = self.schedule(kind, job)?;
        let (begin, hour, minute) = self.begin(schedule.is_timed());
        let mut made = job::Trigger::new(schedule, begin, hour, minute);
        made.end = self.end();
        self.repetition(&mut made);
        for attribute in self.trigger.element().attributes() {
            let field = Field::find(Owner::Trigger, attribute.name());
            if let Some(field) = field.filter(|field| !self.trigger.applies(*field)) {
                self.loss(field, LossKind::NoCounterpart);
            }
        }
        Some(made)
    }

    fn schedule(&mut self, kind: TriggerType, job: &mut Job) -> Option<Schedule> {
        Some(match kind {
            TriggerType::Idle => {
                // A .JOB file has a single idle time for all triggers.
                if self.trigger.value(Field::IdleMinute).is_some()
                    && let Some(minutes) = self.word(Field::IdleMinute)
                {
                    job.idle_wait = minutes;
                }
                Schedule::OnIdle
            }
            TriggerType::Once => Schedule::Once,
            TriggerType::Startup => Schedule::AtSystemStart,
            TriggerType::Logon => Schedule::AtLogon,
            TriggerType::Daily => Schedule::Daily { days_interval: self.some(Field::Interval)? },
            TriggerType::Weekly => Schedule::Weekly {
                weeks_interval: self.some(Field::Interval)?,
                days_of_week: DaysOfWeek(self.days_of_week()?),
            },
            TriggerType::Monthly => {
                let months = Months(self.some(Field::Months)?);
                if self.trigger.value(Field::Months).is_none() {
                    self.loss(Field::Months, LossKind::Assumed("every month".to_owned()));
                }
                match self.trigger.value(Field::Week) {
                    Some(Value::Week(week)) => Schedule::MonthlyDayOfWeek {
                        which_week: WhichWeek(week.number()),
                        days_of_week: DaysOfWeek(self.days_of_week()?),
                        months,
                    },
                    _ => Schedule::MonthlyDate { days: self.days_of_month()?, months },
                }
            }
        })
    }

    fn days_of_week(&mut self) -> Option<u16> {
        const ALL: u16 = 0x7F;
        let days = self.some(Field::Days)?;
        if days & !ALL != 0 {
            self.loss(Field::Days, LossKind::Invalid(days.to_string()));
        }
        Some(days & ALL)
    }

    /// The day of the month, whose encoding is not documented (EVIDENCE.md GPP-11).
    fn days_of_month(&mut self) -> Option<DaysOfMonth> {
        let number = self.trigger.number(Field::Days)?;
        match u8::try_from(number) {
            Ok(day @ 1..=31) => {
                self.loss(Field::Days, LossKind::Assumed(format!("day {day} of the month")));
                Some(DaysOfMonth::from_days([day]))
            }
            _ => {
                self.loss(Field::Days, LossKind::Invalid(number.to_string()));
                None
            }
        }
    }

    /// The first day and the start time. A trigger that is not time-based also has a first day.
    fn begin(&mut self, timed: bool) -> (JobDate, u16, u16) {
        const FIELDS: [Field; 3] = [Field::BeginYear, Field::BeginMonth, Field::BeginDay];
        let stated = match FIELDS.map(|field| self.trigger.number(field)) {
            [Some(year), Some(month), Some(day)] => {
                let word = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
                self.date(JobDate::new(word(year), word(month), word(day)), FIELDS)
            }
            _ => None,
        };
        let begin = match stated {
            Some(stated) => stated,
            None => {
                let fallback = Date::from_calendar_date(2000, Month::January, 1).unwrap_or(Date::MIN);
                let date = date_of(self.context.now.map_or(fallback, PrimitiveDateTime::date));
                if timed {
                    self.loss(Field::BeginYear, LossKind::Assumed(date_text(date)));
                }
                date
            }
        };
        let hour = self.trigger.number(Field::StartHour).unwrap_or_default();
        let minute = self.trigger.number(Field::StartMinutes).unwrap_or_default();
        let (hour, minute) =
            (u8::try_from(hour).unwrap_or_default(), u8::try_from(minute).unwrap_or_default());
        if !timed {
            return (begin, 0, 0);
        }
        let row = Field::StartHour.row();
        if self.is_windows() {
            self.loss(Field::StartHour, LossKind::Read(row.meaning));
            return (begin, hour.into(), minute.into());
        }
        self.loss(Field::StartHour, LossKind::Read(row.text.unwrap_or_default()));
        let local = begin.to_date().and_then(|date| self.local(date, hour, minute));
        match local {
            Some(local) => {
                let (hour, minute, _) = local.time().as_hms();
                (date_of(local.date()), hour.into(), minute.into())
            }
            None => {
                self.loss(Field::StartHour, LossKind::Assumed("the zone of the computer is UTC".to_owned()));
                (begin, hour.into(), minute.into())
            }
        }
    }

    /// A date, if it exists. If not, each part is reported, since any of them may be wrong.
    fn date(&mut self, date: JobDate, fields: [Field; 3]) -> Option<JobDate> {
        if date.to_date().is_none() {
            for (field, value) in fields.into_iter().zip([date.year, date.month, date.day]) {
                self.loss(field, LossKind::Invalid(value.to_string()));
            }
            return None;
        }
        Some(date)
    }

    /// A 16-bit number other than zero; otherwise the default.
    fn some(&mut self, field: Field) -> Option<u16> {
        let number = self.word(field)?;
        if number > 0 {
            return Some(number);
        }
        self.loss(field, LossKind::Invalid("0".to_owned()));
        field.default()?.as_number()?.try_into().ok()
    }

    /// Converts a UTC time to local time.
    fn local(&self, date: Date, hour: u8, minute: u8) -> Option<PrimitiveDateTime> {
        let zone = self.context.zone?;
        let instant = PrimitiveDateTime::new(date, Time::from_hms(hour, minute, 0).ok()?).assume_utc();
        let offset: UtcOffset = zone.period_at(Ticks::from_instant(instant)).offset;
        let local = instant.checked_to_offset(offset)?;
        Some(PrimitiveDateTime::new(local.date(), local.time()))
    }

    fn end(&mut self) -> Option<JobDate> {
        if !self.trigger.flag(Field::HasEndDate) || !self.trigger.applies(Field::HasEndDate) {
            return None;
        }
        if !self.is_windows() {
            // According to the specification there is no year.
            self.loss(Field::EndYear, LossKind::NoCounterpart);
            return None;
        }
        let mut word = |field: Field| match self.trigger.value(field) {
            Some(_) => self.word(field),
            None => {
                self.loss(field, LossKind::Missing);
                None
            }
        };
        let end = JobDate::new(word(Field::EndYear)?, word(Field::EndMonth)?, word(Field::EndDay)?);
        self.date(end, [Field::EndYear, Field::EndMonth, Field::EndDay])
    }

    fn repetition(&mut self, made: &mut job::Trigger) {
        if !self.trigger.applies(Field::RepeatTask) {
            return;
        }
        let stated = self.trigger.value(Field::RepeatTask).and_then(|value| value.as_flag());
        let repeats = match (stated, self.is_windows()) {
            (Some(flag), windows) => flag == windows,
            (None, _) => self.trigger.value(Field::MinutesInterval).is_some(),
        };
        if repeats {
            made.minutes_interval = self.trigger.number(Field::MinutesInterval).unwrap_or_default();
            made.minutes_duration = self.trigger.number(Field::MinutesDuration).unwrap_or_default();
        }
        if self.trigger.flag(Field::KillAtDurationEnd) {
            made.flags = made.flags | TriggerFlags::KILL_AT_DURATION_END;
        }
    }
}

fn date_text(date: JobDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
