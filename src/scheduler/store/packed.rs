//! The text of a stored definition, with Windows' layout and first lines replaced by single bytes.
//!
//! Windows' layout (a line for each element, indented) is a third of a small definition. XML allows no control
//! characters except tab, carriage return and line feed, so the others can represent frequent sequences without loss.

use std::borrow::Cow;

/// The bytes for a line break followed by two blanks, and so on up to seven times two.
const BREAKS: std::ops::RangeInclusive<u8> = 1..=8;

/// The byte for the beginning of a definition, up to the version.
const HEAD: (u8, &str) = (0x0E, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"");

/// The byte for the namespace of a definition, after the version.
const NAMESPACE: (u8, &str) = (0x0F, "\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">");

/// A definition's text, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Packed(Box<str>);

impl Packed {
    pub(in super::super) fn new(text: &str) -> Self {
        let steers = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n');
        // Text with control characters is not XML. It is possible only in a state that was edited by hand.
        let replaced: String;
        let text = if text.contains(steers) {
            replaced = text.replace(steers, "\u{FFFD}");
            &replaced
        } else {
            text
        };
        let mut packed = String::with_capacity(text.len());
        let mut rest = text;
        if let Some(behind) = rest.strip_prefix(HEAD.1) {
            packed.push(char::from(HEAD.0));
            rest = behind;
        }
        if let Some((version, behind)) = rest.split_once(NAMESPACE.1).filter(|(before, _)| before.len() < 16)
        {
            packed.push_str(version);
            packed.push(char::from(NAMESPACE.0));
            rest = behind;
        }
        let mut lines = rest.split("\r\n");
        packed.push_str(lines.next().unwrap_or_default());
        for line in lines {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            let pairs = (blanks / 2).min(usize::from(*BREAKS.end() - *BREAKS.start()));
            packed.push(char::from(*BREAKS.start() + u8::try_from(pairs).unwrap_or(0)));
            packed.push_str(line.get(2 * pairs..).unwrap_or_default());
        }
        Self(packed.into())
    }

    /// The text.
    pub(in super::super) fn unpack(&self) -> Cow<'_, str> {
        if !self.0.bytes().any(stands_for_more) {
            return Cow::Borrowed(&self.0);
        }
        let mut text = String::with_capacity(self.0.len() * 3 / 2 + HEAD.1.len() + NAMESPACE.1.len());
        let mut rest: &str = &self.0;
        while let Some(at) = rest.bytes().position(stands_for_more) {
            let (before, behind) = rest.split_at(at);
            text.push_str(before);
            let byte = behind.as_bytes().first().copied().unwrap_or_default();
            match byte {
                byte if byte == HEAD.0 => text.push_str(HEAD.1),
                byte if byte == NAMESPACE.0 => text.push_str(NAMESPACE.1),
                byte => {
                    text.push_str("\r\n");
                    (0..2 * (byte - *BREAKS.start())).for_each(|_| text.push(' '));
                }
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        text.push_str(rest);
        Cow::Owned(text)
    }
}

fn stands_for_more(byte: u8) -> bool {
    BREAKS.contains(&byte) || byte == HEAD.0 || byte == NAMESPACE.0
}

#[cfg(test)]
mod tests {
    use super::Packed;

    #[test]
    fn whatever_is_packed_is_unpacked() {
        let definition = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\" \
             xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\r\n  <Actions>\r\n    <Exec>\r\n      \
             <Command>a.exe</Command>\r\n    </Exec>\r\n  </Actions>\r\n</Task>";
        let packed = Packed::new(definition);
        assert!(packed.0.len() < definition.len() / 2, "{packed:?}");
        let texts = [
            definition,
            "",
            "\r\n",
            "\r\n\r\n   x\n  y\r  z\r\n",
            "<Task version=\"1.2\">\t</Task>",
            "<!-- \" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"> -->",
            "\r\n                        deep",
        ];
        for text in texts {
            assert_eq!(Packed::new(text).unpack(), text);
        }
    }
}
