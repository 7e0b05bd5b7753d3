//! Reads consecutive little-endian fields of TaskCache values.

/// The rest of the input, and the number of bytes read.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

/// Why reading stopped.
pub(super) enum Stop {
    /// The end of the input.
    End,
    /// A field has an invalid value.
    Value,
}

pub(super) type Step<T = ()> = Result<T, Stop>;

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn take(&mut self, size: usize) -> Step<&'a [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..size).ok_or(Stop::End)?;
        self.at += size;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Step<[u8; N]> {
        self.take(N)?.first_chunk().copied().ok_or(Stop::End)
    }

    pub(super) fn u16(&mut self) -> Step<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Step<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Step<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn size(&mut self) -> Step<usize> {
        self.u32().map(|size| usize::try_from(size).unwrap_or(usize::MAX))
    }

    /// A byte that must be 0 or 1.
    pub(super) fn flag(&mut self) -> Step<bool> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [_] => Err(Stop::Value),
        }
    }

    /// A UTF-16 string, preceded by its byte count.
    pub(super) fn text(&mut self) -> Step<&'a [u8]> {
        let size = self.size()?;
        if size % 2 == 1 { Err(Stop::Value) } else { self.take(size) }
    }
}
