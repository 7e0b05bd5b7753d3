//! In which order an element's children are written, and which are written though they are not stated.

use super::form::Form;
use crate::{
    definition::{Extra, SchemaVersion},
    xml::schema::{CHILDREN, Complex, Row},
};

/// The numbers of an element's children in the order of a form; `is_there` says which are to be written.
pub(super) fn children(
    complex: &'static Complex,
    form: Form,
    extra: Option<&Extra>,
    is_there: &dyn Fn(usize) -> bool,
) -> impl Iterator<Item = usize> + use<> {
    let mut order = Order { list: [0; CHILDREN], len: 0 };
    let stated = extra.and_then(|extra| extra.layout.stated()).filter(|_| form == Form::File);
    for child in stated.iter().flat_map(|stated| stated.order.iter()) {
        if is_there((*child).into()) {
            order.insert(order.len, *child);
        }
    }
    let usual = match form {
        Form::File | Form::Client => &complex.client,
        Form::Server => &complex.server,
        Form::Utf8 => &std::array::from_fn(|child| child as u8),
    };
    // What was not stated follows the child that the client writes before it.
    let mut before = 0;
    for child in usual.iter().take(complex.children.len()) {
        match order.position(*child) {
            Some(at) => before = at + 1,
            None if is_there((*child).into()) => {
                order.insert(before, *child);
                before += 1;
            }
            None => {}
        }
    }
    order.list.into_iter().take(order.len).map(usize::from)
}

/// Whether a form writes an element that is not stated.
pub(super) fn is_added(row: &Row, form: Form, version: Option<SchemaVersion>) -> bool {
    let since = match form {
        Form::Server => row.server_writes,
        // The version says which client it is; one that is not stated says nothing.
        Form::Client if row.client_writes && row.since > SchemaVersion::V1_2 => {
            return version.is_some_and(|version| version.has(row.since));
        }
        Form::Client => row.client_writes.then_some(SchemaVersion::V1_0),
        Form::File | Form::Utf8 => None,
    };
    since.is_some_and(|since| version.is_none_or(|version| version.has(since)))
}

/// A list of different children.
struct Order {
    list: [u8; CHILDREN],
    len: usize,
}

impl Order {
    fn position(&self, child: u8) -> Option<usize> {
        self.list.iter().take(self.len).position(|known| *known == child)
    }

    fn insert(&mut self, at: usize, child: u8) {
        if let Some(tail) = self.list.get_mut(at..=self.len) {
            tail.rotate_right(1);
            if let Some(first) = tail.first_mut() {
                *first = child;
            }
            self.len += 1;
        }
    }
}
