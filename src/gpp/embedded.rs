//! The definition in an item, which has no namespace and may contain variables (EVIDENCE.md GPP-01, GPP-13).

use super::{
    context::Context,
    convert_error::ConvertError,
    element::{Element, Node, mentions_credential},
    item::Item,
    placeholder::placeholders,
};
use crate::{
    definition::Task,
    error::{LineCounter, Place},
    limits,
    markup::push_escaped,
    xml::{self, Options, Recovered},
};
use time::{Date, Month, PrimitiveDateTime, Time};
use zeroize::Zeroizing;

const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/// The definition of an item with its namespace added and known variables replaced.
pub(super) struct Embedded {
    pub(super) text: String,
    /// The replacements: the offset in the text, and the lengths of the new and the old text.
    edits: Vec<(usize, usize, usize)>,
}

impl Embedded {
    pub(super) fn new(element: &Element, context: &Context<'_>) -> Self {
        let mut markup = String::new();
        element.push_markup(&mut markup);
        if mentions_credential(&markup) {
            // A password must never become part of a task.
            let mut without = element.clone();
            without.remove_credentials();
            markup = without.to_string();
        }
        let mut embedded = Self { text: String::with_capacity(markup.len() + 128), edits: Vec::new() };
        let mut read = 0;
        if !element.name().contains(':') && element.attribute("xmlns").is_none() {
            read = 1 + element.name().len();
            embedded.text += markup.get(..read).unwrap_or_default();
            embedded.replace(&format!(" xmlns=\"{NAMESPACE}\""), 0);
        }
        for (at, placeholder) in placeholders(&markup) {
            // Limits memory use when a long value is used often.
            let room = embedded.text.len() < markup.len().saturating_add(limits::PARAMETERIZED_BYTES);
            if let Some(value) = context.variable(placeholder.name).filter(|_| room && at >= read) {
                embedded.text += markup.get(read..at).unwrap_or_default();
                let mut escaped = String::new();
                push_escaped(&value, &mut escaped);
                let size = placeholder.name.len() + 2;
                embedded.replace(&escaped.replace('"', "&quot;"), size);
                read = at + size;
            }
        }
        embedded.text += markup.get(read..).unwrap_or_default();
        embedded
    }

    fn replace(&mut self, new: &str, old: usize) {
        self.edits.push((self.text.len(), new.len(), old));
        self.text += new;
    }

    /// Converts an offset in the text to an offset in the element's markup.
    pub(super) fn offset(&self, at: usize) -> usize {
        let (mut new_bytes, mut old_bytes) = (0, 0);
        for (start, new, old) in self.edits.iter().copied().take_while(|(start, ..)| *start <= at) {
            let at = at.min(start + new) - start;
            new_bytes += at;
            old_bytes += if at == new { old } else { 0 };
        }
        at - new_bytes + old_bytes
    }

    pub(super) fn recover(&self) -> Recovered {
        xml::recover_text(&self.text, &Options::default())
    }

    fn read(&self) -> Result<Task, xml::Error> {
        xml::read_text(&self.text, &Options::default())
    }

    /// Moves an error to its location in the file, or in the element's markup if it was not read from a file.
    fn in_file(&self, element: &Element, error: xml::Error) -> xml::Error {
        let (kind, place) = error.into_parts();
        let mut markup = Zeroizing::new(String::new());
        element.push_markup(&mut markup);
        let at = self.offset(place.offset().unwrap_or_default());
        let mut position = LineCounter::new(&markup).position(at);
        if let Some(origin) = element.origin.0 {
            position.offset = origin.encoding.bytes_of(markup.get(..position.offset).unwrap_or_default());
            position = position.rebased(origin.start);
        }
        xml::Error::new(kind, Place::text(position, place.path().to_owned()))
    }
}

/// The variable for the time at which an item is applied.
const APPLIED_AT: &str = "LocalTimeXmlEx";

/// A placeholder time of application; without one, a definition that refers to that time is invalid.
pub(super) fn some_time() -> PrimitiveDateTime {
    PrimitiveDateTime::new(
        Date::from_calendar_date(2000, Month::January, 1).unwrap_or(Date::MIN),
        Time::MIDNIGHT,
    )
}

/// The definition of an item whose start or end is an unknown time of application, without these boundaries. The
/// second value is where they were.
pub(super) fn undated(item: &Item<'_>, context: &Context<'_>) -> Option<(Task, Vec<String>)> {
    let value = Context::default().with_now(some_time()).variable(APPLIED_AT)?;
    let mut element = item.embedded()?.clone();
    // Removes a boundary whose text refers to the variable.
    let date = |leaf: &mut Element, names: &[&str]| {
        let is_it = names.iter().any(|name| leaf.is(name))
            && placeholders(&leaf.text()).any(|(_, placeholder)| placeholder.name == APPLIED_AT);
        if is_it {
            leaf.children = vec![Node::Text(value.clone())];
        }
        is_it
    };
    let (mut registered, mut triggers, mut places) = (false, Vec::new(), Vec::new());
    for part in element.elements_mut() {
        if part.is("RegistrationInfo") {
            part.elements_mut().for_each(|leaf| registered |= date(leaf, &["Date"]));
        } else if part.is("Triggers") {
            for (index, trigger) in part.elements_mut().enumerate() {
                let (mut start, mut end) = (false, false);
                for leaf in trigger.elements_mut() {
                    start |= date(leaf, &["StartBoundary"]);
                    end |= date(leaf, &["EndBoundary"]);
                }
                if start || end {
                    places.push(format!("Task/Triggers/{}[{}]", trigger.name(), index + 1));
                    triggers.push((index, start, end));
                }
            }
        }
    }
    let mut task = Embedded::new(&element, context).read().ok()?;
    if registered {
        task.registration_info.date = None;
    }
    for (index, start, end) in triggers {
        let trigger = task.triggers.get_mut(index)?;
        if start {
            trigger.start_boundary = None;
        }
        if end {
            trigger.end_boundary = None;
        }
    }
    Some((task, places))
}

/// The definition of an item, with its namespace added and known variables replaced; `None` if the item has none. The
/// error's location refers to the file, if the item was read from one; its path refers to the definition.
///
/// # Errors
/// [`ConvertError::Definition`], as for [`xml::read_text`]; [`ConvertError::NoTime`], if the definition needs the
/// time of application to be valid, and the context has none.
///
/// ```
/// use time::macros::datetime;
/// use wintask::gpp::{Context, ConvertError, ScheduledTasks, definition};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><ImmediateTaskV2
/// clsid="{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}" name="a" uid="{1}"><Properties action="C" name="a"
/// runAs="NT AUTHORITY\System" logonType="S4U"><Task version="1.3"><Triggers><TimeTrigger>
/// <StartBoundary>%LocalTimeXmlEx%</StartBoundary></TimeTrigger></Triggers><Actions><Exec><Command>a.exe</Command></Exec>
/// </Actions></Task></Properties></ImmediateTaskV2></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// let context = Context::default();
/// let error = definition(&item, &context).ok_or("no definition")?.unwrap_err();
/// assert!(matches!(error, ConvertError::NoTime(_)));
/// let context = context.with_now(datetime!(2024-01-03 02:30));
/// let task = definition(&item, &context).ok_or("no definition")??;
/// assert_eq!(task.triggers[0].start_boundary.as_ref().map(|b| b.as_str()), Some("2024-01-03T02:30:00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn definition(item: &Item<'_>, context: &Context<'_>) -> Option<Result<Task, ConvertError>> {
    let element = item.embedded()?;
    let embedded = Embedded::new(element, context);
    Some(embedded.read().map_err(|error| {
        let error = embedded.in_file(element, error);
        let later = || Embedded::new(element, &context.clone().with_now(some_time())).read();
        let lacks_time = context.variable(APPLIED_AT).is_none() && later().is_ok();
        if lacks_time { ConvertError::NoTime(error) } else { ConvertError::Definition(error) }
    }))
}
