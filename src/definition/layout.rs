//! The layout of an element, in addition to its values.

use std::{borrow::Cow, fmt, hash};

/// The order of an element's children, and the tags, values and comments that differ from the writer's output.
///
/// The reader fills it in, and [`Form::File`](crate::xml::Form::File) follows it. A definition that was read and not
/// changed is therefore written unchanged, and an edited one differs only where it was edited. It is not part of the
/// task's value: all layouts are equal, and serde omits them. A definition built in code has the default layout, the
/// order of the Windows client.
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
pub struct Layout {
    order: ChildOrder,
    texts: Option<Box<Texts>>,
}

/// The maximum number of children of an element.
pub(crate) const MAX_CHILDREN: usize = 32;

/// The order of an element's children.
#[derive(Clone, Copy, Default)]
pub(crate) enum ChildOrder {
    /// The client's.
    #[default]
    Client,
    /// The server's, and all parts of the task are stated.
    Server,
    /// Another one: the first `count` of these numbers in the schema.
    Stated { numbers: [u8; MAX_CHILDREN], count: u8 },
}

impl ChildOrder {
    /// The order of these numbers in the schema.
    pub(crate) fn stated(children: impl Iterator<Item = u8>) -> Self {
        let (mut numbers, mut count) = ([0; MAX_CHILDREN], 0);
        for (place, number) in numbers.iter_mut().zip(children) {
            *place = number;
            count += 1;
        }
        Self::Stated { numbers, count }
    }
}

/// What is written differently.
#[derive(Clone)]
struct Texts {
    spellings: Box<[Spelling]>,
    gaps: Box<[Gap]>,
    tags: Box<[StartTag]>,
}

/// Comments and surrounding white space, instead of the usual line break.
#[derive(Clone)]
pub(crate) struct Gap {
    pub(crate) before: Before,
    pub(crate) text: Box<str>,
}

/// What a gap precedes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// The element itself: a list element, or the root.
    Itself,
    /// A child, by its number in the schema.
    Child(u8),
    /// The end tag.
    End,
    /// The end tag of a child that contains a list.
    EndOf(u8),
    /// The end of the text, after the root.
    EndOfText,
}

/// A start tag that differs from the writer's.
#[derive(Clone)]
pub(crate) struct StartTag {
    /// The child's number in the schema; `None` for the element itself.
    pub(crate) child: Option<u8>,
    pub(crate) text: Box<str>,
}

/// A child that is written differently, and has no separate layout.
#[derive(Clone)]
pub(crate) struct Spelling {
    /// The child's number in the schema.
    pub(crate) child: u8,
    /// The value in the writer's form. The spelling applies only to this value.
    pub(crate) usual: Box<str>,
    /// The whole element as written.
    pub(crate) stated: Box<str>,
}

impl Layout {
    /// The layout of an element whose children have this order, and which is otherwise written as usual.
    #[inline]
    pub(crate) const fn of_order(order: ChildOrder) -> Self {
        Self { order, texts: None }
    }

    /// The layout of an element.
    pub(crate) fn new(
        order: ChildOrder,
        spellings: Vec<Spelling>,
        gaps: Vec<Gap>,
        tags: Vec<StartTag>,
    ) -> Self {
        let mut layout = Self::of_order(order);
        if !(spellings.is_empty() && gaps.is_empty() && tags.is_empty()) {
            let (spellings, gaps, tags) = (spellings.into(), gaps.into(), tags.into());
            layout.texts = Some(Box::new(Texts { spellings, gaps, tags }));
        }
        layout
    }

    /// Whether everything matches the client's output.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self, Self { order: ChildOrder::Client, texts: None })
    }

    /// Whether everything but the order matches it, and the order is the server's.
    pub(super) fn is_servers(&self) -> bool {
        matches!(self, Self { order: ChildOrder::Server, texts: None })
    }

    /// Whether tags, values or comments differ.
    pub(crate) fn has_texts(&self) -> bool {
        self.texts.is_some()
    }

    /// The order of the children.
    pub(crate) fn order(&self) -> &ChildOrder {
        &self.order
    }

    /// Whether a part of the task is stated, even if it is empty; known only for those.
    pub(crate) fn states(&self, part: u8) -> bool {
        match &self.order {
            ChildOrder::Client => false,
            ChildOrder::Server => true,
            ChildOrder::Stated { numbers, count } => numbers.iter().take((*count).into()).any(|n| *n == part),
        }
    }

    /// The spelling of a child, if the writer would still write its value as `usual`.
    pub(crate) fn spelling<'u>(&self, child: u8, usual: impl Fn() -> Cow<'u, str>) -> Option<&Spelling> {
        self.texts.as_ref()?.spellings.iter().find(|s| s.child == child && *s.usual == *usual())
    }

    /// The comments before an item.
    pub(crate) fn gap(&self, before: Before) -> Option<&str> {
        self.texts.as_ref()?.gaps.iter().find(|gap| gap.before == before).map(|gap| &*gap.text)
    }

    /// The start tag of a child, or of the element itself.
    pub(crate) fn tag(&self, child: Option<u8>) -> Option<&str> {
        self.texts.as_ref()?.tags.iter().find(|tag| tag.child == child).map(|tag| &*tag.text)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layout")
    }
}

impl PartialEq for Layout {
    /// Always true: the layout is not part of a definition's value.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Layout {}

impl hash::Hash for Layout {
    fn hash<H: hash::Hasher>(&self, _state: &mut H) {}
}
