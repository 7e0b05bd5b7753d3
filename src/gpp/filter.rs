//! Item-level targeting ([MS-GPPREF] 2.2.1.22): parsed, preserved and described, but not evaluated (EVIDENCE.md
//! GPP-16).

use super::element::Element;
use std::fmt;

/// A kind of filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterRow {
    /// The element.
    pub name: &'static str,
    /// What it tests, in words.
    pub subject: &'static str,
    /// Its own attributes and their defaults; `None` for a required attribute.
    pub attributes: &'static [(&'static str, Option<&'static str>)],
}

/// Attributes shared by all filters; the first two are required.
const COMMON: [(&str, &[&str]); 3] = [("bool", &["AND", "OR"]), ("not", FLAG), ("hidden", FLAG)];

const FLAG: &[&str] = &["0", "1", "false", "true"];
const FILE_TYPES: &[&str] = &["EXISTS", "VERSION"];

/// Attributes with a fixed list of values.
const VALUES: &[(&str, &str, &[&str])] = &[
    ("FilterComputer", "type", &["NETBIOS", "DNS"]),
    ("FilterDate", "period", &["MONTHLY", "WEEKLY", "YEARLY"]),
    ("FilterDate", "dow", &["", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ("FilterFile", "type", FILE_TYPES),
    (
        "FilterMsi",
        "subtype",
        &["EXISTS", "VERSION", "GET_PROPERTY", "GET_INFORMATION", "MATCH_PROPERTY", "MATCH_INFORMATION"],
    ),
    ("FilterMsi", "type", &["PRODUCT", "PATCH", "FILECOMPONENT"]),
    ("FilterOs", "class", &["NE", "9X", "NT"]),
    (
        "FilterRegistry",
        "hive",
        &[
            "HKEY_LOCAL_MACHINE",
            "HKEY_CLASSES_ROOT",
            "HKEY_CURRENT_USER",
            "HKEY_CURRENT_CONFIG",
            "HKEY_USERS",
            "HKEY_USER",
        ],
    ),
    ("FilterRegistry", "type", &["VALUEEXISTS", "KEYEXISTS", "MATCHVALUE", "GETVALUE"]),
    ("FilterRegistry", "subtype", &["EQUALHEX", "EQUALDEC", "SUBSTRING", "VERSION"]),
    ("FilterTerminal", "type", &["NE", "TS", "CONSOLE"]),
    ("FilterTerminal", "option", &["APPLICATION", "PROGRAM", "CLIENT", "SESSION", "DIRECTORY", "IP", "NE"]),
];

/// Attributes that are flags in every filter.
const FLAGS: [&str; 13] = [
    "userContext",
    "primaryGroup",
    "localGroup",
    "directMember",
    "gte",
    "lte",
    "folder",
    "default",
    "system",
    "native",
    "unknown",
    "docked",
    "undocked",
];

/// Alternative names from the text of the specification, which differ from its schema.
const OTHER_NAMES: [(&str, &str); 2] = [("synchFore", "syncFore"), ("asynchFore", "asyncFore")];

/// Attributes whose description contradicts all other filters and their own defaults.
const DISPUTED: [(&str, &str, &str, &str); 2] = [
    (
        "FilterDomain",
        "userContext",
        "1 if the domain is that of the user, 0 if it is that of the computer",
        "0 for the user, 1 for the computer",
    ),
    (
        "FilterRegistry",
        "lte",
        "1 if the value may equal the maximum",
        "0 if the value must be greater than the minimum",
    ),
];

impl FilterRow {
    /// The allowed values of an attribute; empty for any. `None` if the filter has no such attribute.
    pub(super) fn expected(&self, name: &str) -> Option<&'static [&'static str]> {
        if let Some((_, values)) = COMMON.iter().find(|(common, _)| common.eq_ignore_ascii_case(name)) {
            return Some(values);
        }
        let other = OTHER_NAMES.iter().find(|(_, other)| other.eq_ignore_ascii_case(name));
        let name = other.map_or(name, |(name, _)| name);
        let (name, _) = self.attributes.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        let listed = VALUES.iter().find(|(filter, attribute, _)| filter == &self.name && attribute == name);
        Some(match listed {
            Some((.., values)) => values,
            None if FLAGS.contains(name) || self.name == "FilterProcMode" => FLAG,
            None => &[],
        })
    }

    /// The names of the required attributes.
    pub(super) fn required(&self) -> impl Iterator<Item = &'static str> {
        let own = self.attributes.iter().filter(|(_, default)| default.is_none()).map(|(name, _)| *name);
        COMMON.iter().take(2).map(|(name, _)| *name).chain(own)
    }

    /// The meaning of an attribute and the specification's text, if the text is an editing mistake.
    pub(super) fn disputed(&self, name: &str) -> Option<(&'static str, &'static str)> {
        let row = DISPUTED
            .iter()
            .find(|(filter, attribute, ..)| filter == &self.name && attribute.eq_ignore_ascii_case(name));
        row.map(|(.., meaning, text)| (*meaning, *text))
    }
}

macro_rules! filters {
    ($( $name:literal $subject:literal: $( $attribute:ident $(= $default:literal)? ),* ; )*) => {
        /// The kinds of filters, spelled as in the schema.
        pub const FILTERS: &[FilterRow] = &[ $( FilterRow {
            name: $name,
            subject: $subject,
            attributes: &[$( (stringify!($attribute), filters!(@default $($default)?)) ),*],
        }, )* ];
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
}

filters! {
    "FilterBattery" "a battery is present": ;
    "FilterCollection" "": name = "";
    "FilterComputer" "computer name": type, name;
    "FilterCpu" "processor speed": speedMHz;
    "FilterDate" "date": period, dow = "", day = "", month = "", year = "";
    "FilterDisk" "free disk space": drive, freeSpace;
    "FilterDomain" "domain": name, userContext = "1";
    "FilterDun" "dial-up connection": type;
    "FilterFile" "file": path, type = "EXISTS", gte = "0", lte = "0", min = "", max = "", folder = "0";
    "FilterGroup" "security group": name = "", sid = "", userContext = "1", primaryGroup = "0", localGroup = "0";
    "FilterIpRange" "IP address": min, max;
    "FilterLanguage" "language": language, locale, default = "0", system = "0", native = "0", displayName = "";
    "FilterLdap" "LDAP query": binding, searchFilter = "", variableName = "", attribute = "";
    "FilterMacRange" "MAC address": min, max;
    "FilterMsi" "installed product": type, subtype, item = "", code = "", value = "", min = "", max = "", gte = "0",
        lte = "0";
    "FilterOrgUnit" "organisational unit": name, userContext = "1", directMember = "0";
    "FilterOs" "operating system": class = "NE", version = "NE", type = "NE", edition = "NE", sp = "NE";
    "FilterPcmcia" "a PCMCIA slot is present": ;
    "FilterPortable" "portable computer": unknown = "0", docked = "0", undocked = "0";
    "FilterProcMode" "processing mode": synchFore = "0", asynchFore = "0", backRefr = "0", forceRefr = "0",
        linkTrns = "0", noChg = "0", rsopTrns = "0", safeBoot = "0", slowLink = "0", verbLog = "0", rsopEnbl = "0";
    "FilterRam" "memory": totalMB;
    "FilterRegistry" "registry": key, hive = "HKEY_LOCAL_MACHINE", type = "KEYEXISTS", subtype = "EQUALHEX",
        valueName = "", valueType = "", valueData = "", variableName = "", min = "", max = "", gte = "0", lte = "0",
        version = "";
    "FilterRunOnce" "not applied before": id, userContext = "1", comments = "";
    "FilterSite" "site": name;
    "FilterTerminal" "terminal session": type, option, value, min = "", max = "";
    "FilterTime" "time of day": begin, end;
    "FilterUser" "user": name = "", sid = "";
    "FilterVariable" "environment variable": variableName, value = "1";
    "FilterWmi" "WMI query": query, nameSpace = r"root\cimv2", property = "", variableName = "";
}

/// A filter, or a group of filters.
///
/// `Display` describes it in words.
///
/// ```
/// use wintask::gpp::{Element, ScheduledTasks};
///
/// let file = r#"<ScheduledTasks clsid="{CC63F200-7309-4ba0-B154-A71CD118DBCC}"><ImmediateTask
/// clsid="{9F030D12-DDA3-4C26-8548-B7CE9151166A}" name="a" uid="{1}"><Filters><FilterOs bool="AND" not="1" class="NT"
/// version="VISTA" type="NE" edition="NE" sp="NE"/><FilterRunOnce bool="OR" not="0" id="{2}"/></Filters><Properties
/// name="a" appName="a.exe"/></ImmediateTask></ScheduledTasks>"#;
/// let policy = ScheduledTasks::read(file.as_bytes())?;
/// let item = policy.items().next().ok_or("no item")?;
/// assert_eq!(item.filters().next().map(|filter| filter.is_apply_once()), Some(false));
/// let words: Vec<String> = item.filters().map(|filter| filter.to_string()).collect();
/// assert_eq!(words, ["not operating system (class NT, version VISTA)", "or not applied before (id {2})"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter<'a> {
    element: &'a Element,
    first: bool,
}

impl<'a> Filter<'a> {
    pub(super) const fn new(element: &'a Element) -> Self {
        Self { element, first: false }
    }

    /// The element.
    #[must_use]
    pub const fn element(&self) -> &'a Element {
        self.element
    }

    /// Its kind, if it is known.
    #[must_use]
    pub fn row(&self) -> Option<&'static FilterRow> {
        FILTERS.iter().find(|row| self.element.is(row.name))
    }

    /// Whether it is combined with the preceding filters by OR rather than AND; no effect on the first filter.
    #[must_use]
    pub fn is_or(&self) -> bool {
        self.element.attribute("bool").is_some_and(|word| word.eq_ignore_ascii_case("OR"))
    }

    /// Whether the result is negated.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        self.element.attribute("not").is_some_and(|word| matches!(&*word, "1" | "true"))
    }

    /// Whether it is hidden in the console.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.element.attribute("hidden").is_some_and(|word| matches!(&*word, "1" | "true"))
    }

    /// Whether it lets the item be applied only once.
    #[must_use]
    pub fn is_apply_once(&self) -> bool {
        self.element.is("FilterRunOnce")
    }

    /// The filters of a group.
    pub fn members(&self) -> impl Iterator<Item = Self> + use<'a> {
        self.element.elements().map(Self::new)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_or() && !self.first {
            f.write_str("or ")?;
        }
        if self.is_negated() {
            f.write_str("not ")?;
        }
        if self.element.is("FilterCollection") {
            f.write_str("(")?;
            for (index, member) in self.members().enumerate() {
                let joint = match (index, member.is_or()) {
                    (0, _) => "",
                    (_, true) => " ",
                    (_, false) => " and ",
                };
                f.write_str(joint)?;
                Self { first: index == 0, ..member }.write(f)?;
            }
            return f.write_str(")");
        }
        let row = self.row();
        f.write_str(row.map_or(self.element.name(), |row| row.subject))?;
        let mut separator = " (";
        for attribute in self.element.attributes() {
            let common =
                ["bool", "not", "hidden"].iter().any(|name| attribute.name().eq_ignore_ascii_case(name));
            let Some(value) = attribute.value().filter(|_| !common) else { continue };
            let known = row.and_then(|row| {
                row.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(attribute.name()))
            });
            if known.is_none_or(|(_, default)| *default != Some(&*value)) {
                write!(f, "{separator}{} {value}", attribute.name())?;
                separator = ", ";
            }
        }
        if separator == ", " { f.write_str(")") } else { Ok(()) }
    }
}

impl fmt::Display for Filter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}
