//! The exact layer of Actions and Triggers.

use super::{
    actions::{ActionsContext, ActionsHead, RawAction},
    error::{Error, TooLong},
    triggers::{Bucket, RawTrigger, TriggersHead},
    wire::{Part, Reader, Stop, Writer},
};

/// The exact layer of the value Actions. Preserves every byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawActions {
    /// The version.
    pub head: ActionsHead,
    /// The principal.
    pub context: ActionsContext,
    /// The actions in order.
    pub actions: Vec<RawAction>,
    /// The bytes after the last complete action of a known kind.
    pub rest: Vec<u8>,
    /// Whether the value ends before its first action. If so, `rest` has the whole value, and the other fields have
    /// everything that could be read.
    pub is_cut: bool,
}

/// The exact layer of the value Triggers. Preserves every byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawTriggers {
    /// The version.
    pub head: TriggersHead,
    /// The part that applies to the whole task.
    pub bucket: Bucket,
    /// The triggers in order.
    pub triggers: Vec<RawTrigger>,
    /// The bytes after the last complete trigger of a known kind.
    pub rest: Vec<u8>,
    /// Whether the value ends before its first trigger. If so, `rest` has the whole value, and the other fields have
    /// everything that could be read.
    pub is_cut: bool,
}

/// The readable part of a value.
pub(super) struct Partial<R, I> {
    /// The value.
    pub(super) value: R,
    /// The readable part of a truncated element.
    pub(super) cut: Option<I>,
    /// Why reading stopped before the end.
    pub(super) stop: Option<Error>,
}

/// The readable part of a truncated element, and the field where it ends.
#[derive(Clone, Copy)]
pub(super) struct Cut<'a, I> {
    pub(super) element: Option<&'a I>,
    pub(super) stop: Option<&'a Error>,
}

impl<I> Cut<'_, I> {
    /// Nothing is truncated.
    pub(super) const NONE: Self = Self { element: None, stop: None };
}

impl<R, I> Partial<R, I> {
    pub(super) fn cut(&self) -> Cut<'_, I> {
        Cut { element: self.cut.as_ref(), stop: self.stop.as_ref() }
    }
}

/// Reads elements up to the end, or to the first unreadable one.
macro_rules! elements {
    ($reader:ident, $item:ty, $list:expr, $rest:expr, $name:literal) => {{
        let mut stopped = (None, None);
        while !$reader.rest().is_empty() {
            let start = $reader;
            match <$item>::read(&mut $reader) {
                (Some(item), Ok(())) => {
                    // Most tasks have one element.
                    if $list.is_empty() {
                        $list.reserve_exact(1);
                    }
                    $list.push(item);
                }
                (cut, result) => {
                    let index = $list.len();
                    let place = |stop: Stop| stop.inside(&format!("{}[{index}]", $name)).into_error();
                    stopped = (cut, result.err().map(place));
                    $rest = start.rest().to_vec();
                    break;
                }
            }
        }
        stopped
    }};
}

impl RawActions {
    /// Reads the value.
    ///
    /// # Errors
    /// A field that runs past the end, or an action of an unknown kind.
    ///
    /// ```
    /// use wintask::taskcache::{RawAction, RawActions};
    ///
    /// let bytes = b"\x03\0\x02\0\0\0A\0\x66\x66\0\0\0\0\x06\0\0\0c\0m\0d\0\0\0\0\0\0\0\0\0\0\0";
    /// let actions = RawActions::parse(bytes)?;
    /// let [RawAction::Exec(exec)] = actions.actions.as_slice() else { panic!() };
    /// assert_eq!(exec.command.to_wide(), "cmd");
    /// assert_eq!(actions.to_bytes()?, bytes);
    ///
    /// let error = RawActions::parse(&bytes[..20]).unwrap_err();
    /// assert_eq!(error.to_string(), "byte 0xe, Actions[0].Command: 10 bytes needed, 6 left");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let Partial { value, stop, .. } = Self::partial(bytes);
        stop.map_or(Ok(value), Err)
    }

    /// Whether every action could be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.is_cut && self.rest.is_empty()
    }

    pub(super) fn partial(bytes: &[u8]) -> Partial<Self, RawAction> {
        let mut reader = Reader::new(bytes);
        let mut value = Self::default();
        let filled = value.head.fill(&mut reader).and_then(|()| {
            reader.form = value.head.version.into();
            value.context.fill(&mut reader)
        });
        if let Err(stop) = filled {
            let stop = Some(stop.inside("Actions").into_error());
            (value.rest, value.is_cut) = (bytes.to_vec(), true);
            return Partial { value, cut: None, stop };
        }
        let (cut, stop) = elements!(reader, RawAction, value.actions, value.rest, "Actions");
        Partial { value, cut, stop }
    }

    /// Returns the value's bytes.
    ///
    /// # Errors
    /// A part that is larger than its count allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, TooLong> {
        if self.is_cut {
            return Ok(self.rest.clone());
        }
        let mut writer = Writer::new(self.head.version.into());
        self.head.put(&mut writer);
        self.context.put(&mut writer);
        self.actions.iter().for_each(|action| action.put(&mut writer));
        writer.out.extend(&self.rest);
        writer.finish()
    }
}

/// Whether two lists of elements are equal except for filler.
macro_rules! are_like {
    ($one:expr, $other:expr) => {
        $one.len() == $other.len() && $one.iter().zip(&$other).all(|(one, other)| one.is_like(other))
    };
}

impl RawActions {
    /// Whether the two are equal except for filler, and so mean the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (self.head == other.head && self.rest == other.rest && self.is_cut == other.is_cut)
            && self.context.is_like(&other.context)
            && are_like!(self.actions, other.actions)
    }
}

impl RawTriggers {
    /// Whether the two are equal except for filler and the fields that are derived from the definition: CRC, first
    /// start and last end. They then mean the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let Bucket { start: _, end: _, crc32: _, flags, principal_id, display_name, user, settings } =
            &self.bucket;
        (self.head.is_like(&other.head) && self.rest == other.rest && self.is_cut == other.is_cut)
            && flags.is_like(&other.bucket.flags)
            && principal_id.is_like(&other.bucket.principal_id)
            && display_name.is_like(&other.bucket.display_name)
            && user.is_like(&other.bucket.user)
            && settings.is_like(&other.bucket.settings)
            && are_like!(self.triggers, other.triggers)
    }

    /// Reads the value.
    ///
    /// # Errors
    /// A field that runs past the end, or a trigger of an unknown kind.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let Partial { value, stop, .. } = Self::partial(bytes);
        stop.map_or(Ok(value), Err)
    }

    /// Whether every trigger could be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.is_cut && self.rest.is_empty()
    }

    pub(super) fn partial(bytes: &[u8]) -> Partial<Self, RawTrigger> {
        let mut reader = Reader::new(bytes);
        let mut value = Self::default();
        let filled = value.head.fill(&mut reader).and_then(|()| {
            reader.form = value.head.version.value.into();
            value.bucket.fill(&mut reader)
        });
        if let Err(stop) = filled {
            let stop = Some(stop.inside("Triggers").into_error());
            (value.rest, value.is_cut) = (bytes.to_vec(), true);
            return Partial { value, cut: None, stop };
        }
        let (cut, stop) = elements!(reader, RawTrigger, value.triggers, value.rest, "Triggers");
        Partial { value, cut, stop }
    }

    /// Returns the value's bytes.
    ///
    /// # Errors
    /// A part that is larger than its count allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, TooLong> {
        if self.is_cut {
            return Ok(self.rest.clone());
        }
        let mut writer = Writer::new(self.head.version.value.into());
        self.head.put(&mut writer);
        self.bucket.put(&mut writer);
        self.triggers.iter().for_each(|trigger| trigger.put(&mut writer));
        writer.out.extend(&self.rest);
        writer.finish()
    }
}
