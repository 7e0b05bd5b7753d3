//! Reads a QueryList ([MS-EVEN6] 2.2.16; facts/event_query.md 2).

use super::{
    error::{ErrorKind, Raw, shown},
    markup::{Markup, Piece},
    query::{Group, LogPath, Selector, Target, XPath},
};

/// Attributes as [`Markup`] hands them over.
type Attributes = Vec<(String, String)>;

/// Judges the path of a channel.
pub(super) type Check<'c> = &'c dyn Fn(&str) -> Result<(), ErrorKind>;

/// The queries of a list.
pub(super) fn read(text: &str, check: Check<'_>) -> Result<Vec<Group>, Raw> {
    let mut markup = Markup::new(text)?;
    let mut groups = Vec::new();
    if let Some(Piece::Open { name, attributes }) = markup.next()? {
        let list = markup.error(ErrorKind::Empty("QueryList"));
        expect(&markup, &name, "QueryList")?;
        no_attribute(&markup, &attributes)?;
        while let Some((name, attributes)) = child(&mut markup)? {
            expect(&markup, &name, "Query")?;
            groups.push(group(&mut markup, attributes, check)?);
        }
        if groups.is_empty() {
            return Err(list);
        }
    }
    // What follows the root is read, too: nothing may.
    while markup.next()?.is_some() {}
    same_kind(&groups)?;
    Ok(groups)
}

fn misplaced(markup: &Markup<'_>, what: String) -> Raw {
    markup.error(ErrorKind::Misplaced { what })
}

fn expect(markup: &Markup<'_>, name: &str, expected: &str) -> Result<(), Raw> {
    if name == expected { Ok(()) } else { Err(misplaced(markup, format!("the element {}", shown(name)))) }
}

fn no_attribute(markup: &Markup<'_>, attributes: &Attributes) -> Result<(), Raw> {
    match attributes.first() {
        None => Ok(()),
        Some((name, _)) => Err(misplaced(markup, format!("the attribute {}", shown(name)))),
    }
}

/// The next element within the one that is open; none at its end.
fn child(markup: &mut Markup<'_>) -> Result<Option<(String, Attributes)>, Raw> {
    loop {
        match markup.next()? {
            Some(Piece::Open { name, attributes }) => return Ok(Some((name, attributes))),
            Some(Piece::Text(text)) if text.trim().is_empty() => {}
            Some(Piece::Text(_)) => return Err(misplaced(markup, "text".to_owned())),
            Some(Piece::Close) | None => return Ok(None),
        }
    }
}

/// Takes an attribute out of those that an element has.
fn take(attributes: &mut Attributes, name: &str) -> Option<String> {
    let at = attributes.iter().position(|(known, _)| known == name)?;
    Some(attributes.swap_remove(at).1)
}

/// What stands in a `Query`.
fn group(markup: &mut Markup<'_>, mut attributes: Attributes, check: Check<'_>) -> Result<Group, Raw> {
    let empty = markup.error(ErrorKind::Empty("Query"));
    let value = |attribute, value: &str| markup.error(ErrorKind::Value { attribute, value: shown(value) });
    let id = take(&mut attributes, "Id");
    let id = id.map(|id| id.trim().parse().map_err(|_| value("Id", &id))).transpose()?;
    let target = take(&mut attributes, "Target").map(|target| match target.as_str() {
        "Container" => Ok(Target::Container),
        "Host" => Ok(Target::Host),
        "Both" => Ok(Target::Both),
        other => Err(value("Target", other)),
    });
    let target = target.transpose()?;
    let path = take(&mut attributes, "Path");
    no_attribute(markup, &attributes)?;
    let mut group = Group { id, target, selects: Vec::new(), suppresses: Vec::new() };
    while let Some((name, attributes)) = child(markup)? {
        let selectors = match name.as_str() {
            "Select" => &mut group.selects,
            "Suppress" => &mut group.suppresses,
            _ => return Err(misplaced(markup, format!("the element {}", shown(&name)))),
        };
        selectors.push(selector(markup, attributes, path.as_deref(), check)?);
    }
    if group.selects.is_empty() && group.suppresses.is_empty() { Err(empty) } else { Ok(group) }
}

/// What stands in a `Select` or a `Suppress`.
fn selector(
    markup: &mut Markup<'_>,
    mut attributes: Attributes,
    lent: Option<&str>,
    check: Check<'_>,
) -> Result<Selector, Raw> {
    let path = take(&mut attributes, "Path");
    no_attribute(markup, &attributes)?;
    let path = path.as_deref().or(lent).map(str::trim).filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| markup.error(ErrorKind::NoPath))?;
    let path = match path.strip_prefix("file://") {
        Some(file) => LogPath::File(file.to_owned()),
        None => {
            check(path).map_err(|kind| markup.error(kind))?;
            LogPath::Channel(path.to_owned())
        }
    };
    let (mut text, mut map) = (String::new(), SourceMap::default());
    loop {
        match markup.next()? {
            Some(Piece::Text(piece)) => {
                map.push(text.len(), markup.at());
                text.push_str(&piece);
            }
            Some(Piece::Open { name, .. }) => {
                return Err(misplaced(markup, format!("the element {}", shown(&name))));
            }
            Some(Piece::Close) | None => break,
        }
    }
    let xpath =
        XPath::read(&text).map_err(|raw| Raw::new(raw.kind, map.source(raw.at).unwrap_or(markup.at())))?;
    Ok(Selector { path: Some(path), xpath })
}

/// Where the pieces of an unescaped text come from.
#[derive(Default)]
struct SourceMap {
    /// Offset in the text, offset in the document.
    pieces: Vec<(usize, usize)>,
}

impl SourceMap {
    fn push(&mut self, at: usize, source: usize) {
        self.pieces.push((at, source));
    }

    /// Where in the document a place of the text stands.
    fn source(&self, at: usize) -> Option<usize> {
        let behind = self.pieces.partition_point(|(start, _)| *start <= at);
        let (start, source) = self.pieces.get(behind.checked_sub(1)?)?;
        Some(source + (at - start))
    }
}

/// Channels and saved logs cannot be mixed.
fn same_kind(groups: &[Group]) -> Result<(), Raw> {
    let selectors = || groups.iter().flat_map(|group| group.selects.iter().chain(&group.suppresses));
    let files = selectors().filter(|s| matches!(s.path, Some(LogPath::File(_)))).count();
    if files == 0 || files == selectors().count() { Ok(()) } else { Err(Raw::new(ErrorKind::MixedPaths, 0)) }
}
