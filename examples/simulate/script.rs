//! The script: what happens to the machine and to tasks, one line each.

use super::shared::civil;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};
use wintask::{
    definition::SessionStateChange,
    time::{XsDuration, Zone},
};

/// The lines that a script may have.
pub const HELP: &str = "\
A script has one event per line. # starts a comment.

  TIME idle | busy | battery | mains | online | offline | sleep | wake | maintenance
  TIME boot [off since TIME]
  TIME logon SESSION USER | logoff SESSION
  TIME connect | disconnect | remote-connect | remote-disconnect | lock | unlock SESSION
  TIME run | stop | enable | disable TASK
  TASK lasts DURATION [exit CODE]      how long the task's actions run; by default PT1S with exit code 0
  TASK fails CODE                      the task's actions fail to start

TIME is a local time: 2024-05-15T10:00. TASK is a path: \\Backup. SESSION is a number, USER is a name: HOST\\alice.
";

/// What happens.
#[derive(Clone, Debug)]
pub enum Happening {
    Idle,
    Busy,
    Power { on_battery: bool },
    Network { connected: bool },
    Sleep,
    Wake,
    Maintenance,
    Boot { off_since: Option<OffsetDateTime> },
    Logon { session: u32, user: String },
    Logoff { session: u32 },
    Session { session: u32, change: SessionStateChange },
    Run { task: String },
    Stop { task: String },
    Enable { task: String, enabled: bool },
}

/// How the actions of a task end.
#[derive(Clone, Debug)]
pub enum Outcome {
    Lasts { for_: Duration, code: u32 },
    Fails { error: u32 },
}

impl Default for Outcome {
    fn default() -> Self {
        Self::Lasts { for_: Duration::SECOND, code: 0 }
    }
}

/// A script, in the order of time.
#[derive(Default)]
pub struct Script {
    pub happenings: Vec<(OffsetDateTime, Happening)>,
    pub outcomes: Vec<(String, Outcome)>,
}

impl Script {
    pub fn parse(text: &str, zone: &dyn Zone) -> Result<Self, String> {
        let mut script = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            script.line(&words, zone).map_err(|error| format!("line {number}: {error}"))?;
        }
        script.happenings.sort_by_key(|(at, _)| *at);
        Ok(script)
    }

    fn line(&mut self, words: &[&str], zone: &dyn Zone) -> Result<(), String> {
        let at = |text: &str| civil::parse(text).map(|local: PrimitiveDateTime| civil::instant(zone, local));
        match words {
            [] => {}
            [task, "lasts", duration] => self.lasts(task, duration, "0")?,
            [task, "lasts", duration, "exit", code] => self.lasts(task, duration, code)?,
            [task, "fails", code] => {
                self.outcomes.push(((*task).to_owned(), Outcome::Fails { error: number(code)? }));
            }
            [time, "boot", "off", "since", off] => {
                self.happenings.push((at(time)?, Happening::Boot { off_since: Some(at(off)?) }));
            }
            [time, what @ ..] => self.happenings.push((at(time)?, happening(what)?)),
        }
        Ok(())
    }

    fn lasts(&mut self, task: &str, duration: &str, code: &str) -> Result<(), String> {
        let parsed: XsDuration = duration.parse().map_err(|e| format!("{duration}: {e}"))?;
        let seconds = parsed.to_seconds().and_then(|seconds| i64::try_from(seconds).ok());
        let for_ = Duration::seconds(seconds.ok_or_else(|| format!("{duration} is too long"))?);
        self.outcomes.push((task.to_owned(), Outcome::Lasts { for_, code: number(code)? }));
        Ok(())
    }
}

fn number(text: &str) -> Result<u32, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| format!("{text} is not a number"))
}

fn happening(words: &[&str]) -> Result<Happening, String> {
    use SessionStateChange as Change;
    Ok(match words {
        ["idle"] => Happening::Idle,
        ["busy"] => Happening::Busy,
        ["battery"] => Happening::Power { on_battery: true },
        ["mains"] => Happening::Power { on_battery: false },
        ["online"] => Happening::Network { connected: true },
        ["offline"] => Happening::Network { connected: false },
        ["sleep"] => Happening::Sleep,
        ["wake"] => Happening::Wake,
        ["maintenance"] => Happening::Maintenance,
        ["boot"] => Happening::Boot { off_since: None },
        ["logon", session, user] => Happening::Logon { session: number(session)?, user: (*user).to_owned() },
        ["logoff", session] => Happening::Logoff { session: number(session)? },
        [change, session] if changed(change).is_some() => Happening::Session {
            session: number(session)?,
            change: changed(change).unwrap_or(Change::SessionLock),
        },
        ["run", task] => Happening::Run { task: (*task).to_owned() },
        ["stop", task] => Happening::Stop { task: (*task).to_owned() },
        ["enable", task] => Happening::Enable { task: (*task).to_owned(), enabled: true },
        ["disable", task] => Happening::Enable { task: (*task).to_owned(), enabled: false },
        other => return Err(format!("unknown: {}", other.join(" "))),
    })
}

fn changed(word: &str) -> Option<SessionStateChange> {
    use SessionStateChange as Change;
    Some(match word {
        "connect" => Change::ConsoleConnect,
        "disconnect" => Change::ConsoleDisconnect,
        "remote-connect" => Change::RemoteConnect,
        "remote-disconnect" => Change::RemoteDisconnect,
        "lock" => Change::SessionLock,
        "unlock" => Change::SessionUnlock,
        _ => return None,
    })
}
