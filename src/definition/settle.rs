//! Definitions for fuzzers and property tests: random values of the right types, most of which are then made valid.
//!
//! Three of four tasks are made valid according to [MS-TSCH] 2.5 and 3.2.5.4.2. Most of the others are valid except
//! for a few mistakes, and some are left unchanged.

use super::{
    Action, Actions, Data, DaysOfMonth, DaysOfWeek, EventTrigger, Exec, Extra, Months, NamedValue, Principal,
    RegistrationInfo, Repetition, Schedule, SchemaVersion, SendEmail, SessionStateChangeTrigger, Settings,
    Task, Trigger, TriggerKind, UnknownElement, Weeks,
};
use crate::{markup, time::XsDuration};
use ::arbitrary::{Arbitrary, Result, Unstructured};

impl<'a> Arbitrary<'a> for Task {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut task = Self {
            version: None,
            registration_info: bytes.arbitrary()?,
            triggers: bytes.arbitrary()?,
            settings: bytes.arbitrary()?,
            data: bytes.arbitrary()?,
            principals: bytes.arbitrary()?,
            actions: bytes.arbitrary()?,
            extra: bytes.arbitrary()?,
        };
        // Unknown actions are in the list, where they have a position.
        task.actions.extra.elements.clear();
        if let Some(mut settler) = Settler::new(bytes)? {
            settler.task(&mut task)?;
        } else {
            task.version = bytes.arbitrary()?;
        }
        Ok(task)
    }
}

impl<'a> Arbitrary<'a> for Trigger {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let mut trigger = Self {
            id: bytes.arbitrary()?,
            kind: bytes.arbitrary()?,
            enabled: bytes.arbitrary()?,
            start_boundary: bytes.arbitrary()?,
            end_boundary: bytes.arbitrary()?,
            repetition: bytes.arbitrary()?,
            execution_time_limit: bytes.arbitrary()?,
            extra: bytes.arbitrary()?,
        };
        if let Some(mut settler) = Settler::new(bytes)? {
            settler.trigger(&mut trigger)?;
        }
        Ok(trigger)
    }
}

impl<'a> Arbitrary<'a> for UnknownElement {
    /// Content that is never valid, at some position or at the end.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let content: String = bytes.arbitrary()?;
        let xml = match bytes.int_in_range(0..=3u8)? {
            0 => "<Unknown/>".to_owned(),
            1 => "<a:b xmlns:a='c'>text</a:b>".to_owned(),
            2 => "stray text".to_owned(),
            _ => format!("<Unknown>{content}</Unknown>"),
        };
        Ok(Self { xml, ..Self::default() })
    }
}

impl<'a> Arbitrary<'a> for Data {
    /// Text, an element, or a superfluous end tag.
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let content: String = bytes.arbitrary()?;
        let text = Self::from_text(&content);
        Ok(match bytes.int_in_range(0..=7u8)? {
            0 => Self { xml: format!("<a b=\"c\">{}</a>", text.xml) },
            7 => Self { xml: format!("{}</a>", text.xml) },
            _ => text,
        })
    }
}

const MINUTE: u32 = 60;
const DAY: u32 = 24 * 60 * MINUTE;

/// Starts of texts: characters that a writer must escape, that a reader may mistake for white space, and names.
const TEXTS: [&str; 12] = [
    "x",
    "backup.exe",
    r"C:\Windows\System32\cmd.exe",
    "$(Arg0)",
    " a  b ",
    "<&>\"'",
    "]]>",
    "\u{e9}\u{4e2d}",
    "\u{10ffff}",
    "line\nline\ttab",
    "\r\n",
    "%windir%",
];

const ACCOUNTS: [&str; 6] =
    ["S-1-5-18", r"NT AUTHORITY\SYSTEM", "LOCAL SERVICE", "S-1-5-20", r"CONTOSO\alice", "bob@contoso.com"];

const PRIVILEGES: [&str; 3] = ["SeBackupPrivilege", "SeRestorePrivilege", "SeDebugPrivilege"];

const SUBSCRIPTIONS: [&str; 4] = [
    "*",
    "*[System[EventID=1]]",
    r#"<QueryList><Query Id="0" Path="System"><Select Path="System">*[System[(Level=1 or Level=2)]]</Select></Query></QueryList>"#,
    r#"<QueryList><Query><Select Path="Security">*[EventData[Data[@Name="Id"]="1"]]</Select></Query></QueryList>"#,
];

const VALUE_QUERIES: [&str; 2] = ["Event/System/EventID", r#"Event/EventData/Data[@Name="Id"]"#];

/// Makes values valid.
struct Settler<'b, 'a> {
    bytes: &'b mut Unstructured<'a>,
    /// Whether some values are left unchanged.
    careless: bool,
    /// The number of identifiers assigned so far.
    ids: u32,
}

impl<'b, 'a> Settler<'b, 'a> {
    /// Creates a settler for a value, unless the value is to be left unchanged. Without bytes, values are settled.
    fn new(bytes: &'b mut Unstructured<'a>) -> Result<Option<Self>> {
        if !bytes.ratio(15, 16u8)? {
            return Ok(None);
        }
        let careless = !bytes.ratio(4, 5u8)?;
        Ok(Some(Self { bytes, careless, ids: 0 }))
    }

    /// Whether to settle the next value.
    fn settles(&mut self) -> Result<bool> {
        if self.careless { self.bytes.ratio(31, 32u8) } else { Ok(true) }
    }

    /// Replaces an invalid value.
    fn require<T>(
        &mut self,
        value: &mut T,
        is_wrong: impl Fn(&T) -> bool,
        right: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<()> {
        if is_wrong(value) && self.settles()? {
            *value = right(self)?;
        }
        Ok(())
    }

    fn absent<T>(&mut self, value: &mut Option<T>) -> Result<()> {
        self.require(value, Option::is_some, |_| Ok(None))
    }

    fn one_of(&mut self, texts: &[&str]) -> Result<String> {
        self.bytes.choose(texts).map(|text| (*text).to_owned())
    }

    /// Text of characters that XML allows.
    fn text(&mut self, text: &mut String) -> Result<()> {
        if self.settles()? {
            let rest = text.chars().filter(|c| markup::is_xml_char(*c));
            let rest: String = rest.collect();
            *text = if self.bytes.ratio(1, 8u8)? { rest } else { self.one_of(&TEXTS)? + &rest };
        }
        Ok(())
    }

    fn texts<const N: usize>(&mut self, texts: [&mut Option<String>; N]) -> Result<()> {
        texts.into_iter().flatten().try_for_each(|text| self.text(text))
    }

    /// Text of 1 to 260 characters.
    fn some_text(&mut self, text: &mut String) -> Result<()> {
        self.text(text)?;
        let is_wrong = |text: &String| text.is_empty() || text.encode_utf16().count() > 260;
        self.require(text, is_wrong, |this| this.one_of(&TEXTS))
    }

    fn some_texts<const N: usize>(&mut self, texts: [&mut Option<String>; N]) -> Result<()> {
        texts.into_iter().flatten().try_for_each(|text| self.some_text(text))
    }

    /// A unique identifier.
    fn id(&mut self, id: &mut Option<String>) -> Result<()> {
        self.ids += 1;
        let ids = self.ids;
        self.require(id, Option::is_some, |_| Ok(Some(format!("Id{ids}"))))
    }

    fn account(&mut self, account: &mut Option<String>) -> Result<()> {
        self.require(account, Option::is_some, |this| this.one_of(&ACCOUNTS).map(Some))
    }

    fn number(&mut self, number: &mut Option<u8>, least: u8, most: u8) -> Result<()> {
        let is_wrong = |number: &Option<u8>| number.is_some_and(|number| !(least..=most).contains(&number));
        self.require(number, is_wrong, |this| this.bytes.int_in_range(least..=most).map(Some))
    }

    /// A duration that fits into 32 bits of seconds.
    fn duration(&mut self, duration: &mut Option<XsDuration>) -> Result<()> {
        match duration {
            Some(duration) => self.bounded(duration, 0, u32::MAX),
            None => Ok(()),
        }
    }

    /// A duration in seconds.
    fn bounded(&mut self, duration: &mut XsDuration, least: u32, most: u32) -> Result<()> {
        let within = |seconds| (u64::from(least)..=u64::from(most)).contains(&seconds);
        let is_wrong = |duration: &XsDuration| !duration.to_seconds().is_some_and(within);
        self.require(duration, is_wrong, |this| {
            let most = most.min(least.saturating_add(31 * DAY));
            this.bytes.int_in_range(least..=most).map(XsDuration::from_seconds)
        })
    }

    fn nothing_else(&mut self, extra: &mut Extra) -> Result<()> {
        self.require(extra, |extra| !extra.is_empty(), |_| Ok(Extra::default()))
    }

    fn data(&mut self, data: &mut Option<Data>) -> Result<()> {
        let Some(data) = data else { return Ok(()) };
        let mut text = data.text().unwrap_or_default();
        self.text(&mut text)?;
        let is_wrong = |data: &Data| data.text().is_none() || data.xml.contains(|c| !markup::is_xml_char(c));
        self.require(data, is_wrong, |_| Ok(Data::from_text(&text)))
    }

    fn task(&mut self, task: &mut Task) -> Result<()> {
        self.nothing_else(&mut task.extra)?;
        self.registration_info(&mut task.registration_info)?;
        self.require(&mut task.triggers, |list| list.len() > Task::MAX_TRIGGERS, |_| Ok(Vec::new()))?;
        task.triggers.iter_mut().try_for_each(|trigger| self.trigger(trigger))?;
        let ends = task.triggers.iter().any(|trigger| trigger.end_boundary.is_some());
        self.settings(&mut task.settings, ends)?;
        self.data(&mut task.data)?;
        if self.settles()? {
            task.principals.truncate(1);
        }
        task.principals.iter_mut().try_for_each(|principal| self.principal(principal))?;
        let context = task.principals.iter().find_map(|principal| principal.id.clone());
        self.require(&mut task.actions.context, Option::is_some, |_| Ok(context))?;
        self.actions(&mut task.actions)?;
        self.version(task)
    }

    /// A version that supports everything in the task.
    fn version(&mut self, task: &mut Task) -> Result<()> {
        if self.bytes.ratio(1, 4u8)? {
            return Ok(());
        }
        let exec = |action: &Action| matches!(action, Action::Exec(Exec { hide_app_window: Some(_), .. }));
        let wnf = |trigger: &Trigger| matches!(trigger.kind, TriggerKind::WnfStateChange(_));
        let settings = &task.settings;
        let v1_3 = settings.use_unified_scheduling_engine.is_some()
            || settings.disallow_start_on_remote_app_session.is_some()
            || task.principals.iter().any(|principal| {
                principal.process_token_sid_type.is_some() || principal.required_privileges.is_some()
            });
        let v1_4 = settings.maintenance_settings.is_some()
            || settings.volatile.is_some()
            || task.triggers.iter().any(wnf);
        let least = match task.actions.list.iter().any(exec) {
            true => 6,
            _ if v1_4 => 4,
            _ if v1_3 => 3,
            _ => 0,
        };
        let least = if self.settles()? { least } else { 0 };
        task.version = Some(SchemaVersion::new(1, self.bytes.int_in_range(least..=6)?));
        Ok(())
    }

    fn registration_info(&mut self, info: &mut RegistrationInfo) -> Result<()> {
        let RegistrationInfo { uri, security_descriptor, source, date: _, author, version, .. } = info;
        self.texts([uri, security_descriptor, source, author, version])?;
        self.texts([&mut info.description, &mut info.documentation])?;
        self.nothing_else(&mut info.extra)
    }

    fn trigger(&mut self, trigger: &mut Trigger) -> Result<()> {
        self.nothing_else(&mut trigger.extra)?;
        self.id(&mut trigger.id)?;
        self.kind(&mut trigger.kind)?;
        if trigger.kind.is_timed() {
            self.require(&mut trigger.start_boundary, Option::is_none, |this| {
                this.bytes.arbitrary().map(Some)
            })?;
        }
        if let (Some(start), Some(end)) = (&mut trigger.start_boundary, &mut trigger.end_boundary)
            && end.is_before(start) == Some(true)
            && self.settles()?
        {
            std::mem::swap(start, end);
        }
        if let Some(repetition) = &mut trigger.repetition {
            self.repetition(repetition)?;
        }
        self.duration(&mut trigger.execution_time_limit)
    }

    fn kind(&mut self, kind: &mut TriggerKind) -> Result<()> {
        self.require(kind, |kind| matches!(kind, TriggerKind::Unknown(_)), |_| Ok(TriggerKind::Idle))?;
        match kind {
            TriggerKind::Boot { delay } | TriggerKind::Registration { delay } => self.duration(delay),
            TriggerKind::Time { random_delay } => self.duration(random_delay),
            TriggerKind::Calendar { random_delay, schedule } => {
                self.duration(random_delay)?;
                self.schedule(schedule)
            }
            TriggerKind::Logon { user_id, delay }
            | TriggerKind::SessionStateChange(SessionStateChangeTrigger { user_id, delay, .. }) => {
                self.account(user_id)?;
                self.duration(delay)
            }
            TriggerKind::Event(event) => self.event(event),
            TriggerKind::WnfStateChange(change) => {
                self.duration(&mut change.delay)?;
                self.require(
                    &mut change.state_name,
                    |_| true,
                    |this| this.bytes.arbitrary().map(|state: u64| format!("{state:016X}")),
                )?;
                self.require(&mut change.data, Option::is_some, |this| {
                    this.bytes.arbitrary().map(|data: u16| Some(format!("{data:04X}")))
                })
            }
            TriggerKind::Idle | TriggerKind::Unknown(_) => Ok(()),
        }
    }

    fn event(&mut self, event: &mut EventTrigger) -> Result<()> {
        self.require(&mut event.subscription, |_| true, |this| this.one_of(&SUBSCRIPTIONS))?;
        self.duration(&mut event.delay)?;
        self.duration(&mut event.period_of_occurrence)?;
        self.number(&mut event.number_of_occurrences, 1, 32)?;
        self.some_texts([&mut event.matching_element])?;
        let is_wrong = |list: &Option<Vec<NamedValue>>| {
            list.as_ref().is_some_and(|list| list.is_empty() || list.len() > 32)
        };
        self.require(&mut event.value_queries, is_wrong, |_| Ok(None))?;
        for query in event.value_queries.iter_mut().flatten() {
            self.some_text(&mut query.name)?;
            self.require(&mut query.value, |_| true, |this| this.one_of(&VALUE_QUERIES))?;
        }
        Ok(())
    }

    fn schedule(&mut self, schedule: &mut Schedule) -> Result<()> {
        match schedule {
            Schedule::Day { days_interval, extra } => {
                self.nothing_else(extra)?;
                let is_wrong = |days: &Option<u16>| days.is_some_and(|days| !(1..=365).contains(&days));
                self.require(days_interval, is_wrong, |this| this.bytes.int_in_range(1..=365).map(Some))
            }
            Schedule::Week { weeks_interval, days_of_week, extra } => {
                self.nothing_else(extra)?;
                self.number(weeks_interval, 1, 52)?;
                self.days_of_week(days_of_week)
            }
            Schedule::Month { days_of_month, months, extra } => {
                self.nothing_else(extra)?;
                self.require(days_of_month, |days| days.is_empty(), |_| Ok(DaysOfMonth::LAST))?;
                self.months(months)
            }
            Schedule::MonthDayOfWeek { weeks, days_of_week, months, extra } => {
                self.nothing_else(extra)?;
                self.require(weeks, |weeks| weeks.names().next().is_none(), |_| Ok(Weeks::LAST))?;
                self.days_of_week(days_of_week)?;
                self.months(months)
            }
        }
    }

    fn days_of_week(&mut self, days: &mut DaysOfWeek) -> Result<()> {
        self.require(days, |days| days.names().next().is_none(), |_| Ok(DaysOfWeek::MONDAY))
    }

    fn months(&mut self, months: &mut Option<Months>) -> Result<()> {
        let is_wrong = |months: &Option<Months>| months.is_some_and(|months| months.names().next().is_none());
        self.require(months, is_wrong, |_| Ok(None))
    }

    fn repetition(&mut self, repetition: &mut Repetition) -> Result<()> {
        self.nothing_else(&mut repetition.extra)?;
        self.bounded(&mut repetition.interval, MINUTE, 31 * DAY)?;
        let Some(duration) = &mut repetition.duration else { return Ok(()) };
        let least = repetition.interval.to_seconds().and_then(|seconds| u32::try_from(seconds).ok());
        self.bounded(duration, least.unwrap_or(MINUTE).saturating_add(1), u32::MAX)
    }

    fn settings(&mut self, settings: &mut Settings, ends: bool) -> Result<()> {
        self.nothing_else(&mut settings.extra)?;
        self.texts([&mut settings.network_profile_name])?;
        self.duration(&mut settings.execution_time_limit)?;
        self.number(&mut settings.priority, 0, 10)?;
        self.duration(&mut settings.delete_expired_task_after)?;
        if !ends {
            self.absent(&mut settings.delete_expired_task_after)?;
        }
        if let Some(restart) = &mut settings.restart_on_failure {
            self.nothing_else(&mut restart.extra)?;
            self.bounded(&mut restart.interval, MINUTE, 31 * DAY)?;
            self.require(&mut restart.count, |count| *count == 0, |_| Ok(1))?;
        }
        if let Some(idle) = &mut settings.idle_settings {
            self.nothing_else(&mut idle.extra)?;
            for duration in [&mut idle.duration, &mut idle.wait_timeout].into_iter().flatten() {
                self.bounded(duration, MINUTE, u32::MAX)?;
            }
        }
        if let Some(network) = &mut settings.network_settings {
            self.nothing_else(&mut network.extra)?;
            self.some_texts([&mut network.name])?;
        }
        if let Some(maintenance) = &mut settings.maintenance_settings {
            self.nothing_else(&mut maintenance.extra)?;
            self.bounded(&mut maintenance.period, DAY, 31 * DAY)?;
            if let Some(deadline) = &mut maintenance.deadline {
                self.bounded(deadline, 31 * DAY + 1, u32::MAX)?;
            }
            let engine = &mut settings.use_unified_scheduling_engine;
            self.require(engine, |engine| *engine != Some(true), |_| Ok(Some(true)))?;
        }
        Ok(())
    }

    fn principal(&mut self, principal: &mut Principal) -> Result<()> {
        self.nothing_else(&mut principal.extra)?;
        self.id(&mut principal.id)?;
        self.account(&mut principal.user_id)?;
        self.account(&mut principal.group_id)?;
        if principal.user_id.is_some() {
            self.absent(&mut principal.group_id)?;
        }
        if principal.group_id.is_some() {
            self.absent(&mut principal.logon_type)?;
        }
        self.texts([&mut principal.display_name])?;
        if !principal.user_id.as_ref().is_some_and(|user| user == "LOCAL SERVICE" || user == "S-1-5-20") {
            self.absent(&mut principal.process_token_sid_type)?;
        }
        let Some(privileges) = &mut principal.required_privileges else { return Ok(()) };
        self.require(
            privileges,
            |_| true,
            |this| {
                let least = this.bytes.choose_index(PRIVILEGES.len())?;
                Ok(PRIVILEGES.iter().skip(least).map(|name| (*name).to_owned()).collect())
            },
        )
    }

    fn actions(&mut self, actions: &mut Actions) -> Result<()> {
        self.nothing_else(&mut actions.extra)?;
        self.require(
            &mut actions.list,
            |list| list.is_empty() || list.len() > 32,
            |_| Ok(vec![Exec::default().into()]),
        )?;
        actions.list.iter_mut().try_for_each(|action| self.action(action))
    }

    fn action(&mut self, action: &mut Action) -> Result<()> {
        let is_wrong = |action: &Action| matches!(action, Action::Unknown(_));
        self.require(action, is_wrong, |_| Ok(Exec::default().into()))?;
        match action {
            Action::Exec(exec) => {
                self.nothing_else(&mut exec.extra)?;
                self.id(&mut exec.id)?;
                self.some_text(&mut exec.command)?;
                self.texts([&mut exec.arguments])?;
                self.some_texts([&mut exec.working_directory])
            }
            Action::ComHandler(handler) => {
                self.nothing_else(&mut handler.extra)?;
                self.id(&mut handler.id)?;
                self.data(&mut handler.data)
            }
            Action::SendEmail(mail) => self.mail(mail),
            Action::ShowMessage(message) => {
                self.nothing_else(&mut message.extra)?;
                self.id(&mut message.id)?;
                self.some_texts([&mut message.title])?;
                self.some_text(&mut message.body)
            }
            Action::Unknown(_) => Ok(()),
        }
    }

    fn mail(&mut self, mail: &mut SendEmail) -> Result<()> {
        self.nothing_else(&mut mail.extra)?;
        self.id(&mut mail.id)?;
        self.some_text(&mut mail.server)?;
        for required in [&mut mail.from, &mut mail.to] {
            self.require(required, Option::is_none, |_| Ok(Some(String::new())))?;
        }
        let SendEmail { subject, to, cc, bcc, reply_to, from, body, .. } = mail;
        self.texts([subject, to, cc, bcc, reply_to, from, body])?;
        if let Some(fields) = &mut mail.header_fields {
            fields.truncate(32);
            for field in fields {
                self.nothing_else(&mut field.extra)?;
                self.some_text(&mut field.name)?;
                self.text(&mut field.value)?;
            }
        }
        if let Some(files) = &mut mail.attachments {
            files.truncate(8);
            files.iter_mut().try_for_each(|file| self.some_text(file))?;
        }
        Ok(())
    }
}
