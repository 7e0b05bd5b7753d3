//! Items of policies that plant tasks.

use crate::{
    definition::Task,
    finding::AnyFindings,
    gpp::{Action, Context, ConvertError, Item, ItemKind, ScheduledTasks, to_task},
};

/// An item of a policy's ScheduledTasks.xml.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PolicyItem {
    /// The policy: what the caller knows it by.
    pub policy: String,
    /// The name of the item's task, relative to the root folder.
    pub name: String,
    /// The kind of item.
    pub kind: ItemKind,
    /// What it does to the task.
    pub action: Action,
    /// Whether it is applied at all.
    pub is_ignored: bool,
    /// Whether it has a stored password.
    pub has_password: bool,
    /// The definition of its task; none if it deletes, or has none that is valid.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub task: Option<Task>,
    /// What the definition has not as the item states it.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "AnyFindings::is_empty"))]
    pub losses: AnyFindings,
    /// The reason why there is no definition; `None` for an item that deletes.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub error: Option<ConvertError>,
}

impl PolicyItem {
    /// Reads an item. The context has the time at which it is applied, which immediate tasks refer to; without one, the
    /// triggers of their definitions do not say when they start, which is among the losses.
    #[must_use]
    pub fn from_item(policy: &str, item: &Item<'_>, context: &Context<'_>) -> Self {
        let action = item.action();
        let (mut task, mut losses, mut error) = (None, AnyFindings::new(), None);
        if action != Action::Delete {
            match to_task(item, context) {
                Ok(converted) => (task, losses) = (Some(converted.value), converted.losses),
                Err(reason) => error = Some(reason),
            }
        }
        Self {
            policy: policy.to_owned(),
            name: item.name().or_else(|| item.label()).unwrap_or_default(),
            kind: item.kind(),
            action,
            is_ignored: item.is_ignored(),
            has_password: item.has_password(),
            task,
            losses,
            error,
        }
    }

    /// All items of a file.
    ///
    /// ```
    /// use wintask::gpp::{Context, ScheduledTasks};
    /// use wintask::reconcile::PolicyItem;
    ///
    /// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
    /// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}"><Properties action="C" name="a"
    /// appName="a.exe"/></Task></ScheduledTasks>"#;
    /// let file = ScheduledTasks::read(file.as_bytes())?;
    /// let items = PolicyItem::all("Workstations", &file, &Context::default());
    /// assert_eq!(items[0].path(), r"\a");
    /// # Ok::<(), wintask::gpp::Error>(())
    /// ```
    #[must_use]
    pub fn all(policy: &str, file: &ScheduledTasks, context: &Context<'_>) -> Vec<Self> {
        file.items().map(|item| Self::from_item(policy, &item, context)).collect()
    }

    /// The path of its task.
    #[must_use]
    pub fn path(&self) -> String {
        [r"\", self.name.trim_start_matches('\\')].concat()
    }
}
