//! Layout rules of [C706] 14.3 and [MS-RPCE] 2.2.5, in both byte orders, also for types that no interface here has.

use std::sync::Arc;
use uuid::uuid;
use wintask::{
    dtyp::{Password, SystemTime, WideString},
    ndr::{
        ByteOrder, ConformantVarying, Counted, ErrorKind, Fault, Full, Reader, Ref, Result, Transfer,
        Varying, Wire, Writer,
    },
    rpc::{
        Message,
        atsvc::{AtInfo, NetrJobAdd, NetrJobDel, NetrJobEnum},
        schrpc::{SchRpcRegisterTask, SchRpcRegisterTaskResponse, TaskUserCred, TaskXmlErrorInfo},
    },
};

const BIG: Transfer = Transfer::NDR20.with_order(ByteOrder::Big);

fn encode<T: Wire>(transfer: Transfer, value: &T) -> Vec<u8> {
    let mut writer = Writer::new(transfer);
    writer.parameter("value", value).unwrap();
    writer.into_stub()
}

fn decode<T: Wire>(transfer: Transfer, stub: &[u8]) -> Result<T> {
    let mut reader = Reader::new(stub, transfer);
    let value = reader.parameter("value")?;
    reader.finish()?;
    Ok(value)
}

/// The value in both directions.
#[track_caller]
fn both<T: Wire + PartialEq + std::fmt::Debug>(transfer: Transfer, value: T, stub: &[u8]) {
    assert_eq!(encode(transfer, &value), stub);
    assert!(value.most(transfer.syntax) >= stub.len());
    assert_eq!(decode::<T>(transfer, stub).unwrap(), value);
}

/// [C706] 14.2.5: the most significant octet first; [MS-DTYP] 2.3.4: a GUID's first three fields are integers.
#[test]
fn big_endian() {
    both(BIG, 0x0102_0304u32, &[1, 2, 3, 4]);
    both(BIG, WideString::from("a"), &[0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, b'a', 0, 0]);
    both(
        BIG,
        uuid!("01020304-0506-0708-090a-0b0c0d0e0f10"),
        &std::array::from_fn::<u8, 16, _>(|i| i as u8 + 1),
    );
    let time = SystemTime { year: 0x7E9, month: 11, milliseconds: 999, ..SystemTime::NONE };
    both(BIG, time, &[7, 0xE9, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0xE7]);
    both(BIG, Some(7u32), &[0, 2, 0, 0, 0, 0, 0, 7]);
}

/// [C706] 14.3.3: counts before elements; offset and actual count where an array varies.
#[test]
fn arrays() {
    both(Transfer::NDR20, vec![1u16, 2, 3], &[3, 0, 0, 0, 1, 0, 2, 0, 3, 0]);
    both(Transfer::NDR20, Varying::<u8, 4>::new(1, [7, 8]), &[1, 0, 0, 0, 2, 0, 0, 0, 7, 8]);
    both(
        Transfer::NDR20,
        ConformantVarying::<u8>::new(9, 1, [7, 8]),
        &[9, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 7, 8],
    );
    let beyond = decode::<Varying<u8, 4>>(Transfer::NDR20, &[3, 0, 0, 0, 2, 0, 0, 0, 7, 8]).unwrap_err();
    assert_eq!(beyond.kind(), &ErrorKind::BeyondMaximum { offset: 3, actual_count: 2, max_count: 4 });
    let beyond =
        decode::<ConformantVarying<u8>>(Transfer::NDR20, &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 7, 8])
            .unwrap_err();
    assert_eq!(beyond.kind(), &ErrorKind::BeyondMaximum { offset: 0, actual_count: 2, max_count: 1 });
    let too_long =
        Writer::new(Transfer::NDR20).parameter("value", &Varying::<u8, 1>::new(0, [1, 2])).unwrap_err();
    assert_eq!(too_long.to_string(), "value: offset 0 with 2 elements exceeds the maximum of 1");
}

/// [C706] 14.3.12.3: within an array, all referents first, then the pointees in order, depth first.
#[test]
fn deferral_is_depth_first() {
    both(
        Transfer::NDR20,
        vec![Some(Some(1u32)), None, Some(Some(2))],
        &[
            3, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0, 2, 0, // size, referents in place
            8, 0, 2, 0, 1, 0, 0, 0, // the first one's pointee and its own
            12, 0, 2, 0, 2, 0, 0, 0, // the third one's
        ],
    );
}

/// [C706] 14.3.10: within an array a ref pointer has a referent, which is not NULL.
#[test]
fn ref_pointers() {
    both(Transfer::NDR20, vec![Ref(5u32)], &[1, 0, 0, 0, 0, 0, 2, 0, 5, 0, 0, 0]);
    let error = decode::<Vec<Ref<u32>>>(Transfer::NDR20, &[1, 0, 0, 0, 0, 0, 0, 0]).unwrap_err();
    assert_eq!((error.kind(), error.fault()), (&ErrorKind::NullReference, Fault::NULL_REF_POINTER));
    assert_eq!(error.to_string(), "byte 0x4, value[0]: ref pointer is NULL");
}

/// [C706] 14.3.11: equal referents of full pointers are one object, which travels once.
#[test]
fn full_pointers_share_their_object() {
    let one = Full::new(5u32);
    let stub = [3, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 0, 0, 0];
    both(Transfer::NDR20, vec![one.clone(), Full::NULL, one], &stub);
    let read: Vec<Full<u32>> = decode(Transfer::NDR20, &stub).unwrap();
    assert!(Arc::ptr_eq(read[0].get().unwrap(), read[2].get().unwrap()));
}

/// A list whose links are full pointers.
#[derive(Debug, PartialEq)]
struct Link(Full<Link>);

impl Wire for Link {
    type InPlace = u64;
    fn alignment(syntax: wintask::ndr::Syntax) -> usize {
        Full::<Self>::alignment(syntax)
    }
    fn least(syntax: wintask::ndr::Syntax) -> usize {
        Full::<Self>::least(syntax)
    }
    fn most(&self, syntax: wintask::ndr::Syntax) -> usize {
        self.0.most(syntax)
    }
    fn read(reader: &mut Reader<'_>) -> Result<u64> {
        Full::<Self>::read(reader)
    }
    fn read_pointees(in_place: u64, reader: &mut Reader<'_>) -> Result<Self> {
        Full::read_pointees(in_place, reader).map(Link)
    }
    fn write(&self, writer: &mut Writer) -> Result<()> {
        self.0.write(writer)
    }
    fn write_pointees(&self, writer: &mut Writer) -> Result<()> {
        self.0.write_pointees(writer)
    }
}

/// Hostile full pointers: a circle, an endless chain, two types for one referent.
#[test]
fn full_pointers_do_not_run_in_circles() {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    both(Transfer::NDR20, Link(Full::new(Link(Full::NULL))), &words(&[0x20000, 0]));
    let circle = decode::<Link>(Transfer::NDR20, &words(&[1, 2, 1])).unwrap_err();
    assert_eq!(circle.kind(), &ErrorKind::Cyclic(1));
    let chain = decode::<Link>(Transfer::NDR20, &words(&(1..1000).collect::<Vec<_>>())).unwrap_err();
    assert_eq!(chain.kind(), &ErrorKind::TooDeep);

    let stub = words(&[1, 7, 1]);
    let mut reader = Reader::new(&stub, Transfer::NDR20);
    reader.parameter::<Full<u32>>("number").unwrap();
    let mixed = reader.parameter::<Full<WideString>>("string").unwrap_err();
    assert_eq!(mixed.kind(), &ErrorKind::MixedReferent(1));
}

/// [MS-RPCE] 2.2.5.2: counts and referents have 8 bytes and their alignment; 2.2.5.3.4.1: structures are padded.
#[test]
fn ndr64() {
    let long = |value: u64| value.to_le_bytes();
    both(
        Transfer::NDR64,
        Some(WideString::from("a")),
        &[&long(0x20000)[..], &long(2), &long(0), &long(2), &[b'a', 0, 0, 0]].concat(),
    );
    // A DWORD, a pad, a referent; the array's count; two referents, a DWORD, the pad at the end.
    let creds: Counted<TaskUserCred> = vec![TaskUserCred::default()].into();
    let expected =
        [&[1, 0, 0, 0, 0, 0, 0, 0][..], &long(0x20000), &long(1), &long(0), &long(0), &[0; 8]].concat();
    both(Transfer::NDR64, creds, &expected);
    let info = TaskXmlErrorInfo { line: 1, column: 2, ..TaskXmlErrorInfo::default() };
    both(
        Transfer::NDR64,
        Some(info),
        &[&long(0x20000)[..], &[1, 0, 0, 0, 2, 0, 0, 0], &long(0), &long(0)].concat(),
    );
    both(
        Transfer::NDR64,
        Some(Password::from("")),
        &[&long(0x20000)[..], &long(1), &long(0), &long(1), &[0; 2]].concat(),
    );
}

/// EVIDENCE.md NDR-03: how NDR64 encodes `DWORD_PTR` is not settled, so a type that has one is rejected by name.
#[test]
fn ndr64_refuses_what_is_not_settled() {
    let add = NetrJobAdd { at_info: AtInfo::default(), ..NetrJobAdd::default() };
    let error = add.encode_as(Transfer::NDR64).unwrap_err();
    assert_eq!(error.to_string(), "pAtInfo.JobTime: the NDR64 encoding of DWORD_PTR is not settled");
    assert_eq!(error.fault(), Fault::UNSUPPORTED_TRANSFER_SYNTAX);
    let error = NetrJobAdd::decode_as(&[0; 64], Transfer::NDR64).unwrap_err();
    assert_eq!(
        (error.kind(), error.place().offset().unwrap()),
        (&ErrorKind::UnresolvedInNdr64("DWORD_PTR"), 8)
    );
    // A type without one is accepted.
    let list = NetrJobEnum { resume_handle: Some(7), ..NetrJobEnum::default() };
    let stub = list.encode_as(Transfer::NDR64).unwrap();
    assert_eq!(NetrJobEnum::decode_as(&stub, Transfer::NDR64).unwrap(), list);
    assert!(NetrJobDel::default().encode_as(Transfer::NDR64).is_ok());
}

/// A stub is written into the room that is reserved for it at first.
#[test]
fn room_is_made_once() {
    let request = SchRpcRegisterTask {
        path: Some(r"\a".into()),
        xml: "<Task/>".into(),
        sddl: Some("D:".into()),
        creds: vec![TaskUserCred::new("u", "p"); 3].into(),
        ..SchRpcRegisterTask::default()
    };
    let response = SchRpcRegisterTaskResponse {
        actual_path: Some("b".into()),
        error_info: Some(TaskXmlErrorInfo {
            node: Some("n".into()),
            value: Some("".into()),
            ..Default::default()
        }),
        ..SchRpcRegisterTaskResponse::default()
    };
    for transfer in [Transfer::NDR20, BIG, Transfer::NDR64] {
        for (stub, most) in [
            (request.encode_as(transfer).unwrap(), request.most(transfer)),
            (response.encode_as(transfer).unwrap(), response.most(transfer)),
        ] {
            assert!(stub.len() <= most && most <= 2 * stub.len() + 64, "{} in {most}", stub.len());
        }
    }
}
