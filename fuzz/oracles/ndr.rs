//! RPC stubs.

use wintask::{
    ndr::{ByteOrder, Structure, Transfer, Value},
    rpc::{Direction, Format, INTERFACES},
};

/// The message selected by the first bytes (interface, opnum, direction, transfer syntax), and the stub after them.
fn chosen(data: &[u8]) -> Option<(&'static Format, Transfer, &[u8])> {
    let ([interface, opnum, flags], stub) = data.split_first_chunk()?;
    let interface = INTERFACES.get(usize::from(*interface) % INTERFACES.len())?;
    let opnum = u16::from(*opnum) % u16::try_from(interface.methods.len()).ok()?;
    let direction = if flags & 1 == 0 { Direction::Request } else { Direction::Response };
    let transfer = if flags & 2 == 0 { Transfer::NDR20 } else { Transfer::NDR64 };
    let order = if flags & 4 == 0 { ByteOrder::Little } else { ByteOrder::Big };
    Some((interface.format(opnum, direction).ok()?, transfer.with_order(order), stub))
}

/// Any bytes as any message: gives a value no larger than its stub, or an error within the stub and the fault for it.
/// A truncated message is invalid.
///
/// Catches: panics, counts trusted before they are checked, locations outside the input, parameters that depend on
/// absent bytes. Does not catch: a value read from the wrong place.
pub(crate) fn call(data: &[u8]) {
    let Some((format, transfer, stub)) = chosen(data) else { return };
    match format.decode(stub, transfer) {
        Ok(message) => {
            let weight = fields_weight(&message);
            assert!(weight <= 4 * stub.len() + 64, "{weight} values in {} bytes", stub.len());
            for cut in [0, stub.len() / 3, stub.len().saturating_sub(1)] {
                assert!(stub.is_empty() || format.decode(&stub[..cut], transfer).is_err(), "cut to {cut}");
            }
            let longer = [stub, &[0]].concat();
            assert!(format.decode(&longer, transfer).is_err(), "one byte more");
        }
        Err(error) => {
            let span = error.place().span().expect("a place in the stub");
            assert!(span.start <= span.end && span.end <= stub.len(), "{error}: {span:?}");
            assert!(error.fault().name().is_some(), "{error}");
            assert!(!error.place().path().is_empty(), "{error}");
        }
    }
}

fn fields_weight(structure: &Structure) -> usize {
    1 + structure.fields().map(|(_, value)| weight(value)).sum::<usize>()
}

/// The number of values; strings count by their code units.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(units) => 1 + units.len(),
        Value::Password(units) => 1 + units.units().len(),
        Value::Array(values) => 1 + values.iter().map(weight).sum::<usize>(),
        Value::Structure(structure) => fields_weight(structure),
        _ => 1,
    }
}

/// Encoding and decoding a value preserves it, in its own transfer syntax and in every other that supports its types;
/// encoding is stable after the first time.
///
/// Catches: fields lost or mixed up between reader and writer, different alignment, a different order of pointees.
/// Does not catch: a mistake that both make.
pub(crate) fn round_trip(data: &[u8]) {
    let Some((format, transfer, stub)) = chosen(data) else { return };
    let Ok(value) = format.decode(stub, transfer) else { return };
    let encoded = format.encode(value.clone(), transfer).expect("what was decoded can be encoded");
    // A string's maximum may be larger than needed, which takes no more bytes.
    assert_eq!(encoded.len(), stub.len());
    for other in [Transfer::NDR20, Transfer::NDR64] {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let other = other.with_order(order);
            let Ok(stub) = format.encode(value.clone(), other) else { continue };
            assert_eq!(format.decode(&stub, other).as_ref(), Ok(&value), "{other:?}");
        }
    }
}
