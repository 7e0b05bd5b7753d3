use super::{
    model::{Content, Element},
    schema::{self, Complex, Row},
    simple::{self, Parsed},
    table::{NAMESPACE, ROOT},
};
use crate::{
    Profile,
    definition::{Extra, Task},
    markup::{Encoding, encode, is_xml_char},
};

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// As Windows keeps it in a file: the order of [`Form::Server`], UTF-16LE with a byte order mark.
    File,
    /// As `SchRpcRetrieveTask` returns it: Windows' own order, values at their defaults left out but for those that
    /// Windows always writes, CRLF, two blanks, a declaration of UTF-16 (facts/xml.md section 7). UTF-16LE without a
    /// byte order mark.
    Server,
    /// Everything that is stated and nothing else, in the schema's order, which both profiles take; UTF-8, LF.
    Utf8,
}

/// Why a task cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A text has a character that XML cannot hold.
    #[error("{element} has the character {character:?}, which XML cannot hold")]
    Character {
        /// The element or attribute whose text it is.
        element: String,
        /// The character.
        character: char,
    },
}

/// Writes a task.
///
/// # Errors
/// [`WriteError`] names the element whose text XML cannot hold.
///
/// ```
/// use wintask::{definition::{Exec, Task}, xml::{self, Form}};
///
/// let task = Task::new(Exec::new("notepad.exe"));
/// let file = xml::write(&task, Form::File)?;
/// assert_eq!(&file[..2], [0xFF, 0xFE]);
/// assert_eq!(xml::read(&xml::write(&task, Form::Utf8)?, &Default::default()), Ok(task));
/// # Ok::<(), wintask::xml::WriteError>(())
/// ```
pub fn write(task: &Task, form: Form) -> Result<Vec<u8>, WriteError> {
    let text = write_text(task, form)?;
    Ok(match form {
        Form::File => encode(&text, Encoding::Utf16Le, true),
        Form::Server => encode(&text, Encoding::Utf16Le, false),
        Form::Utf8 => text.into_bytes(),
    })
}

/// Writes a task as a string, its declaration as that of the form's bytes.
///
/// # Errors
/// As [`write()`].
pub fn write_text(task: &Task, form: Form) -> Result<String, WriteError> {
    let (encoding, eol) = match form {
        Form::Utf8 => ("UTF-8", "\n"),
        _ => ("UTF-16", "\r\n"),
    };
    let mut writer = Writer { out: String::with_capacity(2048), eol, server: form != Form::Utf8 };
    writer.out += &format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{eol}");
    let version = task.version.map(|version| version.to_string());
    let mut root = task.element();
    root.attributes.extend(version.iter().map(|version| ("version", version.as_str())));
    root.attributes.push(("xmlns", NAMESPACE));
    writer.element(&root, &ROOT, 0)?;
    if !writer.server {
        writer.out += eol;
    }
    Ok(writer.out)
}

struct Writer {
    out: String,
    eol: &'static str,
    server: bool,
}

type Written = Result<(), WriteError>;

/// What the server writes whether it is stated or not (facts/xml.md section 7).
const ALWAYS: &[(&str, &str)] = &[
    ("settingsType", "DisallowStartIfOnBatteries"),
    ("settingsType", "StopIfGoingOnBatteries"),
    ("settingsType", "MultipleInstancesPolicy"),
    ("settingsType", "IdleSettings"),
    ("idleSettingsType", "StopOnIdleEnd"),
    ("idleSettingsType", "RestartOnIdle"),
    ("taskType", "Triggers"),
    ("taskType", "Settings"),
];

impl Writer {
    /// An element at the begin of a line, and nothing behind it.
    fn element(&mut self, element: &Element<'_>, row: &'static Row, depth: usize) -> Written {
        self.indent(depth);
        self.open(row.name, &element.attributes, element.extra)?;
        match &element.content {
            Content::Empty => self.out += " />",
            Content::Foreign(xml) | Content::Raw(xml) if xml.is_empty() => self.out += " />",
            Content::Text(text) if text.is_empty() => self.out += " />",
            Content::Text(text) => {
                self.out.push('>');
                self.text(text, row.name)?;
                self.close(row.name);
            }
            Content::Raw(xml) | Content::Foreign(xml) => {
                self.out.push('>');
                self.markup(xml);
                self.close(row.name);
            }
            Content::Children(children) => {
                let before = self.out.len();
                self.out.push('>');
                let schema::Content::Complex(complex) = row.content else { return Ok(()) };
                let inside = self.out.len();
                self.children(children, complex, element.extra, depth + 1)?;
                if self.out.len() == inside {
                    self.out.truncate(before);
                    self.out += " />";
                } else {
                    self.out += self.eol;
                    self.indent(depth);
                    self.close(row.name);
                }
            }
        }
        Ok(())
    }

    fn children(
        &mut self,
        children: &[Element<'_>],
        complex: &'static Complex,
        extra: Option<&Extra>,
        depth: usize,
    ) -> Written {
        if complex.list.is_some() || complex.name == "principalsType" {
            return self.items(children, complex, depth);
        }
        let unknown = extra.map_or(&[][..], |extra| &extra.elements);
        let mut placed = vec![false; unknown.len()];
        self.unknown(unknown, &mut placed, |u| u.after.is_none(), depth);
        for row in self.order(complex) {
            let stated = children.iter().find(|child| child.name == row.name);
            let always = self.server && ALWAYS.contains(&(complex.name, row.name));
            match stated {
                Some(child) if !self.omits(child, row) => {
                    self.out += self.eol;
                    self.element(child, row, depth)?;
                    self.unknown(unknown, &mut placed, |u| u.after.as_deref() == Some(row.name), depth);
                }
                None if always => {
                    self.out += self.eol;
                    self.element(&standard(row), row, depth)?;
                }
                _ => {}
            }
        }
        self.unknown(unknown, &mut placed, |_| true, depth);
        Ok(())
    }

    /// The items of a list, in their own order.
    fn items(&mut self, items: &[Element<'_>], complex: &'static Complex, depth: usize) -> Written {
        for item in items {
            self.out += self.eol;
            match (&item.content, complex.children.iter().find(|row| row.name == item.name)) {
                (Content::Foreign(xml), _) => {
                    self.indent(depth);
                    self.markup(xml);
                }
                (_, Some(row)) => self.element(item, row, depth)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The rows in the form's order.
    fn order(&self, complex: &'static Complex) -> Vec<&'static Row> {
        let server = if self.server { complex.server } else { &[] };
        let first = server.iter().filter_map(|name| complex.children.iter().find(|row| row.name == *name));
        let rest = complex.children.iter().filter(|row| !server.contains(&row.name));
        first.chain(rest).collect()
    }

    /// Whether the server leaves the element out: its value is what holds without it.
    fn omits(&self, element: &Element<'_>, row: &Row) -> bool {
        let (true, Some(omitted), Content::Text(text)) = (self.server, row.omitted, &element.content) else {
            return false;
        };
        let schema::Content::Simple(ty) = row.content else { return false };
        let parse = |text| simple::parse(ty, text, Profile::Windows);
        match (parse(omitted), parse(text)) {
            (Some(Parsed::Text), _) => **text == *omitted,
            (omitted, stated) => omitted == stated,
        }
    }

    /// Unknown elements that belong here and were not written yet.
    fn unknown(
        &mut self,
        elements: &[crate::definition::UnknownElement],
        placed: &mut [bool],
        here: impl Fn(&crate::definition::UnknownElement) -> bool,
        depth: usize,
    ) {
        for (element, placed) in elements.iter().zip(placed) {
            if !*placed && here(element) {
                *placed = true;
                self.out += self.eol;
                self.indent(depth);
                self.markup(&element.xml);
            }
        }
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    /// A start tag without its end, so that an empty element can be made of it.
    fn open(&mut self, name: &str, attributes: &[(&str, &str)], extra: Option<&Extra>) -> Written {
        self.out.push('<');
        self.out += name;
        let unknown = extra.into_iter().flat_map(|extra| &extra.attributes);
        let unknown = unknown.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in attributes.iter().copied().chain(unknown) {
            self.out.push(' ');
            self.out += name;
            self.out += "=\"";
            for c in value.chars() {
                match c {
                    '"' => self.out += "&quot;",
                    '\t' => self.out += "&#x9;",
                    '\n' => self.out += "&#xA;",
                    c => self.character(c, name)?,
                }
            }
            self.out.push('"');
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        self.out += "</";
        self.out += name;
        self.out.push('>');
    }

    fn text(&mut self, text: &str, element: &str) -> Written {
        for c in text.chars() {
            match c {
                '\n' => self.out += self.eol,
                c => self.character(c, element)?,
            }
        }
        Ok(())
    }

    fn character(&mut self, c: char, element: &str) -> Written {
        match c {
            '&' => self.out += "&amp;",
            '<' => self.out += "&lt;",
            '>' => self.out += "&gt;",
            '\r' => self.out += "&#xD;",
            c if is_xml_char(c) => self.out.push(c),
            character => return Err(WriteError::Character { element: element.to_owned(), character }),
        }
        Ok(())
    }

    /// Markup as it is, its line ends turned into the form's.
    fn markup(&mut self, xml: &str) {
        let mut lines = xml.split('\n');
        self.out += lines.next().unwrap_or_default();
        for line in lines {
            self.out += self.eol;
            self.out += line;
        }
    }
}

/// What the server writes of something that was not stated.
fn standard(row: &'static Row) -> Element<'static> {
    let content = match row.content {
        schema::Content::Complex(_) => Content::Children(Vec::new()),
        _ => Content::Text(row.default.unwrap_or_default().into()),
    };
    Element::new(row.name, content)
}
