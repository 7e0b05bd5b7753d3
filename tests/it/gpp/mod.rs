//! Group Policy's ScheduledTasks.xml. Sections are those of [MS-GPPREF].

mod adding;
mod conversion;
mod damage;
mod examples;
mod losses;
mod policy;
mod reading;
mod update;
mod writing;

use wintask::gpp::ScheduledTasks;

pub(crate) const EVERY_KIND: &[u8] = include_bytes!("../../../testdata/gpp/every-kind.xml");
const DAMAGED: &[u8] = include_bytes!("../../../testdata/gpp/damaged.xml");

/// A file with these items.
fn file(items: &str) -> String {
    format!("<ScheduledTasks clsid=\"{{CC63F200-7309-4ba0-B154-A71CD118DBCC}}\">{items}</ScheduledTasks>")
}

/// A scheduled task with these further attributes in its Properties, and these triggers.
fn task(attributes: &str, triggers: &str) -> String {
    file(&format!(
        "<Task clsid=\"{{2DEECB1C-261F-4e13-9B21-16FB83BC03BD}}\" name=\"label\" uid=\"{{1}}\"><Properties name=\"n\" \
         appName=\"a.exe\" {attributes}><Triggers>{triggers}</Triggers></Properties></Task>"
    ))
}

fn read(text: &str) -> ScheduledTasks {
    ScheduledTasks::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}
