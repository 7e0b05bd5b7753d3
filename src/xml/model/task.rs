//! The whole task.

use super::{Element, FromNode, ToElement, attribute, children, extra, kept, put};
use crate::{
    definition::{
        Action, Actions, Extra, RegistrationInfo, Settings, Task, Trigger, TriggerKind, UnknownElement, names,
    },
    xml::tree::{Id, NONE, Node, Tree},
};

/// The items of a list in their order, those that the schema does not know among them.
fn items<T: FromNode>(tree: &Tree<'_>, list: Id, unknown: fn(UnknownElement) -> T) -> Vec<T> {
    let mut out = Vec::with_capacity(tree.children(list).count());
    let behind = |id: Id, out: &mut Vec<T>| {
        out.extend(kept::in_list(tree, list, id).map(unknown));
    };
    behind(NONE, &mut out);
    for (id, node) in tree.children(list) {
        match T::from_node(tree, id, node) {
            Some(item) => out.push(item),
            None => out.extend(kept::lost_item(tree, node).map(unknown)),
        }
        behind(id, &mut out);
    }
    out
}

impl FromNode for Actions {
    fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
        Some(Self {
            context: attribute(tree, id, "Context"),
            list: items(tree, id, Action::Unknown),
            extra: Extra { elements: Vec::new(), ..extra(tree, id, Vec::new()) },
        })
    }
}

impl FromNode for Task {
    fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
        let mut task = Self::default();
        let unknown_trigger = |unknown| Trigger::new(TriggerKind::Unknown(unknown));
        let lost = children(tree, id, |name, id, node| {
            match name {
                names::REGISTRATION_INFO => {
                    task.registration_info = RegistrationInfo::from_node(tree, id, node).unwrap_or_default()
                }
                names::TRIGGERS => task.triggers = items(tree, id, unknown_trigger),
                names::SETTINGS => task.settings = Settings::from_node(tree, id, node).unwrap_or_default(),
                names::DATA => task.data = FromNode::from_node(tree, id, node),
                names::PRINCIPALS => {
                    let principals = tree.children(id);
                    task.principals =
                        principals.filter_map(|(id, node)| FromNode::from_node(tree, id, node)).collect();
                }
                names::ACTIONS => task.actions = Actions::from_node(tree, id, node).unwrap_or_default(),
                _ => return false,
            }
            true
        });
        task.version = attribute(tree, id, "version").and_then(|version| version.parse().ok());
        task.extra = extra(tree, id, lost);
        Some(task)
    }
}

impl Task {
    /// The task as an element. Parts of which nothing is stated are not there.
    pub(in crate::xml) fn element(&self) -> Element<'_> {
        let mut parts = Vec::new();
        if self.registration_info != RegistrationInfo::default() {
            parts.push(self.registration_info.to_element(names::REGISTRATION_INFO));
        }
        if !self.triggers.is_empty() {
            let triggers = self.triggers.iter().map(Trigger::element).collect();
            parts.push(Element::parent(names::TRIGGERS, triggers, None));
        }
        if self.settings != Settings::default() {
            parts.push(self.settings.to_element(names::SETTINGS));
        }
        put(&mut parts, names::DATA, self.data.as_ref());
        if !self.principals.is_empty() {
            let principals = self.principals.iter().map(|p| p.to_element(names::PRINCIPAL)).collect();
            parts.push(Element::parent(names::PRINCIPALS, principals, None));
        }
        let actions = self.actions.list.iter().map(Action::element).collect();
        let actions = Element::parent(names::ACTIONS, actions, Some(&self.actions.extra));
        parts.push(actions.with_attribute("Context", self.actions.context.as_ref()));
        Element::parent(names::TASK, parts, Some(&self.extra))
    }
}
