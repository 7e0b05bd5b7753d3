use super::{Reader, Result, Syntax, Writer};

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
