//! How an element was written, in addition to its values.

use std::{fmt, hash};

/// The order in which the children of an element were stated, and the spellings that differ from the usual ones.
///
/// The reader fills it in, and [`Form::File`](crate::xml::Form::File) follows it, so that a definition that was read and
/// not changed is written as it was, and an edited one changes only where it was edited. It is not part of the task's
/// value: any two layouts are equal, serde leaves them out, and a definition built in code has the default one, the order
/// of the Windows client.
///
/// ```
/// use wintask::xml::{self, Form};
///
/// let text = "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'>\
///             <Actions><Exec><Command>notepad.exe</Command></Exec></Actions>\
///             <Settings><Hidden>true</Hidden><Enabled>1</Enabled></Settings></Task>";
/// let mut task = xml::read_text(text, &Default::default())?;
/// task.settings.priority = Some(5);
/// let file = xml::write_text(&task, Form::File)?;
/// let at = |what| file.find(what).unwrap();
/// assert!(at("<Actions>") < at("<Settings>"));
/// // The client writes Priority after Hidden.
/// assert!(at("<Hidden>true<") < at("<Priority>5<") && at("<Priority>5<") < at("<Enabled>1<"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Layout(Option<Box<Stated>>);

/// What is recorded of an element.
#[derive(Clone)]
pub(crate) struct Stated {
    /// The children in the order in which they were stated, by their numbers in the schema.
    pub(crate) order: Box<[u8]>,
    pub(crate) spellings: Box<[Spelling]>,
    pub(crate) gaps: Box<[Gap]>,
}

/// Comments and the blanks around them, in place of the usual line end.
#[derive(Clone)]
pub(crate) struct Gap {
    pub(crate) before: Before,
    pub(crate) text: Box<str>,
}

/// What a gap precedes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// The element itself: one in a list, or the root.
    Itself,
    /// A child, by its number in the schema.
    Child(u8),
    /// The end tag.
    End,
}

/// A value that was written in another way than the writer would write it.
#[derive(Clone)]
pub(crate) struct Spelling {
    /// The child's number in the schema.
    pub(crate) child: u8,
    /// What the writer would write, while the value is the same.
    pub(crate) usual: Box<str>,
    /// What was written between the tags; none for an empty-element tag.
    pub(crate) stated: Option<Box<str>>,
}

impl Layout {
    pub(crate) fn new(order: &[u8], spellings: Vec<Spelling>, gaps: Vec<Gap>) -> Self {
        let (order, spellings, gaps) = (order.into(), spellings.into(), gaps.into());
        Self(Some(Box::new(Stated { order, spellings, gaps })))
    }

    /// What was recorded; none where everything is as the client writes it.
    pub(crate) fn stated(&self) -> Option<&Stated> {
        self.0.as_deref()
    }
}

impl Stated {
    /// How a value was spelled that the writer would write as `usual`.
    pub(crate) fn spelling<T: AsRef<str>>(&self, child: u8, usual: impl Fn() -> T) -> Option<&Spelling> {
        self.spellings.iter().find(|s| s.child == child && *s.usual == *usual().as_ref())
    }

    /// The comments that precede something.
    pub(crate) fn gap(&self, before: Before) -> Option<&str> {
        self.gaps.iter().find(|gap| gap.before == before).map(|gap| &*gap.text)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layout")
    }
}

impl PartialEq for Layout {
    /// Always true: a layout makes no difference between two definitions.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Layout {}

impl hash::Hash for Layout {
    fn hash<H: hash::Hasher>(&self, _state: &mut H) {}
}
