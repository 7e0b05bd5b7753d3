//! The walk through a damaged document.
//!
//! It is the strict walk until the first text that is not well-formed. From there on, a tag ends before the next `<` at the
//! latest, and damage costs its own characters or the end of its own element:
//!
//! - an end tag closes the nearest open element of its name, and those within it; one of a damaged name closes what is
//!   open if the names are alike;
//! - an element whose end is missing ends where something begins that only an element around it may contain;
//! - an element skipped for its unknown name is read again if its end tag has the right name, or if it has no end;
//! - a tag of the schema whose `<` is lost is found in the text.
//!
//! It guesses in this way only if the tags of the document do not match. The text that is read again is bounded by the
//! length of the document, so that the time is linear.

use super::{
    error::Rule,
    finding::{Finding, FindingKind, Findings},
    reading::{Checked, Frame, Kind, Reading, Stop},
    schema::{Complex, Content, Row, Type},
    table::{NAMESPACE, ROOT},
    tree::{Tree, Value},
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
    /// A forgiving walk to the end; `bad` is what could not be kept of the text, `omitted` how much more of it there is,
    /// `size` that of the whole text, if this is only its beginning.
    pub(super) fn run_forgivingly(mut self, bad: &'o [Bad], omitted: usize, size: usize) -> Walked<'t> {
        self.damage.bad = bad;
        let read = self.text.len();
        if read < size && self.syntax(Syntax::Length, 0, "").is_ok() {
            self.mark_unread(read..size);
            self.tree.damaged = 0..0;
        }
        // Nothing ends a forgiving walk but its end.
        let _ = self.walk_on();
        let mut findings = self.findings.unwrap_or_default();
        (0..omitted).for_each(|_| findings.omit(Severity::Error));
        Walked { tree: self.tree, findings }
    }

    fn walk_on(&mut self) -> Checked {
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

    /// Reports the characters that could not be kept before `end`.
    #[cold]
    pub(super) fn report_bad(&mut self, end: usize) -> Checked {
        while let Some((bad, rest)) = self.damage.bad.split_first().filter(|(bad, _)| bad.at < end) {
            self.damage.bad = rest;
            let syntax = if bad.undecodable { Syntax::Encoding } else { Syntax::Character };
            self.syntax(syntax, bad.at, &bad.to_string())?;
        }
        Ok(())
    }

    /// Continues after text that is not well-formed, which `scanner` may have passed; returns whether reading ends here.
    fn mend(
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

    fn mend_start_tag(
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

    /// A start tag whose name begins at `name_at`, as far as it can be recognised, and its end; `None` if it is text. Its
    /// attributes are read, and skipped text in them is added to `lost`.
    fn torn_tag(&mut self, name_at: usize, lost: &mut String) -> Option<(Tag<'t>, usize)> {
        let rest = self.slice(name_at, self.text.len());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let torn = markup::torn_start_tag(rest.get(blanks..)?)?;
        let name_at = name_at + blanks;
        let complex = match self.stack.last().map(|frame| frame.kind) {
            Some(Kind::Complex(complex)) => Some(complex),
            Some(_) => None,
            None => Some(complex_of_root()),
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

    /// Reads a `<` that begins nothing as text.
    fn pass_character(&mut self, scanner: &mut Scanner<'t>, at: usize) -> Checked {
        if let Some(frame) = self.stack.last_mut() {
            frame.plain = false;
        }
        scanner.seek(at + 1);
        match self.stack.last().map(|frame| frame.kind) {
            Some(Kind::Complex(_)) => {
                self.keep_unknown(at as u32, at as u32 + 1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Skips elements that are nested too deeply.
    fn pass_deep(&mut self, scanner: &mut Scanner<'t>, at: usize, wrong: usize) -> Checked {
        if self.damage.too_deep == 0 {
            self.syntax(Syntax::Depth, wrong, "")?;
        }
        match scanner.start_tag() {
            Ok(tag) => self.damage.too_deep += usize::from(!tag.empty),
            Err(_) => scanner.seek(at + 1),
        }
        Ok(())
    }

    fn mend_end_tag(
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

    /// Whether an end tag that closes nothing was a start tag: its own end tag follows.
    fn was_a_start(&self, name: &str, end: usize) -> bool {
        let Some(Kind::Complex(complex)) = self.stack.last().map(|frame| frame.kind) else { return false };
        let Some((_, row)) = complex.find(name.as_bytes()) else { return false };
        self.next_fits(row, end)
    }

    /// Whether the next markup is a child of an element of this row, or its end tag.
    fn next_fits(&self, row: &Row, from: usize) -> bool {
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

    fn mend_characters(
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
        // The characters that could not be kept have been reported.
        if unread.chars().all(|c| c == char::REPLACEMENT_CHARACTER) && self.damage.reported <= wrong {
            let reported = self.findings.as_ref().is_some_and(|findings| !findings.is_empty());
            return if reported { Ok(()) } else { self.syntax(syntax, wrong, unread) };
        }
        self.syntax(syntax, wrong, unread)
    }

    /// Searches unexpected text for a tag of the schema whose `<` is lost; `wrong` is the error of the text if it has not
    /// been reported.
    pub(super) fn finds_a_tag(
        &mut self,
        at: usize,
        text: &'t str,
        wrong: Option<(Syntax, usize)>,
    ) -> Result<bool, Stop> {
        if !text.contains('>') || self.is_balanced() {
            return Ok(false);
        }
        let inner = text.trim_start_matches([' ', '\t', '\r', '\n']);
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
                    self.keep_unknown(start as u32, name_at as u32);
                }
                self.open(start, end, &tag)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn mend_aside(&mut self, scanner: &mut Scanner<'t>, at: usize, syntax: Syntax, wrong: usize) -> Checked {
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
            // The opening costs itself only; what follows it is text.
            Some(Kind::Complex(_)) | None => {
                let size = rest.len() - rest.trim_start_matches(['<', '!', '?', '-']).len();
                self.keep_unknown(at as u32, (at + size) as u32);
                scanner.seek(at + size.max(1));
                Ok(())
            }
            Some(_) => self.pass_character(scanner, at),
        }
    }

    /// Whether a start tag was the end tag of the open element, which is then closed. Closes elements that must have ended
    /// before it.
    pub(super) fn was_an_end(&mut self, at: usize, end: usize, tag: &Tag<'t>) -> Result<bool, Stop> {
        let Some(top) = self.stack.last().copied() else { return Ok(false) };
        let (known, complex) = match top.kind {
            Kind::Complex(complex) => (complex.find(tag.name.as_bytes()).is_some(), Some(complex)),
            Kind::Simple(_) | Kind::Marker(_) => (false, None),
            Kind::Data => (!top.cut, None),
            Kind::Skipped => (true, None),
        };
        if known || self.is_balanced() {
            return Ok(false);
        }
        let name = tag.name.as_bytes();
        let knows = |frame: &Frame<'_>| match frame.kind {
            Kind::Complex(complex) => complex.find(name).is_some(),
            _ => false,
        };
        let own = top.name == name && !tag.empty;
        let was_end = own && !self.begins_content(end, complex);
        let Some(depth) = self.stack.iter().rposition(knows).filter(|_| !was_end) else {
            if was_end {
                self.unexpected(at, tag)?;
                self.close(at, at + 1, end)?;
            }
            return Ok(was_end);
        };
        self.unexpected(at, tag)?;
        while self.stack.len() > depth + 1 {
            self.close_implied(at)?;
        }
        Ok(false)
    }

    /// Opens a missing root around one of its sections.
    pub(super) fn imply_root(&mut self, at: usize, tag: &Tag<'t>) -> Checked {
        let complex = complex_of_root();
        let orphaned = complex.find(tag.name.as_bytes()).is_some();
        if !orphaned
            || !self.tree.nodes.is_empty()
            || self.stack.iter().any(|frame| !matches!(frame.kind, Kind::Skipped))
        {
            return Ok(());
        }
        self.violation(Rule::Root { found: tag.name.into() }, at, at + 1, tag.name, "")?;
        // The namespace that is there is the document's own.
        let own = self.namespaces.of_prefix("").filter(|own| *own != NAMESPACE).map(str::to_owned);
        self.root_namespace = own;
        self.push_node(&ROOT, 0, at);
        self.stack
            .push(Frame { node: 0, ..Frame::new(Kind::Complex(complex), ROOT.name.as_bytes(), at, at) });
        Ok(())
    }

    /// Whether a root that ends at once has its content after it.
    pub(super) fn is_torn_root(&mut self, end: usize, tag: &Tag<'t>) -> bool {
        let rest = self.slice(end, self.text.len());
        tag.empty && self.stack.is_empty() && rest.contains("</") && !self.is_balanced()
    }

    /// The error of the strict walk for an unexpected element.
    fn unexpected(&mut self, at: usize, tag: &Tag<'t>) -> Checked {
        let rule = Rule::UnknownElement { name: tag.name.into(), parent: self.parent_name() };
        self.violation(rule, at, at + 1, tag.name, "")
    }

    /// Whether the content of another element of the same name follows: text, or one of its children.
    fn begins_content(&self, from: usize, complex: Option<&'static Complex>) -> bool {
        let rest = self.slice(from, self.text.len());
        let Some(complex) = complex else {
            return !rest.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('<');
        };
        let next = rest.find('<').and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        let name = markup::torn_start_tag(next).map_or("", |tag| tag.name);
        complex.find(name.as_bytes()).is_some()
    }

    /// Closes the open element before its end tag.
    fn close_implied(&mut self, at: usize) -> Checked {
        let Some(frame) = self.stack.last().copied() else { return Ok(()) };
        let mut close = at;
        if matches!(frame.kind, Kind::Simple(_) | Kind::Marker(_)) {
            // The layout before the next tag is not part of the value, nor is an end tag whose `<` is lost.
            let value = self.slice(frame.inside as usize, at).trim_end_matches([' ', '\t', '\r', '\n']);
            let end = format!("/{}>", String::from_utf8_lossy(frame.name));
            let value = value.strip_suffix(&end).unwrap_or(value);
            close = frame.inside as usize + value.len();
        }
        self.close(close, close, close)
    }

    /// Whether an element with an unknown name is the one that its end tag names.
    fn is_named_by(&self, name: &str) -> bool {
        let outer = self.stack.iter().rev().find(|frame| !matches!(frame.kind, Kind::Skipped));
        match outer.map(|frame| frame.kind) {
            Some(Kind::Complex(complex)) => complex.find(name.as_bytes()).is_some(),
            Some(_) => false,
            None => name == ROOT.name && self.tree.nodes.is_empty(),
        }
    }

    /// Reads a skipped element again, as one of this name; returns whether it does.
    fn reads_as(&mut self, name: &str, at: usize) -> Result<bool, Stop> {
        let lowest = self.stack.iter().rposition(|frame| !matches!(frame.kind, Kind::Skipped));
        let lowest = lowest.map_or(0, |outer| outer + 1);
        if lowest + 1 < self.stack.len() {
            // The outer ones have no end.
            self.stack.truncate(lowest + 1);
            return Ok(self.reads_again(at));
        }
        let Some(&frame) = self.stack.last() else { return Ok(false) };
        let inside = frame.inside as usize;
        if !self.may_read_again(inside, at) {
            return Ok(false);
        }
        self.stack.pop();
        self.namespaces.leave(self.stack.len());
        let open = frame.open as usize;
        let mut lost = String::new();
        let torn = markup::torn_start_tag(self.slice(open + 1, inside));
        let attributes = torn.map_or("", |torn| torn.attributes);
        let name_size = torn.map_or(0, |torn| torn.name.len());
        markup::torn_attributes(attributes, open + 1 + name_size, &mut self.attributes, &mut lost);
        let outer = self.stack.last().map(|frame| frame.kind);
        let row = match outer {
            Some(Kind::Complex(complex)) => complex.find(name.as_bytes()).map(|(_, row)| row),
            _ => Some(&ROOT),
        };
        let Some(row) = row else { return Ok(false) };
        if self.stack.is_empty() {
            self.root_seen = false;
        }
        self.damage.seek = Some(inside);
        self.open(open, inside, &Tag { name: row.name, attributes, empty: false, plain: true })?;
        Ok(true)
    }

    /// Reads the open element again because its end is missing: an unknown element as a tag without content, Data up to
    /// the next known element. Returns whether it does.
    fn reads_again(&mut self, at: usize) -> bool {
        let Some(&frame) = self.stack.last() else { return false };
        let inside = frame.inside as usize;
        let parent = self.stack.len().checked_sub(2).and_then(|parent| self.stack.get(parent));
        let outer = parent.is_none_or(|parent| matches!(parent.kind, Kind::Complex(_)));
        let childless = frame.node as usize + 1 == self.tree.nodes.len();
        let again = match frame.kind {
            Kind::Skipped => outer && parent.is_some(),
            Kind::Data => !frame.cut && childless,
            _ => false,
        };
        if !again || !self.may_read_again(inside, at) {
            return false;
        }
        if matches!(frame.kind, Kind::Skipped) {
            self.stack.pop();
            self.keep_unknown(frame.open, frame.inside);
        } else if let Some(frame) = self.stack.last_mut() {
            frame.cut = true;
        }
        self.namespaces.leave(self.stack.len());
        self.damage.seek = Some(inside);
        true
    }

    /// Whether the bound still allows reading from `inside` to `at` again.
    fn may_read_again(&mut self, inside: usize, at: usize) -> bool {
        let again = self.damage.again + at.saturating_sub(inside);
        let may = again <= self.text.len();
        if may {
            self.damage.again = again;
            self.damage.reported = self.damage.reported.max(at);
        }
        may
    }

    /// At the end of the text: whether an element without an end is read again.
    fn resumes(&mut self, scanner: &mut Scanner<'t>) -> Result<bool, Stop> {
        let at = scanner.at();
        if self.stack.is_empty() {
            return Ok(false);
        }
        scanner.beware();
        self.syntax(Syntax::End, at, "")?;
        // Elements that are open within a skipped one are dropped with it.
        while let [.., below, top] = self.stack.as_slice()
            && matches!(top.kind, Kind::Skipped)
            && !matches!(below.kind, Kind::Complex(_))
        {
            self.stack.pop();
        }
        let again = self.reads_again(at);
        self.damage.reported = self.damage.reported.max(at + 1);
        Ok(again)
    }

    /// The end of a forgiving walk, which closes everything.
    fn ends(&mut self) -> Checked {
        let end = self.text.len();
        self.report_bad(end)?;
        if let Err(Stop::Syntax(syntax, at)) = self.finish() {
            self.syntax(syntax, at, "")?;
        }
        self.abandon();
        Ok(())
    }

    /// Reports that nothing is read after a place, and ends.
    fn unread(&mut self, syntax: Syntax, at: usize) -> Checked {
        let (start, end) = (at, self.text.len());
        let rest = self.slice(at, end);
        if rest.len() <= limits::FINDING_TEXT_BYTES {
            self.syntax(syntax, at, rest.trim_end())?;
        } else {
            self.syntax(syntax, at, "")?;
            self.mark_unread(start..end);
        }
        self.abandon();
        Ok(())
    }

    /// The last finding names the range that was not read.
    pub(super) fn mark_unread(&mut self, span: std::ops::Range<usize>) {
        let findings = self.findings.take().unwrap_or_default();
        let last = findings.iter().len();
        let mut index = 0;
        self.findings = Some(findings.map(|finding| {
            index += 1;
            match finding.into_parts() {
                (FindingKind::Violation(violation), place) if index == last => {
                    Finding::new(FindingKind::Unread { violation, start: span.start, end: span.end }, place)
                }
                (kind, place) => Finding::new(kind, place),
            }
        }));
    }

    /// Whether every tag has its counterpart, so that there is no need to guess.
    fn is_balanced(&mut self) -> bool {
        if let Some(balanced) = self.damage.balanced {
            return balanced;
        }
        let balanced = balanced(self.text);
        self.damage.balanced = Some(balanced);
        balanced
    }

    /// Closes the elements that are open at the end of the text: texts keep what was read of them.
    fn abandon(&mut self) {
        let end = self.text.len();
        while let Some(frame) = self.stack.pop() {
            if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
                node.close = end as u32;
                node.end = end as u32;
            }
            if matches!(frame.kind, Kind::Skipped) {
                self.keep_unknown(frame.open, end as u32);
            }
            let (Kind::Simple(row) | Kind::Marker(row)) = frame.kind else { continue };
            if matches!(row.content, Content::Simple(Type::String)) && !frame.refused {
                self.tree.decoded.push(markup::text_value(self.slice(frame.inside as usize, end)));
                let value = Value::Decoded(self.tree.decoded.len() as u32 - 1);
                if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
                    node.value = value;
                }
            } else if frame.node as usize + 1 == self.tree.nodes.len() {
                self.remove_last(frame.node);
                self.keep_unknown(frame.open, end as u32);
            }
        }
    }
}

/// The content of the root.
fn complex_of_root() -> &'static Complex {
    static NOTHING: Complex = Complex::all(&[]);
    if let Content::Complex(complex) = ROOT.content { complex } else { &NOTHING }
}

/// Whether each start tag of a text has its end tag, and nothing else is wrong with the markup.
fn balanced(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.beware();
    let mut open: Vec<&[u8]> = Vec::new();
    loop {
        let good = match scanner.lead() {
            Lead::Nothing => return open.is_empty(),
            Lead::StartTag => scanner.start_tag().is_ok_and(|tag| {
                open.extend((!tag.empty).then_some(tag.name.as_bytes()));
                open.len() <= limits::XML_DEPTH
            }),
            Lead::EndTag => {
                let expected = open.pop().unwrap_or_default();
                scanner.end_tag(expected).is_ok_and(|name| name == expected)
            }
            // Errors in text do not matter here.
            Lead::Characters => {
                if scanner.characters().is_err() {
                    let at = scanner.at();
                    let rest = text.get(at..).unwrap_or_default();
                    scanner.seek(at + rest.find('<').unwrap_or(rest.len()));
                }
                true
            }
            Lead::Bang => scanner.bang().is_ok(),
            Lead::Instruction => scanner.instruction().is_ok(),
        };
        if !good {
            return false;
        }
    }
}
