//! Suggestions for an unexpected name.

use super::{
    schema::{Complex, Content},
    table::ROOT,
};

/// A hint for an unexpected element in `parent`: where an element of that name belongs, or a similar name, preferably
/// under the same parent.
pub(super) fn element(name: &str, parent: &str) -> Option<String> {
    // Longer than any name in the schema, and similar to none.
    if name.len() > 64 {
        return None;
    }
    let mut best: Option<((usize, bool), &'static str, String)> = None;
    let mut homes = Vec::new();
    visit(&ROOT.content, "Task", &mut |path, known| {
        if known == name {
            homes.push(path.to_owned());
        }
        let elsewhere = path.rsplit('/').next() != Some(parent);
        let rank = (distance(known, name), elsewhere);
        if best.as_ref().is_none_or(|(least, ..)| rank < *least) {
            best = Some((rank, known, path.to_owned()));
        }
    });
    if let Some(home) = homes.first() {
        let more = if homes.len() > 1 { " and elsewhere" } else { "" };
        return Some(format!("{name} belongs in {home}{more}"));
    }
    match best? {
        ((distance, _), ..) if distance * 3 > name.len() => None,
        ((_, false), known, _) => Some(format!("did you mean {known}?")),
        ((_, true), known, path) => Some(format!("did you mean {known}, in {path}?")),
    }
}

/// Calls `see` with the path of each parent and the name of each child.
fn visit(content: &'static Content, path: &str, see: &mut dyn FnMut(&str, &'static str)) {
    let Content::Complex(Complex { children, .. }) = content else { return };
    for child in *children {
        see(path, child.name);
        visit(&child.content, &format!("{path}/{}", child.name), see);
    }
}

/// The edit distance: the number of characters to change, insert or remove.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, above) in b.bytes().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = *above;
            left = changed.min(left + 1).min(*above + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
