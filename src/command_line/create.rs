//! What `schtasks /create` registers (EVIDENCE.md CMD-09 to CMD-13).

use super::{
    check::{self, report},
    circumstances::Circumstances,
    finding::{FindingKind, Findings},
    program,
    schtasks::Schtasks,
    switch::{Switch, Switches, Verb},
    trigger,
    value::{Level, PasswordValue, ScheduleType},
};
use crate::{
    Profile,
    compat::{self, Account},
    definition::{
        Exec, IdleSettings, LogonType, Principal, RegistrationInfo, RunLevel, SchemaVersion, Settings, Task,
        TaskPath,
    },
    dtyp::Password,
    time::{Boundary, XsDuration},
};

/// The registration that a command requests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registration {
    /// The computer; `None` for the local one.
    pub system: Option<String>,
    /// The path of the task, as stated. The leading `\` may be missing, and case does not matter: to compare it with the
    /// path in a file or an event, parse both as a [`TaskPath`](crate::definition::TaskPath).
    ///
    /// ```
    /// use time::macros::datetime;
    /// use wintask::{command_line::{Circumstances, Schtasks}, definition::TaskPath};
    ///
    /// let (command, _) = Schtasks::parse("schtasks /create /tn backup /tr a.exe /sc onlogon")?;
    /// let (registration, _) = command.registration(&Circumstances::new(datetime!(2024-01-15 09:30)));
    /// let path: TaskPath = registration.ok_or("not a task")?.path.parse()?;
    /// assert!(path.is_same(&r"\Backup".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub path: String,
    /// The definition.
    pub source: Source,
    /// The password of the account, if it was stated.
    pub password: Option<Password>,
    /// Whether an existing task is replaced without confirmation.
    pub overwrites: bool,
}

/// The source of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The switches.
    Switches(Box<Task>),
    /// A file (`/XML`), and the account of `/RU`, if present.
    File {
        /// The file.
        file: String,
        /// The account that runs the task.
        run_as: Option<String>,
    },
}

impl Registration {
    /// The definition, if the switches state it.
    #[must_use]
    pub fn task(&self) -> Option<&Task> {
        match &self.source {
            Source::Switches(task) => Some(task),
            Source::File { .. } => None,
        }
    }
}

impl Schtasks {
    /// The registration that `/create` requests: the definition from the switches, or the file named by `/XML`.
    /// `None` for any other verb, or if the task's name, schedule or program is missing.
    ///
    /// Values that schtasks takes from the computer come from `here`. Invalid and assumed values are reported.
    ///
    /// ```
    /// use time::macros::datetime;
    /// use wintask::{command_line::{Circumstances, Schtasks}, schedule::words};
    ///
    /// let line = r"schtasks /create /tn Updater /tr C:\ProgramData\u.exe /sc minute /mo 20 /st 08:00 /ru system";
    /// let (command, _) = Schtasks::parse(line)?;
    /// let (registration, findings) = command.registration(&Circumstances::new(datetime!(2024-01-15 09:30)));
    /// let registration = registration.ok_or("not a task")?;
    /// let task = registration.task().ok_or("a file")?;
    /// assert_eq!(words::trigger(&task.triggers[0]), "Once, on 15 Jan 2024 at 08:00; then every 20 minutes indefinitely");
    /// assert_eq!(task.principals[0].user_id.as_deref(), Some("S-1-5-18"));
    /// assert!(findings.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn registration(&self, here: &Circumstances) -> (Option<Registration>, Findings) {
        let mut findings = Findings::new();
        (self.register(here, &mut findings), findings)
    }

    fn register(&self, here: &Circumstances, findings: &mut Findings) -> Option<Registration> {
        let switches = &self.switches;
        if self.verb != Verb::Create || switches.help {
            return None;
        }
        let path = switches.task_name.clone()?;
        if TaskPath::parse(path.as_str(), Profile::Windows).is_err() {
            let (value, expected) = (path.clone(), "a task path");
            report(
                FindingKind::Value { switch: Switch::TaskName, value, expected },
                Switch::TaskName,
                findings,
            );
        }
        let source = match &switches.xml_file {
            Some(file) => Source::File { file: file.clone(), run_as: switches.run_as.clone() },
            None => Source::Switches(Box::new(self.task(here, findings)?)),
        };
        let password = match &switches.run_as_password {
            Some(PasswordValue::Given(password)) => Some(password.clone()),
            _ => None,
        };
        Some(Registration {
            system: switches.system.clone(),
            path,
            source,
            password,
            overwrites: switches.force,
        })
    }

    fn task(&self, here: &Circumstances, findings: &mut Findings) -> Option<Task> {
        let switches = &self.switches;
        let exec = program::exec(switches.task_run.as_deref()?);
        let trigger = trigger::of_switches(switches, here, findings)?;
        let mut task = Task {
            version: Some(if switches.version_1 { SchemaVersion::V1_1 } else { SchemaVersion::V1_2 }),
            registration_info: RegistrationInfo {
                date: Some(Boundary::local(here.now.truncate_to_second())),
                author: here.user.clone(),
                ..RegistrationInfo::default()
            },
            triggers: vec![trigger],
            settings: settings(switches),
            ..with_principal(exec, principal(switches, here))
        };
        if switches.delete_when_done {
            task.settings.delete_expired_task_after = Some(XsDuration::from_seconds(0));
        }
        check::definition(&task, findings);
        if switches.version_1 {
            for obstacle in &compat::v1_obstacles(&task) {
                let kind = FindingKind::NotVersion1(format!("{}: {}", obstacle.place(), obstacle.message()));
                report(kind, Switch::Version1, findings);
            }
        }
        Some(task)
    }
}

/// A task that runs a program as a principal.
fn with_principal(exec: Exec, principal: Principal) -> Task {
    let mut task = Task::new(exec);
    task.actions.context.clone_from(&principal.id);
    task.principals.push(principal);
    task
}

/// The settings from the switches, and the idle settings that schtasks always writes (EVIDENCE.md CMD-20).
fn settings(switches: &Switches) -> Settings {
    let idle = switches.idle_minutes.filter(|_| switches.schedule == Some(ScheduleType::OnIdle));
    let idle = IdleSettings {
        duration: Some(XsDuration::from_minutes(idle.unwrap_or(IDLE_MINUTES))),
        wait_timeout: Some(XsDuration::from_minutes(IDLE_TIMEOUT)),
        stop_on_idle_end: Some(true),
        restart_on_idle: Some(false),
        ..IdleSettings::default()
    };
    Settings { idle_settings: Some(idle), ..Settings::default() }
}

/// The default minutes of idle time, and of waiting for it.
pub(super) const IDLE_MINUTES: u32 = 10;
pub(super) const IDLE_TIMEOUT: u32 = 60;

/// The account and its logon type. The default is the user who runs the command, in their session. An account from
/// `/RU` needs a password, unless it is a service account.
fn principal(switches: &Switches, here: &Circumstances) -> Principal {
    let stated = switches.run_as.as_deref();
    let run_level = switches.run_level.map(|level| match level {
        Level::Limited => RunLevel::LeastPrivilege,
        Level::Highest => RunLevel::HighestAvailable,
    });
    if let Some(group) = stated.and_then(group) {
        return Principal { run_level, ..Principal::group(group) }.with_id("Author");
    }
    let user_id = match stated {
        None => here.user.clone(),
        Some(name) => account(name).user_id(Profile::Windows),
    };
    let mut principal = Principal { user_id, ..Principal::default() }.with_id("Author");
    let is_service = principal.sid().is_some_and(|sid| is_service(&sid.to_string()));
    principal.logon_type = match (is_service, stated) {
        (true, _) => None,
        _ if switches.no_password => Some(LogonType::S4U),
        _ if switches.interactive => Some(LogonType::InteractiveToken),
        (false, Some(_)) => Some(LogonType::Password),
        (false, None) => Some(LogonType::InteractiveToken),
    };
    principal.run_level = run_level;
    principal
}

/// The SID of a well-known group. The members run the task in their own sessions (EVIDENCE.md CMD-21).
pub(super) fn group(name: &str) -> Option<String> {
    let sid = crate::security::Sid::from_account_name(name)?;
    let text = sid.to_string();
    // The well-known accounts are groups, except for service accounts.
    (sid.account_name().is_some() && !is_service(&text)).then_some(text)
}

/// The account of `/RU`; an empty name and the names of SYSTEM mean LocalSystem.
pub(super) fn account(name: &str) -> Account {
    use crate::security::Sid;
    match Sid::from_account_name(name) {
        Some(Sid::LOCAL_SYSTEM) => Account::LocalSystem,
        Some(sid) if is_service(&sid.to_string()) => Account::User(sid.to_string()),
        _ => Account::from_name(name),
    }
}

/// Whether the SID is LocalSystem, LocalService or NetworkService.
pub(super) fn is_service(sid: &str) -> bool {
    matches!(sid, "S-1-5-18" | "S-1-5-19" | "S-1-5-20")
}
