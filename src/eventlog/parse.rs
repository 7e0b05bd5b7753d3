//! Parses the XPath of an event query ([MS-EVEN6] 2.2.15; EVIDENCE.md EVT-04).
//!
//! A recursive descent parser with one token of lookahead. A second token is needed where XPath itself requires it:
//! to distinguish a function from a path, an axis from a name, `[2]` from a comparison, and an operator from an
//! element named `and`. There are two scopes. At the top level, paths start with the event, so only paths, `and`,
//! `or` and parentheses can appear; in a predicate, everything can.
//!
//! Three limits bound the cost of a query: the depth of parentheses and predicates, which limits recursion here and
//! in the evaluator; the number of tests, which limits the evaluator's work; and the steps of a path. An invalid
//! expression is rejected with the event log's error for it, at the token where it goes wrong. If the cause is
//! ambiguous, the message names the most likely one: a missing operand before `and`, an operator in upper case, or an
//! entity that was escaped twice.
//!
//! A string on its own is accepted as an operand of `and` and `or`, and is false (EVT-12). As a whole predicate it is
//! an error; so is a number, except for a position such as `[2]`.

use super::{
    compare::{Constant, Number, Operator, time_constant},
    error::{ErrorKind, Raw},
    expression::{Axis, Comparison, Expression, Moment, Operand, Path, Step},
    lexer::{Token, token},
};
use crate::limits;

/// Where an expression appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// At the top level of a query: its paths start with the event.
    Top,
    /// In a predicate: its paths start at a node.
    Predicate,
}

/// An argument of `band`.
enum Bits {
    Mask(u64),
    Of(Path),
}

/// Parses a query, and counts its tests. A path whose predicates contain tests does not count.
pub(super) fn query(text: &str) -> Result<(Expression, usize), Raw> {
    let mut parser = Parser::new(text)?;
    let expression = parser.or(Scope::Top)?;
    parser.end()?;
    Ok((expression, parser.tests))
}

/// Parses a path on its own, as in a value query.
pub(super) fn path(text: &str) -> Result<Path, Raw> {
    let mut parser = Parser::new(text)?;
    let path = parser.path(Scope::Top)?;
    parser.end()?;
    Ok(path)
}

struct Parser<'q> {
    text: &'q str,
    token: Token<'q>,
    /// Where the token starts.
    at: usize,
    /// Where it ends.
    next: usize,
    depth: usize,
    /// Terms of any kind, for the limit.
    terms: usize,
    tests: usize,
}

/// Functions that take a node or a constant.
const FUNCTIONS: &[&str] = &["position", "band", "timediff"];

/// The error for a function or node test that event queries do not support.
#[cold]
fn unsupported(name: &str) -> ErrorKind {
    let node_test = matches!(name, "node" | "comment" | "processing-instruction");
    ErrorKind::Unsupported(format!("{} {name}()", if node_test { "node test" } else { "function" }))
}

/// What is allowed after a test.
const OPERATORS: &str = "and, or, a comparison or the end";

/// What is allowed after a test in a predicate.
const PREDICATE_END: &str = "and, or, a comparison or ]";

impl<'q> Parser<'q> {
    fn new(text: &'q str) -> Result<Self, Raw> {
        let (token, at, next) = token(text, 0)?;
        if token == Token::End {
            return Err(Raw::new(ErrorKind::Empty("the query"), at));
        }
        Ok(Self { text, token, at, next, depth: 0, terms: 0, tests: 0 })
    }

    fn advance(&mut self) -> Result<(), Raw> {
        (self.token, self.at, self.next) = token(self.text, self.next)?;
        Ok(())
    }

    /// The next token.
    fn peek(&self) -> Result<Token<'q>, Raw> {
        token(self.text, self.next).map(|(token, ..)| token)
    }

    fn take(&mut self, symbol: &'static str) -> Result<bool, Raw> {
        let found = self.token == Token::Symbol(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), Raw> {
        if self.take(symbol)? { Ok(()) } else { Err(self.unexpected(symbol)) }
    }

    fn error(&self, kind: ErrorKind) -> Raw {
        Raw::new(kind, self.at)
    }

    #[cold]
    fn unexpected(&self, expected: &'static str) -> Raw {
        self.error(match self.token {
            Token::End => ErrorKind::Ends { expected },
            Token::Symbol(symbol @ ("//" | ".." | "." | "|" | "+" | "-" | "$" | "::")) => {
                ErrorKind::Unsupported(format!("operator {symbol}"))
            }
            Token::Name(name) if name.eq_ignore_ascii_case("and") || name.eq_ignore_ascii_case("or") => {
                ErrorKind::OperatorCase { found: name.to_owned() }
            }
            token => ErrorKind::Unexpected { expected, found: token.shown() },
        })
    }

    fn end(&self) -> Result<(), Raw> {
        if self.token == Token::End { Ok(()) } else { Err(self.unexpected(OPERATORS)) }
    }

    /// Counts a test.
    fn count(&mut self) -> Result<(), Raw> {
        let max = limits::EVENT_QUERY_TERMS;
        self.terms += 1;
        self.tests += 1;
        if self.terms > max { Err(self.error(ErrorKind::TooMany { what: "tests", max })) } else { Ok(()) }
    }

    /// Enters a nested level.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Raw>) -> Result<T, Raw> {
        if self.depth == limits::EVENT_QUERY_DEPTH {
            return Err(self.error(ErrorKind::TooDeep(limits::EVENT_QUERY_DEPTH)));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn or(&mut self, scope: Scope) -> Result<Expression, Raw> {
        self.chain("or", Expression::Or, |parser| {
            parser.chain("and", Expression::And, |parser| parser.term(scope))
        })
    }

    /// Parses one or more parts joined by the same word.
    fn chain(
        &mut self,
        word: &'static str,
        join: fn(Vec<Expression>) -> Expression,
        mut part: impl FnMut(&mut Self) -> Result<Expression, Raw>,
    ) -> Result<Expression, Raw> {
        let first = part(self)?;
        if self.token != Token::Name(word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.token == Token::Name(word) {
            self.advance()?;
            if matches!(self.token, Token::Symbol("]" | ")")) {
                return Err(self.error(ErrorKind::NoOperand { side: "after", operator: word }));
            }
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn term(&mut self, scope: Scope) -> Result<Expression, Raw> {
        if self.take("(")? {
            return self.parentheses(scope);
        }
        self.operand_first(scope)?;
        self.count()?;
        let start = self.at;
        let operand = match self.token {
            Token::Literal(_) if scope == Scope::Predicate && !self.compares()? => {
                self.advance()?;
                return Ok(Expression::Never);
            }
            Token::Literal(_) | Token::Number(_) => return Err(self.constant_first()?),
            Token::Name(name)
                if scope == Scope::Predicate && self.peek()? == Token::Symbol("(") && name != "text" =>
            {
                self.function(name)?
            }
            _ => Operand::Path(self.path(scope)?),
        };
        let operator = match self.token {
            Token::Symbol(symbol) => Operator::from_symbol(symbol),
            _ => None,
        };
        if let Some(operator) = operator {
            self.advance()?;
            let right = self.constant()?;
            self.no_operator()?;
            return Ok(Expression::Compare(Box::new(Comparison { left: operand, operator, right })));
        }
        self.no_operator()?;
        match operand {
            Operand::Path(path) => {
                if path.iter().any(|step| !step.predicates.is_empty()) {
                    self.tests -= 1;
                }
                Ok(Expression::Exists(path))
            }
            Operand::Band(path, mask) => Ok(Expression::Band(path, mask)),
            Operand::Position | Operand::Timediff(..) => Err(Raw::new(ErrorKind::Test, start)),
        }
    }

    fn parentheses(&mut self, scope: Scope) -> Result<Expression, Raw> {
        let inside = self.nested(|parser| parser.or(scope))?;
        self.expect(")")?;
        match self.token {
            Token::Symbol("/" | "[" | "//") => Err(self.error(ErrorKind::Scope)),
            Token::Symbol(symbol) if Operator::from_symbol(symbol).is_some() => {
                Err(self.error(ErrorKind::Argument("a parenthesised expression cannot be compared")))
            }
            _ => self.no_operator().map(|()| inside),
        }
    }

    /// Rejects a second comparison, and arithmetic.
    fn no_operator(&self) -> Result<(), Raw> {
        match self.token {
            Token::Symbol("*") | Token::Name("div" | "mod") => {
                Err(self.error(ErrorKind::Unsupported(format!("operator {}", self.token.shown()))))
            }
            Token::Symbol(symbol) if Operator::from_symbol(symbol).is_some() => {
                Err(self.error(ErrorKind::Argument("the result of a comparison cannot be compared")))
            }
            _ => Ok(()),
        }
    }

    /// Rejects `and` and `or` in place of an operand. As in XPath 1.0 they are names there, unless another operand
    /// follows.
    fn operand_first(&self, scope: Scope) -> Result<(), Raw> {
        let operator = match self.token {
            Token::Name("and") => "and",
            Token::Name("or") => "or",
            _ => return Ok(()),
        };
        match self.peek()? {
            Token::Name("and" | "or") => Ok(()),
            Token::Name(_) | Token::Literal(_) | Token::Number(_) | Token::Symbol("(" | "@") => {
                Err(self.error(ErrorKind::NoOperand { side: "before", operator }))
            }
            Token::Symbol("*") if scope == Scope::Top => {
                Err(self.error(ErrorKind::NoOperand { side: "before", operator }))
            }
            _ => Ok(()),
        }
    }

    /// Whether a comparison operator follows.
    fn compares(&self) -> Result<bool, Raw> {
        Ok(matches!(self.peek()?, Token::Symbol(symbol) if Operator::from_symbol(symbol).is_some()))
    }

    /// The error for a constant in place of a node: before an operator, or as a test.
    fn constant_first(&self) -> Result<Raw, Raw> {
        Ok(self.error(if self.compares()? {
            ErrorKind::Argument("the left side of a comparison must be a node")
        } else {
            ErrorKind::Test
        }))
    }

    fn constant(&mut self) -> Result<Constant, Raw> {
        let negative = self.take("-")?;
        let constant = match self.token {
            Token::Literal(text) if !negative => Constant::from_text(text),
            Token::Number(text) => Constant::Number(self.number(text, negative)?),
            Token::Literal(_) => return Err(self.unexpected("a number")),
            Token::End | Token::Symbol(_) => return Err(self.unexpected("a constant")),
            _ => {
                return Err(self.error(ErrorKind::Argument(
                    "the right side of a comparison must be a constant: a number, or text in quotes",
                )));
            }
        };
        self.advance()?;
        Ok(constant)
    }

    fn number(&self, text: &str, negative: bool) -> Result<Number, Raw> {
        let number = if negative { Number::parse(&format!("-{text}")) } else { Number::parse(text) };
        number.ok_or_else(|| self.error(ErrorKind::Argument("the number has more than 64 bits")))
    }

    fn function(&mut self, name: &'q str) -> Result<Operand, Raw> {
        if !FUNCTIONS.contains(&name) {
            return Err(self.error(unsupported(name)));
        }
        self.advance()?;
        self.expect("(")?;
        let operand = match name {
            "position" => Operand::Position,
            "band" => self.band()?,
            _ => self.timediff()?,
        };
        self.expect(")")?;
        Ok(operand)
    }

    /// Parses a node and a mask, in either order.
    fn band(&mut self) -> Result<Operand, Raw> {
        let start = self.at;
        let first = self.bits()?;
        self.expect(",")?;
        match (first, self.bits()?) {
            (Bits::Of(path), Bits::Mask(mask)) | (Bits::Mask(mask), Bits::Of(path)) => {
                Ok(Operand::Band(path, mask))
            }
            _ => Err(Raw::new(ErrorKind::Argument("band() requires a node and a mask"), start)),
        }
    }

    fn bits(&mut self) -> Result<Bits, Raw> {
        let (Token::Number(text) | Token::Literal(text)) = self.token else {
            return self.path(Scope::Predicate).map(Bits::Of);
        };
        match Number::parse(text) {
            Some(Number::Natural(mask)) => {
                self.advance()?;
                Ok(Bits::Mask(mask))
            }
            _ => Err(self.error(ErrorKind::Argument(
                "the mask must be an integer of at most 64 bits, without a sign",
            ))),
        }
    }

    /// Parses the arguments of `timediff`: the time from a node to now, or from the first argument to the second.
    fn timediff(&mut self) -> Result<Operand, Raw> {
        let start = self.at;
        let first = self.moment()?;
        let second = if self.take(",")? { self.moment()? } else { Moment::Now };
        match (&first, &second) {
            (Moment::Of(_), Moment::Now | Moment::At(_)) | (Moment::At(_), Moment::Of(_)) => {
                Ok(Operand::Timediff(first, second))
            }
            _ => Err(Raw::new(
                ErrorKind::Argument("timediff() requires a node and at most one constant"),
                start,
            )),
        }
    }

    fn moment(&mut self) -> Result<Moment, Raw> {
        let Token::Literal(text) = self.token else { return self.path(Scope::Predicate).map(Moment::Of) };
        let time = time_constant(text);
        let time = time.ok_or_else(|| {
            self.error(ErrorKind::Argument("the time must have the form YYYY-MM-DDThh:mm:ss.fffZ"))
        })?;
        self.advance()?;
        Ok(Moment::At(time))
    }

    fn path(&mut self, scope: Scope) -> Result<Path, Raw> {
        if scope == Scope::Top {
            self.selects_the_event()?;
        }
        // Most paths have one step.
        let mut steps = vec![self.step()?];
        loop {
            let axis = steps.last().map_or(Axis::Child, |step| step.axis);
            match self.token {
                Token::Symbol("/") if axis == Axis::Attribute => {
                    return Err(self.error(ErrorKind::NotElements("an attribute")));
                }
                Token::Symbol("/") if axis == Axis::Text => {
                    return Err(self.error(ErrorKind::NotElements("a text")));
                }
                Token::Symbol("/") => {}
                Token::Symbol("//" | "|" | "+" | "-") => return Err(self.unexpected(OPERATORS)),
                _ => return Ok(steps),
            }
            if steps.len() == limits::EVENT_QUERY_STEPS {
                let max = limits::EVENT_QUERY_STEPS;
                return Err(self.error(ErrorKind::TooMany { what: "steps", max }));
            }
            self.advance()?;
            steps.push(self.step()?);
        }
    }

    /// Rejects a selector that does not start with the event.
    fn selects_the_event(&self) -> Result<(), Raw> {
        match self.token {
            Token::Symbol("*") | Token::Name("Event") => Ok(()),
            Token::Symbol("/") => Err(self.error(ErrorKind::Unsupported("absolute path".to_owned()))),
            Token::Symbol("@") => Err(self.error(ErrorKind::NotEvent("an attribute".to_owned()))),
            Token::Name(name) if self.peek()? == Token::Symbol("(") => {
                Err(self.error(if FUNCTIONS.contains(&name) {
                    ErrorKind::NotEvent(format!("{name}()"))
                } else {
                    unsupported(name)
                }))
            }
            // The axis is checked together with the step.
            Token::Name("child") if self.peek()? == Token::Symbol("::") => Ok(()),
            Token::Name(name) => Err(self.error(ErrorKind::NotEvent(name.to_owned()))),
            _ => Err(self.unexpected("* or Event")),
        }
    }

    fn step(&mut self) -> Result<Step, Raw> {
        let mut axis = self.axis()?;
        let name = match self.token {
            Token::Symbol("*") => None,
            Token::Name(name) if self.peek()? == Token::Symbol("(") => {
                if axis == Axis::Attribute {
                    return Err(
                        self.error(ErrorKind::Unsupported(format!("node test {name}() for attributes")))
                    );
                }
                if FUNCTIONS.contains(&name) {
                    return Err(self.error(ErrorKind::Unsupported(format!("step {name}()"))));
                }
                if name != "text" {
                    return Err(self.error(unsupported(name)));
                }
                axis = Axis::Text;
                self.advance()?;
                self.advance()?;
                if self.token != Token::Symbol(")") {
                    return Err(self.unexpected(")"));
                }
                None
            }
            Token::Name(name) => Some(name.into()),
            Token::Symbol("/") => {
                return Err(self.error(ErrorKind::Unsupported("absolute path".to_owned())));
            }
            _ => return Err(self.unexpected("a name or *")),
        };
        self.advance()?;
        if self.token == Token::Symbol(":") {
            return Err(self.error(ErrorKind::Unsupported("namespace prefix".to_owned())));
        }
        let mut predicates = Vec::new();
        while self.take("[")? {
            predicates.reserve_exact(usize::from(predicates.is_empty()));
            predicates.push(self.nested(Self::predicate)?);
            if !self.take("]")? {
                return Err(self.unexpected(PREDICATE_END));
            }
        }
        Ok(Step { axis, name, predicates })
    }

    fn axis(&mut self) -> Result<Axis, Raw> {
        if self.take("@")? {
            return Ok(Axis::Attribute);
        }
        let Token::Name(name) = self.token else { return Ok(Axis::Child) };
        if self.peek()? != Token::Symbol("::") {
            return Ok(Axis::Child);
        }
        let axis = match name {
            "child" => Axis::Child,
            "attribute" => Axis::Attribute,
            other => return Err(self.error(ErrorKind::Unsupported(format!("axis {other}")))),
        };
        self.advance()?;
        self.advance()?;
        Ok(axis)
    }

    /// Parses a test, or a position on its own.
    fn predicate(&mut self) -> Result<Expression, Raw> {
        match self.token {
            Token::Number(text) if self.peek()? == Token::Symbol("]") => {
                let right = Constant::Number(self.number(text, false)?);
                self.advance()?;
                self.count()?;
                let position = Comparison { left: Operand::Position, operator: Operator::Equal, right };
                Ok(Expression::Compare(Box::new(position)))
            }
            _ => {
                let start = self.at;
                match self.or(Scope::Predicate)? {
                    Expression::Never => Err(Raw::new(ErrorKind::Test, start)),
                    test => Ok(test),
                }
            }
        }
    }
}
