//! Reads event XML as Windows writes it: elements with ASCII names, quoted attributes, text, and references. Nearly
//! all events are like this. Anything else, and all errors, are left to the reader in [`event`](super::event), which
//! starts over.
//!
//! The tree stores the whole text; names and values are ranges of it, so nothing is copied.

use super::{
    system,
    tree::{Builder, Tree},
    value::Type,
};
use crate::{limits, markup};
use memchr::memchr;
use std::ops::Range;

/// The tree of an event, if the event is plain.
pub(super) fn read(text: &str) -> Option<Tree> {
    // Events of Windows have about one node for every twenty bytes.
    let mut reader = Plain { text, at: 0, builder: Builder::over(text, text.len() / 16) };
    loop {
        match reader.rest() {
            [b'<', b'/', ..] => reader.end_tag()?,
            [b'<', ..] => reader.start_tag()?,
            _ => return None,
        }
        if reader.builder.depth() == 0 {
            break;
        }
        reader.characters()?;
    }
    reader.rest().iter().all(u8::is_ascii_whitespace).then(|| reader.builder.finish())
}

struct Plain<'t> {
    text: &'t str,
    at: usize,
    builder: Builder,
}

/// The maximum number of attributes of an element.
const ATTRIBUTES: usize = 8;

impl<'t> Plain<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> Option<&'t str> {
        self.text.get(range)
    }

    /// Consumes the expected byte.
    fn pass(&mut self, byte: u8) -> Option<()> {
        let is_next = self.rest().first() == Some(&byte);
        self.at += 1;
        is_next.then_some(())
    }

    /// Consumes a name.
    fn name(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let rest = self.rest();
        let size = rest.iter().take_while(|b| IN_NAME.get(usize::from(**b)) == Some(&true)).count();
        self.at += size;
        rest.first().is_some_and(u8::is_ascii_alphabetic).then_some(start..self.at)
    }

    fn start_tag(&mut self) -> Option<()> {
        self.at += 1;
        let name = self.name()?;
        let element = self.slice(name.clone())?;
        let depth = self.builder.depth();
        if depth == limits::EVENT_XML_DEPTH || depth == 0 && element != "Event" {
            return None;
        }
        let types = if self.builder.is_in_system() { Some(system::types(element)) } else { None };
        self.builder.open_at(name, types.map_or(Type::Unknown, |types| types.own));
        for _ in 0..=ATTRIBUTES {
            match self.rest() {
                [b'>', ..] => {
                    self.at += 1;
                    return Some(());
                }
                [b'/', b'>', ..] => {
                    self.at += 2;
                    self.builder.close();
                    return Some(());
                }
                [b' ', b'/' | b'>', ..] => self.at += 1,
                [b' ', ..] => {
                    self.at += 1;
                    self.attribute(types)?;
                }
                _ => return None,
            }
        }
        None
    }

    fn attribute(&mut self, types: Option<&system::Types>) -> Option<()> {
        let name = self.name()?;
        self.pass(b'=')?;
        let quote = *self.rest().first().filter(|b| matches!(b, b'"' | b'\''))?;
        self.at += 1;
        let size = memchr(quote, self.rest())?;
        let value = self.at..self.at + size;
        self.at += size + 1;
        let is_special = |b| (b < b' ') | (b == b'&') | (b == b'<') | (b == b'>');
        if markup::first_of(self.slice(value.clone())?.as_bytes(), is_special).is_some() {
            return None;
        }
        let attribute = self.slice(name.clone())?;
        if attribute == "xmlns" {
            return Some(());
        }
        if self.builder.has_attribute(attribute) {
            return None;
        }
        self.builder.attribute_at(name, value, types.map_or(Type::Unknown, |types| types.of(attribute)));
        Some(())
    }

    fn end_tag(&mut self) -> Option<()> {
        self.at += 2;
        let name = self.name()?;
        self.pass(b'>')?;
        if !self.builder.is_open(self.slice(name)?) {
            return None;
        }
        self.builder.close();
        Some(())
    }

    /// Consumes characters up to the next tag.
    fn characters(&mut self) -> Option<()> {
        let start = self.at;
        let mut plain = start;
        loop {
            let size = markup::find3(self.rest(), b'<', b'&', b'\r')?;
            self.at += size;
            match self.rest() {
                [b'<', ..] if plain == start => {
                    if size > 0 {
                        self.builder.text_at(start..self.at);
                    }
                    return Some(());
                }
                [b'<', ..] => {
                    self.builder.text(self.slice(plain..self.at)?);
                    return Some(());
                }
                [b'&', ..] => {
                    self.builder.text(self.slice(plain..self.at)?);
                    let (character, size) = markup::reference(self.text.get(self.at + 1..)?)?;
                    self.builder.text(character.encode_utf8(&mut [0; 4]));
                    self.at += 1 + size;
                    plain = self.at;
                }
                _ => return None,
            }
        }
    }
}

/// The bytes allowed in plain names, after the first.
static IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest = table.as_mut_slice();
    let mut byte = 0u8;
    while let [first, tail @ ..] = rest {
        *first = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        byte = byte.wrapping_add(1);
        rest = tail;
    }
    table
};
