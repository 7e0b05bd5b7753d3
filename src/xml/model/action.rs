//! Actions.

use super::{Content, Element, FromNode, ToElement};
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
    /// The action as an element; of one that the schema does not know, what was kept.
    pub(in crate::xml) fn element(&self) -> Element<'_> {
        match self {
            Self::Exec(action) => action.to_element(names::EXEC),
            Self::ComHandler(action) => action.to_element(names::COM_HANDLER),
            Self::SendEmail(action) => action.to_element(names::SEND_EMAIL),
            Self::ShowMessage(action) => action.to_element(names::SHOW_MESSAGE),
            Self::Unknown(unknown) => Element::new("", Content::Foreign(&unknown.xml)),
        }
    }
}
