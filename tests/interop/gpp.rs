//! libxml2's canonical XML as the peer for Group Policy's ScheduledTasks.xml: what is read is what libxml2 reads, and what
//! is written back has the same content.

use crate::{folder, tool};
use libtest_mimic::Failed;
use std::{fs, io::Write, process::Stdio};
use wintask::gpp::{Element, Field, Node, ScheduledTasks};

/// The canonical form by `xmllint --c14n`.
fn canonical(bytes: &[u8]) -> Result<String, Failed> {
    let mut child = tool("xmllint")?
        .args(["--c14n", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(bytes)?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The canonical form of an element by the tree: attributes in order of their names, no empty-element tags, and references
/// only where Canonical XML has them.
fn own(element: &Element, out: &mut String) {
    out.push('<');
    *out += element.name();
    let mut attributes: Vec<_> = element.attributes().iter().collect();
    attributes.sort_by_key(|attribute| attribute.name());
    for attribute in attributes {
        let value = attribute.value().unwrap_or_default();
        *out += &format!(" {}=\"", attribute.name());
        for c in value.chars() {
            match c {
                '&' => *out += "&amp;",
                '<' => *out += "&lt;",
                '"' => *out += "&quot;",
                '\t' => *out += "&#x9;",
                '\n' => *out += "&#xA;",
                '\r' => *out += "&#xD;",
                c => out.push(c),
            }
        }
        out.push('"');
    }
    out.push('>');
    for node in element.children() {
        match node {
            Node::Element(element) => own(element, out),
            Node::Text(raw) => *out += &text(raw),
            Node::Other(raw) => *out += raw,
            _ => {}
        }
    }
    *out += &format!("</{}>", element.name());
}

/// Text as Canonical XML has it: line ends are LF, and of the predefined references only three are left.
fn text(raw: &str) -> String {
    let text = raw.replace("\r\n", "\n").replace("&quot;", "\"").replace("&apos;", "'");
    text.replace('>', "&gt;")
}

/// The real files, and the project's own, which has every kind of item.
fn files() -> Result<Vec<(String, Vec<u8>)>, Failed> {
    let mut files = vec![("every-kind.xml".to_owned(), fs::read("testdata/gpp/every-kind.xml")?)];
    for entry in fs::read_dir(folder("WINTASK_CORPUS")?.join("gpp"))? {
        let path = entry?.path();
        files.push((path.display().to_string(), fs::read(path)?));
    }
    if files.len() < 8 {
        return Err(format!("only {} files", files.len()).into());
    }
    Ok(files)
}

/// Read, written back, and edited: equal in content to what libxml2 reads.
pub fn policies() -> Result<(), Failed> {
    for (name, bytes) in files()? {
        let mut policy = ScheduledTasks::read(&bytes).map_err(|error| format!("{name}: {error}"))?;
        assert_eq!(canonical(&policy.to_bytes())?, canonical(&bytes)?, "{name}");
        // Passwords have no value in the tree.
        policy.remove_passwords();
        let mut form = String::new();
        own(policy.root(), &mut form);
        assert_eq!(canonical(&policy.to_bytes())?, form, "{name}");
        for item in 0..policy.items().count() {
            assert!(policy.set(item, Field::Description, "a \"b\" & <c>\n\t'd' ä€𝒙"), "{name}");
        }
        let mut form = String::new();
        own(policy.root(), &mut form);
        assert_eq!(canonical(&policy.to_bytes())?, form, "{name}, edited");
    }
    Ok(())
}
