//! Strings: conformant varying arrays of UTF-16 units that end in NUL ([C706] 14.3.4). The NUL is not part of the
//! value.

use super::{ErrorKind, Reader, Result, Syntax, Wire, Writer, wire::without_pointees};
use crate::dtyp::{Password, WideString};

/// Reads a string's units, without the NUL, into a vector of just that size.
fn read_units(reader: &mut Reader<'_>) -> Result<Vec<u16>> {
    let max_count = reader.count("max_count")?;
    let offset = reader.count("offset")?;
    if offset != 0 {
        let start = reader.offset() - reader.syntax().word();
        return Err(reader.refuse(ErrorKind::Offset(offset), start, "offset"));
    }
    let actual_count = reader.count("actual_count")?;
    if actual_count > max_count {
        let start = reader.offset() - reader.syntax().word();
        let kind = ErrorKind::BeyondMaximum { offset, actual_count, max_count };
        return Err(reader.refuse(kind, start, "actual_count"));
    }
    let start = reader.offset();
    match reader.unit_bytes(actual_count).map_err(|error| error.within("units"))?.split_last() {
        Some(([0, 0], units)) => Ok(reader.to_units(units)),
        _ => Err(reader.refuse(ErrorKind::Unterminated(actual_count), start, "units")),
    }
}

/// Writes units and the NUL behind them.
fn write_units(units: &[u16], writer: &mut Writer) -> Result<()> {
    let count = units.len().saturating_add(1);
    writer.count(count)?;
    writer.word(0);
    writer.count(count)?;
    writer.units(units);
    writer.u16(0);
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
