//! Years of generated tasks on a machine that sleeps, goes off, becomes idle, runs on batteries, loses its network, and whose
//! users come and go, against an oracle that knows the rules of the specification and none of this crate's code.
//!
//! [`spec`] generates tasks and machines, [`oracle`] says what starts, stops and is deleted when, for one task at a time and
//! by going through everything, and [`host`] lets the scheduler do the same.
//!
//! | feature | where |
//! |---|---|
//! | run times by day, week and month, repetition, gaps and overlaps of the clock | `spec::runs` |
//! | boot, logon, session, idle, event and registration triggers, their delays and repetitions | `Oracle::script`, `Oracle::tick` |
//! | NumberOfOccurrences, PeriodOfOccurrence | `Oracle::logged` |
//! | RandomDelay: what is chosen is a matter of chance; that it may be, and what follows, is not | `Oracle::delay` |
//! | starts on demand, AllowStartOnDemand, conditions that are ignored | `Oracle::fire_alone` |
//! | StartBoundary, EndBoundary, Enabled of task and trigger, enabling and disabling | `Oracle::may_fire` |
//! | batteries, network, RunOnlyIfIdle | `Oracle::start` |
//! | the four policies | `Oracle::admit` |
//! | the system, InteractiveToken, Password, either of them, groups | `Oracle::users` |
//! | limits, StopIfGoingOnBatteries, StopOnIdleEnd, StopAtDurationEnd, RestartOnIdle | `Oracle::stop` |
//! | failures to start, RestartOnFailure | `Oracle::fail` |
//! | sleep, power-off, StartWhenAvailable | `Oracle::missed` |
//! | WakeToRun: when the machine is to wake up, and that what woke it was not missed | `Oracle::woken` |
//! | maintenance, its deadline, its interruption | `Oracle::maintenance` |
//! | Volatile | `Oracle::disable` |
//! | DeleteExpiredTaskAfter | `Oracle::expire` |
//!
//! Exclusive maintenance, which depends on other tasks, clocks that are set, updates of tasks and version 1 are not in it;
//! the scenarios in `testdata/scheduler` have those.

pub mod host;
pub mod oracle;
pub mod spec;

use spec::{Machine, Random, Spec};
use std::fmt::Write;

/// Something that the scheduler did with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A trigger, counted from 0, and the session.
    Start {
        trigger: Option<usize>,
        session: Option<u32>,
    },
    Stop,
    Delete,
}

/// What happened to a task, in seconds since 1970.
pub type History = Vec<(i64, Fact)>;

/// How many tasks share a machine.
pub const GROUP: usize = 8;

/// Simulates a machine with its tasks, and compares; how much happened. With a seed for it, the state is saved and loaded at
/// random.
pub fn simulate(seed: u64, days: i64, reload: bool) -> Result<usize, String> {
    let mut random = Random(seed);
    let machine = Machine::new(&mut random, days, GROUP);
    let specs: Vec<Spec> = (0..GROUP).map(|_| Spec::new(&mut random, days)).collect();
    let host::Found { histories, machine, delays, wakes: found_wakes } =
        host::run(&specs, &machine, seed, if reload { Some(Random(!seed)) } else { None });
    let mut facts = 0;
    let mut wakes = vec![None; found_wakes.len()];
    for (number, (spec, mut found)) in specs.iter().zip(histories).enumerate() {
        let oracle::Expected { history: mut expected, wakes: wanted } =
            oracle::run(spec, number, &machine, &delays[number], seed);
        for (first, wanted) in wakes.iter_mut().zip(wanted) {
            *first = [*first, wanted].into_iter().flatten().min();
        }
        expected.sort_unstable();
        found.sort_unstable();
        facts += found.len();
        if expected != found {
            let mut message = format!("seed {seed}, task {number}\n{}\n", spec.xml());
            let at = expected.iter().zip(&found).take_while(|(one, other)| one == other).count();
            for (what, list) in [("expected", &expected), ("found", &found)] {
                let list: Vec<_> = list.iter().skip(at.saturating_sub(2)).take(6).collect();
                _ = writeln!(message, "{what} {list:?}");
            }
            let when = expected.get(at).or(found.get(at)).map_or(0, |(when, _)| *when);
            let near: Vec<_> = machine.script.iter().filter(|(at, _)| (at - when).abs() < 200_000).collect();
            _ = writeln!(message, "machine {near:?}");
            return Err(message);
        }
    }
    // What is due later than that is not asked for.
    let wanted = found_wakes.iter().map(|wake| wake.filter(|wake| *wake < machine.until));
    match wakes.iter().zip(wanted).position(|(expected, found)| *expected != found) {
        Some(at) => {
            Err(format!("seed {seed}, sleep {at}: wakes at {:?}, found {:?}", wakes[at], found_wakes[at]))
        }
        None => Ok(facts),
    }
}

#[cfg(test)]
mod tests {
    use super::{host, simulate, spec};

    /// A few months of some tasks. `cargo bench --bench simulation` has ten years of many.
    #[test]
    fn tasks_start_and_stop_when_the_rules_say() {
        let mut facts = 0;
        for seed in 0..12 {
            facts += simulate(seed, 120, seed % 3 == 0).unwrap_or_else(|difference| panic!("{difference}"));
        }
        assert!(facts > 1000, "only {facts} starts and stops");
    }

    /// Equal seeds have equal histories, whether or not the state is saved and loaded meanwhile.
    #[test]
    fn histories_repeat() {
        let mut random = spec::Random(5);
        let machine = spec::Machine::new(&mut random, 60, 4);
        let specs: Vec<_> = (0..4).map(|_| spec::Spec::new(&mut random, 60)).collect();
        let once = host::run(&specs, &machine, 5, None);
        assert_eq!(host::run(&specs, &machine, 5, None), once);
        assert_eq!(host::run(&specs, &machine, 5, Some(spec::Random(9))), once);
    }
}
