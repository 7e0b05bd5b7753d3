//! Cuts a document into tags, character data, and what stands aside of both ([XML] 1.0), with the checks that belong to
//! each. Nothing is copied; offsets are those of the text.

use super::{
    Wrong, attribute::tag_end, character::is_blank, instruction, reference::check_references, syntax::Syntax,
};
use memchr::{memchr, memchr2, memchr3, memmem};

/// What comes next.
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
    /// White space alone.
    Blank,
    /// Something else, without references.
    Plain,
    /// References are in it, each to one of the five entities or to a character.
    Referring,
}

/// What stands between tags and is no text.
pub(crate) enum Aside {
    Comment,
    Section,
    Instruction,
    Declaration,
}

/// A start tag, its attributes unread.
pub(crate) struct Tag<'t> {
    pub(crate) name: &'t str,
    pub(crate) attributes: &'t str,
    /// Whether it is an end tag, too.
    pub(crate) empty: bool,
    /// Whether its name has no colon. What is not in the schema may still be no name.
    pub(crate) plain: bool,
}

pub(crate) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// The next `]]>` that no CDATA section, comment or instruction contains.
    section_end: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut scanner = Self { text, at: 0, section_end: 0 };
        scanner.find_section_end(0);
        scanner
    }

    /// Where the next piece begins, and the last one ended.
    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// What comes next.
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

    #[inline]
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn start_tag(&mut self) -> Result<Tag<'t>, Wrong> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut stop = memchr3(b'>', b'/', b' ', bytes).ok_or_else(|| self.ends())?;
        let name = bytes.get(1..stop).unwrap_or_default();
        let plain = name.iter().fold(!name.is_empty(), |plain, b| plain & (*b > b':'));
        if !plain {
            // Other white space is rare behind a name.
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

    /// The name of an end tag. It is expected to be that of the element that is open.
    #[inline]
    pub(crate) fn end_tag(&mut self, open: &'t [u8]) -> Result<&'t [u8], Wrong> {
        let rest = self.rest().as_bytes();
        if let Some(([b'<', b'/'], behind)) = rest.split_first_chunk()
            && behind.starts_with(open)
            && behind.get(open.len()) == Some(&b'>')
        {
            self.at += open.len() + 3;
            return Ok(open);
        }
        let size = memchr(b'>', rest).ok_or_else(|| self.ends())?;
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
        if let Some(comment) = rest.strip_prefix("<!--") {
            let inside = memmem::find(comment.as_bytes(), b"--").ok_or_else(|| self.ends())?;
            let end = "<!----".len() + inside;
            match rest.as_bytes().get(end) {
                Some(b'>') => {}
                Some(_) => return Err((Syntax::Comment, self.at + end - 2)),
                None => return Err(self.ends()),
            }
            self.pass(end + 1);
            return Ok(Aside::Comment);
        }
        if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let inside = memmem::find(section.as_bytes(), b"]]>").ok_or_else(|| self.ends())?;
            self.pass("<![CDATA[]]>".len() + inside);
            return Ok(Aside::Section);
        }
        let dtd = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        Err((if dtd { Syntax::Dtd } else { Syntax::Document }, self.at))
    }

    /// A processing instruction or the XML declaration.
    pub(crate) fn instruction(&mut self) -> Result<Aside, Wrong> {
        let rest = self.rest();
        let end = memmem::find(rest.as_bytes(), b"?>").ok_or_else(|| self.ends())? + 2;
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

    /// Goes behind something in which `]]>` may stand.
    fn pass(&mut self, size: usize) {
        self.at += size;
        self.find_section_end(self.at);
    }

    /// Looks for the next `]]>` from a place on, if that lies behind the one known.
    fn find_section_end(&mut self, from: usize) {
        if from >= self.section_end {
            let found = self.text.as_bytes().get(from..).and_then(|rest| memmem::find(rest, b"]]>"));
            self.section_end = found.map_or(usize::MAX, |found| from + found);
        }
    }

    /// The text ends within markup.
    #[cold]
    fn ends(&self) -> Wrong {
        (Syntax::End, self.text.len())
    }
}
