//! The file as a whole.

use super::{
    check::{check, shown},
    element::{At, Attribute, Element, Node, Origin},
    finding::{Error, ErrorKind, Finding, FindingKind, Findings},
    item::Item,
    parse::{Parts, parse},
    table::{Field, Owner},
    value::{ItemKind, ROOT_CLASS_ID, TriggerType, Value},
};
use crate::{
    error::{LineCounter, Place, Position},
    finding::Severity,
    limits,
    markup::{self, Encoding, Salvaged, Syntax, Text},
};
use std::fmt;
use zeroize::Zeroizing;

/// The file ScheduledTasks.xml. Everything that is not an item is preserved as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct ScheduledTasks {
    prolog: String,
    root: Element,
    epilog: String,
    encoding: Encoding,
    bom: bool,
}

/// The result of [`recover`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The readable part. `None` if there is neither a root element nor an item.
    pub policy: Option<ScheduledTasks>,
    /// All findings.
    pub findings: Findings,
}

impl ScheduledTasks {
    /// Creates a file without items, as the editor writes it.
    #[must_use]
    pub fn new() -> Self {
        let mut root = Element::new("ScheduledTasks");
        root.attributes.push(Attribute::new(Field::ClassId.name(), ROOT_CLASS_ID));
        root.empty = false;
        Self {
            prolog: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n".to_owned(),
            root,
            epilog: "\r\n".to_owned(),
            encoding: Encoding::Utf8,
            bom: false,
        }
    }

    /// Reads a file. The definitions in items are not checked; see [`definition`](super::definition).
    ///
    /// # Errors
    /// The first syntax error, or otherwise the first violation in document order.
    ///
    /// ```
    /// use wintask::gpp::ScheduledTasks;
    ///
    /// let file = "<ScheduledTasks clsid='{CC63F200-7309-4ba0-B154-A71CD118DBCC}'>\n<TaskV3/></ScheduledTask>";
    /// let error = ScheduledTasks::read(file.as_bytes()).unwrap_err();
    /// assert_eq!(error.to_string(), "2:10: the end tag does not match the open element");
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let text = Text::decode(bytes);
        let mut lines = LineCounter::new(&text.text);
        let mut error = |kind: ErrorKind, offset: usize, path: String| {
            let place = Place::text(lines.position(offset), path);
            let at = place.offset().unwrap_or_default();
            Error::new(kind, place.with_offset(text.byte_offset(at)))
        };
        let mut first = unreadable(&text);
        let parts = match first {
            None => parse(&text.text, &mut |syntax, at| {
                first = Some((syntax, at));
                false
            }),
            Some(_) => None,
        };
        if let Some((syntax, at)) = first {
            let kind = markup::not_xml(bytes, syntax)
                .map_or_else(|| unreadable_as(syntax, &text.text), ErrorKind::NotXml);
            return Err(error(kind, at, String::new()));
        }
        let Some(Parts { prolog, roots, epilog }) = parts else {
            return Err(error(ErrorKind::Syntax(Syntax::RootElement), 0, String::new()));
        };
        let Some(root) = roots.into_iter().next() else {
            return Err(error(ErrorKind::Syntax(Syntax::RootElement), 0, String::new()));
        };
        let mut violation = None;
        check(&root, true, &mut |kind, at, path| {
            // Checks run almost in document order.
            if let FindingKind::Violation(kind) = kind
                && violation.as_ref().is_none_or(|(_, first, _)| at < *first)
            {
                violation = Some((kind, at, path));
            }
        });
        match violation {
            Some((kind, at, path)) => Err(error(kind, at, path)),
            None => {
                let mut root = root;
                set_origins(&mut root, &mut lines, text.encoding, |offsets| {
                    let (mut known, mut size) = (0, text.byte_offset(0));
                    let in_bytes = |at: &usize| {
                        size += text.encoding.bytes_of(text.text.get(known..*at).unwrap_or_default());
                        known = *at;
                        size
                    };
                    offsets.iter().map(in_bytes).collect()
                });
                Ok(Self { prolog, root, epilog, encoding: text.encoding, bom: has_bom(bytes) })
            }
        }
    }

    /// Encodes the file. Everything unchanged is as it was read, including passwords.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = Zeroizing::new(String::new());
        *text += &self.prolog;
        self.root.push_markup(&mut text);
        *text += &self.epilog;
        let mut bytes = markup::encode(&text, self.encoding, self.bom);
        if self.bom && self.encoding == Encoding::Utf8 {
            bytes.splice(..0, [0xEF, 0xBB, 0xBF]);
        }
        bytes
    }

    /// The root element.
    #[must_use]
    pub const fn root(&self) -> &Element {
        &self.root
    }

    /// Whether the whole file is disabled.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        let value = self.root.attribute(Field::Disabled.name());
        value.and_then(|value| Field::Disabled.row().ty.read(&value)) == Some(Value::Flag(true))
    }

    /// The items, in the order in which they are applied.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.root.elements().filter_map(Item::new)
    }

    /// Adds an item, and returns its index.
    ///
    /// ```
    /// use wintask::gpp::{Action, Field, ItemKind, ScheduledTasks, TriggerType};
    ///
    /// let mut policy = ScheduledTasks::new();
    /// let item = policy.push(ItemKind::Task, "Backup", "{00000000-0000-0000-0000-000000000001}");
    /// policy.set(item, Field::Action, Action::Replace);
    /// policy.set(item, Field::AppName, "backup.exe");
    /// let trigger = policy.push_trigger(item, TriggerType::Daily).ok_or("no such item")?;
    /// policy.set_in_trigger(item, trigger, Field::StartHour, 7);
    /// let read = ScheduledTasks::read(&policy.to_bytes())?;
    /// assert_eq!(read, policy);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn push(&mut self, kind: ItemKind, name: &str, uid: &str) -> usize {
        let mut element = Element::new(kind.name());
        for (field, value) in [(Field::ClassId, kind.class_id()), (Field::Label, name), (Field::Uid, uid)] {
            element.attributes.push(Attribute::new(field.name(), value));
        }
        let mut properties = Element::new("Properties");
        properties.attributes.push(Attribute::new(Field::Name.name(), name));
        element.children.push(Node::Element(properties));
        element.empty = false;
        if self.items().next().is_some() {
            self.root.children.push(Node::Text("\r\n\t".to_owned()));
        }
        self.root.children.push(Node::Element(element));
        self.items().count().saturating_sub(1)
    }

    /// Adds a trigger to an item, and returns its index; `None` if the item does not exist.
    pub fn push_trigger(&mut self, item: usize, kind: TriggerType) -> Option<usize> {
        let properties = self.item_mut(item)?.child_mut("Properties")?;
        if properties.child("Triggers").is_none() {
            properties.children.push(Node::Element(Element::new("Triggers")));
            properties.empty = false;
        }
        let triggers = properties.child_mut("Triggers")?;
        let mut element = Element::new("Trigger");
        element.attributes.push(Attribute::new(Field::TriggerType.name(), kind.name()));
        triggers.children.push(Node::Element(element));
        triggers.empty = false;
        Some(triggers.elements().filter(|element| element.is("Trigger")).count() - 1)
    }

    /// Sets an attribute of an item or of its Properties. Returns false if the item does not exist, or if the
    /// attribute does not apply or has another type.
    pub fn set(&mut self, item: usize, field: Field, value: impl Into<Value>) -> bool {
        let Some(element) = self.item_mut(item) else { return false };
        let Some(kind) = Item::new(element).map(|item| item.kind()) else { return false };
        let owner = Owner::Properties(kind);
        if field.row().belongs_to(owner) {
            element
                .child_mut("Properties")
                .is_some_and(|properties| set(properties, owner, field, &value.into()))
        } else {
            set(element, Owner::Item, field, &value.into())
        }
    }

    /// Sets an attribute of a trigger. Returns false if the trigger does not exist, or if the attribute does not
    /// apply or has another type.
    pub fn set_in_trigger(
        &mut self,
        item: usize,
        trigger: usize,
        field: Field,
        value: impl Into<Value>,
    ) -> bool {
        let properties = self.item_mut(item).and_then(|element| element.child_mut("Properties"));
        let triggers = properties.and_then(|properties| properties.child_mut("Triggers"));
        let element = triggers.and_then(|triggers| {
            triggers.elements_mut().filter(|element| element.is("Trigger")).nth(trigger)
        });
        element.is_some_and(|element| set(element, Owner::Trigger, field, &value.into()))
    }

    pub(super) fn item_mut(&mut self, index: usize) -> Option<&mut Element> {
        self.root.elements_mut().filter(|element| Item::new(element).is_some()).nth(index)
    }

    /// Removes all passwords, and returns the number of attributes and texts removed.
    pub fn remove_passwords(&mut self) -> usize {
        self.root.remove_credentials()
    }
}

impl Default for ScheduledTasks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ScheduledTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScheduledTasks").field("root", &self.root).finish_non_exhaustive()
    }
}

fn set(element: &mut Element, owner: Owner, field: Field, value: &Value) -> bool {
    let row = field.row();
    let fits = row.belongs_to(owner) && row.ty.admits(value);
    if fits {
        element.set(row.name, &value.to_string(), |name| {
            Field::find(owner, name).is_some_and(|other| other > field)
        });
    }
    fits
}

fn has_bom(bytes: &[u8]) -> bool {
    matches!(bytes, [0xEF, 0xBB, 0xBF, ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// The reason why a text cannot be read at all.
fn unreadable(text: &Text<'_>) -> Option<(Syntax, usize)> {
    if text.text.len() > limits::XML_BYTES {
        return Some((Syntax::Length, 0));
    }
    let illegal = markup::first_illegal(&text.text).map(|at| (Syntax::Character, at));
    let undecodable = text.undecodable.map(|at| (Syntax::Undecodable, at));
    [undecodable, illegal].into_iter().flatten().min_by_key(|(_, at)| *at)
}

/// The offset of the first byte that is not UTF-8.
fn foreign(bytes: &[u8]) -> Option<usize> {
    str::from_utf8(bytes).err().map(|error| error.valid_up_to())
}

/// The error for a text that cannot be read; for a wrong encoding, the one that the file declares.
fn unreadable_as(syntax: Syntax, text: &str) -> ErrorKind {
    match markup::unsupported(text).filter(|_| syntax == Syntax::Undecodable) {
        Some(declared) => ErrorKind::Encoding { declared: declared.to_owned() },
        None => ErrorKind::Syntax(syntax),
    }
}

/// Reads as much of a file as possible, with findings in document order: damage, violations, unusual content, and
/// findings about the definitions. A finding that is reported once for the whole file has the location of its first
/// occurrence.
///
/// ```
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><Task
/// clsid="{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}" name="a" uid="{1}"><Properties action="X" name="a" cpassword="abc""#;
/// let recovered = wintask::gpp::recover(file.as_bytes());
/// assert_eq!(recovered.policy.map(|policy| policy.items().count()), Some(1));
/// let codes: Vec<_> = recovered.findings.iter().map(|finding| finding.code()).collect();
/// assert!(codes.contains(&"gpp.syntax"));
/// ```
#[must_use]
pub fn recover(bytes: &[u8]) -> Recovered {
    let salvaged = Salvaged::decode(bytes);
    let text: &str = &salvaged.text;
    let read = (0..=text.len().min(limits::XML_BYTES)).rev().find(|end| text.is_char_boundary(*end));
    let text = text.get(..read.unwrap_or_default()).unwrap_or_default();
    let mut lines = LineCounter::new(text);
    let mut findings = Findings::new();
    let mut push = |kind: FindingKind, at: usize, path: String| {
        findings.push(Finding::new(kind, Place::text(lines.position(at), path)));
    };
    if text.len() < salvaged.text.len() {
        push(ErrorKind::Syntax(Syntax::Length).into(), text.len(), String::new());
    }
    if let (Some(declared), Some(byte)) = (salvaged.guessed_as_declared(), foreign(bytes))
        && let Some((at, _)) = text.char_indices().nth(byte)
    {
        push(ErrorKind::Encoding { declared: declared.to_owned() }.into(), at, String::new());
    }
    for bad in salvaged.bad.iter().filter(|bad| bad.at < text.len()) {
        let syntax = if bad.undecodable { Syntax::Undecodable } else { Syntax::Character };
        push(ErrorKind::Syntax(syntax).into(), bad.at, String::new());
    }
    let parts = parse(text, &mut |syntax, at| {
        push(ErrorKind::Syntax(syntax).into(), at, String::new());
        true
    });
    let Parts { prolog, roots, epilog } = parts.unwrap_or_default();
    let mut root = one_root(roots, &mut push);
    if let Some(root) = &root {
        check(root, false, &mut push);
    }
    (0..salvaged.omitted).for_each(|_| findings.omit(Severity::Error));
    findings.sort_by_offset();
    let encoding = match salvaged.encoding {
        Encoding::Windows1252 => Encoding::Windows1252,
        _ => Text::decode(bytes.get(..4).unwrap_or(bytes)).encoding,
    };
    if let Some(root) = &mut root {
        set_origins(root, &mut lines, encoding, |offsets| salvaged.byte_offsets(offsets));
    }
    let policy = root.map(|root| ScheduledTasks { prolog, root, epilog, encoding, bom: has_bom(bytes) });
    Recovered { policy, findings: in_bytes(findings, &salvaged) }
}

/// Merges several root elements, or items without a root, into one root.
fn one_root(roots: Vec<Element>, push: &mut impl FnMut(FindingKind, usize, String)) -> Option<Element> {
    let has_items = |element: &Element| element.elements().any(|child| Item::new(child).is_some());
    let first = roots.iter().position(|element| element.is("ScheduledTasks"));
    let first = first.or_else(|| roots.iter().position(has_items));
    let mut root = match first {
        Some(first) => roots.get(first).map(Element::clone_head)?,
        None => {
            let name = roots.first()?.name();
            push(ErrorKind::Root { name: shown(name) }.into(), 0, String::new());
            roots.iter().find_map(Item::new)?;
            ScheduledTasks::new().root
        }
    };
    for (index, element) in roots.into_iter().enumerate() {
        if Some(index) == first {
            root.children.extend(element.children);
        } else if element.is("ScheduledTasks") || has_items(&element) {
            push(FindingKind::SecondRoot { name: shown(element.name()) }, element.at.0, String::new());
            root.children.extend(element.children);
        } else {
            root.children.push(Node::Element(element));
        }
    }
    root.empty &= root.children.is_empty();
    Some(root)
}

/// Records where each definition starts. `in_bytes` converts ascending offsets in the text to offsets in the file.
fn set_origins(
    root: &mut Element,
    lines: &mut LineCounter<'_>,
    encoding: Encoding,
    in_bytes: impl FnOnce(&[usize]) -> Vec<usize>,
) {
    let mut definitions: Vec<&mut Element> = root
        .elements_mut()
        .flat_map(Element::elements_mut)
        .filter(|element| element.is("Properties"))
        .flat_map(Element::elements_mut)
        .filter(|element| element.is("Task"))
        .collect();
    definitions.sort_by_key(|element| element.at.0);
    let offsets: Vec<usize> = definitions.iter().map(|element| element.at.0).collect();
    for (element, offset) in definitions.into_iter().zip(in_bytes(&offsets)) {
        let start = Position { offset, ..lines.position(element.at.0) };
        element.origin = At(Some(Origin { start, encoding }));
    }
}

/// Converts the offsets of findings to byte offsets in the file.
fn in_bytes(findings: Findings, salvaged: &Salvaged<'_>) -> Findings {
    let mut offsets: Vec<usize> = findings.iter().filter_map(|finding| finding.place().offset()).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let in_bytes = salvaged.byte_offsets(&offsets);
    findings.map(|finding| {
        let (kind, place) = finding.into_parts();
        let at = place.offset().unwrap_or_default();
        let index = offsets.binary_search(&at).unwrap_or_default();
        Finding::new(kind, place.with_offset(in_bytes.get(index).copied().unwrap_or(at)))
    })
}
