use crate::{
    Profile,
    dtyp::{HResult, HasHResult, WideString, Win32Error},
};
use std::fmt;

const SEPARATOR: u16 = b'\\' as u16;

/// The path of a task or a folder ([MS-TSCH] 2.3.11): names, a `\` before each. No name at all is the root.
///
/// Names are kept as they are written; Windows tells them apart without regard to case, and so do
/// [`Path::is_same`] and [`Path::key`].
///
/// ```
/// use wintask::{Profile, rpc::{Path, PathErrorKind}};
///
/// let path = Path::parse(r"Microsoft\Windows\Defrag", Profile::Windows)?;
/// assert_eq!(path.to_string(), r"\Microsoft\Windows\Defrag");
/// assert_eq!(path.name().ok_or("root")?, "Defrag");
/// assert_eq!(path.parent().ok_or("root")?.to_string(), r"\Microsoft\Windows");
/// assert_eq!(path.join("ScheduledDefrag", Profile::Windows)?.to_string(), r"\Microsoft\Windows\Defrag\ScheduledDefrag");
/// assert!(path.is_same(&Path::parse(r"\MICROSOFT\windows\defrag", Profile::Windows)?));
/// assert!(Path::parse("", Profile::Windows)?.is_root());
///
/// let error = Path::parse(r"\a\..\b", Profile::Windows).unwrap_err();
/// assert_eq!((error.kind, error.at, error.hresult().0), (PathErrorKind::DotDot, 3, 0x8007_007B));
/// assert_eq!(error.to_string(), "character 3: a name is \"..\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// A separator and a name, as often as there are names.
    units: WideString,
}

/// A path by which Windows would find the same task: its names in upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathKey(WideString);

/// Why a path is none, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {kind}")]
#[non_exhaustive]
pub struct PathError {
    /// The rule that is broken.
    pub kind: PathErrorKind,
    /// Index of the UTF-16 unit at which it is.
    pub at: usize,
}

/// The rule of [MS-TSCH] 2.3.11 that a path breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathErrorKind {
    /// The path does not start with `\`. Windows takes it all the same.
    #[error("the path does not start with \"\\\"")]
    NoSeparator,
    /// Two separators stand side by side, or one at the end.
    #[error("a name is empty")]
    EmptyName,
    /// A name starts with a space.
    #[error("a name starts with a space")]
    LeadingSpace,
    /// A name ends with a space. The specification's text allows it.
    #[error("a name ends with a space")]
    TrailingSpace,
    /// A name has a `:` or a `/`; a `\` separates names.
    #[error("a name has a {0:?}")]
    Forbidden(char),
    /// A name is `.`. The specification's text allows it.
    #[error("a name is \".\"")]
    Dot,
    /// A name is `..`.
    #[error("a name is \"..\"")]
    DotDot,
}

impl HasHResult for PathError {
    fn hresult(&self) -> HResult {
        self.hresult()
    }
}

impl PathError {
    /// What a server answers: `ERROR_INVALID_NAME`.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        HResult::from_win32(Win32Error::INVALID_NAME)
    }
}

impl Path {
    /// The root.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a path as a method is given it.
    ///
    /// An empty one is the root. In [`Profile::Windows`] the first `\` may be missing, and a name that is `.` or ends
    /// with a space is refused.
    ///
    /// # Errors
    /// The first name that is none, and why.
    pub fn parse(path: impl Into<WideString>, profile: Profile) -> Result<Self, PathError> {
        let given = path.into();
        let (names, start) = match given.units() {
            [] | [SEPARATOR] => return Ok(Self::root()),
            [SEPARATOR, names @ ..] => (names, 1),
            _ if profile == Profile::Specification => {
                return Err(PathError { kind: PathErrorKind::NoSeparator, at: 0 });
            }
            names => (names, 0),
        };
        let mut at = start;
        for name in names.split(|unit| *unit == SEPARATOR) {
            check(name, profile).map_err(|(kind, within)| PathError { kind, at: at + within })?;
            at += name.len() + 1;
        }
        let units = if start == 1 { given } else { [&[SEPARATOR], names].concat().into() };
        Ok(Self { units })
    }

    /// The path below this one, of one name or several; a `\` before the first of them is no matter.
    ///
    /// # Errors
    /// The first name that is none, and why; the place counts within `names`.
    pub fn join(&self, names: impl Into<WideString>, profile: Profile) -> Result<Self, PathError> {
        let mut names = names.into().into_units();
        let added = usize::from(!names.is_empty() && names.first() != Some(&SEPARATOR));
        if added == 1 {
            names.insert(0, SEPARATOR);
        }
        let below = Self::parse(names, profile)
            .map_err(|error| PathError { at: error.at.saturating_sub(added), ..error })?;
        Ok(Self { units: [self.units.units(), below.units.units()].concat().into() })
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

    /// The last name; the root has none.
    #[must_use]
    pub fn name(&self) -> Option<WideString> {
        self.names().next_back()
    }

    /// The folder that this is in; the root is in none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let separator = self.units.units().iter().rposition(|unit| *unit == SEPARATOR)?;
        Some(Self { units: self.units.units().get(..separator)?.to_vec().into() })
    }

    /// Whether both lead to the same task or folder.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// What stands for the path where equal paths must be found, in maps above all.
    #[must_use]
    pub fn key(&self) -> PathKey {
        PathKey(self.units.units().iter().map(|unit| upper(*unit)).collect::<Vec<_>>().into())
    }

    /// The path as Windows writes it, the root as `\`.
    #[must_use]
    pub fn to_wide(&self) -> WideString {
        if self.is_root() { WideString::from_units([SEPARATOR]) } else { self.units.clone() }
    }
}

impl fmt::Display for Path {
    /// As Windows writes it; lone surrogates are replaced.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_wide(), f)
    }
}

impl From<Path> for WideString {
    fn from(path: Path) -> Self {
        path.to_wide()
    }
}

/// Why a name is none, and at which unit of it.
fn check(name: &[u16], profile: Profile) -> Result<(), (PathErrorKind, usize)> {
    const SPACE: u16 = b' ' as u16;
    const DOT: u16 = b'.' as u16;
    let windows = profile == Profile::Windows;
    match name {
        [] => return Err((PathErrorKind::EmptyName, 0)),
        [SPACE, ..] => return Err((PathErrorKind::LeadingSpace, 0)),
        [.., SPACE] if windows => return Err((PathErrorKind::TrailingSpace, name.len() - 1)),
        [DOT] if windows => return Err((PathErrorKind::Dot, 0)),
        [DOT, DOT] => return Err((PathErrorKind::DotDot, 0)),
        _ => {}
    }
    let forbidden = |unit: u16| [':', '/'].into_iter().find(|c| u32::from(*c) == u32::from(unit));
    match name.iter().enumerate().find_map(|(at, unit)| Some((forbidden(*unit)?, at))) {
        Some((c, at)) => Err((PathErrorKind::Forbidden(c), at)),
        None => Ok(()),
    }
}

/// The upper case of a unit, where that is one unit too; surrogates and what has no case stay.
fn upper(unit: u16) -> u16 {
    let Some(c) = char::from_u32(unit.into()) else { return unit };
    let mut upper = c.to_uppercase();
    match (upper.next().map(|c| u16::try_from(u32::from(c))), upper.next()) {
        (Some(Ok(upper)), None) => upper,
        _ => unit,
    }
}
