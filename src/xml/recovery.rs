//! Reads damaged documents.
//!
//! Up to the first malformed text, this is the strict walk. After it, a tag ends before the next `<` at the latest,
//! and damage costs only its own characters or the end of its own element:
//!
//! - an end tag closes the nearest open element of its name, and those within it; one with a damaged name closes the
//!   open element if the names are similar;
//! - an element whose end is missing ends where something begins that only an enclosing element can contain;
//! - an element skipped for its unknown name is read again if its end tag has the right name, or if it has no end;
//! - a tag of the schema that lacks its `<` is found in the text.
//!
//! Such guesses are made only if the tags of the document do not match. The amount of text read again is limited by
//! the length of the document, so the time is linear.

use super::{
    finding::Findings,
    reading::{Checked, Kind, Reading, Stop},
    schema::{Content, Row},
    table::{ROOT, TASK},
    tree::Tree,
};
use crate::{
    finding::Severity,
    limits,
    markup::{self, Bad, Lead, Scanner, Syntax, Tag},
};

/// The result of a forgiving walk.
pub(super) struct Walked<'t> {
    pub(super) tree: Tree<'t>,
    pub(super) findings: Findings,
}

impl<'t, 'o> Reading<'t, 'o> {
    /// Walks to the end without stopping. `bad` lists the characters that could not be kept, `omitted` is the number
    /// of further ones, and `size` is the size of the whole text, if this is only its beginning.
    pub(super) fn run_forgivingly(mut self, bad: &'o [Bad], omitted: usize, size: usize) -> Walked<'t> {
        self.damage.bad = bad;
        let read = self.text.len();
        if read < size && self.syntax(Syntax::Length, 0, "").is_ok() {
            self.mark_unread(read..size);
            self.tree.damaged = false;
        }
        // A forgiving walk always runs to its end.
        let _ = self.walk_on();
        let mut findings = self.findings.unwrap_or_default();
        (0..omitted).for_each(|_| findings.omit(Severity::Error));
        Walked { tree: self.tree, findings }
    }

    pub(super) fn walk_on(&mut self) -> Checked {
        let mut scanner = Scanner::new(self.text);
        loop {
            let read = self.step(&mut scanner);
            let at = self.at;
            match read {
                Ok(true) => {}
                Ok(false) if self.resumes(&mut scanner)? => {}
                Ok(false) => return self.ends(),
                Err(Stop::Syntax(Syntax::Elements, wrong)) if wrong == at => {
                    return self.unread(Syntax::Elements, at);
                }
                Err(Stop::Syntax(syntax, wrong)) => {
                    scanner.beware();
                    self.report_bad(wrong + 1)?;
                    match self.mend(&mut scanner, at, syntax, wrong) {
                        Ok(true) => return Ok(()),
                        Ok(false) => {}
                        Err(Stop::Syntax(syntax, wrong)) => self.syntax(syntax, wrong, "")?,
                        Err(stop) => return Err(stop),
                    }
                    if scanner.at() <= at && self.damage.seek.is_none() {
                        let first = self.slice(at, self.text.len()).chars().next();
                        scanner.seek(at + first.map_or(1, char::len_utf8));
                    }
                }
                Err(stop) => return Err(stop),
            }
            if let Some(at) = self.damage.seek.take() {
                scanner.seek(at);
            }
        }
    }

    /// Reports the characters before `end` that could not be kept.
    #[cold]
    pub(super) fn report_bad(&mut self, end: usize) -> Checked {
        while let Some((bad, rest)) = self.damage.bad.split_first().filter(|(bad, _)| bad.at < end) {
            self.damage.bad = rest;
            let syntax = if bad.undecodable { Syntax::Undecodable } else { Syntax::Character };
            self.syntax(syntax, bad.at, &bad.to_string())?;
        }
        Ok(())
    }

    /// Continues after malformed text, which `scanner` may have passed; returns whether reading ends here.
    pub(super) fn mend(
        &mut self,
        scanner: &mut Scanner<'t>,
        at: usize,
        syntax: Syntax,
        wrong: usize,
    ) -> Result<bool, Stop> {
        scanner.seek(at);
        if self.stack.is_empty()
            && self.root_seen
            && !matches!(scanner.lead(), Lead::Bang | Lead::Instruction)
        {
            self.unread(syntax, wrong)?;
            return Ok(true);
        }
        match scanner.lead() {
            Lead::StartTag => self.mend_start_tag(scanner, at, syntax, wrong)?,
            Lead::EndTag => self.mend_end_tag(scanner, at, syntax, wrong)?,
            Lead::Characters => self.mend_characters(scanner, at, syntax, wrong)?,
            Lead::Bang | Lead::Instruction => self.mend_aside(scanner, at, syntax, wrong)?,
            Lead::Nothing => return Ok(true),
        }
        Ok(false)
    }

    pub(super) fn mend_start_tag(
        &mut self,
        scanner: &mut Scanner<'t>,
        at: usize,
        syntax: Syntax,
        wrong: usize,
    ) -> Checked {
        if syntax == Syntax::Depth {
            return self.pass_deep(scanner, at, wrong);
        }
        let mut lost = String::new();
        let found = self.torn_tag(at + 1, &mut lost);
        self.syntax(syntax, wrong, &lost)?;
        match found {
            Some((tag, end)) if self.stack.len() < limits::XML_DEPTH => {
                scanner.seek(end);
                self.open(at, end, &tag)
            }
            _ => self.pass_character(scanner, at),
        }
    }

    /// A start tag whose name begins at `name_at`, as far as it can be recognised, and its end; `None` if it is text.
    /// Reads its attributes, and appends skipped text in them to `lost`.
    pub(super) fn torn_tag(&mut self, name_at: usize, lost: &mut String) -> Option<(Tag<'t>, usize)> {
        let rest = self.slice(name_at, self.text.len());
        let blanks = rest.len() - rest.trim_start_matches(markup::BLANKS).len();
        let torn = markup::torn_start_tag(rest.get(blanks..)?)?;
        let name_at = name_at + blanks;
        let complex = match self.stack.last().map(|frame| frame.kind) {
            Some(Kind::Complex(complex)) => Some(complex),
            Some(_) => None,
            None => Some(&TASK),
        };
        let is_root = self.stack.is_empty() && torn.name == ROOT.name;
        let known = is_root || complex.is_some_and(|complex| complex.find(torn.name.as_bytes()).is_some());
        if torn.closed
            && (known || blanks == 0 && (complex.is_some() || markup::is_qualified_name(torn.name)))
            || known
        {
            markup::torn_attributes(torn.attributes, name_at + torn.name.len(), &mut self.attributes, lost);
            let tag = Tag {
                name: torn.name,
                attributes: torn.attributes,
                empty: torn.empty,
                plain: !torn.name.contains(':'),
            };
            return Some((tag, name_at + torn.size));
        }
        // Its `>` is missing, and its text follows its name.
        let names = complex?.children.iter().filter(|row| torn.name.starts_with(row.name));
        let name = names.map(|row| row.name).max_by_key(|name| name.len())?;
        self.attributes.clear();
        let name = torn.name.get(..name.len())?;
        Some((Tag { name, attributes: "", empty: false, plain: true }, name_at + name.len()))
    }

    /// Reads a `<` that does not start markup as text.
    pub(super) fn pass_character(&mut self, scanner: &mut Scanner<'t>, at: usize) -> Checked {
        if let Some(frame) = self.stack.last_mut() {
            frame.plain = false;
        }
        scanner.seek(at + 1);
        match self.stack.last().map(|frame| frame.kind) {
            Some(Kind::Complex(_)) => {
                self.keep_text(at as u32, at as u32 + 1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Skips elements that are nested too deeply.
    pub(super) fn pass_deep(&mut self, scanner: &mut Scanner<'t>, at: usize, wrong: usize) -> Checked {
        if self.damage.too_deep == 0 {
            self.syntax(Syntax::Depth, wrong, "")?;
        }
        match scanner.start_tag() {
            Ok(tag) => self.damage.too_deep += usize::from(!tag.empty),
            Err(_) => scanner.seek(at + 1),
        }
        Ok(())
    }

    pub(super) fn mend_end_tag(
        &mut self,
        scanner: &mut Scanner<'t>,
        at: usize,
        syntax: Syntax,
        wrong: usize,
    ) -> Checked {
        let (name, size) = markup::torn_end_tag(self.slice(at + 2, self.text.len()));
        let end = at + 2 + size;
        scanner.seek(end);
        if self.damage.too_deep > 0 {
            self.damage.too_deep -= 1;
            return Ok(());
        }
        let tag = self.slice(at, end);
        let Some(top) = self.stack.last().copied() else {
            self.syntax(syntax, wrong, tag)?;
            if name == ROOT.name
                && self.tree.nodes.is_empty()
                && let Some((tag, end)) = self.torn_tag(at + 2, &mut String::new())
            {
                scanner.seek(end);
                return self.open(at, end, &tag);
            }
            return Ok(());
        };
        let top_name = String::from_utf8_lossy(top.name);
        if top_name == name {
            // Only its `>` is missing, or something follows its name.
            self.syntax(syntax, wrong, "")?;
            return self.close(at, at + 2, end);
        }
        let names_ancestor = self.stack.iter().any(|frame| frame.name == name.as_bytes());
        if names_ancestor {
            self.syntax(syntax, wrong, "")?;
            while self.stack.last().is_some_and(|frame| frame.name != name.as_bytes()) {
                if self.reads_again(at) {
                    return Ok(());
                }
                self.close_implied(at)?;
            }
            return self.close(at, at + 2, end);
        }
        if matches!(top.kind, Kind::Skipped) && self.is_named_by(name) {
            self.syntax(syntax, wrong, "")?;
            if self.reads_as(name, at)? {
                return Ok(());
            }
            return self.close(at, at + 2, end);
        }
        if markup::is_like(&top_name, name) {
            self.syntax(syntax, wrong, tag)?;
            return self.close(at, at + 2, end);
        }
        self.syntax(syntax, wrong, tag)?;
        if self.was_a_start(name, end) {
            let known = self.slice(at + 2, at + 2 + name.len());
            self.attributes.clear();
            return self.open(at, end, &Tag { name: known, attributes: "", empty: false, plain: true });
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.plain = false;
        }
        Ok(())
    }

    /// Whether an end tag that closes nothing was a start tag, because its own end tag follows.
    pub(super) fn was_a_start(&self, name: &str, end: usize) -> bool {
        let Some(Kind::Complex(complex)) = self.stack.last().map(|frame| frame.kind) else { return false };
        let Some((_, row)) = complex.find(name.as_bytes()) else { return false };
        self.next_fits(row, end)
    }

    /// Whether the next markup is a child of an element of this row, or its end tag.
    pub(super) fn next_fits(&self, row: &Row, from: usize) -> bool {
        let rest = self.slice(from, self.text.len());
        let Some(next) = rest.find('<').and_then(|at| rest.get(at + 1..)) else { return false };
        match (next.strip_prefix('/'), &row.content) {
            (Some(end), _) => markup::torn_end_tag(end).0 == row.name,
            (None, Content::Complex(complex)) => {
                let name = markup::torn_start_tag(next).map_or("", |tag| tag.name);
                complex.find(name.as_bytes()).is_some()
            }
            _ => false,
        }
    }

    pub(super) fn mend_characters(
        &mut self,
        scanner: &mut Scanner<'t>,
        at: usize,
        syntax: Syntax,
        wrong: usize,
    ) -> Checked {
        let rest = self.slice(at, self.text.len());
        let text = rest.get(..rest.find('<').unwrap_or(rest.len())).unwrap_or_default();
        let end = at + text.len();
        scanner.seek(end);
        if matches!(syntax, Syntax::CData | Syntax::Entity) && !self.stack.is_empty() {
            self.syntax(syntax, wrong, "")?;
            for (syntax, within) in markup::torn_characters(text).filter(|(_, within)| at + within != wrong) {
                self.report_bad(at + within + 1)?;
                self.syntax(syntax, at + within, "")?;
            }
            self.report_bad(end)?;
            return self.characters(at, end, &markup::Characters::Referring);
        }
        // Text outside the root.
        self.report_bad(end)?;
        if self.finds_a_tag(at, text, Some((syntax, wrong)))? {
            return Ok(());
        }
        let unread = text.trim_matches(|c: char| c.is_ascii_whitespace());
        // The characters that could not be kept were already reported.
        if unread.chars().all(|c| c == char::REPLACEMENT_CHARACTER) && self.damage.reported <= wrong {
            let reported = self.findings.as_ref().is_some_and(|findings| !findings.is_empty());
            return if reported { Ok(()) } else { self.syntax(syntax, wrong, unread) };
        }
        self.syntax(syntax, wrong, unread)
    }

    /// Searches unexpected text for a tag of the schema that lacks its `<`; `wrong` is the error of the text if it
    /// was not yet reported.
    pub(super) fn finds_a_tag(
        &mut self,
        at: usize,
        text: &'t str,
        wrong: Option<(Syntax, usize)>,
    ) -> Result<bool, Stop> {
        if !text.contains('>') || self.is_balanced() {
            return Ok(false);
        }
        let inner = text.trim_start_matches(markup::BLANKS);
        let start = at + text.len() - inner.len();
        let second = inner.chars().next().map_or(0, char::len_utf8);
        for name_at in [start, start + second] {
            let rest = self.slice(name_at, at + text.len());
            if let Some(ended) = rest.strip_prefix('/')
                && let Some(frame) = self.stack.last()
                && let (name, size) = markup::torn_end_tag(ended)
                && name.as_bytes() == frame.name
                && ended.get(..size).is_some_and(|tag| tag.ends_with('>'))
            {
                self.damage.seek = Some(name_at + 1 + size);
                self.close(start, name_at + 1, name_at + 1 + size)?;
                return Ok(true);
            }
            let Some(torn) = markup::torn_start_tag(rest).filter(|torn| torn.closed) else { continue };
            let known = match self.stack.last().map(|frame| frame.kind) {
                Some(Kind::Complex(complex)) => complex.find(torn.name.as_bytes()).is_some(),
                None => torn.name == ROOT.name,
                Some(_) => false,
            };
            if !known {
                continue;
            }
            let mut lost = String::new();
            if let Some((tag, end)) = self.torn_tag(name_at, &mut lost) {
                if let Some((syntax, wrong)) = wrong {
                    self.syntax(syntax, wrong, self.slice(start, name_at))?;
                }
                self.damage.seek = Some(end);
                if !self.stack.is_empty() && name_at > start {
                    self.keep_text(start as u32, name_at as u32);
                }
                self.open(start, end, &tag)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn mend_aside(
        &mut self,
        scanner: &mut Scanner<'t>,
        at: usize,
        syntax: Syntax,
        wrong: usize,
    ) -> Checked {
        let rest = self.slice(at, self.text.len());
        let whole = match syntax {
            Syntax::Dtd if !self.damage.endless_doctype => {
                let size = markup::doctype_size(rest);
                self.damage.endless_doctype = size.is_none();
                size
            }
            _ if rest.starts_with("<!--") => markup::torn_comment_size(rest),
            // A declaration or a section that is well-formed but unexpected here.
            _ => {
                let bang = matches!(scanner.lead(), Lead::Bang);
                let read = if bang { scanner.bang().is_ok() } else { scanner.instruction().is_ok() };
                read.then(|| scanner.at() - at)
            }
        };
        if let Some(size) = whole {
            let end = at + size;
            scanner.seek(end);
            if let Some(frame) = self.stack.last_mut() {
                frame.plain = false;
            }
            let lost = if rest.starts_with("<!--") { "" } else { self.slice(at, end) };
            self.syntax(syntax, wrong, lost)?;
            return self.report_bad(end);
        }
        self.syntax(syntax, wrong, "")?;
        match self.stack.last().map(|frame| frame.kind) {
            // Only the opening is lost; the rest is text.
            Some(Kind::Complex(_)) | None => {
                let size = rest.len() - rest.trim_start_matches(['<', '!', '?', '-']).len();
                self.keep_text(at as u32, (at + size) as u32);
                scanner.seek(at + size.max(1));
                Ok(())
            }
            Some(_) => self.pass_character(scanner, at),
        }
    }
}
