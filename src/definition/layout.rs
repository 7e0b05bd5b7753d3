//! How an element was written, in addition to its values.

use std::{borrow::Cow, fmt, hash};

/// The order in which the children of an element were stated, and the tags, values and comments that differ from what the
/// writer would write.
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
    pub(crate) tags: Box<[StartTag]>,
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
    /// The end tag of a child that is a list.
    EndOf(u8),
    /// The end of the text, after the root.
    EndOfText,
}

/// A start tag that differs from the one that the writer would write.
#[derive(Clone)]
pub(crate) struct StartTag {
    /// The child's number in the schema; none for the element itself.
    pub(crate) child: Option<u8>,
    pub(crate) text: Box<str>,
}

/// A child without a layout of its own that differs from what the writer would write.
#[derive(Clone)]
pub(crate) struct Spelling {
    /// The child's number in the schema.
    pub(crate) child: u8,
    /// The value as the writer would write it. The spelling applies to this value only.
    pub(crate) usual: Box<str>,
    /// The whole element as it was written.
    pub(crate) stated: Box<str>,
}

impl Layout {
    /// The layout of what was stated; the default one if all of it is usual.
    pub(crate) fn new(order: &[u8], spellings: Vec<Spelling>, gaps: Vec<Gap>, tags: Vec<StartTag>) -> Self {
        if order.is_empty() && spellings.is_empty() && gaps.is_empty() && tags.is_empty() {
            return Self::default();
        }
        let (order, spellings, gaps, tags) = (order.into(), spellings.into(), gaps.into(), tags.into());
        Self(Some(Box::new(Stated { order, spellings, gaps, tags })))
    }

    /// What was recorded; none where everything is as the client writes it.
    pub(crate) fn stated(&self) -> Option<&Stated> {
        self.0.as_deref()
    }
}

impl Stated {
    /// How a child was spelled, if its value is still the one that the writer would write as `usual`.
    pub(crate) fn spelling<'u>(&self, child: u8, usual: impl Fn() -> Cow<'u, str>) -> Option<&Spelling> {
        self.spellings.iter().find(|s| s.child == child && *s.usual == *usual())
    }

    /// The comments that precede something.
    pub(crate) fn gap(&self, before: Before) -> Option<&str> {
        self.gaps.iter().find(|gap| gap.before == before).map(|gap| &*gap.text)
    }

    /// The start tag of a child, or of the element itself.
    pub(crate) fn tag(&self, child: Option<u8>) -> Option<&str> {
        self.tags.iter().find(|tag| tag.child == child).map(|tag| &*tag.text)
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
