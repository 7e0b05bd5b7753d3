//! Years of generated tasks on a machine that sleeps, goes off, becomes idle, runs on batteries, loses its network, and whose
//! users come and go, against an oracle that knows the rules of the specification and none of this crate's code.
//!
//! [`spec`] generates tasks and machines, [`oracle`] says what starts, stops and is deleted when, for one task at a time and
//! by going through everything, and [`host`] lets the scheduler do the same.
//!
//! | feature | where |
//! |---|---|
//! | run times by day, week and month, repetition, gaps and overlaps of the clock | `spec::runs` |
//! | boot, logon, session and idle triggers, their delays and repetitions | `Oracle::script`, `Oracle::tick` |
//! | StartBoundary, EndBoundary, Enabled of task and trigger, enabling and disabling | `Oracle::may_fire` |
//! | batteries, network, RunOnlyIfIdle | `Oracle::start` |
//! | the four policies | `Oracle::admit` |
//! | InteractiveToken, groups, the system | `Oracle::users` |
//! | limits, StopIfGoingOnBatteries, StopOnIdleEnd, StopAtDurationEnd, RestartOnIdle | `Oracle::stop` |
//! | failures to start, RestartOnFailure | `Oracle::fail` |
//! | sleep, power-off, StartWhenAvailable | `Oracle::missed` |
//! | DeleteExpiredTaskAfter | `Oracle::expire` |
//!
//! What is random in the scheduler itself (RandomDelay), events, maintenance and starts on demand are not in it; the
//! scenarios in `testdata/scheduler` have those.

pub mod host;
pub mod oracle;
pub mod spec;

use spec::{Machine, Random, Spec};
use std::fmt::Write;

/// Something that the scheduler did with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A trigger, counted from 1, and the session.
    Start {
        trigger: Option<u32>,
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
    let found = host::run(&specs, &machine, seed, if reload { Some(Random(!seed)) } else { None });
    let mut facts = 0;
    for (number, (spec, mut found)) in specs.iter().zip(found).enumerate() {
        let mut expected = oracle::run(spec, number, &machine, seed);
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
    Ok(facts)
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
