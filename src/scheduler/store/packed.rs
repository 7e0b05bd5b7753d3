//! The text of a definition as it is kept: nearly all of it is names that the schema knows, so each tag is a byte.
//!
//! XML has no control characters but tab, carriage return and line feed, and hardly anything in a definition is not
//! ASCII. The bytes for both are free to represent what is frequent, without loss:
//!
//! | byte | stands for |
//! |---|---|
//! | 01 to 08 | a line break, followed by two blanks, and so on up to seven times two |
//! | 0E, 0F | the beginning of a definition up to its version; its namespace, after the version |
//! | 10 … 11 | what is between them, which is not ASCII |
//! | 12 | the end tag of the element that was opened last |
//! | 13, 14 and 15, each followed by a name | a start tag that has attributes, without them; an empty element; the same, with a blank |
//! | 16, 17 | the contents `true` and `false` |
//! | 80 to FF, 18 to 1F | a name: its start tag, without attributes |

use crate::definition::names::TAGS;
use memchr::{memchr, memchr2};
use std::borrow::Cow;

const FIRST_BREAK: u8 = 1;
const LAST_BREAK: u8 = 8;
const BLANKS: &[u8] = b"\r\n              ";
const HEAD: (u8, &str) = (0x0E, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"");
const NAMESPACE: (u8, &str) = (0x0F, "\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">");
const RAW: u8 = 0x10;
const RAW_END: u8 = 0x11;
const END_TAG: u8 = 0x12;
const WITH_ATTRIBUTES: u8 = 0x13;
const EMPTY: [(u8, &str); 2] = [(0x14, "/>"), (0x15, " />")];
const TRUE: (u8, &str) = (0x16, "true");
const FALSE: (u8, &str) = (0x17, "false");
const TEXTS: [(u8, &str); 4] = [TRUE, FALSE, HEAD, NAMESPACE];
const FIRST_NAMES: u8 = 0x80;
const LAST_NAMES: u8 = 0x18;

const _: () = assert!(TAGS.len() <= 128 + 8);

/// A definition's text, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Packed(Box<[u8]>);

impl Packed {
    pub(in super::super) fn new(text: &str) -> Self {
        Self::of_clean(&clean(text))
    }

    /// Packs a text that is [clean].
    pub(in super::super) fn of_clean(text: &str) -> Self {
        let mut packer = Packer { packed: Vec::with_capacity(text.len() / 2), open: Open::default() };
        packer.pack(text);
        // A copy of the right size: to shrink what was allocated takes longer.
        Self(packer.packed.as_slice().into())
    }

    /// The text.
    pub(in super::super) fn unpack(&self) -> String {
        let mut text = Vec::with_capacity(4 * self.0.len() + 200);
        let mut open = Open::default();
        let mut rest = &*self.0;
        while let Some((before, byte, behind)) = split_at_code(rest) {
            text.extend_from_slice(before);
            rest = behind;
            match byte {
                LAST_NAMES..=0x1F | FIRST_NAMES.. => {
                    let name = name_of(byte);
                    open.push(name);
                    text.extend_from_slice(start_tag(name).as_bytes());
                }
                FIRST_BREAK..=LAST_BREAK => {
                    let length = 2 + 2 * usize::from(byte - FIRST_BREAK);
                    text.extend_from_slice(BLANKS.get(..length).unwrap_or(BLANKS));
                }
                END_TAG => text.extend_from_slice(open.pop().map_or("", end_tag).as_bytes()),
                RAW => {
                    let end = memchr(RAW_END, rest).unwrap_or(rest.len());
                    text.extend_from_slice(rest.get(..end).unwrap_or_default());
                    rest = rest.get(end + 1..).unwrap_or_default();
                }
                WITH_ATTRIBUTES => {
                    let name = take_name(&mut rest);
                    open.push(name);
                    text.extend_from_slice(unclosed(name).as_bytes());
                }
                byte => {
                    let empty = EMPTY.iter().find(|(code, _)| *code == byte);
                    if empty.is_some() {
                        text.extend_from_slice(unclosed(take_name(&mut rest)).as_bytes());
                    }
                    let other = empty.or_else(|| TEXTS.iter().find(|(code, _)| *code == byte));
                    text.extend_from_slice(other.map_or("", |(_, other)| other).as_bytes());
                }
            }
        }
        text.extend_from_slice(rest);
        String::from_utf8(text).unwrap_or_default()
    }
}

/// A text without control characters. One that has any is not XML: only a state that somebody has edited can have them.
pub(in super::super) fn clean(text: &str) -> Cow<'_, str> {
    let steers = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n');
    if text.bytes().fold(false, |any, byte| any | steers(byte)) {
        text.replace(|c: char| u8::try_from(c).is_ok_and(steers), "\u{FFFD}").into()
    } else {
        text.into()
    }
}

/// A text that is being packed.
struct Packer {
    packed: Vec<u8>,
    open: Open,
}

impl Packer {
    fn pack(&mut self, text: &str) {
        let mut rest = text;
        if let Some(behind) = rest.strip_prefix(HEAD.1) {
            self.packed.push(HEAD.0);
            rest = behind;
            if let Some((version, behind)) = rest.split_at_checked(3)
                && version.is_ascii()
                && let Some(behind) = behind.strip_prefix(NAMESPACE.1)
            {
                self.packed.extend_from_slice(version.as_bytes());
                self.packed.push(NAMESPACE.0);
                rest = behind;
            }
        }
        while let Some(byte) = rest.bytes().next() {
            let length = match byte {
                b'<' => self.tag(rest),
                b'\r' => self.line_break(rest),
                _ => self.content(rest),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// Packs what is before the next tag or line break; how long that is.
    fn content(&mut self, text: &str) -> usize {
        let end = memchr2(b'<', b'\r', text.as_bytes()).unwrap_or(text.len());
        let content = text.get(..end).unwrap_or_default();
        if content == TRUE.1 {
            self.packed.push(TRUE.0);
        } else if content == FALSE.1 {
            self.packed.push(FALSE.0);
        } else if content.is_ascii() {
            self.packed.extend_from_slice(content.as_bytes());
        } else {
            self.packed.push(RAW);
            self.packed.extend_from_slice(content.as_bytes());
            self.packed.push(RAW_END);
        }
        end
    }

    /// Packs a carriage return with what it begins; how long that is.
    fn line_break(&mut self, text: &str) -> usize {
        let Some(line) = text.strip_prefix("\r\n") else {
            self.packed.push(b'\r');
            return 1;
        };
        let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
        let pairs = (blanks / 2).min(usize::from(LAST_BREAK - FIRST_BREAK));
        self.packed.push(FIRST_BREAK + u8::try_from(pairs).unwrap_or(0));
        2 + 2 * pairs
    }

    /// Packs a tag, or as much of it as is frequent; how long that is.
    fn tag(&mut self, text: &str) -> usize {
        if let Some(name) = self.open.last()
            && text.starts_with(end_tag(name))
        {
            self.open.pop();
            self.packed.push(END_TAG);
            return end_tag(name).len();
        }
        let inside = text.get(1..).unwrap_or_default();
        let length = inside.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, behind) = inside.split_at_checked(length).unwrap_or_default();
        let Some(name) = number(name) else {
            self.packed.push(b'<');
            return 1;
        };
        let after = 1 + length;
        if behind.starts_with('>') && self.open.push(name) {
            self.packed.push(code(name));
            return after + 1;
        }
        for (empty, end) in EMPTY {
            if behind.starts_with(end) {
                self.packed.extend_from_slice(&[empty, code(name)]);
                return after + end.len();
            }
        }
        let tag = memchr(b'>', behind.as_bytes()).and_then(|end| behind.get(..end)).unwrap_or_default();
        if tag.starts_with(' ') && !tag.ends_with('/') && self.open.push(name) {
            self.packed.extend_from_slice(&[WITH_ATTRIBUTES, code(name)]);
            return after;
        }
        self.packed.push(b'<');
        1
    }
}

/// The elements that are open, as far as a definition is deep.
#[derive(Default)]
struct Open {
    names: [u8; 12],
    depth: usize,
}

impl Open {
    /// Whether there is room for one more.
    fn push(&mut self, name: u8) -> bool {
        let place = self.names.get_mut(self.depth);
        let Some(place) = place else { return false };
        *place = name;
        self.depth += 1;
        true
    }

    fn last(&self) -> Option<u8> {
        self.names.get(self.depth.checked_sub(1)?).copied()
    }

    fn pop(&mut self) -> Option<u8> {
        let last = self.last()?;
        self.depth -= 1;
        Some(last)
    }
}

/// The byte of a name, by its number.
fn code(name: u8) -> u8 {
    FIRST_NAMES.checked_add(name).unwrap_or_else(|| LAST_NAMES + (name - (u8::MAX - FIRST_NAMES) - 1))
}

/// The number of a name, by its byte.
fn name_of(byte: u8) -> u8 {
    byte.checked_sub(FIRST_NAMES).unwrap_or_else(|| u8::MAX - FIRST_NAMES + 1 + (byte & 7))
}

fn take_name(rest: &mut &[u8]) -> u8 {
    let Some((byte, behind)) = rest.split_first() else { return 0 };
    *rest = behind;
    name_of(*byte)
}

fn start_tag(name: u8) -> &'static str {
    TAGS.get(usize::from(name)).map_or("", |(_, tags)| tags.start)
}

/// A start tag without its end.
fn unclosed(name: u8) -> &'static str {
    start_tag(name).strip_suffix('>').unwrap_or_default()
}

fn end_tag(name: u8) -> &'static str {
    TAGS.get(usize::from(name)).map_or("", |(_, tags)| tags.end)
}

/// What is before the first byte that stands for more, that byte, and the rest.
fn split_at_code(packed: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let stands_for_more = |byte: &u8| !matches!(byte, b' '..0x80 | b'\t' | b'\r' | b'\n');
    let (before, behind) = packed.split_at_checked(packed.iter().position(stands_for_more)?)?;
    let (byte, behind) = behind.split_first()?;
    Some((before, *byte, behind))
}

/// The places of [`LOOKUP`].
const PLACES: usize = 512;

/// The names by their hash: one more than a name's number, or 0. A name whose place is taken has the next that is free.
static LOOKUP: [u8; PLACES] = lookup();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time alone, where get is not available")]
#[expect(clippy::cast_possible_truncation, reason = "there are at most 136 names")]
const fn lookup() -> [u8; PLACES] {
    let mut table = [0; PLACES];
    let mut name = 0;
    while name < TAGS.len() {
        let bytes = TAGS[name].0.as_bytes();
        let mut place = hash(bytes.len(), bytes[0], bytes[bytes.len() - 1]);
        while table[place] != 0 {
            place = (place + 1) % PLACES;
        }
        name += 1;
        table[place] = name as u8;
    }
    table
}

const fn hash(length: usize, first: u8, last: u8) -> usize {
    (length.wrapping_mul(37) + first as usize * 5 + last as usize * 3) % PLACES
}

/// The number of a name of the schema.
fn number(name: &str) -> Option<u8> {
    let (first, last) = (name.bytes().next()?, name.bytes().last()?);
    let mut place = hash(name.len(), first, last);
    loop {
        let number = LOOKUP.get(place)?.checked_sub(1)?;
        if TAGS.get(usize::from(number))?.0 == name {
            return Some(number);
        }
        place = (place + 1) % PLACES;
    }
}

#[cfg(test)]
mod tests {
    use super::{Packed, TAGS, code, name_of, number};

    #[test]
    fn every_name_has_a_byte() {
        for (at, (name, _)) in (0..).zip(TAGS) {
            assert_eq!(number(name), Some(at));
            assert_eq!(name_of(code(at)), at);
        }
        assert_eq!(number("Wednesdey"), None);
    }

    #[test]
    fn whatever_is_packed_is_unpacked() {
        let definition = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\" \
             xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\r\n  <Actions>\r\n    <Exec>\r\n      \
             <Command>a.exe</Command>\r\n    </Exec>\r\n  </Actions>\r\n</Task>";
        let packed = Packed::new(definition);
        assert!(packed.0.len() < definition.len() / 6, "{packed:?}");
        let texts = [
            definition,
            "",
            "\r\n",
            "\r\n\r\n   x\n  y\r  z\r\n",
            "<Task version=\"1.2\">\t</Task>",
            "<!-- \" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"> -->",
            "\r\n                        deep",
            "<Enabled>true</Enabled><Enabled>false</Enabled><Enabled>1</Enabled><Enabled>truefalse</Enabled>",
            "<Enabled/><Enabled /><Enabled  /><Enabled></Enabled ></Enabled><Monday/><Title/></Task></Exec>",
            "<Actions Context=\"A\"><Exec id='x'/><Exec id=\"y\" /></Actions>",
            "<Command>Aufgabe für später</Command>\u{7F}é\r\n  ü<Command>日本</Command>",
            "<",
            "<Command",
            "</",
            "<Command ",
            "<Enabled\r\n>",
            "<Command a='>/'></Command>",
        ];
        for text in texts {
            assert_eq!(Packed::new(text).unpack(), text);
        }
        let deep = "<Exec>".repeat(40) + &"</Exec>".repeat(40);
        assert_eq!(Packed::new(&deep).unpack(), deep);
        assert_eq!(Packed::new("<Exec>\u{1}</Exec>\u{1F}").unpack(), "<Exec>\u{FFFD}</Exec>\u{FFFD}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_kept(pieces in proptest::collection::vec(piece(), 0..40)) {
            let text = pieces.concat();
            proptest::prop_assert_eq!(Packed::new(&text).unpack(), text);
        }
    }

    /// A piece of a text that means something to this module, or any character that XML allows.
    fn piece() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::{char, prop_oneof, sample, strategy::Strategy};
        let tag = (
            sample::select(TAGS),
            sample::select(&["<", "</"][..]),
            sample::select(&[">", "/>", " />", " ", ""][..]),
        )
            .prop_map(|((name, _), begin, end)| format!("{begin}{name}{end}"));
        let literal = sample::select(
            &[
                "\r\n",
                "\r",
                "\n",
                "  ",
                " ",
                "true",
                "false",
                "<",
                ">",
                "/",
                "x",
                "ü",
                "1.2",
                super::HEAD.1,
                super::NAMESPACE.1,
            ][..],
        );
        prop_oneof![tag, literal.prop_map(str::to_owned), char::range(' ', '\u{D7FF}').prop_map(String::from)]
    }
}
