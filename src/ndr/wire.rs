use super::{Names, Reader, Result, Syntax, Writer};

/// A type of the wire: how it is laid out, read and written.
///
/// What stands *in place* is a value without what its pointers lead to; the pointees follow later
/// (C706 14.3.12.3).
pub trait Wire: Sized {
    /// What is known of a value when only what stands in place was read.
    type InPlace;

    /// The multiple at which a value in place starts, in bytes from the start of the stub.
    fn alignment(syntax: Syntax) -> usize;

    /// The fewest bytes that a value takes in place, at least one: what an array's count is held against before room
    /// is made for its elements.
    fn least(syntax: Syntax) -> usize;

    /// The most bytes that this value takes, pads and pointees included. A writer makes room for so much at once.
    fn most(&self, syntax: Syntax) -> usize;

    /// Reads what stands in place.
    ///
    /// # Errors
    /// What is wrong with the stub, and where.
    fn read(reader: &mut Reader<'_>) -> Result<Self::InPlace>;

    /// Reads what the value's pointers lead to, and makes it whole.
    ///
    /// # Errors
    /// What is wrong with the stub, and where.
    fn read_pointees(in_place: Self::InPlace, reader: &mut Reader<'_>) -> Result<Self>;

    /// Writes what stands in place.
    ///
    /// # Errors
    /// What cannot be said on the wire.
    fn write(&self, writer: &mut Writer) -> Result<()>;

    /// Writes what the value's pointers lead to.
    ///
    /// # Errors
    /// What cannot be said on the wire.
    #[inline]
    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        let _ = writer;
        Ok(())
    }
}

impl Reader<'_> {
    /// Reads a top-level parameter: the value in place and, at once, its pointees.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the parameter of this name.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str) -> Result<T> {
        let in_place = self.in_place::<T>(name)?;
        self.pointees(name, in_place)
    }

    /// Reads what of a part stands in place; its pointees come later.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the part of this name.
    #[inline]
    pub fn in_place<T: Wire>(&mut self, name: &str) -> Result<T::InPlace> {
        T::read(self).map_err(|error| error.within(name))
    }

    /// Reads the pointees of a part that was read in place.
    ///
    /// # Errors
    /// What is wrong with the stub, and where in the part of this name.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, in_place: T::InPlace) -> Result<T> {
        T::read_pointees(in_place, self).map_err(|error| error.within(name))
    }

    /// Reads what of a field stands in place. An error in the count of an array has the count's own name.
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
    /// Writes a top-level parameter: the value in place and, at once, its pointees.
    ///
    /// # Errors
    /// What cannot be said on the wire, and where in the parameter of this name.
    #[inline]
    pub fn parameter<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        self.field(name, value)?;
        self.pointees(name, value)
    }

    /// Writes a part in place; its pointees come later.
    ///
    /// # Errors
    /// What cannot be said on the wire, and where in the part of this name.
    #[inline]
    pub fn field<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write(self).map_err(|error| error.within(name))
    }

    /// Writes the pointees of a part.
    ///
    /// # Errors
    /// What cannot be said on the wire, and where in the part of this name.
    #[inline]
    pub fn pointees<T: Wire>(&mut self, name: &str, value: &T) -> Result<()> {
        value.write_pointees(self).map_err(|error| error.within(name))
    }
}

/// The name of a count until its own is put in its place.
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
