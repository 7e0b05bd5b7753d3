//! The state of reading a document: the tree so far, the open elements, and the findings.

use super::{
    error::{At, Error, Rule},
    finding::{Finding, FindingKind, Findings},
    namespaces::Namespaces,
    options::Options,
    schema::{Complex, Row},
    tree::{Id, NONE, Node, Tree, Unknown},
};
use crate::{
    Profile,
    definition::SchemaVersion,
    error::LineCounter,
    finding::Severity,
    limits,
    markup::{self, Attributes, Bad, Syntax, Wrong},
};
use std::{borrow::Cow, collections::BTreeSet};

pub(super) struct Reading<'t, 'o> {
    pub(super) tree: Tree<'t>,
    pub(super) options: &'o Options,
    /// Collects violations; unused in strict reading, which stops at the first one.
    pub(super) findings: Option<Findings>,
    /// Finds lines and columns for them.
    lines: LineCounter<'t>,
    pub(super) damage: Damage<'o>,
    /// Whether the document is a string, whose declaration must not name another encoding.
    pub(super) is_string: bool,
    /// Whether paths contain list indices, since a task that was not read from text has no lines.
    pub(super) numbers_items: bool,
    pub(super) text: &'t str,
    /// The start of the last token.
    pub(super) at: usize,
    pub(super) stack: Vec<Frame<'t>>,
    pub(super) namespaces: Namespaces<'t>,
    pub(super) version: Option<SchemaVersion>,
    pub(super) ids: BTreeSet<Cow<'t, str>>,
    pub(super) attributes: Attributes<'t>,
    pub(super) elements: usize,
    pub(super) root_seen: bool,
    /// The namespace of the root, if it is wrong.
    pub(super) root_namespace: Option<String>,
    /// The first illegal character or undecodable byte, where only strict reading stops.
    pub(super) unreadable: (Syntax, usize),
    /// Whether there may be carriage returns.
    pub(super) has_carriage_returns: bool,
}

/// The damage known to a forgiving reading.
#[derive(Default)]
pub(super) struct Damage<'o> {
    /// The characters that could not be kept, and the number of those reported.
    pub(super) bad: &'o [Bad],
    /// The offset up to which damage was reported, so that text read again is not reported again.
    pub(super) reported: usize,
    /// Whether an unexpected end of the document was reported.
    pub(super) ended: bool,
    /// Where to continue, if not after the last token.
    pub(super) seek: Option<usize>,
    /// The number of bytes read a second time, which is limited.
    pub(super) again: usize,
    /// Whether the tags of the document match, once determined.
    pub(super) balanced: Option<bool>,
    /// The number of open elements beyond the maximum depth.
    pub(super) too_deep: usize,
    /// Whether the search for document type declarations is over.
    pub(super) endless_doctype: bool,
}

/// An open element.
#[derive(Clone, Copy)]
pub(super) struct Frame<'t> {
    pub(super) kind: Kind,
    /// The tag name, including its prefix.
    pub(super) name: &'t [u8],
    /// The start and end of the start tag.
    pub(super) open: u32,
    pub(super) inside: u32,
    pub(super) node: Id,
    pub(super) last_child: Id,
    /// The children seen so far, by row number.
    pub(super) seen: u32,
    /// The number of children.
    pub(super) count: u32,
    /// The children that may follow without a closer look, by row number.
    pub(super) ready: u32,
    /// The position after the last child, in the client's order.
    pub(super) next_place: u8,
    /// Whether the children so far have the client's order.
    pub(super) in_order: bool,
    /// Whether its tags and the children so far have the writer's spelling.
    pub(super) usual: bool,
    /// Whether the content is a single range of plain text without errors.
    pub(super) plain: bool,
    pub(super) refused: bool,
    /// Whether its end was missing, so that it is read again and ends where another element begins.
    pub(super) cut: bool,
}

impl<'t> Frame<'t> {
    /// The frame of a start tag from `open` to `inside`.
    #[inline]
    pub(super) fn new(kind: Kind, name: &'t [u8], open: usize, inside: usize) -> Self {
        Self {
            kind,
            name,
            open: open as u32,
            inside: inside as u32,
            node: NONE,
            last_child: NONE,
            seen: 0,
            count: 0,
            ready: 0,
            next_place: 0,
            in_order: true,
            usual: true,
            plain: true,
            refused: false,
            cut: false,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Complex(&'static Complex),
    Simple(&'static Row),
    Marker(&'static Row),
    Data,
    /// Unknown here; skipped.
    Skipped,
}

/// The reasons why a walk stops.
pub(super) enum Stop {
    /// The text is not well-formed at this offset.
    Syntax(Syntax, usize),
    /// The first violation of a strict walk.
    Refused(Box<Error>),
}

impl From<Wrong> for Stop {
    fn from((syntax, at): Wrong) -> Self {
        Self::Syntax(syntax, at)
    }
}

/// Whether the walk continues.
pub(super) type Checked = Result<(), Stop>;

impl<'t, 'o> Reading<'t, 'o> {
    pub(super) fn new(
        text: &'t str,
        options: &'o Options,
        findings: Option<Findings>,
        is_string: bool,
    ) -> Self {
        let nodes = Vec::with_capacity(text.len().min(limits::XML_BYTES) / 32 + 1);
        Self {
            tree: Tree { text, nodes, ..Tree::default() },
            options,
            findings,
            lines: LineCounter::new(text),
            damage: Damage::default(),
            is_string,
            numbers_items: false,
            text,
            at: 0,
            stack: Vec::with_capacity(8),
            namespaces: Namespaces::default(),
            version: None,
            ids: BTreeSet::new(),
            attributes: Attributes::default(),
            elements: 0,
            root_seen: false,
            root_namespace: None,
            unreadable: (Syntax::Character, usize::MAX),
            has_carriage_returns: memchr::memchr(b'\r', text.as_bytes()).is_some(),
        }
    }
}

impl<'t> Reading<'t, '_> {
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn is_specification(&self) -> bool {
        self.options.profile == Profile::Specification
    }

    /// The name of the open element.
    pub(super) fn parent_name(&self) -> &'static str {
        let open = self.stack.iter().rev().find_map(|frame| self.tree.node(frame.node));
        open.map_or("the document", |node| node.row.name)
    }

    /// Whether the open element had a child of this name, valid or not.
    pub(super) fn has_seen(&self, name: &str) -> bool {
        let Some(&Frame { kind: Kind::Complex(complex), seen, .. }) = self.stack.last() else { return false };
        complex.find(name.as_bytes()).is_some_and(|(index, _)| seen >> index & 1 != 0)
    }

    /// Marks the open value as invalid.
    pub(super) fn refuse(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.refused = true;
            frame.plain = false;
        }
    }

    /// Reports the first violation of a strict walk, or a finding of a forgiving one. `shown` is the location for
    /// people; `reported`, `node` and `value` are those of Windows.
    #[cold]
    pub(super) fn violation(
        &mut self,
        rule: Rule,
        shown: usize,
        reported: usize,
        node: &str,
        value: &str,
    ) -> Checked {
        self.report(rule, shown, reported, node, value, "")
    }

    /// Like [`Self::violation`]; `lost` is text that is not kept anywhere else.
    #[cold]
    pub(super) fn report(
        &mut self,
        rule: Rule,
        shown: usize,
        reported: usize,
        node: &str,
        value: &str,
        lost: &str,
    ) -> Checked {
        let path = self.path();
        let at = At { profile: self.options.profile, shown, reported, path };
        match &mut self.findings {
            None => Err(Stop::Refused(Box::new(at.error(&mut self.lines, rule, node, value)))),
            // Only counted, since a position needs a pass over the whole text.
            Some(findings) if findings.is_full() => {
                findings.omit(Severity::Error);
                Ok(())
            }
            Some(findings) => {
                let (violation, place) = at.error(&mut self.lines, rule, node, value).into_parts();
                findings.push(Finding::new(FindingKind::of_violation(violation, lost), place));
                Ok(())
            }
        }
    }

    /// The path of the open element.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut list = None;
        for frame in &self.stack {
            if let Some(item) = list {
                path += &format!("[{item}]");
            }
            if !path.is_empty() {
                path.push('/');
            }
            path += &String::from_utf8_lossy(frame.name);
            let is_list = matches!(frame.kind, Kind::Complex(complex) if complex.list.is_some());
            list = (is_list && self.numbers_items).then(|| frame.count.saturating_sub(1));
        }
        path
    }

    /// Reports malformed text: a strict reading stops there, a forgiving one continues.
    pub(super) fn syntax(&mut self, syntax: Syntax, at: usize, lost: &str) -> Checked {
        if self.findings.is_none() {
            return Err(Stop::Syntax(syntax, at));
        }
        self.tree.damaged = true;
        let is_end = matches!(syntax, Syntax::End) && at == self.text.len();
        if at < self.damage.reported || is_end && self.damage.ended {
            return Ok(());
        }
        self.damage.ended |= is_end;
        self.report(Rule::Syntax(syntax), at, at, "", syntax.message(), lost)
    }

    /// Checks the name in a tag; returns whether it is valid.
    pub(super) fn named(&mut self, at: usize, name: &str) -> Result<bool, Stop> {
        let good = markup::is_qualified_name(name);
        if !good {
            self.syntax(Syntax::Name, at + 1, "")?;
        }
        Ok(good)
    }

    pub(super) fn is_forgiving(&self) -> bool {
        self.findings.is_some()
    }
}

/// The tree.
impl Reading<'_, '_> {
    /// Appends a node under the open one.
    pub(super) fn push_node(&mut self, row: &'static Row, index: usize, at: usize) {
        self.append(Node::new(row, index, at as u32, at as u32));
    }

    /// Appends a node under the open one.
    #[inline]
    pub(super) fn append(&mut self, node: Node) {
        let id = self.tree.nodes.len() as Id;
        self.tree.nodes.push(node);
        let Some(frame) = self.stack.last_mut() else { return };
        let (parent, elder) = (frame.node, frame.last_child);
        frame.last_child = id;
        if let Some(elder) = self.tree.nodes.get_mut(elder as usize) {
            elder.next = id;
        } else if let Some(parent) = self.tree.nodes.get_mut(parent as usize) {
            parent.first_child = id;
        }
    }

    /// Removes the last node, a child of the open element.
    pub(super) fn remove_last(&mut self, id: Id) {
        self.tree.nodes.pop();
        while self.tree.attributes.pop_if(|attribute| attribute.node >= id).is_some() {}
        let Some(frame) = self.stack.last_mut() else { return };
        let children = self.tree.children(frame.node).map(|(child, _)| child);
        let elder = children.take_while(|child| *child != id).last();
        frame.last_child = elder.unwrap_or(NONE);
        if let Some(elder) = elder.and_then(|elder| self.tree.nodes.get_mut(elder as usize)) {
            elder.next = NONE;
        } else if let Some(parent) = self.tree.nodes.get_mut(frame.node as usize) {
            parent.first_child = NONE;
        }
    }

    /// Keeps the element of a closed frame.
    pub(super) fn keep_element(&mut self, frame: &Frame<'_>, end: u32) {
        let known = match self.stack.last().map(|parent| parent.kind) {
            Some(Kind::Complex(complex)) => complex.list.is_none() && complex.find(frame.name).is_some(),
            _ => false,
        };
        self.keep(frame.open, end, known);
    }

    /// Keeps unexpected text.
    pub(super) fn keep_text(&mut self, start: u32, end: u32) {
        self.keep(start, end, false);
    }

    /// Keeps unexpected content, merged with preceding unexpected content. Known elements, such as duplicates, stay
    /// separate.
    fn keep(&mut self, start: u32, end: u32, known: bool) {
        let Some(parent) = self.stack.last() else { return };
        if !matches!(parent.kind, Kind::Complex(_)) {
            return;
        }
        let (parent, after) = (parent.node, parent.last_child);
        match self.tree.unknown.last_mut() {
            Some(last) if last.parent == parent && last.after == after && !(known || last.known) => {
                last.end = end
            }
            _ => self.tree.unknown.push(Unknown { parent, after, start, end, known }),
        }
    }
}

/// White space of XML.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
