//! References to characters and to the five predefined entities ([XML] 4.1, 4.6).

use super::{Wrong, character::is_xml_char, search::find, syntax::Syntax};

/// Checks that every `&` starts a reference to a predefined entity or a character.
pub(crate) fn check_references(text: &str) -> Result<(), Wrong> {
    let mut from = 0;
    while let Some(found) = text.as_bytes().get(from..).and_then(|rest| find(rest, b'&')) {
        let at = from + found;
        let rest = text.get(at + 1..).unwrap_or_default();
        from = at + 1 + reference(rest).map(|(_, size)| size).ok_or((Syntax::Entity, at))?;
    }
    Ok(())
}

/// The character of a reference, given the text after its `&`, and the length including the semicolon.
pub(crate) fn reference(rest: &str) -> Option<(char, usize)> {
    // The most frequent ones need no search for their end.
    match rest.as_bytes() {
        [b'l', b't', b';', ..] => return Some(('<', 3)),
        [b'g', b't', b';', ..] => return Some(('>', 3)),
        [b'a', b'm', b'p', b';', ..] => return Some(('&', 4)),
        _ => {}
    }
    // Leading zeros can make it long, but the search for its end is limited.
    const LONGEST: usize = 64;
    let name = rest.as_bytes().iter().take(LONGEST).position(|b| *b == b';')?;
    Some((named(rest.get(..name)?)?, name + 1))
}

/// The character of a predefined entity.
pub(super) fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The character of a reference, by name or number.
fn named(name: &str) -> Option<char> {
    entity(name).or_else(|| {
        let digits = name.strip_prefix('#')?;
        let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
        // `from_str_radix` would accept a sign.
        let number = u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))?;
        char::from_u32(number).filter(|c| is_xml_char(*c))
    })
}
