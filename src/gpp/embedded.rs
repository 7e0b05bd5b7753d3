//! The definition in an item: without a namespace, and with variables in it (EVIDENCE.md GPP-01, GPP-13).

use super::{
    context::Context,
    element::{Element, mentions_credential},
    item::Item,
    placeholder::placeholders,
};
use crate::{
    definition::Task,
    limits,
    markup::push_escaped,
    xml::{self, Options, Recovered},
};

const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/// The definition of an item with its namespace, and with the variables replaced whose values are known.
pub(super) struct Embedded {
    pub(super) text: String,
    /// What was replaced: the offset in the text, and the lengths of the new and the old text.
    edits: Vec<(usize, usize, usize)>,
}

impl Embedded {
    pub(super) fn new(element: &Element, context: &Context<'_>) -> Self {
        let mut markup = String::new();
        element.push_markup(&mut markup);
        if mentions_credential(&markup) {
            // Whatever it does there, it must not become part of a task.
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
            // A long value that is used often must not fill the memory.
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

    /// The offset in the element's own markup of an offset in the text.
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
}

/// The definition of an item, with its namespace and with the variables replaced whose values are known; `None` if the item
/// has none. The error's place is one in the definition.
///
/// # Errors
/// As [`xml::read_text`].
///
/// ```
/// use time::macros::datetime;
/// use wintask::gpp::{Context, ScheduledTasks, definition};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><ImmediateTaskV2
/// clsid="{9756B581-76EC-4169-9AFC-0CA8D43ADB5F}" name="a" uid="{1}"><Properties action="C" name="a"
/// runAs="NT AUTHORITY\System" logonType="S4U"><Task version="1.3"><Triggers><TimeTrigger>
/// <StartBoundary>%LocalTimeXmlEx%</StartBoundary></TimeTrigger></Triggers><Actions><Exec><Command>a.exe</Command></Exec>
/// </Actions></Task></Properties></ImmediateTaskV2></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// let context = Context::default();
/// assert!(definition(&item, &context).ok_or("no definition")?.is_err());
/// let context = context.with_now(datetime!(2024-01-03 02:30));
/// let task = definition(&item, &context).ok_or("no definition")??;
/// assert_eq!(task.triggers[0].start_boundary.as_ref().map(|b| b.as_str()), Some("2024-01-03T02:30:00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn definition(item: &Item<'_>, context: &Context<'_>) -> Option<Result<Task, xml::Error>> {
    let embedded = Embedded::new(item.embedded()?, context);
    Some(xml::read_text(&embedded.text, &Options::default()))
}
