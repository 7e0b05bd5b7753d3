//! Recognises query lists in the usual form, which need no XML reader: double quotes, no references, no comments, and
//! only blanks between the elements. Everything else is left to [`list`](super::list), which also finds the errors.

use super::{error::check_size, parse};
use crate::markup::first_of;

/// Whether a text is a query list in the usual form without errors; false if a closer look is needed. `accepts` checks
/// the path of each channel.
pub(super) fn is_list(text: &str, accepts: impl Fn(&str) -> bool) -> bool {
    check_size(text).is_ok() && List(text).skip(accepts).is_some()
}

/// The rest of a list. Its functions return `None` for anything unusual.
struct List<'t>(&'t str);

impl<'t> List<'t> {
    /// Skips the whole list.
    fn skip(mut self, accepts: impl Fn(&str) -> bool) -> Option<()> {
        self.tag("<QueryList>")?;
        self.tag("<Query")?;
        loop {
            let default = self.path_of_query()?;
            while self.tag("</Query>").is_none() {
                let name = match self.tag("<Select") {
                    Some(()) => "Select",
                    None => self.tag("<Suppress").map(|()| "Suppress")?,
                };
                let own = if self.0.starts_with('>') { None } else { Some(self.attribute("Path")?) };
                self.take(">")?;
                own.or(default).filter(|path| accepts(path) && !path.starts_with("file://"))?;
                let (xpath, rest) = self.0.split_once('<')?;
                self.0 = rest;
                self.take("/")?;
                self.take(name)?;
                self.take(">")?;
                if xpath.contains('&') || parse::query(xpath).is_err() {
                    return None;
                }
            }
            if self.tag("<Query").is_none() {
                break;
            }
        }
        self.tag("</QueryList>")?;
        self.0.trim().is_empty().then_some(())
    }

    /// The attributes of a query with at least one selector.
    fn path_of_query(&mut self) -> Option<Option<&'t str>> {
        let mut path = None;
        if self.0.starts_with(" Id") {
            self.attribute("Id")?.parse::<i64>().ok()?;
        }
        if self.0.starts_with(" Path") {
            path = Some(self.attribute("Path")?);
        }
        self.take(">")?;
        self.0 = self.0.trim_start();
        self.0.starts_with("<S").then_some(path)
    }

    /// Skips blanks and a tag, or its start.
    fn tag(&mut self, tag: &str) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(tag)?;
        Some(())
    }

    /// Skips a text that must follow.
    fn take(&mut self, text: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }

    /// The value of the next attribute.
    fn attribute(&mut self, name: &str) -> Option<&'t str> {
        self.take(" ")?;
        self.take(name)?;
        self.take("=\"")?;
        let (value, rest) = self.0.split_once('"')?;
        self.0 = rest;
        let special = |b| (b == b'<') | (b == b'&') | (b == b'\r') | (b == b'\n') | (b == b'\t');
        first_of(value.as_bytes(), special).is_none().then_some(value)
    }
}
