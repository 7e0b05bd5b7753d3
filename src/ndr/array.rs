//! Arrays (C706 14.3.3): conformant, varying, conformant varying, and counted.

use super::{COUNT, ErrorKind, Reader, Result, Syntax, Wire, Writer, unplaced};

/// Reads the in-place parts of this many elements.
fn read_elements<T: Wire>(reader: &mut Reader<'_>, count: u64) -> Result<Vec<T::InPlace>> {
    let count = reader.room_for(count, T::least(reader.syntax()))?;
    let mut elements = Vec::with_capacity(count);
    while elements.len() < count {
        elements.push(T::read(reader).map_err(|error| error.in_element(elements.len()))?);
    }
    Ok(elements)
}

fn read_pointees<T: Wire>(in_place: Vec<T::InPlace>, reader: &mut Reader<'_>) -> Result<Vec<T>> {
    let mut elements = Vec::with_capacity(in_place.len());
    for element in in_place {
        elements.push(T::read_pointees(element, reader).map_err(|error| error.in_element(elements.len()))?);
    }
    Ok(elements)
}

fn write_elements<T: Wire>(writer: &mut Writer, elements: &[T]) -> Result<()> {
    for (index, element) in elements.iter().enumerate() {
        element.write(writer).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

fn write_pointees<T: Wire>(writer: &mut Writer, elements: &[T]) -> Result<()> {
    for (index, element) in elements.iter().enumerate() {
        element.write_pointees(writer).map_err(|error| error.in_element(index))?;
    }
    Ok(())
}

/// The maximum size in bytes of an array preceded by this many counts.
fn most<T: Wire>(elements: &[T], counts: usize, syntax: Syntax) -> usize {
    let counts = (counts + 1) * syntax.word();
    elements.iter().fold(counts, |sum, element| sum.saturating_add(element.most(syntax)))
}

/// Reads a conformant array. Its size must equal `size_is`, if given.
fn read_conformant<T: Wire>(reader: &mut Reader<'_>, size_is: Option<u32>) -> Result<Vec<T::InPlace>> {
    let max_count = reader.count("max_count")?;
    if let Some(count) = size_is.map(u64::from)
        && count != max_count
    {
        let start = reader.offset() - reader.syntax().word();
        return Err(reader.refuse(ErrorKind::SizeIs { max_count, count }, start, "max_count"));
    }
    read_elements::<T>(reader, max_count)
}

/// A conformant array (C706 14.3.3.2): its size, followed by the elements. It is a top-level parameter or a pointee.
impl<T: Wire> Wire for Vec<T> {
    type InPlace = Vec<T::InPlace>;

    fn alignment(syntax: Syntax) -> usize {
        T::alignment(syntax).max(syntax.word())
    }

    fn least(syntax: Syntax) -> usize {
        syntax.word()
    }

    fn most(&self, syntax: Syntax) -> usize {
        most(self, 1, syntax)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace> {
        read_conformant::<T>(reader, None)
    }

    fn read_pointees(in_place: Self::InPlace, reader: &mut Reader<'_>) -> Result<Self> {
        read_pointees(in_place, reader)
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        writer.count(self.len())?;
        write_elements(writer, self)
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        write_pointees(writer, self)
    }
}

/// Two related parameters or fields: a count, and a unique pointer to the array with that count as its `size_is`.
///
/// The count is the size of the array, so the two always agree. With a NULL pointer the count can have any value
/// (EVIDENCE.md NDR-02).
///
/// ```
/// use wintask::ndr::Counted;
///
/// let guids: Counted<u32> = vec![1, 2].into();
/// assert_eq!((guids.count(), guids.as_slice()), (2, &[1, 2][..]));
/// assert_eq!(Counted::<u32>::default(), Counted::Null { count: 0 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a pointer is NULL or is not")]
pub enum Counted<T> {
    /// An array, which may be empty.
    Array(Vec<T>),
    /// A NULL pointer with a separate count.
    Null {
        /// The count.
        count: u32,
    },
}

impl<T> Counted<T> {
    /// The count. It is `u32::MAX` for an array that is too long for a 32-bit count, and so cannot be written.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            Self::Array(elements) => u32::try_from(elements.len()).unwrap_or(u32::MAX),
            Self::Null { count } => *count,
        }
    }

    /// The elements; empty for a NULL pointer.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Array(elements) => elements,
            Self::Null { .. } => &[],
        }
    }

    /// The elements; empty for a NULL pointer.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::Array(elements) => elements,
            Self::Null { .. } => Vec::new(),
        }
    }
}

impl<T> Default for Counted<T> {
    /// A NULL pointer and the count 0: an empty array as Windows sends it (EVIDENCE.md NDR-02).
    fn default() -> Self {
        Self::Null { count: 0 }
    }
}

impl<T> From<Vec<T>> for Counted<T> {
    fn from(elements: Vec<T>) -> Self {
        Self::Array(elements)
    }
}

/// The count and the pointer are in place; the elements are the pointee.
impl<T: Wire> Wire for Counted<T> {
    /// The count, and whether an array follows.
    type InPlace = (u32, bool);

    fn alignment(syntax: Syntax) -> usize {
        syntax.word()
    }

    fn least(syntax: Syntax) -> usize {
        2 * syntax.word()
    }

    fn most(&self, syntax: Syntax) -> usize {
        3 * syntax.word() + most(self.as_slice(), 1, syntax)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace> {
        Ok((reader.in_place::<u32>(COUNT)?, reader.referent()? != 0))
    }

    fn read_pointees((count, present): Self::InPlace, reader: &mut Reader<'_>) -> Result<Self> {
        if !present {
            return Ok(Self::Null { count });
        }
        let elements = read_conformant::<T>(reader, Some(count))?;
        read_pointees(elements, reader).map(Self::Array)
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        match self {
            Self::Array(elements) => {
                let count = writer.number(elements.len())?;
                writer.u32(count);
                writer.referent();
            }
            Self::Null { count } => {
                writer.u32(*count);
                writer.word(0);
            }
        }
        Ok(())
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        match self {
            Self::Array(elements) => {
                elements.write(writer)?;
                elements.write_pointees(writer)
            }
            Self::Null { .. } => Ok(()),
        }
    }
}

/// A varying array (C706 14.3.3.3): consecutive elements of an array of `N`, and the index of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Varying<T, const N: usize> {
    /// Index of the first element sent.
    pub offset: u32,
    /// The elements sent.
    pub elements: Vec<T>,
}

/// A conformant varying array (C706 14.3.3.4): consecutive elements of an array, and the size of that array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ConformantVarying<T> {
    /// The number of elements of the whole array.
    pub max_count: u32,
    /// Index of the first element sent.
    pub offset: u32,
    /// The elements sent.
    pub elements: Vec<T>,
}

impl<T, const N: usize> Varying<T, N> {
    /// Creates an array from the elements to send, the first of which has the index `offset`.
    pub fn new(offset: u32, elements: impl Into<Vec<T>>) -> Self {
        Self { offset, elements: elements.into() }
    }
}

impl<T> ConformantVarying<T> {
    /// Creates an array from the elements to send of an array of `max_count`, the first of which has the index
    /// `offset`.
    pub fn new(max_count: u32, offset: u32, elements: impl Into<Vec<T>>) -> Self {
        Self { max_count, offset, elements: elements.into() }
    }
}

/// Whether `actual_count` elements from `offset` lie within an array of `max_count`.
fn within(offset: u64, actual_count: u64, max_count: u64) -> std::result::Result<(), ErrorKind> {
    if offset.checked_add(actual_count).is_some_and(|end| end <= max_count) {
        Ok(())
    } else {
        Err(ErrorKind::BeyondMaximum { offset, actual_count, max_count })
    }
}

/// Reads an offset, an actual count and that many elements.
fn read_varying<T: Wire>(reader: &mut Reader<'_>, max_count: u64) -> Result<(u32, Vec<T::InPlace>)> {
    let start = reader.offset();
    let [offset, actual_count] = reader.counts(["offset", "actual_count"])?;
    within(offset, actual_count, max_count).map_err(|kind| reader.refuse(kind, start, "offset"))?;
    let first =
        u32::try_from(offset).map_err(|_| reader.refuse(ErrorKind::Offset(offset), start, "offset"))?;
    Ok((first, read_elements::<T>(reader, actual_count)?))
}

fn write_varying<T: Wire>(writer: &mut Writer, offset: u32, elements: &[T], max_count: u64) -> Result<()> {
    let actual_count = writer.number(elements.len())?;
    within(offset.into(), actual_count.into(), max_count).map_err(unplaced)?;
    writer.words([offset, actual_count]);
    write_elements(writer, elements)
}

impl<T: Wire, const N: usize> Wire for Varying<T, N> {
    type InPlace = (u32, Vec<T::InPlace>);

    fn alignment(syntax: Syntax) -> usize {
        T::alignment(syntax).max(syntax.word())
    }

    fn least(syntax: Syntax) -> usize {
        2 * syntax.word()
    }

    fn most(&self, syntax: Syntax) -> usize {
        most(&self.elements, 2, syntax)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace> {
        read_varying::<T>(reader, u64::try_from(N).unwrap_or(u64::MAX))
    }

    fn read_pointees((offset, elements): Self::InPlace, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { offset, elements: read_pointees(elements, reader)? })
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        write_varying(writer, self.offset, &self.elements, u64::try_from(N).unwrap_or(u64::MAX))
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        write_pointees(writer, &self.elements)
    }
}

impl<T: Wire> Wire for ConformantVarying<T> {
    type InPlace = (u32, u32, Vec<T::InPlace>);

    fn alignment(syntax: Syntax) -> usize {
        T::alignment(syntax).max(syntax.word())
    }

    fn least(syntax: Syntax) -> usize {
        3 * syntax.word()
    }

    fn most(&self, syntax: Syntax) -> usize {
        most(&self.elements, 3, syntax)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace> {
        let start = reader.offset();
        let claimed = reader.count("max_count")?;
        let max_count = u32::try_from(claimed).map_err(|_| {
            let kind = ErrorKind::TooManyElements { count: claimed, have: reader.remaining() };
            reader.refuse(kind, start, "max_count")
        })?;
        let (offset, elements) = read_varying::<T>(reader, claimed)?;
        Ok((max_count, offset, elements))
    }

    fn read_pointees((max_count, offset, elements): Self::InPlace, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { max_count, offset, elements: read_pointees(elements, reader)? })
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        writer.word(self.max_count.into());
        write_varying(writer, self.offset, &self.elements, self.max_count.into())
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        write_pointees(writer, &self.elements)
    }
}
