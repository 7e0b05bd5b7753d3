//! A document as a sequence of pieces: what a query list and an event's XML have in common.

use super::{
    error::{ErrorKind, Raw, check_size, shown, xml_error},
    lexer::is_whole_name,
};
use crate::limits;
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
    name::LocalName,
};
use std::borrow::Cow;

/// Attributes of one element that are read. An event's Execution has seven.
const ATTRIBUTES: usize = 32;

/// One piece of a document; comments, declarations and the like are passed over.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    /// A start tag: the name without its prefix, and the attributes, declarations of namespaces aside.
    Open { name: String, attributes: Vec<(String, String)> },
    /// Characters, as they stand or unescaped.
    Text(Cow<'t, str>),
    /// The end of the element that was opened last.
    Close,
}

/// Reads the pieces of a document that has one root and no DTD.
pub(super) struct Markup<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    depth: usize,
    rooted: bool,
    /// Where the last piece stands.
    at: usize,
}

impl<'t> Markup<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self, Raw> {
        check_size(text)?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { text, reader, depth: 0, rooted: false, at: 0 })
    }

    /// Where the last piece stands, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// An error about the last piece.
    pub(super) fn error(&self, kind: ErrorKind) -> Raw {
        Raw::new(kind, self.at)
    }

    /// The next piece; none behind the root.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'t>>, Raw> {
        loop {
            self.at = self.position();
            let event = self.reader.read_event();
            let event = event.map_err(|e| {
                xml_error(e, usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX))
            })?;
            let piece = match event {
                Event::Start(tag) => Some(self.open(&tag)?),
                // Empty elements are expanded by the reader.
                Event::End(_) | Event::Empty(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Piece::Close)
                }
                Event::Text(text) => self.characters(text.into_inner())?,
                Event::CData(text) => self.characters(text.into_inner())?,
                Event::GeneralRef(reference) => {
                    let c = self.character(&reference)?;
                    self.characters(c.to_string().into())?
                }
                Event::DocType(_) => return Err(self.ill_formed("a document type has no place here")),
                Event::Eof if self.depth > 0 || !self.rooted => {
                    return Err(self.ill_formed("the document ends before its root does"));
                }
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).map_or(self.text.len(), |at| at.min(self.text.len()))
    }

    fn ill_formed(&self, what: &str) -> Raw {
        xml_error(what, self.at)
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<Piece<'t>, Raw> {
        if self.depth == 0 && self.rooted {
            return Err(self.ill_formed("a second root follows the first"));
        }
        if self.depth == limits::EVENT_XML_DEPTH {
            return Err(self.error(ErrorKind::TooDeep(limits::EVENT_XML_DEPTH)));
        }
        self.rooted = true;
        self.depth += 1;
        let mut attributes: Vec<(String, String)> = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| xml_error(e, self.at))?;
            let name = attribute.key.into_inner();
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            if attributes.len() == ATTRIBUTES {
                return Err(self.error(ErrorKind::TooMany { what: "attributes", max: ATTRIBUTES }));
            }
            let name = self.local(attribute.key.local_name())?;
            if attributes.iter().any(|(known, _)| *known == name) {
                return Err(self.ill_formed("an attribute stands twice in an element"));
            }
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| xml_error(e, self.at))?;
            attributes.push((name, value.into_owned()));
        }
        Ok(Piece::Open { name: self.local(tag.local_name())?, attributes })
    }

    /// A name without its prefix, which the reader does not check.
    fn local(&self, name: LocalName<'_>) -> Result<String, Raw> {
        let name = name.into_inner();
        if is_whole_name(name) { Ok(name.to_owned()) } else { Err(self.ill_formed("a name is malformed")) }
    }

    /// Characters within the root; outside, only white space may stand.
    fn characters(&self, text: Cow<'t, str>) -> Result<Option<Piece<'t>>, Raw> {
        match self.depth {
            0 if text.trim_start_matches('\u{FEFF}').trim().is_empty() => Ok(None),
            0 => Err(self.ill_formed("text stands outside of the root")),
            _ => Ok(Some(Piece::Text(text))),
        }
    }

    fn character(&self, reference: &BytesRef<'_>) -> Result<char, Raw> {
        match &**reference {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "quot" => Ok('"'),
            "apos" => Ok('\''),
            name => match reference.resolve_char_ref() {
                Ok(Some(c)) => Ok(c),
                _ => Err(xml_error(format_args!("the entity {} is not known", shown(name)), self.at)),
            },
        }
    }
}
