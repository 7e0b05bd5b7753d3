//! The trait for wire types, and how to read and write them.

use super::{Names, Reader, Result, Syntax, Writer};

/// A wire type: its layout, and how it is read and written.
///
/// The *in-place* part is the value without its pointees, which follow later (C706 14.3.12.3).
pub trait Wire: Sized {
    /// The in-place part of a value.
    type InPlace;

    /// The alignment of the in-place part, in bytes from the start of the stub.
    fn alignment(syntax: Syntax) -> usize;

    /// The minimum size of the in-place part in bytes, at least one. Array counts are checked against it before
    /// elements are allocated.
    fn least(syntax: Syntax) -> usize;

    /// The maximum size of this value in bytes, including padding and pointees. A writer allocates this at once.
    fn most(&self, syntax: Syntax) -> usize;

    /// Reads the in-place part.
    ///
    /// # Errors
    /// An invalid stub, with the location.
    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace>;

    /// Reads the pointees and completes the value.
    ///
    /// # Errors
    /// An invalid stub, with the location.
    fn read_pointees(in_place: Self::InPlace, reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes the in-place part.
    ///
    /// # Errors
    /// A value that the wire cannot represent.
    fn write(&self, writer: &mut Writer) -> Result<()>;

    /// Writes the pointees.
    ///
    /// # Errors
    /// A value that the wire cannot represent.
    #[inline]
    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        let _ = writer;
        Ok(())
    }
}

impl Reader<'_> {
    /// Reads a top-level parameter: its in-place part, followed by its pointees.
    ///
    /// # Errors
    /// An invalid stub, with the location in the parameter.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str) -> Result<T> {
        let in_place = self.in_place::<T>(name)?;
        self.pointees(name, in_place)
    }

    /// Reads the in-place part of a field; its pointees follow later.
    ///
    /// # Errors
    /// An invalid stub, with the location in the field.
    #[inline]
    pub fn in_place<T: Wire>(&mut self, name: &str) -> Result<T::InPlace> {
        T::read(self).map_err(|error| error.within(name))
    }

    /// Reads the pointees of a field whose in-place part was already read.
    ///
    /// # Errors
    /// An invalid stub, with the location in the field.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, in_place: T::InPlace) -> Result<T> {
        T::read_pointees(in_place, self).map_err(|error| error.within(name))
    }

    /// Reads the in-place part of a field. An error in an array's count has the name of the count as its path.
    #[inline]
    pub(crate) fn field<T: Wire>(&mut self, names: &'static Names) -> Result<T::InPlace> {
        T::read(self).map_err(|error| match names.count {
            Some(count) if error.place().path() == COUNT => error.renamed(count),
            _ => error.within(names.name),
        })
    }

    /// Reads a top-level parameter by its names.
    #[inline]
    pub(crate) fn named<T: Wire>(&mut self, names: &'static Names) -> Result<T> {
        let in_place = self.field::<T>(names)?;
        self.pointees(names.name, in_place)
    }
}

impl Writer {
    /// Writes a top-level parameter: its in-place part, followed by its pointees.
    ///
    /// # Errors
    /// A value that the wire cannot represent, with its location in the parameter.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        self.field(name, value)?;
        self.pointees(name, value)
    }

    /// Writes the in-place part of a field; its pointees follow later.
    ///
    /// # Errors
    /// A value that the wire cannot represent, with its location in the field.
    #[inline]
    pub fn field<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write(self).map_err(|error| error.within(name))
    }

    /// Writes the pointees of a field.
    ///
    /// # Errors
    /// A value that the wire cannot represent, with its location in the field.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write_pointees(self).map_err(|error| error.within(name))
    }
}

/// The path of an error in a count, until it is replaced by the name of the count.
pub(crate) const COUNT: &str = "count";

/// Implements the reading half of [`Wire`] for a type without pointers.
macro_rules! without_pointees {
    ($reader:ident => $read:expr) => {
        type InPlace = Self;

        #[inline]
        fn read($reader: &mut $crate::ndr::Reader<'_>) -> $crate::ndr::Result<Self> {
            $read
        }

        #[inline]
        fn read_pointees(in_place: Self, _: &mut $crate::ndr::Reader<'_>) -> $crate::ndr::Result<Self> {
            Ok(in_place)
        }
    };
}

pub(crate) use without_pointees;
