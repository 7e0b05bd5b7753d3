//! The writer's view of a task. There is no second tree: a value is asked for its children one by one, by their
//! numbers in the schema table, and lends them.

use super::stated::push_member;
use crate::definition::{Extra, NamedValue};
use std::borrow::Cow;
use uuid::Uuid;

/// The content of an element.
#[derive(Clone, Copy)]
pub(in crate::xml) enum Value<'a> {
    /// Nothing; the name is the value.
    Empty,
    Text(&'a str),
    /// Text without characters to escape.
    Plain(&'a str),
    /// A word of the schema, which needs no escaping.
    Word(&'static str),
    Number(u32),
    Guid(Uuid),
    /// Text with a name.
    Named(&'a NamedValue),
    /// Markup, written unchanged.
    Raw(&'a str),
    /// Children, each once.
    Parent(&'a dyn Parent),
    /// Items in their own order.
    List(&'a dyn List),
}

/// A value that can be written as an element.
pub(in crate::xml) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

impl<T: ToValue> ToValue for Box<T> {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

/// A value with children that occur at most once each.
pub(in crate::xml) trait Parent {
    /// The child with this number in the schema table, if it is stated.
    fn child(&self, number: u8) -> Option<Value<'_>>;

    /// The element's own attribute, if it has one.
    fn attribute(&self) -> Option<(&'static str, &str)> {
        None
    }

    /// The unknown content, and the layout.
    fn extra(&self) -> Option<&Extra>;
}

/// A list.
pub(in crate::xml) trait List {
    /// Passes the items in order to `take`.
    fn each<'a>(&'a self, take: &mut dyn FnMut(Item<'a>));

    /// The list's own attribute, if it has one.
    fn attribute(&self) -> Option<(&'static str, &str)> {
        None
    }

    /// The unknown content, and the layout.
    fn extra(&self) -> Option<&Extra> {
        None
    }
}

/// An item of a list.
#[derive(Clone, Copy)]
pub(in crate::xml) enum Item<'a> {
    /// In a list with one kind of item.
    Only(Value<'a>),
    /// In a list with several kinds of items.
    One(&'static str, Value<'a>),
    /// A whole unknown element.
    Foreign(&'a str),
}

/// A value without stated content.
pub(in crate::xml) struct Unstated;

impl Parent for Unstated {
    fn child(&self, _number: u8) -> Option<Value<'_>> {
        None
    }

    fn extra(&self) -> Option<&Extra> {
        None
    }
}

impl List for Unstated {
    fn each<'a>(&'a self, _take: &mut dyn FnMut(Item<'a>)) {}
}

impl<'a> Value<'a> {
    pub(in crate::xml) fn attribute(self) -> Option<(&'static str, &'a str)> {
        match self {
            Self::Parent(parent) => parent.attribute(),
            Self::List(list) => list.attribute(),
            Self::Named(value) => Some(("name", &value.name)),
            _ => None,
        }
    }

    pub(in crate::xml) fn extra(self) -> Option<&'a Extra> {
        match self {
            Self::Parent(parent) => parent.extra(),
            Self::List(list) => list.extra(),
            _ => None,
        }
    }

    /// The form that is compared with a spelling: the text, or the members of a set or a list.
    pub(in crate::xml) fn usual(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) | Self::Plain(text) | Self::Raw(text) => text.into(),
            Self::Word(word) => word.into(),
            Self::Number(number) => number.to_string().into(),
            Self::Guid(id) => crate::dtyp::guid::braced(id).into(),
            Self::Named(value) => value.value.as_str().into(),
            Self::List(list) => {
                let mut usual = String::new();
                list.each(&mut |item| match item {
                    // What distinguishes a member: its text, or its name if it has no text.
                    Item::One(name, Value::Empty) => push_member(None.into_iter(), name, &mut usual),
                    Item::Only(value) | Item::One(_, value) => {
                        push_member(value.attribute().into_iter(), &value.usual(), &mut usual)
                    }
                    Item::Foreign(_) => {}
                });
                usual.into()
            }
            Self::Empty | Self::Parent(_) => "".into(),
        }
    }
}
