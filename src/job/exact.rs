//! The exact layer.

use super::{
    error::{BuildError, Error, ErrorKind},
    layout::{
        FixedData, RUNNING_INSTANCES, RawTrigger, SIGNATURE_HEADER, SIGNATURE_SIZE, STRING_NAMES, STRINGS,
        TaskReserved,
    },
    text::CountedString,
    value::Release,
};
use crate::{
    dtyp::FieldLayout,
    error::{Place, Truncated},
    limits,
};
use nom::{IResult, bytes::complete::take, number::complete::le_u16};
use std::{borrow::Cow, ops::Range};

/// The exact layer: a .JOB file as its parts, with every byte preserved ([MS-TSCH] 2.4).
///
/// Parsing borrows from the input. What was read is written back byte for byte, regardless of the fields' content.
/// Editing a part changes only that part of the file.
///
/// ```
/// use wintask::job::{CountedString, Job, RawJob};
///
/// let bytes = Job::new(uuid::Uuid::nil(), "notepad.exe").to_bytes()?;
/// let mut raw = RawJob::parse(&bytes)?;
/// assert_eq!(raw.to_bytes()?, bytes);
///
/// raw.comment = CountedString::from("edited");
/// assert_eq!(Job::parse(&raw.to_bytes()?)?.comment.ok_or("no comment")?, "edited");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RawJob<'a> {
    /// FIXDLEN_DATA (2.4.1).
    pub fixed: FixedData,
    /// Running Instance Count (2.4.2.2).
    pub running_instances: u16,
    /// Bytes that App Name Len Offset skips before the application name; empty in every real file.
    pub gap: Cow<'a, [u8]>,
    /// Application Name (2.4.2.3).
    pub application_name: CountedString<'a>,
    /// Parameters (2.4.2.4).
    pub parameters: CountedString<'a>,
    /// Working Directory (2.4.2.5).
    pub working_directory: CountedString<'a>,
    /// Author (2.4.2.6).
    pub author: CountedString<'a>,
    /// Comment (2.4.2.7).
    pub comment: CountedString<'a>,
    /// User Data (2.4.2.8), of any size.
    pub user_data: Cow<'a, [u8]>,
    /// Reserved Data (2.4.2.9), of any size; eight bytes in real files.
    pub reserved_data: Cow<'a, [u8]>,
    /// The triggers (2.4.2.11), 48 bytes each. The count in the file is their number, although 2.4.2.10 calls it a size
    /// in bytes (EVIDENCE.md JOB-07).
    #[cfg_attr(feature = "serde", serde(serialize_with = "words"))]
    pub triggers: Cow<'a, [[u8; RawTrigger::SIZE]]>,
    /// The rest of the file: the signature (2.4.2.12), part of one, or anything else.
    pub tail: Cow<'a, [u8]>,
}

/// What follows the triggers ([MS-TSCH] 2.4.2.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Signature<'a> {
    /// Nothing.
    Absent,
    /// Less than a header and 64 bytes; Windows ignores it.
    Truncated(&'a [u8]),
    /// A header whose versions are not both 1; Windows ignores the signature.
    OtherVersion {
        /// SignatureVersion.
        signature_version: u16,
        /// MinClientVersion.
        min_client_version: u16,
    },
    /// The 64 bytes. No known reader verifies them (EVIDENCE.md JOB-08).
    Present(#[cfg_attr(feature = "serde", serde(serialize_with = "bytes"))] &'a [u8; 64]),
}

impl<'a> RawJob<'a> {
    /// Parses the parts as Vista and later do: the strings start at App Name Len Offset.
    ///
    /// # Errors
    /// A part that runs past the end of the file, or an offset outside the file. Nothing else is checked; see
    /// [`RawJob::validate`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Self::parse_on(bytes, Release::default())
    }

    /// Parses the parts as a release does: before Vista the strings start at byte 70, and the offset is ignored.
    ///
    /// # Errors
    /// The errors of [`RawJob::parse`].
    pub fn parse_on(bytes: &'a [u8], release: Release) -> Result<Self, Error> {
        let fixed = bytes.first_chunk().map(FixedData::from_bytes);
        let fixed = fixed.ok_or_else(|| truncated(FixedData::FIELDS, bytes.len(), 0, ""))?;
        let mut reader =
            Reader { size: bytes.len(), rest: bytes.get(RUNNING_INSTANCES..).unwrap_or_default() };
        let running_instances = reader.word("Running Instance Count")?;
        let start = usize::from(fixed.app_name_len_offset);
        let gap = match start.checked_sub(STRINGS) {
            _ if !release.checks_values() => &[],
            Some(gap) if start <= bytes.len() => reader.bytes(gap, STRINGS, "App Name Len Offset")?,
            _ => {
                let kind = ErrorKind::ApplicationNameOffset(fixed.app_name_len_offset);
                return Err(Error::new(kind, Place::bytes(0x14..0x16, "App Name Len Offset")));
            }
        };
        let mut strings = [CountedString::ABSENT; 5];
        for (string, name) in strings.iter_mut().zip(STRING_NAMES) {
            *string = CountedString::borrowed(reader.counted(2, name)?);
        }
        let [application_name, parameters, working_directory, author, comment] = strings;
        let user_data = reader.counted(1, "User Data")?;
        let reserved_data = reader.counted(1, "Reserved Data")?;
        let triggers = reader.triggers()?;
        Ok(Self {
            fixed,
            running_instances,
            gap: gap.into(),
            application_name,
            parameters,
            working_directory,
            author,
            comment,
            user_data: user_data.into(),
            reserved_data: reserved_data.into(),
            triggers: triggers.into(),
            tail: reader.rest.into(),
        })
    }

    /// Returns the file's bytes. The header is written as it is, including its offsets.
    ///
    /// # Errors
    /// [`BuildError`] if an edited part is larger than its 16-bit count allows.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BuildError> {
        let mut out =
            Vec::with_capacity(self.trigger_count_at() + 2 + self.triggers.len() * RawTrigger::SIZE);
        out.extend(self.fixed.to_bytes());
        out.extend(self.running_instances.to_le_bytes());
        out.extend(&*self.gap);
        for (name, string) in self.strings() {
            out.extend(count(name, string.count(), "units")?);
            out.extend(string.as_bytes());
        }
        for (name, data) in [("User Data", &self.user_data), ("Reserved Data", &self.reserved_data)] {
            out.extend(count(name, data.len(), "bytes")?);
            out.extend(&**data);
        }
        out.extend(count("Triggers", self.triggers.len(), "triggers")?);
        out.extend(self.triggers.as_flattened());
        out.extend(&*self.tail);
        Ok(out)
    }

    /// The five strings in order, with the specification's names.
    pub fn strings(&self) -> impl Iterator<Item = (&'static str, &CountedString<'a>)> {
        let Self { application_name, parameters, working_directory, author, comment, .. } = self;
        STRING_NAMES.into_iter().zip([application_name, parameters, working_directory, author, comment])
    }

    /// The triggers' words.
    pub fn triggers(&self) -> impl ExactSizeIterator<Item = RawTrigger> {
        self.triggers.iter().map(RawTrigger::from_bytes)
    }

    /// The fields of the reserved data, if it has the usual eight bytes.
    #[must_use]
    pub fn reserved(&self) -> Option<TaskReserved> {
        <&[u8; 8]>::try_from(&*self.reserved_data).ok().map(TaskReserved::from_bytes)
    }

    /// The signature, if there is one.
    #[must_use]
    pub fn signature(&self) -> Signature<'_> {
        match self.tail.split_first_chunk::<4>() {
            _ if self.tail.is_empty() => Signature::Absent,
            Some((header, rest)) if rest.len() >= SIGNATURE_SIZE - 4 => match (header, rest.first_chunk()) {
                (&SIGNATURE_HEADER, Some(signature)) => Signature::Present(signature),
                ([a, b, c, d], _) => Signature::OtherVersion {
                    signature_version: u16::from_le_bytes([*a, *b]),
                    min_client_version: u16::from_le_bytes([*c, *d]),
                },
            },
            _ => Signature::Truncated(&self.tail),
        }
    }

    /// The bytes after the signature.
    #[must_use]
    pub fn trailing(&self) -> &[u8] {
        self.tail.get(SIGNATURE_SIZE..).unwrap_or_default()
    }

    /// Every part in order with its byte range, which includes the count of a string or data block.
    pub fn parts(&self) -> impl Iterator<Item = (Cow<'static, str>, Range<usize>)> {
        let head =
            [("FIXDLEN_DATA", FixedData::SIZE), ("Running Instance Count", 2), ("Gap", self.gap.len())];
        let strings = self.strings().map(|(name, string)| (name, 2 + string.as_bytes().len()));
        let data = [("User Data", 2 + self.user_data.len()), ("Reserved Data", 2 + self.reserved_data.len())];
        let tail =
            [("Job Signature", self.tail.len() - self.trailing().len()), ("Trailing", self.trailing().len())];
        let triggers = (0..self.triggers.len()).map(|i| (trigger_name(i).into(), RawTrigger::SIZE));
        let sized = head.into_iter().chain(strings).chain(data).chain([("Trigger Count", 2)]);
        let sized = sized.map(|(name, size)| (Cow::Borrowed(name), size)).chain(triggers);
        let sized = sized.chain(tail.map(|(name, size)| (Cow::Borrowed(name), size)));
        sized
            .scan(0, |at, (name, size)| {
                let start = *at;
                *at += size;
                Some((name, start..*at))
            })
            .filter(|(_, span)| !span.is_empty())
    }

    /// Copies the borrowed bytes.
    #[must_use]
    pub fn into_owned(self) -> RawJob<'static> {
        RawJob {
            fixed: self.fixed,
            running_instances: self.running_instances,
            gap: self.gap.into_owned().into(),
            application_name: self.application_name.into_owned(),
            parameters: self.parameters.into_owned(),
            working_directory: self.working_directory.into_owned(),
            author: self.author.into_owned(),
            comment: self.comment.into_owned(),
            user_data: self.user_data.into_owned().into(),
            reserved_data: self.reserved_data.into_owned().into(),
            triggers: self.triggers.into_owned().into(),
            tail: self.tail.into_owned().into(),
        }
    }

    /// Offset of the first string's count.
    pub(super) fn strings_at(&self) -> usize {
        STRINGS + self.gap.len()
    }

    /// Offset of the reserved data's count.
    pub(super) fn reserved_at(&self) -> usize {
        let strings: usize = self.strings().map(|(_, string)| 2 + string.as_bytes().len()).sum();
        self.strings_at() + strings + 2 + self.user_data.len()
    }

    /// Offset of the trigger count, which Trigger Offset should contain.
    pub(super) fn trigger_count_at(&self) -> usize {
        self.reserved_at() + 2 + self.reserved_data.len()
    }
}

/// Serialises triggers as their words.
#[cfg(feature = "serde")]
fn words<S: serde::Serializer>(
    triggers: &[[u8; RawTrigger::SIZE]],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(triggers.iter().map(RawTrigger::from_bytes))
}

/// Encodes a count, if it fits.
fn count(field: &'static str, size: usize, unit: &'static str) -> Result<[u8; 2], BuildError> {
    let error = BuildError::TooLong { field, size, max: limits::JOB_STRING_UNITS, unit };
    u16::try_from(size).map(u16::to_le_bytes).map_err(|_| error)
}

/// The name of trigger `index` in errors and findings.
pub(super) fn trigger_name(index: usize) -> String {
    format!("Triggers[{index}]")
}

/// The error for a structure with only `have` bytes; its location is the first incomplete field.
#[cold]
pub(super) fn truncated(fields: &[FieldLayout], have: usize, at: usize, prefix: &str) -> Error {
    let cut = fields.iter().find(|f| f.offset + f.size > have);
    let (offset, need, name) = cut.map_or((have, 0, ""), |f| (f.offset, f.size, f.name));
    let kind = ErrorKind::Truncated(Truncated { need, have: have.saturating_sub(offset) });
    Error::new(kind, Place::bytes(at + offset..at + have.max(offset), format!("{prefix}{name}")))
}

/// Reads the variable part; `rest` is the unread input.
struct Reader<'a> {
    size: usize,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn at(&self) -> usize {
        self.size - self.rest.len()
    }

    #[inline]
    fn bytes(&mut self, size: usize, from: usize, field: &'static str) -> Result<&'a [u8], Error> {
        let taken: IResult<_, _, ()> = take(size)(self.rest);
        let (rest, bytes) = taken.map_err(|_| self.ends(size, from, field))?;
        self.rest = rest;
        Ok(bytes)
    }

    #[inline]
    fn word(&mut self, field: &'static str) -> Result<u16, Error> {
        let word: IResult<_, _, ()> = le_u16(self.rest);
        let (rest, word) = word.map_err(|_| self.ends(2, self.at(), field))?;
        self.rest = rest;
        Ok(word)
    }

    /// A count, and that number of items of `width` bytes.
    #[inline]
    fn counted(&mut self, width: usize, field: &'static str) -> Result<&'a [u8], Error> {
        let from = self.at();
        let size = usize::from(self.word(field)?) * width;
        self.bytes(size, from, field)
    }

    fn triggers(&mut self) -> Result<&'a [[u8; RawTrigger::SIZE]], Error> {
        let count = usize::from(self.word("Trigger Count")?);
        let (whole, cut) = self.rest.as_chunks();
        let triggers = whole.get(..count).ok_or_else(|| {
            let (at, prefix) = (self.size - cut.len(), trigger_name(whole.len()) + ".");
            truncated(RawTrigger::FIELDS, cut.len(), at, &prefix)
        })?;
        self.rest = self.rest.get(triggers.as_flattened().len()..).unwrap_or_default();
        Ok(triggers)
    }

    #[cold]
    fn ends(&self, need: usize, from: usize, field: &'static str) -> Error {
        let kind = ErrorKind::Truncated(Truncated { need, have: self.rest.len() });
        Error::new(kind, Place::bytes(from..self.size, field))
    }
}

/// serde supports arrays of up to 32 elements.
#[cfg(feature = "serde")]
fn bytes<S: serde::Serializer>(bytes: &[u8; 64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(bytes)
}
