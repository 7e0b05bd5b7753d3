/// Which behaviour to follow where observed Windows and the specification's text part ways.
///
/// A profile is a value passed in, never a feature; `CONFORMANCE.md` lists every difference with its evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// What Windows was observed to do.
    #[default]
    Windows,
    /// What the text of [MS-TSCH] says.
    Specification,
}
