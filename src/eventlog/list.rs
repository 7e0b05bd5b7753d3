//! Reads a QueryList ([MS-EVEN6] 2.2.16; EVIDENCE.md EVT-01, EVT-02).

use super::{
    error::{ErrorKind, Raw, check_size, shown},
    selector::{Group, LogPath, Selector, Target, XPath},
};
use crate::markup::pieces::{Bounds, Piece, Pieces, Tag};
use std::borrow::Cow;

/// The limits on elements and attributes. A list is three levels deep, and a `Query` has three attributes.
const BOUNDS: Bounds = Bounds { depth: 8, attributes: 8 };

/// Validates a channel path.
pub(super) type Check<'c> = &'c dyn Fn(&str) -> Result<(), ErrorKind>;

/// Reads the queries of a list.
pub(super) fn read(text: &str, check: Check<'_>) -> Result<Vec<Group>, Raw> {
    check_size(text)?;
    let mut reader = List { pieces: Pieces::new(text, BOUNDS), check };
    let mut groups = Vec::new();
    if let Some(Piece::Open(list)) = reader.pieces.next()? {
        let start = reader.pieces.at();
        reader.expect(&list, "QueryList")?;
        Attributes::of(&list)?.none_left(start)?;
        while let Some(query) = reader.child()? {
            reader.expect(&query, "Query")?;
            groups.push(reader.group(&query)?);
        }
        if groups.is_empty() {
            return Err(Raw::new(ErrorKind::Empty("QueryList"), start));
        }
    }
    // The root must be the last element.
    while reader.pieces.next()?.is_some() {}
    same_kind(&groups)?;
    Ok(groups)
}

struct List<'t> {
    pieces: Pieces<'t>,
    check: Check<'t>,
}

impl<'t> List<'t> {
    fn error(&self, kind: ErrorKind) -> Raw {
        Raw::new(kind, self.pieces.at())
    }

    fn misplaced(&self, what: String) -> Raw {
        self.error(ErrorKind::Misplaced { what })
    }

    fn unexpected(&self, tag: &Tag<'_>) -> Raw {
        self.misplaced(format!("element {}", shown(tag.name())))
    }

    fn expect(&self, tag: &Tag<'_>, expected: &str) -> Result<(), Raw> {
        if tag.name() == expected { Ok(()) } else { Err(self.unexpected(tag)) }
    }

    /// The next child of the open element; `None` at its end.
    fn child(&mut self) -> Result<Option<Tag<'t>>, Raw> {
        loop {
            match self.pieces.next()? {
                Some(Piece::Open(tag)) => return Ok(Some(tag)),
                Some(Piece::Text(text)) if text.trim().is_empty() => {}
                Some(Piece::Text(_) | Piece::Character(_)) => return Err(self.misplaced("text".to_owned())),
                Some(Piece::Close) | None => return Ok(None),
            }
        }
    }

    /// Reads a `Query`.
    fn group(&mut self, query: &Tag<'_>) -> Result<Group, Raw> {
        let start = self.pieces.at();
        let value =
            |attribute, value: &str| Raw::new(ErrorKind::Value { attribute, value: shown(value) }, start);
        let mut attributes = Attributes::of(query)?;
        let id =
            attributes.take("Id").map(|id| id.trim().parse().map_err(|_| value("Id", &id))).transpose()?;
        let target = attributes.take("Target").map(|target| match &*target {
            "Container" => Ok(Target::Container),
            "Host" => Ok(Target::Host),
            "Both" => Ok(Target::Both),
            other => Err(value("Target", other)),
        });
        let target = target.transpose()?;
        let path = attributes.take("Path");
        attributes.none_left(start)?;
        let mut group = Group { id, target, selects: Vec::new(), suppresses: Vec::new() };
        while let Some(tag) = self.child()? {
            let selectors = match tag.name() {
                "Select" => &mut group.selects,
                "Suppress" => &mut group.suppresses,
                _ => return Err(self.unexpected(&tag)),
            };
            selectors.push(self.selector(&tag, path.as_deref())?);
        }
        if group.selects.is_empty() && group.suppresses.is_empty() {
            return Err(Raw::new(ErrorKind::Empty("Query"), start));
        }
        Ok(group)
    }

    /// Reads a `Select` or a `Suppress`. The default path is that of its query.
    fn selector(&mut self, tag: &Tag<'_>, default: Option<&str>) -> Result<Selector, Raw> {
        let mut attributes = Attributes::of(tag)?;
        let path = attributes.take("Path");
        attributes.none_left(self.pieces.at())?;
        let path = path.as_deref().or(default).map(str::trim).filter(|path| !path.is_empty());
        let path = path.ok_or_else(|| self.error(ErrorKind::NoPath))?;
        let path = match path.strip_prefix("file://") {
            Some(file) => LogPath::File(file.to_owned()),
            None => {
                (self.check)(path).map_err(|kind| self.error(kind))?;
                LogPath::Channel(path.to_owned())
            }
        };
        let (mut text, mut map) = (String::new(), SourceMap::default());
        loop {
            let at = self.pieces.next()?;
            map.push(text.len(), self.pieces.at());
            match at {
                Some(Piece::Text(piece)) => text.push_str(&piece),
                Some(Piece::Character(c)) => text.push(c),
                Some(Piece::Open(tag)) => return Err(self.unexpected(&tag)),
                Some(Piece::Close) | None => break,
            }
        }
        let xpath = XPath::read(&text).map_err(|raw| Raw::new(raw.kind, map.source(raw.at)))?;
        Ok(Selector { path: Some(path), xpath })
    }
}

/// The unused attributes of an element.
struct Attributes<'t>(Vec<(&'t str, Cow<'t, str>)>);

impl<'t> Attributes<'t> {
    fn of(tag: &'t Tag<'_>) -> Result<Self, Raw> {
        Ok(Self(tag.attributes().collect::<Result<_, _>>()?))
    }

    fn take(&mut self, name: &str) -> Option<Cow<'t, str>> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Rejects unused attributes.
    fn none_left(&self, at: usize) -> Result<(), Raw> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                Err(Raw::new(ErrorKind::Misplaced { what: format!("attribute {}", shown(name)) }, at))
            }
        }
    }
}

/// Maps offsets in an unescaped text to the document.
#[derive(Default)]
struct SourceMap {
    /// Offset in the text, and offset in the document.
    pieces: Vec<(usize, usize)>,
}

impl SourceMap {
    fn push(&mut self, at: usize, source: usize) {
        self.pieces.push((at, source));
    }

    /// Converts an offset in the text to an offset in the document.
    fn source(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        let (start, source) =
            after.checked_sub(1).and_then(|n| self.pieces.get(n)).copied().unwrap_or_default();
        source + (at - start)
    }
}

/// Channels and saved logs cannot be mixed.
fn same_kind(groups: &[Group]) -> Result<(), Raw> {
    let selectors = || groups.iter().flat_map(|group| group.selects.iter().chain(&group.suppresses));
    let files = selectors().filter(|s| matches!(s.path, Some(LogPath::File(_)))).count();
    if files == 0 || files == selectors().count() { Ok(()) } else { Err(Raw::new(ErrorKind::MixedPaths, 0)) }
}
