//! A second, deliberately plain evaluator: a query as its own tree, printed for the library to parse; an event as its
//! own tree, printed as XML for the library to read; and the rules of [MS-EVEN6] 2.2.15 applied to the two
//! by lists of nodes. It shares no code with the library.

use std::fmt;
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

#[derive(Clone, Debug)]
pub struct Element {
    pub name: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: String,
    pub children: Vec<Element>,
}

#[derive(Clone, Debug)]
pub enum Query {
    And(Vec<Query>),
    Or(Vec<Query>),
    Path(Vec<Step>),
    Band(Vec<Step>, u64),
    Compare(Left, &'static str, Right),
}

#[derive(Clone, Debug)]
pub enum Left {
    Path(Vec<Step>),
    Position,
    /// From the node to now.
    Age(Vec<Step>),
    /// From the time to the node.
    Since(&'static str, Vec<Step>),
    Band(Vec<Step>, u64),
}

#[derive(Clone, Debug)]
pub enum Right {
    Number(&'static str),
    Text(&'static str),
}

#[derive(Clone, Debug)]
pub struct Step {
    /// `*`, a name, `text()`, `@*`, or `@` and a name.
    pub test: &'static str,
    pub predicates: Vec<Query>,
}

/// A node as the evaluator passes it around.
#[derive(Clone, Copy)]
enum Node<'e> {
    Document(&'e Element),
    Element { element: &'e Element, in_system: bool },
    Value { text: &'e str, kind: Kind },
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Guid,
    Time,
    Sid,
    Text,
    Unknown,
}

/// Types of the schema's System ([MS-EVEN6] 2.2.13; EVIDENCE.md EVT-17).
fn kind(element: &str, attribute: Option<&str>) -> Kind {
    match (element, attribute) {
        ("EventID" | "Version" | "Level" | "Task" | "Opcode" | "Keywords" | "EventRecordID", None) => {
            Kind::Number
        }
        ("EventID", Some("Qualifiers")) | ("Execution", Some(_)) => Kind::Number,
        ("Provider", Some("Guid")) | ("Correlation", Some(_)) => Kind::Guid,
        ("TimeCreated", Some("SystemTime")) => Kind::Time,
        ("Security", Some("UserID")) => Kind::Sid,
        _ => Kind::Text,
    }
}

fn string(element: &Element) -> String {
    element.text.clone() + &element.children.iter().map(string).collect::<String>()
}

impl Node<'_> {
    fn value(self) -> (String, Kind) {
        match self {
            Node::Document(root) => (string(root), Kind::Unknown),
            Node::Element { element, in_system: true } => (string(element), kind(element.name, None)),
            Node::Element { element, in_system: false } => (string(element), Kind::Unknown),
            Node::Value { text, kind } => (text.to_owned(), kind),
        }
    }
}

fn select<'e>(node: Node<'e>, test: &str) -> Vec<Node<'e>> {
    let Node::Element { element, in_system } = node else {
        return match node {
            Node::Document(root) if matches!(test, "*" | "Event") => {
                vec![Node::Element { element: root, in_system: false }]
            }
            Node::Value { text, .. } if test == "text()" && !text.is_empty() => vec![node],
            _ => Vec::new(),
        };
    };
    let of = |attribute| if in_system { kind(element.name, attribute) } else { Kind::Unknown };
    if test == "text()" {
        let own = Node::Value { text: &element.text, kind: of(None) };
        return if element.text.is_empty() { Vec::new() } else { vec![own] };
    }
    if let Some(name) = test.strip_prefix('@') {
        let named = element.attributes.iter().filter(|(known, _)| name == "*" || *known == name);
        return named.map(|(known, text)| Node::Value { text, kind: of(Some(known)) }).collect();
    }
    let named = element.children.iter().filter(|child| test == "*" || child.name == test);
    named.map(|child| Node::Element { element: child, in_system: element.name == "System" }).collect()
}

pub struct Evaluator {
    pub now: OffsetDateTime,
}

impl Evaluator {
    pub fn matches(&self, query: &Query, event: &Element) -> bool {
        self.holds(query, Node::Document(event), 1)
    }

    fn nodes<'e>(&self, from: Node<'e>, path: &[Step]) -> Vec<Node<'e>> {
        let mut nodes = vec![from];
        for step in path {
            let mut next = Vec::new();
            for node in nodes {
                let mut found = select(node, step.test);
                for predicate in &step.predicates {
                    let numbered = found.into_iter().enumerate();
                    found = numbered
                        .filter(|(n, node)| self.holds(predicate, *node, n + 1))
                        .map(|(_, node)| node)
                        .collect();
                }
                next.extend(found);
            }
            nodes = next;
        }
        nodes
    }

    fn holds(&self, query: &Query, node: Node<'_>, position: usize) -> bool {
        match query {
            Query::And(parts) => !parts.iter().any(|part| !self.holds(part, node, position)),
            Query::Or(parts) => parts.iter().any(|part| self.holds(part, node, position)),
            Query::Path(path) => !self.nodes(node, path).is_empty(),
            Query::Band(path, mask) => self.bits(node, path, *mask).unwrap_or(0) != 0,
            Query::Compare(left, operator, right) => {
                let number = match left {
                    Left::Path(path) => {
                        return self
                            .nodes(node, path)
                            .into_iter()
                            .any(|found| compare(found.value(), operator, right));
                    }
                    Left::Position => Some(position as f64),
                    Left::Band(path, mask) => self.bits(node, path, *mask).map(|bits| bits as f64),
                    Left::Age(path) => {
                        self.time(node, path).map(|time| milliseconds(nanoseconds(self.now) - time))
                    }
                    Left::Since(from, path) => {
                        let from = nanoseconds(OffsetDateTime::parse(from, &Rfc3339).unwrap());
                        self.time(node, path).map(|time| milliseconds(time - from))
                    }
                };
                let (Right::Number(right) | Right::Text(right)) = right;
                match (number, number_of(right)) {
                    (None, _) => false,
                    (Some(_), None) => *operator == "!=",
                    (Some(left), Some(right)) => ordered(operator, left.partial_cmp(&right)),
                }
            }
        }
    }

    fn bits(&self, node: Node<'_>, path: &[Step], mask: u64) -> Option<u64> {
        let (text, _) = self.nodes(node, path).first()?.value();
        Some(natural(&text)? & mask)
    }

    /// In nanoseconds since 1601.
    fn time(&self, node: Node<'_>, path: &[Step]) -> Option<i128> {
        let (text, kind) = self.nodes(node, path).first()?.value();
        // A number may be a FILETIME (EVIDENCE.md EVT-08).
        if matches!(kind, Kind::Number | Kind::Unknown)
            && text.bytes().all(|b| b.is_ascii_digit())
            && let Ok(ticks) = text.parse::<i64>()
        {
            return Some(i128::from(ticks) * 100);
        }
        OffsetDateTime::parse(&text, &Rfc3339).ok().map(nanoseconds)
    }
}

fn nanoseconds(time: OffsetDateTime) -> i128 {
    (time - datetime!(1601-01-01 00:00 UTC)).whole_nanoseconds()
}

fn milliseconds(nanoseconds: i128) -> f64 {
    (nanoseconds / 1_000_000) as f64
}

fn natural(text: &str) -> Option<u64> {
    text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| u64::from_str_radix(digits, 16).ok())
}

fn number_of(text: &str) -> Option<f64> {
    // The generator makes no number that a double cannot hold.
    natural(text)
        .map(|n| n as f64)
        .or_else(|| text.parse().ok().filter(|_| text.contains(|c: char| c.is_ascii_digit())))
}

fn guid(text: &str) -> Option<String> {
    let bare = text.trim_start_matches('{').trim_end_matches('}');
    (bare.len() == 36 && bare.matches('-').count() == 4).then(|| bare.to_lowercase())
}

fn ordered(operator: &str, order: Option<std::cmp::Ordering>) -> bool {
    let Some(order) = order else { return operator == "!=" };
    match operator {
        "=" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => panic!("{operator}"),
    }
}

/// EVIDENCE.md EVT-09 and EVT-10.
fn compare((left, kind): (String, Kind), operator: &str, right: &Right) -> bool {
    let right = match right {
        Right::Number(right) => {
            return ordered(
                operator,
                number_of(&left).and_then(|left| left.partial_cmp(&number_of(right).unwrap())),
            );
        }
        Right::Text(right) => *right,
    };
    let time = |text: &str| OffsetDateTime::parse(text, &Rfc3339).ok();
    let as_guids = guid(&left).zip(guid(right)).map(|(a, b)| a.cmp(&b));
    let as_times = time(&left).zip(time(right)).map(|(a, b)| a.cmp(&b));
    let as_numbers = number_of(&left).zip(number_of(right)).and_then(|(a, b)| a.partial_cmp(&b));
    let typed = match kind {
        Kind::Number => as_numbers,
        Kind::Guid => as_guids,
        Kind::Time => as_times,
        Kind::Sid => Some(left.to_lowercase().cmp(&right.to_lowercase())),
        Kind::Text => None,
        Kind::Unknown => as_guids.or(as_times),
    };
    match (typed, operator) {
        (Some(order), _) => ordered(operator, Some(order)),
        (None, "=") => left == right,
        (None, "!=") => left != right,
        (None, _) => as_numbers.is_some_and(|order| ordered(operator, Some(order))),
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"{}\"", escape(value))?;
        }
        write!(f, ">{}", escape(&self.text))?;
        self.children.iter().try_for_each(|child| write!(f, "{child}"))?;
        write!(f, "</{}>", self.name)
    }
}

struct Path<'q>(&'q [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            write!(f, "{}{}", if n > 0 { "/" } else { "" }, step.test)?;
            step.predicates.iter().try_for_each(|predicate| write!(f, "[{predicate}]"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joined = |parts: &[Query], word: &str| {
            for (n, part) in parts.iter().enumerate() {
                let between = if n > 0 { word } else { "" };
                match part {
                    Query::And(_) | Query::Or(_) => write!(f, "{between}({part})")?,
                    _ => write!(f, "{between}{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Query::And(parts) => joined(parts, " and "),
            Query::Or(parts) => joined(parts, " or "),
            Query::Path(path) => write!(f, "{}", Path(path)),
            Query::Band(path, mask) => write!(f, "band({}, {mask})", Path(path)),
            Query::Compare(left, operator, right) => {
                match left {
                    Left::Path(path) => write!(f, "{}", Path(path))?,
                    Left::Position => write!(f, "position()")?,
                    Left::Age(path) => write!(f, "timediff({})", Path(path))?,
                    Left::Since(from, path) => write!(f, "timediff('{from}', {})", Path(path))?,
                    Left::Band(path, mask) => write!(f, "band({}, {mask})", Path(path))?,
                }
                match right {
                    Right::Number(number) => write!(f, " {operator} {number}"),
                    Right::Text(text) => write!(f, " {operator} '{text}'"),
                }
            }
        }
    }
}
