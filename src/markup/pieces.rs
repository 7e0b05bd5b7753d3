//! XML as a sequence of start tags, characters and end tags, read by quick-xml. Used for documents where the position
//! of the tag is precise enough: event XML and query lists.
//!
//! Namespaces are not resolved: prefixes are removed, and their declarations are skipped. A DTD is rejected.

use super::{name::is_ncname, reference::entity};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event, attributes::Attributes},
    name::LocalName,
};
use std::{borrow::Cow, fmt};

/// A piece of a document. Comments, declarations and processing instructions are skipped.
#[derive(Debug)]
pub(crate) enum Piece<'t> {
    /// A start tag.
    Open(Tag<'t>),
    /// Characters between tags, as a slice of the text, since they contain no references.
    Text(Cow<'t, str>),
    /// The character that a reference denotes.
    Character(char),
    /// The end of the last opened element.
    Close,
}

/// The limits for a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The nesting depth of elements.
    pub(crate) depth: usize,
    /// The number of attributes of an element.
    pub(crate) attributes: usize,
}

/// The reason why a document is rejected, and the offset of the piece.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) why: Why,
    pub(crate) at: usize,
}

/// The reason why a document is rejected.
#[derive(Debug)]
pub(crate) enum Why {
    /// It is not well-formed.
    Malformed(String),
    /// Elements are nested too deeply.
    Depth(usize),
    /// An element has too many attributes.
    Attributes(usize),
}

/// Reads the pieces of a document with a single root.
pub(crate) struct Pieces<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    bounds: Bounds,
    depth: usize,
    rooted: bool,
    /// Offset of the last piece.
    at: usize,
}

impl<'t> Pieces<'t> {
    pub(crate) fn new(text: &'t str, bounds: Bounds) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { text, reader, bounds, depth: 0, rooted: false, at: 0 }
    }

    /// The offset of the last piece, in bytes.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next piece; `None` after the root.
    pub(crate) fn next(&mut self) -> Result<Option<Piece<'t>>, Refused> {
        loop {
            self.at = self.position(self.reader.buffer_position());
            let event = self.reader.read_event();
            let event = event.map_err(|e| malformed(e, self.position(self.reader.error_position())))?;
            let piece = match event {
                Event::Start(tag) => Some(self.open(tag)?),
                // Empty elements are expanded by the reader.
                Event::End(_) | Event::Empty(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Piece::Close)
                }
                Event::Text(text) => self.characters(text.into_inner())?,
                Event::CData(text) => self.characters(text.into_inner())?,
                Event::GeneralRef(reference) => {
                    let c = self.character(&reference)?;
                    self.in_root()?;
                    Some(Piece::Character(c))
                }
                Event::DocType(_) => return Err(self.malformed("a document type declaration is not allowed")),
                Event::Eof if self.depth > 0 => return Err(self.malformed("unexpected end of document")),
                Event::Eof if !self.rooted => return Err(self.malformed("the document has no root element")),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    fn position(&self, at: u64) -> usize {
        usize::try_from(at).map_or(self.text.len(), |at| at.min(self.text.len()))
    }

    fn malformed(&self, what: &str) -> Refused {
        malformed(what, self.at)
    }

    fn open(&mut self, start: BytesStart<'t>) -> Result<Piece<'t>, Refused> {
        if self.depth == 0 && self.rooted {
            return Err(self.malformed("the document has a second root element"));
        }
        if self.depth == self.bounds.depth {
            return Err(Refused { why: Why::Depth(self.bounds.depth), at: self.at });
        }
        self.rooted = true;
        self.depth += 1;
        let tag = Tag { start, at: self.at, most: self.bounds.attributes };
        local(tag.start.local_name(), self.at)?;
        Ok(Piece::Open(tag))
    }

    /// Characters inside the root. Outside it, only white space is allowed.
    fn characters(&self, text: Cow<'t, str>) -> Result<Option<Piece<'t>>, Refused> {
        if self.depth == 0 && text.trim_start_matches('\u{FEFF}').trim().is_empty() {
            return Ok(None);
        }
        self.in_root().map(|()| Some(Piece::Text(text)))
    }

    fn in_root(&self) -> Result<(), Refused> {
        if self.depth == 0 { Err(self.malformed("text outside of the root element")) } else { Ok(()) }
    }

    fn character(&self, reference: &BytesRef<'_>) -> Result<char, Refused> {
        let numbered = || reference.resolve_char_ref().ok().flatten();
        entity(reference)
            .or_else(numbered)
            .ok_or_else(|| malformed(format_args!("unknown entity &{};", start_of(reference)), self.at))
    }
}

/// A start tag.
#[derive(Debug)]
pub(crate) struct Tag<'t> {
    start: BytesStart<'t>,
    at: usize,
    most: usize,
}

impl Tag<'_> {
    /// The name without its prefix.
    pub(crate) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Names without prefixes, and values. Names are unique.
    pub(crate) fn attributes(&self) -> AttributesOf<'_> {
        let mut raw = self.start.attributes();
        raw.with_checks(false);
        AttributesOf { raw, at: self.at, most: self.most, seen: [""; FEW], more: Vec::new(), count: 0 }
    }
}

/// The maximum number of attributes of most elements.
const FEW: usize = 8;

/// The attributes of a tag, except namespace declarations.
pub(crate) struct AttributesOf<'t> {
    raw: Attributes<'t>,
    at: usize,
    most: usize,
    /// The names so far: the first few, and the rest.
    seen: [&'t str; FEW],
    more: Vec<&'t str>,
    count: usize,
}

impl<'t> Iterator for AttributesOf<'t> {
    type Item = Result<(&'t str, Cow<'t, str>), Refused>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let attribute = match self.raw.next()? {
                Ok(attribute) => attribute,
                Err(error) => return Some(Err(malformed(error, self.at))),
            };
            let name = attribute.key.into_inner();
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            if self.count == self.most {
                return Some(Err(Refused { why: Why::Attributes(self.most), at: self.at }));
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|e| malformed(e, self.at));
            return Some(self.unique(attribute.key.local_name()).and_then(|name| Ok((name, value?))));
        }
    }
}

impl<'t> AttributesOf<'t> {
    fn unique(&mut self, name: LocalName<'t>) -> Result<&'t str, Refused> {
        let name = local(name, self.at)?;
        let few = self.seen.get(..self.count.min(FEW)).unwrap_or_default();
        if few.contains(&name) || self.more.contains(&name) {
            return Err(malformed(format_args!("duplicate attribute {}", start_of(name)), self.at));
        }
        match self.seen.get_mut(self.count) {
            Some(place) => *place = name,
            None => self.more.push(name),
        }
        self.count += 1;
        Ok(name)
    }
}

/// A name without its prefix. quick-xml does not check names.
fn local(name: LocalName<'_>, at: usize) -> Result<&str, Refused> {
    let name = name.into_inner();
    if is_ncname(name) {
        Ok(name)
    } else {
        Err(malformed(format_args!("invalid name {:?}", start_of(name)), at))
    }
}

#[cold]
fn malformed(what: impl fmt::Display, at: usize) -> Refused {
    Refused { why: Why::Malformed(what.to_string()), at }
}

/// The part of a text that a message shows.
fn start_of(text: &str) -> &str {
    text.char_indices().nth(64).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
