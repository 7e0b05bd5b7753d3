//! Properties over generated definitions and texts.

use crate::oracles;
use proptest::{collection::vec, option, prelude::*};
use wintask::{
    Profile,
    definition::*,
    time::{Boundary, XsDuration},
    xml::{self, Form, Options},
};

/// Text with everything that needs escaping in it.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        "[ -~]{1,30}",
        "[a-zA-Z0-9 &<>\"'\n\t\réß日\u{1D11E}]{1,20}",
        Just("]]>".to_owned()),
        Just(" x ".to_owned())
    ]
    .boxed()
}

fn path() -> BoxedStrategy<String> {
    "[ -~]{1,60}".boxed()
}

fn duration() -> BoxedStrategy<XsDuration> {
    prop_oneof![
        (60..86400u32 * 31).prop_map(XsDuration::from_seconds),
        (1..59u32).prop_map(|n| format!("PT{n}H{n}M").parse().unwrap()),
        (60..4000u32).prop_map(|n| format!("PT{n}S").parse().unwrap()),
    ]
    .boxed()
}

fn local() -> impl Strategy<Value = (u16, u8, u8, u8, u8)> {
    (1980..2200u16, 1..=12u8, 1..=28u8, 0..24u8, 0..60u8)
}

fn boundary() -> BoxedStrategy<Boundary> {
    (local(), prop_oneof![Just(""), Just("Z"), Just("+09:00"), Just("-03:30"), Just(".1234567")])
        .prop_map(|((y, m, d, h, min), zone)| {
            format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:00{zone}").parse().unwrap()
        })
        .boxed()
}

fn schedule() -> BoxedStrategy<Schedule> {
    let days = || (1..0x80u8).prop_map(DaysOfWeek::from_bits);
    let months = || option::of((1..0x1000u16).prop_map(Months::from_bits));
    let extra = Extra::default;
    prop_oneof![
        option::of(1..=365u16).prop_map(move |days_interval| Schedule::Day { days_interval, extra: extra() }),
        (option::of(1..=52u8), days()).prop_map(move |(weeks_interval, days_of_week)| Schedule::Week {
            weeks_interval,
            days_of_week,
            extra: extra()
        }),
        (1..=u32::MAX, months()).prop_map(move |(days, months)| Schedule::Month {
            days_of_month: DaysOfMonth::from_bits(days),
            months,
            extra: extra()
        }),
        (1..0x20u8, days(), months()).prop_map(move |(weeks, days_of_week, months)| {
            Schedule::MonthDayOfWeek { weeks: Weeks::from_bits(weeks), days_of_week, months, extra: extra() }
        }),
    ]
    .boxed()
}

fn kind() -> BoxedStrategy<TriggerKind> {
    let event = (
        (1..65536u32).prop_map(|id| {
            let select = format!("<Select Path=\"System\">*[System[EventID={id}]]</Select>");
            format!("<QueryList><Query Id=\"0\">{select}</Query></QueryList>")
        }),
        option::of(duration()),
        option::of(1..=32u8),
        option::of(text()),
        option::of(vec((text(), text()), 1..4)),
    )
        .prop_map(|(subscription, delay, number_of_occurrences, matching_element, values)| {
            EventTrigger {
                subscription,
                period_of_occurrence: delay.clone(),
                delay,
                number_of_occurrences,
                matching_element,
                value_queries: values
                    .map(|v| v.into_iter().map(|(name, value)| NamedValue { name, value }).collect()),
            }
        });
    prop_oneof![
        option::of(duration()).prop_map(|delay| TriggerKind::Boot { delay }),
        option::of(duration()).prop_map(|delay| TriggerKind::Registration { delay }),
        Just(TriggerKind::Idle),
        option::of(duration()).prop_map(|random_delay| TriggerKind::Time { random_delay }),
        event.prop_map(TriggerKind::from),
        (option::of(text()), option::of(duration()))
            .prop_map(|(user_id, delay)| TriggerKind::Logon { user_id, delay }),
        (option::of(text()), option::of(duration()), 0..6usize).prop_map(|(user_id, delay, change)| {
            let state_change = SessionStateChange::ALL[change];
            TriggerKind::SessionStateChange(SessionStateChangeTrigger { user_id, delay, state_change })
        }),
        (option::of(duration()), schedule())
            .prop_map(|(random_delay, schedule)| TriggerKind::Calendar { random_delay, schedule }),
        (any::<u64>(), option::of(vec(any::<u8>(), 0..4)), option::of(any::<u32>())).prop_map(
            |(name, data, data_offset)| {
                let data = data.map(|d| d.iter().map(|b| format!("{b:02X}")).collect());
                TriggerKind::from(WnfStateChangeTrigger {
                    delay: None,
                    state_name: format!("{name:016X}"),
                    data,
                    data_offset,
                })
            }
        ),
    ]
    .boxed()
}

fn trigger() -> BoxedStrategy<Trigger> {
    let repetition = (duration(), option::of(duration()), option::of(any::<bool>())).prop_map(
        |(interval, duration, stop)| Repetition {
            // One that is shorter than the interval is rejected.
            duration: duration.filter(|duration| duration.to_seconds() >= interval.to_seconds()),
            stop_at_duration_end: stop,
            ..Repetition::every(interval)
        },
    );
    (
        kind(),
        option::of(any::<bool>()),
        boundary(),
        any::<bool>(),
        option::of(repetition),
        option::of(duration()),
    )
        .prop_map(|(kind, enabled, start, stated, repetition, limit)| {
            let needs_start = kind.is_timed();
            Trigger {
                enabled,
                start_boundary: Some(start).filter(|_| stated || needs_start),
                end_boundary: Some("9000-01-01T00:00:00".parse().unwrap()).filter(|_| stated),
                repetition: repetition.map(Box::new),
                execution_time_limit: limit,
                ..Trigger::new(kind)
            }
        })
        .boxed()
}

fn settings() -> BoxedStrategy<Settings> {
    let flags = proptest::array::uniform16(option::of(any::<bool>()));
    (
        flags,
        option::of(0..=10u8),
        option::of(duration()),
        option::of((duration(), 1..=255u8)),
        0..5usize,
        option::of(text()),
        any::<u128>(),
    )
        .prop_map(|(f, priority, limit, restart, policy, name, id)| Settings {
            allow_start_on_demand: f[0],
            multiple_instances_policy: MultipleInstancesPolicy::ALL.get(policy).copied(),
            disallow_start_if_on_batteries: f[1],
            stop_if_going_on_batteries: f[2],
            allow_hard_terminate: f[3],
            start_when_available: f[4],
            run_only_if_network_available: f[5],
            wake_to_run: f[6],
            enabled: f[7],
            hidden: f[8],
            run_only_if_idle: f[9],
            disallow_start_on_remote_app_session: f[10],
            volatile: f[11],
            use_unified_scheduling_engine: if f[12] == Some(true) { Some(true) } else { f[13] },
            maintenance_settings: f[12].filter(|on| *on).map(|_| {
                Box::new(MaintenanceSettings {
                    deadline: Some("P40D".parse().unwrap()),
                    exclusive: f[14],
                    ..MaintenanceSettings::new("P7D".parse().unwrap())
                })
            }),
            idle_settings: f[15].map(|on| IdleSettings {
                duration: limit.clone().filter(|_| on),
                wait_timeout: limit.clone(),
                stop_on_idle_end: f[14],
                restart_on_idle: f[13],
                ..IdleSettings::default()
            }),
            network_settings: name.clone().map(|name| {
                Box::new(NetworkSettings {
                    name: Some(name),
                    id: Some(uuid::Uuid::from_u128(id)),
                    ..NetworkSettings::default()
                })
            }),
            network_profile_name: name,
            restart_on_failure: restart
                .map(|(interval, count)| RestartOnFailure::new(interval, count).into()),
            execution_time_limit: limit,
            priority,
            ..Settings::default()
        })
        .boxed()
}

fn action() -> BoxedStrategy<Action> {
    let data = prop_oneof![
        text().prop_map(|t| Data::from_text(&t)),
        Just(Data { xml: "<a b=\"1\"><![CDATA[x]]>&amp;</a>".into() })
    ];
    prop_oneof![
        (path(), option::of(text()), option::of(path())).prop_map(
            |(command, arguments, working_directory)| {
                Exec { arguments, working_directory, ..Exec::new(command) }.into()
            }
        ),
        (any::<u128>(), option::of(data)).prop_map(|(id, data)| {
            ComHandler { class_id: uuid::Uuid::from_u128(id), data, ..ComHandler::default() }.into()
        }),
        (text(), option::of(text()), option::of(vec((text(), text()), 0..3)), option::of(vec(text(), 0..3)))
            .prop_map(|(server, subject, fields, attachments)| {
                let header_fields = fields
                    .map(|f| f.into_iter().map(|(name, value)| HeaderField::new(name, value)).collect());
                SendEmail {
                    from: Some(server.clone()),
                    bcc: Some(server.clone()),
                    server,
                    body: subject.clone(),
                    subject,
                    header_fields,
                    attachments,
                    ..SendEmail::default()
                }
                .into()
            }),
        (text(), text()).prop_map(|(title, body)| ShowMessage {
            title: Some(title),
            body,
            ..ShowMessage::default()
        }
        .into()),
    ]
    .boxed()
}

prop_compose! {
    pub(crate) fn task()(
        triggers in vec(trigger(), 0..4),
        settings in settings(),
        list in vec(action(), 1..4),
        texts in proptest::array::uniform6(option::of(text())),
        date in option::of(boundary()),
        principal in option::of((text(), any::<bool>(), option::of(0..4usize), option::of(0..2usize))),
        data in option::of(text()),
    ) -> Task {
        let [uri, author, description, source, documentation, version] = texts;
        let principals = principal.map(|(name, user, logon, level)| Principal {
            user_id: Some(name.clone()).filter(|_| user),
            group_id: Some(name).filter(|_| !user),
            logon_type: logon.map(|i| LogonType::ALL[i]).filter(|_| user),
            run_level: level.map(|i| RunLevel::ALL[i]),
            required_privileges: level.map(|_| vec!["SeBackupPrivilege".into()]),
            ..Principal::default().with_id("Author")
        });
        Task {
            version: data.as_ref().map(|_| SchemaVersion::V1_6),
            registration_info: RegistrationInfo { uri, author, description, source, documentation, version, date, ..RegistrationInfo::default() },
            triggers,
            settings,
            data: data.map(|text| Data::from_text(&text)),
            actions: Actions { context: principals.as_ref().map(|_| "Author".into()), list, ..Actions::default() },
            principals: principals.into_iter().collect(),
            ..Task::default()
        }
    }
}

/// The effective values: the same whether a default is stated or not.
fn in_force(task: &Task) -> String {
    let triggers: Vec<_> = task
        .triggers
        .iter()
        .map(|t| {
            let effective = t.effective(Profile::Windows);
            (
                t.kind.clone(),
                effective.enabled.value,
                effective.execution_time_limit.value,
                t.start_boundary.clone(),
                t.repetition
                    .as_ref()
                    .map(|r| r.effective(Profile::Windows))
                    .map(|r| (r.duration.value, r.stop_at_duration_end.value)),
            )
        })
        .collect();
    let s = task.settings.effective(Profile::Windows);
    let limit = s.execution_time_limit.value.and_then(|l| l.to_seconds());
    format!(
        "{triggers:?} {limit:?} {:?}",
        (
            s.allow_start_on_demand.value,
            s.allow_hard_terminate.value,
            s.priority.value,
            s.hidden.value,
            s.enabled.value,
            s.wake_to_run.value,
            s.multiple_instances_policy.value,
            s.run_only_if_idle.value,
            s.volatile.value
        )
    )
}

/// Everything that is effective, without where it comes from.
fn effective(task: &Task, profile: Profile) -> serde_json::Value {
    fn values(value: serde_json::Value) -> serde_json::Value {
        let map = value.as_object().unwrap().iter();
        map.map(|(name, effective)| (name.clone(), in_seconds(effective["value"].clone()))).collect()
    }
    let json = |value: &dyn erased::Serialize| values(value.json());
    serde_json::json!({
        "settings": json(&task.settings.effective(profile)),
        "idle": json(&task.settings.effective_idle(profile)),
        "triggers": task.triggers.iter().map(|t| json(&t.effective(profile))).collect::<Vec<_>>(),
        "repetitions": task.triggers.iter().flat_map(|t| &t.repetition).map(|r| json(&r.effective(profile))).collect::<Vec<_>>(),
        "principals": task.principals.iter().map(|p| json(&p.effective(profile))).collect::<Vec<_>>(),
    })
}

/// Equal durations can be spelled differently.
fn in_seconds(value: serde_json::Value) -> serde_json::Value {
    let duration = value.as_str().and_then(|text| text.parse::<XsDuration>().ok());
    duration.and_then(|duration| duration.to_seconds()).map_or(value, Into::into)
}

mod erased {
    pub trait Serialize {
        fn json(&self) -> serde_json::Value;
    }
    impl<T: serde::Serialize> Serialize for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

/// A document as the file form has it, its elements in another order wherever the order of different ones is free.
pub(crate) fn shuffled(text: &str, seed: u64) -> String {
    let lines: Vec<&str> = text.split("\r\n").collect();
    let mut random = seed | 1;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    shuffle(&lines, 0, &mut next).join("\r\n")
}

/// A document as the file form has it, some of its tags, values and ends written in other ways that mean the same.
fn respelled(text: &str, seed: u64) -> String {
    let mut random = seed | 1;
    let mut chance = move |one_of: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random.is_multiple_of(one_of)
    };
    let mut lines: Vec<String> = Vec::new();
    let mut in_data = false;
    for line in text.split("\r\n") {
        let (indent, markup) = line.split_at(line.len() - line.trim_start().len());
        let last = lines.last().map_or("", |line| line.trim_start());
        in_data |= markup.starts_with("<Data");
        let is_markup = markup.starts_with('<') && markup.ends_with('>') && !markup.starts_with("<?");
        if in_data || !is_markup {
            in_data &= !markup.ends_with("</Data>") && !markup.ends_with("/>");
            lines.push(line.to_owned());
            continue;
        }
        let name: String =
            markup.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
        // What precedes the end of a text of several lines is text, also if it is only the line's end.
        let is_text = !last.starts_with('<') || !last.ends_with('>') || last.starts_with(&format!("<{name}"));
        if markup.starts_with("</") && !is_text && chance(3) {
            lines.push(format!("{indent}  <!-- the end of {name} -->"));
        }
        let mut markup = markup.to_owned();
        let head = markup.split_inclusive('>').next().unwrap_or_default().to_owned();
        let has_one =
            head.matches('"').count() == 2 && head.matches("=\"").count() == 1 && !head.contains('\'');
        if has_one && chance(2) {
            markup = markup.replacen(&head, &head.replace("=\"", " =  '").replace('"', "'"), 1);
        }
        if let Some(tag) = markup.strip_suffix(" />").map(str::to_owned) {
            if chance(2) {
                markup = if chance(2) { format!("{tag}/>") } else { format!("{tag}></{name}>") };
            }
        } else if let Some((open, value)) =
            markup.strip_suffix(&format!("</{name}>")).and_then(|rest| rest.split_once('>'))
            && !value.is_empty()
            && !value.contains(['<', '&'])
            && chance(2)
        {
            markup = format!("{open}><![CDATA[{value}]]></{name}>");
        }
        lines.push(format!("{indent}{markup}"));
    }
    lines.join("\r\n")
}

/// The lines of elements at one depth, shuffled as blocks if their names differ.
fn shuffle<'t>(lines: &[&'t str], depth: usize, next: &mut dyn FnMut() -> u64) -> Vec<&'t str> {
    let indent = " ".repeat(depth);
    let starts = |line: &str| {
        line.strip_prefix(&*indent).is_some_and(|rest| rest.starts_with('<') && !rest.starts_with("</"))
    };
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    let mut open: Option<String> = None;
    for line in lines {
        match &open {
            Some(end) => {
                let last = blocks.last_mut().unwrap();
                last.push(line);
                if line.ends_with(&**end) {
                    open = None;
                }
            }
            None if starts(line) && !line.starts_with("<?") => {
                let name: String =
                    line.trim_start()[1..].chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                let end = format!("</{name}>");
                open = (!line.ends_with(&end) && !line.ends_with("/>")).then_some(end);
                blocks.push(vec![line]);
            }
            None if blocks.is_empty() => head.push(*line),
            None => tail.push(*line),
        }
    }
    let name = |block: &Vec<&str>| block[0].trim().split([' ', '>']).next().unwrap().to_owned();
    let mut names: Vec<String> = blocks.iter().map(name).collect();
    names.sort();
    let of_list = blocks.iter().any(|block| {
        ["<Exec", "<ComHandler", "<SendEmail", "<ShowMessage"].contains(&&*name(block))
            || name(block).ends_with("Trigger")
    });
    if names.windows(2).all(|pair| pair[0] != pair[1]) && !of_list {
        for at in (1..blocks.len()).rev() {
            let other = next() as usize % (at + 1);
            blocks.swap(at, other);
        }
    }
    let inner = blocks.into_iter().flat_map(|block| {
        // Only elements with elements in them: texts of several lines stay.
        let deeper = " ".repeat(depth + 2);
        if block.len() > 2 && block[1].starts_with(&format!("{deeper}<")) && !block[0].contains("<Data") {
            let (first, last) = (block[0], block[block.len() - 1]);
            let inside = shuffle(&block[1..block.len() - 1], depth + 2, next);
            std::iter::once(first).chain(inside).chain([last]).collect()
        } else {
            block
        }
    });
    let inner: Vec<&str> = inner.collect();
    head.into_iter().chain(inner).chain(tail).collect()
}

proptest! {
    /// The lossless form: read∘write is the identity, for the readers of both profiles where they accept the task.
    #[test]
    fn utf8_reads_back_equal(task in task()) {
        let written = xml::write(&task, Form::Utf8).unwrap();
        prop_assert_eq!(xml::read(&written, &Options::default()), Ok(task.clone()));
        let options = Options::default().with_profile(Profile::Specification);
        if let Ok(read) = xml::read(&written, &options) {
            prop_assert_eq!(read, task.clone());
        }
        let json = serde_json::to_string(&task).unwrap();
        prop_assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task);
    }

    /// Only the server's form changes what is effective, and only in the two documented ways: durations lose leading
    /// zeros, and idle settings that are not stated become the schema's. Writing what was read changes nothing more.
    #[test]
    fn effective_values_stay(task in task()) {
        for form in [Form::File, Form::Client, Form::Utf8, Form::Server] {
            let written = xml::write(&task, form).unwrap();
            let read = xml::read(&written, &Options::default()).unwrap();
            for profile in [Profile::Windows, Profile::Specification] {
                let (given, got) = (effective(&task, profile), effective(&read, profile));
                if form == Form::Server {
                    prop_assert_eq!(in_force(&read), in_force(&task));
                    let idle = read.settings.effective_idle(profile);
                    if task.settings.idle_settings.is_none() {
                        prop_assert!(idle.stop_on_idle_end.value && !idle.restart_on_idle.value);
                    } else {
                        prop_assert_eq!(given["idle"]["stop_on_idle_end"].clone(), got["idle"]["stop_on_idle_end"].clone());
                        prop_assert_eq!(given["idle"]["restart_on_idle"].clone(), got["idle"]["restart_on_idle"].clone());
                    }
                } else {
                    prop_assert_eq!(given, got, "{:?}", form);
                }
            }
            prop_assert_eq!(&read.actions, &task.actions);
            prop_assert_eq!(&read.registration_info, &task.registration_info);
            prop_assert_eq!(&read.data, &task.data);
            if matches!(form, Form::File | Form::Utf8) {
                prop_assert_eq!(&read, &task);
            }
            let again = xml::write(&read, form).unwrap();
            prop_assert_eq!(xml::read(&again, &Options::default()).unwrap(), read);
            prop_assert_eq!(again, written);
        }
    }

    /// What is stated in any order comes back in that order, byte for byte, at every level; a value that is then
    /// changed changes its own line alone.
    #[test]
    fn stated_order_stays(task in task(), seed in any::<u64>()) {
        let usual = xml::write_text(&task, Form::File).unwrap();
        let stated = shuffled(&usual, seed);
        let mut read = super::read(&stated).unwrap();
        prop_assert_eq!(&read, &task);
        prop_assert_eq!(xml::write_text(&read, Form::File).unwrap(), stated.clone());
        // The other forms do not follow it.
        for form in [Form::Client, Form::Utf8, Form::Server] {
            let (of_stated, of_usual) = (xml::write(&read, form).unwrap(), xml::write(&task, form).unwrap());
            // A part with nothing in it is stated in the one and not in the other.
            if !stated.contains(" />") {
                prop_assert_eq!(of_stated, of_usual);
            }
        }
        let mut exec = Exec::new("another.exe");
        let last = read.actions.list.len() - 1;
        if let Action::Exec(old) = &read.actions.list[last] {
            exec = Exec { command: exec.command, ..old.clone() };
            read.actions.list[last] = exec.into();
            let changed = xml::write_text(&read, Form::File).unwrap();
            let (before, after): (Vec<_>, Vec<_>) = (stated.lines().collect(), changed.lines().collect());
            let differing = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            prop_assert!(differing <= 1 && before.len() == after.len() || stated.contains("<Command>\r\n"));
        }
    }

    /// Tags, values, comments and quotes come back as they were stated, byte for byte, and mean the same.
    #[test]
    fn stated_spellings_stay(task in task(), seed in any::<u64>()) {
        let usual = xml::write_text(&task, Form::File).unwrap();
        let stated = respelled(&shuffled(&usual, seed), seed);
        let read = super::read(&stated).map_err(|error| TestCaseError::fail(format!("{error}: {stated}")))?;
        prop_assert_eq!(&read, &task);
        prop_assert_eq!(xml::write_text(&read, Form::File).unwrap(), stated);
        prop_assert_eq!(super::read(&xml::write_text(&read, Form::Utf8).unwrap()).unwrap(), task);
    }

    /// The oracles of the fuzz targets, on damaged documents.
    #[test]
    fn damaged_documents(
        task in task(),
        writes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in option::of((any::<prop::sample::Index>(), 0..40usize)),
        insert in option::of((any::<prop::sample::Index>(), prop_oneof![Just("<a>"), Just("</Settings>"), Just("&x;"), Just("<![CDATA["), Just("\u{1}"), Just("]]>"), Just("<Foo/>")])),
    ) {
        let mut bytes = xml::write(&task, Form::Utf8).unwrap();
        for (at, value) in writes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some((at, size)) = cut {
            let at = at.index(bytes.len());
            let end = (at + size).min(bytes.len());
            bytes.drain(at..end);
        }
        if let Some((at, new)) = insert {
            let at = at.index(bytes.len() + 1);
            bytes.splice(at..at, new.bytes());
        }
        for (_, oracle) in oracles::ALL.iter().filter(|(name, _)| name.starts_with("xml_")) {
            oracle(&bytes);
        }
    }

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..400)) {
        for (_, oracle) in oracles::ALL.iter().filter(|(name, _)| name.starts_with("xml_")) {
            oracle(&bytes);
        }
    }
}
