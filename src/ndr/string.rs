//! Strings: NUL-terminated conformant varying arrays of UTF-16 code units (C706 14.3.4). The NUL is not part of the
//! value.

use super::{Error, ErrorKind, Reader, Result, Syntax, Wire, Writer, wire::without_pointees};
use crate::dtyp::{Password, WideString};

/// Reads the units of a string, without the NUL, into a vector of exactly that capacity.
fn read_units(reader: &mut Reader<'_>) -> Result<Vec<u16>> {
    let [max_count, offset, actual_count] = reader.counts(["max_count", "offset", "actual_count"])?;
    if offset != 0 || actual_count > max_count {
        return Err(misplaced(reader, max_count, offset, actual_count));
    }
    let start = reader.offset();
    match reader.unit_bytes(actual_count).map_err(|error| error.within("units"))?.split_last() {
        Some(([0, 0], units)) => Ok(reader.to_units(units)),
        _ => Err(reader.refuse(ErrorKind::Unterminated(actual_count), start, "units")),
    }
}

/// Creates the error for the counts that were just read.
#[cold]
fn misplaced(reader: &Reader<'_>, max_count: u64, offset: u64, actual_count: u64) -> Error {
    let word = reader.syntax().word();
    if offset != 0 {
        reader.refuse(ErrorKind::Offset(offset), reader.offset() - 2 * word, "offset")
    } else {
        let kind = ErrorKind::BeyondMaximum { offset, actual_count, max_count };
        reader.refuse(kind, reader.offset() - word, "actual_count")
    }
}

/// Writes units and a NUL.
fn write_units(units: &[u16], writer: &mut Writer) -> Result<()> {
    let count = units.len().saturating_add(1);
    let count = writer.number(count)?;
    writer.words([count, 0, count]);
    writer.terminated(units);
    Ok(())
}

macro_rules! string {
    ($ty:ident) => {
        impl Wire for $ty {
            #[inline]
            fn alignment(syntax: Syntax) -> usize {
                syntax.word()
            }

            #[inline]
            fn least(syntax: Syntax) -> usize {
                3 * syntax.word() + 2
            }

            #[inline]
            fn most(&self, syntax: Syntax) -> usize {
                4 * syntax.word() + 2 * self.units().len() + 2
            }

            without_pointees! { reader => read_units(reader).map(Self::from_units) }

            #[inline]
            fn write(&self, writer: &mut Writer) -> Result<()> {
                write_units(self.units(), writer)
            }
        }
    };
}

string!(WideString);
string!(Password);
