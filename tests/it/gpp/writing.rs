//! What is written, and that passwords appear nowhere else.

use super::{EVERY_KIND, file, read, task};
use proptest::prelude::*;
use wintask::gpp::{Action, Field, ItemKind, Owner, ScheduledTasks, TriggerType, Type, Value, Week, recover};

/// Any layout is kept, not just the editor's.
#[test]
fn every_byte_is_kept() {
    let odd = "\u{FEFF}<?xml version='1.0'?>\r\n<!-- a --><ScheduledTasks\n  clsid = '{CC63F200-7309-4ba0-B154-A71CD118DBCC}'  \
               >\t<?pi x?><New a='1' b=\"&#65;&apos;\" /><Task clsid='{2deecb1c-261f-4e13-9b21-16fb83bc03bd}' name='' \
               uid=''><Properties name=''></Properties ><![CDATA[ <x> ]]></Task>text</ScheduledTasks\t>\n<!-- b -->";
    for bytes in [EVERY_KIND.to_vec(), odd.as_bytes().to_vec(), task("args='&#xA;'", "").into_bytes()] {
        let policy = ScheduledTasks::read(&bytes).unwrap();
        assert_eq!(policy.to_bytes(), bytes);
        assert_eq!(recover(&bytes).policy, Some(policy));
    }
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(file("").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(ScheduledTasks::read(&utf16).unwrap().to_bytes(), utf16);
}

/// An edit changes only its own place.
#[test]
fn edits() {
    let mut policy = ScheduledTasks::read(EVERY_KIND).unwrap();
    assert!(policy.set(0, Field::Comment, "\"a\" & <b>\n"));
    assert!(policy.set(1, Field::Action, Action::Delete));
    assert!(policy.set_in_trigger(0, 2, Field::Week, Week::First));
    let text = String::from_utf8(EVERY_KIND.to_vec()).unwrap();
    let text = text.replace("comment=\"Every night\"", "comment=\"&quot;a&quot; &amp; &lt;b&gt;&#xA;\"");
    let text = text.replace("week=\"LAST\"", "week=\"FIRST\"");
    let text = text.replace("<Properties name=\"Once\"", "<Properties action=\"D\" name=\"Once\"");
    assert_eq!(String::from_utf8(policy.to_bytes()).unwrap(), text);
    // Invalid values are not written.
    assert!(!policy.set(0, Field::Action, "C"));
    assert!(!policy.set(0, Field::StartHour, 1));
    assert!(!policy.set(0, Field::Cpassword, "secret"));
    assert!(!policy.set_in_trigger(0, 0, Field::StartHour, 24));
    assert!(!policy.set(9, Field::Comment, "x"));
    assert_eq!(String::from_utf8(policy.to_bytes()).unwrap(), text);
}

/// A file is created as the editor lays one out.
#[test]
fn creation() {
    let mut policy = ScheduledTasks::new();
    let item = policy.push(ItemKind::Task, "a", "{1}");
    assert!(policy.set(item, Field::AppName, "a.exe"));
    assert!(policy.set(item, Field::Action, Action::Create));
    assert_eq!(policy.push_trigger(item, TriggerType::Once), Some(0));
    policy.push(ItemKind::ImmediateTask, "b", "{2}");
    assert_eq!(
        String::from_utf8(policy.to_bytes()).unwrap(),
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ScheduledTasks \
         clsid=\"{CC63F200-7309-4ba0-B154-A71CD118DBCC}\"><Task clsid=\"{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}\" \
         name=\"a\" uid=\"{1}\"><Properties action=\"C\" name=\"a\" appName=\"a.exe\"><Triggers><Trigger \
         type=\"ONCE\"/></Triggers></Properties></Task>\r\n\t<ImmediateTask \
         clsid=\"{9F030D12-DDA3-4C26-8548-B7CE9151166A}\" name=\"b\" uid=\"{2}\"><Properties \
         name=\"b\"/></ImmediateTask></ScheduledTasks>\r\n"
    );
}

const SECRET: &str = "j1Uyj3Vx8TY9LtLZil2uAuZkFQA";

/// A password is in the file that is written and nowhere else, wherever in the file it was (EVIDENCE.md GPP-15).
#[test]
fn passwords_are_not_shown() {
    let attribute = format!("cpassword=\"{SECRET}\"");
    for text in [
        task(&attribute, ""),
        task(&attribute.replace("cpassword", "CPassword"), ""),
        task("", &format!("<Trigger type=\"ONCE\" {attribute}/>")),
        file(&format!("<Other {attribute}>&lt;Properties {attribute}</Other>")),
        file(&format!("<!-- {attribute} -->")),
        file(&format!("<Task {attribute} clsid=\"{{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}}\"/>")),
        // Damaged: a quote or an end is missing.
        task(&format!("{attribute} x"), ""),
        task(&format!("cpassword=\"{SECRET}"), ""),
        file(&format!("<Task><Properties {attribute}")),
        file(&format!("<TaskV2><Properties><Task><Settings><Priority {attribute}>{attribute}</Priority>")),
    ] {
        let recovered = recover(text.as_bytes());
        let policy = recovered.policy.as_ref().unwrap();
        assert!(String::from_utf8(policy.to_bytes()).unwrap().contains(SECRET), "{text}");
        let json = serde_json::to_string(policy).unwrap() + &serde_json::to_string(policy.root()).unwrap();
        let findings = serde_json::to_string(&recovered.findings).unwrap();
        let shown = format!("{recovered:?} {policy:?} {json} {findings}");
        assert!(!shown.contains(SECRET), "{shown}");
        if let Err(error) = ScheduledTasks::read(text.as_bytes()) {
            assert!(!format!("{error} {error:?}").contains(SECRET));
        }
        let mut policy = policy.clone();
        assert!(policy.remove_passwords() > 0);
        assert!(!String::from_utf8(policy.to_bytes()).unwrap().contains(SECRET), "{text}");
    }
}

/// A value that an attribute may have.
fn value(ty: Type) -> BoxedStrategy<Value> {
    let text = "[ -~\t\nä€𝒙]{0,12}";
    match ty {
        Type::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Type::Number(most) => (0..=most).prop_map(Value::Number).boxed(),
        Type::Action => proptest::sample::select(Action::ALL).prop_map(Value::Action).boxed(),
        Type::TriggerType => proptest::sample::select(TriggerType::ALL).prop_map(Value::TriggerType).boxed(),
        Type::Week => proptest::sample::select(Week::ALL).prop_map(Value::Week).boxed(),
        _ => text.prop_map(Value::Text).boxed(),
    }
}

/// Some attributes of an element with values.
pub(super) fn fields(owner: Owner) -> BoxedStrategy<Vec<(Field, Value)>> {
    let rows: Vec<_> =
        Field::table().iter().filter(|row| row.belongs_to(owner) && row.ty != Type::Credential).collect();
    let one = proptest::sample::select(rows).prop_flat_map(|row| (Just(row.field), value(row.ty)));
    proptest::collection::vec(one, 0..8).boxed()
}

proptest! {
    /// What is written is read back, with every value that was set.
    #[test]
    fn round_trip(
        items in proptest::collection::vec(
            (
                proptest::sample::select(&[ItemKind::Task, ItemKind::ImmediateTask][..]),
                fields(Owner::Properties(ItemKind::Task)),
                proptest::collection::vec(fields(Owner::Trigger), 0..3),
            ),
            0..4,
        )
    ) {
        let mut policy = ScheduledTasks::new();
        let mut expected = Vec::new();
        for (kind, properties, triggers) in items {
            let item = policy.push(kind, "n", "{1}");
            for (field, value) in properties {
                prop_assert!(policy.set(item, field, value.clone()));
                expected.push((item, None, field, value));
            }
            for fields in triggers.into_iter().filter(|_| kind == ItemKind::Task) {
                let trigger = policy.push_trigger(item, TriggerType::Once).unwrap();
                for (field, value) in fields {
                    prop_assert!(policy.set_in_trigger(item, trigger, field, value.clone()));
                    expected.push((item, Some(trigger), field, value));
                }
            }
        }
        let bytes = policy.to_bytes();
        let read = ScheduledTasks::read(&bytes).unwrap();
        prop_assert_eq!(&read, &policy);
        prop_assert_eq!(read.to_bytes(), bytes);
        let items: Vec<_> = read.items().collect();
        for (at, (item, trigger, field, value)) in expected.iter().enumerate() {
            let is_later = |(i, t, f, _): &&(usize, Option<usize>, Field, Value)| (i, t, f) == (item, trigger, field);
            if expected[at + 1..].iter().any(|later| is_later(&later)) {
                continue;
            }
            let found = match trigger {
                None => items[*item].value(*field),
                Some(trigger) => items[*item].triggers().nth(*trigger).unwrap().value(*field),
            };
            prop_assert_eq!(found.as_ref(), Some(value));
        }
    }

    /// Damage of any kind neither stops the forgiving reader, nor makes it write what it could not read again.
    #[test]
    fn damaged(at in 0..EVERY_KIND.len(), size in 0..40_usize, insert in "[<>&\"'/!?a= \\]\\[-]{0,6}") {
        let end = (at + size).min(EVERY_KIND.len());
        let damaged = [&EVERY_KIND[..at], insert.as_bytes(), &EVERY_KIND[end..]].concat();
        crate::oracles::oracle("gpp")(&damaged);
    }
}

#[test]
fn read_is_strict_in_the_same_way_whatever_the_order() {
    let one = read(&task("action=\"C\" enabled=\"1\"", ""));
    let other = read(&task("enabled=\"1\" action=\"C\"", ""));
    let values = |policy: &ScheduledTasks| {
        let item = policy.items().next().unwrap();
        Field::table().iter().map(|row| item.value(row.field)).collect::<Vec<_>>()
    };
    assert_eq!(values(&one), values(&other));
    assert_ne!(one, other);
}
