//! Instruction counts by callgrind, as ratios within one run.
//!
//! A bench binary lists its subjects. For each it runs itself again under `valgrind --tool=callgrind`, collecting only
//! while [`measured`] is on the stack, so that preparing the input and the first call (which sets up what is set up
//! once) do not count. Counts do not depend on the machine's load. A broken bound, or a missing valgrind,
//! fails the run.

mod table;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    env,
    hint::black_box,
    num::NonZero,
    process::{Command, ExitCode},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    thread,
};
pub use table::Row;
use table::print;

/// A subject: its name, and a function that prepares the input and returns the call.
pub struct Subject {
    pub name: &'static str,
    pub prepare: fn() -> Box<dyn Fn()>,
}

/// An upper bound: at most `most` times the instructions of another subject.
pub struct Bound {
    pub subject: &'static str,
    pub peer: &'static str,
    pub most: f64,
}

/// Runs the call; callgrind collects here and nowhere else.
#[inline(never)]
fn measured(call: &dyn Fn()) {
    black_box(call)();
    black_box(());
}

/// The main function of a bench binary.
#[allow(dead_code, reason = "some binaries have more to measure")]
pub fn run(subjects: &[Subject], bounds: &[Bound]) -> ExitCode {
    run_with(subjects, bounds, Vec::new)
}

/// The same with rows that are measured in another way.
pub fn run_with(subjects: &[Subject], bounds: &[Bound], more: fn() -> Vec<Row>) -> ExitCode {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some("--subject") {
        let name = arguments.next().expect("a subject's name");
        let subject = subjects.iter().find(|s| s.name == name).expect("a known subject");
        let call = (subject.prepare)();
        call();
        measured(&call);
        return ExitCode::SUCCESS;
    }
    println!("{:<44} {:>14} {:>12} {:>12}", "subject", "instructions", "allocations", "bytes");
    let mut counts = Vec::new();
    for (subject, instructions) in subjects.iter().zip(instructions_of_all(subjects)) {
        let (allocations, bytes) = allocations(subject);
        println!("{:<44} {instructions:>14} {allocations:>12} {bytes:>12}", subject.name);
        counts.push((subject.name, instructions));
    }
    let count = |name: &str| counts.iter().find(|(known, _)| *known == name).expect("a known subject").1;
    let bounds = bounds.iter().map(|Bound { subject, peer, most }| Row {
        subject: (*subject).to_owned(),
        peer: (*peer).to_owned(),
        ours: count(subject),
        theirs: count(peer),
        most: *most,
    });
    print(&bounds.chain(more()).collect::<Vec<_>>())
}

/// Instructions of one measured call of each, with as many at a time as there are processors.
fn instructions_of_all(subjects: &[Subject]) -> Vec<u64> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let of_some = |some: &[Subject]| {
        thread::scope(|scope| {
            let all: Vec<_> = some.iter().map(|one| scope.spawn(|| instructions(one.name))).collect();
            all.into_iter().map(|one| one.join().expect("a count")).collect::<Vec<_>>()
        })
    };
    subjects.chunks(processors).flat_map(of_some).collect()
}

/// Instructions of one measured call.
fn instructions(subject: &str) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=*support::measured*")
        .arg(env::current_exe().expect("the path of this binary"))
        .args(["--subject", subject])
        .output()
        .expect("valgrind is needed to count instructions");
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, n)| n.trim());
    let count = collected.and_then(|n| n.parse().ok()).unwrap_or(0);
    assert!(output.status.success() && count > 0, "callgrind measured nothing of {subject}:\n{log}");
    count
}

/// Rows for the allocations of one call, held against those of the peer.
#[allow(dead_code, reason = "only some binaries have such bounds")]
pub fn allocation_rows(subjects: &[Subject], bounds: &[Bound]) -> Vec<Row> {
    let count =
        |name: &str| allocations(subjects.iter().find(|s| s.name == name).expect("a known subject")).0;
    let row = |Bound { subject, peer, most }: &Bound| Row {
        subject: format!("{subject}, allocations"),
        peer: (*peer).to_owned(),
        ours: count(subject),
        theirs: count(peer),
        most: *most,
    };
    bounds.iter().map(row).collect()
}

/// A row for the allocations of one call, which has at most a number of them.
#[allow(dead_code, reason = "only some binaries have such bounds")]
pub fn most_allocations(subject: &Subject, limit: u64) -> Row {
    let (ours, name) = (allocations(subject).0, subject.name);
    Row {
        subject: format!("{name}, allocations"),
        peer: "the limit".to_owned(),
        ours,
        theirs: limit,
        most: 1.0,
    }
}

/// A row for the memory that a value occupies, with what it points to: at most a number of bytes.
#[allow(dead_code, reason = "only some binaries have such bounds")]
pub fn most_memory<T>(subject: &str, limit: u64, value: impl FnOnce() -> T) -> Row {
    let before = IN_USE.load(Relaxed);
    let value = black_box(value());
    let ours = IN_USE.load(Relaxed) - before + size_of::<T>() as u64;
    drop(value);
    Row { subject: format!("{subject}, bytes"), peer: "the limit".to_owned(), ours, theirs: limit, most: 1.0 }
}

/// The allocations of one call: their number and their bytes.
fn allocations(subject: &Subject) -> (u64, u64) {
    let call = (subject.prepare)();
    call();
    let before = (ALLOCATIONS.load(Relaxed), BYTES.load(Relaxed));
    call();
    (ALLOCATIONS.load(Relaxed) - before.0, BYTES.load(Relaxed) - before.1)
}

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static IN_USE: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: forwards every call to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as u64, Relaxed);
        IN_USE.fetch_add(layout.size() as u64, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size() as u64, Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(size.saturating_sub(layout.size()) as u64, Relaxed);
        IN_USE.fetch_add(size as u64, Relaxed);
        IN_USE.fetch_sub(layout.size() as u64, Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
