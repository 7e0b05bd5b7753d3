//! The walk through a document: tokens in, schema table beside them, tree out.
//!
//! There is no recursion: what is open stands on a stack of its own, bounded by
//! [`limits::XML_DEPTH`](crate::limits::XML_DEPTH).

use super::{
    error::{At, Error, Rule, Syntax},
    finding::Findings,
    markup::{self, RawAttribute},
    namespaces::Namespaces,
    read::Options,
    rules,
    scan::{Aside, Characters, Lead, Scanner, Tag},
    schema::{AttributeKind, Complex, Content, Row, Type},
    simple::{self, Parsed},
    table::{NAMESPACE, ROOT},
    tree::{Attribute, Id, NONE, Node, Tree, Unknown, Value},
};
use crate::{Profile, definition::SchemaVersion, finding::Severity, limits};
use std::{borrow::Cow, collections::BTreeSet};

/// What is open.
#[derive(Clone, Copy)]
struct Frame<'t> {
    kind: Kind,
    /// The tag's name, prefix included.
    name: &'t [u8],
    /// Where the start tag begins and ends.
    open: u32,
    inside: u32,
    node: Id,
    last_child: Id,
    /// Which children were seen, by their rows' numbers.
    seen: u32,
    /// How many.
    count: u32,
    /// The row that the last child had.
    last_row: u8,
    /// Whether the content is one stretch of plain text, and nothing was wrong in it.
    plain: bool,
    refused: bool,
}

#[derive(Clone, Copy)]
enum Kind {
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

impl From<markup::Wrong> for Stop {
    fn from((syntax, at): markup::Wrong) -> Self {
        Self::Syntax(syntax, at)
    }
}

/// Whether the walk goes on.
pub(super) type Checked = Result<(), Stop>;

pub(super) struct Walk<'t, 'o> {
    pub(super) tree: Tree<'t>,
    pub(super) options: &'o Options,
    /// Where violations go; none of them, in the strict reading, which ends at the first.
    findings: Option<Findings>,
    /// A declaration must not name another encoding than a string has.
    is_string: bool,
    text: &'t str,
    stack: Vec<Frame<'t>>,
    namespaces: Namespaces<'t>,
    version: Option<SchemaVersion>,
    ids: BTreeSet<Cow<'t, str>>,
    attributes: Vec<RawAttribute<'t>>,
    elements: usize,
    root_seen: bool,
    /// Where what no document may hold begins, or what could not be decoded.
    unreadable: (Syntax, usize),
    has_carriage_returns: bool,
}

impl<'t, 'o> Walk<'t, 'o> {
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

    /// Walks to the end. Text that is no XML ends a forgiving walk, too: what was read until then stays.
    pub(super) fn run(mut self, undecodable: Option<usize>) -> Result<(Tree<'t>, Findings), Error> {
        if let Some(at) = undecodable.filter(|at| *at <= self.unreadable.1) {
            self.unreadable = (Syntax::Encoding, at);
        }
        let ended = match self.walk() {
            Err(Stop::Syntax(syntax, at)) => {
                let (syntax, at) = if self.unreadable.1 <= at { self.unreadable } else { (syntax, at) };
                let said = self.violation(Rule::Syntax(syntax), at, at, "", syntax.message());
                self.abandon();
                said
            }
            other => other,
        };
        match ended {
            Err(Stop::Refused(error)) => Err(*error),
            _ => Ok((self.tree, self.findings.unwrap_or_default())),
        }
    }

    fn walk(&mut self) -> Checked {
        if self.text.len() > limits::XML_BYTES {
            return Err(Stop::Syntax(Syntax::Length, 0));
        }
        let mut scanner = Scanner::new(self.text);
        loop {
            let at = scanner.at();
            match scanner.lead() {
                Lead::StartTag => {
                    let tag = scanner.start_tag()?;
                    let end = self.readable(scanner.at())?;
                    self.start(at, end, &tag)?;
                }
                Lead::EndTag => {
                    let name = scanner.end_tag(self.stack.last().map_or(&[], |frame| frame.name))?;
                    let end = self.readable(scanner.at())?;
                    self.end(at, end, name)?;
                }
                Lead::Characters => {
                    let characters = scanner.characters()?;
                    let end = self.readable(scanner.at())?;
                    self.characters(at, end, &characters)?;
                }
                Lead::Bang | Lead::Instruction => {
                    let bang = matches!(scanner.lead(), Lead::Bang);
                    let aside = if bang { scanner.bang()? } else { scanner.instruction()? };
                    let end = self.readable(scanner.at())?;
                    self.aside(at, end, &aside)?;
                }
                Lead::Nothing => break,
            }
        }
        let end = self.text.len();
        match self.stack.is_empty() {
            true if self.root_seen => Ok(()),
            true => Err(Stop::Syntax(Syntax::RootElement, end)),
            false => Err(Stop::Syntax(Syntax::End, end)),
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn is_specification(&self) -> bool {
        self.options.profile == Profile::Specification
    }

    /// Everything up to here could be decoded, and is what a document may hold.
    fn readable(&self, end: usize) -> Result<usize, Stop> {
        let (syntax, at) = self.unreadable;
        if end > at { Err(Stop::Syntax(syntax, at)) } else { Ok(end) }
    }

    fn aside(&mut self, at: usize, end: usize, aside: &Aside) -> Checked {
        match (aside, self.stack.last_mut()) {
            (Aside::Section, None) => Err(Stop::Syntax(Syntax::CData, at)),
            (Aside::Section, Some(Frame { kind: Kind::Complex(_) | Kind::Data, .. })) => {
                self.stray_text(at, self.slice(at, end))
            }
            (Aside::Declaration, _) => self.declaration(at, end),
            // Allowed anywhere.
            (_, Some(frame)) => {
                frame.plain = false;
                Ok(())
            }
            (_, None) => Ok(()),
        }
    }

    fn declaration(&mut self, at: usize, end: usize) -> Checked {
        if at != 0 {
            return Err(Stop::Syntax(Syntax::Document, at));
        }
        let encoding = markup::declaration(self.slice(at, end), at)?;
        let agrees = encoding.is_none_or(|name| name.eq_ignore_ascii_case("UTF-16"));
        if self.is_string && !agrees { Err(Stop::Syntax(Syntax::Encoding, end)) } else { Ok(()) }
    }

    fn start(&mut self, at: usize, end: usize, tag: &Tag<'t>) -> Checked {
        self.elements += 1;
        if self.stack.len() >= limits::XML_DEPTH {
            return Err(Stop::Syntax(Syntax::Depth, at));
        }
        if self.elements > limits::XML_ELEMENTS {
            return Err(Stop::Syntax(Syntax::Elements, at));
        }
        if self.stack.is_empty() && self.root_seen {
            return Err(Stop::Syntax(Syntax::RootElement, at));
        }
        self.attributes.clear();
        if !tag.attributes.is_empty() {
            markup::attributes(tag.attributes, at + 1 + tag.name.len(), &mut self.attributes)?;
            self.namespaces.enter(self.stack.len(), &self.attributes)?;
        }
        let kind = if tag.plain && self.namespaces.is_task() {
            self.classify(at, tag.name, None)?
        } else {
            self.classify_named(at, tag.name)?
        };
        self.root_seen = true;
        self.stack.push(Frame {
            kind,
            name: tag.name.as_bytes(),
            open: at as u32,
            inside: end as u32,
            node: NONE,
            last_child: NONE,
            seen: 0,
            count: 0,
            last_row: 0,
            plain: true,
            refused: false,
        });
        self.open_node(kind)?;
        if tag.empty { self.close(at, at + 1, end) } else { Ok(()) }
    }

    /// An element whose name has a prefix, or whose namespace is another.
    fn classify_named(&mut self, at: usize, name: &'t str) -> Result<Kind, Stop> {
        named(at, name)?;
        let (local, namespace) = self.namespaces.element(name).ok_or(Stop::Syntax(Syntax::Prefix, at + 1))?;
        let foreign = (namespace != NAMESPACE).then(|| namespace.to_owned());
        self.classify(at, local, foreign.as_deref())
    }

    /// What an element is at its place; `foreign` is its namespace where that is another.
    #[inline]
    fn classify(&mut self, at: usize, local: &'t str, foreign: Option<&str>) -> Result<Kind, Stop> {
        match self.stack.last() {
            None => self.root(at, local, foreign),
            Some(&Frame { kind: Kind::Complex(complex), .. }) => self.child(at, local, foreign, complex),
            Some(&Frame { kind, .. }) => self.stray_element(at, local, foreign, kind),
        }
    }

    /// The root: its name is looked at first, then its namespace (facts/xml.md section 1).
    fn root(&mut self, at: usize, local: &str, foreign: Option<&str>) -> Result<Kind, Stop> {
        if local != ROOT.name {
            named(at, local)?;
            self.violation(Rule::Root { found: local.into() }, at, at + 1, local, "")?;
            return Ok(Kind::Skipped);
        }
        if let Some(found) = foreign {
            self.violation(Rule::Namespace { found: found.into() }, at, at + 1, local, found)?;
        }
        self.push_node(&ROOT, at);
        let Content::Complex(complex) = ROOT.content else { return Ok(Kind::Skipped) };
        Ok(Kind::Complex(complex))
    }

    /// An element under one that has elements.
    fn child(
        &mut self,
        at: usize,
        local: &'t str,
        foreign: Option<&str>,
        complex: &'static Complex,
    ) -> Result<Kind, Stop> {
        // In a document of a wrong namespace, which a forgiving walk reads on, its own is none.
        if let Some(found) = foreign.filter(|found| *found != self.namespaces.root()) {
            self.violation(Rule::Namespace { found: found.into() }, at, at + 1, local, found)?;
            return Ok(Kind::Skipped);
        }
        let last_row = self.stack.last().map_or(0, |frame| frame.last_row.into());
        let found = complex.find(local.as_bytes(), last_row);
        let Some((index, row)) = found.filter(|(_, row)| !(row.windows_only && self.is_specification()))
        else {
            named(at, local)?;
            let rule = Rule::UnknownElement { name: local.into(), parent: self.parent_name() };
            self.violation(rule, at, at + 1, local, "")?;
            return Ok(Kind::Skipped);
        };
        if !self.occurrence(at, complex, row, index)? {
            return Ok(Kind::Skipped);
        }
        if let Some(stated) = self.version
            && !stated.has(row.since)
            && !row.windows_only
        {
            let rule = Rule::Version { name: row.name, since: row.since, stated };
            self.violation(rule, at, at + 1, row.name, "")?;
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.seen |= 1 << index;
            frame.count += 1;
            frame.last_row = index as u8;
        }
        self.push_node(row, at);
        Ok(match row.content {
            Content::Simple(_) => Kind::Simple(row),
            Content::Complex(complex) => Kind::Complex(complex),
            Content::Marker => Kind::Marker(row),
            Content::Data => Kind::Data,
        })
    }

    /// An element where none is expected.
    fn stray_element(
        &mut self,
        at: usize,
        local: &str,
        foreign: Option<&str>,
        parent: Kind,
    ) -> Result<Kind, Stop> {
        named(at, local)?;
        match parent {
            Kind::Simple(row) | Kind::Marker(row) => {
                self.refuse();
                let rule = Rule::UnknownElement { name: local.into(), parent: row.name };
                self.violation(rule, at, at + 1, local, "")?;
                Ok(Kind::Skipped)
            }
            Kind::Data if self.is_specification() => self.wildcard(at, local, foreign),
            _ => Ok(Kind::Skipped),
        }
    }

    /// Whether one more element of this row may stand under the one that is open.
    fn occurrence(
        &mut self,
        at: usize,
        complex: &'static Complex,
        row: &'static Row,
        index: usize,
    ) -> Result<bool, Stop> {
        let Some(&Frame { seen, count, .. }) = self.stack.last() else { return Ok(false) };
        let rule = if let Some((_, max)) = complex.list {
            let too_many = count as usize >= max;
            too_many.then(|| Rule::TooMany { name: row.name, parent: self.parent_name(), max })
        } else if seen >> index & 1 != 0 {
            Some(Rule::Duplicate { name: row.name })
        } else if row.choice {
            let mut others = complex.children.iter().enumerate().filter(|(i, _)| seen >> i & 1 != 0);
            let other = others.find(|(_, other)| other.choice).map(|(_, other)| other.name);
            other.map(|other| Rule::Choice { name: row.name, other })
        } else {
            None
        };
        if let Some(rule) = rule {
            self.violation(rule, at, at + 1, row.name, "")?;
            return Ok(false);
        }
        if complex.ordered && seen >> index != 0 && self.is_specification() {
            let last = 31usize.saturating_sub(seen.leading_zeros() as usize);
            let other = complex.children.get(last).map_or("", |other| other.name);
            self.violation(Rule::Order { name: row.name, other }, at, at + 1, row.name, "")?;
        }
        Ok(true)
    }

    /// What may stand in Data by the letter of 2.5.5: one element that the schema declares globally, which is Task.
    fn wildcard(&mut self, at: usize, local: &str, foreign: Option<&str>) -> Result<Kind, Stop> {
        let first = self.stack.last_mut().is_some_and(|frame| {
            frame.count += 1;
            frame.count == 1
        });
        if first && local == ROOT.name && foreign.is_none() {
            self.push_node(&ROOT, at);
            let Content::Complex(complex) = ROOT.content else { return Ok(Kind::Skipped) };
            return Ok(Kind::Complex(complex));
        }
        let rule = Rule::UnknownElement { name: local.into(), parent: "Data" };
        self.violation(rule, at, at + 1, local, "")?;
        Ok(Kind::Skipped)
    }

    /// Appends a node under the one that is open.
    fn push_node(&mut self, row: &'static Row, at: usize) {
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

    /// Gives the frame that was just opened its node, and looks at its attributes.
    fn open_node(&mut self, kind: Kind) -> Checked {
        if matches!(kind, Kind::Skipped) {
            return Ok(());
        }
        let id = Id::try_from(self.tree.nodes.len()).unwrap_or(NONE).wrapping_sub(1);
        if let Some(frame) = self.stack.last_mut() {
            frame.node = id;
        }
        let Some(row) = self.tree.node(id).map(|node| node.row) else { return Ok(()) };
        if self.attributes.is_empty() && row.attributes.iter().all(|a| !a.required) {
            return Ok(());
        }
        let attributes = std::mem::take(&mut self.attributes);
        let looked = self.look_at_attributes(id, row, &attributes);
        self.attributes = attributes;
        looked
    }

    fn look_at_attributes(
        &mut self,
        node: Id,
        row: &'static Row,
        attributes: &[RawAttribute<'t>],
    ) -> Checked {
        for raw in attributes {
            let known = row.attributes.iter().find(|known| known.name == raw.name);
            let value = markup::attribute_value(raw.value);
            if raw.name != "xmlns" && self.tree.attributes.len() < limits::XML_ATTRIBUTES {
                let (name, value, known, at) = (raw.name, value.clone(), known.is_some(), raw.at);
                self.tree.attributes.push(Attribute { node, name, value, known, at });
            }
            // Any attribute, on an element of any type; those of the schema's own namespace, anywhere.
            let allowed = self.is_specification()
                && (matches!(row.content, Content::Marker) || self.namespaces.is_schema_instance(raw.name));
            match known {
                Some(known) => self.attribute(known.kind, known.name, value, raw.at)?,
                None if raw.declares_namespace() || allowed => {}
                None => self.unknown_attribute(raw)?,
            }
        }
        let absent = |name: &str| !attributes.iter().any(|raw| raw.name == name);
        let Some(missing) = row.attributes.iter().find(|a| a.required && absent(a.name)) else {
            return Ok(());
        };
        let open = self.stack.last().map_or(0, |frame| frame.open as usize);
        self.violation(Rule::MissingAttribute { name: missing.name }, open, open + 1, missing.name, "")
    }

    fn unknown_attribute(&mut self, raw: &RawAttribute<'t>) -> Checked {
        let (prefix, local) = raw.name.split_once(':').unwrap_or(("", raw.name));
        let foreign = self.namespaces.of_prefix(prefix).filter(|_| !prefix.is_empty()).map(str::to_owned);
        let value = foreign.clone().unwrap_or_default();
        let rule = match foreign {
            Some(found) => Rule::Namespace { found },
            None => Rule::UnknownAttribute { name: raw.name.into(), parent: self.parent_name() },
        };
        self.violation(rule, raw.at, raw.at, local, &value)
    }

    fn attribute(
        &mut self,
        kind: AttributeKind,
        name: &'static str,
        value: Cow<'t, str>,
        at: usize,
    ) -> Checked {
        let highest = self.options.highest_version;
        let is_name = || !self.is_specification() || markup::is_ncname(crate::time::collapsed(&value));
        let expected = match kind {
            AttributeKind::Version => match value.parse::<SchemaVersion>() {
                Ok(version) if highest.has(version) => {
                    // A task within Data does not speak for the one around it.
                    self.version = if self.stack.len() == 1 { Some(version) } else { self.version };
                    return Ok(());
                }
                Ok(_) => format!("a version up to {highest}"),
                Err(_) => "a version like 1.2".to_owned(),
            },
            AttributeKind::Id | AttributeKind::IdRef if !is_name() => {
                "a name without blanks and colons".to_owned()
            }
            AttributeKind::Id if self.ids.insert(self.identity(&value)) => return Ok(()),
            AttributeKind::Id => {
                let rule = Rule::DuplicateId { id: value.to_string() };
                return self.violation(rule, at, at, name, &value);
            }
            AttributeKind::NonEmptyString if value.is_empty() => "text of at least one character".to_owned(),
            AttributeKind::IdRef | AttributeKind::NonEmptyString => return Ok(()),
        };
        let rule = Rule::Value { value: value.to_string(), expected };
        self.violation(rule, at, at, name, &value)
    }

    /// What makes an identifier unique: by the specification it is an xs:ID, in which blanks around it do not count.
    fn identity(&self, id: &Cow<'t, str>) -> Cow<'t, str> {
        match id {
            Cow::Borrowed(text) if self.is_specification() => crate::time::collapsed(text).into(),
            Cow::Owned(text) if self.is_specification() => crate::time::collapsed(text).to_owned().into(),
            _ => id.clone(),
        }
    }

    fn end(&mut self, at: usize, end: usize, name: &[u8]) -> Checked {
        match self.stack.last() {
            Some(frame) if frame.name == name => self.close(at, at + 2, end),
            Some(_) => Err(Stop::Syntax(Syntax::ElementMatch, at + 2)),
            None => Err(Stop::Syntax(Syntax::Document, at)),
        }
    }

    /// Closes what is open; `close` is where its end tag begins, `reported` where that tag's name does.
    fn close(&mut self, close: usize, reported: usize, end: usize) -> Checked {
        let Some(&frame) = self.stack.last() else { return Ok(()) };
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.close = close as u32;
            node.end = end as u32;
        }
        let kept = match frame.kind {
            Kind::Skipped => false,
            Kind::Simple(row) | Kind::Marker(row) => self.close_value(&frame, row, close, reported)?,
            Kind::Data => {
                self.close_data(&frame, reported)?;
                true
            }
            Kind::Complex(complex) => {
                self.close_complex(&frame, complex, reported)?;
                rules::at_end(self, frame.node, reported)?;
                true
            }
        };
        self.stack.pop();
        self.namespaces.leave(self.stack.len());
        if !kept && self.findings.is_some() {
            if !matches!(frame.kind, Kind::Skipped) {
                self.remove_last(frame.node);
            }
            self.keep_unknown(frame.open, end as u32);
        }
        Ok(())
    }

    /// Takes the last node away again, a child of what is now open.
    fn remove_last(&mut self, id: Id) {
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
    fn keep_unknown(&mut self, start: u32, end: u32) {
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

    /// Takes an element's value; says whether it is one of its type.
    fn close_value(
        &mut self,
        frame: &Frame<'t>,
        row: &'static Row,
        close: usize,
        reported: usize,
    ) -> Result<bool, Stop> {
        if frame.refused {
            return Ok(false);
        }
        let (open, inside) = (frame.open as usize, frame.inside as usize);
        let raw = if close > open { self.slice(inside, close) } else { "" };
        let plain = frame.plain && !(self.has_carriage_returns && raw.as_bytes().contains(&b'\r'));
        let decoded = if plain { String::new() } else { markup::text_value(raw) };
        // Comments do not keep an element from being empty; a CDATA section does.
        let has_section = !frame.plain && raw.contains("<![CDATA[");
        let text = if plain { raw } else { &decoded };
        let text = match row.default {
            Some(default) if text.is_empty() && !has_section => default,
            _ => text,
        };
        let profile = self.options.profile;
        let expected = match row.content {
            Content::Simple(ty) => match simple::parse(ty, text, profile) {
                Some(parsed @ (Parsed::Boundary(_) | Parsed::Duration(_))) => {
                    self.tree.parsed.push((frame.node, parsed));
                    None
                }
                Some(_) => None,
                None => Some(simple::expected(ty, profile)),
            },
            // A day's or a month's name says it all; for libxml2 an empty section is something.
            _ if text.is_empty() && !(has_section && self.is_specification()) => None,
            _ if profile == Profile::Windows && text.chars().all(is_blank) => None,
            _ => Some("empty".to_owned()),
        };
        if let Some(expected) = expected {
            let value = text.to_owned();
            let shown = if close > open { inside } else { open };
            self.violation(
                Rule::Value { value: value.clone(), expected },
                shown,
                reported,
                row.name,
                &value,
            )?;
            return Ok(false);
        }
        let value = if row.default.is_some() && raw.is_empty() {
            Value::Default
        } else if plain {
            Value::Plain { start: frame.inside, end: frame.inside + raw.len() as u32 }
        } else if decoded.is_empty() && row.default.is_some() && !has_section {
            Value::Default
        } else {
            self.tree.decoded.push(decoded);
            Value::Decoded(self.tree.decoded.len() as u32 - 1)
        };
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.value = value;
        }
        Ok(true)
    }

    fn close_data(&mut self, frame: &Frame<'t>, reported: usize) -> Checked {
        if self.is_specification() && frame.count == 0 {
            return self.violation(
                Rule::MissingElement { name: "Task" },
                frame.open as usize,
                reported,
                "Task",
                "",
            );
        }
        Ok(())
    }

    /// What a complex element must have and has not.
    fn close_complex(&mut self, frame: &Frame<'t>, complex: &'static Complex, reported: usize) -> Checked {
        let mut missing = |name: &'static str| {
            self.violation(Rule::MissingElement { name }, frame.open as usize, reported, name, "")
        };
        if let Some((min, _)) = complex.list {
            let first = complex.children.first().map_or("", |row| row.name);
            return if (frame.count as usize) < min { missing(first) } else { Ok(()) };
        }
        let (mut choice, mut chosen) = (None, false);
        for (index, row) in complex.children.iter().enumerate() {
            let seen = frame.seen >> index & 1 != 0;
            if row.required && !seen {
                missing(row.name)?;
            }
            if row.choice {
                choice = choice.or(Some(row.name));
                chosen |= seen;
            }
        }
        match choice {
            Some(first) if !chosen => missing(first),
            _ => Ok(()),
        }
    }

    fn characters(&mut self, at: usize, end: usize, characters: &Characters) -> Checked {
        match (characters, self.stack.last_mut()) {
            (Characters::Blank, _) => Ok(()),
            (_, Some(Frame { kind: Kind::Complex(_) | Kind::Data, .. })) => {
                self.stray_text(at, self.slice(at, end))
            }
            (_, Some(frame)) => {
                frame.plain &= matches!(characters, Characters::Plain);
                Ok(())
            }
            (_, None) => {
                let blanks = self.slice(at, end).find(|c| !is_blank(c)).unwrap_or(0);
                Err(Stop::Syntax(Syntax::Document, at + blanks))
            }
        }
    }

    /// Text between elements: blank once its references are resolved, or a violation. Windows takes any text in Data.
    fn stray_text(&mut self, at: usize, text: &str) -> Checked {
        let in_data = matches!(self.stack.last(), Some(Frame { kind: Kind::Data, .. }));
        if in_data && !self.is_specification() {
            return Ok(());
        }
        let value = markup::text_value(text);
        if value.chars().all(is_blank) && !text.starts_with('<') {
            return Ok(());
        }
        let start = at + text.find(|c| !is_blank(c)).unwrap_or(0);
        let parent = self.parent_name();
        self.violation(Rule::Text { parent }, start, start, parent, value.trim())
    }

    /// Marks the open value as one that cannot be taken.
    fn refuse(&mut self) {
        if let Some(frame) = self.stack.last_mut() {
            frame.refused = true;
            frame.plain = false;
        }
    }

    /// Closes what a text that is no XML has left open: texts keep what was read of them.
    fn abandon(&mut self) {
        let end = self.text.len();
        while let Some(frame) = self.stack.pop() {
            let (Kind::Simple(row) | Kind::Marker(row)) = frame.kind else { continue };
            if matches!(row.content, Content::Simple(Type::String)) && !frame.refused {
                self.tree.decoded.push(markup::text_value(self.slice(frame.inside as usize, end)));
                let value = Value::Decoded(self.tree.decoded.len() as u32 - 1);
                if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
                    node.value = value;
                }
            } else if frame.node as usize + 1 == self.tree.nodes.len() {
                self.remove_last(frame.node);
            }
        }
    }

    /// Whether a child of this name stood in the element that is open, taken or not.
    pub(super) fn has_seen(&self, name: &str) -> bool {
        let Some(&Frame { kind: Kind::Complex(complex), seen, .. }) = self.stack.last() else { return false };
        complex.find(name.as_bytes(), 0).is_some_and(|(index, _)| seen >> index & 1 != 0)
    }

    /// The name of the element that is open.
    fn parent_name(&self) -> &'static str {
        let open = self.stack.iter().rev().find_map(|frame| self.tree.node(frame.node));
        open.map_or("the document", |node| node.row.name)
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
            Some(findings) => {
                // Positions cost a look at the whole text.
                if findings.is_full() {
                    findings.omit(Severity::Error);
                } else {
                    findings.push(at.error(rule, node, value));
                }
                Ok(())
            }
        }
    }
}

/// What stands in a tag must be a name.
fn named(at: usize, name: &str) -> Checked {
    if markup::is_qualified_name(name) { Ok(()) } else { Err(Stop::Syntax(Syntax::Name, at + 1)) }
}

/// White space of XML.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}
