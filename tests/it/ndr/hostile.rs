//! Stubs that no honest peer sends: each is rejected with a kind, a place, and the fault that a server answers
//! (EVIDENCE.md NDR-07).

use wintask::{
    ndr::{Error, Fault, Transfer},
    rpc::{
        Direction, Interface,
        sasec::AccountBuffer,
        schrpc::{self, SchRpcEnumInstances},
    },
};

/// Little-endian words.
fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `"\a"` as a string, with its pad.
fn path() -> Vec<u8> {
    [words(&[3, 0, 3]), vec![b'\\', 0, b'a', 0, 0, 0, 0, 0]].concat()
}

fn refusal(interface: &str, opnum: u16, direction: Direction, stub: &[u8]) -> Error {
    let format = Interface::by_name(interface).unwrap().format(opnum, direction).unwrap();
    format.decode(stub, Transfer::NDR20).unwrap_err()
}

#[test]
#[cfg_attr(miri, ignore = "the snapshot's folder is found by running cargo")]
fn each_is_refused_where_it_goes_wrong() {
    use Direction::{Request, Response};
    let service = "ITaskSchedulerService";
    let cases: &[(&str, &str, u16, Direction, Vec<u8>)] = &[
        ("four billion names", service, 6, Response, words(&[0, u32::MAX, 0x20000, u32::MAX, 1, 2, 0])),
        ("four billion GUIDs", service, 8, Response, words(&[u32::MAX, 0x20000, u32::MAX, 0])),
        ("count zero, one element", service, 8, Response, words(&[0, 0x20000, 1, 1, 2, 3, 4, 0])),
        ("count one, no element", service, 8, Response, words(&[1, 0x20000, 0, 0])),
        ("a string of four billion units", service, 13, Request, words(&[u32::MAX, 0, u32::MAX, 0])),
        ("a string beyond the stub", service, 13, Request, words(&[100, 0, 100, 0])),
        ("a string at an offset", service, 13, Request, words(&[3, 1, 2, 0])),
        ("a string longer than its maximum", service, 13, Request, words(&[1, 0, 2, 0, 0])),
        ("a string without units", service, 13, Request, words(&[0, 0, 0, 0])),
        ("a string without NUL", service, 13, Request, words(&[2, 0, 2, 0x0062_0061, 0])),
        ("an end within a number", service, 13, Request, [path(), vec![0; 3]].concat()),
        ("an end within a pad", service, 13, Request, path()[..19].to_vec()),
        ("bytes left over", service, 13, Request, [path(), vec![0; 6]].concat()),
        ("credentials cut short", service, 1, Request, {
            [words(&[0]), path(), words(&[0, 0, 0, 1, 0x20000, 1, 1, 2])].concat()
        }),
        ("the second credential's password", service, 1, Request, {
            let creds = words(&[0, 0, 0, 2, 0x20000, 2, 0, 0, 0, 0, 7, 0, 1, 0, 1, 9]);
            [words(&[0]), path(), creds].concat()
        }),
        (
            "a NULL path with a string behind it",
            service,
            11,
            Request,
            [words(&[0]), path(), words(&[0])].concat(),
        ),
        ("jobs that do not fit", "ATSvc", 2, Response, words(&[40, 1, 40, 1, 2, 3, 4, 5])),
        ("jobs of another count", "ATSvc", 2, Response, words(&[1, 1, 2, 0, 0])),
        ("a buffer out of range", "SASec", 2, Request, words(&[0, 274, 274])),
        ("a buffer of another size", "SASec", 2, Request, words(&[0, 2, 4, 0, 0])),
        ("a response's buffer out of range", "SASec", 2, Response, words(&[274])),
        ("a buffer cut short", "SASec", 2, Request, words(&[0, 4, 4, 0])),
    ];
    let mut text = String::new();
    for (what, interface, opnum, direction, stub) in cases {
        let error = refusal(interface, *opnum, *direction, stub);
        assert_eq!(error.fault(), Fault::BAD_STUB_DATA, "{what}");
        assert!(error.place().span().unwrap().end <= stub.len(), "{what}: {error}");
        text += &format!("{what}: {error}\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn an_opnum_that_is_not_there() {
    let error = schrpc::Request::decode(20, &[]).unwrap_err();
    assert_eq!(error.to_string(), "opnum: no method has opnum 20");
    assert_eq!(error.fault(), Fault::OPNUM_OUT_OF_RANGE);
    assert!(schrpc::INTERFACE.format(u16::MAX, Direction::Request).is_err());
}

/// A stub of each method with one byte changed: an error or a value, never a panic;
/// a decoded value survives encoding and decoding.
#[test]
#[cfg_attr(miri, ignore = "takes hours")]
fn any_byte_may_be_wrong() {
    for vector in super::vectors() {
        let format = vector.format();
        let mut stub = vector.stub.clone();
        for at in 0..stub.len().min(400) {
            let before = stub[at];
            for wrong in [0, 1, 0x7F, 0xFF] {
                stub[at] = wrong;
                if let Ok(value) = format.decode(&stub, Transfer::NDR20) {
                    let again = format.encode(value.clone(), Transfer::NDR20).unwrap();
                    assert_eq!(format.decode(&again, Transfer::NDR20), Ok(value), "{} at {at}", vector.id);
                }
            }
            stub[at] = before;
        }
    }
}

/// A value that the wire cannot represent is rejected by name when encoding, too.
#[test]
fn encoding_refuses_what_decoding_would() {
    use wintask::rpc::{Message, sasec};
    let response =
        sasec::SAGetNSAccountInformationResponse { buffer: AccountBuffer::zeroed(274), ..Default::default() };
    let error = response.encode().unwrap_err();
    assert_eq!(error.to_string(), "wszBuffer: 274 is out of range (0 to 273)");
    // A NULL pointer may come with any count.
    let odd = wintask::ndr::Counted::Null { count: 9 };
    let response = schrpc::SchRpcEnumInstancesResponse { guids: odd, ..Default::default() };
    assert_eq!(schrpc::SchRpcEnumInstancesResponse::decode(&response.encode().unwrap()), Ok(response));
    assert!(SchRpcEnumInstances::default().encode().is_ok());
}
