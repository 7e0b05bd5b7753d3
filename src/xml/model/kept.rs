//! Unknown and unreadable content, in the positions where the writers write it, so that reading the output gives the
//! same task.
//!
//! Unknown content keeps its position after the preceding child. Known content (a duplicate, an invalid value) comes
//! last, since it must not be mistaken for the child that was read.

use crate::{
    definition::UnknownElement,
    limits,
    xml::{
        schema::{Complex, Content},
        tree::{Id, Node, Tree},
    },
};
use std::collections::BTreeSet;

/// The position of kept content, in output order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    First,
    /// After the child with this number.
    After(u8),
    Last,
}

/// The unknown elements of an element, and its children (`lost`) that could not be read.
pub(super) fn elements(tree: &Tree<'_>, id: Id, lost: &[Id]) -> Vec<UnknownElement> {
    let Some(Content::Complex(complex)) = tree.node(id).map(|node| &node.row.content) else {
        return Vec::new();
    };
    let lost: BTreeSet<Id> = lost.iter().copied().collect();
    let mut pieces = pieces(tree, id, complex, &lost);
    pieces.sort_by(|(one, at, _), (other, behind, _)| one.cmp(other).then(at.cmp(behind)));
    let mut elements: Vec<UnknownElement> = Vec::new();
    let (mut last, mut known) = (None, 0);
    for (place, _, xml) in pieces {
        known += usize::from(place == Place::Last);
        let joined = if place == Place::Last { known > limits::XML_KEPT } else { last == Some(place) };
        match elements.last_mut().filter(|_| joined) {
            Some(element) => {
                element.xml.push('\n');
                element.xml += &xml;
            }
            None => {
                let child = if let Place::After(index) = place {
                    complex.children.get(usize::from(index))
                } else {
                    None
                };
                let after = child.map(|row| row.name.to_owned());
                elements.push(UnknownElement { inside: None, after, xml });
            }
        }
        last = Some(place);
    }
    elements.extend(
        tree.children(id)
            .filter(|(id, _)| !lost.contains(id))
            .filter_map(|(id, node)| inside(tree, id, node)),
    );
    elements
}

/// Each piece with its position and its offset.
fn pieces(tree: &Tree<'_>, id: Id, complex: &Complex, lost: &BTreeSet<Id>) -> Vec<(Place, u32, String)> {
    let mut pieces = Vec::new();
    let mut unknown = tree.unknown.iter().filter(|u| u.parent == id).peekable();
    let mut place = Place::First;
    // Both are in document order; the end of the children acts as an additional child.
    let children = tree.children(id).map(Some).chain([None]);
    for child in children {
        let open = child.map_or(u32::MAX, |(_, node)| node.open);
        while let Some(unknown) = unknown.next_if(|u| u.start < open) {
            let xml = tree.outer(unknown.start, unknown.end);
            let place = if complex.begins_with_child(&xml) { Place::Last } else { place };
            pieces.push((place, unknown.start, xml));
        }
        match child {
            Some((child, node)) if lost.contains(&child) => {
                // Nothing is kept if the document is truncated within it.
                pieces.extend((node.end > 0).then(|| (Place::Last, node.open, tree.element(node))));
            }
            Some((_, node)) => place = Place::After(node.index),
            None => {}
        }
    }
    pieces
}

/// The unknown content of a child whose value has no [`Extra`](crate::definition::Extra).
fn inside(tree: &Tree<'_>, id: Id, node: &Node) -> Option<UnknownElement> {
    let Content::Complex(Complex { bare: true, .. }) = node.row.content else { return None };
    let unknown = tree.unknown.iter().filter(|u| u.parent == id);
    let xml: Vec<String> = unknown.map(|u| tree.outer(u.start, u.end)).collect();
    let inside = Some(node.row.name.to_owned());
    (!xml.is_empty()).then(|| UnknownElement { inside, after: None, xml: xml.join("\n") })
}

/// An unexpected part of a list, after one of its items.
pub(super) fn in_list(tree: &Tree<'_>, list: Id, after: Id) -> impl Iterator<Item = UnknownElement> {
    let here = tree.unknown.iter().filter(move |u| u.parent == list && u.after == after);
    here.map(|u| item(tree.outer(u.start, u.end)))
}

/// An unreadable item, kept as it was written; nothing if the document is truncated within it.
pub(super) fn lost_item(tree: &Tree<'_>, node: &Node) -> Option<UnknownElement> {
    (node.end > 0).then(|| item(tree.element(node)))
}

fn item(xml: String) -> UnknownElement {
    UnknownElement { inside: None, after: None, xml }
}
