//! The registry's task cache. The expected values are those of the public analyses that `EVIDENCE.md` names (CACHE-01 and
//! following); the real values are in `tests/corpus`.

mod facts;
mod properties;

use std::time::Instant;
use wintask::{
    definition::*,
    dtyp::{FileTime, HResult},
    finding::Severity,
    taskcache::*,
};

/// Fills the pieces of a value together.
#[derive(Default)]
struct Blob(Vec<u8>);

impl Blob {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    fn u32(self, value: u32) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    fn u64(self, value: u64) -> Self {
        self.bytes(&value.to_le_bytes())
    }

    /// A number in a field of eight bytes, filled up with `H` as Windows does.
    fn wide(self, value: u32) -> Self {
        self.u32(value).bytes(b"HHHH")
    }

    /// The same for a byte.
    fn flag(self, value: u8) -> Self {
        self.bytes(&[value]).bytes(b"HHHHHHH")
    }

    fn text(self, text: &str) -> Self {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.u32(units.len() as u32).bytes(&units)
    }

    fn padded(self, bytes: &[u8]) -> Self {
        let blob = self.wide(bytes.len() as u32).bytes(bytes);
        blob.fill(bytes.len())
    }

    fn padded_text(self, text: &str) -> Self {
        let units: Vec<u8> = format!("{text}\0").encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.padded(&units)
    }

    /// The count is of units without the NUL.
    fn counted_text(self, text: &str) -> Self {
        let units: Vec<u8> = format!("{text}\0").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let blob = self.wide(units.len() as u32 / 2 - 1).bytes(&units);
        blob.fill(units.len())
    }

    fn fill(self, size: usize) -> Self {
        let filler = vec![b'H'; size.wrapping_neg() % 8];
        self.bytes(&filler)
    }

    fn time(self, is_local: u8, ticks: u64) -> Self {
        self.flag(is_local).u64(ticks)
    }
}

/// 2022-04-06 17:40:02 and 2023-04-08 13:40:02.
const START: u64 = 132_937_404_020_000_000;
const END: u64 = 133_254_348_020_000_000;

/// S-1-5-18.
const SYSTEM: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];

fn actions() -> Vec<u8> {
    let head = Blob::default().u16(3).text("Author");
    let exec = head.u16(0x6666).text("run").text("cmd.exe").text("/c dir").text(r"C:\").u16(1);
    let class = [0xb9, 0xd1, 0xbc, 0x61, 0x0c, 0x34, 0xec, 0x40, 0x9d, 0x41, 0xd7, 0xf1, 0xc0, 0x63, 0x2f, 5];
    let handler = exec.u16(0x7777).text("").bytes(&class).text("a<b");
    let mail = ["", "from", "to", "cc", "bcc", "reply", "server", "subject", "body"];
    let mail = mail.iter().fold(handler.u16(0x8888), |blob, text| blob.text(text));
    let mail = mail.u32(2).text("one").text("two").u32(1).text("name").text("value");
    mail.u16(0x9999).text("").text("title").text("message").0
}

/// The value up to its first trigger.
fn head(version: u8, flags: u32, settings: u32) -> Blob {
    let blob = Blob::default().flag(version).time(1, START).time(0, u64::MAX).wide(flags).wide(0x7235_C28E);
    let blob = if version >= 0x16 { blob.padded_text("Author") } else { blob };
    let blob = if version >= 0x17 { blob.padded_text("Backup operator") } else { blob };
    let blob = blob.flag(0).flag(0).wide(5).padded(&SYSTEM).padded_text("SYSTEM").wide(settings);
    if settings == 0 {
        return blob;
    }
    // Idle for 600 s within 3600 s, 72 h, deleted after 30 days, priority 7, 3 retries after 60 s.
    let blob = blob.u32(600).u32(3600).u32(259_200).u32(2_592_000).u32(7).u32(60).u32(3).bytes(&[0; 16]);
    let blob = blob.bytes(b"HHHH");
    let blob = if settings >= 0x38 { blob.u64(1 << 17 | 1 << 20) } else { blob };
    if settings < 0x58 {
        return blob;
    }
    let blob = [0, 0, 1, 0, 0, 0, 0].iter().fold(blob, |blob, unit| blob.u16(*unit));
    let blob = [0, 1, 0, 0, 12, 0, 0].iter().fold(blob, |blob, unit| blob.u16(*unit));
    blob.bytes(&[1, b'H', b'H', b'H'])
}

fn generic(blob: Blob, magic: u32, version: u8) -> Blob {
    let blob = blob.wide(magic).time(1, START).time(0, END).u32(30).u32(3600).u32(300).u32(900).u32(900);
    let blob = blob.bytes(&[1, 7, 7, 7]).flag(1).bytes(b"garbage!");
    if version < 0x16 { blob } else { blob.text("id").fill(8) }
}

fn scheduled(blob: Blob, version: u8, mode: u32, data: [u16; 3]) -> Blob {
    let blob = blob.wide(0xDDDD).time(1, START).time(0, 0).time(0, 0).u32(0).u32(0).u32(u32::MAX).u32(mode);
    let blob = data.iter().fold(blob, |blob, word| blob.u16(*word)).u16(0).bytes(&[0, 1, 4, 0x15]);
    let blob = blob.u32(1).u32(60).bytes(b"HHHH");
    if version < 0x16 { blob } else { blob.text("").fill(4) }
}

/// One trigger of each kind.
fn triggers(version: u8) -> Vec<u8> {
    let blob = head(version, 0x4241_2138 | 0x100_0000, 0x58);
    let blob = generic(blob, 0xFFFF, version);
    let blob = generic(blob, 0x8888, version);
    let blob = generic(blob, 0xAAAA, version).flag(1);
    let blob = generic(blob, 0x7777, version).wide(5).flag(0).flag(1).padded_text(r"CASE\case");
    let blob = generic(blob, 0xCCCC, version).counted_text("<QueryList/>").u32(60).u32(2);
    let blob = blob.counted_text("Match").wide(1).counted_text("name").counted_text("Event/System");
    let blob = generic(blob, 0x6666, version).bytes(&[0x75, 0x08, 0xBC, 0xA3, 0x38, 0x0C, 0x96, 0x0C]);
    let blob = blob.wide(3).bytes(&[1, 2, 3]).fill(3);
    let blob = scheduled(blob, version, 0, [0; 3]);
    let blob = scheduled(blob, version, 1, [3, 0, 0]);
    let blob = scheduled(blob, version, 2, [4, 0x62, 0]);
    let blob = scheduled(blob, version, 3, [0x21C1, 0x0806, 0x194]);
    scheduled(blob, version, 4, [0x38, 0x0C, 0x522]).0
}

/// The samples of the fuzz target.
pub(crate) fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut seeds = vec![("actions".to_owned(), actions()), ("dynamic-info".to_owned(), dynamic_info())];
    seeds.extend((0x15..=0x17).map(|version| (format!("triggers-{version:x}"), triggers(version))));
    seeds
}

fn dynamic_info() -> Vec<u8> {
    Blob::default().u32(3).u64(START).u64(END).u32(0).u32(0x8007_0002).u64(END).0
}

fn of_actions(bytes: Vec<u8>) -> Recovered {
    recover(&Values { actions: Some(bytes), ..Values::default() })
}

fn of_triggers(bytes: Vec<u8>) -> Recovered {
    recover(&Values { triggers: Some(bytes), ..Values::default() })
}

fn codes(recovered: &Recovered) -> Vec<&'static str> {
    recovered.findings.iter().map(|finding| finding.code()).collect()
}

/// EVIDENCE.md CACHE-04, CACHE-14.
#[test]
fn every_action() {
    let bytes = actions();
    assert_eq!(RawActions::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
    let recovered = of_actions(bytes);
    assert_eq!(codes(&recovered), [""; 0]);
    assert_eq!(recovered.task.actions.context.as_deref(), Some("Author"));
    let exec = Exec { id: Some("run".into()), hide_app_window: Some(true), ..Exec::new("cmd.exe") };
    let exec = exec.with_arguments("/c dir").with_working_directory(r"C:\");
    let class_id = uuid::uuid!("61bcd1b9-340c-40ec-9d41-d7f1c0632f05");
    let mail = SendEmail {
        server: "server".into(),
        subject: Some("subject".into()),
        to: Some("to".into()),
        cc: Some("cc".into()),
        bcc: Some("bcc".into()),
        reply_to: Some("reply".into()),
        from: Some("from".into()),
        header_fields: Some(vec![HeaderField::new("name", "value")]),
        body: Some("body".into()),
        attachments: Some(vec!["one".into(), "two".into()]),
        ..SendEmail::default()
    };
    let data = Some(Data { xml: "a&lt;b".into() });
    let message =
        ShowMessage { title: Some("title".into()), body: "message".into(), ..ShowMessage::default() };
    let expected: Vec<Action> = vec![
        exec.into(),
        ComHandler { class_id, data, ..ComHandler::default() }.into(),
        mail.into(),
        message.into(),
    ];
    assert_eq!(recovered.task.actions.list, expected);
}

/// EVIDENCE.md CACHE-05 to CACHE-10, CACHE-15 to CACHE-17, CACHE-19.
#[test]
fn every_trigger() {
    for version in 0x15..=0x17 {
        let bytes = triggers(version);
        assert_eq!(RawTriggers::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
        // The delay of an idle trigger has no place in a definition.
        let recovered = of_triggers(bytes);
        assert_eq!(codes(&recovered), [""; 0], "{:?}", recovered.findings);
        let task = recovered.task;
        let [principal] = task.principals.as_slice() else { panic!("{task:?}") };
        assert_eq!(principal.id.as_deref(), (version >= 0x16).then_some("Author"));
        assert_eq!(principal.display_name.as_deref(), (version >= 0x17).then_some("Backup operator"));
        assert_eq!(principal.user_id.as_deref(), Some("S-1-5-18"));
        assert_eq!(principal.logon_type, Some(LogonType::InteractiveToken));
        assert_eq!(principal.run_level, Some(RunLevel::HighestAvailable));
        let privileges = principal.required_privileges.clone().unwrap();
        assert_eq!(privileges, ["SeBackupPrivilege", "SeDebugPrivilege"]);
        let seconds = |n| wintask::time::XsDuration::from_seconds(n);
        let settings = Settings {
            allow_start_on_demand: Some(true),
            restart_on_failure: Some(RestartOnFailure::new(seconds(60), 3).into()),
            multiple_instances_policy: Some(MultipleInstancesPolicy::IgnoreNew),
            disallow_start_if_on_batteries: Some(true),
            stop_if_going_on_batteries: Some(true),
            allow_hard_terminate: Some(true),
            start_when_available: Some(false),
            run_only_if_network_available: Some(false),
            wake_to_run: Some(false),
            enabled: Some(true),
            hidden: Some(false),
            delete_expired_task_after: Some(seconds(30 * 86400)),
            idle_settings: Some(IdleSettings {
                duration: Some(seconds(600)),
                wait_timeout: Some(seconds(3600)),
                stop_on_idle_end: Some(true),
                restart_on_idle: Some(false),
                ..IdleSettings::default()
            }),
            execution_time_limit: Some(seconds(72 * 3600)),
            priority: Some(7),
            run_only_if_idle: Some(false),
            maintenance_settings: Some(
                MaintenanceSettings {
                    deadline: Some("P1MT12H".parse().unwrap()),
                    exclusive: Some(true),
                    ..MaintenanceSettings::new("P7D".parse().unwrap())
                }
                .into(),
            ),
            ..Settings::default()
        };
        assert_eq!(task.settings, settings);

        let delay = Some(seconds(30));
        let (weeks, months) = (Weeks::THIRD | Weeks::FOURTH, Months::from_bits(0x522));
        let days = DaysOfWeek::WEDNESDAY | DaysOfWeek::THURSDAY | DaysOfWeek::FRIDAY;
        let on = DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY | DaysOfWeek::SATURDAY;
        let of_month = DaysOfMonth::from_days([1, 7, 8, 9, 14, 18, 19, 28]);
        let in_months = Months::MARCH | Months::MAY | Months::AUGUST | Months::SEPTEMBER;
        let generic = [
            TriggerKind::Boot { delay: delay.clone() },
            TriggerKind::Registration { delay: delay.clone() },
            TriggerKind::Logon { user_id: None, delay: delay.clone() },
            TriggerKind::SessionStateChange(SessionStateChangeTrigger {
                user_id: Some(r"CASE\case".into()),
                delay: delay.clone(),
                state_change: SessionStateChange::SessionLock,
            }),
            TriggerKind::from(EventTrigger {
                subscription: "<QueryList/>".into(),
                delay: delay.clone(),
                period_of_occurrence: Some(seconds(60)),
                number_of_occurrences: Some(2),
                matching_element: Some("Match".into()),
                value_queries: Some(vec![NamedValue { name: "name".into(), value: "Event/System".into() }]),
            }),
            TriggerKind::from(WnfStateChangeTrigger {
                delay,
                state_name: "7508BCA3380C960C".into(),
                data: Some("010203".into()),
                data_offset: None,
            }),
        ];
        let start = Some("2022-04-06T17:40:02".parse().unwrap());
        let of_generic = |kind| Trigger {
            id: (version >= 0x16).then(|| "id".to_owned()),
            enabled: Some(true),
            start_boundary: start.clone(),
            end_boundary: Some("2023-04-08T13:40:02Z".parse().unwrap()),
            repetition: Some(
                Repetition {
                    stop_at_duration_end: Some(true),
                    ..Repetition::every(seconds(300)).lasting(seconds(900))
                }
                .into(),
            ),
            execution_time_limit: Some(seconds(3600)),
            ..Trigger::new(kind)
        };
        let random_delay = Some(seconds(60));
        let calendar = |schedule| TriggerKind::Calendar { random_delay: random_delay.clone(), schedule };
        let timed = [
            TriggerKind::Time { random_delay: random_delay.clone() },
            calendar(Schedule::daily(3)),
            calendar(Schedule::weekly(4, on)),
            calendar(Schedule::monthly(of_month, in_months)),
            calendar(Schedule::monthly_day_of_week(weeks, days, months)),
        ];
        let of_timed =
            |kind| Trigger { enabled: Some(true), start_boundary: start.clone(), ..Trigger::new(kind) };
        let expected: Vec<_> =
            generic.into_iter().map(of_generic).chain(timed.into_iter().map(of_timed)).collect();
        assert_eq!(task.triggers, expected);
    }
}

/// Both sizes; the words on whose meaning readers disagree are as they are stored (EVIDENCE.md CACHE-11).
#[test]
fn dynamic_information() {
    let bytes = dynamic_info();
    let info = RawDynamicInfo::parse(&bytes).unwrap();
    assert_eq!((info.info.registered, info.info.last_run), (FileTime(START), FileTime(END)));
    assert_eq!((info.info.state, info.info.result), (HResult(0), HResult(0x8007_0002)));
    assert_eq!(info.last_successful_run, Some(FileTime(END)));
    assert_eq!(info.to_bytes(), bytes);
    let vista = RawDynamicInfo::parse(&bytes[..28]).unwrap();
    assert_eq!(vista, RawDynamicInfo { last_successful_run: None, ..info.clone() });
    assert_eq!(vista.to_bytes(), bytes[..28]);
    for size in 0..40 {
        let cut = [&bytes[..], &[0; 4]].concat()[..size].to_vec();
        let recovered = recover(&Values { dynamic_info: Some(cut.clone()), ..Values::default() });
        let is_whole = matches!(size, 28 | 36);
        assert_eq!(RawDynamicInfo::parse(&cut).is_ok(), is_whole);
        assert_eq!(codes(&recovered), vec!["taskcache.size"; usize::from(!is_whole)]);
        let info = recovered.dynamic_info.unwrap();
        assert_eq!((info.is_whole(), info.is_cut, info.to_bytes()), (is_whole, size < 28, cut));
        // What is there was read.
        assert_eq!(info.info.registered == FileTime(START), size >= 12);
        assert_eq!(info.last_successful_run.is_some(), size >= 36);
    }
}

/// At every length: the strict reader names a place within the value unless the cut is between two elements; what is
/// recovered writes the same bytes; and no element that is whole is lost.
#[test]
fn truncation() {
    let whole = actions();
    let mut before = 0;
    for size in 0..whole.len() {
        let cut = &whole[..size];
        let recovered = of_actions(cut.to_vec());
        match RawActions::parse(cut) {
            Ok(raw) => assert_eq!((raw.rest.len(), recovered.findings.len()), (0, 0)),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error}");
                assert_eq!(error.place().span().unwrap().end, size);
                assert_eq!(recovered.findings.worst(), Some(Severity::Error));
            }
        }
        let raw = recovered.actions.as_ref().unwrap();
        assert_eq!(raw.to_bytes().unwrap(), cut);
        // The version, and the context with its count.
        assert_eq!(raw.is_cut, size < 2 + 4 + 2 * "Author".len());
        assert!(recovered.task.actions.list.len() >= before, "{size}");
        before = recovered.actions.map_or(0, |raw| raw.actions.len());
    }
    assert_eq!(before, 3);
    for version in 0x15..=0x17 {
        let whole = triggers(version);
        let mut before = 0;
        for size in 0..whole.len() {
            let cut = &whole[..size];
            let recovered = of_triggers(cut.to_vec());
            match RawTriggers::parse(cut) {
                Ok(raw) => assert_eq!((raw.rest.len(), recovered.findings.len()), (0, 0)),
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Truncated { .. }), "{error}");
                    assert_eq!(error.place().span().unwrap().end, size);
                    assert_eq!(recovered.findings.worst(), Some(Severity::Error));
                }
            }
            let raw = recovered.triggers.as_ref().unwrap();
            assert_eq!(raw.to_bytes().unwrap(), cut);
            assert_eq!(raw.is_whole(), RawTriggers::parse(cut).is_ok());
            assert!(recovered.task.triggers.len() >= before, "{size}");
            before = recovered.triggers.map_or(0, |raw| raw.triggers.len());
        }
        assert_eq!(before, 10);
    }
}

/// Whether everything that one states is in the other: every field, and the first elements of every list.
fn is_part_of(part: &serde_json::Value, whole: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object};
    match (part, whole) {
        (Object(part), Object(whole)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|other| is_part_of(value, other)))
        }
        (Array(part), Array(whole)) => {
            part.len() <= whole.len() && part.iter().zip(whole).all(|(one, other)| is_part_of(one, other))
        }
        _ => part == whole,
    }
}

/// What is not there is not stated: at every length, the definition of what is left is a part of the whole one, and the end
/// is all that is reported.
#[test]
fn truncation_invents_nothing() {
    let stated = |recovered: &Recovered| serde_json::to_value(&recovered.task).unwrap();
    let check = |read: fn(Vec<u8>) -> Recovered, whole: Vec<u8>| {
        let all = stated(&read(whole.clone()));
        for size in 0..whole.len() {
            let recovered = read(whole[..size].to_vec());
            let left = stated(&recovered);
            assert!(is_part_of(&left, &all), "{size}: {left:#}");
            let codes = codes(&recovered);
            assert!(codes.is_empty() || codes == ["taskcache.truncated"], "{size}: {codes:?}");
        }
    };
    check(of_actions, actions());
    for version in 0x15..=0x17 {
        check(of_triggers, triggers(version));
    }
}

/// Unknown parts are kept and reported, and do not affect the rest.
#[test]
fn unknown_parts() {
    // An action of an unknown kind: those before it are there, and its bytes are kept.
    let bytes = [&actions()[..], b"\x44\x44\x04\0\0\0abcd"].concat();
    let error = RawActions::parse(&bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("byte {:#x}, Actions[4].Kind: unknown kind 0x4444", actions().len())
    );
    let recovered = of_actions(bytes.clone());
    assert_eq!(codes(&recovered), ["taskcache.unknown_kind"]);
    assert_eq!(recovered.task.actions.list.len(), 4);
    assert_eq!(recovered.actions.unwrap().to_bytes().unwrap(), bytes);

    // Settings of an unknown size: the triggers after them are there.
    let settings = head(0x17, 0x0241_0000, 0).0;
    let settings = [&settings[..settings.len() - 8], &[0x0A, 0, 0, 0, 1, 2, 3, 4], &[7; 16]].concat();
    let bytes = generic(Blob(settings), 0xFFFF, 0x17).0;
    let recovered = of_triggers(bytes.clone());
    assert_eq!(codes(&recovered), ["taskcache.settings_size"]);
    assert_eq!(recovered.task.triggers.len(), 1);
    assert_eq!(recovered.triggers.unwrap().to_bytes().unwrap(), bytes);

    // Versions without published layout, flags and modes without meaning, an index that lists nothing.
    let mut bytes = scheduled(head(0x17, 0x0241_8001, 0x2C), 0x17, 9, [0; 3]).0;
    bytes[0] = 0x18;
    let values = Values {
        actions: Some(Blob::default().u16(4).text("Other").0),
        triggers: Some(bytes),
        index: Some(0),
        id: Some("{nothing}".into()),
        sd: Some(vec![1, 2, 3]),
        hash: Some(vec![1; 20]),
        date: Some("today".into()),
        ..Values::default()
    };
    let shown: Vec<String> = recover(&values).findings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"));
    // The strict reader reports only violations.
    assert_eq!(read(&values).unwrap_err().place().path(), "Hash");
    let lenient = Values { hash: None, id: None, sd: None, ..values };
    assert!(read(&lenient).is_ok());
}

/// A flag of a group of which one at most can be meant.
#[test]
fn contradicting_flags() {
    let recovered = of_triggers(head(0x17, 0x0200_2400 | 0x4_4000, 0x2C).0);
    assert_eq!(codes(&recovered), ["taskcache.flags.contradiction"; 2]);
    assert_eq!(recovered.task.settings.multiple_instances_policy, Some(MultipleInstancesPolicy::Parallel));
}

/// The default task of the snap-in, by the flags of a published value (EVIDENCE.md CACHE-07): 0x42412138.
#[test]
fn flags_of_a_default_task() {
    let task = Task {
        principals: vec![Principal {
            logon_type: Some(LogonType::InteractiveToken),
            ..Principal::user("S-1-5-21-1-2-3-1000").with_id("Author")
        }],
        settings: Settings {
            idle_settings: Some(IdleSettings { stop_on_idle_end: Some(true), ..IdleSettings::default() }),
            ..Settings::default()
        },
        ..Task::new(Exec::new("cmd"))
    };
    let values = write(&task).unwrap().values;
    let raw = RawTriggers::parse(values.triggers.as_deref().unwrap()).unwrap();
    assert_eq!(raw.bucket.flags.value, 0x4241_2138);
    assert_eq!((raw.bucket.start.ticks, raw.bucket.end.ticks), (0, u64::MAX));
    assert_eq!(raw.bucket.user.sid_use.value, 1);
    assert_eq!(raw.bucket.settings.size.value, 0x2C);
    let body = raw.bucket.settings.body;
    assert_eq!((body.idle_duration, body.idle_wait, body.execution_time_limit), (0, u32::MAX, 259_200));
    assert_eq!((body.delete_expired_after, body.priority), (u32::MAX, 7));
    let actions = RawActions::parse(values.actions.as_deref().unwrap()).unwrap();
    assert_eq!(actions.context.context.to_wide(), "Author");
}

/// Which key lists a task (EVIDENCE.md CACHE-18).
#[test]
fn index() {
    let of = |kinds: &[TriggerKind]| {
        let triggers = kinds.iter().cloned().map(Trigger::new).collect();
        Index::of(&Task { triggers, ..Task::new(Exec::new("cmd")) })
    };
    let (boot, logon) =
        (TriggerKind::Boot { delay: None }, TriggerKind::Logon { user_id: None, delay: None });
    assert_eq!(of(&[]), Index::PLAIN);
    assert_eq!(of(&[TriggerKind::Idle, logon.clone()]), Index::LOGON);
    assert_eq!(of(&[logon, boot]), Index::BOOT);
}

/// What the values do not have is reported, each by its place.
#[test]
fn losses() {
    let task = Task {
        triggers: vec![Trigger {
            start_boundary: Some("2024-01-01T00:00:00+02:00".parse().unwrap()),
            repetition: Some(Repetition::every("P1M".parse().unwrap()).into()),
            ..Trigger::new(TriggerKind::Time { random_delay: None })
        }],
        principals: vec![
            Principal {
                required_privileges: Some(vec!["SeFlyPrivilege".into()]),
                ..Principal::group("CORP\\staff")
            },
            Principal::user("SYSTEM"),
        ],
        settings: Settings {
            volatile: Some(true),
            // In the registry it is as if there were none, where the default durations are others.
            idle_settings: Some(IdleSettings { stop_on_idle_end: Some(false), ..IdleSettings::default() }),
            ..Settings::default()
        },
        ..Task::new(ComHandler { data: Some(Data { xml: "<a/>".into() }), ..ComHandler::default() })
    };
    let shown: Vec<String> = write(&task).unwrap().findings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// Reading takes time in proportion to the input, even if it is hostile: wrong counts and sizes, and a
/// million small elements.
#[test]
fn hostile_values() {
    for bytes in [
        [&Blob::default().u16(3).u32(0).u16(0x8888).0[..], &[0; 36], &[0xFF; 4]].concat(),
        Blob::default().u16(3).u32(u32::MAX).0,
        [&Blob::default().u16(3).u32(0).0[..], &b"\x99\x99\0\0\0\0\0\0\0\0\0\0\0\0".repeat(200_000)].concat(),
        [&Blob::default().u16(3).u32(0).u16(0x8888).0[..], &[0; 36], &[0xFF; 4], &vec![0; 2_000_000]]
            .concat(),
    ] {
        let start = Instant::now();
        let recovered = of_actions(bytes.clone());
        if let Some(raw) = recovered.actions {
            assert_eq!(raw.to_bytes().unwrap(), bytes);
        }
        assert!(start.elapsed().as_secs() < 10, "{} bytes", bytes.len());
    }
}
