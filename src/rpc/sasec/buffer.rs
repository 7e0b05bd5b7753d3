//! The buffers for account names ([MS-TSCH] 3.2.5.3.6, 3.2.5.3.7).

use crate::{
    dtyp::WideString,
    limits::ACCOUNT_BUFFER_UNITS,
    ndr::{COUNT, ErrorKind, Reader, Result, Shape, Syntax, Type, Value, Wire, Writer, serialized, unplaced},
};

/// The buffer for an account name (`wszBuffer`): an array of UTF-16 code units, not a string. The whole array is
/// transmitted in both directions (EVIDENCE.md NDR-05); the units after the first NUL are ignored.
///
/// It has 0 to 273 units ([MS-TSCH] 2.3.1, MAX_BUFFER_SIZE), with the same number in the request and the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "an array of the wire")]
pub struct AccountBuffer(
    /// The code units.
    pub Vec<u16>,
);

/// The buffer in a request: its size (`ccBufferSize`) and its units, which should be zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "an array of the wire and its size")]
pub struct CountedBuffer(
    /// The buffer.
    pub AccountBuffer,
);

impl AccountBuffer {
    /// Creates a buffer of zeros.
    #[must_use]
    pub fn zeroed(size: usize) -> Self {
        Self(vec![0; size])
    }

    /// Creates a buffer with a name, padded with zeros; `None` if the name and its NUL do not fit.
    #[must_use]
    pub fn holding(account: impl Into<WideString>, size: usize) -> Option<Self> {
        let mut units = account.into().into_units();
        if units.len() >= size {
            return None;
        }
        units.resize(size, 0);
        Some(Self(units))
    }

    /// The code units before the first NUL.
    #[must_use]
    pub fn account(&self) -> WideString {
        self.0.iter().copied().take_while(|unit| *unit != 0).collect::<Vec<_>>().into()
    }

    /// Checks the size against the range in the IDL.
    fn check(size: u64) -> std::result::Result<(), ErrorKind> {
        let most = u64::try_from(ACCOUNT_BUFFER_UNITS).unwrap_or(u64::MAX);
        if size <= most { Ok(()) } else { Err(ErrorKind::OutOfRange { value: size, most }) }
    }
}

impl Default for CountedBuffer {
    /// The largest buffer, all zero.
    fn default() -> Self {
        Self(AccountBuffer::zeroed(ACCOUNT_BUFFER_UNITS))
    }
}

impl From<CountedBuffer> for AccountBuffer {
    /// The buffer of a response is that of the request, as modified by the server.
    fn from(buffer: CountedBuffer) -> Self {
        buffer.0
    }
}

impl Wire for AccountBuffer {
    type InPlace = Self;

    fn alignment(syntax: Syntax) -> usize {
        syntax.word()
    }

    fn least(syntax: Syntax) -> usize {
        syntax.word()
    }

    fn most(&self, syntax: Syntax) -> usize {
        2 * syntax.word() + 2 * self.0.len()
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let start = reader.offset();
        let max_count = reader.count("max_count")?;
        Self::check(max_count).map_err(|kind| reader.refuse(kind, start, "max_count"))?;
        reader.units(max_count).map(Self)
    }

    fn read_pointees(in_place: Self, _: &mut Reader<'_>) -> Result<Self> {
        Ok(in_place)
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        Self::check(u64::try_from(self.0.len()).unwrap_or(u64::MAX)).map_err(unplaced)?;
        writer.count(self.0.len())?;
        writer.units(&self.0);
        Ok(())
    }
}

impl Wire for CountedBuffer {
    type InPlace = Self;

    fn alignment(syntax: Syntax) -> usize {
        syntax.word()
    }

    fn least(syntax: Syntax) -> usize {
        4 + AccountBuffer::least(syntax)
    }

    fn most(&self, syntax: Syntax) -> usize {
        syntax.word() + self.0.most(syntax)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let start = reader.offset();
        let count = reader.in_place::<u32>(COUNT)?.into();
        AccountBuffer::check(count).map_err(|kind| reader.refuse(kind, start, COUNT))?;
        let start = reader.offset();
        let buffer = AccountBuffer::read(reader)?;
        match u64::try_from(buffer.0.len()).unwrap_or(u64::MAX) {
            max_count if max_count == count => Ok(Self(buffer)),
            max_count => Err(reader.refuse(ErrorKind::SizeIs { max_count, count }, start, "max_count")),
        }
    }

    fn read_pointees(in_place: Self, _: &mut Reader<'_>) -> Result<Self> {
        Ok(in_place)
    }

    fn write(&self, writer: &mut Writer) -> Result<()> {
        let count = writer.number(self.0.0.len())?;
        writer.u32(count);
        self.0.write(writer)
    }
}

impl Shape for AccountBuffer {
    const TYPE: &'static Type = &Type::Array { element: u16::TYPE, most: Some(ACCOUNT_BUFFER_UNITS) };

    fn into_value(self) -> Value {
        self.0.into_value()
    }

    fn from_value(value: Value) -> Result<Self> {
        Vec::from_value(value).map(Self)
    }
}

impl Shape for CountedBuffer {
    const TYPE: &'static Type = AccountBuffer::TYPE;

    fn into_value(self) -> Value {
        self.0.into_value()
    }

    fn from_value(value: Value) -> Result<Self> {
        AccountBuffer::from_value(value).map(Self)
    }
}

serialized!(AccountBuffer);
serialized!(CountedBuffer);
