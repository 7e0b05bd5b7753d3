//! Splits a document into tags, character data and everything else ([XML] 1.0), and checks each. Nothing is copied;
//! offsets refer to the text.

use super::{
    Wrong, attribute::tag_end, character::is_blank, instruction, reference::check_references,
    search::is_same, syntax::Syntax, torn::torn_start_tag,
};
use memchr::{memchr, memchr2, memchr3, memmem};
use std::ops::Range;

/// The kind of the next piece.
pub(crate) enum Lead {
    StartTag,
    EndTag,
    Characters,
    /// A comment or a CDATA section.
    Bang,
    /// A processing instruction or the XML declaration.
    Instruction,
    Nothing,
}

/// Text between markup.
pub(crate) enum Characters {
    /// Only white space.
    Blank,
    /// Other text, without references.
    Plain,
    /// Text with valid references.
    Referring,
}

/// Markup between tags that is not text.
pub(crate) enum Aside {
    Comment,
    Section,
    Instruction,
    Declaration,
}

/// A start tag whose attributes were not read yet.
pub(crate) struct Tag<'t> {
    pub(crate) name: &'t str,
    pub(crate) attributes: &'t str,
    /// Whether it is an empty-element tag.
    pub(crate) empty: bool,
    /// Whether its name has no colon. A name outside the schema can still be invalid.
    pub(crate) plain: bool,
}

pub(crate) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The next `]]>` outside CDATA sections, comments and instructions.
    pub(super) section_end: usize,
    /// Where the last comment, section or instruction started, and what `section_end` was before it.
    passed: (usize, usize),
    /// The last search for each of [`ENDS`]: its start, and the offset of the first end from there on, so that damaged text
    /// is not searched repeatedly.
    searched: [Range<usize>; 3],
    /// Whether a tag ends at the next `<` at the latest, as in damaged text.
    wary: bool,
}

/// The ends of a CDATA section, a comment, and a processing instruction or declaration.
const ENDS: [&[u8]; 3] = [b"]]>", b"--", b"?>"];
const SECTION: usize = 0;
const COMMENT: usize = 1;
const INSTRUCTION: usize = 2;

/// No search yet.
const NOWHERE: Range<usize> = usize::MAX..usize::MAX;

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut scanner =
            Self { text, at: 0, section_end: 0, passed: (0, 0), searched: [NOWHERE; 3], wary: false };
        scanner.find_section_end(0);
        scanner
    }

    /// The end of the last piece, and the start of the next.
    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The kind of the next piece.
    #[inline]
    pub(crate) fn lead(&self) -> Lead {
        match self.rest().as_bytes() {
            [b'<', b'/', ..] => Lead::EndTag,
            [b'<', b'!', ..] => Lead::Bang,
            [b'<', b'?', ..] => Lead::Instruction,
            [b'<', ..] => Lead::StartTag,
            [] => Lead::Nothing,
            _ => Lead::Characters,
        }
    }

    /// Marks the rest of the text as damaged.
    pub(crate) fn beware(&mut self) {
        self.wary = true;
    }

    /// Whether the text is known to be damaged.
    #[inline]
    pub(crate) fn is_wary(&self) -> bool {
        self.wary
    }

    /// Moves to the end of plain markup.
    #[inline]
    pub(crate) fn pass_plain(&mut self, end: usize) {
        self.at = end;
    }

    /// Moves to another offset. Text that is read again is not searched for `]]>` again.
    pub(crate) fn seek(&mut self, at: usize) {
        let (start, section_end) = self.passed;
        if at == start && at < self.at {
            self.section_end = section_end;
        }
        self.at = at;
        self.find_section_end(at);
    }

    #[inline]
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn start_tag(&mut self) -> Result<Tag<'t>, Wrong> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if self.wary {
            return self.wary_start_tag(rest);
        }
        let mut stop = memchr3(b'>', b'/', b' ', bytes).ok_or_else(|| self.ends())?;
        let name = bytes.get(1..stop).unwrap_or_default();
        let plain = name.iter().fold(!name.is_empty(), |plain, b| plain & (*b > b':'));
        if !plain {
            // Other white space is rare after a name.
            stop = 1 + name.iter().position(|b| is_blank(*b)).unwrap_or(name.len());
        }
        let name = rest.get(1..stop).unwrap_or_default();
        let mut tag = Tag { name, attributes: "", empty: false, plain };
        let size = match bytes.get(stop..).unwrap_or_default() {
            [b'>', ..] => stop + 1,
            [b'/', b'>', ..] => {
                tag.empty = true;
                stop + 2
            }
            [b' ', b'/', b'>', ..] => {
                tag.empty = true;
                stop + 3
            }
            [b'/', _, ..] => return Err((Syntax::Name, self.at + stop)),
            _ => {
                let end = tag_end(rest, 0).ok_or_else(|| self.ends())?;
                let inside = rest.get(stop..end - 1).unwrap_or_default();
                tag.empty = inside.ends_with('/');
                tag.attributes = inside.strip_suffix('/').unwrap_or(inside);
                end
            }
        };
        self.at += size;
        Ok(tag)
    }

    /// Reads a start tag in damaged text, where an invalid or unterminated one is an error.
    fn wary_start_tag(&mut self, rest: &'t str) -> Result<Tag<'t>, Wrong> {
        let behind = rest.get(1..).unwrap_or_default();
        let tag = torn_start_tag(behind).ok_or((Syntax::Name, self.at + 1))?;
        let end = 1 + tag.size;
        let inside = rest.get(..end).unwrap_or_default();
        if !tag.closed || memchr(b'<', inside.as_bytes().get(1..).unwrap_or_default()).is_some() {
            return Err((Syntax::LessThan, self.at + end));
        }
        let plain = tag.name.bytes().all(|b| b > b':');
        self.at += end;
        Ok(Tag { name: tag.name, attributes: tag.attributes, empty: tag.empty, plain })
    }

    /// Reads the name of an end tag, which should be that of the open element.
    #[inline]
    pub(crate) fn end_tag(&mut self, open: &'t [u8]) -> Result<&'t [u8], Wrong> {
        let rest = self.rest().as_bytes();
        if let Some(([b'<', b'/'], behind)) = rest.split_first_chunk()
            && behind.get(open.len()) == Some(&b'>')
            && behind.get(..open.len()).is_some_and(|name| is_same(name, open))
        {
            self.at += open.len() + 3;
            return Ok(open);
        }
        let size = if self.wary {
            let stop = memchr2(b'<', b'>', rest.get(1..).unwrap_or_default()).map(|stop| stop + 1);
            stop.filter(|stop| rest.get(*stop) == Some(&b'>')).ok_or((Syntax::ElementMatch, self.at + 2))?
        } else {
            memchr(b'>', rest).ok_or_else(|| self.ends())?
        };
        let mut name = rest.get(2..size).unwrap_or_default();
        while let [before @ .., b' ' | b'\t' | b'\n' | b'\r'] = name {
            name = before;
        }
        self.at += size + 1;
        Ok(name)
    }

    /// A comment or a CDATA section.
    pub(crate) fn bang(&mut self) -> Result<Aside, Wrong> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            let end = self.find(COMMENT, "<!--".len()).ok_or_else(|| self.ends())? + "--".len();
            match rest.as_bytes().get(end) {
                Some(b'>') => {}
                Some(_) => return Err((Syntax::Comment, self.at + end - 2)),
                None => return Err(self.ends()),
            }
            self.pass(end + 1);
            return Ok(Aside::Comment);
        }
        if rest.starts_with("<![CDATA[") {
            let end = self.find(SECTION, "<![CDATA[".len()).ok_or_else(|| self.ends())?;
            self.pass(end + "]]>".len());
            return Ok(Aside::Section);
        }
        let dtd = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        Err((if dtd { Syntax::Dtd } else { Syntax::Document }, self.at))
    }

    /// A processing instruction or the XML declaration.
    pub(crate) fn instruction(&mut self) -> Result<Aside, Wrong> {
        let rest = self.rest();
        let end = self.find(INSTRUCTION, 0).ok_or_else(|| self.ends())? + "?>".len();
        let declares = matches!(rest.as_bytes().get(5), Some(b' ' | b'\t' | b'\n' | b'\r' | b'?'));
        let aside = if rest.starts_with("<?xml") && declares {
            Aside::Declaration
        } else {
            instruction::instruction(rest.get(..end).unwrap_or_default(), self.at)?;
            Aside::Instruction
        };
        self.pass(end);
        Ok(aside)
    }

    /// Text and references, up to the next markup.
    #[inline]
    pub(crate) fn characters(&mut self) -> Result<Characters, Wrong> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let blank = bytes.iter().take_while(|b| is_blank(**b)).count();
        if bytes.get(blank).is_none_or(|b| *b == b'<') {
            self.at += blank;
            return Ok(Characters::Blank);
        }
        let stop = memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
        let plain = bytes.get(stop) != Some(&b'&');
        let size = if plain { stop } else { memchr(b'<', bytes).unwrap_or(bytes.len()) };
        // A `]]>` inside a tag is not text.
        if self.section_end < self.at {
            self.find_section_end(self.at);
        }
        if self.section_end < self.at + size {
            return Err((Syntax::CData, self.section_end));
        }
        if !plain {
            let text = rest.get(..size).unwrap_or_default();
            check_references(text).map_err(|(syntax, within)| (syntax, self.at + within))?;
        }
        self.at += size;
        Ok(if plain { Characters::Plain } else { Characters::Referring })
    }

    /// Finds the next of [`ENDS`] after the first `skipped` bytes of the rest.
    fn find(&mut self, end: usize, skipped: usize) -> Option<usize> {
        self.next(end, self.at + skipped).map(|found| found - self.at)
    }

    /// The offset of the next of [`ENDS`].
    fn next(&mut self, end: usize, from: usize) -> Option<usize> {
        let searched = self.searched.get_mut(end)?;
        if from < searched.start || from > searched.end {
            let rest = self.text.as_bytes().get(from..)?;
            let found = if end == SECTION { section_end(rest) } else { memmem::find(rest, ENDS.get(end)?) };
            *searched = from..found.map_or(usize::MAX, |found| from + found);
        }
        (searched.end != usize::MAX).then_some(searched.end)
    }

    /// Skips markup that may contain `]]>`.
    fn pass(&mut self, size: usize) {
        self.passed = (self.at, self.section_end);
        self.at += size;
        self.find_section_end(self.at);
    }

    /// Finds the next `]]>` from an offset, if it is after the known one.
    fn find_section_end(&mut self, from: usize) {
        if from >= self.section_end {
            self.section_end = self.next(SECTION, from).unwrap_or(usize::MAX);
        }
    }

    /// The error for text that ends inside markup.
    #[cold]
    fn ends(&self) -> Wrong {
        (Syntax::End, self.text.len())
    }
}

/// The first `]]>`. Brackets are rare, so that one is looked for first.
fn section_end(bytes: &[u8]) -> Option<usize> {
    const FEW: usize = 16;
    let mut from = 0;
    for _ in 0..FEW {
        let at = from + memchr(b']', bytes.get(from..)?)?;
        if bytes.get(at..)?.starts_with(b"]]>") {
            return Some(at);
        }
        from = at + 1;
    }
    Some(from + memmem::find(bytes.get(from..)?, b"]]>")?)
}
