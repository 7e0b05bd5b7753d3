//! A store of many tasks against a store of few: what one call or event costs, and what a task occupies.
//!
//! A million tasks cannot be registered under callgrind in reasonable time, so these are times: each question is asked
//! many times in both stores by turns, and the fastest of each count. The ratio of two minima of one run says little
//! about the machine.
//!
//! `cargo bench --bench scheduler -- SMALL LARGE` sets the sizes; 10,000 and 100,000 unless stated.

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
use time::{OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    eventlog,
    rpc::schrpc::{
        SchRpcEnableTask, SchRpcGetTaskInfo, SchRpcRegisterTask, SchRpcRetrieveTask, TaskInfoFlags,
    },
    scheduler::{Context, Effect, Event, Machine, NoAccounts, Options, Session, State},
    security::Sid,
};

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

fn register(state: &mut State, n: usize, of: usize) {
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
}

/// A store, how long it took to fill, and how many bytes it occupies.
struct Store {
    state: State,
    filled: Duration,
    bytes: usize,
    now: OffsetDateTime,
    turn: usize,
    of: usize,
}

impl Store {
    fn new(of: usize) -> Self {
        let before = IN_USE.load(Relaxed);
        let begun = Instant::now();
        let mut state = State::new(Options::default(), 1);
        (0..of).for_each(|n| register(&mut state, n, of));
        let (filled, bytes) = (begun.elapsed(), IN_USE.load(Relaxed) - before);
        Self { state, filled, bytes, now: START, turn: 0, of }
    }

    /// The path of another task each time.
    fn path(&mut self) -> wintask::dtyp::WideString {
        self.turn = (self.turn + 7919) % self.of;
        path(self.turn.max(10)).as_str().into()
    }
}

/// What is asked of a store: the name, the question, and at most how much dearer it may be in the large one.
const QUESTIONS: &[(&str, fn(&mut Store), f64)] = &[
    ("retrieve a task", retrieve, 1.5),
    ("information of a task", info, 1.5),
    ("enable a task", enable, 1.5),
    ("a logon that ten tasks wait for", logon, 1.5),
    ("an event that one task waits for", event, 1.5),
];

fn retrieve(store: &mut Store) {
    let request = SchRpcRetrieveTask { path: store.path(), ..SchRpcRetrieveTask::default() };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    black_box(store.state.call(&context, &request));
}

fn info(store: &mut Store) {
    let request = SchRpcGetTaskInfo { path: store.path(), flags: TaskInfoFlags::STATE };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    black_box(store.state.call(&context, &request));
}

fn enable(store: &mut Store) {
    let request = SchRpcEnableTask { path: store.path(), enabled: 1 };
    let machine = Machine::default();
    let context = Context::new(START, &UtcOffset::UTC, &machine, &NoAccounts);
    black_box(store.state.call(&context, &request));
}

/// Ends what has been started, so that the next question meets the same state.
fn settle(store: &mut Store, effects: Vec<Effect>, machine: &Machine) {
    let mut started = 0;
    for effect in effects {
        if let Effect::Start(start) = effect {
            started += 1;
            let context = Context::new(store.now, &UtcOffset::UTC, machine, &NoAccounts);
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

/// The fastest of many, in both stores by turns.
fn fastest(question: fn(&mut Store), small: &mut Store, large: &mut Store) -> (Duration, Duration) {
    const ROUNDS: usize = 300;
    let mut best = (Duration::MAX, Duration::MAX);
    let mut ask = |store: &mut Store| {
        let begun = Instant::now();
        question(store);
        begun.elapsed()
    };
    for _ in 0..ROUNDS {
        best.0 = best.0.min(ask(small));
        best.1 = best.1.min(ask(large));
    }
    best
}

/// What it costs to take the first of `n` from the standard library's heap and put it back later.
fn heap(n: usize) -> Duration {
    let mut heap: BinaryHeap<_> = (0..n).map(|n| Reverse((n as i64, n as u32))).collect();
    let mut best = Duration::MAX;
    for _ in 0..50 {
        let begun = Instant::now();
        for _ in 0..1000 {
            let Some(Reverse((at, task))) = heap.pop() else { continue };
            heap.push(Reverse((at + n as i64, task)));
        }
        best = best.min(begun.elapsed());
    }
    best / 1000
}

/// What a run costs, from the timer to the end of the task: of as many as come in an hour.
fn runs(store: &mut Store) -> Duration {
    let machine = Machine::default();
    let mut best = Duration::MAX;
    for _ in 0..200 {
        let Some(next) = store.state.next_wakeup() else { break };
        store.now = next;
        let context = Context::new(next, &UtcOffset::UTC, &machine, &NoAccounts);
        let begun = Instant::now();
        let effects = store.state.event(&context, Event::Timer).effects;
        let count = effects.iter().filter(|effect| matches!(effect, Effect::Start(_))).count();
        settle(store, effects, &machine);
        best = best.min(begun.elapsed() / u32::try_from(count.max(1)).expect("few"));
    }
    best
}

fn main() -> ExitCode {
    let sizes: Vec<usize> = env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let (few, many) = match sizes.as_slice() {
        [few, many] => (*few, *many),
        _ => (10_000, 100_000),
    };
    let (mut small, mut large) = (Store::new(few), Store::new(many));
    let mut kept = true;
    println!("{:<44} {:>12} {:>12}", "", few, many);
    let each = |store: &Store| store.filled / u32::try_from(store.of).expect("a size");
    let (one, other) = (each(&small), each(&large));
    row("registering a task", one, other, 2.0, &mut kept);
    for (name, question, most) in QUESTIONS {
        let (one, other) = fastest(*question, &mut small, &mut large);
        row(name, one, other, *most, &mut kept);
    }
    let (one, other) = (runs(&mut small), runs(&mut large));
    row("a run, from the timer to its end", one, other, 1.5, &mut kept);
    let (one, other) = (heap(few), heap(many));
    println!("{:<44} {one:>12?} {other:>12?}", "std's BinaryHeap, pop and push");
    let bytes = |store: &Store| store.bytes / store.of;
    let (one, other) = (bytes(&small), bytes(&large));
    let most = 1200;
    let verdict = if other <= most { "ok" } else { "TOO LARGE" };
    kept &= other <= most;
    println!("{:<44} {one:>12} {other:>12}  (at most {most}) {verdict}", "bytes of a task");
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(name: &str, small: Duration, large: Duration, most: f64, kept: &mut bool) {
    let ratio = large.as_secs_f64() / small.as_secs_f64();
    let verdict = if ratio <= most { "ok" } else { "TOO SLOW" };
    *kept &= ratio <= most;
    println!("{name:<44} {small:>12?} {large:>12?}  {ratio:.3} (at most {most}) {verdict}");
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
