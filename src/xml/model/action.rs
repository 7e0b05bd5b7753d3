//! Actions.

use super::{FromNode, Item, ToValue};
use crate::{
    definition::{Action, names},
    xml::tree::{Id, Node, Tree},
};

impl FromNode for Action {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        match node.row.name {
            names::EXEC => FromNode::from_node(tree, id, node).map(Self::Exec),
            names::COM_HANDLER => FromNode::from_node(tree, id, node).map(Self::ComHandler),
            names::SEND_EMAIL => FromNode::from_node(tree, id, node).map(Self::SendEmail),
            names::SHOW_MESSAGE => FromNode::from_node(tree, id, node).map(Self::ShowMessage),
            _ => None,
        }
    }
}

impl Action {
    /// The action as a list item; for an unknown action, the preserved element.
    pub(super) fn item(&self) -> Item<'_> {
        match self {
            Self::Exec(action) => Item::One(names::EXEC, action.to_value()),
            Self::ComHandler(action) => Item::One(names::COM_HANDLER, action.to_value()),
            Self::SendEmail(action) => Item::One(names::SEND_EMAIL, action.to_value()),
            Self::ShowMessage(action) => Item::One(names::SHOW_MESSAGE, action.to_value()),
            Self::Unknown(unknown) => Item::Foreign(&unknown.xml),
        }
    }
}
