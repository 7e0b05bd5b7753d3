//! Values of single elements, and plain lists of them.

use super::{FromNode, Item, List, ToValue, Value};
use crate::{
    definition::{
        Data, DaysOfMonth, DaysOfWeek, HeaderField, LogonType, Months, MultipleInstancesPolicy, NamedValue,
        ProcessTokenSidType, RunLevel, SessionStateChange, Weeks,
    },
    time::{Boundary, XsDuration, collapsed},
    xml::tree::{Id, Node, Tree},
};
use uuid::Uuid;

/// Implements conversion from and to text for a leaf.
macro_rules! leaf {
    ($($ty:ty: |$text:ident| $from:expr, |$value:ident| $to:expr;)*) => {$(
        impl FromNode for $ty {
            fn from_node(tree: &Tree<'_>, _id: Id, node: &Node) -> Option<Self> {
                let $text = tree.value(node);
                $from
            }
        }

        impl ToValue for $ty {
            fn to_value(&self) -> Value<'_> {
                let $value = self;
                $to
            }
        }
    )*};
}

leaf! {
    String: |text| Some(text.to_owned()), |value| Value::Text(value);
    Boundary: |text| Some(Self::from_valid(text)), |value| plain(value.as_str());
    XsDuration: |text| Some(Self::from_valid(text)), |value| plain(value.as_str());
    bool: |text| Some(matches!(collapsed(text), "true" | "1")), |value| Value::Word(if *value { "true" } else { "false" });
    u8: |text| number(text), |value| Value::Number((*value).into());
    u16: |text| number(text), |value| Value::Number((*value).into());
    u32: |text| number(text), |value| Value::Number(*value);
    Uuid: |text| Uuid::try_parse(text).ok(), |value| Value::Guid(*value);
    LogonType: |text| Self::from_name(text), |value| Value::Word(value.name());
    RunLevel: |text| Self::from_name(text), |value| Value::Word(value.name());
    ProcessTokenSidType: |text| Self::from_name(text), |value| Value::Word(value.name());
    MultipleInstancesPolicy: |text| Self::from_name(text), |value| Value::Word(value.name());
    SessionStateChange: |text| Self::from_name(text), |value| Value::Word(value.name());
}

/// A date or a duration: digits, letters and signs, with optional surrounding white space.
fn plain(text: &str) -> Value<'_> {
    if collapsed(text).len() == text.len() { Value::Plain(text) } else { Value::Text(text) }
}

/// A number that the walk has validated; a sign and leading zeros are allowed.
fn number<T: TryFrom<u64>>(text: &str) -> Option<T> {
    let digits = collapsed(text).trim_start_matches(['+', '-']);
    digits.parse::<u64>().ok().and_then(|n| T::try_from(n).ok())
}

impl FromNode for Data {
    fn from_node(tree: &Tree<'_>, _id: Id, node: &Node) -> Option<Self> {
        (node.end > 0).then(|| Self { xml: tree.inner(node) })
    }
}

impl ToValue for Data {
    fn to_value(&self) -> Value<'_> {
        Value::Raw(&self.xml)
    }
}

/// Implements a value that enumerates its own items.
macro_rules! lists {
    ($($ty:ty)*) => {$(
        impl ToValue for $ty {
            fn to_value(&self) -> Value<'_> {
                Value::List(self)
            }
        }
    )*};
}

lists!(DaysOfWeek Months DaysOfMonth Weeks Vec<NamedValue> Vec<HeaderField> Vec<String>);

/// A set: one element for each member, identified by its name or its text.
macro_rules! set {
    ($($ty:ident)*) => {$(
        impl FromNode for $ty {
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                let mut set = Self::default();
                for (_, member) in tree.children(id) {
                    set |= Self::from_name(tree.member(member))?;
                }
                Some(set)
            }
        }
    )*};
}

set!(DaysOfWeek Months DaysOfMonth Weeks);

/// Days and months are elements without content.
macro_rules! markers {
    ($($ty:ident)*) => {$(
        impl List for $ty {
            fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
                self.names().for_each(|member| take(Item::One(member, Value::Empty)));
            }
        }
    )*};
}

markers!(DaysOfWeek Months);

impl List for DaysOfMonth {
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
        self.days().for_each(|day| take(Item::Only(Value::Number(day.into()))));
        if self.has_last() {
            take(Item::Only(Value::Word("Last")));
        }
    }
}

impl List for Weeks {
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
        self.names().for_each(|week| take(Item::Only(Value::Word(week))));
    }
}

/// A list: one element for each item.
macro_rules! list {
    ($($ty:ty)*) => {$(
        impl FromNode for Vec<$ty> {
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                tree.children(id).map(|(id, item)| <$ty>::from_node(tree, id, item)).collect()
            }
        }

        impl List for Vec<$ty> {
            fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>)) {
                self.iter().for_each(|item| take(Item::Only(item.to_value())));
            }
        }
    )*};
}

list!(NamedValue HeaderField String);

impl FromNode for NamedValue {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        let name = super::attribute(tree, id, "name")?;
        Some(Self { name, value: tree.value(node).to_owned() })
    }
}

impl ToValue for NamedValue {
    fn to_value(&self) -> Value<'_> {
        Value::Named(self)
    }
}
