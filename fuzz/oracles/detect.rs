use wintask::{
    detect::{Confidence, Kind, Reason, detect},
    eventlog::Event,
    job::{Job, carve},
    xml::{self, Options},
};

/// Everything that a reader accepts is recognised as its kind, as a whole; damage is within the input; the same bytes
/// give the same result.
///
/// Catches: panics, hangs, kinds that disagree with the readers. Does not catch: an unrelated file mistaken for one
/// of ours.
pub(crate) fn detect_any(data: &[u8]) {
    let found = detect(data);
    assert_eq!(found, detect(data));
    assert!(found.damage.is_none_or(|damage| damage.offset <= data.len()), "{found}");
    let nothing = matches!(found.reason, Reason::Nothing | Reason::Empty);
    assert_eq!(found.kind == Kind::Unknown, nothing, "{found}");
    if xml::read(data, &Options::default()).is_ok() {
        assert_eq!((found.kind, found.damage), (Kind::Task, None), "{found}");
    }
    let carved = || carve(data).next().is_some_and(|find| find.span.start == 0);
    if Job::parse(data).is_ok() && carved() {
        assert_eq!((found.kind, found.damage), (Kind::Job, None), "{found}");
    }
    let event = str::from_utf8(data).ok().and_then(|text| Event::from_xml(text).ok());
    if event.is_some_and(|event| event.provider().is_some()) && found.confidence == Confidence::High {
        assert!(matches!(found.kind, Kind::Event | Kind::Unknown), "{found}");
    }
}
