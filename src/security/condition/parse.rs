//! Parses conditions.

use super::{
    binary::Condition,
    token::{
        COMPOSITE, Class, OCTETS, OPERATORS, Operator, SID, SOURCES, STRING, Source, operator, write_integer,
    },
};
use crate::{
    limits,
    security::{
        cursor::Cursor,
        error::{Error, ErrorKind, Step, Within},
        literal::{integer, name, octets, quoted},
        sid::Sid,
        trustee::{RelativeSid, Trustee},
    },
};
use std::str::FromStr;

/// An operator waiting for its right operand, or an open parenthesis.
#[derive(Clone, Copy)]
enum Pending {
    /// With the depth that it adds.
    Open(usize),
    Operator(&'static Operator),
}

/// The depth that a negation adds: the negation and the parentheses around its operand.
const NEGATION: usize = 2;

/// Emits tokens while parsing: operands immediately, operators once their operands are complete.
#[derive(Default)]
struct Builder {
    code: Vec<u8>,
    relative: Vec<(usize, RelativeSid)>,
    pending: Vec<Pending>,
    /// The depth of pending parentheses and negations.
    depth: usize,
}

impl Condition {
    /// Parses an expression up to an unmatched closing parenthesis or the end.
    pub(in crate::security) fn parse(cursor: &mut Cursor) -> Step<Self> {
        let mut builder = Builder::default();
        loop {
            builder.openings(cursor)?;
            builder.term(cursor)?;
            if !builder.closings(cursor)? {
                let Builder { code, relative, .. } = builder;
                return Ok(Self { code, relative });
            }
        }
    }
}

impl FromStr for Condition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text);
        let whole = Self::parse(&mut cursor).and_then(|condition| match cursor.is_done() {
            true => Ok(condition),
            false => Err(cursor.fault(ErrorKind::Expected("an operator"))),
        });
        whole.within("condition").map_err(|fault| fault.in_text(text))
    }
}

impl Builder {
    /// Parses parentheses and negations before a term.
    fn openings(&mut self, cursor: &mut Cursor) -> Step<()> {
        loop {
            cursor.blank();
            let negation = OPERATORS.iter().find(|o| o.class == Class::Not && cursor.take(o.text));
            let pending = match negation {
                Some(operator) => Pending::Operator(operator),
                None if cursor.take_byte(b'(') => {
                    let negated =
                        matches!(self.pending.last(), Some(Pending::Operator(o)) if o.class == Class::Not);
                    Pending::Open(usize::from(!negated))
                }
                None => return Ok(()),
            };
            self.depth += match pending {
                Pending::Open(depth) => depth,
                Pending::Operator(_) => NEGATION,
            };
            if self.depth > limits::CONDITION_DEPTH {
                return Err(cursor.fault(ErrorKind::TooDeep));
            }
            self.pending.push(pending);
        }
    }

    /// Parses closing parentheses and an operator after a term. Returns whether another term must follow.
    fn closings(&mut self, cursor: &mut Cursor) -> Step<bool> {
        loop {
            self.write(|operator| operator.class == Class::Not);
            cursor.blank();
            if cursor.peek() == Some(b')') && self.pending.iter().any(|p| matches!(p, Pending::Open(_))) {
                self.write(|_| true);
                if let Some(Pending::Open(depth)) = self.pending.pop() {
                    self.depth -= depth;
                }
                cursor.take_byte(b')');
                continue;
            }
            let found =
                OPERATORS.iter().find(|o| matches!(o.class, Class::And | Class::Or) && cursor.take(o.text));
            let Some(found) = found else { break };
            self.write(|before| before.class.tightness() >= found.class.tightness());
            self.pending.push(Pending::Operator(found));
            return Ok(true);
        }
        self.write(|_| true);
        match self.pending.last() {
            None => Ok(false),
            Some(_) => Err(cursor.fault(ErrorKind::Expected("an operator or a closing parenthesis"))),
        }
    }

    /// Emits the ready operators that are pending since the last parenthesis.
    fn write(&mut self, ready: impl Fn(&Operator) -> bool) {
        while let Some(&Pending::Operator(operator)) = self.pending.last()
            && ready(operator)
        {
            self.code.push(operator.code);
            if operator.class == Class::Not {
                self.depth -= NEGATION;
            }
            self.pending.pop();
        }
    }

    /// A comparison, an existence or membership test, or a bare attribute.
    fn term(&mut self, cursor: &mut Cursor) -> Step<()> {
        cursor.blank();
        let mut ahead = *cursor;
        match operator(word(&mut ahead)) {
            Some(question) if matches!(question.class, Class::Exists | Class::Member) => {
                *cursor = ahead;
                cursor.blank();
                if question.class == Class::Exists { self.attribute(cursor) } else { self.sids(cursor) }?;
                self.code.push(question.code);
            }
            _ => {
                self.attribute(cursor)?;
                if let Some(comparison) = comparison(cursor) {
                    self.right(cursor)?;
                    self.code.push(comparison.code);
                }
            }
        }
        self.check_size(cursor)
    }

    fn attribute(&mut self, cursor: &mut Cursor) -> Step<()> {
        let source =
            SOURCES.iter().find(|(prefix, _)| cursor.take(prefix)).map_or(Source::Local, |(_, s)| *s);
        let name = match cursor.peek() {
            Some(b'@') if source == Source::Local => Vec::new(),
            _ => name(cursor, source == Source::Local)?,
        };
        if name.is_empty() {
            return Err(cursor.fault(ErrorKind::Expected("an attribute")));
        }
        self.code.push(source as u8);
        self.sized(name.into_iter().flat_map(u16::to_le_bytes));
        Ok(())
    }

    /// The right side of a comparison: an attribute, a literal or a list of literals.
    fn right(&mut self, cursor: &mut Cursor) -> Step<()> {
        cursor.blank();
        match cursor.peek() {
            Some(b'{') => self.composite(cursor, Self::literal),
            _ if self.try_literal(cursor)? => Ok(()),
            _ => self.attribute(cursor),
        }
    }

    /// The operand of a membership test: a SID or a list of SIDs.
    fn sids(&mut self, cursor: &mut Cursor) -> Step<()> {
        match cursor.peek() {
            Some(b'{') => self.composite(cursor, Self::sid),
            _ => self.sid(cursor),
        }
    }

    fn composite(
        &mut self,
        cursor: &mut Cursor,
        element: impl Fn(&mut Self, &mut Cursor) -> Step<()>,
    ) -> Step<()> {
        cursor.take_spaced(b'{');
        self.code.push(COMPOSITE);
        let at = self.code.len();
        self.code.extend([0; 4]);
        loop {
            element(self, cursor)?;
            self.check_size(cursor)?;
            if !cursor.take_spaced(b',') {
                break;
            }
        }
        cursor.need(b'}')?;
        let size = self.code.len() - at - 4;
        if let Some(place) = self.code.get_mut(at..).and_then(|code| code.first_chunk_mut()) {
            *place = length(size);
        }
        Ok(())
    }

    fn literal(&mut self, cursor: &mut Cursor) -> Step<()> {
        if self.try_literal(cursor)? { Ok(()) } else { Err(cursor.fault(ErrorKind::Expected("a value"))) }
    }

    fn try_literal(&mut self, cursor: &mut Cursor) -> Step<bool> {
        match cursor.peek() {
            Some(b'"') => self.string(cursor)?,
            Some(b'#') => {
                cursor.take_byte(b'#');
                let octets = octets(cursor);
                self.code.push(OCTETS);
                self.sized(octets);
            }
            Some(b'0'..=b'9' | b'+' | b'-') => write_integer(integer(cursor)?, &mut self.code),
            _ if is_sid(*cursor) => self.sid(cursor)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn string(&mut self, cursor: &mut Cursor) -> Step<()> {
        let text = quoted(cursor)?;
        self.code.push(STRING);
        self.sized(text.encode_utf16().flat_map(u16::to_le_bytes));
        Ok(())
    }

    fn sid(&mut self, cursor: &mut Cursor) -> Step<()> {
        if !is_sid(*cursor) {
            return Err(cursor.fault(ErrorKind::Expected("SID(")));
        }
        cursor.take("SID");
        cursor.need(b'(')?;
        let trustee = Trustee::parse(cursor)?;
        cursor.need(b')')?;
        let sid = match trustee {
            Trustee::Sid(sid) => Some(sid),
            Trustee::Relative(account) => {
                self.relative.push((self.code.len(), account));
                Sid::new(5, &[21, 0, 0, 0, account.rid()])
            }
        };
        self.code.push(SID);
        self.sized(sid.map(|sid| sid.to_bytes()).unwrap_or_default());
        Ok(())
    }

    /// Emits a length and the bytes.
    fn sized(&mut self, bytes: impl IntoIterator<Item = u8>) {
        let at = self.code.len();
        self.code.extend([0; 4]);
        self.code.extend(bytes);
        let size = self.code.len() - at - 4;
        if let Some(place) = self.code.get_mut(at..).and_then(|code| code.first_chunk_mut()) {
            *place = length(size);
        }
    }

    fn check_size(&self, cursor: &Cursor) -> Step<()> {
        if self.code.len() > limits::ACL_BYTES {
            let kind = ErrorKind::TooLarge { what: "condition", max: limits::ACL_BYTES };
            return Err(cursor.fault(kind));
        }
        Ok(())
    }
}

/// A length as a 32-bit field; the content of an ACE is always shorter.
fn length(size: usize) -> [u8; 4] {
    u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes()
}

fn is_sid(mut cursor: Cursor) -> bool {
    cursor.take("SID") && cursor.take_spaced(b'(')
}

/// A name, or an operator with the form of a name.
fn word<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    cursor.take_while(|b| b.is_ascii_alphanumeric() || b":./_%".contains(&b))
}

fn comparison(cursor: &mut Cursor) -> Option<&'static Operator> {
    cursor.blank();
    let mut ahead = *cursor;
    let found = match operator(word(&mut ahead)) {
        Some(named) => named,
        None => {
            ahead = *cursor;
            OPERATORS.iter().find(|o| o.class == Class::Compare && ahead.take(o.text))?
        }
    };
    let comparison = Some(found).filter(|found| found.class == Class::Compare)?;
    *cursor = ahead;
    Some(comparison)
}
