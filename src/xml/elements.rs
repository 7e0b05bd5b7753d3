//! The meaning of elements, depending on their parent.

use super::{
    error::Rule,
    reading::{Frame, Kind, Reading, Stop},
    schema::{Complex, Content, Row},
    table::{NAMESPACE, ROOT},
};
use crate::markup::{self, Syntax};

impl<'t> Reading<'t, '_> {
    /// Determines what an element is under the open element; `foreign` is its namespace if it is another one.
    #[inline]
    pub(super) fn classify(
        &mut self,
        at: usize,
        local: &'t str,
        foreign: Option<&str>,
    ) -> Result<Kind, Stop> {
        match self.stack.last() {
            None => self.root(at, local, foreign),
            Some(&Frame { kind: Kind::Complex(complex), .. }) => self.child(at, local, foreign, complex),
            Some(&Frame { kind, .. }) => self.stray_element(at, local, foreign, kind),
        }
    }

    /// An element with a prefix or another namespace.
    pub(super) fn classify_named(&mut self, at: usize, name: &'t str) -> Result<Kind, Stop> {
        if !self.named(at, name)? {
            return Ok(Kind::Skipped);
        }
        let Some((local, namespace)) = self.namespaces.element(name) else {
            self.syntax(Syntax::Prefix, at + 1, "")?;
            return self.classify(at, markup::split_prefix(name).map_or(name, |(_, local)| local), None);
        };
        let foreign = Some(namespace).filter(|namespace| namespace != NAMESPACE);
        self.classify(at, local, foreign.as_deref())
    }

    /// The root: its name is checked before its namespace (EVIDENCE.md XML-05).
    fn root(&mut self, at: usize, local: &str, foreign: Option<&str>) -> Result<Kind, Stop> {
        if local != ROOT.name {
            if !self.named(at, local)? {
                return Ok(Kind::Skipped);
            }
            self.violation(Rule::Root { found: local.into() }, at, at + 1, local, "")?;
            return Ok(Kind::Skipped);
        }
        if let Some(found) = foreign {
            self.violation(Rule::Namespace { found: found.into() }, at, at + 1, local, found)?;
            self.root_namespace = Some(found.to_owned());
        }
        self.push_node(&ROOT, 0, at);
        let Content::Complex(complex) = ROOT.content else { return Ok(Kind::Skipped) };
        Ok(Kind::Complex(complex))
    }

    /// Counts a child of the open element.
    #[inline]
    pub(super) fn count(&mut self, complex: &Complex, index: usize) {
        let in_sequence = complex.ordered && self.is_specification();
        let Some(frame) = self.stack.last_mut() else { return };
        let child = 1 << index;
        frame.seen |= child;
        frame.count += 1;
        match complex.list {
            Some((_, max)) if (frame.count as usize) < max => {}
            Some(_) => frame.ready = 0,
            None => {
                let others = if child & complex.choice == 0 { child } else { complex.choice };
                frame.ready &= !(others | if in_sequence { child - 1 } else { 0 });
            }
        }
        let place = complex.client_places.get(index).copied().unwrap_or_default();
        frame.in_order &= complex.list.is_some() || place >= frame.next_place;
        frame.next_place = place.saturating_add(1);
    }

    /// An element under a parent that has child elements.
    fn child(
        &mut self,
        at: usize,
        local: &'t str,
        foreign: Option<&str>,
        complex: &'static Complex,
    ) -> Result<Kind, Stop> {
        // In a document with the wrong namespace, which a forgiving walk continues to read, that namespace is not
        // foreign.
        if let Some(found) = foreign.filter(|found| self.root_namespace.as_deref() != Some(*found)) {
            self.violation(Rule::Namespace { found: found.into() }, at, at + 1, local, found)?;
            return Ok(Kind::Skipped);
        }
        let found = complex.find(local.as_bytes());
        let Some((index, row)) = found.filter(|(_, row)| !(row.windows_only && self.is_specification()))
        else {
            if !self.named(at, local)? {
                return Ok(Kind::Skipped);
            }
            let rule = Rule::UnknownElement { name: local.into(), parent: self.parent_name() };
            self.violation(rule, at, at + 1, local, "")?;
            return Ok(Kind::Skipped);
        };
        if !self.occurrence(at, complex, row, index)? {
            return Ok(Kind::Skipped);
        }
        if let Some(stated) = self.version
            && !stated.has(row.since)
        {
            let rule = Rule::Version { name: row.name, since: row.since, stated };
            self.violation(rule, at, at + 1, row.name, "")?;
        }
        self.count(complex, index);
        self.push_node(row, index, at);
        Ok(match row.content {
            Content::Simple(_) => Kind::Simple(row),
            Content::Complex(complex) => Kind::Complex(complex),
            Content::Marker => Kind::Marker(row),
            Content::Data => Kind::Data,
        })
    }

    /// An element where none is expected.
    fn stray_element(
        &mut self,
        at: usize,
        local: &str,
        foreign: Option<&str>,
        parent: Kind,
    ) -> Result<Kind, Stop> {
        if !self.named(at, local)? {
            if matches!(parent, Kind::Simple(_) | Kind::Marker(_)) {
                self.refuse();
            }
            return Ok(Kind::Skipped);
        }
        match parent {
            Kind::Simple(row) | Kind::Marker(row) => {
                self.refuse();
                let rule = Rule::UnknownElement { name: local.into(), parent: row.name };
                self.violation(rule, at, at + 1, local, "")?;
                Ok(Kind::Skipped)
            }
            // An element that contains the task, such as Tasks.
            Kind::Skipped if self.tree.nodes.is_empty() && local == ROOT.name => {
                self.root(at, local, foreign)
            }
            Kind::Data if self.is_specification() => self.wildcard(at, local, foreign),
            _ => Ok(Kind::Skipped),
        }
    }

    /// Whether the open element can have another element of this row.
    fn occurrence(
        &mut self,
        at: usize,
        complex: &'static Complex,
        row: &'static Row,
        index: usize,
    ) -> Result<bool, Stop> {
        let Some(&Frame { seen, count, .. }) = self.stack.last() else { return Ok(false) };
        let rule = if let Some((_, max)) = complex.list {
            let too_many = count as usize >= max;
            too_many.then(|| Rule::TooMany { name: row.name, parent: self.parent_name(), max })
        } else if seen >> index & 1 != 0 {
            Some(Rule::Duplicate { name: row.name })
        } else if row.choice && seen & complex.choice != 0 {
            let mut others = complex.children.iter().enumerate().filter(|(i, _)| seen >> i & 1 != 0);
            let other = others.find(|(_, other)| other.choice).map(|(_, other)| other.name);
            other.map(|other| Rule::Choice { name: row.name, other })
        } else {
            None
        };
        if let Some(rule) = rule {
            self.violation(rule, at, at + 1, row.name, "")?;
            return Ok(false);
        }
        if complex.ordered && seen >> index != 0 && self.is_specification() {
            let last = 31usize.saturating_sub(seen.leading_zeros() as usize);
            let other = complex.children.get(last).map_or("", |other| other.name);
            self.violation(Rule::Order { name: row.name, other }, at, at + 1, row.name, "")?;
        }
        Ok(true)
    }

    /// The strict content of Data in 2.5.5: one globally declared element of the schema, which is Task.
    fn wildcard(&mut self, at: usize, local: &str, foreign: Option<&str>) -> Result<Kind, Stop> {
        let first = self.stack.last_mut().is_some_and(|frame| {
            frame.count += 1;
            frame.count == 1
        });
        if first && local == ROOT.name && foreign.is_none() {
            self.push_node(&ROOT, 0, at);
            let Content::Complex(complex) = ROOT.content else { return Ok(Kind::Skipped) };
            return Ok(Kind::Complex(complex));
        }
        let rule = Rule::UnknownElement { name: local.into(), parent: "Data" };
        self.violation(rule, at, at + 1, local, "")?;
        Ok(Kind::Skipped)
    }
}
