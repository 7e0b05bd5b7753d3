//! Actions.

use super::{Content, Element, FromNode, ToElement};
use crate::{
    definition::Action,
    xml::tree::{Id, Node, Tree},
};

impl FromNode for Action {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        match node.row.name {
            "Exec" => FromNode::from_node(tree, id, node).map(Self::Exec),
            "ComHandler" => FromNode::from_node(tree, id, node).map(Self::ComHandler),
            "SendEmail" => FromNode::from_node(tree, id, node).map(Self::SendEmail),
            "ShowMessage" => FromNode::from_node(tree, id, node).map(Self::ShowMessage),
            _ => None,
        }
    }
}

impl Action {
    /// The action as an element; of one that the schema does not know, what was kept.
    pub(in crate::xml) fn element(&self) -> Element<'_> {
        match self {
            Self::Exec(action) => action.to_element("Exec"),
            Self::ComHandler(action) => action.to_element("ComHandler"),
            Self::SendEmail(action) => action.to_element("SendEmail"),
            Self::ShowMessage(action) => action.to_element("ShowMessage"),
            Self::Unknown(unknown) => Element::new("", Content::Foreign(&unknown.xml)),
        }
    }
}
