//! The events of a log that tell of tasks.

use evtx::EvtxParser;
use wintask::{
    eventlog::Event,
    reconcile::{Inventory, TaskEvent},
};

/// Adds the events of a log. A record that cannot be read is skipped; a log of which none can be is a problem.
pub fn read(bytes: Vec<u8>, inventory: &mut Inventory) -> Result<(), String> {
    let mut parser = EvtxParser::from_buffer(bytes).map_err(|error| error.to_string())?;
    let (mut read, mut problem) = (0_usize, None);
    for record in parser.records() {
        match record {
            Ok(record) => {
                read += 1;
                let event = Event::from_xml(&record.data).ok();
                inventory.events.extend(event.as_ref().and_then(TaskEvent::from_event));
            }
            Err(error) => problem = Some(error.to_string()),
        }
    }
    match problem {
        Some(problem) if read == 0 => Err(problem),
        _ => Ok(()),
    }
}
