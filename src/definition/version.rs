//! Versions of the schema.

use std::{fmt, str::FromStr};

/// The schema version of a task (`Task@version`; [MS-TSCH] 2.5, 2.5.1.2).
///
/// ```
/// use wintask::definition::SchemaVersion;
///
/// let version: SchemaVersion = "1.4".parse()?;
/// assert!(version > SchemaVersion::V1_2);
/// assert_eq!(version.product(), Some("Windows 8, Windows Server 2012"));
/// assert_eq!("1.2.0".parse::<SchemaVersion>()?.to_string(), "1.2.0");
/// # Ok::<(), wintask::definition::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaVersion {
    /// Up to four numbers.
    numbers: [u32; 4],
    /// The number of parts, 2 to 4.
    count: u8,
}

/// The error for an invalid version string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version of the form 1.2")]
pub struct InvalidVersion;

crate::dtyp::macros::message_serde!(InvalidVersion);

impl SchemaVersion {
    /// AT jobs.
    pub const V1_0: Self = Self::new(1, 0);
    /// Tasks of Windows 2000, XP and Server 2003.
    pub const V1_1: Self = Self::new(1, 1);
    /// Windows Vista and Windows Server 2008.
    pub const V1_2: Self = Self::new(1, 2);
    /// Windows 7 and Windows Server 2008 R2.
    pub const V1_3: Self = Self::new(1, 3);
    /// Windows 8 and Windows Server 2012.
    pub const V1_4: Self = Self::new(1, 4);
    /// Windows 10 and Windows Server 2016.
    pub const V1_5: Self = Self::new(1, 5);
    /// Windows 10 version 1703 and later.
    pub const V1_6: Self = Self::new(1, 6);

    /// Major and minor version.
    #[must_use]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { numbers: [major, minor, 0, 0], count: 2 }
    }

    /// The number before the first dot.
    #[must_use]
    pub const fn major(self) -> u32 {
        let [major, ..] = self.numbers;
        major
    }

    /// The number after the first dot.
    #[must_use]
    pub const fn minor(self) -> u32 {
        let [_, minor, ..] = self.numbers;
        minor
    }

    /// Whether tasks of this version can use the features of another; only the first two numbers count.
    #[must_use]
    pub fn has(self, since: Self) -> bool {
        (self.major(), self.minor()) >= (since.major(), since.minor())
    }

    /// The first products that support the version.
    #[must_use]
    pub const fn product(self) -> Option<&'static str> {
        match (self.major(), self.minor()) {
            (1, 0) => Some("AT jobs"),
            (1, 1) => Some("Windows 2000, Windows XP, Windows Server 2003"),
            (1, 2) => Some("Windows Vista, Windows Server 2008"),
            (1, 3) => Some("Windows 7, Windows Server 2008 R2"),
            (1, 4) => Some("Windows 8, Windows Server 2012"),
            (1, 5) => Some("Windows 10, Windows Server 2016"),
            (1, 6) => Some("Windows 10 version 1703"),
            _ => None,
        }
    }
}

impl FromStr for SchemaVersion {
    type Err = InvalidVersion;
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        if let [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] = text.as_bytes() {
            return Ok(Self::new((major - b'0').into(), (minor - b'0').into()));
        }
        let mut version = Self { numbers: [0; 4], count: 0 };
        for part in text.split('.') {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let place = version.numbers.get_mut(usize::from(version.count)).filter(|_| digits);
            *place.ok_or(InvalidVersion)? = part.parse().unwrap_or(u32::MAX);
            version.count += 1;
        }
        if version.count >= 2 { Ok(version) } else { Err(InvalidVersion) }
    }
}

impl SchemaVersion {
    /// The same as `to_string`, without the formatting machinery for versions of two digits.
    pub(crate) fn to_text(self) -> String {
        match (self.count, self.numbers.map(|number| char::from_digit(number, 10))) {
            (2, [Some(major), Some(minor), ..]) => String::from_iter([major, '.', minor]),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, number) in self.numbers.iter().take(self.count.into()).enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{number}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

crate::dtyp::macros::text_serde!(SchemaVersion);

#[cfg(feature = "arbitrary")]
impl arbitrary::Arbitrary<'_> for SchemaVersion {
    fn arbitrary(bytes: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Self> {
        Ok(Self::new(bytes.arbitrary()?, bytes.arbitrary()?))
    }
}
