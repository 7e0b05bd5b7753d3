//! `testdata/ndr/vectors.jsonl`: stubs of an independent encoder, reproduced with impacket, and captures of Windows 2000
//! (EVIDENCE.md NDR-01).

use super::{
    Vector,
    message::{from_json, to_json},
    vectors,
};
use wintask::ndr::{ErrorKind, Fault, Transfer};

/// The stub with zero padding and uniform referents, so that two encoders can be compared.
fn masked(vector: &Vector, stub: &[u8]) -> Vec<u8> {
    let mut stub = stub.to_vec();
    for offset in &vector.referents {
        let referent = &mut stub[*offset..offset + 4];
        assert_ne!(referent, [0; 4], "{}: NULL at {offset}", vector.id);
        referent.fill(0xEE);
    }
    vector.pads.iter().for_each(|offset| stub[*offset] = 0);
    stub
}

/// Padding overwritten and referents random: anything that another encoder may send.
fn disturbed(vector: &Vector, seed: u32) -> Vec<u8> {
    let mut stub = vector.stub.clone();
    let mut state = seed;
    for offset in &vector.referents {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        stub[*offset..offset + 4].copy_from_slice(&(state | 1).to_le_bytes());
    }
    vector.pads.iter().for_each(|offset| stub[*offset] = 0xBF);
    stub
}

#[test]
fn decode_to_their_arguments_and_encode_to_their_bytes() {
    let mut checked = 0;
    for vector in vectors() {
        let Some(arguments) = &vector.arguments else { continue };
        let (id, format) = (&vector.id, vector.format());
        let value = format.decode(&vector.stub, Transfer::NDR20).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(&to_json(&value), arguments, "{id}");
        let built = from_json(arguments, format.ty).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert_eq!(built, value, "{id}");
        let encoded = format.encode(built.clone(), Transfer::NDR20).unwrap();
        assert_eq!(masked(&vector, &encoded), masked(&vector, &vector.stub), "{id}");
        assert!(vector.foreign || encoded == vector.stub, "{id}: not byte for byte");
        checked += 1;
    }
    assert_eq!(checked, 118);
}

#[test]
fn pads_and_referents_mean_nothing() {
    for vector in vectors().iter().filter(|vector| vector.arguments.is_some()) {
        let format = vector.format();
        for seed in [0, 1, 2026] {
            let value = format.decode(&disturbed(vector, seed), Transfer::NDR20).unwrap();
            assert_eq!(Some(to_json(&value)), vector.arguments, "{}", vector.id);
        }
        // Equal referents of unique pointers are still separate objects (EVIDENCE.md NDR-08).
        let mut same = vector.stub.clone();
        vector.referents.iter().for_each(|offset| same[*offset..offset + 4].copy_from_slice(&[1, 0, 0, 0]));
        let value = format.decode(&same, Transfer::NDR20).unwrap();
        assert_eq!(Some(to_json(&value)), vector.arguments, "{}", vector.id);
    }
}

#[test]
#[cfg_attr(miri, ignore = "the snapshot's folder is found by running cargo")]
fn malformed_ones_are_refused() {
    let mut refused = String::new();
    for vector in vectors().iter().filter(|vector| vector.arguments.is_none()) {
        let error = vector.format().decode(&vector.stub, Transfer::NDR20).unwrap_err();
        assert_eq!(error.fault(), Fault::BAD_STUB_DATA, "{}", vector.id);
        refused += &format!("{}: {error}\n", vector.id);
    }
    insta::assert_snapshot!(refused, @r"
    ndr-neg-impacket-run: byte 0x2c, pArgs[0].offset: expected offset 0, found 97
    ndr-neg-2: byte 0x8, path.actual_count: offset 0 with 99 elements exceeds the maximum of 3
    ndr-neg-4: byte 0xc, path.units: string of 3 units is not NUL-terminated
    ndr-neg-7: byte 0x4, ccBufferSize: 274 is out of range (0 to 273)
    ");
}

#[test]
fn truncated_anywhere_they_are_refused_within_the_stub() {
    for vector in vectors().iter().filter(|vector| vector.arguments.is_some()) {
        for length in (0..vector.stub.len()).step_by(if cfg!(miri) { 41 } else { 1 }) {
            let error = vector.format().decode(&vector.stub[..length], Transfer::NDR20).unwrap_err();
            let span = error.place().span().unwrap();
            assert!(span.start <= span.end && span.end <= length, "{} cut to {length}: {error}", vector.id);
            assert_eq!(error.fault(), Fault::BAD_STUB_DATA);
            let short =
                matches!(error.kind(), ErrorKind::Truncated { .. } | ErrorKind::TooManyElements { .. });
            assert!(short, "{} cut to {length}: {error}", vector.id);
        }
    }
}

#[test]
fn bytes_left_over_are_refused() {
    for vector in vectors().iter().filter(|vector| vector.arguments.is_some()) {
        for excess in [1, 4] {
            let longer = [&vector.stub[..], &vec![0; excess]].concat();
            let error = vector.format().decode(&longer, Transfer::NDR20).unwrap_err();
            assert_eq!(error.kind(), &ErrorKind::TrailingData { excess }, "{}", vector.id);
            assert_eq!(error.place().offset().unwrap(), vector.stub.len());
        }
    }
}
