//! What is known while a document is read: the tree so far, what is open around it, and what was found.

use super::{
    error::{At, Error, Rule},
    finding::Findings,
    namespaces::Namespaces,
    options::Options,
    schema::{Complex, Row},
    tree::{Id, NONE, Node, Tree, Unknown, Value},
};
use crate::{
    Profile,
    definition::SchemaVersion,
    finding::Severity,
    limits,
    markup::{self, RawAttribute, Syntax, Wrong},
};
use std::{borrow::Cow, collections::BTreeSet};

pub(super) struct Reading<'t, 'o> {
    pub(super) tree: Tree<'t>,
    pub(super) options: &'o Options,
    /// Where violations go; none of them, in the strict reading, which ends at the first.
    pub(super) findings: Option<Findings>,
    /// A declaration must not name another encoding than a string has.
    pub(super) is_string: bool,
    pub(super) text: &'t str,
    pub(super) stack: Vec<Frame<'t>>,
    pub(super) namespaces: Namespaces<'t>,
    pub(super) version: Option<SchemaVersion>,
    pub(super) ids: BTreeSet<Cow<'t, str>>,
    pub(super) attributes: Vec<RawAttribute<'t>>,
    pub(super) elements: usize,
    pub(super) root_seen: bool,
    /// Where what no document may hold begins, or what could not be decoded.
    pub(super) unreadable: (Syntax, usize),
    pub(super) has_carriage_returns: bool,
}

/// What is open.
#[derive(Clone, Copy)]
pub(super) struct Frame<'t> {
    pub(super) kind: Kind,
    /// The tag's name, prefix included.
    pub(super) name: &'t [u8],
    /// Where the start tag begins and ends.
    pub(super) open: u32,
    pub(super) inside: u32,
    pub(super) node: Id,
    pub(super) last_child: Id,
    /// Which children were seen, by their rows' numbers.
    pub(super) seen: u32,
    /// How many.
    pub(super) count: u32,
    /// The row that the last child had.
    pub(super) last_row: u8,
    /// Whether the content is one stretch of plain text, and nothing was wrong in it.
    pub(super) plain: bool,
    pub(super) refused: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Complex(&'static Complex),
    Simple(&'static Row),
    Marker(&'static Row),
    Data,
    /// Not known here: passed over.
    Skipped,
}

/// What ends a walk.
pub(super) enum Stop {
    /// The text is no XML from here on.
    Syntax(Syntax, usize),
    /// The first violation of a strict walk.
    Refused(Box<Error>),
}

impl From<Wrong> for Stop {
    fn from((syntax, at): Wrong) -> Self {
        Self::Syntax(syntax, at)
    }
}

/// Whether the walk goes on.
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
            is_string,
            text,
            stack: Vec::with_capacity(16),
            namespaces: Namespaces::default(),
            version: None,
            ids: BTreeSet::new(),
            attributes: Vec::new(),
            elements: 0,
            root_seen: false,
            unreadable: (Syntax::Character, markup::first_illegal(text).unwrap_or(usize::MAX)),
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

    /// The name of the element that is open.
    pub(super) fn parent_name(&self) -> &'static str {
        let open = self.stack.iter().rev().find_map(|frame| self.tree.node(frame.node));
        open.map_or("the document", |node| node.row.name)
    }

    /// Whether a child of this name stood in the element that is open, taken or not.
    pub(super) fn has_seen(&self, name: &str) -> bool {
        let Some(&Frame { kind: Kind::Complex(complex), seen, .. }) = self.stack.last() else { return false };
        complex.find(name.as_bytes(), 0).is_some_and(|(index, _)| seen >> index & 1 != 0)
    }

    /// Marks the open value as one that cannot be taken.
    pub(super) fn refuse(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.refused = true;
            frame.plain = false;
        }
    }

    /// The first violation of a strict walk, or one finding of a forgiving one. `shown` is where people should look,
    /// `reported` where Windows says it is; `node` and `value` are what it reports.
    #[cold]
    pub(super) fn violation(
        &mut self,
        rule: Rule,
        shown: usize,
        reported: usize,
        node: &str,
        value: &str,
    ) -> Checked {
        let names = self.stack.iter().map(|frame| String::from_utf8_lossy(frame.name));
        let path = names.collect::<Vec<_>>().join("/");
        let at = At { text: self.text, profile: self.options.profile, shown, reported, path };
        match &mut self.findings {
            None => Err(Stop::Refused(Box::new(at.error(rule, node, value)))),
            // Counted only: positions cost a look at the whole text.
            Some(findings) if findings.is_full() => {
                findings.omit(Severity::Error);
                Ok(())
            }
            Some(findings) => {
                findings.push(at.error(rule, node, value));
                Ok(())
            }
        }
    }
}

/// The tree.
impl Reading<'_, '_> {
    /// Appends a node under the one that is open.
    pub(super) fn push_node(&mut self, row: &'static Row, at: usize) {
        let id = Id::try_from(self.tree.nodes.len()).unwrap_or(NONE);
        self.tree.nodes.push(Node {
            row,
            value: Value::None,
            open: at as u32,
            close: 0,
            end: 0,
            first_child: NONE,
            next: NONE,
        });
        let Some(frame) = self.stack.last_mut() else { return };
        let (parent, elder) = (frame.node, frame.last_child);
        frame.last_child = id;
        if let Some(elder) = self.tree.nodes.get_mut(elder as usize) {
            elder.next = id;
        } else if let Some(parent) = self.tree.nodes.get_mut(parent as usize) {
            parent.first_child = id;
        }
    }

    /// Takes the last node away again, a child of what is now open.
    pub(super) fn remove_last(&mut self, id: Id) {
        self.tree.nodes.pop();
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

    /// Keeps an element that has no place in the tree, together with the one before it if that has none either.
    pub(super) fn keep_unknown(&mut self, start: u32, end: u32) {
        let Some(parent) = self.stack.last() else { return };
        if !matches!(parent.kind, Kind::Complex(_)) {
            return;
        }
        let (parent, after) = (parent.node, parent.last_child);
        match self.tree.unknown.last_mut() {
            Some(last) if last.parent == parent && last.after == after => last.end = end,
            _ => self.tree.unknown.push(Unknown { parent, after, start, end }),
        }
    }
}

/// What stands in a tag must be a name.
pub(super) fn named(at: usize, name: &str) -> Checked {
    if markup::is_qualified_name(name) { Ok(()) } else { Err(Stop::Syntax(Syntax::Name, at + 1)) }
}

/// White space of XML.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
