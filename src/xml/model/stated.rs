//! How an element was stated: what [`Form::File`](crate::xml::Form::File) needs to write it as it was.

use crate::{
    definition::{Before, DaysOfWeek, Gap, Layout, Months, Spelling},
    dtyp::guid,
    markup::{escaped, is_escaped},
    time::collapsed,
    xml::{
        plain,
        schema::{AttributeKind, CHILDREN, Complex, Content, Type},
        tree::{Id, NONE, Node, Tree, Value, normalised},
    },
};
use std::borrow::Cow;
use uuid::Uuid;

/// The layout of an element with known children: none where they are in the client's order and spelled as the writer
/// spells them, which is so of nearly all.
pub(super) fn layout(tree: &Tree<'_>, id: Id) -> Layout {
    let Some(node) = tree.node(id) else { return Layout::default() };
    let Content::Complex(complex) = node.row.content else { return Layout::default() };
    if !tree.comments && (node.usual || complex.list.is_some()) {
        return Layout::default();
    }
    let gap = if tree.comments { own_gap(tree, node) } else { None };
    if complex.list.is_none() && node.end > 0 {
        children(tree, id, node, complex, gap)
    } else {
        gap.map_or_else(Layout::default, |gap| Layout::new(&[], Vec::new(), vec![gap]))
    }
}

fn children(tree: &Tree<'_>, id: Id, node: &Node, complex: &Complex, gap: Option<Gap>) -> Layout {
    let (mut order, mut count) = ([0; CHILDREN], 0);
    let (mut spellings, mut gaps) = (Vec::new(), Vec::from_iter(gap));
    let mut inside = Inside { tree, id, at: node.inside, gaps: &mut gaps };
    let (mut usual, mut last) = (true, None);
    for (child, node) in tree.children(id) {
        let number = node.index;
        if let Some(place) = order.get_mut(count) {
            *place = number;
            count += 1;
        }
        let place = complex.client_places.get(usize::from(number));
        // An empty part says nothing, so that the model has no trace of it.
        usual &= place > last && !(node.row.part && node.first_child == NONE);
        last = place;
        if let Some((usual, stated)) = spelling(tree, child, node) {
            let (usual, stated) = (usual.into(), stated.map(Into::into));
            spellings.push(Spelling { child: number, usual, stated });
        }
        inside.gap(Before::Child(number), node.open, node.end);
    }
    inside.gap(Before::End, node.close, node.close);
    if usual && spellings.is_empty() && gaps.is_empty() {
        return Layout::default();
    }
    Layout::new(order.get(..count).unwrap_or_default(), spellings, gaps)
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
        if !self.tree.comments {
            return;
        }
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
            if let Value::Plain { start, end } = node.value
                && end > start
                && node.close > node.open
                && plain::is_spelled_as_usual(ty, tree.slice(start, end))
            {
                return None;
            }
            let usual = usual(ty, tree.value(node));
            let stated = (node.close > node.open).then(|| tree.slice(node.inside, node.close));
            let as_usual = stated.is_some() != usual.is_empty()
                && stated
                    .is_none_or(|stated| is_escaped(stated, &usual) || normalised(stated) == escaped(&usual));
            (!as_usual).then(|| (usual.into_owned(), stated.map(|_| tree.inner(node))))
        }
        Content::Complex(complex) if complex.set => {
            let mut places = tree.children(id).map(|(_, member)| place(tree.member(member)));
            let mut last = places.next();
            if places.all(|place| last.replace(place) < Some(place)) {
                return None;
            }
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

/// Where the writer writes a member of a set: days and months by their bits; texts are numbers, followed by `Last`.
fn place(member: &str) -> u32 {
    let day = DaysOfWeek::from_name(member).map(|day| day.bits().into());
    let month = || Months::from_name(member).map(|month| month.bits().into());
    day.or_else(month).unwrap_or_else(|| member.parse().unwrap_or(u32::MAX))
}

/// The members of a set as the writer sorts them, each once.
fn sorted<'n>(members: &[&'n str]) -> Vec<&'n str> {
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|member| place(member));
    sorted.dedup();
    sorted
}
