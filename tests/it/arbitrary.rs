//! Values from random bytes, as fuzzers make them, and what holds for them.

use arbitrary::{Arbitrary, Unstructured};
use std::collections::BTreeSet;
use wintask::{
    definition::TaskPath,
    eventlog::Event,
    ndr::{ErrorKind, Transfer},
    rpc::{atsvc, sasec, schrpc},
    schedule, scheduler,
    security::{SecurityDescriptor, Sid},
    taskcache, xml,
};

/// 4 KiB of bytes at random, again and again; the same in every run.
pub fn random(seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        let bytes = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        bytes.take(4096).collect()
    })
}

/// Every message of NDR 2.0 can be encoded, and all but those with a `DWORD_PTR` in NDR64 (EVIDENCE.md NDR-03). What is
/// encoded is decoded again, and every method is reached.
macro_rules! messages {
    ($($test:ident: $interface:ident::$direction:ident, $methods:literal;)*) => {$(
        #[test]
        fn $test() {
            let mut methods = BTreeSet::new();
            for bytes in random(2).take(500) {
                let mut source = Unstructured::new(&bytes);
                let message = $interface::$direction::arbitrary(&mut source).unwrap();
                methods.insert(message.opnum());
                for transfer in [Transfer::NDR20, Transfer::NDR64] {
                    let stub = match message.encode_as(transfer) {
                        Ok(stub) => stub,
                        Err(error) => {
                            assert_eq!(transfer, Transfer::NDR64);
                            assert!(matches!(error.kind(), ErrorKind::UnresolvedInNdr64(_)), "{error}");
                            continue;
                        }
                    };
                    let decoded = $interface::$direction::decode_as(message.opnum(), &stub, transfer);
                    assert_eq!(decoded.as_ref(), Ok(&message));
                }
            }
            assert_eq!(methods.len(), $methods);
        }
    )*};
}

messages! {
    atsvc_requests: atsvc::Request, 4;
    atsvc_responses: atsvc::Response, 4;
    sasec_requests: sasec::Request, 4;
    sasec_responses: sasec::Response, 4;
    schrpc_requests: schrpc::Request, 20;
    schrpc_responses: schrpc::Response, 20;
}

/// Structures within messages are made by themselves as well.
#[test]
fn structures_of_messages() {
    let all = random(5).take(100);
    let jobs: Vec<_> =
        all.map(|bytes| atsvc::AtInfo::arbitrary(&mut Unstructured::new(&bytes)).unwrap()).collect();
    assert!(jobs.iter().any(|job| job.command.is_none()));
    assert!(jobs.iter().any(|job| job.command.as_ref().is_some_and(|command| !command.is_empty())));
}

/// The binary form and SDDL have most descriptors; what they do not have is an error and not a loss.
#[test]
fn security_descriptors() {
    let (mut binary, mut text) = (0, 0);
    for bytes in random(3).take(500) {
        let mut source = Unstructured::new(&bytes);
        let descriptor = SecurityDescriptor::arbitrary(&mut source).unwrap();
        let written = descriptor.to_bytes().unwrap();
        binary += u32::from(SecurityDescriptor::from_bytes(&written).as_ref() == Ok(&descriptor));
        text += u32::from(descriptor.to_string().parse().as_ref() == Ok(&descriptor));
        let sid = Sid::arbitrary(&mut source).unwrap();
        assert_eq!(Sid::from_bytes(&sid.to_bytes()).as_ref(), Ok(&sid));
        assert_eq!(sid.to_string().parse().as_ref(), Ok(&sid));
    }
    assert!((450..500).contains(&binary), "{binary} of 500");
    assert!((250..450).contains(&text), "{text} of 500");
}

/// An event's XML is read again as the same fields.
#[test]
fn events() {
    for bytes in random(4).take(500) {
        let event = Event::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        let read: Event = event.to_string().parse().unwrap();
        assert_eq!((read.to_string(), read.system()), (event.to_string(), event.system()));
    }
}

/// Paths are valid, and of all depths.
#[test]
fn paths() {
    let mut depths = BTreeSet::new();
    for bytes in random(4).take(500) {
        let path = TaskPath::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        assert_eq!(path.to_string().parse::<TaskPath>().as_ref(), Ok(&path));
        depths.insert(path.names().count());
    }
    assert_eq!(depths, (0..=5).collect());
}

/// Options and registry values: every choice is reached.
#[test]
fn options_and_values() {
    let (mut days, mut profiles, mut keys) = (BTreeSet::new(), BTreeSet::new(), 0);
    for bytes in random(6).take(200) {
        let mut source = Unstructured::new(&bytes);
        let options = schedule::Options::arbitrary(&mut source).unwrap();
        days.insert(options.first_day_of_week.number_from_monday());
        profiles.insert(format!("{:?}", xml::Options::arbitrary(&mut source).unwrap().profile));
        profiles.insert(format!("{:?}", scheduler::Options::arbitrary(&mut source).unwrap().profile));
        keys += usize::from(taskcache::Values::arbitrary(&mut source).unwrap().actions.is_some());
    }
    assert_eq!((days.len(), profiles.len()), (7, 2));
    assert!((50..150).contains(&keys), "{keys} of 200");
}
