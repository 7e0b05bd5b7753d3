//! Values of a single element, and plain lists of them.

use super::{Content, Element, FromNode, ToElement};
use crate::{
    definition::{
        Data, DaysOfMonth, DaysOfWeek, HeaderField, LogonType, Months, MultipleInstancesPolicy, NamedValue,
        ProcessTokenSidType, RunLevel, SessionStateChange, Weeks, names,
    },
    dtyp::guid,
    time::{Boundary, XsDuration, collapsed},
    xml::{
        simple::Parsed,
        tree::{Id, Node, Tree},
    },
};
use std::borrow::Cow;
use uuid::Uuid;

/// A leaf: from its text, and to it.
macro_rules! leaf {
    ($($ty:ty: |$text:ident| $from:expr, |$value:ident| $to:expr;)*) => {$(
        impl FromNode for $ty {
            fn from_node(tree: &Tree<'_>, _id: Id, node: &Node) -> Option<Self> {
                let $text = tree.value(node);
                $from
            }
        }

        impl ToElement for $ty {
            fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
                let $value = self;
                let text: Cow<'a, str> = $to;
                Element::new(name, Content::Text(text))
            }
        }
    )*};
}

leaf! {
    String: |text| Some(text.to_owned()), |value| value.as_str().into();
    bool: |text| Some(matches!(collapsed(text), "true" | "1")), |value| if *value { "true" } else { "false" }.into();
    u8: |text| number(text), |value| value.to_string().into();
    u16: |text| number(text), |value| value.to_string().into();
    u32: |text| number(text), |value| value.to_string().into();
    Uuid: |text| Uuid::try_parse(text).ok(), |value| guid::braced(*value).into();
    LogonType: |text| Self::from_name(text), |value| value.name().into();
    RunLevel: |text| Self::from_name(text), |value| value.name().into();
    ProcessTokenSidType: |text| Self::from_name(text), |value| value.name().into();
    MultipleInstancesPolicy: |text| Self::from_name(text), |value| value.name().into();
    SessionStateChange: |text| Self::from_name(text), |value| value.name().into();
}

impl FromNode for Boundary {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let Parsed::Boundary(parts) = tree.parsed(id)? else { return None };
        Some(Self::from_parts(tree.value(node).to_owned(), parts))
    }
}

impl FromNode for XsDuration {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let Parsed::Duration(parts) = tree.parsed(id)? else { return None };
        Some(Self::from_parts(tree.value(node).to_owned(), parts))
    }
}

impl ToElement for Boundary {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        Element::new(name, Content::Text(self.as_str().into()))
    }
}

impl ToElement for XsDuration {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        Element::new(name, Content::Text(self.as_str().into()))
    }
}

/// A number as the walk has checked it: a sign and leading zeros are allowed.
fn number<T: TryFrom<u64>>(text: &str) -> Option<T> {
    let digits = collapsed(text).trim_start_matches(['+', '-']);
    digits.parse::<u64>().ok().and_then(|n| T::try_from(n).ok())
}

impl FromNode for Data {
    fn from_node(tree: &Tree<'_>, _id: Id, node: &Node) -> Option<Self> {
        (node.end > 0).then(|| Self { xml: tree.inner(node) })
    }
}

impl ToElement for Data {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        Element::new(name, Content::Raw(&self.xml))
    }
}

/// A set: one element for each member, identified by its name (`marker`) or by its text (`value`).
macro_rules! set {
    ($($ty:ident by $how:ident $(($item:path))?;)*) => {$(
        impl FromNode for $ty {
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                let mut set = Self::default();
                for (_, member) in tree.children(id) {
                    set |= Self::from_name(tree.member(member))?;
                }
                Some(set)
            }
        }

        impl ToElement for $ty {
            fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
                let members = self.names().map(|member| set!(@$how member $(, $item)?));
                Element::parent(name, members.collect(), None)
            }
        }
    )*};
    (@marker $member:expr) => { Element::new($member, Content::Empty) };
    (@value $member:expr, $item:path) => { Element::new($item, Content::Text($member.into())) };
}

set! {
    DaysOfWeek by marker;
    Months by marker;
    DaysOfMonth by value(names::DAY);
    Weeks by value(names::WEEK);
}

/// A list: one element for each item.
macro_rules! list {
    ($($ty:ty, $item:path;)*) => {$(
        impl FromNode for Vec<$ty> {
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                tree.children(id).map(|(id, item)| <$ty>::from_node(tree, id, item)).collect()
            }
        }

        impl ToElement for Vec<$ty> {
            fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
                Element::parent(name, self.iter().map(|item| item.to_element($item)).collect(), None)
            }
        }
    )*};
}

list! {
    NamedValue, names::VALUE;
    HeaderField, names::HEADER_FIELD;
}

/// Names of privileges and paths of attachments: the parent shows which.
impl FromNode for Vec<String> {
    fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
        tree.children(id).map(|(id, item)| String::from_node(tree, id, item)).collect()
    }
}

impl ToElement for Vec<String> {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        let item = if name == names::ATTACHMENTS { names::FILE } else { names::PRIVILEGE };
        Element::parent(name, self.iter().map(|value| value.to_element(item)).collect(), None)
    }
}

impl FromNode for NamedValue {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let name = super::attribute(tree, id, "name")?;
        Some(Self { name, value: tree.value(node).to_owned() })
    }
}

impl ToElement for NamedValue {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        Element::new(name, Content::Text(self.value.as_str().into())).with_attribute("name", Some(&self.name))
    }
}
