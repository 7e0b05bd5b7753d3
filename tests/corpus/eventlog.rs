//! Every Subscription and ValueQuery of corpus/xml parses, and is described in words. All of these tasks were registered,
//! so every Subscription is one that registration accepts.

use crate::Folder;
use libtest_mimic::Failed;
use wintask::{
    definition::TriggerKind,
    eventlog::{Query, ValueQueries},
    xml::{self, Options},
};

pub fn subscriptions(files: &Folder) -> Result<(), Failed> {
    let mut words = Vec::new();
    for (name, bytes) in &files.0 {
        let Some(task) = xml::recover(bytes, &Options::default()).task else { continue };
        for trigger in &task.triggers {
            let TriggerKind::Event(event) = &trigger.kind else { continue };
            let query = Query::parse_subscription(&event.subscription).map_err(|e| format!("{name}: {e}"))?;
            words.push(query.words());
            let values = event.value_queries.iter().flatten().map(|v| (v.name.as_str(), v.value.as_str()));
            ValueQueries::parse(values).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    words.sort();
    words.iter().for_each(|words| println!("{words}"));
    if words.len() >= 9 { Ok(()) } else { Err(format!("{} subscriptions", words.len()).into()) }
}
