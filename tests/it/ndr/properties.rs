//! Round trips of random values of all 56 messages, in every transfer syntax and byte order.

use super::strategy::{Values, messages};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use wintask::ndr::{ByteOrder, ErrorKind, Structure, Transfer, Value};

/// Everything that the wire can represent, including NULs and lone surrogates in strings.
const ANY: Values = Values {
    units: || vec(prop_oneof![Just(0), 0x20..0x7Fu16, 0xD800..0xE000u16, any::<u16>()], 0..20).boxed(),
    null_elements: true,
};

/// Whether the value has a field that NDR64 leaves open.
fn has_job_time(value: &Value) -> bool {
    match value {
        Value::Structure(structure) => in_fields(structure),
        Value::Array(values) => values.iter().any(has_job_time),
        _ => false,
    }
}

fn in_fields(structure: &Structure) -> bool {
    structure.fields().any(|(field, value)| field.name == "JobTime" || has_job_time(value))
}

#[test]
fn every_message_survives_every_transfer() {
    let transfers = [Transfer::NDR20, Transfer::NDR64]
        .into_iter()
        .flat_map(|transfer| [transfer, transfer.with_order(ByteOrder::Big)]);
    let transfers: Vec<_> = transfers.collect();
    let mut checked = 0;
    for (interface, method, direction, format) in messages() {
        let config =
            Config { cases: if cfg!(miri) { 1 } else { 64 }, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&ANY.structure(format.ty), |value| {
            for transfer in &transfers {
                match format.encode(value.clone(), *transfer) {
                    Ok(stub) => {
                        let decoded = format.decode(&stub, *transfer);
                        prop_assert_eq!(decoded.as_ref(), Ok(&value));
                        let cut = stub.len() / 2;
                        if !stub.is_empty() {
                            prop_assert!(format.decode(&stub[..cut], *transfer).is_err());
                        }
                    }
                    Err(error) => {
                        prop_assert_eq!(error.kind(), &ErrorKind::UnresolvedInNdr64("DWORD_PTR"));
                        prop_assert!(in_fields(&value));
                    }
                }
            }
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{} {} {direction:?}: {error}", interface.name, method.name));
        checked += 1;
    }
    assert_eq!(checked, 56);
}

proptest! {
    #![proptest_config(Config { cases: if cfg!(miri) { 4 } else { 256 }, failure_persistence: None, ..Config::default() })]

    /// Any bytes as any message: an error within the stub, or a value that survives the round trip.
    #[test]
    fn any_bytes_are_a_message_or_an_error(stub in vec(prop_oneof![3 => Just(0u8), 1 => 1..5u8, 1 => any::<u8>()], 0..120)) {
        for (_, _, _, format) in messages() {
            match format.decode(&stub, Transfer::NDR20) {
                Ok(value) => {
                    let again = format.encode(value.clone(), Transfer::NDR20).unwrap();
                    prop_assert_eq!(format.decode(&again, Transfer::NDR20), Ok(value));
                }
                Err(error) => prop_assert!(error.place().span().unwrap().end <= stub.len()),
            }
        }
    }
}
