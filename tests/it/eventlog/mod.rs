//! Event queries and events ([MS-EVEN6] 2.2.13 to 2.2.16; EVIDENCE.md EVT-01 to EVT-18), the scheduler's own events
//! (EVIDENCE.md EVT-20 to EVT-25).

mod compare;
mod counter;
mod events;
mod hostile;
mod naive;
mod plain;
mod query;
mod random;
mod registration;
mod scheduler_events;
mod serialization;
mod subscriptions;

use time::{OffsetDateTime, macros::datetime};
use wintask::eventlog::{Event, Query};

pub(crate) const NOW: OffsetDateTime = datetime!(2024-01-03 02:00 UTC);

/// A QueryList with one selector. The XPath is escaped.
pub(crate) fn list(path: &str, xpath: &str) -> String {
    let xpath = xpath.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<QueryList><Query Id=\"0\" Path=\"{path}\"><Select Path=\"{path}\">{xpath}</Select></Query></QueryList>"
    )
}

/// An event as Windows logs it, with this content after `System`.
pub(crate) fn event_text(body: &str) -> String {
    format!(
        "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n  <System>\n    \
         <Provider Name=\"Microsoft-Windows-Security-Auditing\" Guid=\"{{54849625-5478-4994-A5BA-3E3B0328C30D}}\" />\n    \
         <EventID Qualifiers=\"16384\">4625</EventID>\n    <Version>0</Version>\n    <Level>4</Level>\n    \
         <Task>12544</Task>\n    <Opcode>0</Opcode>\n    <Keywords>0x8010000000000000</Keywords>\n    \
         <TimeCreated SystemTime=\"2024-01-03T01:59:59.1234567Z\" />\n    <EventRecordID>229977</EventRecordID>\n    \
         <Correlation ActivityID=\"{{F9E1B5AB-1DA6-4C9F-9B50-6F4F8A2BC0D1}}\" />\n    \
         <Execution ProcessID=\"516\" ThreadID=\"3240\" />\n    <Channel>Security</Channel>\n    \
         <Computer>DC01.contoso.local</Computer>\n    <Security UserID=\"S-1-5-18\" />\n  </System>\n  {body}\n</Event>"
    )
}

/// The event of [`event_text`] with data of each kind.
pub(crate) fn event() -> Event {
    event_text(
        "<EventData Name='Logon'><Data Name='LogonType'>10</Data><Data Name='User'>alice</Data>\
         <Data>second &amp; last</Data><Data Name='Id'>{0df2cfeb-5293-41e9-a45e-733720c2e1fa}</Data>\
         <Data Name='When'>2024-01-02T00:00:00.000Z</Data><Data Name='Flags'>0x30</Data><Data Name='Empty'/>\
         <Data Name='Ratio'>1.5</Data></EventData>",
    )
    .parse()
    .unwrap()
}

/// Whether an XPath by itself selects the event.
pub(crate) fn selects(xpath: &str, event: &Event) -> bool {
    Query::parse(xpath).unwrap_or_else(|e| panic!("{xpath}: {e}")).matches(event, NOW)
}

/// Seeds of the fuzz target: each observed subscription, alone or with an event; lists, and rejected queries.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let pair = |query: &str, event: &str| format!("{query}\0{event}").into_bytes();
    let short = "<Event><System><Provider Name='A' Guid='{0df2cfeb-5293-41e9-a45e-733720c2e1fa}'/><EventID Qualifiers='1'>\
                 1</EventID><Keywords>0x1</Keywords><TimeCreated SystemTime='2024-01-03T01:00:00.5Z'/><Channel>System</Channel>\
                 <Security UserID='S-1-5-18'/></System><EventData Name='t'><Data Name='a'>1</Data><Data>b&amp;c</Data></EventData>\
                 <UserData><x a='1'><y>2</y></x></UserData></Event>";
    let mut seeds: Vec<_> = query::OBSERVED.iter().map(|(_, xpath)| xpath.as_bytes().to_vec()).collect();
    seeds.extend(query::OBSERVED.iter().take(4).map(|(path, xpath)| pair(&list(path, xpath), short)));
    let lists = "<QueryList><Query Id='0' Path='System' Target='Host'><Select><![CDATA[*[System[EventID<=1]]]]></Select>\
                 <Suppress Path='Security'>*[System[Level=4]]</Suppress></Query></QueryList>";
    let functions = "*[UserData/x[@a=1]/y[position()=1] and System[band(Keywords,0x1) or timediff(TimeCreated/@SystemTime,\
                     '2024-01-03T02:00:00.000Z')>=-5]]";
    seeds.extend([pair(lists, short), pair(functions, short), pair("Event/EventData/Data[2]/text()", short)]);
    seeds
}
