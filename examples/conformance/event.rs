//! `event.match`. In addition to the fields of the table it accepts `value_queries`, an object of names and paths as a trigger's
//! ValueQueries has them, and answers what they take from the event in `values`.

use crate::{
    ok,
    request::{Answer, Request},
};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use wintask::eventlog::{Error, Event, Query, ValueQueries};

pub fn matches(mut request: Request) -> Answer {
    let query = request.need::<String>("query")?;
    let event = request.need::<String>("event")?;
    let now = request.need::<String>("now")?;
    let now = OffsetDateTime::parse(&now, &Rfc3339).map_err(|e| format!("now: {e}"))?;
    let values: Map<String, Value> = request.take("value_queries")?.unwrap_or_default();
    request.done()?;
    let paths = values.iter().map(|(name, path)| Some((name.as_str(), path.as_str()?)));
    let paths: Vec<_> = paths.collect::<Option<_>>().ok_or("value_queries: a path is not a string")?;
    let read = || Ok((Query::parse(&query)?, ValueQueries::parse(paths)?, Event::from_xml(&event)?));
    match read() {
        Ok((query, values, event)) => {
            let matches = query.matches(&event, now);
            // Values are taken from an event that the query selects ([MS-TSCH] 2.5.3.6).
            let values = if matches { values.values(&event, now) } else { Vec::new() };
            let values: Map<_, _> = values.into_iter().map(|(name, value)| (name, value.into())).collect();
            ok(json!({"matches": matches, "values": values}))
        }
        Err(error) => Ok(refusal(&error)),
    }
}

/// The answer of Windows to a query or an event that it rejects.
fn refusal(error: &Error) -> Value {
    let (offset, text) = (error.place().offset(), error.to_string());
    json!({"ok": false, "hresult": error.hresult(), "offset": offset, "error": text})
}
