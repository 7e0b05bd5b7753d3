//! Stores of many tasks against a store of few: what one call or event costs, and what a task occupies.
//!
//! A million tasks cannot be registered under callgrind in reasonable time, so these are times: each question is asked
//! many times in all stores by turns, and the fastest of each count. The ratio of two minima of one run says little
//! about the machine. What takes seconds (registering all tasks, loading a store) is counted in processor time, where
//! the system reports it.
//!
//! The queue of run times is measured by itself, with the file that the scheduler uses: the task at the top is removed and
//! inserted with its next time. The peer is the standard library's heap with as many entries.
//!
//! `cargo bench --bench scheduler -- SIZE…` sets the sizes; 10,000 and 100,000 unless stated. The aims are about a
//! million: `cargo bench --bench scheduler -- 10000 100000 1000000`.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cmp::Reverse,
    collections::BinaryHeap,
    env,
    hint::black_box,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};
use table::Row;
use time::{OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::TriggerKind,
    eventlog,
    rpc::schrpc::{
        SchRpcEnableTask, SchRpcGetTaskInfo, SchRpcRegisterTask, SchRpcRetrieveTask, TaskInfoFlags,
    },
    schedule::Patterns,
    scheduler::{Context, Effect, Event, Machine, NoAccounts, Options, Session, State, StoreKind},
    security::Sid,
};

/// Without the counting of instructions and allocations, which this bench does not need.
#[path = "support/table.rs"]
mod table;

/// The queue of the scheduler. It knows tasks by their numbers.
#[allow(dead_code, reason = "the bench uses the queue of run times alone")]
#[path = "../src/scheduler/timer.rs"]
mod timer;

/// What the queue takes from the store, and the form in which definitions are kept.
#[path = "../src/scheduler/store"]
mod store {
    pub(super) mod entry {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        pub(crate) struct TaskId(pub(crate) u32);
    }
    #[allow(dead_code, unused_imports, reason = "the bench only packs")]
    pub(super) mod packed;
}

/// The names that are a byte each in a packed definition.
#[path = "../src/definition"]
mod definition {
    #[allow(dead_code, unused_macros, reason = "the names are all that is wanted")]
    pub(super) mod names;
}

const START: OffsetDateTime = datetime!(2024-05-15 00:00 UTC);

/// The trigger of a task: ten of all wait for a logon, ten for an event, all others for their time of day.
fn trigger(n: usize, of: usize) -> String {
    let query = |id: usize| {
        format!(
            "<EventTrigger><Subscription>&lt;QueryList&gt;&lt;Query&gt;&lt;Select Path='Application'&gt;\
             *[System[EventID={id}]]&lt;/Select&gt;&lt;/Query&gt;&lt;/QueryList&gt;</Subscription></EventTrigger>"
        )
    };
    match n {
        0..10 => format!("<LogonTrigger><UserId>S-1-5-21-1-2-3-{}</UserId></LogonTrigger>", 1001),
        _ if n % 10 == 1 => query(n),
        _ => {
            let second = (n * 86_400 / of) % 86_400;
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            format!(
                "<CalendarTrigger><StartBoundary>2024-05-15T{hour:02}:{minute:02}:{second:02}</StartBoundary>\
                 <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>"
            )
        }
    }
}

fn path(n: usize) -> String {
    format!(r"\Bench{}\Task{n}", n % 100)
}

/// Registers a task; the text of its definition, as it is to be written.
fn register(state: &mut State, n: usize, of: usize) -> Option<Vec<u8>> {
    let xml = format!(
        r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Triggers>{}</Triggers><Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals><Settings><MultipleInstancesPolicy>Parallel</MultipleInstancesPolicy></Settings><Actions Context="Author"><Exec><Command>a.exe</Command></Exec></Actions></Task>"#,
        trigger(n, of)
    );
    let request = SchRpcRegisterTask {
        path: Some(path(n).as_str().into()),
        xml: xml.as_str().into(),
        ..SchRpcRegisterTask::default()
    };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    let step = state.call(&context, &request);
    assert!(step.reply.status.is_success(), "{}", step.reply.status);
    step.effects.into_iter().find_map(|effect| match effect {
        Effect::Write(stored) if stored.store == StoreKind::Xml => stored.content,
        _ => None,
    })
}

/// A store, how long it took to fill, and how many bytes it occupies.
struct Store {
    state: State,
    filled: Duration,
    bytes: usize,
    /// How many of them a task needs beside what it is by itself.
    beside: usize,
    now: OffsetDateTime,
    turn: usize,
    of: usize,
}

/// The bytes of what a task is by itself: its definition as it is kept, its name in both spellings, its triggers as they
/// are compiled, for run times and for events.
fn own(content: &[u8], n: usize) -> usize {
    let units: Vec<u16> =
        content.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).expect("a definition");
    let text = text.trim_start_matches('\u{FEFF}');
    let definition = held(|| store::packed::Packed::new(text));
    let task = wintask::xml::read_text(text, &wintask::xml::Options::default()).expect("a definition");
    let options = wintask::schedule::Options::default();
    let patterns = held(|| Patterns::of_task(&task, &options)) + size_of::<Patterns>();
    let queries = task.triggers.iter().filter_map(|trigger| match &trigger.kind {
        TriggerKind::Event(event) => Some(&event.subscription),
        _ => None,
    });
    let queries = queries
        .map(|query| held(|| eventlog::Query::parse_subscription(query)) + size_of::<eventlog::Query>());
    let name = path(n).rsplit('\\').next().map_or(0, |name| 2 * 2 * name.len());
    definition + patterns + queries.sum::<usize>() + name
}

/// The bytes that a value holds on to.
fn held<T>(make: impl FnOnce() -> T) -> usize {
    let before = IN_USE.load(Relaxed);
    let value = make();
    let held = IN_USE.load(Relaxed) - before;
    drop(value);
    held
}

/// How long this process has run on a processor; the wall clock where the system does not report it.
fn processor_time(begun: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").ok();
    let ran = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    ran.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

impl Store {
    fn new(of: usize) -> Self {
        let before = IN_USE.load(Relaxed);
        let clock = Instant::now();
        let begun = processor_time(clock);
        let mut state = State::new(Options::default(), 1);
        (0..of).for_each(|n| _ = black_box(register(&mut state, n, of)));
        let (filled, bytes) = (processor_time(clock) - begun, IN_USE.load(Relaxed) - before);
        // A sample of all says what the tasks themselves are.
        let mut sample = State::new(Options::default(), 1);
        let sampled: Vec<_> = (0..of).step_by(of / 1000 + 1).collect();
        let contents = sampled.iter().map(|n| own(&register(&mut sample, *n, of).expect("a definition"), *n));
        let own = contents.sum::<usize>() / sampled.len();
        Self { state, filled, bytes, beside: bytes / of - own, now: START, turn: 0, of }
    }

    /// The path of another task each time.
    fn path(&mut self) -> wintask::dtyp::WideString {
        self.turn = (self.turn + 7919) % self.of;
        path(self.turn.max(10)).as_str().into()
    }
}

/// What is asked of a store: the name, the question, and at most how much dearer it may be in the large one.
type Question = (&'static str, fn(&mut Store), f64);

const QUESTIONS: &[Question] = &[
    ("retrieve a task", retrieve, 1.5),
    ("information of a task", info, 1.5),
    ("enable a task", enable, 1.5),
    ("a logon that ten tasks wait for", logon, 1.5),
    ("an event that one task waits for", event, 1.5),
    ("a startup that no task waits for", startup, 1.5),
];

fn retrieve(store: &mut Store) {
    let request = SchRpcRetrieveTask { path: store.path(), ..SchRpcRetrieveTask::default() };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    let _ = black_box(store.state.call(&context, &request));
}

fn info(store: &mut Store) {
    let request = SchRpcGetTaskInfo { path: store.path(), flags: TaskInfoFlags::STATE };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    let _ = black_box(store.state.call(&context, &request));
}

fn enable(store: &mut Store) {
    let request = SchRpcEnableTask { path: store.path(), enabled: 1 };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    let _ = black_box(store.state.call(&context, &request));
}

/// Ends what has been started, so that the next question meets the same state.
fn settle(store: &mut Store, effects: Vec<Effect>, machine: &Machine) {
    let mut started = 0;
    for effect in effects {
        if let Effect::Start(start) = effect {
            started += 1;
            let context = Context::new(store.now, &UtcOffset::UTC, machine, &NoAccounts);
            let _ =
                black_box(store.state.event(&context, Event::Exited { instance: start.instance, code: 0 }));
        }
    }
    assert!(started > 0, "nothing was started");
}

fn logon(store: &mut Store) {
    let session = Session::new(1, r"HOST\alice", "S-1-5-21-1-2-3-1001".parse::<Sid>().expect("a SID"));
    let mut machine = Machine::default();
    machine.sessions.push(session.clone());
    let context = Context::new(store.now, &UtcOffset::UTC, &machine, &NoAccounts);
    let effects = store.state.event(&context, Event::Logon(session)).effects;
    settle(store, effects, &machine);
}

fn event(store: &mut Store) {
    let event: eventlog::Event =
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
        <Provider Name='P'/><EventID>5001</EventID><Channel>Application</Channel></System></Event>"
            .parse()
            .expect("an event");
    let machine = Machine::default();
    let context = Context::new(store.now, &UtcOffset::UTC, &machine, &NoAccounts);
    let effects = store.state.event(&context, Event::Logged(Box::new(event))).effects;
    settle(store, effects, &machine);
}

fn startup(store: &mut Store) {
    let machine = Machine::default();
    let context = Context::new(store.now, &UtcOffset::UTC, &machine, &NoAccounts);
    let _ = black_box(store.state.event(&context, Event::Boot { off_since: Some(store.now) }));
}

/// The fastest of many for each question, in all stores by turns. The questions take turns, too, so that what disturbs
/// the machine for a moment does not meet all rounds of one question.
fn fastest(stores: &mut [Store]) -> Vec<Vec<Duration>> {
    const PASSES: usize = 10;
    const ROUNDS: usize = 30;
    let mut all = vec![vec![Duration::MAX; stores.len()]; QUESTIONS.len()];
    for _ in 0..PASSES {
        for ((_, question, _), best) in QUESTIONS.iter().zip(&mut all) {
            for _ in 0..ROUNDS {
                for (best, store) in best.iter_mut().zip(stores.iter_mut()) {
                    let begun = Instant::now();
                    question(store);
                    *best = (*best).min(begun.elapsed());
                }
            }
        }
    }
    all
}

const FIRINGS: u32 = 1000;

/// What it costs to take the first of `n` from the standard library's heap and put it back for its next time, and the
/// same with the scheduler's queue, by turns.
fn queues(n: usize) -> (Duration, Duration) {
    let mut heap: BinaryHeap<_> = (0..n).map(|n| Reverse((n as i64, n as u32))).collect();
    let mut due: Vec<i64> = (0..n as i64).collect();
    let mut queue = timer::DueTasks::default();
    queue.rebuild((0..n as u32).map(|n| (i64::from(n), store::entry::TaskId(n))));
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..200 {
        let begun = Instant::now();
        for _ in 0..FIRINGS {
            let Some(Reverse((at, task))) = heap.pop() else { continue };
            heap.push(Reverse((at + n as i64, task)));
        }
        best.0 = best.0.min(begun.elapsed());
        let begun = Instant::now();
        for _ in 0..FIRINGS {
            let counts = |at: i64, task: store::entry::TaskId| due[task.0 as usize] == at;
            let Some((at, task)) = queue.first(counts) else { continue };
            due[task.0 as usize] = at + n as i64;
            queue.push(at + n as i64, task);
        }
        best.1 = best.1.min(begun.elapsed());
    }
    (best.0 / FIRINGS, best.1 / FIRINGS)
}

/// What a run costs, from the timer to the end of the task: of as many as come in an hour, in all stores by turns.
fn runs(stores: &mut [Store]) -> Vec<Duration> {
    let machine = Machine::default();
    let mut best = vec![Duration::MAX; stores.len()];
    for _ in 0..200 {
        for (best, store) in best.iter_mut().zip(stores.iter_mut()) {
            let Some(next) = store.state.next_wakeup() else { continue };
            store.now = next;
            let context = Context::new(next, &UtcOffset::UTC, &machine, &NoAccounts);
            let begun = Instant::now();
            let effects = store.state.event(&context, Event::Timer).effects;
            let count = effects.iter().filter(|effect| matches!(effect, Effect::Start(_))).count();
            settle(store, effects, &machine);
            *best = (*best).min(begun.elapsed() / u32::try_from(count.max(1)).expect("few"));
        }
    }
    best
}

/// Loads what was saved, as a service does that starts: every definition is read from its XML.
fn cold_start(store: &Store) -> Duration {
    let saved = serde_json::to_vec(&store.state).expect("a state");
    let clock = Instant::now();
    let begun = processor_time(clock);
    let loaded: State = serde_json::from_slice(&saved).expect("a state");
    let took = processor_time(clock) - begun;
    assert_eq!(loaded.task_count(), store.of);
    took
}

fn main() -> ExitCode {
    let sizes: Vec<usize> = env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes };
    let mut stores: Vec<Store> = sizes.iter().map(|size| Store::new(*size)).collect();
    let mut figures = Figures { sizes: sizes.clone(), rows: Vec::new() };
    print!("{:<44}", "");
    sizes.iter().for_each(|size| print!(" {size:>12}"));
    println!();
    let each = |time: Duration, store: &Store| time / u32::try_from(store.of).expect("a size");
    let registering: Vec<_> = stores.iter().map(|store| each(store.filled, store)).collect();
    figures.growth("registering a task", &registering, 2.0);
    for ((name, _, most), best) in QUESTIONS.iter().zip(fastest(&mut stores)) {
        figures.growth(name, &best, *most);
    }
    figures.growth("a run, from the timer to its end", &runs(&mut stores), 1.5);
    let (heap, queue): (Vec<_>, Vec<_>) = sizes.iter().map(|size| queues(*size)).unzip();
    figures.line("std's BinaryHeap, pop and push", &heap);
    figures.line("the queue, fire and re-arm", &queue);
    for ((heap, queue), size) in heap.iter().zip(&queue).zip(&sizes) {
        // A firing takes nanoseconds: those of a thousand.
        let (ours, theirs) = (nanoseconds(*queue * FIRINGS), nanoseconds(*heap * FIRINGS));
        let subject = format!("1,000 firings among {size} tasks, ns");
        figures.rows.push(Row { subject, peer: "std's BinaryHeap".to_owned(), ours, theirs, most: 1.25 });
    }
    let beside: Vec<_> = stores.iter().map(|store| store.beside).collect();
    figures.most("bytes of a task beside what it is", &beside, 256);
    let bytes: Vec<_> = stores.iter().map(|store| store.bytes / store.of).collect();
    figures.most("bytes of a task", &bytes, 700);
    // The aim is 10 µs.
    let started: Vec<_> = stores.iter().map(|store| each(cold_start(store), store)).collect();
    figures.line("cold start of a task", &started);
    let slowest = started.iter().max().map_or(0, |time| nanoseconds(*time));
    figures.limit("cold start of a task, ns", slowest, 25_000);
    table::print(&figures.rows)
}

/// Rows with a figure for each size, and the bounds.
struct Figures {
    sizes: Vec<usize>,
    rows: Vec<Row>,
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("short")
}

impl Figures {
    fn line<T: std::fmt::Debug>(&self, name: &str, figures: &[T]) {
        print!("{name:<44}");
        figures.iter().for_each(|figure| print!(" {:>12}", format!("{figure:.1?}")));
        println!();
    }

    /// How much dearer it is in the largest store than in the smallest.
    fn growth(&mut self, name: &str, figures: &[Duration], most: f64) {
        self.line(name, figures);
        let ([first, .., last], [small, .., large]) = (figures, self.sizes.as_slice()) else { return };
        let (subject, peer) = (format!("{name}, of {large}, ns"), format!("of {small}"));
        self.rows.push(Row { subject, peer, ours: nanoseconds(*last), theirs: nanoseconds(*first), most });
    }

    /// A figure that has a limit. The largest store counts: what grows by doubling is nearly full there.
    fn most(&mut self, name: &str, figures: &[usize], limit: u64) {
        self.line(name, figures);
        self.limit(name, figures.last().map_or(0, |figure| *figure as u64), limit);
    }

    fn limit(&mut self, name: &str, ours: u64, theirs: u64) {
        let (subject, peer) = (name.to_owned(), "the limit".to_owned());
        self.rows.push(Row { subject, peer, ours, theirs, most: 1.0 });
    }
}

static IN_USE: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: forwards every call to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        IN_USE.fetch_add(size, Relaxed);
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
