//! Every half hour around the transitions of real zones. The rules are written as EVIDENCE.md TIME-03 has them;
//! the instants of the transitions and the offsets on either side come from the public calendars of those years, so
//! that the table does not depend on an interpretation of the rules.

use time::{Duration, OffsetDateTime, PrimitiveDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{DaysOfMonth, DaysOfWeek, Months, Schedule, Trigger, Weeks},
    dtyp::SystemTime,
    schedule::{Adjustment, Options, Timetable},
    time::{
        Boundary, GapPolicy, IanaZone, LocalTime, OverlapPolicy, Ticks, WindowsZone, Zone, ZoneErrorKind,
        ZoneRules,
    },
};

/// `month`, which `weekday` of it (5 is the last; 0 is Sunday), and the time.
fn on(month: u16, day: u16, day_of_week: u16, hour: u16, minute: u16) -> SystemTime {
    SystemTime { month, day, day_of_week, hour, minute, ..SystemTime::NONE }
}

fn rules(bias: i32, daylight_bias: i32, daylight_date: SystemTime, standard_date: SystemTime) -> ZoneRules {
    ZoneRules { bias, standard_bias: 0, daylight_bias, standard_date, daylight_date }
}

fn zone(rules: ZoneRules) -> WindowsZone {
    WindowsZone::new(rules).unwrap()
}

fn pacific() -> WindowsZone {
    zone(rules(480, -60, on(3, 2, 0, 2, 0), on(11, 1, 0, 2, 0)))
}

/// A zone, and its transitions: when, and the minutes ahead of UTC before and after.
type Row = (&'static str, WindowsZone, Vec<(OffsetDateTime, i64, i64)>);

fn table() -> Vec<Row> {
    let midnight = |month| SystemTime { second: 59, milliseconds: 999, ..on(month, 1, 6, 23, 59) };
    // The United States until 2006 and since 2007.
    let until_2006 = rules(300, -60, on(4, 1, 0, 2, 0), on(10, 5, 0, 2, 0));
    let since_2007 = rules(300, -60, on(3, 2, 0, 2, 0), on(11, 1, 0, 2, 0));
    let eastern = zone(since_2007).with_year(2006, until_2006).unwrap().with_year(2007, since_2007).unwrap();
    vec![
        (
            "Pacific",
            pacific(),
            vec![
                (datetime!(2022-03-13 10:00 UTC), -480, -420),
                (datetime!(2022-11-06 09:00 UTC), -420, -480),
            ],
        ),
        (
            "Eastern, its rules changed between 2006 and 2007",
            eastern,
            vec![
                (datetime!(2006-04-02 07:00 UTC), -300, -240),
                (datetime!(2006-10-29 06:00 UTC), -240, -300),
                (datetime!(2007-03-11 07:00 UTC), -300, -240),
                (datetime!(2007-11-04 06:00 UTC), -240, -300),
            ],
        ),
        (
            "Newfoundland in 2010, at a minute past midnight",
            zone(rules(210, -60, on(3, 2, 0, 0, 1), on(11, 1, 0, 0, 1))),
            vec![
                (datetime!(2010-03-14 03:31 UTC), -210, -150),
                (datetime!(2010-11-07 02:31 UTC), -150, -210),
            ],
        ),
        (
            "Western Europe",
            zone(rules(-60, -60, on(3, 5, 0, 2, 0), on(10, 5, 0, 3, 0))),
            vec![(datetime!(2024-03-31 01:00 UTC), 60, 120), (datetime!(2024-10-27 01:00 UTC), 120, 60)],
        ),
        (
            "Great Britain",
            zone(rules(0, -60, on(3, 5, 0, 1, 0), on(10, 5, 0, 2, 0))),
            vec![(datetime!(2024-03-31 01:00 UTC), 0, 60), (datetime!(2024-10-27 01:00 UTC), 60, 0)],
        ),
        (
            "Sydney",
            zone(rules(-600, -60, on(10, 1, 0, 2, 0), on(4, 1, 0, 3, 0))),
            vec![(datetime!(2024-04-06 16:00 UTC), 660, 600), (datetime!(2024-10-05 16:00 UTC), 600, 660)],
        ),
        (
            "Lord Howe, by half an hour",
            zone(rules(-630, -30, on(10, 1, 0, 2, 0), on(4, 1, 0, 2, 0))),
            vec![(datetime!(2024-04-06 15:00 UTC), 660, 630), (datetime!(2024-10-05 15:30 UTC), 630, 660)],
        ),
        (
            "New Zealand",
            zone(rules(-720, -60, on(9, 5, 0, 2, 0), on(4, 1, 0, 3, 0))),
            vec![(datetime!(2024-04-06 14:00 UTC), 780, 720), (datetime!(2024-09-28 14:00 UTC), 720, 780)],
        ),
        (
            "Chatham Islands",
            zone(rules(-765, -60, on(9, 5, 0, 2, 45), on(4, 1, 0, 3, 45))),
            vec![(datetime!(2024-04-06 14:00 UTC), 825, 765), (datetime!(2024-09-28 14:00 UTC), 765, 825)],
        ),
        (
            "Chile, at the end of a day",
            zone(rules(240, -60, midnight(9), midnight(4))),
            vec![
                (datetime!(2024-04-07 03:00 UTC), -180, -240),
                (datetime!(2024-09-08 04:00 UTC), -240, -180),
            ],
        ),
        // No transition: any instant is as good.
        (
            "India",
            zone(ZoneRules { bias: -330, ..ZoneRules::default() }),
            vec![(datetime!(2024-03-31 01:00 UTC), 330, 330)],
        ),
    ]
}

fn local(instant: OffsetDateTime, minutes: i64) -> PrimitiveDateTime {
    let there = instant + Duration::minutes(minutes);
    PrimitiveDateTime::new(there.date(), there.time())
}

/// Half hours from eight hours before a transition to eight hours after it, by a clock, and the minutes around it.
fn around(transition: OffsetDateTime, minutes: i64) -> impl Iterator<Item = PrimitiveDateTime> {
    let near = local(transition, minutes);
    let halves = (-16..=16).map(|n| n * 30);
    halves
        .chain([-61, -60, -59, -31, -29, -1, 0, 1, 29, 31, 59, 60, 61])
        .map(move |n| near + Duration::minutes(n))
}

#[test]
fn every_half_hour_around_a_transition() {
    let mut seen = [0; 3];
    for (name, zone, transitions) in table() {
        for (transition, before, after) in transitions {
            let offset = |instant| zone.period_at(Ticks::from_instant(instant)).offset.whole_minutes();
            assert_eq!(i64::from(offset(transition)), after, "{name}");
            assert_eq!(i64::from(offset(transition - Duration::nanoseconds(100))), before, "{name}");
            for time in around(transition, before) {
                let first = time.assume_utc() - Duration::minutes(before);
                let second = time.assume_utc() - Duration::minutes(after);
                let expected = match (first < transition, second >= transition) {
                    (true, false) => LocalTime::Unique(first),
                    (false, true) => LocalTime::Unique(second),
                    (true, true) => LocalTime::Overlap { first, second },
                    (false, false) => LocalTime::Gap { ends: transition, shifted: first },
                };
                let kind = match expected {
                    LocalTime::Unique(_) => 0,
                    LocalTime::Gap { .. } => 1,
                    LocalTime::Overlap { .. } => 2,
                };
                seen[kind] += 1;
                assert_eq!(zone.resolve(time), expected, "{name} {time}");
                runs_at(name, &zone, time, &expected);
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 30), "{seen:?}");
}

/// Every kind of trigger that is due at that local time runs at the instant that the policies name, and once.
fn runs_at(name: &str, zone: &WindowsZone, time: PrimitiveDateTime, expected: &LocalTime) {
    let day = time.date();
    let weekday = DaysOfWeek::from_name(&day.weekday().to_string()).unwrap();
    let week = Weeks::from_name(&((day.day() - 1) / 7 + 1).to_string()).unwrap_or(Weeks::LAST);
    let start = Boundary::local(PrimitiveDateTime::new(day - Duration::weeks(8), time.time()));
    let triggers = [
        Trigger::at(Boundary::local(time)),
        Trigger::calendar(Schedule::daily(1), start.clone()),
        Trigger::calendar(Schedule::weekly(2, weekday), start.clone()),
        Trigger::calendar(Schedule::monthly(DaysOfMonth::from_days([day.day()]), Months::ALL), start.clone()),
        Trigger::calendar(Schedule::monthly_day_of_week(week, weekday, Months::ALL), start),
    ];
    for gap in [GapPolicy::FirstInstant, GapPolicy::Shift, GapPolicy::Skip] {
        for overlap in [OverlapPolicy::First, OverlapPolicy::Second] {
            let options = Options::default().with_gap(gap).with_overlap(overlap);
            let instant = match (*expected, gap, overlap) {
                (LocalTime::Unique(instant), ..) => Some(instant),
                (LocalTime::Gap { ends, .. }, GapPolicy::FirstInstant, _) => Some(ends),
                (LocalTime::Gap { shifted, .. }, GapPolicy::Shift, _) => Some(shifted),
                (LocalTime::Gap { .. }, ..) => None,
                (LocalTime::Overlap { first, .. }, _, OverlapPolicy::First) => Some(first),
                (LocalTime::Overlap { second, .. }, ..) => Some(second),
            };
            let noon = PrimitiveDateTime::new(day, time::Time::MIDNIGHT).assume_utc();
            let far = Duration::hours(20);
            for trigger in &triggers {
                let runs = Timetable::of_trigger(trigger, zone, &options);
                let near: Vec<_> = match instant {
                    Some(instant) => {
                        runs.occurrences(instant - far..instant + far).map(|run| run.instant()).collect()
                    }
                    None => {
                        let all = runs.occurrences(noon - Duration::days(2)..noon + Duration::days(3));
                        all.filter(|run| run.local().date() == day).map(|run| run.instant()).collect()
                    }
                };
                assert_eq!(
                    near,
                    instant.into_iter().collect::<Vec<_>>(),
                    "{name} {time} {trigger:?} {options:?}"
                );
            }
        }
    }
}

/// EVIDENCE.md TIME-08: 02:30 on Sunday 13 March 2022 in the Pacific zone becomes 03:00.
#[test]
fn the_documented_gap() {
    let weekly = Schedule::weekly(1, DaysOfWeek::SUNDAY);
    let trigger = Trigger::calendar(weekly, "2022-03-06T02:30:00".parse().unwrap());
    let runs = Timetable::of_trigger(&trigger, pacific(), &Options::default());
    let march = datetime!(2022-03-01 0:00 UTC)..datetime!(2022-03-25 0:00 UTC);
    let times: Vec<_> = runs.occurrences(march).map(|run| run.local()).collect();
    assert_eq!(times, [datetime!(2022-03-06 2:30), datetime!(2022-03-13 3:00), datetime!(2022-03-20 2:30)]);
}

/// EVIDENCE.md TIME-10 and TIME-07: repetition goes by elapsed time, a boundary with an offset by its own clock.
#[test]
fn elapsed_time_and_absolute_boundaries() {
    let hourly =
        wintask::definition::Repetition::every("PT1H".parse().unwrap()).lasting("PT4H".parse().unwrap());
    let trigger =
        Trigger { repetition: Some(hourly.into()), ..Trigger::at("2022-03-13T00:30:00".parse().unwrap()) };
    let runs = Timetable::of_trigger(&trigger, pacific(), &Options::default());
    let times: Vec<_> = runs.occurrences(..).map(|run| run.local().time().to_string()).collect();
    assert_eq!(times, ["0:30:00.0", "1:30:00.0", "3:30:00.0", "4:30:00.0", "5:30:00.0"]);

    let daily = Trigger::calendar(Schedule::daily(1), "2022-03-12T10:30:00Z".parse().unwrap());
    let runs = Timetable::of_trigger(&daily, pacific(), &Options::default());
    let times: Vec<_> = runs.occurrences(..).take(2).map(|run| run.local()).collect();
    assert_eq!(times, [datetime!(2022-03-12 2:30), datetime!(2022-03-13 3:30)]);
}

/// EVIDENCE.md TIME-02: both layouts, and the bytes of Western Europe.
#[test]
fn layouts() {
    let tzi = b"\xC4\xFF\xFF\xFF\0\0\0\0\xC4\xFF\xFF\xFF\
        \0\0\x0A\0\0\0\x05\0\x03\0\0\0\0\0\0\0\0\0\x03\0\0\0\x05\0\x02\0\0\0\0\0\0\0";
    let europe = rules(-60, -60, on(3, 5, 0, 2, 0), on(10, 5, 0, 3, 0));
    assert_eq!(ZoneRules::from_tzi(tzi).unwrap(), europe);
    assert_eq!(europe.to_bytes(), *tzi);
    let mut information = vec![0; 172];
    information[0..4].copy_from_slice(&tzi[0..4]);
    information[4..10].copy_from_slice(b"W\0.\0 \0");
    information[68..84].copy_from_slice(&tzi[12..28]);
    information[84..88].copy_from_slice(&tzi[4..8]);
    information[152..168].copy_from_slice(&tzi[28..44]);
    information[168..172].copy_from_slice(&tzi[8..12]);
    assert_eq!(ZoneRules::from_time_zone_information(&information).unwrap(), europe);
    for length in (0..44).chain([45, 172]) {
        let bytes: Vec<u8> = information.iter().copied().cycle().take(length).collect();
        assert!(ZoneRules::from_tzi(&bytes).is_err(), "{length}");
    }
    for length in 0..172 {
        let bytes: Vec<u8> = information.iter().copied().cycle().take(length).collect();
        assert!(ZoneRules::from_time_zone_information(&bytes).is_err(), "{length}");
    }
    // A DYNAMIC_TIME_ZONE_INFORMATION begins with the other.
    information.resize(432, 0xFF);
    assert_eq!(ZoneRules::from_time_zone_information(&information).unwrap(), europe);
}

/// A zone without changes has one period, as a fixed offset has, and its runs are counted in closed form.
#[test]
fn a_zone_without_changes() {
    let india = zone(ZoneRules { bias: -330, ..ZoneRules::default() });
    let period = india.period_at(Ticks::from_instant(datetime!(2024-01-01 0:00 UTC)));
    assert_eq!((period.from, period.until), (Ticks::MIN, Ticks::MAX));
    let every = wintask::definition::Repetition::every("PT0.001S".parse().unwrap());
    let repetition = Some(every.lasting("PT12H".parse().unwrap()));
    let daily = Trigger::calendar(Schedule::daily(1), "1700-01-01T00:00:00".parse().unwrap());
    let runs = Timetable::of_trigger(
        &Trigger { repetition: repetition.map(Box::new), ..daily },
        &india,
        &Options::default(),
    );
    // Three millennia of 43,200,001 runs a day, which would take days to count one by one.
    let days = (datetime!(5000-01-01 0:00) - datetime!(2000-01-01 0:00)).whole_days() as u64;
    let range = india_time(datetime!(2000-01-01 0:00))..india_time(datetime!(5000-01-01 0:00));
    assert_eq!(runs.count(range), days * 43_200_001);
}

fn india_time(local: PrimitiveDateTime) -> OffsetDateTime {
    local.assume_utc() - Duration::minutes(330)
}

/// The error for an invalid zone names the field.
#[test]
fn refusals() {
    let good = rules(480, -60, on(3, 2, 0, 2, 0), on(11, 1, 0, 2, 0));
    let date = |change: fn(&mut SystemTime)| {
        let mut rules = good;
        change(&mut rules.daylight_date);
        rules
    };
    let rows = [
        (ZoneRules { bias: 1440, ..good }, "StandardBias"),
        (ZoneRules { bias: i32::MIN, standard_bias: i32::MIN, ..good }, "StandardBias"),
        (ZoneRules { daylight_bias: 1440, ..good }, "DaylightBias"),
        // From 12 hours behind UTC to more than 12 ahead of it.
        (ZoneRules { bias: 720, daylight_bias: -1441, ..good }, "DaylightBias"),
        (ZoneRules { standard_date: SystemTime::NONE, ..good }, "StandardDate"),
        (date(|date| date.month = 0), "StandardDate"),
        (date(|date| date.month = 13), "DaylightDate"),
        (date(|date| date.day = 0), "DaylightDate"),
        (date(|date| date.day = 6), "DaylightDate"),
        (date(|date| date.day_of_week = 7), "DaylightDate"),
        (date(|date| date.hour = 24), "DaylightDate"),
        (date(|date| date.milliseconds = 1000), "DaylightDate"),
        (date(|date| (date.year, date.month, date.day) = (2023, 2, 29)), "DaylightDate"),
    ];
    for (rules, field) in rows {
        let error = WindowsZone::new(rules).unwrap_err();
        assert_eq!(error.place().path(), field, "{rules:?} {error}");
    }
    // A single change with a year is valid.
    assert!(WindowsZone::new(date(|date| (date.year, date.month, date.day) = (2024, 2, 29))).is_ok());
}

/// A permanent change given as dates that have a year (EVIDENCE.md TIME-03): Volgograd left UTC+4 on 2020-12-27 at
/// 02:00. The offset before the first of the two changes equals the one after the second.
#[test]
fn changes_that_happen_once() {
    let once = |year, month, day, hour| SystemTime { year, month, day, hour, ..SystemTime::NONE };
    let zone = zone(rules(-180, -60, once(2018, 10, 28, 2), once(2020, 12, 27, 2)));
    let rows = [
        (datetime!(2017-06-01 0:00 UTC), 180),
        (datetime!(2018-10-27 22:59 UTC), 180),
        (datetime!(2018-10-27 23:00 UTC), 240),
        (datetime!(2019-06-01 0:00 UTC), 240),
        (datetime!(2020-12-26 21:59 UTC), 240),
        (datetime!(2020-12-26 22:00 UTC), 180),
        (datetime!(2030-06-01 0:00 UTC), 180),
    ];
    for (instant, minutes) in rows {
        let period = zone.period_at(Ticks::from_instant(instant));
        assert_eq!(period.offset, UtcOffset::from_whole_seconds(minutes * 60).unwrap(), "{instant}");
        assert!(period.from <= Ticks::from_instant(instant) && Ticks::from_instant(instant) < period.until);
    }
}

/// A change at the end of 31 December happens at that instant, whether all years share their rules or not:
/// the new year begins with it, not an hour early.
#[test]
fn a_change_at_the_turn_of_the_year() {
    let end_of_year = SystemTime { second: 59, milliseconds: 999, ..on(12, 5, 1, 23, 59) };
    let rules = rules(-180, -60, end_of_year, on(6, 1, 0, 2, 0));
    let change = datetime!(2012-12-31 21:00 UTC);
    for zone in [zone(rules), zone(rules).with_year(2012, rules).unwrap()] {
        let before = zone.period_at(Ticks::from_instant(change - Duration::MINUTE));
        let after = zone.period_at(Ticks::from_instant(change));
        assert_eq!((before.offset.whole_hours(), after.offset.whole_hours()), (3, 4));
        assert_eq!((before.until, after.from), (after.from, Ticks::from_instant(change)));
    }
}

/// The last day of 1601, before the first year whose rules apply across its turn: each time is shown once.
#[test]
fn the_end_of_the_first_year() {
    let local = datetime!(1601-12-31 12:00);
    assert_eq!(pacific().resolve(local), LocalTime::Unique(datetime!(1601-12-31 20:00 UTC)));
}

/// One yearly change and one that happened once: a year ends with the offset with which the next begins.
#[test]
fn one_change_of_two_happens_once() {
    let once = SystemTime { year: 2020, month: 3, day: 29, hour: 2, ..SystemTime::NONE };
    let zone = zone(rules(0, -60, once, on(10, 5, 0, 3, 0)));
    for (instant, hours) in [
        (datetime!(2020-03-29 1:59 UTC), 0),
        (datetime!(2020-03-29 2:00 UTC), 1),
        (datetime!(2020-10-25 2:00 UTC), 0),
        (datetime!(2021-01-15 0:00 UTC), 0),
        (datetime!(2022-01-15 0:00 UTC), 0),
    ] {
        assert_eq!(zone.period_at(Ticks::from_instant(instant)).offset.whole_hours(), hours, "{instant}");
    }
}

/// Between two years with different rules a clock changes by at most a day, as Samoa's did at the end of 2011.
#[test]
fn the_turn_between_two_years_rules() {
    let fixed = |bias| ZoneRules { bias, ..ZoneRules::default() };
    let samoa = zone(fixed(-840)).with_year(2011, fixed(600)).unwrap().with_year(2012, fixed(-840));
    assert!(samoa.is_ok());
    for (first, second) in [(2011, 2012), (2012, 2011)] {
        let bias = |year| fixed(if year == 2011 { 601 } else { -840 });
        let zone = zone(fixed(0)).with_year(first, bias(first)).unwrap();
        let error = zone.with_year(second, bias(second)).unwrap_err();
        assert_eq!(error.kind(), &ZoneErrorKind::Change { minutes: 1441 });
    }
}

/// The same instants from the IANA database, which records the public calendar of these years.
#[test]
fn the_database_agrees() {
    let names = [
        ("Pacific", "America/Los_Angeles", "Pacific Standard Time"),
        ("Eastern", "America/New_York", "Eastern Standard Time"),
        ("Newfoundland", "America/St_Johns", "Newfoundland Standard Time"),
        ("Western Europe", "Europe/Berlin", "W. Europe Standard Time"),
        ("Great Britain", "Europe/London", "GMT Standard Time"),
        ("Sydney", "Australia/Sydney", "AUS Eastern Standard Time"),
        ("Lord Howe", "Australia/Lord_Howe", "Lord Howe Standard Time"),
        ("New Zealand", "Pacific/Auckland", "New Zealand Standard Time"),
        ("Chatham", "Pacific/Chatham", "Chatham Islands Standard Time"),
        ("Chile", "America/Santiago", "Pacific SA Standard Time"),
        ("India", "Asia/Kolkata", "India Standard Time"),
    ];
    for (name, zone, transitions) in table() {
        let (_, iana, windows) = names.iter().find(|(known, ..)| name.starts_with(known)).unwrap();
        let there = IanaZone::new(iana).unwrap();
        assert_eq!(there.name(), *iana);
        for (transition, before, after) in transitions {
            for time in around(transition, before).chain(around(transition, after)) {
                assert_eq!(there.resolve(time), zone.resolve(time), "{name} {time}");
                assert_eq!(
                    IanaZone::new(windows).unwrap().resolve(time),
                    zone.resolve(time),
                    "{windows} {time}"
                );
            }
        }
    }
}

/// `xs:dateTime` has no year 0, and what is built reads back equal (XML Schema 1.0 part 2, 3.2.7.1).
#[test]
fn boundaries_before_the_year_1() {
    for (civil, text) in [
        (datetime!(0001-01-01 0:00), "0001-01-01T00:00:00"),
        (datetime!(0000-12-31 0:00), "-0001-12-31T00:00:00"),
        (datetime!(-0001-12-31 0:00), "-0002-12-31T00:00:00"),
        (datetime!(-9999-01-01 0:00), "-10000-01-01T00:00:00"),
    ] {
        let boundary = Boundary::local(civil);
        assert_eq!(boundary.as_str(), text);
        assert_eq!(text.parse::<Boundary>().unwrap(), boundary);
    }
}

/// A run reports its offset, and whether a change of the clock decided when it happens (EVIDENCE.md TIME-08, TIME-09).
#[test]
fn occurrences_say_what_the_clock_did() {
    let table = |start: &str, options: &Options| {
        let daily = Trigger::calendar(Schedule::daily(1), start.parse().unwrap());
        Timetable::of_trigger(&daily, pacific(), options)
    };
    let all = [GapPolicy::FirstInstant, GapPolicy::Shift];
    for gap in all {
        let options = Options::default().with_gap(gap);
        let around = table("2022-01-01T02:30:00", &options);
        let days = datetime!(2022-03-12 0:00 UTC)..datetime!(2022-03-15 0:00 UTC);
        let runs: Vec<_> =
            around.occurrences(days).map(|run| (run.offset().whole_hours(), run.adjustment())).collect();
        assert_eq!(runs, [(-8, Adjustment::None), (-7, Adjustment::Gap), (-7, Adjustment::None)]);
    }
    for (overlap, offset) in [(OverlapPolicy::First, -7), (OverlapPolicy::Second, -8)] {
        let options = Options::default().with_overlap(overlap);
        let around = table("2022-01-01T01:30:00", &options);
        let days = datetime!(2022-11-05 0:00 UTC)..datetime!(2022-11-08 0:00 UTC);
        let runs: Vec<_> =
            around.occurrences(days).map(|run| (run.offset().whole_hours(), run.adjustment())).collect();
        assert_eq!(runs, [(-7, Adjustment::None), (offset, Adjustment::Overlap), (-8, Adjustment::None)]);
    }
    // A boundary with an offset is never adjusted.
    let absolute = table("2022-01-01T10:30:00Z", &Options::default());
    assert!(absolute.occurrences(..).take(1000).all(|run| run.adjustment() == Adjustment::None));
}

/// What a tool would print of a run.
#[test]
fn occurrences_as_json() {
    let kind = wintask::definition::TriggerKind::Calendar {
        random_delay: Some("PT90S".parse().unwrap()),
        schedule: Schedule::daily(1),
    };
    let daily = Trigger { kind, ..Trigger::at("2022-03-13T02:30:00".parse().unwrap()) };
    let runs = Timetable::of_trigger(&daily, pacific(), &Options::default());
    let json: Vec<_> = runs.occurrences(..).take(2).map(|run| serde_json::to_string(&run).unwrap()).collect();
    assert_eq!(
        json,
        [
            r#"{"instant":"2022-03-13T10:00:00Z","local":"2022-03-13T03:00:00","offset":"-07:00","trigger":0,"random_delay":90.0,"adjustment":"gap"}"#,
            r#"{"instant":"2022-03-14T09:30:00Z","local":"2022-03-14T02:30:00","offset":"-07:00","trigger":0,"random_delay":90.0}"#,
        ]
    );
    let zone: IanaZone = serde_json::from_str(r#""W. Europe Standard Time""#).unwrap();
    assert_eq!(serde_json::to_string(&zone).unwrap(), r#""Europe/Berlin""#);
    assert!("Europe/Atlantis".parse::<IanaZone>().is_err());
}
