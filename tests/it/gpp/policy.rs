//! Items applied to a scheduler: the actions of 2.2.1.18.1, and the common attributes of 2.2.1.1.

use super::{file, read, writing::fields};
use proptest::prelude::*;
use time::{OffsetDateTime, UtcOffset, macros::datetime};
use wintask::{
    definition::{Action, Task},
    gpp::{self, Field, ItemKind, Owner, ScheduledTasks, TriggerType},
    rpc::schrpc::{SchRpcRegisterTask, SchRpcRetrieveTask},
    scheduler::{
        Applied, AppliedOnce, Context, Effect, Event, Machine, NoAccounts, Options, Outcome, State,
        apply_policy, remove_policy,
    },
    xml,
};

const NOW: OffsetDateTime = datetime!(2024-05-15 10:00 UTC);

struct Rig {
    state: State,
    machine: Machine,
    once: AppliedOnce,
}

impl Rig {
    fn new() -> Self {
        let state = State::new(Options::default(), 1);
        Self { state, machine: Machine::named("HOST"), once: AppliedOnce::default() }
    }

    fn context(machine: &Machine) -> Context<'_> {
        Context::new(NOW, &UtcOffset::UTC, machine, &NoAccounts)
    }

    fn apply(&mut self, policy: &ScheduledTasks) -> Vec<Applied> {
        let at = gpp::Context::default().with_now(datetime!(2024-05-15 10:00));
        let context = Self::context(&self.machine);
        let applied = apply_policy(&mut self.state, &context, policy, &at, &mut self.once, |_| true);
        self.state.check().unwrap();
        applied
    }

    fn outcomes(&mut self, text: &str) -> Vec<Outcome> {
        self.apply(&read(text)).into_iter().map(|applied| applied.outcome).collect()
    }

    fn task(&mut self, path: &str) -> Option<Task> {
        let request = SchRpcRetrieveTask { path: path.into(), ..Default::default() };
        let reply = self.state.call(&Self::context(&self.machine), &request).reply;
        reply.xml.map(|text| xml::read_text(&text.to_string(), &xml::Options::default()).unwrap())
    }

    fn command(&mut self, path: &str) -> Option<(String, Option<String>)> {
        match self.task(path)?.actions.list.into_iter().next()? {
            Action::Exec(exec) => Some((exec.command, exec.arguments)),
            _ => None,
        }
    }

    /// A task that was there before the policy.
    fn existing() -> Self {
        let mut rig = Self::new();
        let text = r#"<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo>
            <Description>before</Description></RegistrationInfo><Triggers><BootTrigger/></Triggers><Settings>
            <Priority>4</Priority></Settings><Principals><Principal id="a"><UserId>S-1-5-18</UserId></Principal></Principals>
            <Actions Context="a"><Exec><Command>old.exe</Command><Arguments>/old</Arguments></Exec></Actions></Task>"#;
        let request = SchRpcRegisterTask { path: Some(r"\n".into()), xml: text.into(), ..Default::default() };
        let reply = rig.state.call(&Self::context(&rig.machine), &request).reply;
        assert!(reply.status.is_success(), "{}", reply.status);
        rig
    }
}

fn item(kind: &str, class: &str, common: &str, properties: &str, inside: &str) -> String {
    format!(
        "<{kind} clsid=\"{class}\" name=\"n\" uid=\"{{1}}\" {common}>{inside}<Properties name=\"n\" \
         {properties}/></{kind}>"
    )
}

fn task(common: &str, properties: &str) -> String {
    item("Task", "{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}", common, properties, "")
}

const NEW: &str = "appName=\"new.exe\"";

/// Each action with and without an existing task.
#[test]
fn actions() {
    for (action, absent, present, left) in [
        ("C", Outcome::Created, Outcome::Unchanged, Some("old.exe")),
        ("R", Outcome::Created, Outcome::Replaced, Some("new.exe")),
        ("U", Outcome::Created, Outcome::Updated, Some("new.exe")),
        ("D", Outcome::Unchanged, Outcome::Deleted, None),
    ] {
        let text = file(&task("", &format!("action=\"{action}\" {NEW}")));
        let mut rig = Rig::new();
        assert_eq!(rig.outcomes(&text), [absent], "{action}");
        assert_eq!(rig.state.task_count(), usize::from(action != "D"));
        let mut rig = Rig::existing();
        assert_eq!(rig.outcomes(&text), [present], "{action}");
        assert_eq!(rig.command(r"\n").map(|(command, _)| command).as_deref(), left, "{action}");
    }
}

/// Applying a file once more changes nothing.
#[test]
fn twice_is_once() {
    for action in ["C", "R", "U", "D"] {
        let policy = read(&file(&task("", &format!("action=\"{action}\" {NEW} args=\"/x\" comment=\"c\""))));
        let mut rig = Rig::existing();
        rig.apply(&policy);
        let first = rig.task(r"\n");
        rig.apply(&policy);
        assert_eq!(rig.task(r"\n"), first, "{action}");
    }
}

/// An item of version 1 with any attributes and triggers, and this action.
fn any_item(action: gpp::Action) -> impl Strategy<Value = ScheduledTasks> {
    let triggers = proptest::collection::vec(fields(Owner::Trigger), 0..3);
    (fields(Owner::Properties(ItemKind::Task)), triggers).prop_map(move |(properties, triggers)| {
        let mut policy = ScheduledTasks::new();
        let item = policy.push(ItemKind::Task, "n", "{1}");
        policy.set(item, Field::AppName, "new.exe");
        for (field, value) in properties {
            policy.set(item, field, value);
        }
        policy.set(item, Field::Action, action);
        policy.set(item, Field::Name, "n");
        for fields in triggers {
            let trigger = policy.push_trigger(item, TriggerType::Daily).unwrap();
            for (field, value) in fields {
                policy.set_in_trigger(item, trigger, field, value);
            }
        }
        policy
    })
}

/// The items of version 2 that a test of actions applies: with the task's elements in part and in whole.
const DEFINITIONS: [&str; 3] = [
    "<Task version=\"1.2\"><Actions><Exec><Command>v2.exe</Command></Exec></Actions></Task>",
    "<Task version=\"1.3\"><RegistrationInfo><Description>v2</Description></RegistrationInfo><Settings><Priority>6\
     </Priority><IdleSettings><Duration>PT5M</Duration></IdleSettings></Settings><Triggers/><Actions><Exec><Command>v2.exe\
     </Command></Exec></Actions></Task>",
    "<Task version=\"1.2\"><Principals><Principal id=\"Author\"><UserId>S-1-5-19</UserId></Principal></Principals><Triggers>\
     <LogonTrigger/></Triggers><Actions Context=\"Author\"><Exec><Command>v2.exe</Command></Exec></Actions></Task>",
];

fn task_v2(action: &str, definition: &str) -> String {
    format!(
        "<TaskV2 clsid=\"{{D8896631-B747-47a7-84A6-C155337F3BC8}}\" name=\"n\" uid=\"{{2}}\"><Properties name=\"n\" \
         action=\"{action}\" runAs=\"NT AUTHORITY\\System\" logonType=\"S4U\">{definition}</Properties></TaskV2>"
    )
}

#[test]
fn definitions_applied_twice_are_applied_once() {
    for action in ["C", "R", "U", "D"] {
        for definition in DEFINITIONS {
            let policy = read(&file(&task_v2(action, definition)));
            for mut rig in [Rig::new(), Rig::existing()] {
                rig.apply(&policy);
                let first = rig.task(r"\n");
                rig.apply(&policy);
                assert_eq!(rig.task(r"\n"), first, "{action} {definition}");
                assert_eq!(first.is_some(), action != "D");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// 2.2.1.18.1: Replace, Update and Delete describe the result, so applying a file again changes nothing.
    #[test]
    fn any_item_twice_is_once(
        policy in prop::sample::select(gpp::Action::ALL).prop_flat_map(any_item),
        exists in any::<bool>(),
    ) {
        let mut rig = if exists { Rig::existing() } else { Rig::new() };
        let outcome = rig.apply(&policy)[0].outcome.clone();
        let first = rig.task(r"\n");
        let again = rig.apply(&policy)[0].outcome.clone();
        prop_assert_eq!(rig.task(r"\n"), first, "{:?}, then {:?}", outcome, again);
        prop_assert_eq!(outcome.is_error(), again.is_error());
    }
}

/// Update changes what the item states, and nothing else; Replace keeps nothing of the existing task.
#[test]
fn update_and_replace() {
    let mut rig = Rig::existing();
    let before = rig.task(r"\n").unwrap();
    assert_eq!(rig.outcomes(&file(&task("", "action=\"U\" args=\"/new\""))), [Outcome::Updated]);
    let mut expected = before.clone();
    if let Some(Action::Exec(exec)) = expected.actions.list.first_mut() {
        exec.arguments = Some("/new".into());
    }
    assert_eq!(rig.task(r"\n"), Some(expected));
    assert_eq!(rig.outcomes(&file(&task("", &format!("action=\"R\" {NEW}")))), [Outcome::Replaced]);
    let replaced = rig.task(r"\n").unwrap();
    assert_eq!((replaced.registration_info.description, replaced.triggers), (None, vec![]));
    assert_ne!(replaced.settings.priority, before.settings.priority);
}

/// A scheduled and an immediate task of the same name do not conflict; the latter is started.
#[test]
fn immediate_tasks() {
    let immediate =
        item("ImmediateTask", "{9F030D12-DDA3-4C26-8548-B7CE9151166A}", "", "appName=\"now.exe\"", "");
    let mut rig = Rig::new();
    let applied = rig.apply(&read(&file(&(task("", NEW) + &immediate))));
    let seen: Vec<_> = applied.iter().map(|a| (a.path.as_str(), a.outcome.clone())).collect();
    assert_eq!(seen, [(r"\n", Outcome::Created), (r"\n {1}", Outcome::Created)]);
    let starts = |applied: &Applied| applied.effects.iter().filter(|e| matches!(e, Effect::Start(_))).count();
    assert_eq!(applied.iter().map(starts).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(rig.command(r"\n").unwrap().0, "new.exe");
    assert_eq!(rig.command(r"\n {1}").unwrap().0, "now.exe");
}

/// The four kinds under one name: the two immediate ones have tasks of their own, and a name in the root folder has one task,
/// that of the scheduled item which was applied last (EVIDENCE.md GPP-22).
#[test]
fn four_kinds_of_one_name() {
    let immediate = |action: &str| {
        let properties = format!("action=\"{action}\" appName=\"now.exe\"");
        item("ImmediateTask", "{9F030D12-DDA3-4C26-8548-B7CE9151166A}", "", &properties, "")
            .replace("{1}", "{3}")
    };
    let immediate_v2 = |action: &str| {
        let text = task_v2(action, DEFINITIONS[0]).replace("TaskV2", "ImmediateTaskV2").replace("{2}", "{4}");
        text.replace("{D8896631-B747-47a7-84A6-C155337F3BC8}", "{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}")
    };
    let scheduled = |action: &str| task("", &format!("action=\"{action}\" {NEW}"));
    let v2 = |action: &str| task_v2(action, DEFINITIONS[0]);
    let all =
        |action: &str| file(&(scheduled(action) + &immediate(action) + &v2(action) + &immediate_v2(action)));
    let mut rig = Rig::new();
    let applied = rig.apply(&read(&all("R")));
    let seen: Vec<_> = applied.iter().map(|a| (a.path.as_str(), a.outcome.clone())).collect();
    assert_eq!(
        seen,
        [
            (r"\n", Outcome::Created),
            (r"\n {3}", Outcome::Created),
            (r"\n", Outcome::Replaced),
            (r"\n {4}", Outcome::Created),
        ]
    );
    let mut commands = |path: &str| rig.command(path).map(|(command, _)| command);
    assert_eq!(commands(r"\n").as_deref(), Some("v2.exe"));
    assert_eq!(commands(r"\n {3}").as_deref(), Some("now.exe"));
    assert_eq!(commands(r"\n {4}").as_deref(), Some("v2.exe"));
    // Each kind deletes its own, and leaves the others.
    assert_eq!(rig.outcomes(&file(&scheduled("D"))), [Outcome::Deleted]);
    assert_eq!(rig.state.task_count(), 2);
    assert_eq!(rig.outcomes(&file(&v2("D"))), [Outcome::Unchanged]);
    assert_eq!(rig.outcomes(&file(&immediate("D"))), [Outcome::Deleted]);
    assert_eq!(rig.state.task_count(), 1);
    assert_eq!(rig.outcomes(&file(&immediate_v2("D"))), [Outcome::Deleted]);
    assert_eq!(rig.state.task_count(), 0);
}

/// removePolicy: the task is deleted when the policy no longer applies, if the item states it.
#[test]
fn removal() {
    for (common, outcome, left) in [
        ("removePolicy=\"1\"", Outcome::Deleted, 0),
        ("removePolicy=\"0\"", Outcome::Skipped, 1),
        ("", Outcome::Skipped, 1),
    ] {
        let policy = read(&file(&task(common, NEW)));
        let mut rig = Rig::new();
        rig.apply(&policy);
        let removed = remove_policy(&mut rig.state, &Rig::context(&rig.machine), &policy);
        assert_eq!(removed.iter().map(|r| r.outcome.clone()).collect::<Vec<_>>(), [outcome]);
        assert_eq!(rig.state.task_count(), left);
    }
}

/// FilterRunOnce, disabled and filters that do not hold.
#[test]
fn skipped() {
    let once = item(
        "Task",
        "{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}",
        "",
        &format!("action=\"R\" {NEW}"),
        "<Filters><FilterRunOnce bool=\"AND\" not=\"0\" id=\"{A}\"/></Filters>",
    );
    let mut rig = Rig::new();
    assert_eq!(rig.outcomes(&file(&once)), [Outcome::Created]);
    assert_eq!(rig.outcomes(&file(&once)), [Outcome::Skipped]);
    assert_eq!(rig.outcomes(&file(&task("disabled=\"1\"", NEW))), [Outcome::Skipped]);
    let policy = read(&file(&task("", NEW)));
    let machine = Machine::named("HOST");
    let at = gpp::Context::default();
    let applied = apply_policy(
        &mut rig.state,
        &Rig::context(&machine),
        &policy,
        &at,
        &mut AppliedOnce::default(),
        |_| false,
    );
    assert_eq!(applied[0].outcome, Outcome::Skipped);
}

/// bypassErrors: an error ends the processing of the file unless its item says otherwise.
#[test]
fn errors() {
    let after = task("", NEW);
    let mut rig = Rig::new();
    let outcomes = rig.outcomes(&file(&(task("", "action=\"C\"") + &after)));
    assert_eq!(outcomes, [Outcome::NoTask(gpp::ConvertError::NoCommand)]);
    let outcomes = rig.outcomes(&file(&(task("bypassErrors=\"1\"", "action=\"C\"") + &after)));
    assert_eq!(outcomes, [Outcome::NoTask(gpp::ConvertError::NoCommand), Outcome::Created]);
    // A password in the item is not used: a task that needs one is rejected.
    let mut rig = Rig::new();
    let outcomes = rig.outcomes(&file(&task("", &format!("{NEW} runAs=\"HOST\\bob\" cpassword=\"AAAA\""))));
    assert!(matches!(outcomes.as_slice(), [Outcome::Refused(_)]), "{outcomes:?}");
}

/// What is lost of an item is reported with what became of it; an action that is not one is read as an update.
#[test]
fn losses_are_reported() {
    let text = super::task("action=\"X\" enabled=\"maybe\"", "<Trigger type=\"DAILY\" interval=\"x\"/>");
    let policy = gpp::recover(text.as_bytes()).policy.unwrap();
    let mut rig = Rig::new();
    for outcome in [Outcome::Created, Outcome::Updated] {
        let applied = rig.apply(&policy).remove(0);
        assert_eq!(applied.outcome, outcome);
        let lost: Vec<_> = applied.losses.iter().filter(|loss| loss.code() == "gpp.loss.invalid").collect();
        let lost: Vec<_> = lost.iter().map(|loss| loss.place().path()).collect();
        assert_eq!(lost, ["action", "enabled", "Triggers/Trigger[1]@interval"]);
    }
}

/// Without a time in its own context, the scheduler's is the one at which an item is applied.
#[test]
fn immediate_tasks_start_by_the_scheduler_s_clock() {
    let policy = ScheduledTasks::read(super::EVERY_KIND).unwrap();
    let mut rig = Rig::new();
    let context = Rig::context(&rig.machine);
    let at = gpp::Context::default().with_user("CONTOSO", "alice");
    let applied = apply_policy(&mut rig.state, &context, &policy, &at, &mut rig.once, |_| true);
    let index = policy.items().position(|item| item.kind() == ItemKind::ImmediateTaskV2).unwrap();
    let applied = &applied[index];
    assert!(applied.losses.iter().all(|loss| loss.code() != "gpp.loss.immediate"), "{:?}", applied.outcome);
}

/// As the editor writes it: the boundaries are the time at which it is applied, a whole second that has passed, and the task
/// is deleted when it is over (EVIDENCE.md GPP-13).
const IMMEDIATE_V2: &str = r#"<ImmediateTaskV2 clsid="{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}" name="n" uid="{1}"><Properties
    action="C" name="n" runAs="NT AUTHORITY\System" logonType="S4U"><Task version="1.3"><Settings><AllowStartOnDemand>false
    </AllowStartOnDemand><StartWhenAvailable>true</StartWhenAvailable><DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>
    </Settings><Triggers><TimeTrigger><StartBoundary>%LocalTimeXmlEx%</StartBoundary><EndBoundary>%LocalTimeXmlEx%
    </EndBoundary><Enabled>true</Enabled></TimeTrigger></Triggers><Actions><Exec><Command>a.exe</Command></Exec></Actions>
    </Task></Properties></ImmediateTaskV2>"#;

/// 2.2.1.18.2: it starts once, when it is applied, by the clock of the scheduler; then it is deleted.
#[test]
fn immediate_definitions_start_once() {
    for milliseconds in [0, 500] {
        let now = NOW + time::Duration::milliseconds(milliseconds);
        let mut rig = Rig::new();
        let at = |now| Context::new(now, &UtcOffset::UTC, &rig.machine, &NoAccounts);
        let other = gpp::Context::default().with_now(datetime!(2031-01-01 0:00));
        let policy = read(&file(IMMEDIATE_V2));
        let applied = apply_policy(&mut rig.state, &at(now), &policy, &other, &mut rig.once, |_| true);
        assert_eq!(applied[0].outcome, Outcome::Created);
        let instances = |effects: &[Effect]| {
            let start = |effect: &Effect| match effect {
                Effect::Start(start) => Some(start.instance),
                _ => None,
            };
            effects.iter().filter_map(start).collect::<Vec<_>>()
        };
        let started = instances(&applied[0].effects);
        assert_eq!(started.len(), 1, "{milliseconds}: {:?}", applied[0].effects);
        let later = |seconds| at(now + time::Duration::seconds(seconds));
        assert!(instances(&rig.state.event(&later(1), Event::Timer).effects).is_empty());
        assert_eq!(rig.state.task_count(), 1);
        let instance = started[0];
        let _ = rig.state.event(&later(2), Event::Started { instance, pid: 7 });
        let _ = rig.state.event(&later(3), Event::Exited { instance, code: 0 });
        rig.state.check().unwrap();
        assert_eq!(rig.state.task_count(), 0);
    }
}
