//! The order in which an element's children are written, and the children that are added.

use super::form::Form;
use crate::{
    definition::SchemaVersion,
    xml::schema::{self, CHILDREN, Complex, Row},
};

/// The schema's order.
static SCHEMA: schema::Order = {
    let mut order = [0; CHILDREN];
    let mut rest = order.as_mut_slice();
    let mut number = 0;
    while let [first, tail @ ..] = rest {
        *first = number;
        number += 1;
        rest = tail;
    }
    order
};

/// The numbers of an element's children in the order of a form, including those that are not written.
#[inline]
pub(super) fn usual(complex: &'static Complex, form: Form) -> &'static [u8] {
    let order = match form {
        Form::File | Form::Client => &complex.client,
        Form::Server => &complex.server,
        Form::Utf8 => &SCHEMA,
    };
    order.get(..complex.children.len()).unwrap_or(order)
}

/// The children selected by `is_there`, in their original order. New children follow the child that precedes them in
/// the client's order.
pub(super) fn as_stated<'o>(
    complex: &'static Complex,
    stated: &[u8],
    is_there: &dyn Fn(u8, &'static Row) -> bool,
    order: &'o mut schema::Order,
) -> &'o [u8] {
    let is_there =
        |child: u8| complex.children.get(usize::from(child)).is_some_and(|row| is_there(child, row));
    let (mut len, mut placed) = (0, 0u32);
    for child in stated.iter().filter(|child| is_there(**child)) {
        len = insert(order, len, len, *child);
        placed |= 1 << child;
    }
    let mut before = None;
    for child in usual(complex, Form::Client).iter().copied() {
        if placed >> child & 1 == 0 {
            if !is_there(child) {
                continue;
            }
            let known = order.iter().take(len).position(|known| Some(*known) == before);
            len = insert(order, len, known.map_or(0, |at| at + 1), child);
            placed |= 1 << child;
        }
        before = Some(child);
    }
    order.get(..len).unwrap_or_default()
}

/// Inserts a child among the first `len` of a list; returns the new length.
fn insert(order: &mut schema::Order, len: usize, at: usize, child: u8) -> usize {
    let Some(tail) = order.get_mut(at..=len) else { return len };
    tail.rotate_right(1);
    if let Some(first) = tail.first_mut() {
        *first = child;
    }
    len + 1
}

/// Whether a form writes an element that is absent.
pub(super) fn is_added(row: &Row, form: Form, version: Option<SchemaVersion>) -> bool {
    let since = match form {
        Form::Server => row.server_writes,
        // The version identifies the client; an absent version does not.
        Form::Client if row.client_writes && row.since > SchemaVersion::V1_2 => {
            return version.is_some_and(|version| version.has(row.since));
        }
        Form::Client => row.client_writes.then_some(SchemaVersion::V1_0),
        Form::File | Form::Utf8 => None,
    };
    since.is_some_and(|since| version.is_none_or(|version| version.has(since)))
}
