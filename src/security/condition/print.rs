//! Prints conditions.

use super::{
    binary::Condition,
    token::{Class, Operator, SOURCES, Source, Token, Tokens, operator},
};
use crate::{
    dtyp::WideString,
    security::{
        literal::{Integer, Radix, Sign, can_be_quoted, write_name},
        sid::Sid,
        trustee::Trustee,
    },
};
use std::fmt::{self, Write};

/// A part that remains to be printed.
enum Job {
    /// The part that ends at this token, with or without parentheses.
    Part(usize, bool),
    Text(&'static str),
}

/// A token, and the start of the part that it ends.
struct Node<'a> {
    token: Token<'a>,
    start: usize,
}

impl fmt::Display for Condition {
    /// Formats the condition as SDDL, without the outer and without redundant parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes = self.nodes();
        let mut jobs = vec![Job::Part(nodes.len().wrapping_sub(1), false)];
        while let Some(job) = jobs.pop() {
            match job {
                Job::Text(text) => f.write_str(text)?,
                Job::Part(at, true) => {
                    f.write_char('(')?;
                    jobs.extend([Job::Text(")"), Job::Part(at, false)]);
                }
                Job::Part(at, false) => self.part(at, &nodes, &mut jobs, f)?,
            }
        }
        Ok(())
    }
}

impl Condition {
    fn nodes(&self) -> Vec<Node<'_>> {
        let mut nodes: Vec<Node> = Vec::new();
        for token in self.tokens().checked() {
            let last = nodes.len();
            let start = match &token {
                Token::Operator(operator) => {
                    let right = nodes.last().map_or(last, |node| node.start);
                    match operator.class {
                        Class::Exists | Class::Member | Class::Not => right,
                        _ => nodes.get(right.wrapping_sub(1)).map_or(last, |node| node.start),
                    }
                }
                _ => last,
            };
            nodes.push(Node { token, start });
        }
        nodes
    }

    /// Prints a leaf, or splits an operator into its parts.
    fn part(
        &self,
        at: usize,
        nodes: &[Node],
        jobs: &mut Vec<Job>,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let Some(node) = nodes.get(at) else { return Ok(()) };
        let right = at.wrapping_sub(1);
        let left = nodes.get(right).map_or(right, |node| node.start).wrapping_sub(1);
        let Token::Operator(operator) = node.token else { return self.leaf(&node.token, false, f) };
        let tightness = operator.class.tightness();
        let of = |at: usize| match nodes.get(at).map(|node| node.token) {
            Some(Token::Operator(inner)) => inner.class.tightness(),
            _ => Class::Compare.tightness(),
        };
        match operator.class {
            Class::Not => {
                f.write_char('!')?;
                jobs.push(Job::Part(right, true));
            }
            Class::Exists | Class::Member => {
                write!(f, "{} ", operator.text)?;
                jobs.push(Job::Part(right, false));
            }
            Class::Compare => {
                if let Some(left) = nodes.get(left) {
                    self.leaf(&left.token, false, f)?;
                }
                write!(f, " {} ", operator.text)?;
                if let Some(right) = nodes.get(right) {
                    self.leaf(&right.token, true, f)?;
                }
            }
            Class::And | Class::Or => {
                jobs.push(Job::Part(right, of(right) <= tightness));
                jobs.extend([Job::Text(" "), Job::Text(operator.text), Job::Text(" ")]);
                jobs.push(Job::Part(left, of(left) < tightness));
            }
        }
        Ok(())
    }

    fn leaf(&self, token: &Token, right: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match token {
            Token::Integer(value) => integer(*value, f),
            Token::String(units) => write!(f, "\"{}\"", WideString::from_le_bytes(units)),
            Token::Octets(bytes) => {
                f.write_char('#')?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Token::Sid(..) => write!(f, "SID({})", self.trustee(token)),
            Token::Composite(elements) => self.composite(*elements, f),
            Token::Attribute(source, units) => attribute(*source, units, right, f),
            Token::Operator(Operator { text, .. }) => f.write_str(text),
        }
    }

    fn composite(&self, elements: Tokens, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "{";
        for element in elements.checked() {
            f.write_str(separator)?;
            self.leaf(&element, false, f)?;
            separator = ", ";
        }
        f.write_char('}')
    }

    /// The account that a SID token names.
    pub(super) fn trustee(&self, token: &Token) -> Trustee {
        let Token::Sid(sid, at) = token else { return Trustee::Sid(Sid::NOBODY) };
        let relative = self.relative.binary_search_by_key(at, |(at, _)| *at).ok();
        match relative.and_then(|index| self.relative.get(index)) {
            Some((_, account)) => Trustee::Relative(*account),
            None => Trustee::Sid(*sid),
        }
    }

    /// Whether SDDL can express the condition: strings cannot contain quotation marks, NULs or lone surrogates.
    pub(in crate::security) fn has_sddl(&self) -> bool {
        let sound = |token: &Token| match token {
            Token::String(units) => can_be_quoted(&WideString::from_le_bytes(units)),
            _ => true,
        };
        self.tokens().checked().all(|token| match token {
            Token::Composite(elements) => elements.checked().all(|element| sound(&element)),
            token => sound(&token),
        })
    }
}

fn integer(value: Integer, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match value.sign {
        Sign::Plus => "+",
        Sign::Minus => "-",
        Sign::None => "",
    })?;
    match value.radix {
        Radix::Octal => write!(f, "0{:o}", value.magnitude()),
        Radix::Decimal => write!(f, "{}", value.magnitude()),
        Radix::Hex => write!(f, "{:#x}", value.magnitude()),
    }
}

fn attribute(source: Source, units: &[u8], right: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let prefix = SOURCES.iter().find(|(_, known)| *known == source).map_or("", |(prefix, _)| prefix);
    f.write_str(prefix)?;
    let text = WideString::from_le_bytes(units);
    // A name that would be parsed as something else has its first letter escaped.
    let first = text.units().first().copied().and_then(|unit| u8::try_from(unit).ok()).unwrap_or(0);
    let odd = source == Source::Local
        && (text.to_text().is_ok_and(|text| operator(&text).is_some() || text.eq_ignore_ascii_case("SID"))
            || (right && first.is_ascii_digit()));
    write_name(&text, odd, f)
}
