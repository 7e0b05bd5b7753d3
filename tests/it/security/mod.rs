//! Security descriptors ([MS-DTYP] 2.4.2 to 2.4.7, 2.5.1 to 2.5.3; EVIDENCE.md, section SDDL).

mod binary;
mod check;
mod condition;
mod inherit;
mod properties;
mod sddl;

use wintask::security::{SecurityDescriptor, Sid};

/// The example of [MS-DTYP] 2.5.1.4, its text and its bytes (EVIDENCE.md SDDL-12).
pub(crate) const EXAMPLE: &str =
    "O:BAG:BAD:P(A;CIOI;GRGX;;;BU)(A;CIOI;GA;;;BA)(A;CIOI;GA;;;SY)(A;CIOI;GA;;;CO)S:P(AU;FA;GR;;;WD)";
pub(crate) const EXAMPLE_BYTES: &str = "
    01 00 14 b0 90 00 00 00 a0 00 00 00 14 00 00 00 30 00 00 00 02 00 1c 00 01 00 00 00 02 80 14 00
    00 00 00 80 01 01 00 00 00 00 00 01 00 00 00 00 02 00 60 00 04 00 00 00 00 03 18 00 00 00 00 a0
    01 02 00 00 00 00 00 05 20 00 00 00 21 02 00 00 00 03 18 00 00 00 00 10 01 02 00 00 00 00 00 05
    20 00 00 00 20 02 00 00 00 03 14 00 00 00 00 10 01 01 00 00 00 00 00 05 12 00 00 00 00 03 14 00
    00 00 00 10 01 01 00 00 00 00 00 03 00 00 00 00 01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00
    01 02 00 00 00 00 00 05 20 00 00 00 20 02 00 00";

/// Descriptors as live Windows prints them (EVIDENCE.md SDDL-19 and SDDL-20), `<…>` filled in; the first is the root folder's.
pub(crate) const LIVE: &[&str] = &[
    "O:SYG:SYD:PAI(A;CI;FA;;;BA)(A;OI;0x1f019f;;;BA)(A;CI;FA;;;SY)(A;OI;0x1f019f;;;SY)(A;CI;FW;;;AU)(A;CI;FW;;;NS)(A;CI;FW;;;LS)(A;OICIIO;FA;;;CO)",
    "D:AI(A;;FR;;;S-1-5-21-1-2-3-1001)(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;S-1-5-21-1-2-3-1001)",
    "D:AI(A;;FR;;;S-1-5-21-1-2-3-1001)(A;;FX;;;SY)(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;BA)",
    "O:BAG:S-1-5-21-1-2-3-513D:(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FA;;;BA)(A;;FR;;;S-1-5-21-1-2-3-1001)",
    "D:AI(A;ID;0x1f019f;;;BA)(A;ID;0x1f019f;;;SY)(A;ID;FR;;;AU)(A;ID;FR;;;LS)(A;ID;FR;;;NS)(A;ID;FA;;;BA)",
];

/// Seeds of the fuzz targets: a name, the SDDL and the binary form.
pub(crate) fn seeds() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let guid = "bf967aba-0de6-11d0-a285-00aa003049e2";
    let objects = format!(
        "D:(OA;CI;CC;{guid};;AU)(OD;;CC;{guid};{guid};AU)(ZA;;FX;;{guid};WD;(a))S:(OU;SA;CC;;{guid};WD)"
    );
    let conditions = "D:AR(XA;;FX;;;WD;(@User.Title == \"PM\" && (a >= -0x1 || !(b Any_of {1, #00ff, SID(BA)}))))\
                      (XD;;FX;;;WD;(Not_Member_of_Any {SID(BU), SID(SY)}))";
    let claims = "S:(RA;;;;;WD;(\"a\",TS,0x2,\"b\",\"c\"))(RA;;;;;WD;(\"n\",TI,0x0,1,-2))(RA;;;;;WD;(\"o\",TX,0x0,#0011))\
                  (RA;;;;;WD;(\"s\",TD,0x0,BA))(ML;;NWNR;;;HI)(SP;;;;;S-1-17-1)(XU;SAFA;FA;;;OW;(Exists x))";
    let texts = [
        ("example", EXAMPLE),
        ("root", LIVE[0]),
        ("task", LIVE[1]),
        ("objects", &objects),
        ("conditions", conditions),
        ("claims", claims),
        ("null", "O:BAG:BAD:NO_ACCESS_CONTROLS:"),
    ];
    texts.map(|(name, text)| (name, text.as_bytes().to_vec(), descriptor(text).to_bytes().unwrap())).into()
}

pub(crate) fn descriptor(text: &str) -> SecurityDescriptor {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn sid(text: &str) -> Sid {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}
