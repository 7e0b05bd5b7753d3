//! Pointers (C706 14.3.10 to 14.3.12): unique, ref and full.

use super::{ErrorKind, Reader, Result, Syntax, Wire, Writer};
use crate::limits;
use std::{any::Any, sync::Arc};

/// Reads a pointee: its in-place part, followed by its own pointees.
fn read_pointee<T: Wire>(reader: &mut Reader<'_>) -> Result<T> {
    let in_place = T::read(reader)?;
    T::read_pointees(in_place, reader)
}

fn write_pointee<T: Wire>(value: &T, writer: &mut Writer) -> Result<()> {
    value.write(writer)?;
    value.write_pointees(writer)
}

/// The alignment and the minimum size of a referent.
macro_rules! referent {
    () => {
        #[inline]
        fn alignment(syntax: Syntax) -> usize {
            syntax.word()
        }

        #[inline]
        fn least(syntax: Syntax) -> usize {
            syntax.word()
        }
    };
}

/// A unique pointer: NULL, or a separate object, regardless of the referent (EVIDENCE.md NDR-08).
impl<T: Wire> Wire for Option<T> {
    /// Whether a pointee follows.
    type InPlace = bool;

    referent!();

    #[inline]
    fn most(&self, syntax: Syntax) -> usize {
        let pointee = self.as_ref().map_or(0, |value| value.most(syntax));
        pointee.saturating_add(2 * syntax.word())
    }

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<bool> {
        Ok(reader.referent()? != 0)
    }

    #[inline]
    fn read_pointees(present: bool, reader: &mut Reader<'_>) -> Result<Self> {
        present.then(|| read_pointee(reader)).transpose()
    }

    #[inline]
    fn write(&self, writer: &mut Writer) -> Result<()> {
        match self {
            Some(_) => drop(writer.referent()),
            None => writer.word(0),
        }
        Ok(())
    }

    #[inline]
    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        self.as_ref().map_or(Ok(()), |value| write_pointee(value, writer))
    }
}

/// A ref pointer within a structure or an array, which is never NULL. Top-level ref pointers are not transmitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a pointer has one pointee")]
pub struct Ref<T>(
    /// The pointee.
    pub T,
);

impl<T: Wire> Wire for Ref<T> {
    type InPlace = ();

    referent!();

    fn most(&self, syntax: Syntax) -> usize {
        self.0.most(syntax).saturating_add(2 * syntax.word())
    }

    fn read(reader: &mut Reader<'_>) -> Result<()> {
        match reader.referent()? {
            0 => {
                let start = reader.offset() - reader.syntax().word();
                Err(reader.refuse(ErrorKind::NullReference, start, ""))
            }
            _ => Ok(()),
        }
    }

    fn read_pointees((): (), reader: &mut Reader<'_>) -> Result<Self> {
        read_pointee(reader).map(Self)
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        writer.referent();
        Ok(())
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        write_pointee(&self.0, writer)
    }
}

/// A full pointer: NULL, or an object that other full pointers of the same call may share. The object is transmitted
/// once, with the first pointer; equal referents identify the same object.
///
/// ```
/// use wintask::ndr::{Full, Reader, Transfer, Writer};
///
/// let one = Full::new(7u32);
/// let mut writer = Writer::new(Transfer::NDR20);
/// writer.parameter("first", &one)?;
/// writer.parameter("second", &one.clone())?;
/// let stub = writer.into_stub();
/// assert_eq!(stub, [0, 0, 2, 0, 7, 0, 0, 0, 0, 0, 2, 0]); // referent, object, the same referent
///
/// let mut reader = Reader::new(&stub, Transfer::NDR20);
/// let (first, second) = (reader.parameter::<Full<u32>>("first")?, reader.parameter::<Full<u32>>("second")?);
/// assert!(std::sync::Arc::ptr_eq(first.get().ok_or("null")?, second.get().ok_or("null")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Full<T>(Option<Arc<T>>);

impl<T> Full<T> {
    /// The NULL pointer.
    pub const NULL: Self = Self(None);

    /// Creates a pointer to a new object; clones of the pointer share the object.
    pub fn new(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The object.
    #[must_use]
    pub fn get(&self) -> Option<&Arc<T>> {
        self.0.as_ref()
    }
}

impl<T: Wire + Any + Send + Sync> Wire for Full<T> {
    type InPlace = u64;

    referent!();

    fn most(&self, syntax: Syntax) -> usize {
        let pointee = self.0.as_ref().map_or(0, |object| object.most(syntax));
        pointee.saturating_add(2 * syntax.word())
    }

    fn read(reader: &mut Reader<'_>) -> Result<u64> {
        reader.referent()
    }

    fn read_pointees(referent: u64, reader: &mut Reader<'_>) -> Result<Self> {
        if referent == 0 {
            return Ok(Self::NULL);
        }
        let refuse = |reader: &Reader<'_>, kind| Err(reader.refuse(kind, reader.offset(), ""));
        match reader.arrived.objects.get(&referent) {
            Some(Some(object)) => match Arc::clone(object).downcast::<T>() {
                Ok(object) => return Ok(Self(Some(object))),
                Err(_) => return refuse(reader, ErrorKind::MixedReferent(referent)),
            },
            Some(None) => return refuse(reader, ErrorKind::Cyclic(referent)),
            None => {}
        }
        if reader.arrived.depth >= limits::NDR_DEPTH {
            return refuse(reader, ErrorKind::TooDeep);
        }
        reader.arrived.depth += 1;
        reader.arrived.objects.insert(referent, None);
        let object = Arc::new(read_pointee::<T>(reader)?);
        reader.arrived.depth -= 1;
        let shared: Arc<dyn Any + Send + Sync> = object.clone();
        reader.arrived.objects.insert(referent, Some(shared));
        Ok(Self(Some(object)))
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        let Some(object) = &self.0 else {
            writer.word(0);
            return Ok(());
        };
        let address = Arc::as_ptr(object).addr();
        match writer.sent.0.get(&address) {
            Some(&(referent, _)) => writer.word(referent),
            None => {
                let referent = writer.referent();
                writer.sent.0.insert(address, (referent, false));
            }
        }
        Ok(())
    }

    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        let Some(object) = &self.0 else { return Ok(()) };
        match writer.sent.0.get_mut(&Arc::as_ptr(object).addr()) {
            Some((_, written)) if !*written => *written = true,
            _ => return Ok(()),
        }
        write_pointee(&**object, writer)
    }
}
