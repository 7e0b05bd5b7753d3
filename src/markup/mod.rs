//! XML 1.0 as text: encodings, characters, names, references, attributes, and the scanner that splits a text into
//! tags, character data and everything else. Independent of any schema; higher modules interpret the elements.
//!
//! Invariants: nothing is copied unless necessary; time is linear in the text; offsets refer to the text.

mod attribute;
mod character;
mod encoding;
mod instruction;
mod mended;
mod name;
#[cfg(feature = "xml")]
mod not_xml;
#[cfg(feature = "eventlog")]
pub(crate) mod pieces;
mod plain;
mod reference;
mod salvage;
mod scan;
mod search;
mod several;
mod syntax;
mod torn;
mod value;
mod windows_1252;

pub(crate) use attribute::{Attributes, RawAttribute, attribute_value, attributes};
pub(crate) use character::{BLANKS, first_illegal, is_xml_char};
pub(crate) use encoding::{Encoding, Text, encode};
pub(crate) use instruction::{declaration, unsupported, unsupported_message};
pub(crate) use mended::{mended, mended_tag};
pub(crate) use name::{is_ncname, is_qualified_name, split_prefix};
#[cfg(feature = "xml")]
pub use not_xml::NotXml;
#[cfg(feature = "xml")]
pub(crate) use not_xml::not_xml;
pub(crate) use plain::PlainTag;
#[cfg(feature = "eventlog")]
pub(crate) use reference::reference;
pub(crate) use salvage::{Bad, Salvaged};
pub(crate) use scan::{Aside, Characters, Lead, Scanner, Tag};
pub(crate) use search::{find3, first_of, is_same};
pub(crate) use several::{Several, Start};
pub use syntax::Syntax;
pub(crate) use torn::{
    doctype_size, is_like, torn_attributes, torn_characters, torn_comment_size, torn_end_tag, torn_start_tag,
};
pub(crate) use value::{escaped, is_escaped, plain_text, push_attribute, push_escaped, text_value};

/// A syntax error and its offset.
pub(crate) type Wrong = (Syntax, usize);
