//! Types without pointees.

use super::{Result, Syntax, Wire, Writer, coded, wire::without_pointees};
use crate::dtyp::{HResult, NetApiStatus, SystemTime};
use uuid::Uuid;

coded! { u8: u8 }
coded! { u16: u16 }
coded! { u32: u32 }
coded! { status u32: HResult, NetApiStatus }

/// The size in bytes of a GUID and of a SYSTEMTIME.
const SIXTEEN: usize = 16;

impl Wire for Uuid {
    fn alignment(_: Syntax) -> usize {
        4
    }

    fn least(_: Syntax) -> usize {
        SIXTEEN
    }

    fn most(&self, _: Syntax) -> usize {
        SIXTEEN + 3
    }

    // The first three fields have the byte order of the stub, the rest are bytes ([MS-DTYP] 2.3.4.2).
    without_pointees! {
        reader => Ok(Self::from_fields(reader.u32()?, reader.u16()?, reader.u16()?, &reader.octets()?))
    }

    #[inline]
    fn write(&self, writer: &mut Writer) -> Result<()> {
        let (first, second, third, rest) = self.as_fields();
        writer.u32(first);
        writer.u16(second);
        writer.u16(third);
        writer.octets(rest);
        Ok(())
    }
}

impl Wire for SystemTime {
    fn alignment(_: Syntax) -> usize {
        2
    }

    fn least(_: Syntax) -> usize {
        SIXTEEN
    }

    fn most(&self, _: Syntax) -> usize {
        SIXTEEN + 1
    }

    without_pointees! {
        reader => Ok(Self {
            year: reader.u16()?,
            month: reader.u16()?,
            day_of_week: reader.u16()?,
            day: reader.u16()?,
            hour: reader.u16()?,
            minute: reader.u16()?,
            second: reader.u16()?,
            milliseconds: reader.u16()?,
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        for word in [
            self.year,
            self.month,
            self.day_of_week,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.milliseconds,
        ] {
            writer.u16(word);
        }
        Ok(())
    }
}
