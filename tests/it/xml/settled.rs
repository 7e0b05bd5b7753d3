//! What was recovered can be written, and is recovered from that as the same task.

use super::everything;
use proptest::prelude::*;
use wintask::{
    definition::Task,
    xml::{self, Form, Options},
};

fn recover(bytes: &[u8]) -> Option<Task> {
    xml::recover(bytes, &Options::default()).task
}

/// A change to a text: where it begins, how long it is, and what it does.
type Damage = (prop::sample::Index, usize, u8, char);

fn damaged(text: &str, damage: &[Damage]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (at, size, kind, character) in damage {
        let at = at.index(characters.len());
        let end = (at + size).min(characters.len());
        match kind {
            0 => characters[at] = *character,
            1 => characters.insert(at, *character),
            2 => {
                characters.remove(at);
            }
            3 => {
                characters.drain(at..end);
            }
            _ => {
                let copy = characters[at..end].to_vec();
                characters.splice(end..end, copy);
            }
        }
    }
    characters.into_iter().collect()
}

fn settles(text: &str) -> Result<(), TestCaseError> {
    let Some(task) = recover(text.as_bytes()) else { return Ok(()) };
    let written = xml::write(&task, Form::Utf8).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let again = recover(&written);
    let written = String::from_utf8_lossy(&written);
    prop_assert_eq!(again, Some(task), "{}\n=== written:\n{}", text, written);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Up to three changes, among them lost and repeated parts.
    #[test]
    fn after_random_damage(
        damage in prop::collection::vec(
            (any::<prop::sample::Index>(), 1..400usize, 0..5u8, prop::sample::select(vec!['<', '>', '/', '&', '"', '=', ' ', 'x', '\n', ';', ']', '!', '-', '\u{1}'])),
            1..4,
        ),
        compact in any::<bool>(),
    ) {
        let text = xml::write_text(&everything(), Form::Utf8).unwrap();
        let text = if compact { text.lines().map(str::trim).collect() } else { text };
        settles(&damaged(&text, &damage))?;
    }
}
