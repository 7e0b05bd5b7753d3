//! The content of elements: values, children, and unexpected text.

use super::{
    error::Rule,
    reading::{Checked, Frame, Kind, Reading, Stop, is_blank},
    schema::{Complex, Content, Row},
    simple,
    tree::Value,
};
use crate::{
    Profile,
    markup::{self, Characters, Syntax},
};

impl<'t> Reading<'t, '_> {
    /// Reads an element's value; returns whether it is valid for the type.
    pub(super) fn close_value(
        &mut self,
        frame: &Frame<'t>,
        row: &'static Row,
        close: usize,
        reported: usize,
    ) -> Result<bool, Stop> {
        if frame.refused {
            return Ok(false);
        }
        let (open, inside) = (frame.open as usize, frame.inside as usize);
        let raw = if close > open { self.slice(inside, close) } else { "" };
        let plain = frame.plain && !(self.has_carriage_returns && raw.as_bytes().contains(&b'\r'));
        let decoded = if plain { String::new() } else { markup::text_value(raw) };
        // An element with only comments is empty; one with a CDATA section is not.
        let has_section = !frame.plain && raw.contains("<![CDATA[");
        let text = if plain { raw } else { &decoded };
        let text = match row.default {
            Some(default) if text.is_empty() && !has_section => default,
            _ => text,
        };
        let profile = self.options.profile;
        let expected = match row.content {
            Content::Simple(ty) if simple::is_valid(ty, text, profile) => None,
            Content::Simple(ty) => Some(simple::expected(ty, profile)),
            // Elements for days and months have no content; to libxml2, an empty CDATA section is content.
            _ if text.is_empty() && !(has_section && self.is_specification()) => None,
            _ if profile == Profile::Windows && text.chars().all(is_blank) => None,
            _ => Some("empty".to_owned()),
        };
        if let Some(expected) = expected {
            let value = text.to_owned();
            let shown = if close > open { inside } else { open };
            self.violation(
                Rule::Value { value: value.clone(), expected },
                shown,
                reported,
                row.name,
                &value,
            )?;
            return Ok(false);
        }
        let value = if row.default.is_some() && raw.is_empty() {
            Value::Default
        } else if plain {
            Value::Plain { start: frame.inside, end: frame.inside + raw.len() as u32 }
        } else if decoded.is_empty() && row.default.is_some() && !has_section {
            Value::Default
        } else {
            self.tree.decoded.push(decoded);
            Value::Decoded(self.tree.decoded.len() as u32 - 1)
        };
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.value = value;
        }
        Ok(true)
    }

    pub(super) fn close_data(&mut self, frame: &Frame<'t>, reported: usize) -> Checked {
        if self.is_specification() && frame.count == 0 {
            return self.violation(
                Rule::MissingElement { name: "Task" },
                frame.open as usize,
                reported,
                "Task",
                "",
            );
        }
        Ok(())
    }

    /// Checks for missing children of a complex element.
    pub(super) fn close_complex(
        &mut self,
        frame: &Frame<'t>,
        complex: &'static Complex,
        reported: usize,
    ) -> Checked {
        let is_specification = self.is_specification();
        let mut missing = |name: &'static str| {
            self.violation(Rule::MissingElement { name }, frame.open as usize, reported, name, "")
        };
        if let Some((min, _)) = complex.list {
            let first = complex.children.first().map_or("", |row| row.name);
            return if (frame.count as usize) < min { missing(first) } else { Ok(()) };
        }
        let [required, by_text] = complex.required;
        let required = if is_specification { required | by_text } else { required };
        if required & !frame.seen == 0 && (complex.choice == 0 || complex.choice & frame.seen != 0) {
            return Ok(());
        }
        let (mut choice, mut chosen) = (None, false);
        for (index, row) in complex.children.iter().enumerate() {
            let seen = frame.seen >> index & 1 != 0;
            if (row.required || row.required_by_text && is_specification) && !seen {
                missing(row.name)?;
            }
            if row.choice {
                choice = choice.or(Some(row.name));
                chosen |= seen;
            }
        }
        match choice {
            Some(first) if !chosen => missing(first),
            _ => Ok(()),
        }
    }

    pub(super) fn characters(&mut self, at: usize, end: usize, characters: &Characters) -> Checked {
        match (characters, self.stack.last_mut()) {
            (Characters::Blank, _) => Ok(()),
            (_, Some(Frame { kind: Kind::Complex(_) | Kind::Data, .. })) => {
                self.stray_text(at, self.slice(at, end))
            }
            (_, Some(frame)) => {
                frame.plain &= matches!(characters, Characters::Plain);
                Ok(())
            }
            (_, None) => {
                let blanks = self.slice(at, end).find(|c| !is_blank(c)).unwrap_or(0);
                Err(Stop::Syntax(Syntax::Document, at + blanks))
            }
        }
    }

    /// Text between elements, which is blank after its references are resolved, or a violation. Windows accepts any
    /// text in Data.
    pub(super) fn stray_text(&mut self, at: usize, text: &'t str) -> Checked {
        let in_data = matches!(self.stack.last(), Some(Frame { kind: Kind::Data, .. }));
        if in_data && !self.is_specification() {
            return Ok(());
        }
        let value = markup::text_value(text);
        if value.chars().all(is_blank) && !text.starts_with('<') {
            if let Some(frame) = self.stack.last_mut() {
                frame.usual = false;
            }
            return Ok(());
        }
        let start = at + text.find(|c| !is_blank(c)).unwrap_or(0);
        let parent = self.parent_name();
        self.violation(Rule::Text { parent }, start, start, parent, value.trim())?;
        if self.is_forgiving() && !self.finds_a_tag(at, text, None)? {
            self.keep_text(start as u32, (at + text.trim_end_matches(is_blank).len()) as u32);
        }
        Ok(())
    }
}
