//! Path names of tasks and folders ([MS-TSCH] 2.3.11).

use super::task_name::upper;
use crate::{
    Profile,
    dtyp::{HResult, HasHResult, WideString, Win32Error},
    error::{Error, Place},
    finding::FindingKind,
};
use std::{fmt, hash::Hash, str::FromStr};

const SEPARATOR: u16 = b'\\' as u16;

/// The path of a task or a folder ([MS-TSCH] 2.3.11): a sequence of names, each preceded by `\`. The root has no
/// names.
///
/// Names keep their spelling. Windows ignores case when it compares them, and so do [`TaskPath::is_same`] and
/// [`TaskPath::key`].
///
/// ```
/// use wintask::{Profile, definition::{TaskPath, TaskPathErrorKind}};
///
/// let path: TaskPath = r"Microsoft\Windows\Defrag".parse()?;
/// assert_eq!(path.to_string(), r"\Microsoft\Windows\Defrag");
/// assert_eq!(path.name().ok_or("root")?, "Defrag");
/// assert_eq!(path.parent().ok_or("root")?.to_string(), r"\Microsoft\Windows");
/// assert_eq!(path.join("ScheduledDefrag", Profile::Windows)?.to_string(), r"\Microsoft\Windows\Defrag\ScheduledDefrag");
/// assert!(path.is_same(&r"\MICROSOFT\windows\defrag".parse()?));
/// assert!(TaskPath::parse("", Profile::Windows)?.is_root());
///
/// let error = TaskPath::parse(r"\a\..\b", Profile::Windows).unwrap_err();
/// assert_eq!(error.kind(), &TaskPathErrorKind::DotDot);
/// assert_eq!(error.to_string(), r#"1:4, path: the name is "..""#);
/// assert_eq!(error.hresult().0, 0x8007_007B);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskPath {
    /// A separator and a name, once per name.
    units: WideString,
}

/// A [`TaskPath`] in upper case. Two keys are equal if and only if Windows finds the same task by both paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskPathKey(WideString);

impl TaskPathKey {
    /// The key as a string.
    #[cfg(feature = "serde")]
    pub(crate) fn as_wide(&self) -> &WideString {
        &self.0
    }
}

#[cfg(feature = "serde")]
impl From<WideString> for TaskPathKey {
    fn from(key: WideString) -> Self {
        Self(key)
    }
}

/// The error for an invalid path, and its location. The column counts UTF-16 code units, the offset UTF-8 bytes.
pub type TaskPathError = Error<TaskPathErrorKind>;

/// The rule of [MS-TSCH] 2.3.11 that a path violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TaskPathErrorKind {
    /// The path does not start with `\`. Windows accepts it anyway.
    #[error("the path does not start with \"\\\"")]
    NoSeparator,
    /// Two separators follow one another, or the path ends with one.
    #[error("the name is empty")]
    EmptyName,
    /// A name starts with a space.
    #[error("the name starts with a space")]
    LeadingSpace,
    /// A name ends with a space, which the specification's text allows.
    #[error("the name ends with a space")]
    TrailingSpace,
    /// A name contains `:` or `/`; names are separated by `\`.
    #[error("the name contains {0:?}")]
    Forbidden(char),
    /// A name is `.`, which the specification's text allows.
    #[error("the name is \".\"")]
    Dot,
    /// A name is `..`.
    #[error("the name is \"..\"")]
    DotDot,
}

impl FindingKind for TaskPathErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSeparator => "path.no_separator",
            Self::EmptyName => "path.empty_name",
            Self::LeadingSpace => "path.leading_space",
            Self::TrailingSpace => "path.trailing_space",
            Self::Forbidden(_) => "path.forbidden",
            Self::Dot => "path.dot",
            Self::DotDot => "path.dot_dot",
        }
    }
}

impl HasHResult for TaskPathErrorKind {
    /// `ERROR_INVALID_NAME`.
    fn hresult(&self) -> HResult {
        Win32Error::INVALID_NAME.into()
    }
}

impl TaskPath {
    /// The root folder.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses a path received by a method.
    ///
    /// An empty path is the root. In [`Profile::Windows`] the leading `\` is optional, and a name that is `.` or ends
    /// with a space is rejected.
    ///
    /// # Errors
    /// The first invalid name, and the reason.
    pub fn parse(path: impl Into<WideString>, profile: Profile) -> Result<Self, TaskPathError> {
        let given = path.into();
        Self::split(&given, profile).map_err(|(kind, at)| error(kind, given.units(), at))
    }

    /// The path of one or more names relative to this one; the leading `\` is optional.
    ///
    /// # Errors
    /// The first invalid name, and the reason; the location is relative to `names`.
    pub fn join(&self, names: impl Into<WideString>, profile: Profile) -> Result<Self, TaskPathError> {
        let given = names.into();
        let below = match given.units() {
            [] => return Ok(self.clone()),
            [SEPARATOR, ..] => Self::split(&given, profile),
            names => Self::split(&[&[SEPARATOR], names].concat().into(), profile)
                .map_err(|(kind, at)| (kind, at.saturating_sub(1))),
        };
        let below = below.map_err(|(kind, at)| error(kind, given.units(), at))?;
        Ok(Self { units: [self.units.units(), below.units.units()].concat().into() })
    }

    /// The path, or the violated rule and the index of the code unit.
    fn split(given: &WideString, profile: Profile) -> Result<Self, (TaskPathErrorKind, usize)> {
        let (names, start) = match given.units() {
            [] | [SEPARATOR] => return Ok(Self::root()),
            [SEPARATOR, names @ ..] => (names, 1),
            _ if profile == Profile::Specification => return Err((TaskPathErrorKind::NoSeparator, 0)),
            names => (names, 0),
        };
        let mut at = start;
        for name in names.split(|unit| *unit == SEPARATOR) {
            check(name, profile).map_err(|(kind, within)| (kind, at + within))?;
            at += name.len() + 1;
        }
        Ok(Self { units: [&[SEPARATOR], names].concat().into() })
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.units.is_empty()
    }

    /// The names, outermost first.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = WideString> {
        let names = self.units.units().get(1..).into_iter();
        names.flat_map(|names| names.split(|unit| *unit == SEPARATOR)).map(WideString::from_units)
    }

    /// The last name; `None` for the root.
    #[must_use]
    pub fn name(&self) -> Option<WideString> {
        self.names().next_back()
    }

    /// The containing folder; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let separator = self.units.units().iter().rposition(|unit| *unit == SEPARATOR)?;
        Some(Self { units: self.units.units().get(..separator)?.to_vec().into() })
    }

    /// Whether both paths lead to the same task or folder.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// A map key that is the same for all spellings of the path.
    #[must_use]
    pub fn key(&self) -> TaskPathKey {
        TaskPathKey(folded(&self.units))
    }

    /// The path as Windows writes it, the root as `\`.
    #[must_use]
    pub fn to_wide(&self) -> WideString {
        if self.is_root() { WideString::from_units([SEPARATOR]) } else { self.units.clone() }
    }
}

impl FromStr for TaskPath {
    type Err = TaskPathError;

    /// Parses a path in [`Profile::Windows`].
    fn from_str(path: &str) -> Result<Self, TaskPathError> {
        Self::parse(path, Profile::Windows)
    }
}

impl fmt::Display for TaskPath {
    /// The path as Windows writes it, with U+FFFD in place of lone surrogates.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_wide(), f)
    }
}

impl From<TaskPath> for WideString {
    fn from(path: TaskPath) -> Self {
        path.to_wide()
    }
}

/// The error at the code unit with this index.
#[cold]
fn error(kind: TaskPathErrorKind, given: &[u16], at: usize) -> TaskPathError {
    let before = WideString::from_units(given.get(..at).unwrap_or(given));
    let column = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
    let place = Place::Text { offset: before.to_string().len(), line: 1, column, path: "path".into() };
    Error::new(kind, place)
}

/// The rule that a name violates, and the index of the code unit within it.
fn check(name: &[u16], profile: Profile) -> Result<(), (TaskPathErrorKind, usize)> {
    const SPACE: u16 = b' ' as u16;
    const DOT: u16 = b'.' as u16;
    let windows = profile == Profile::Windows;
    match name {
        [] => return Err((TaskPathErrorKind::EmptyName, 0)),
        [SPACE, ..] => return Err((TaskPathErrorKind::LeadingSpace, 0)),
        [.., SPACE] if windows => return Err((TaskPathErrorKind::TrailingSpace, name.len() - 1)),
        [DOT] if windows => return Err((TaskPathErrorKind::Dot, 0)),
        [DOT, DOT] => return Err((TaskPathErrorKind::DotDot, 0)),
        _ => {}
    }
    let forbidden = |unit: u16| [':', '/'].into_iter().find(|c| u32::from(*c) == u32::from(unit));
    match name.iter().enumerate().find_map(|(at, unit)| Some((forbidden(*unit)?, at))) {
        Some((c, at)) => Err((TaskPathErrorKind::Forbidden(c), at)),
        None => Ok(()),
    }
}

/// The upper case of a string, by code unit.
fn folded(name: &WideString) -> WideString {
    name.units().iter().map(|unit| upper(*unit)).collect::<Vec<_>>().into()
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for TaskPath {
    /// A valid path of up to five names.
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut path = Self::root();
        for _ in 0..bytes.int_in_range(0..=5u8)? {
            let samples = ["Microsoft", "Windows", "a", "A", "x y", "\u{e9}"];
            let sample = *bytes.choose(&samples)?;
            let name = sample.to_owned() + &bytes.arbitrary::<String>()?.replace('\\', "");
            let joined = path.join(name.as_str(), Profile::Windows);
            // The sample may be followed by characters that a name cannot contain.
            path = joined.or_else(|_| path.join(sample, Profile::Windows)).unwrap_or(path);
        }
        Ok(path)
    }
}

/// The path as a string, or as an array of code units if it is not valid UTF-16.
#[cfg(feature = "serde")]
mod serialization {
    use super::TaskPath;
    use crate::{Profile, dtyp::WideString};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl Serialize for TaskPath {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.to_wide().serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for TaskPath {
        /// Accepts paths that are valid in either profile, so that every serialised path can be read.
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let given = WideString::deserialize(deserializer)?;
            let windows = Self::parse(given.clone(), Profile::Windows);
            windows
                .or_else(|error| Self::parse(given, Profile::Specification).map_err(|_| Error::custom(error)))
        }
    }
}
