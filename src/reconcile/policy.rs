//! Policy items that create tasks.

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
    /// The policy, by the name the caller gives it.
    pub policy: String,
    /// The name of the item's task, relative to the root folder.
    pub name: String,
    /// The kind of item.
    pub kind: ItemKind,
    /// What it does to the task.
    pub action: Action,
    /// Whether the item is enabled.
    pub is_ignored: bool,
    /// Whether it contains a stored password.
    pub has_password: bool,
    /// The definition of its task; `None` if the item deletes, or has no valid definition.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub task: Option<Task>,
    /// Differences between the item and its definition.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "AnyFindings::is_empty"))]
    pub losses: AnyFindings,
    /// Why there is no definition; `None` for an item that deletes.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub error: Option<ConvertError>,
}

impl PolicyItem {
    /// Reads an item. The context has the time at which the item is applied, which immediate tasks refer to. Without
    /// it, the triggers of immediate tasks have no start, and the findings say so.
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

    /// The task path.
    #[must_use]
    pub fn path(&self) -> String {
        [r"\", self.name.trim_start_matches('\\')].concat()
    }
}
