//! Generated tasks and machines, and the run times of a trigger by going through all days.

/// The first second: 1 January 2024, 00:00 UTC.
pub const START: i64 = 19_723 * DAY;
pub const DAY: i64 = 86_400;
/// How many kinds of events are logged.
const EVENTS: i64 = 3;

/// SplitMix64.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: i64) -> i64 {
        (self.next() % n as u64) as i64
    }

    /// One time in `n`.
    pub fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }
}

/// The year, month and day of a number of days since 1970.
pub fn date(days: i64) -> (i64, i64, i64) {
    let (mut year, mut left) = (1970, days);
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let mut month = 1;
    while left >= length(year, month) {
        left -= length(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Sunday is 0.
pub fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// The number of days since 1970 of a date.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    years + (1..month).map(|month| length(year, month)).sum::<i64>() + day - 1
}

/// When clocks change in western Europe: the last Sundays of March and October, at 01:00 UTC.
fn changes(year: i64) -> (i64, i64) {
    let last_sunday = |month| {
        let last = days_of(year, month, length(year, month));
        (last - weekday(last)) * DAY + 3600
    };
    (last_sunday(3), last_sunday(10))
}

/// The instant at which the clock shows a time: the first instant after a gap, and the first of two.
pub fn instant(local: i64) -> i64 {
    let (spring, autumn) = changes(date(local.div_euclid(DAY)).0);
    // In spring it shows 02:00 and then 03:00, in autumn 03:00 and then 02:00.
    if local < spring + 3600 {
        local - 3600
    } else if local < spring + 7200 {
        spring
    } else if local < autumn + 7200 {
        local - 7200
    } else {
        local - 3600
    }
}

#[derive(Clone, Debug)]
pub enum Days {
    Once,
    Every(i64),
    /// In every n-th week, on these days.
    Week(i64, i64),
    /// On these days of these months; bit 0 is the first.
    Month(i64, i64),
}

#[derive(Clone, Debug, PartialEq)]
pub enum On {
    Boot,
    /// A user: 0 for alice, 1 for bob, anyone.
    Logon(Option<u32>),
    Lock(Option<u32>),
    Unlock(Option<u32>),
    Idle,
    /// An event with this id: one time of so many, of which none is older than this.
    Event {
        id: i64,
        times: usize,
        within: Option<i64>,
    },
    Registration,
}

#[derive(Clone, Debug)]
pub struct Trigger {
    /// What it waits for, if not for a time.
    pub on: Option<On>,
    pub days: Days,
    /// By the clock.
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub enabled: bool,
    /// Interval and duration in seconds; without a duration it goes on indefinitely.
    pub repetition: Option<(i64, Option<i64>)>,
    pub stop_at_end: bool,
    pub delay: i64,
    /// The most by which a scheduled run is delayed.
    pub random_delay: i64,
    pub limit: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy {
    IgnoreNew,
    Parallel,
    Queue,
    StopExisting,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Runs {
    System,
    /// In alice's session.
    Alice,
    /// For each user.
    Group,
    /// As alice, with her password.
    Stored,
    /// In alice's session, or with her password.
    Either,
}

/// A task.
#[derive(Clone, Debug)]
pub struct Spec {
    pub triggers: Vec<Trigger>,
    pub policy: Policy,
    pub runs: Runs,
    pub when_available: bool,
    pub not_on_battery: bool,
    pub stop_on_battery: bool,
    pub network: bool,
    pub only_if_idle: bool,
    pub stop_on_idle_end: bool,
    pub restart_on_idle: bool,
    /// Whether it may be run on demand.
    pub on_demand: bool,
    pub wake: bool,
    pub volatile: bool,
    /// Period and deadline in days.
    pub maintenance: Option<(i64, Option<i64>)>,
    /// Interval and count.
    pub retry: Option<(i64, u32)>,
    pub limit: Option<i64>,
    pub expires: Option<i64>,
    /// The duration of a run.
    pub length: i64,
    /// One start in this number fails.
    pub fails: i64,
}

impl Spec {
    pub fn new(random: &mut Random, days: i64) -> Self {
        let policy = [Policy::IgnoreNew, Policy::Parallel, Policy::Queue, Policy::StopExisting]
            [random.below(4) as usize];
        let triggers: Vec<_> = (0..1 + random.below(3)).map(|_| Trigger::new(random, days)).collect();
        let ends = triggers.iter().all(|trigger| trigger.end.is_some());
        Self {
            triggers,
            policy,
            runs: [Runs::System, Runs::System, Runs::Alice, Runs::Group, Runs::Stored, Runs::Either]
                [random.below(6) as usize],
            when_available: random.one_in(2),
            not_on_battery: random.one_in(3),
            stop_on_battery: random.one_in(3),
            network: random.one_in(5),
            only_if_idle: random.one_in(5),
            stop_on_idle_end: random.one_in(2),
            restart_on_idle: random.one_in(2),
            on_demand: !random.one_in(5),
            wake: random.one_in(4),
            volatile: random.one_in(20),
            maintenance: random.one_in(8).then(|| {
                let period = 1 + random.below(9);
                (period, random.one_in(2).then(|| period + 1 + random.below(9)))
            }),
            retry: random.one_in(2).then(|| (60 * (1 + random.below(40)) + 17, 1 + random.below(3) as u32)),
            limit: random.one_in(4).then(|| 60 * (1 + random.below(30)) + 3),
            expires: (ends && random.one_in(2)).then(|| 60 * random.below(10_000)),
            length: 60 * random.below(if policy == Policy::Queue { 15 } else { 45 }) + 13,
            fails: 2 + random.below(8),
        }
    }

    pub fn xml(&self) -> String {
        let flag = |name: &str, value: bool| format!("<{name}>{value}</{name}>");
        // Definitions are read at each start: what is as usual is left out.
        let rare = |name: &str, value: bool, usual: bool| {
            if value == usual { String::new() } else { flag(name, value) }
        };
        let triggers: String = self.triggers.iter().map(Trigger::xml).collect();
        let principal = match self.runs {
            Runs::System => "<UserId>S-1-5-18</UserId>",
            Runs::Alice => "<UserId>HOST\\alice</UserId><LogonType>InteractiveToken</LogonType>",
            Runs::Stored => "<UserId>HOST\\alice</UserId><LogonType>Password</LogonType>",
            Runs::Either => "<UserId>HOST\\alice</UserId><LogonType>InteractiveTokenOrPassword</LogonType>",
            Runs::Group => "<GroupId>S-1-5-32-545</GroupId>",
        };
        let retry = self.retry.map_or(String::new(), |(interval, count)| {
            format!("<RestartOnFailure><Interval>PT{interval}S</Interval><Count>{count}</Count></RestartOnFailure>")
        });
        let limit = self.limit.unwrap_or(0);
        let expires = self.expires.map_or(String::new(), |after| {
            format!("<DeleteExpiredTaskAfter>PT{after}S</DeleteExpiredTaskAfter>")
        });
        let maintenance = self.maintenance.map_or(String::new(), |(period, deadline)| {
            let deadline =
                deadline.map_or(String::new(), |deadline| format!("<Deadline>P{deadline}D</Deadline>"));
            format!(
                "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine>\
                 <MaintenanceSettings><Period>P{period}D</Period>{deadline}</MaintenanceSettings>"
            )
        });
        format!(
            "<Task version=\"1.4\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
             <Triggers>{triggers}</Triggers><Principals><Principal id=\"P\">{principal}</Principal></Principals>\
             <Settings>{retry}<MultipleInstancesPolicy>{:?}</MultipleInstancesPolicy>{}{}{}{}{}{}{}{}\
             <ExecutionTimeLimit>PT{limit}S</ExecutionTimeLimit>{expires}{maintenance}\
             <IdleSettings>{}{}</IdleSettings></Settings>\
             <Actions Context=\"P\"><Exec><Command>a.exe</Command></Exec></Actions></Task>",
            self.policy,
            flag("StartWhenAvailable", self.when_available),
            flag("DisallowStartIfOnBatteries", self.not_on_battery),
            flag("StopIfGoingOnBatteries", self.stop_on_battery),
            flag("RunOnlyIfNetworkAvailable", self.network),
            flag("RunOnlyIfIdle", self.only_if_idle),
            rare("AllowStartOnDemand", self.on_demand, true),
            rare("WakeToRun", self.wake, false),
            rare("Volatile", self.volatile, false),
            flag("StopOnIdleEnd", self.stop_on_idle_end),
            flag("RestartOnIdle", self.restart_on_idle),
        )
    }
}

/// A boundary.
fn boundary(local: i64) -> String {
    let ((year, month, day), second) = (date(local.div_euclid(DAY)), local.rem_euclid(DAY));
    format!("{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

impl Trigger {
    fn new(random: &mut Random, days: i64) -> Self {
        let user = |random: &mut Random| (!random.one_in(2)).then(|| random.below(2) as u32);
        let on = match random.below(12) {
            0 => Some(On::Boot),
            1 => Some(On::Logon(user(random))),
            2 => Some(On::Idle),
            3 => Some(if random.one_in(2) { On::Lock(user(random)) } else { On::Unlock(user(random)) }),
            4 | 5 => Some(On::Event {
                id: random.below(EVENTS),
                times: 1 + random.below(3) as usize,
                within: random.one_in(2).then(|| 3600 * (1 + random.below(200))),
            }),
            6 if random.one_in(3) => Some(On::Registration),
            _ => None,
        };
        // By night the clock changes, which is what is wanted.
        let second = 60 * if random.one_in(3) { 60 + random.below(180) } else { random.below(1440) };
        let first = START + DAY * random.below(days) + second;
        let days_of = match random.below(5) {
            0 => Days::Once,
            1 => Days::Every(1 + random.below(40)),
            2 | 3 => Days::Week(1 + random.below(5), 1 + random.below(127)),
            _ => Days::Month((1 + random.below((1 << 31) - 1)) & 0x4210_8421, 1 + random.below(4095)),
        };
        let days_of = match days_of {
            Days::Month(0, months) => Days::Month(1 << 30, months),
            other => other,
        };
        let timed = on.is_none();
        let once = matches!(days_of, Days::Once) && timed;
        let repetition = match random.below(4) {
            0 => Some((60 * (30 + random.below(150)), Some(3600 * (4 + random.below(3))))),
            1 if once => Some((60 * (1440 + random.below(9000)), None)),
            _ => None,
        };
        let has_start = timed || random.one_in(3);
        Self {
            delay: if timed || on == Some(On::Idle) || random.one_in(2) {
                0
            } else {
                60 * random.below(50) + 11
            },
            random_delay: if timed && random.one_in(3) { 1 + random.below(3600) } else { 0 },
            on,
            days: days_of,
            start: has_start.then_some(first),
            end: random.one_in(3).then(|| first + 60 * random.below(days * 1440)),
            enabled: !random.one_in(10),
            stop_at_end: repetition.is_some_and(|(_, lasting)| lasting.is_some()) && random.one_in(2),
            repetition,
            limit: random.one_in(5).then(|| 60 * (1 + random.below(30)) + 3),
        }
    }

    fn xml(&self) -> String {
        let mut common = format!("<Enabled>{}</Enabled>", self.enabled);
        for (name, at) in [("StartBoundary", self.start), ("EndBoundary", self.end)] {
            if let Some(at) = at {
                common += &format!("<{name}>{}</{name}>", boundary(at));
            }
        }
        if let Some((interval, lasting)) = self.repetition {
            let lasting =
                lasting.map_or(String::new(), |lasting| format!("<Duration>PT{lasting}S</Duration>"));
            let stops = if self.stop_at_end { "<StopAtDurationEnd>true</StopAtDurationEnd>" } else { "" };
            common += &format!("<Repetition><Interval>PT{interval}S</Interval>{lasting}{stops}</Repetition>");
        }
        if let Some(limit) = self.limit {
            common += &format!("<ExecutionTimeLimit>PT{limit}S</ExecutionTimeLimit>");
        }
        let delay = if self.delay > 0 { format!("<Delay>PT{}S</Delay>", self.delay) } else { String::new() };
        let user = |user: &Option<u32>| {
            user.map_or(String::new(), |user| {
                format!("<UserId>{}</UserId>", super::host::USERS[user as usize].0)
            })
        };
        let change = |name: &str, user: String| {
            format!(
                "<SessionStateChangeTrigger>{common}{user}{delay}<StateChange>{name}</StateChange></SessionStateChangeTrigger>"
            )
        };
        match &self.on {
            Some(On::Boot) => format!("<BootTrigger>{common}{delay}</BootTrigger>"),
            Some(On::Logon(who)) => format!("<LogonTrigger>{common}{}{delay}</LogonTrigger>", user(who)),
            Some(On::Lock(who)) => change("SessionLock", user(who)),
            Some(On::Unlock(who)) => change("SessionUnlock", user(who)),
            Some(On::Idle) => format!("<IdleTrigger>{common}</IdleTrigger>"),
            Some(On::Registration) => {
                format!("<RegistrationTrigger>{common}{delay}</RegistrationTrigger>")
            }
            Some(On::Event { id, times, within }) => {
                let within = within.map_or(String::new(), |within| {
                    format!("<PeriodOfOccurrence>PT{within}S</PeriodOfOccurrence>")
                });
                format!(
                    "<EventTrigger>{common}<Subscription>&lt;QueryList&gt;&lt;Query&gt;\
                     &lt;Select Path='Application'&gt;*[System[EventID={id}]]&lt;/Select&gt;&lt;/Query&gt;\
                     &lt;/QueryList&gt;</Subscription>{delay}{within}\
                     <NumberOfOccurrences>{times}</NumberOfOccurrences></EventTrigger>"
                )
            }
            None if self.random_delay > 0 => {
                self.timed(&format!("{common}<RandomDelay>PT{}S</RandomDelay>", self.random_delay))
            }
            None => self.timed(&common),
        }
    }

    fn timed(&self, common: &str) -> String {
        const WEEK: [&str; 7] =
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
        const YEAR: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let named = |names: &[&str], bits: i64| -> String {
            let set = names.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
            set.map(|(_, name)| format!("<{name}/>")).collect()
        };
        let days = match self.days {
            Days::Once => return format!("<TimeTrigger>{common}</TimeTrigger>"),
            Days::Every(n) => format!("<ScheduleByDay><DaysInterval>{n}</DaysInterval></ScheduleByDay>"),
            Days::Week(n, days) => format!(
                "<ScheduleByWeek><WeeksInterval>{n}</WeeksInterval><DaysOfWeek>{}</DaysOfWeek></ScheduleByWeek>",
                named(&WEEK, days)
            ),
            Days::Month(days, months) => {
                let days: String = (0..31)
                    .filter(|bit| days >> bit & 1 == 1)
                    .map(|bit| format!("<Day>{}</Day>", bit + 1))
                    .collect();
                format!(
                    "<ScheduleByMonth><DaysOfMonth>{days}</DaysOfMonth><Months>{}</Months></ScheduleByMonth>",
                    named(&YEAR, months)
                )
            }
        };
        format!("<CalendarTrigger>{common}{days}</CalendarTrigger>")
    }

    /// The starts by the calendar, without repetitions, until an instant.
    pub fn starts(&self, until: i64) -> Vec<i64> {
        let Some(start) = self.start.filter(|_| self.on.is_none()) else { return Vec::new() };
        let (first, second) = (start.div_euclid(DAY), start.rem_euclid(DAY));
        let end = self.end.map_or(i64::MAX, instant);
        let mut starts = Vec::new();
        for day in first..=until / DAY + 1 {
            let (_, month, of_month) = date(day);
            let runs = match self.days {
                Days::Once => day == first,
                Days::Every(n) => (day - first) % n == 0,
                Days::Week(n, days) => {
                    let weeks = (day - weekday(day) - (first - weekday(first))) / 7;
                    days >> weekday(day) & 1 == 1 && weeks % n == 0
                }
                Days::Month(days, months) => {
                    days >> (of_month - 1) & 1 == 1 && months >> (month - 1) & 1 == 1
                }
            };
            let at = instant(day * DAY + second);
            if runs && at <= until && at <= end {
                starts.push(at);
            }
        }
        starts
    }

    /// All run times, with repetitions.
    pub fn runs(&self, until: i64) -> Vec<i64> {
        let end = self.end.map_or(i64::MAX, instant).min(until);
        let mut runs = Vec::new();
        for start in self.starts(until) {
            runs.push(start);
            if let Some((interval, lasting)) = self.repetition {
                let last = lasting.map_or(end, |lasting| end.min(start + lasting));
                runs.extend((1..).map(|n| start + n * interval).take_while(|at| *at <= last));
            }
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    }
}

/// Something that happens to the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happens {
    Sleep,
    Wake,
    /// It went off then; these users have sessions afterwards.
    Boot {
        off: i64,
        users: [bool; 2],
    },
    Idle,
    Busy,
    Battery(bool),
    Network(bool),
    Logon(u32),
    Logoff(u32),
    Lock(u32),
    Unlock(u32),
    Enable(usize, bool),
    /// An event was logged.
    Logged(i64),
    /// Someone runs a task; its conditions may be ignored.
    Run(usize, bool),
    /// The hour of maintenance begins.
    Maintenance,
}

/// What happens to a machine, in order; never two things at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub script: Vec<(i64, Happens)>,
    pub until: i64,
}

impl Machine {
    pub fn new(random: &mut Random, days: i64, tasks: usize) -> Self {
        let until = START + days * DAY;
        let (mut script, mut at) = (Vec::new(), START + 7);
        let (mut idle, mut battery, mut network, mut users) = (false, false, true, [false; 2]);
        loop {
            at += 60 * (1 + if random.one_in(3) { random.below(30) } else { random.below(2000) });
            let gap = 60 * (2 + if random.one_in(2) { random.below(120) } else { random.below(3000) });
            if at + gap >= until {
                return Self { script, until };
            }
            let user = random.below(2) as usize;
            match random.below(18) {
                0 | 1 => {
                    script.push((at, Happens::Sleep));
                    at += gap;
                    script.push((at, Happens::Wake));
                }
                2 => {
                    let off = at;
                    at += gap;
                    users = [random.one_in(2), random.one_in(2)];
                    idle = false;
                    script.push((at, Happens::Boot { off, users }));
                }
                3..=5 => {
                    idle = !idle;
                    script.push((at, if idle { Happens::Idle } else { Happens::Busy }));
                }
                6 | 7 => {
                    battery = !battery;
                    script.push((at, Happens::Battery(battery)));
                }
                8 => {
                    network = !network;
                    script.push((at, Happens::Network(network)));
                }
                9 | 10 => {
                    users[user] = !users[user];
                    let who = user as u32;
                    script.push((at, if users[user] { Happens::Logon(who) } else { Happens::Logoff(who) }));
                }
                11 | 12 if users[user] => {
                    let who = user as u32;
                    script
                        .push((at, if random.one_in(2) { Happens::Lock(who) } else { Happens::Unlock(who) }));
                }
                13 | 14 => script.push((at, Happens::Logged(random.below(EVENTS)))),
                15 => {
                    script.push((at, Happens::Run(random.below(tasks as i64) as usize, random.one_in(3))));
                }
                16 => script.push((at, Happens::Maintenance)),
                _ if random.one_in(4) => {
                    script.push((at, Happens::Enable(random.below(tasks as i64) as usize, random.one_in(2))));
                }
                _ => {}
            }
        }
    }
}

/// Whether the n-th start of a task fails.
pub fn fails(spec: &Spec, seed: u64, task: usize, n: usize) -> bool {
    Random(seed ^ (task as u64) << 40 ^ n as u64).one_in(spec.fails)
}
