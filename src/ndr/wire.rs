//! The trait of what the wire can represent, and reading and writing by it.

use super::{Names, Reader, Result, Syntax, Writer};

/// A type of the wire: its layout, and how it is read and written.
///
/// The part *in place* is the value without its pointees, which follow later (C706 14.3.12.3).
pub trait Wire: Sized {
    /// The part of a value that is in place.
    type InPlace;

    /// The multiple at which a value in place starts, in bytes from the start of the stub.
    fn alignment(syntax: Syntax) -> usize;

    /// The minimum number of bytes of a value in place, at least one. The count of an array is checked against it before
    /// the elements are allocated.
    fn least(syntax: Syntax) -> usize;

    /// The maximum number of bytes that this value takes, including padding and pointees. A writer allocates them at
    /// once.
    fn most(&self, syntax: Syntax) -> usize;

    /// Reads the part in place.
    ///
    /// # Errors
    /// What is wrong with the stub, and where.
    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace>;

    /// Reads the pointees and completes the value.
    ///
    /// # Errors
    /// What is wrong with the stub, and where.
    fn read_pointees(in_place: Self::InPlace, reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes the part in place.
    ///
    /// # Errors
    /// What the wire cannot represent.
    fn write(&self, writer: &mut Writer) -> Result<()>;

    /// Writes the pointees.
    ///
    /// # Errors
    /// What the wire cannot represent.
    #[inline]
    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        let _ = writer;
        Ok(())
    }
}

impl Reader<'_> {
    /// Reads a top-level parameter: its part in place, followed by its pointees.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the parameter of this name.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str) -> Result<T> {
        let in_place = self.in_place::<T>(name)?;
        self.pointees(name, in_place)
    }

    /// Reads the part in place of a field; its pointees follow later.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the field of this name.
    #[inline]
    pub fn in_place<T: Wire>(&mut self, name: &str) -> Result<T::InPlace> {
        T::read(self).map_err(|error| error.within(name))
    }

    /// Reads the pointees of a field whose part in place was read before.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the field of this name.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, in_place: T::InPlace) -> Result<T> {
        T::read_pointees(in_place, self).map_err(|error| error.within(name))
    }

    /// Reads the part in place of a field. The path of an error in the count of an array is the name of the count.
    #[inline]
    pub(crate) fn field<T: Wire>(&mut self, names: Names) -> Result<T::InPlace> {
        T::read(self).map_err(|error| match names.count {
            Some(count) if error.place().path() == COUNT => error.renamed(count),
            _ => error.within(names.name),
        })
    }

    /// Reads a top-level parameter by its names.
    #[inline]
    pub(crate) fn named<T: Wire>(&mut self, names: Names) -> Result<T> {
        let in_place = self.field::<T>(names)?;
        self.pointees(names.name, in_place)
    }
}

impl Writer {
    /// Writes a top-level parameter: its part in place, followed by its pointees.
    ///
    /// # Errors
    /// What the wire cannot represent, and where in the parameter of this name.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        self.field(name, value)?;
        self.pointees(name, value)
    }

    /// Writes the part in place of a field; its pointees follow later.
    ///
    /// # Errors
    /// What the wire cannot represent, and where in the field of this name.
    #[inline]
    pub fn field<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write(self).map_err(|error| error.within(name))
    }

    /// Writes the pointees of a field.
    ///
    /// # Errors
    /// What the wire cannot represent, and where in the field of this name.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write_pointees(self).map_err(|error| error.within(name))
    }
}

/// The path of an error in a count until it is replaced by the name of the count.
pub(crate) const COUNT: &str = "count";

/// The reading half of [`Wire`] for a type without pointers.
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
