//! How an element was stated: what [`Form::File`](crate::xml::Form::File) needs to write it as it was.

use crate::{
    definition::{Before, DaysOfWeek, Gap, Layout, Months, Spelling},
    dtyp::guid,
    markup::escaped,
    time::collapsed,
    xml::{
        schema::{AttributeKind, Complex, Content, Type},
        tree::{Id, NONE, Node, Tree, Value, normalised},
    },
};
use std::borrow::Cow;
use uuid::Uuid;

/// The layout of an element with known children.
pub(super) fn layout(tree: &Tree<'_>, id: Id) -> Layout {
    let Some(node) = tree.node(id) else { return Layout::default() };
    let Content::Complex(complex) = node.row.content else { return Layout::default() };
    if !tree.comments && (complex.list.is_some() || is_usual(tree, id, complex)) {
        return Layout::default();
    }
    let (mut order, mut spellings, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
    gaps.extend(own_gap(tree, node));
    if complex.list.is_none() && node.end > 0 {
        let mut inside = Inside { tree, id, at: tree.inside(node), gaps: &mut gaps };
        for (child, node) in tree.children(id) {
            let Some(index) = complex.index(node.row) else { continue };
            let number = index as u8;
            order.push(number);
            if let Some((usual, stated)) = spelling(tree, child, node) {
                let (usual, stated) = (usual.into(), stated.map(Into::into));
                spellings.push(Spelling { child: number, usual, stated });
            }
            inside.gap(Before::Child(number), node.open, node.end);
        }
        inside.gap(Before::End, node.close, node.close);
    }
    Layout::new(order, spellings, gaps)
}

/// Whether the children are in the client's order and spelled as the writer spells them, which is so of nearly all.
fn is_usual(tree: &Tree<'_>, id: Id, complex: &Complex) -> bool {
    let mut last = None;
    tree.children(id).all(|(child, node)| {
        let place = complex.index(node.row).map(|index| complex.client_place(index));
        // An empty part says nothing, so that the model has no trace of it.
        let follows = place > last && !(node.row.part && node.first_child == NONE);
        last = place;
        follows && (is_spelled_as_usual(tree, node) || spelling(tree, child, node).is_none())
    })
}

/// The quick answer for the most frequent values; false where [`spelling`] has to look.
fn is_spelled_as_usual(tree: &Tree<'_>, node: &Node) -> bool {
    match (&node.row.content, node.value) {
        (Content::Simple(ty), Value::Plain { start, end }) if end > start && node.close > node.open => {
            let value = tree.slice(start, end);
            match ty {
                Type::Boolean => matches!(value, "true" | "false"),
                Type::Priority | Type::Number { .. } => value.as_bytes().first().is_some_and(|b| *b > b'0'),
                Type::Guid => false,
                _ => memchr::memchr(b'>', value.as_bytes()).is_none(),
            }
        }
        (Content::Complex(complex), _) => !complex.set,
        _ => false,
    }
}

/// Looks for comments between the children of an element.
struct Inside<'a, 't> {
    tree: &'a Tree<'t>,
    id: Id,
    /// Where the last child ended.
    at: u32,
    gaps: &'a mut Vec<Gap>,
}

impl Inside<'_, '_> {
    /// What lies between the last child and what begins at `open` and ends at `end`.
    fn gap(&mut self, before: Before, open: u32, end: u32) {
        let text = self.tree.slice(self.at, open);
        let unknown =
            || self.tree.unknown.iter().any(|u| u.parent == self.id && (self.at..open).contains(&u.start));
        if text.contains('<') && !unknown() {
            self.gaps.push(Gap { before, text: normalised(text).into() });
        }
        self.at = end;
    }
}

/// The comments before the root or before an element that its list keeps: those that can have an `id`.
fn own_gap(tree: &Tree<'_>, node: &Node) -> Option<Gap> {
    let kinds = [AttributeKind::Id, AttributeKind::Version];
    if !node.row.attributes.iter().any(|attribute| kinds.contains(&attribute.kind)) {
        return None;
    }
    let before = tree.slice(0, node.open);
    let mut start = before.len();
    while let Some(comment) = before.get(..start).and_then(|text| text.trim_end().strip_suffix("-->")) {
        start = comment.rfind("<!--")?;
    }
    let blanks = before.get(..start)?.trim_end().len();
    let text = before.get(blanks..)?;
    text.contains('<').then(|| Gap { before: Before::Itself, text: normalised(text).into() })
}

/// What the writer would write of a value, and what was written, where that differs.
fn spelling(tree: &Tree<'_>, id: Id, node: &Node) -> Option<(String, Option<String>)> {
    match node.row.content {
        Content::Simple(ty) if node.end > 0 => {
            let usual = usual(ty, tree.value(node));
            let has_end_tag = node.close > node.open;
            if let Value::Plain { .. } = node.value
                && *usual == *tree.value(node)
                && !usual.contains('>')
                && has_end_tag != usual.is_empty()
            {
                return None;
            }
            let stated = has_end_tag.then(|| tree.inner(node));
            let as_usual = match &stated {
                Some(stated) => *stated == escaped(&usual) && !usual.is_empty(),
                None => usual.is_empty(),
            };
            (!as_usual).then(|| (usual.into_owned(), stated))
        }
        Content::Complex(complex) if complex.set => {
            let stated: Vec<&str> = tree.children(id).map(|(_, member)| tree.member(member)).collect();
            let usual = sorted(&stated);
            (usual != stated).then(|| (usual.join(" "), Some(stated.join(" "))))
        }
        _ => None,
    }
}

/// How the writer spells a value.
fn usual(ty: Type, text: &str) -> Cow<'_, str> {
    match ty {
        Type::Boolean => if matches!(collapsed(text), "true" | "1") { "true" } else { "false" }.into(),
        Type::Priority | Type::Number { .. } => {
            let digits = collapsed(text).trim_start_matches(['+', '-']).trim_start_matches('0');
            if digits.is_empty() { "0" } else { digits }.into()
        }
        Type::Guid => Uuid::try_parse(text).map_or(text.into(), |uuid| guid::braced(uuid).into()),
        _ => text.into(),
    }
}

/// The members of a set as the writer sorts them, each once.
fn sorted<'n>(members: &[&'n str]) -> Vec<&'n str> {
    // Days and months by their bits; texts are numbers, followed by `Last`.
    let place = |member: &str| {
        let day = DaysOfWeek::from_name(member).map(|day| day.bits().into());
        let month = || Months::from_name(member).map(|month| month.bits().into());
        day.or_else(month).unwrap_or_else(|| member.parse().unwrap_or(u32::MAX))
    };
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|member| place(member));
    sorted.dedup();
    sorted
}
