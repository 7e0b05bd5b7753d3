//! Checks a tree for violations and unusual content.

use super::{
    context::Context,
    element::{Element, Node, mentions_credential},
    embedded::{Embedded, some_time},
    filter::{FILTERS, Filter},
    finding::{ErrorKind, FindingKind},
    item::{Item, Trigger},
    placeholder::{PLACEHOLDERS, placeholders},
    table::{Field, Owner, Type},
    value::{Action, ItemKind, ROOT_CLASS_ID, Value},
};
use crate::{definition::Task, security::Sid};

/// Receives a finding's kind, its offset in the text, and its path.
pub(super) type Report<'r> = dyn FnMut(FindingKind, usize, String) + 'r;

/// Checks a tree. A strict check reports only violations, and does not look into definitions.
pub(super) fn check(root: &Element, strict: bool, report: &mut Report<'_>) {
    let mut check = Check { report, strict, disputed: Vec::new(), placeholders: Vec::new() };
    check.root(root);
    check.summary();
}

/// The first place of something that is reported once, and how often it occurs.
struct Seen<T> {
    what: T,
    times: usize,
    at: usize,
    path: String,
}

struct Check<'r, 'f> {
    report: &'r mut Report<'f>,
    strict: bool,
    disputed: Vec<Seen<Field>>,
    placeholders: Vec<Seen<usize>>,
}

/// Records something that is reported once.
fn see<T: PartialEq>(seen: &mut Vec<Seen<T>>, what: T, at: usize, path: &str) {
    match seen.iter_mut().find(|known| known.what == what) {
        Some(known) => known.times += 1,
        None => seen.push(Seen { what, times: 1, at, path: path.to_owned() }),
    }
}

impl Check<'_, '_> {
    fn violation(&mut self, kind: ErrorKind, at: usize, path: &str) {
        (self.report)(kind.into(), at, path.to_owned());
    }

    fn unusual(&mut self, kind: FindingKind, at: usize, path: &str) {
        if !self.strict {
            (self.report)(kind, at, path.to_owned());
        }
    }

    fn root(&mut self, root: &Element) {
        let path = "ScheduledTasks";
        if !root.is(path) {
            self.violation(ErrorKind::Root { name: shown(&root.name) }, root.at.0, &shown(&root.name));
        }
        self.class_id(root, ROOT_CLASS_ID, path);
        self.attributes(root, Owner::Root, path);
        self.required(root, Owner::Root, false, path);
        self.no_text(root, path);
        for (index, element) in root.elements().enumerate() {
            let path = format!("{path}/{}[{}]", shown(&element.name), index + 1);
            match Item::new(element) {
                Some(item) => self.item(&item, &path),
                None => self.unknown(element, path.as_str(), "ScheduledTasks"),
            }
        }
    }

    fn unknown(&mut self, element: &Element, path: &str, parent: &str) {
        let kind = FindingKind::UnknownElement { name: shown(&element.name), parent: parent.to_owned() };
        self.unusual(kind, element.at.0, path);
        self.credentials(element, path);
    }

    /// Reports passwords in an unknown element.
    fn credentials(&mut self, element: &Element, path: &str) {
        for attribute in element.attributes.iter().filter(|a| a.is_credential() && !a.is_empty()) {
            self.unusual(FindingKind::Credential, attribute.at.0, path);
        }
        element.elements().for_each(|inside| self.credentials(inside, path));
    }

    fn class_id(&mut self, element: &Element, expected: &'static str, path: &str) {
        if let Some(found) = element.find(Field::ClassId.name()) {
            let value = found.value().unwrap_or_default();
            if !value.trim().eq_ignore_ascii_case(expected) {
                self.violation(ErrorKind::ClassId { found: shown(&value), expected }, found.at.0, path);
            }
        }
    }

    /// Checks known and unknown attributes.
    fn attributes(&mut self, element: &Element, owner: Owner, path: &str) {
        for attribute in &element.attributes {
            let at = attribute.at.0;
            let path = format!("{path}@{}", shown(&attribute.name));
            if attribute.is_credential() {
                if !attribute.is_empty() {
                    self.unusual(FindingKind::Credential, at, &path);
                }
                continue;
            }
            let Some(value) = attribute.value() else { continue };
            let Some(field) = Field::find(owner, attribute.name()) else {
                let name = shown(attribute.name());
                if !name.starts_with("xmlns") {
                    self.unusual(
                        FindingKind::UnknownAttribute { name, element: shown(&element.name) },
                        at,
                        &path,
                    );
                }
                continue;
            };
            let row = field.row();
            if row.ty.read(&value).is_none() {
                let value = shown(&value);
                self.violation(ErrorKind::Value { field, value, expected: row.ty }, at, &path);
            }
            if row.ty == Type::Text && !self.strict {
                self.texts(&value, at, &path);
            }
        }
    }

    /// Checks required attributes. Items with the action Delete need only a name (EVIDENCE.md GPP-04).
    fn required(&mut self, element: &Element, owner: Owner, deletes: bool, path: &str) {
        for row in Field::table().iter().filter(|row| row.is_required_in(owner)) {
            if element.find(row.name).is_none() && (!deletes || row.field == Field::Name) {
                self.violation(ErrorKind::Missing(row.field), element.at.0, path);
            }
        }
    }

    fn texts(&mut self, text: &str, at: usize, path: &str) {
        for (_, placeholder) in placeholders(text) {
            let index = PLACEHOLDERS.iter().position(|known| known == placeholder);
            see(&mut self.placeholders, index.unwrap_or_default(), at, path);
        }
        if is_system_alias(text) {
            self.unusual(FindingKind::SystemAlias, at, path);
        }
    }

    fn no_text(&mut self, element: &Element, path: &str) {
        let is_text = |node: &Node| match node {
            Node::Text(raw) => !raw.trim().is_empty(),
            Node::Other(raw) => raw.starts_with("<![CDATA["),
            Node::Element(_) => false,
        };
        if element.children.iter().any(is_text) {
            self.unusual(FindingKind::Text { parent: shown(&element.name) }, element.at.0, path);
        }
    }

    fn item(&mut self, item: &Item<'_>, path: &str) {
        let element = item.element();
        self.class_id(element, item.kind().class_id(), path);
        self.attributes(element, Owner::Item, path);
        self.required(element, Owner::Item, false, path);
        self.no_text(element, path);
        let mut number = 0;
        for child in element.elements() {
            let path = format!("{path}/{}", shown(&child.name));
            if child.is("Properties") {
                number += 1;
                self.properties(item, child, &path);
            } else if child.is("Filters") {
                self.filters(child, &path);
            } else {
                self.unknown(child, &path, item.kind().name());
            }
        }
        if number != 1 {
            self.violation(ErrorKind::Properties { item: item.kind(), number }, element.at.0, path);
        }
    }

    fn properties(&mut self, item: &Item<'_>, properties: &Element, path: &str) {
        let owner = Owner::Properties(item.kind());
        let deletes = item.action() == Action::Delete;
        self.attributes(properties, owner, path);
        self.required(properties, owner, deletes, path);
        self.no_text(properties, path);
        // Items with the action Delete do not use them.
        if !deletes {
            for row in Field::table().iter().filter(|row| row.belongs_to(owner)) {
                self.disputed(row.field, item.value(row.field).as_ref(), properties, path);
            }
            if !item.kind().has_definition() && item.text(Field::AppName).is_none() {
                self.unusual(FindingKind::NoCommand { action: item.action() }, properties.at.0, path);
            }
        }
        let mut definitions = 0;
        for child in properties.elements() {
            let path = format!("{path}/{}", shown(&child.name));
            match item.kind() {
                kind if kind.has_definition() && child.is("Task") => {
                    definitions += 1;
                    if !self.strict {
                        self.definition(item, child, &path);
                    }
                }
                ItemKind::Task if child.is("Triggers") => self.triggers(child, &path, item.action()),
                _ => self.unknown(child, &path, "Properties"),
            }
        }
        let expected = if deletes { 0..=1 } else { 1..=1 };
        if item.kind().has_definition() && !expected.contains(&definitions) {
            let kind = ErrorKind::Definitions { item: item.kind(), number: definitions };
            self.violation(kind, properties.at.0, path);
        }
    }

    fn triggers(&mut self, list: &Element, path: &str, action: Action) {
        self.no_text(list, path);
        for (index, element) in list.elements().enumerate() {
            let path = format!("{path}/{}[{}]", shown(&element.name), index + 1);
            if !element.is("Trigger") {
                self.unknown(element, &path, "Triggers");
                continue;
            }
            self.attributes(element, Owner::Trigger, &path);
            self.required(element, Owner::Trigger, false, &path);
            let trigger = Trigger::new(element);
            for row in Field::table().iter().filter(|row| row.belongs_to(Owner::Trigger)) {
                let Some(attribute) = element.find(row.name) else { continue };
                if !trigger.applies(row.field) {
                    self.unusual(FindingKind::Inapplicable { field: row.field }, attribute.at.0, &path);
                } else if action != Action::Delete {
                    self.disputed(row.field, trigger.value(row.field).as_ref(), element, &path);
                }
            }
        }
    }

    /// Records an attribute whose value depends on the reading.
    fn disputed(&mut self, field: Field, value: Option<&Value>, element: &Element, path: &str) {
        let differs = match (field, value) {
            (_, None) => false,
            // The minutes are the same in UTC and in most zones; only the hour is reported.
            (Field::StartMinutes, _) => false,
            (Field::SystemRequired, Some(value)) => value.as_flag() == Some(true),
            _ => field.row().text.is_some(),
        };
        if differs && !self.strict {
            let at = element.find(field.name()).map_or(element.at.0, |attribute| attribute.at.0);
            see(&mut self.disputed, field, at, path);
        }
    }

    fn filters(&mut self, list: &Element, path: &str) {
        self.no_text(list, path);
        for element in list.elements() {
            if !FILTERS.iter().any(|row| element.is(row.name)) {
                self.unknown(element, path, &shown(&list.name));
                continue;
            }
            self.credentials_of(element, path);
            self.filter(&Filter::new(element), path);
            if element.is("FilterCollection") {
                self.filters(element, path);
            }
        }
    }

    /// Checks the attributes of a filter, since filters decide where an item applies.
    fn filter(&mut self, filter: &Filter<'_>, path: &str) {
        let Some(row) = filter.row() else { return };
        let element = filter.element();
        for attribute in element.attributes() {
            let Some(value) = attribute.value() else { continue };
            let (at, name) = (attribute.at.0, attribute.name());
            match row.expected(name) {
                None => {
                    let (name, element) = (shown(name), row.name.to_owned());
                    self.unusual(FindingKind::UnknownAttribute { name, element }, at, path);
                }
                Some([]) => {}
                Some(values) if values.iter().any(|known| known.eq_ignore_ascii_case(value.trim())) => {}
                Some(expected) => {
                    let (filter, attribute, value) = (row.name, shown(name), shown(&value));
                    self.unusual(FindingKind::FilterValue { filter, attribute, value, expected }, at, path);
                }
            }
            if let Some((meaning, text)) = row.disputed(name) {
                let kind =
                    FindingKind::DisputedFilter { filter: row.name, attribute: shown(name), meaning, text };
                self.unusual(kind, at, path);
            }
        }
        for attribute in row.required().filter(|name| element.find(name).is_none()) {
            self.unusual(FindingKind::FilterMissing { filter: row.name, attribute }, element.at.0, path);
        }
    }

    fn credentials_of(&mut self, element: &Element, path: &str) {
        for attribute in element.attributes.iter().filter(|a| a.is_credential() && !a.is_empty()) {
            self.unusual(FindingKind::Credential, attribute.at.0, path);
        }
    }

    /// Checks a definition as if it were applied at some time, since it may refer to that time.
    fn definition(&mut self, item: &Item<'_>, element: &Element, path: &str) {
        let context = Context::default().with_now(some_time());
        let embedded = Embedded::new(element, &context);
        let recovered = embedded.recover();
        for finding in &recovered.findings {
            let at = element.at.0 + embedded.offset(finding.place().offset().unwrap_or_default());
            let inner = finding.place().path().strip_prefix("Task").unwrap_or_default();
            let message = finding.message();
            let message = if mentions_credential(&message) { "not shown".to_owned() } else { message };
            let kind =
                FindingKind::Definition { code: finding.code(), severity: finding.severity(), message };
            self.unusual(kind, at, &format!("{path}{inner}"));
        }
        self.definition_texts(element, path);
        if let Some(task) = recovered.task {
            self.accounts(item, &task, element, path);
        }
    }

    fn definition_texts(&mut self, element: &Element, path: &str) {
        self.texts(&element.text(), element.at.0, path);
        element.elements().for_each(|inside| self.definition_texts(inside, path));
        self.credentials_of(element, path);
    }

    /// Checks that the definition runs as the account that the item names.
    fn accounts(&mut self, item: &Item<'_>, task: &Task, element: &Element, path: &str) {
        let user = task.principals.first().and_then(|p| p.user_id.as_ref().or(p.group_id.as_ref()));
        if let (Some(run_as), Some(user)) = (item.run_as(), user)
            && !is_same_account(&run_as, user)
        {
            let kind = FindingKind::Accounts { run_as: shown(&run_as), user: shown(user) };
            self.unusual(kind, element.at.0, path);
        }
    }

    fn summary(&mut self) {
        for seen in std::mem::take(&mut self.disputed) {
            let row = seen.what.row();
            let (meaning, text) = (row.meaning, row.text.unwrap_or_default());
            let kind = FindingKind::Disputed { field: seen.what, times: seen.times, meaning, text };
            self.unusual(kind, seen.at, &seen.path);
        }
        for seen in std::mem::take(&mut self.placeholders) {
            if let Some(placeholder) = PLACEHOLDERS.get(seen.what) {
                let (name, meaning) = (placeholder.name, placeholder.meaning);
                let kind = FindingKind::Placeholder { name, times: seen.times, meaning };
                self.unusual(kind, seen.at, &seen.path);
            }
        }
    }
}

/// Whether the account is the alias for SYSTEM that an editor writes by mistake (EVIDENCE.md GPP-14).
pub(super) fn is_system_alias(account: &str) -> bool {
    account.trim().eq_ignore_ascii_case(r"NT AUTHORITY\Well-Known-System-Account")
}

pub(super) fn is_same_account(one: &str, other: &str) -> bool {
    let sid = |name: &str| match is_system_alias(name) {
        true => Some(Sid::LOCAL_SYSTEM),
        false => Sid::from_account_name(name),
    };
    one.eq_ignore_ascii_case(other) || sid(one).is_some_and(|sid_of_one| sid(other) == Some(sid_of_one))
}

/// The part of a text that a message shows, without anything that may be a password.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 256;
    if mentions_credential(text) {
        return "(not shown)".to_owned();
    }
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
