//! The walk through a document according to the schema table, from tokens to a tree.
//!
//! There is no recursion: open elements are on a separate stack, limited by
//! [`limits::XML_DEPTH`](crate::limits::XML_DEPTH).

use super::{
    error::{Error, Rule},
    plain::is_usual_tag,
    reading::{Checked, Frame, Kind, Reading, Stop},
    rules,
    tree::{NONE, Tree},
};
use crate::{
    limits,
    markup::{self, Aside, Lead, Scanner, Syntax, Tag},
};
use std::ptr;

impl<'t> Reading<'t, '_> {
    /// Runs a strict walk, which stops at the first violation. `undecodable` is the offset where decoding failed.
    pub(super) fn run(mut self, undecodable: Option<usize>) -> Result<Tree<'t>, Error> {
        self.unreadable.1 = markup::first_illegal(self.text).unwrap_or(usize::MAX);
        if let Some(at) = undecodable.filter(|at| *at <= self.unreadable.1) {
            self.unreadable = (Syntax::Undecodable, at);
        }
        let (syntax, at) = match self.walk() {
            Ok(()) => return Ok(self.tree),
            Err(Stop::Refused(error)) => return Err(*error),
            Err(Stop::Syntax(_, at)) if self.unreadable.1 <= at => self.unreadable,
            Err(Stop::Syntax(syntax, at)) => (syntax, at),
        };
        let declared =
            markup::unsupported(self.text).filter(|_| syntax == Syntax::Undecodable && !self.is_string);
        let rule = match declared {
            Some(declared) => Rule::Encoding { declared: declared.to_owned() },
            None => Rule::Syntax(syntax),
        };
        match self.violation(rule, at, at, "", syntax.message()) {
            Err(Stop::Refused(error)) => Err(*error),
            _ => Ok(self.tree),
        }
    }

    fn walk(&mut self) -> Checked {
        if self.text.len() > limits::XML_BYTES {
            return Err(Stop::Syntax(Syntax::Length, 0));
        }
        let mut scanner = Scanner::new(self.text);
        while self.step(&mut scanner)? {}
        self.finish()
    }

    /// Reads one token; returns whether there was one.
    #[inline]
    pub(super) fn step(&mut self, scanner: &mut Scanner<'t>) -> Result<bool, Stop> {
        self.plain(scanner);
        let at = scanner.at();
        self.at = at;
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
            Lead::Nothing => return Ok(false),
        }
        Ok(true)
    }

    /// Checks the end of the document: there must have been a root, and nothing may be open.
    pub(super) fn finish(&mut self) -> Checked {
        let end = self.text.len();
        match self.stack.is_empty() {
            true if self.root_seen => Ok(()),
            true => Err(Stop::Syntax(Syntax::RootElement, end)),
            false => Err(Stop::Syntax(Syntax::End, end)),
        }
    }

    /// Checks that everything up to here is decodable and legal.
    fn readable(&mut self, end: usize) -> Result<usize, Stop> {
        let (syntax, at) = self.unreadable;
        if self.damage.bad.first().is_some_and(|bad| bad.at < end) {
            self.report_bad(end)?;
        }
        if end > at { Err(Stop::Syntax(syntax, at)) } else { Ok(end) }
    }

    fn aside(&mut self, at: usize, end: usize, aside: &Aside) -> Checked {
        self.tree.comments |= matches!(aside, Aside::Comment | Aside::Instruction);
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
        if self.stack.len() >= limits::XML_DEPTH {
            return Err(Stop::Syntax(Syntax::Depth, at));
        }
        if self.elements >= limits::XML_ELEMENTS {
            return Err(Stop::Syntax(Syntax::Elements, at));
        }
        if self.stack.is_empty() && self.root_seen {
            return Err(Stop::Syntax(Syntax::RootElement, at));
        }
        self.attributes.clear();
        if !tag.attributes.is_empty() {
            markup::attributes(tag.attributes, at + 1 + tag.name.len(), &mut self.attributes)?;
        }
        self.open(at, end, tag)
    }

    /// Opens the element of a start tag whose attributes were read.
    pub(super) fn open(&mut self, at: usize, end: usize, tag: &Tag<'t>) -> Checked {
        let mut torn = false;
        if self.is_forgiving() {
            if self.was_an_end(at, end, tag)? {
                return Ok(());
            }
            self.imply_root(at, tag)?;
            torn = self.is_torn_root(end, tag);
        }
        self.elements += 1;
        if !self.attributes.is_empty()
            && let Err((syntax, wrong)) = self.namespaces.enter(self.stack.len(), &self.attributes)
        {
            self.syntax(syntax, wrong, "")?;
        }
        let kind = if tag.plain && self.namespaces.is_task() {
            self.classify(at, tag.name, None)?
        } else {
            self.classify_named(at, tag.name)?
        };
        self.root_seen = true;
        let usual = is_usual_tag(self.slice(at, end), tag.name, tag.empty);
        self.stack.push(Frame { usual, ..Frame::new(kind, tag.name.as_bytes(), at, end) });
        self.open_node(kind)?;
        self.make_ready();
        match tag.empty {
            _ if torn => self.keep_root_open(at, end),
            true => self.close(at, at + 1, end),
            false => Ok(()),
        }
    }

    fn end(&mut self, at: usize, end: usize, name: &[u8]) -> Checked {
        match self.stack.last() {
            // The scanner returns the name that it was given, if it found that one.
            Some(frame) if (ptr::eq(frame.name, name) || frame.name == name) && self.damage.too_deep == 0 => {
                self.close(at, at + 2, end)
            }
            Some(_) => Err(Stop::Syntax(Syntax::ElementMatch, at + 2)),
            None => Err(Stop::Syntax(Syntax::Document, at)),
        }
    }

    /// Closes the open element; `close` is the offset of its end tag, `reported` that of the tag's name.
    pub(super) fn close(&mut self, close: usize, reported: usize, end: usize) -> Checked {
        let Some(frame) = self.stack.last_mut() else { return Ok(()) };
        let is_pair = close > frame.open as usize;
        frame.usual &= !is_pair || end - close == frame.name.len() + "</>".len();
        let frame = *frame;
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.close = close as u32;
            node.end = end as u32;
            node.in_order = frame.in_order;
            node.usual = frame.usual && !(is_pair && node.first_child == NONE);
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
        self.notice_spelling(&frame);
        if !kept && self.is_forgiving() {
            if !matches!(frame.kind, Kind::Skipped) {
                self.remove_last(frame.node);
            }
            self.keep_element(&frame, end as u32);
        }
        Ok(())
    }
}
