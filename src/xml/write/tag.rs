//! Start tags as they were written.

use crate::{
    definition::SchemaVersion,
    markup::{Attributes, attribute_value, attributes},
    xml::table::NAMESPACE,
};
use std::collections::BTreeMap;

/// Whether a start tag has these attributes, in any order. The namespace of definitions can be declared again.
pub(super) fn has_attributes<'e>(
    tag: &str,
    name: &str,
    expected: impl Iterator<Item = (&'e str, &'e str)>,
) -> bool {
    let inside = tag.trim_end_matches('>').trim_end_matches('/');
    let Some(text) = inside.strip_prefix('<').and_then(|tag| tag.strip_prefix(name)) else { return false };
    let mut stated = Attributes::default();
    if attributes(text, 0, &mut stated).is_err() {
        return false;
    }
    let mut missing: BTreeMap<&str, &str> = expected.collect();
    let version = |text: &str| text.parse::<SchemaVersion>().ok();
    let as_expected = stated.iter().all(|raw| {
        let value = attribute_value(raw.value);
        match missing.remove(raw.name) {
            Some(expected) => {
                expected == value
                    || raw.name == "version" && version(expected).is_some_and(|v| version(&value) == Some(v))
            }
            None => raw.name == "xmlns" && value == NAMESPACE,
        }
    });
    as_expected && missing.is_empty()
}
