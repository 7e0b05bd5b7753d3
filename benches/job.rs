//! Reading a .JOB file against a hand-written reader of the same fields and a straightforward nom parser; writing one
//! against a hand-written writer; recovering a sound file against parsing it; carving against a memchr scan of the same
//! buffer.

mod job_peers;
mod support;

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};
use support::{Bound, Row, Subject};
use wintask::job::{DaysOfWeek, Job, JobDate, MaxRunTime, RawJob, Schedule, Trigger, carve, recover};

/// A file like those that updaters leave: five strings, some 380 units, one repeated daily trigger.
fn typical() -> Vec<u8> {
    let daily = Trigger::new(Schedule::Daily { days_interval: 1 }, JobDate::new(2023, 7, 12), 15, 42);
    let comment = "Keeps the example software up to date. If this task is disabled or stopped, the software will not be \
                   kept up to date, security holes that arise cannot be mended and features may not work. The task \
                   removes itself when no software uses it any more.";
    let job = Job::new(uuid::Uuid::from_u128(42), r"C:\Program Files (x86)\Example\Update\ExampleUpdate.exe")
        .with_parameters("/ua /installsource scheduler")
        .with_author("Brenda")
        .with_comment(comment)
        .with_trigger(Trigger { minutes_interval: 60, minutes_duration: 1440, ..daily })
        .with_trigger(Trigger::new(
            Schedule::Weekly { weeks_interval: 1, days_of_week: DaysOfWeek::MONDAY },
            JobDate::new(2023, 7, 12),
            9,
            0,
        ));
    Job { maximum_run_time: MaxRunTime::NO_LIMIT, ..job }.to_bytes().expect("a job that fits")
}

fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "Job::parse",
            prepare: || {
                let bytes = typical();
                Box::new(move || drop(black_box(Job::parse(black_box(&bytes)))))
            },
        },
        Subject {
            name: "RawJob::parse",
            prepare: || {
                let bytes = typical();
                Box::new(move || drop(black_box(RawJob::parse(black_box(&bytes)))))
            },
        },
        Subject {
            name: "hand-written",
            prepare: || {
                let bytes = typical();
                Box::new(move || drop(black_box(job_peers::hand_written(black_box(&bytes)))))
            },
        },
        Subject {
            name: "nom",
            prepare: || {
                let bytes = typical();
                Box::new(move || drop(black_box(job_peers::straightforward_nom(black_box(&bytes)))))
            },
        },
        Subject {
            name: "recover",
            prepare: || {
                let bytes = typical();
                Box::new(move || drop(black_box(recover(black_box(&bytes)))))
            },
        },
        Subject {
            name: "Job::to_bytes",
            prepare: || {
                let job = Job::parse(&typical()).expect("a sound file");
                Box::new(move || drop(black_box(black_box(&job).to_bytes())))
            },
        },
        Subject {
            name: "hand-written, writing",
            prepare: || {
                let bytes = typical();
                let job = job_peers::hand_written(&bytes).expect("a sound file");
                assert_eq!(job_peers::write(&job), bytes);
                Box::new(move || drop(black_box(job_peers::write(black_box(&job)))))
            },
        },
    ]
}

const BOUNDS: &[Bound] = &[
    Bound { subject: "Job::parse", peer: "hand-written", most: 1.5 },
    Bound { subject: "Job::parse", peer: "nom", most: 0.35 },
    Bound { subject: "recover", peer: "Job::parse", most: 2.0 },
    Bound { subject: "Job::to_bytes", peer: "hand-written, writing", most: 1.5 },
];

const MEGABYTES: usize = 64;

/// Bytes of a linear congruential generator.
fn random(size: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(size)
    .collect()
}

/// Zeros that were written, so that each page is a page of its own.
fn zeros(size: usize) -> Vec<u8> {
    let mut bytes = vec![1; size];
    black_box(&mut bytes).fill(0);
    bytes
}

/// Consecutive headers that carving must check closely: everything is right up to the last string.
fn near_misses(size: usize) -> Vec<u8> {
    let mut miss = Job::new(uuid::Uuid::from_u128(7), "a").to_bytes().expect("a job that fits");
    let comment = 70 + 2 + 4 + 3 * 2;
    miss.truncate(comment);
    miss.extend([1, 0, 0x41, 0]);
    miss.iter().copied().cycle().take(size).collect()
}

/// The fastest of several runs, the least disturbed one.
fn fastest(run: impl Fn()) -> Duration {
    (0..7)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .expect("at least one run")
}

/// Carving's time against that of a memchr scan of the same buffer, by the wall clock.
fn carving() -> Vec<Row> {
    /// At least a quarter of the throughput.
    const MOST: f64 = 4.0;
    /// With a candidate every 86 bytes, at most this often the search for the candidates alone. A scan of memory says
    /// little about that: how fast it is differs by more than a factor of two between machines.
    const MOST_OF_SEARCH: f64 = 2.5;
    type Buffer = fn(usize) -> Vec<u8>;
    let buffers: [(&str, Buffer); 3] = [("random", random), ("zeros", zeros), ("near-misses", near_misses)];
    let rows = buffers.into_iter().map(|(name, buffer)| {
        let buffer = buffer(MEGABYTES << 20);
        let of_search = name == "near-misses";
        // A byte that a scan does not find, in any of the three.
        let needle = (0..=255).find(|b| !buffer.contains(b)).unwrap_or(0x46);
        let scan = fastest(|| {
            black_box(if of_search {
                memchr::memmem::find_iter(black_box(&buffer), &[0x46, 0]).count()
            } else {
                memchr::memchr_iter(needle, black_box(&buffer)).count()
            });
        });
        let carved = fastest(|| {
            black_box(carve(black_box(&buffer)).count());
        });
        Row {
            subject: format!("carve {MEGABYTES} MiB of {name}, µs"),
            peer: if of_search { "memmem search for candidates" } else { "memchr scan" }.to_owned(),
            ours: carved.as_micros() as u64,
            theirs: scan.as_micros() as u64,
            most: if of_search { MOST_OF_SEARCH } else { MOST },
        }
    });
    rows.collect()
}

fn main() -> ExitCode {
    support::run_with(&subjects(), BOUNDS, carving)
}
