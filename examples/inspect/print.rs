//! Labelled lines.

use std::fmt::{self, Display, Write as _};

/// Labels and values, printed in two columns.
#[derive(Default)]
pub struct Summary(Vec<(String, String)>);

impl Summary {
    /// Adds a line.
    pub fn line(&mut self, label: impl Into<String>, value: impl Display) -> &mut Self {
        self.0.push((label.into(), value.to_string()));
        self
    }

    /// Adds a line if there is a value.
    pub fn maybe(&mut self, label: impl Into<String>, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.line(label, value);
        }
        self
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (label, value) in &self.0 {
            let mut label = label.as_str();
            for line in value.lines() {
                writeln!(f, "  {label:<14} {}", safe(line))?;
                label = "";
            }
        }
        Ok(())
    }
}

/// The text with control characters escaped, so that no file can steer the terminal.
fn safe(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_control() {
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}
