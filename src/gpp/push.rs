//! Converts a definition to a policy item.

use super::{
    convert_error::ConvertError,
    converted::{Converted, Losses},
    document::ScheduledTasks,
    element::{Element, Node, mentions_credential},
    loss::LossKind,
    parse::parse,
    placeholder::placeholders,
    table::Field,
    value::ItemKind,
};
use crate::{
    Profile,
    definition::{LogonType, Principal, Task},
    finding::AnyFindings,
    security::Sid,
    xml::{self, Form, Options},
};
use std::collections::BTreeSet;

impl ScheduledTasks {
    /// Adds an item with a definition ([`ItemKind::TaskV2`]). Returns its index, and what the policy changes about
    /// the task.
    ///
    /// The item has the action Update; [`set`](Self::set) changes it and other attributes. The account and the logon
    /// type are those of the principal ([MS-GPPREF] 2.2.1.18.3). No password is stored. Text that looks like a policy
    /// variable ([`PLACEHOLDERS`](super::PLACEHOLDERS)) is replaced when the item is applied.
    ///
    /// # Errors
    /// [`ConvertError`], if the definition cannot be written or is invalid.
    ///
    /// ```
    /// use wintask::definition::{Exec, Principal, Task};
    /// use wintask::gpp::{Context, ScheduledTasks, to_task};
    ///
    /// let mut task = Task::new(Exec::new("backup.exe"));
    /// task.principals.push(Principal::user("S-1-5-18").with_id("Author"));
    /// let mut policy = ScheduledTasks::new();
    /// let uid = "{00000000-0000-0000-0000-000000000001}";
    /// assert_eq!(policy.push_task("Backup", uid, &task)?.value, 0);
    ///
    /// let policy = ScheduledTasks::read(&policy.to_bytes())?;
    /// let item = policy.items().next().ok_or("no item")?;
    /// assert_eq!(item.run_as().as_deref(), Some(r"NT AUTHORITY\System"));
    /// assert_eq!(to_task(&item, &Context::default())?.value, task);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn push_task(
        &mut self,
        name: &str,
        uid: &str,
        task: &Task,
    ) -> Result<Converted<usize>, ConvertError> {
        let text = xml::write_text(task, Form::Utf8)?;
        xml::read_text(&text, &Options::default()).map_err(ConvertError::Definition)?;
        let root = parse(&text, &mut |_, _| false).and_then(|parts| parts.roots.into_iter().next());
        let mut definition = root.ok_or(ConvertError::NoDefinition)?;
        // Matches files written by the editor (EVIDENCE.md GPP-01).
        definition.attributes.retain(|attribute| attribute.name() != "xmlns");
        let mut losses = Losses(AnyFindings::new());
        if mentions_credential(&text) {
            losses.add(None, "Task", LossKind::Credential);
        }
        let variables: BTreeSet<_> = placeholders(&text).map(|(_, placeholder)| placeholder.name).collect();
        for name in variables {
            losses.add(None, "Task", LossKind::Variable(name));
        }
        let (account, logon_type) = run_as(task, &mut losses);
        let item = self.push(ItemKind::TaskV2, name, uid);
        self.set(item, Field::RunAs, account);
        self.set(item, Field::LogonType, logon_type);
        self.embed(item, definition);
        Ok(Converted { value: item, losses: losses.0 })
    }

    /// Makes an element the content of an item's Properties.
    fn embed(&mut self, item: usize, definition: Element) {
        if let Some(properties) = self.item_mut(item).and_then(|item| item.child_mut("Properties")) {
            properties.children.push(Node::Element(definition));
            properties.empty = false;
        }
    }
}

/// The account and logon type of an item, as the editor writes them (EVIDENCE.md GPP-12).
fn run_as(task: &Task, losses: &mut Losses) -> (String, &'static str) {
    let principal = task.run_as().or_else(|| task.principals.first());
    let Some(Principal { user_id: Some(account), .. }) = principal else {
        if let Some(group) = principal.and_then(|principal| principal.group_id.clone()) {
            return (group, "Group");
        }
        losses.field(Field::RunAs, LossKind::Assumed("the user who is logged on".to_owned()));
        return (r"%LogonDomain%\%LogonUser%".to_owned(), LogonType::InteractiveToken.name());
    };
    let services = [
        (Sid::LOCAL_SYSTEM, r"NT AUTHORITY\System"),
        (Sid::LOCAL_SERVICE, r"NT AUTHORITY\Local Service"),
        (Sid::NETWORK_SERVICE, r"NT AUTHORITY\Network Service"),
    ];
    let sid = Sid::from_account_name(account);
    let service = services.iter().find(|(service, _)| Some(*service) == sid).map(|(_, name)| *name);
    let stated = principal.and_then(|principal| principal.logon_type);
    let logon_type = match (stated, service) {
        (None, Some(_)) => LogonType::S4U,
        (None, None) => Principal::user(account).effective(Profile::Windows).logon_type.value,
        (Some(stated), _) => stated,
    };
    if matches!(logon_type, LogonType::Password | LogonType::InteractiveTokenOrPassword) {
        losses.field(Field::Cpassword, LossKind::Credential);
    }
    (service.unwrap_or(account).to_owned(), logon_type.name())
}
