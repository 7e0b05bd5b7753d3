//! The task as a whole.

use super::{FromNode, Item, List, Parent, ToValue, Value, attribute, children, extra, extra_with, kept};
use crate::{
    definition::{
        Action, Actions, Extra, Principal, RegistrationInfo, Settings, Task, Trigger, UnknownElement, names,
    },
    xml::{
        schema::number,
        table::TASK,
        tree::{Id, NONE, Node, Tree},
    },
};

const INFO: u8 = number(&TASK, names::REGISTRATION_INFO);
const TRIGGERS: u8 = number(&TASK, names::TRIGGERS);
const SETTINGS: u8 = number(&TASK, names::SETTINGS);
const DATA: u8 = number(&TASK, names::DATA);
const PRINCIPALS: u8 = number(&TASK, names::PRINCIPALS);
const ACTIONS: u8 = number(&TASK, names::ACTIONS);

/// The items of a list in order, including unknown ones.
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
            extra: extra_with(tree, id, Vec::new()),
        })
    }
}

impl FromNode for Task {
    fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
        let mut task = Self::default();
        let lost = children(tree, id, |id, node| {
            match node.index {
                INFO => {
                    task.registration_info = RegistrationInfo::from_node(tree, id, node).unwrap_or_default()
                }
                TRIGGERS => task.triggers = items(tree, id, Trigger::from),
                SETTINGS => task.settings = Settings::from_node(tree, id, node).unwrap_or_default(),
                DATA => task.data = FromNode::from_node(tree, id, node),
                PRINCIPALS => {
                    // Not collected, which would reserve memory for four.
                    task.principals.reserve_exact(tree.children(id).count());
                    let principals = tree.children(id);
                    task.principals
                        .extend(principals.filter_map(|(id, node)| FromNode::from_node(tree, id, node)));
                }
                ACTIONS => task.actions = Actions::from_node(tree, id, node).unwrap_or_default(),
                _ => return false,
            }
            true
        });
        task.version = tree.attribute(id, "version").and_then(|version| version.value.parse().ok());
        task.extra = extra(tree, id, lost);
        Some(task)
    }
}

impl Parent for Task {
    /// Parts without stated content are absent.
    fn child(&self, index: u8) -> Option<Value<'_>> {
        match index {
            INFO => (self.registration_info != RegistrationInfo::default())
                .then(|| self.registration_info.to_value()),
            TRIGGERS => (!self.triggers.is_empty()).then_some(Value::List(&self.triggers)),
            SETTINGS => (self.settings != Settings::default()).then(|| self.settings.to_value()),
            DATA => self.data.as_ref().map(ToValue::to_value),
            PRINCIPALS => (!self.principals.is_empty()).then_some(Value::List(&self.principals)),
            ACTIONS => Some(Value::List(&self.actions)),
            _ => None,
        }
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}

impl List for Vec<Trigger> {
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
        self.iter().for_each(|trigger| take(trigger.item()));
    }
}

impl List for Vec<Principal> {
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
        self.iter().for_each(|principal| take(Item::Only(principal.to_value())));
    }
}

impl List for Actions {
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
        self.list.iter().for_each(|action| take(action.item()));
    }

    fn attribute(&self) -> Option<(&'static str, &str)> {
        self.context.as_deref().map(|context| ("Context", context))
    }

    fn extra(&self) -> Option<&Extra> {
        Some(&self.extra)
    }
}
