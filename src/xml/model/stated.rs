//! Records the layout of elements, which [`Form::File`](crate::xml::Form::File) reproduces.

use crate::{
    definition::{
        Before, ChildOrder, DaysOfWeek, Gap, Layout, Months, SchemaVersion, Spelling, StartTag, names,
    },
    dtyp::guid,
    markup::{Attributes, attributes, escaped, is_escaped, mended, push_attribute, text_value},
    time::collapsed,
    xml::{
        plain,
        schema::{AttributeKind, Complex, Content, Row, Type},
        table::NAMESPACE,
        tree::{Id, NONE, Node, Tree, Value, normalised},
    },
};
use std::borrow::Cow;
use uuid::Uuid;

/// The layout of an element with known children. Empty for nearly all elements, which have the client's order and the
/// writer's spelling.
pub(super) fn layout(tree: &Tree<'_>, id: Id) -> Layout {
    let Some(node) = tree.node(id) else { return Layout::default() };
    let Content::Complex(complex) = node.row.content else { return Layout::default() };
    if !tree.comments && node.usual {
        let order = if node.in_order {
            ChildOrder::Client
        } else {
            complex.order_of(tree.children(id).map(|(_, child)| child.index))
        };
        return Layout::of_order(order);
    }
    let (mut spellings, mut gaps, mut tags) = (Vec::new(), Vec::new(), Vec::new());
    if tree.comments {
        own_gaps(tree, id, node, &mut gaps);
    }
    if !node.usual {
        tags.extend(start_tag(tree, id, node).map(|text| StartTag { child: None, text }));
    }
    let mut order = ChildOrder::Client;
    if complex.list.is_some() {
        gaps.extend(end_gap(tree, id, node, Before::End));
    } else if node.end > 0 {
        order = children(tree, id, node, complex, &mut spellings, &mut gaps, &mut tags);
    }
    Layout::new(order, spellings, gaps, tags)
}

/// Examines the children of an element. Returns their order.
fn children(
    tree: &Tree<'_>,
    id: Id,
    node: &Node,
    complex: &Complex,
    spellings: &mut Vec<Spelling>,
    gaps: &mut Vec<Gap>,
    tags: &mut Vec<StartTag>,
) -> ChildOrder {
    let mut inside = Inside { tree, id, at: node.inside, gaps };
    let (mut usual, mut last) = (true, None);
    for (child, node) in tree.children(id) {
        let number = node.index;
        let place = complex.client_places.get(usize::from(number));
        // An empty part has no meaning, so the model does not record it.
        usual &= place > last && !(node.row.part && node.first_child == NONE);
        last = place;
        inside.gap(Before::Child(number), node.open, node.end);
        // An empty part is recorded only here.
        if has_layouts_within(node) || node.row.part && node.first_child == NONE {
            tags.extend(start_tag(tree, child, node).map(|text| StartTag { child: Some(number), text }));
            inside.gaps.extend(end_gap(tree, child, node, Before::EndOf(number)));
        } else if let Some((usual, stated)) = spelling(tree, child, node) {
            spellings.push(Spelling { child: number, usual: usual.into(), stated: stated.into() });
        }
    }
    inside.gap(Before::End, node.close, node.close);
    let numbers = tree.children(id).map(|(_, child)| child.index);
    match usual {
        true if spellings.is_empty() && inside.gaps.is_empty() && tags.is_empty() => ChildOrder::Client,
        // The order includes the stated parts, which nothing else records.
        true => ChildOrder::stated(numbers),
        false => complex.order_of(numbers),
    }
}

/// Whether an element has no layout itself, but its content does, such as a list of triggers.
fn has_layouts_within(node: &Node) -> bool {
    let Content::Complex(complex) = node.row.content else { return false };
    !node.row.keeps_attributes() && complex.children.iter().any(Row::keeps_attributes)
}

/// Searches for comments between the children of an element.
struct Inside<'a, 't> {
    tree: &'a Tree<'t>,
    id: Id,
    /// The end of the last child.
    at: u32,
    gaps: &'a mut Vec<Gap>,
}

impl Inside<'_, '_> {
    /// The text between the last child and the one from `open` to `end`.
    fn gap(&mut self, before: Before, open: u32, end: u32) {
        if !self.tree.comments {
            return;
        }
        let text = self.tree.slice(self.at, open);
        let unknown =
            || self.tree.unknown.iter().any(|u| u.parent == self.id && (self.at..open).contains(&u.start));
        if has_asides(self.tree, text) && !unknown() {
            self.gaps.push(Gap { before, text: normalised(text).into() });
        }
        self.at = end;
    }
}

/// The comments before the end tag of a list.
fn end_gap(tree: &Tree<'_>, list: Id, node: &Node, before: Before) -> Option<Gap> {
    if !tree.comments || node.end == 0 {
        return None;
    }
    let at = tree.children(list).last().map_or(node.inside, |(_, item)| item.end);
    let unknown = || tree.unknown.iter().any(|u| u.parent == list && u.start >= at);
    let text = tree.slice(at, node.close);
    (has_asides(tree, text) && !unknown()).then(|| Gap { before, text: normalised(text).into() })
}

/// The comments before the root or a list item, and those after the root.
fn own_gaps(tree: &Tree<'_>, id: Id, node: &Node, gaps: &mut Vec<Gap>) {
    let kinds = [AttributeKind::Id, AttributeKind::Version];
    let is_item = node.row.attributes.iter().any(|attribute| kinds.contains(&attribute.kind))
        || node.row.name == names::HEADER_FIELD;
    if is_item && let Some(text) = comments_before(tree, node) {
        gaps.push(Gap { before: Before::Itself, text: normalised(text).into() });
    }
    let after = if id == 0 && !tree.damaged { tree.text.get(node.end as usize..) } else { None };
    // Anything more than comments and instructions is an element around the task.
    let is_aside = |text: &&str| text.contains('<') && is_without_elements(text);
    if let Some(text) = after.map(str::trim_end).filter(is_aside) {
        gaps.push(Gap { before: Before::EndOfText, text: normalised(text).into() });
    }
}

/// The comments before an element, and the surrounding blanks.
fn comments_before<'t>(tree: &Tree<'t>, node: &Node) -> Option<&'t str> {
    let before = tree.slice(0, node.open);
    let mut start = before.len();
    while let Some(comment) = before.get(..start).and_then(|text| text.trim_end().strip_suffix("-->")) {
        start = comment.rfind("<!--")?;
    }
    let blanks = before.get(..start)?.trim_end().len();
    before.get(blanks..).filter(|text| has_asides(tree, text))
}

/// The start tag as written, if it differs from the writer's.
fn start_tag(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Box<str>> {
    let stated = tree.slice(node.open, node.inside);
    let is_empty = node.first_child == NONE;
    if tree.damaged
        || !is_tag_of(stated, node.row.name)
        || id != 0 && plain::is_usual_tag(stated, node.row.name, is_empty)
    {
        return None;
    }
    let mut usual = String::with_capacity(stated.len());
    usual.extend(["<", node.row.name]);
    for known in node.row.attributes {
        match tree.attribute(id, known.name).map(|attribute| &attribute.value) {
            Some(value) if known.kind == AttributeKind::Version => {
                let version = value.parse::<SchemaVersion>();
                let version = version.map_or_else(|_| value.to_string(), |version| version.to_string());
                push_attribute(known.name, &version, &mut usual);
            }
            Some(value) => push_attribute(known.name, value, &mut usual),
            None => {}
        }
    }
    if id == 0 {
        push_attribute("xmlns", NAMESPACE, &mut usual);
    }
    for unknown in tree.attributes_of(id).iter().filter(|attribute| !attribute.known) {
        push_attribute(unknown.name, &unknown.value, &mut usual);
    }
    usual += if is_empty { " />" } else { ">" };
    (usual != stated).then(|| normalised(stated).into())
}

/// Whether a tag has this name, without a prefix.
fn is_tag_of(tag: &str, name: &str) -> bool {
    let rest = tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n', '/', '>']))
}

/// The writer's form of a child's value, for a child without a layout, and the element as written, if the two differ.
fn spelling(tree: &Tree<'_>, id: Id, node: &Node) -> Option<(String, String)> {
    let name = node.row.name;
    if node.end == 0 || node.row.keeps_attributes() {
        return None;
    }
    let is_pair = node.close > node.open;
    let has_usual_tags = has_usual_tags(tree, node);
    let mut usual = Cow::default();
    let as_usual = match node.row.content {
        Content::Simple(ty) => {
            if let Value::Plain { start, end } = node.value
                && end > start
                && is_pair
                && has_usual_tags
                && plain::is_spelled_as_usual(ty, tree.slice(start, end))
            {
                return None;
            }
            usual = usual_text(ty, tree.value(node));
            let stated = is_pair.then(|| tree.slice(node.inside, node.close));
            stated.is_some() != usual.is_empty()
                && stated.is_none_or(|stated| is_usual_content(stated, &usual))
        }
        Content::Data => !(is_pair && node.inside == node.close),
        Content::Complex(complex) => {
            let strange = |item: &Node| !has_known_attributes(tree.slice(item.open, item.inside), item.row);
            let is_strange = tree.unknown.iter().any(|u| u.parent == id)
                || tree.children(id).any(|(_, item)| strange(item));
            if is_strange {
                return None;
            }
            if node.first_child == NONE { !is_pair } else { has_usual_members(tree, id, node, complex.set) }
        }
        Content::Marker => return None,
    };
    let is_whole = is_bare_tag(tree.slice(node.open, node.inside), name) && !tree.damaged;
    let stated = match node.row.content {
        _ if as_usual && (has_usual_tags || !is_whole) => return None,
        Content::Simple(_) if tree.damaged && !is_text_of(&tree.inner(node), tree.value(node)) => {
            return None;
        }
        Content::Complex(_) if !is_whole || has_prefix(tree.slice(node.open, node.end)) => return None,
        _ if is_whole => tree.outer(node.open, node.end),
        _ if is_pair => format!("<{name}>{}</{name}>", tree.inner(node)),
        _ => format!("<{name} />"),
    };
    let usual = match node.row.content {
        Content::Complex(complex) => usual_members(tree, id, complex.set),
        Content::Data => tree.inner(node),
        _ => usual.into_owned(),
    };
    Some((usual, stated))
}

/// Whether a text without elements has this value. Damaged markup may have been read with another meaning than its
/// repaired form.
fn is_text_of(stated: &str, value: &str) -> bool {
    is_without_elements(stated) && text_value(stated) == value
}

/// Whether a text between elements has comments or instructions, and is well-formed.
fn has_asides(tree: &Tree<'_>, text: &str) -> bool {
    text.contains('<') && (!tree.damaged || is_without_elements(text) && mended(text) == text)
}

fn is_without_elements(text: &str) -> bool {
    text.split('<').skip(1).all(|after| after.starts_with(['!', '?']))
}

/// Whether the tags of an element without attributes match the writer's.
fn has_usual_tags(tree: &Tree<'_>, node: &Node) -> bool {
    let (name, is_empty) = (node.row.name, node.close == node.open);
    plain::is_usual_tag(tree.slice(node.open, node.inside), name, is_empty)
        && (is_empty || (node.end - node.close) as usize == name.len() + "</>".len())
}

/// Whether a tag has this name, without a prefix and without attributes.
fn is_bare_tag(tag: &str, name: &str) -> bool {
    let rest = tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
    rest.is_some_and(|rest| matches!(rest.trim_start(), ">" | "/>"))
}

/// Whether a tag has this name, without a prefix, and only attributes of the schema.
fn has_known_attributes(tag: &str, row: &Row) -> bool {
    let inside = tag.trim_end_matches('>').trim_end_matches('/');
    let text = inside.strip_prefix('<').and_then(|tag| tag.strip_prefix(row.name));
    let mut stated = Attributes::default();
    text.is_some_and(|text| attributes(text, 0, &mut stated).is_ok())
        && stated.iter().all(|raw| row.attributes.iter().any(|known| known.name == raw.name))
}

/// Whether the name of any element in a text has a prefix.
fn has_prefix(xml: &str) -> bool {
    xml.split('<').skip(1).any(|tag| {
        let name = tag.trim_start_matches('/').split([' ', '\t', '\r', '\n', '/', '>']).next();
        name.is_some_and(|name| !name.starts_with('!') && name.contains(':'))
    })
}

/// Whether a value is written as by the writer.
fn is_usual_content(stated: &str, value: &str) -> bool {
    is_escaped(stated, value) || normalised(stated) == escaped(value)
}

/// Whether there are only blanks between the members of a set or a list, and each is written as by the writer;
/// members of a set in the writer's order.
fn has_usual_members(tree: &Tree<'_>, list: Id, node: &Node, is_set: bool) -> bool {
    let is_blank = |start, end| tree.slice(start, end).trim().is_empty();
    let (mut at, mut last) = (node.inside, None);
    for (id, item) in tree.children(list) {
        let follows = !is_set || last < Some(place(tree.member(item)));
        if !follows || !is_blank(at, item.open) || !is_usual_member(tree, id, item) {
            return false;
        }
        last = Some(place(tree.member(item)));
        at = item.end;
    }
    is_blank(at, node.close)
}

fn is_usual_member(tree: &Tree<'_>, id: Id, item: &Node) -> bool {
    if matches!(item.row.content, Content::Marker) {
        return item.close == item.open && has_usual_tags(tree, item);
    }
    if item.row.attributes.is_empty() {
        let is_pair = item.close > item.open && item.close > item.inside;
        return is_pair
            && has_usual_tags(tree, item)
            && is_usual_content(tree.slice(item.inside, item.close), tree.value(item));
    }
    let mut usual = format!("<{}", item.row.name);
    for attribute in tree.attributes_of(id) {
        push_attribute(attribute.name, &attribute.value, &mut usual);
    }
    usual.push('>');
    usual += &escaped(tree.value(item));
    usual += &format!("</{}>", item.row.name);
    usual == normalised(tree.slice(item.open, item.end))
}

/// The members of a set in the writer's order, without duplicates; the members of a list with their attributes.
fn usual_members(tree: &Tree<'_>, list: Id, is_set: bool) -> String {
    let mut usual = String::new();
    if is_set {
        let mut members: Vec<&str> = tree.children(list).map(|(_, member)| tree.member(member)).collect();
        members.sort_by_key(|member| place(member));
        members.dedup();
        members.iter().for_each(|member| push_member(std::iter::empty(), member, &mut usual));
    } else {
        for (id, item) in tree.children(list) {
            let known = tree.attributes_of(id).iter().filter(|attribute| attribute.known);
            let known = known.map(|attribute| (attribute.name, &*attribute.value));
            push_member(known, tree.value(item), &mut usual);
        }
    }
    usual
}

/// The writer's spelling of a value.
fn usual_text(ty: Type, text: &str) -> Cow<'_, str> {
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

/// The writer's position of a member of a set: days and months by their bits; numbers in order, followed by `Last`.
fn place(member: &str) -> u32 {
    let day = DaysOfWeek::from_name(member).map(|day| day.bits().into());
    let month = || Months::from_name(member).map(|month| month.bits().into());
    day.or_else(month).unwrap_or_else(|| member.parse().unwrap_or(u32::MAX))
}

/// Appends a member to the text used to compare sets and lists. XML text never contains a NUL.
pub(super) fn push_member<'a>(
    attributes: impl Iterator<Item = (&'a str, &'a str)>,
    text: &str,
    usual: &mut String,
) {
    for (name, value) in attributes {
        usual.extend([name, "\0", value, "\0"]);
    }
    usual.extend([text, "\0"]);
}
