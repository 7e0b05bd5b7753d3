//! Ten years of generated tasks against an oracle: what starts, stops and is deleted when.
//!
//! `cargo bench --bench simulation -- TASKS DAYS` sets the size; 800 tasks and 3,653 days unless stated, which
//! leaves CI its time. It uses two threads.

#[path = "../tests/shared/europe.rs"]
mod europe;
#[allow(unused_imports, reason = "its tests are for `cargo test`")]
#[path = "../tests/it/scheduler/simulation/mod.rs"]
mod simulation;

use simulation::{GROUP, simulate};
use std::{
    env,
    process::ExitCode,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    thread,
    time::Instant,
};

fn main() -> ExitCode {
    let sizes: Vec<i64> = env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let (tasks, days) = match sizes.as_slice() {
        [tasks, days] => (*tasks, *days),
        _ => (800, 3_653),
    };
    let machines = u64::try_from(tasks).expect("a size").div_ceil(GROUP as u64);
    let (begun, next) = (Instant::now(), AtomicU64::new(0));
    let (facts, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= machines {
                return;
            }
            match simulate(seed, days, seed % 50 == 0) {
                Ok(found) => _ = facts.fetch_add(found, Relaxed),
                Err(difference) => {
                    if wrong.fetch_add(1, Relaxed) < 3 {
                        println!("{difference}");
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let (facts, wrong) = (facts.into_inner(), wrong.into_inner());
    let tasks = machines * GROUP as u64;
    println!(
        "{tasks} tasks over {days} days: {facts} starts, stops and deletions, {wrong} of {machines} machines differ; {:.1?}",
        begun.elapsed()
    );
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
