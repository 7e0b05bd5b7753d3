//! Months of random tasks on a machine that sleeps, against the rules of the specification applied naively: every run that
//! falls due while the machine is awake starts then, once for each trigger; runs that fall due while it sleeps are lost,
//! or, with StartWhenAvailable, made up for by one start ten minutes after it wakes ([MS-TSCH] 2.5.4.7, 3.2.4.6, 3.2.6.1;
//! EVIDENCE.md ENGINE-02).
//!
//! The zone changes its clocks within those months. When triggers run is taken from `schedule`, which has oracles of its own.

use super::rig::{Known, Who};
use crate::europe::europe;
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime, macros::datetime};
use wintask::{
    definition::{
        DaysOfWeek, Exec, MultipleInstancesPolicy, Principal, Repetition, Schedule, Task, Trigger,
        TriggerKind,
    },
    rpc::schrpc::SchRpcRegisterTask,
    schedule::{self, Timetable},
    scheduler::{Context, Effect, Event, Machine, Options, State},
    time::Boundary,
    xml::{Form, write_text},
};

const START: OffsetDateTime = datetime!(2024-03-01 00:00 UTC);

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

fn boundary(random: &mut Random, days: u64) -> Boundary {
    let at = START + Duration::minutes(random.below(days * 1440).try_into().unwrap());
    Boundary::local(time::PrimitiveDateTime::new(at.date(), at.time()))
}

fn trigger(random: &mut Random, days: u64) -> Trigger {
    let start = boundary(random, days);
    let mut trigger = match random.below(4) {
        0 => Trigger::at(start),
        1 => Trigger::calendar(Schedule::daily(1 + random.below(3) as u16), start),
        2 => Trigger::calendar(Schedule::weekly(1, DaysOfWeek::MONDAY | DaysOfWeek::FRIDAY), start),
        _ => Trigger::calendar(Schedule::daily(1), start),
    };
    if random.below(3) == 0 {
        let repetition = Repetition::every("PT45M".parse().unwrap()).lasting("PT6H".parse().unwrap());
        trigger.repetition = Some(repetition.into());
    }
    if random.below(4) == 0 {
        let end = START + Duration::days((days + 5).try_into().unwrap());
        trigger.end_boundary = Some(Boundary::local(time::PrimitiveDateTime::new(end.date(), end.time())));
    }
    trigger.enabled = (random.below(8) == 0).then_some(false);
    trigger
}

fn task(random: &mut Random, days: u64) -> Task {
    let mut task = Task::new(Exec::new("a.exe"));
    task.version = Some("1.2".parse().unwrap());
    task.triggers = (0..1 + random.below(3)).map(|_| trigger(random, days)).collect();
    task.principals = vec![Principal::user("S-1-5-18")];
    task.settings.multiple_instances_policy = Some(MultipleInstancesPolicy::Parallel);
    task.settings.start_when_available = Some(random.below(2) == 0);
    task
}

/// The stretches in which the machine sleeps: from a whole minute and a half to another.
fn sleeps(random: &mut Random, until: OffsetDateTime) -> Vec<(OffsetDateTime, OffsetDateTime)> {
    let mut sleeps = Vec::new();
    let mut at = START + Duration::seconds(30);
    loop {
        let from = at + Duration::minutes((60 + random.below(2000)).try_into().unwrap());
        let wake = from + Duration::minutes((5 + random.below(900)).try_into().unwrap());
        if wake + Duration::hours(1) >= until {
            return sleeps;
        }
        sleeps.push((from, wake));
        at = wake;
    }
}

type Starts = BTreeMap<OffsetDateTime, Vec<Option<usize>>>;

/// What starts by the rules.
fn expected(task: &Task, sleeps: &[(OffsetDateTime, OffsetDateTime)], until: OffsetDateTime) -> Starts {
    let options = schedule::Options::default();
    let zone = europe();
    let mut starts = Starts::new();
    let runs: Vec<(OffsetDateTime, usize)> = task
        .triggers
        .iter()
        .enumerate()
        .flat_map(|(number, trigger)| {
            let table = Timetable::of_trigger(trigger, &zone, &options);
            let after = START + Duration::nanoseconds(100);
            table.occurrences(after..until).map(|run| (run.instant(), number)).collect::<Vec<_>>()
        })
        .collect();
    let asleep = |at: OffsetDateTime| sleeps.iter().find(|(from, wake)| *from < at && at < *wake);
    for (at, number) in &runs {
        if asleep(*at).is_none() {
            starts.entry(*at).or_default().push(Some(*number));
        }
    }
    if task.settings.start_when_available == Some(true) {
        let mut pending: Option<(OffsetDateTime, usize)> = None;
        for (index, (from, wake)) in sleeps.iter().enumerate() {
            let caught_up = |trigger: &Trigger| {
                trigger.end_boundary.is_some() || matches!(trigger.kind, TriggerKind::Calendar { .. })
            };
            let mut missed: Vec<usize> = runs
                .iter()
                .filter(|(at, number)| from < at && at < wake && caught_up(&task.triggers[*number]))
                .map(|(_, number)| *number)
                .collect();
            missed.sort_unstable();
            if let Some(first) = missed.first() {
                pending = Some((*wake + Duration::minutes(10), *first));
            }
            // What is due while the machine sleeps again waits until it wakes.
            let next_sleep = sleeps.get(index + 1).map_or(until, |(from, _)| *from);
            if let Some((at, trigger)) = pending {
                let at = at.max(*wake);
                if at < next_sleep {
                    let end = task.triggers[trigger].end_boundary.as_ref();
                    let table = Timetable::of_task(task, &zone, &options);
                    let over = end.is_some_and(|end| table.instant(end.civil().unwrap()) < at);
                    if !over {
                        starts.entry(at).or_default().push(Some(trigger));
                    }
                    pending = None;
                }
            }
        }
    }
    starts.values_mut().for_each(|triggers| triggers.sort_unstable());
    starts
}

/// What the scheduler starts.
fn simulated(
    task: &Task,
    sleeps: &[(OffsetDateTime, OffsetDateTime)],
    until: OffsetDateTime,
    reload: &mut Random,
) -> Starts {
    let (zone, machine) = (europe(), Machine::default());
    let at = |now| Context::new(now, &zone, &machine, &Known).with_caller(Who::Admin.caller());
    let mut state = State::new(Options::default(), 7);
    let xml = write_text(task, Form::File).unwrap();
    let request =
        SchRpcRegisterTask { path: Some(r"\Task".into()), xml: xml.as_str().into(), ..Default::default() };
    let registered = state.call(&at(START), &request);
    assert!(registered.reply.status.is_success(), "{} {xml}", registered.reply.status);
    let mut starts = Starts::new();
    let mut pending: Vec<(OffsetDateTime, Event)> = Vec::new();
    for (from, wake) in sleeps {
        pending.push((*from, Event::Sleep));
        pending.push((*wake, Event::Wake));
    }
    let mut pending = pending.into_iter().peekable();
    let mut asleep = false;
    loop {
        let timer = state.next_wakeup().filter(|_| !asleep);
        let event = pending.peek().map(|(at, _)| *at);
        let Some(now) = timer.into_iter().chain(event).min().filter(|at| *at < until) else { return starts };
        let event = match pending.peek() {
            Some((due, _)) if *due == now && timer != Some(now) => {
                pending.next().map(|(_, event)| event).unwrap()
            }
            _ => Event::Timer,
        };
        asleep = match event {
            Event::Sleep => true,
            Event::Wake => false,
            _ => asleep,
        };
        let mut effects = state.event(&at(now), event).effects;
        while let Some(effect) = effects.pop() {
            if let Effect::Start(start) = effect {
                starts.entry(now).or_default().push(start.trigger);
                let instance = start.instance;
                effects.extend(state.event(&at(now), Event::Started { instance, pid: 1 }).effects);
                effects.extend(state.event(&at(now), Event::Exited { instance, code: 0 }).effects);
            }
        }
        starts.get_mut(&now).into_iter().for_each(|triggers| triggers.sort_unstable());
        state.check().unwrap();
        // Saved and loaded, it goes on as if nothing had happened.
        if reload.below(50) == 0 {
            state = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
        }
    }
}

#[test]
fn random_tasks_start_when_the_rules_say() {
    const DAYS: u64 = 45;
    let until = START + Duration::days(DAYS as i64);
    for seed in 0..40 {
        let mut random = Random(seed);
        let task = task(&mut random, DAYS);
        let sleeps = sleeps(&mut random, until);
        let expected = expected(&task, &sleeps, until);
        let simulated = simulated(&task, &sleeps, until, &mut random);
        for (at, triggers) in &expected {
            assert_eq!(simulated.get(at), Some(triggers), "seed {seed}: at {at}\n{task:#?}");
        }
        assert_eq!(simulated.len(), expected.len(), "seed {seed}: something started that should not have");
    }
}
