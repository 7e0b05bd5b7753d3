//! The table of attributes ([MS-GPPREF] 2.2.1.1.1, 2.2.1.18). Reader, writer, findings, conversions and the
//! documentation of [`Field`] are derived from it.

use super::value::{Action, ItemKind, TriggerType, Value, Week};
use std::fmt;

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Text.
    Text,
    /// `0` or `1`; `false` and `true` are also accepted (EVIDENCE.md GPP-03).
    Flag,
    /// A decimal number up to this maximum. Leading zeros are allowed (EVIDENCE.md GPP-10).
    Number(u32),
    /// An [`Action`].
    Action,
    /// A [`TriggerType`].
    TriggerType,
    /// A [`Week`], by name or number.
    Week,
    /// A password. Its value is not read.
    Credential,
}

impl Type {
    /// Reads a value.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Value> {
        let word = text.trim_matches([' ', '\t', '\r', '\n']);
        match self {
            Self::Text => Some(Value::Text(text.to_owned())),
            Self::Credential => None,
            Self::Flag => match word {
                "1" | "true" => Some(Value::Flag(true)),
                "0" | "false" => Some(Value::Flag(false)),
                _ => None,
            },
            Self::Number(most) => {
                let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
                word.parse().ok().filter(|number| digits && *number <= most).map(Value::Number)
            }
            Self::Action => Action::from_name(word).map(Value::Action),
            Self::TriggerType => TriggerType::from_name(word).map(Value::TriggerType),
            Self::Week => {
                let numbered = |week: &Week| word.parse() == Ok(week.number());
                let week = Week::from_name(word).or_else(|| Week::ALL.iter().copied().find(numbered));
                week.map(Value::Week)
            }
        }
    }

    /// Whether a value is of this type.
    #[must_use]
    pub fn admits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Number(most), Value::Number(number)) => *number <= most,
            (Self::Text, Value::Text(_))
            | (Self::Flag, Value::Flag(_))
            | (Self::Action, Value::Action(_))
            | (Self::TriggerType, Value::TriggerType(_))
            | (Self::Week, Value::Week(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, names: &[&str]| write!(f, "one of {}", names.join(", "));
        match self {
            Self::Text => f.write_str("text"),
            Self::Flag => f.write_str("0 or 1"),
            Self::Number(most) => write!(f, "a number up to {most}"),
            Self::Action => list(f, &["C", "D", "R", "U"]),
            Self::TriggerType => list(f, &TriggerType::ALL.iter().map(|t| t.name()).collect::<Vec<_>>()),
            Self::Week => list(f, &Week::ALL.iter().map(|w| w.name()).collect::<Vec<_>>()),
            Self::Credential => f.write_str("a password"),
        }
    }
}

/// An element that has attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Owner {
    /// The root element.
    Root,
    /// An item.
    Item,
    /// The Properties of an item of this kind.
    Properties(ItemKind),
    /// A Trigger.
    Trigger,
}

/// The elements that have an attribute, as a bit set.
#[derive(Clone, Copy)]
struct Owners(u8);

const ROOT: Owners = Owners(0x01);
const ITEM: Owners = Owners(0x02);
const TASK: Owners = Owners(0x04);
const IMMEDIATE: Owners = Owners(0x08);
const TASK_V2: Owners = Owners(0x10);
const IMMEDIATE_V2: Owners = Owners(0x20);
const TRIGGER: Owners = Owners(0x40);
const NONE: Owners = Owners(0);
const ROOT_AND_ITEM: Owners = Owners(ROOT.0 | ITEM.0);
const VERSION_1: Owners = Owners(TASK.0 | IMMEDIATE.0);
const VERSION_2: Owners = Owners(TASK_V2.0 | IMMEDIATE_V2.0);
const PROPERTIES: Owners = Owners(VERSION_1.0 | VERSION_2.0);

impl Owners {
    const fn has(self, owner: Owner) -> bool {
        let bit = match owner {
            Owner::Root => ROOT,
            Owner::Item => ITEM,
            Owner::Properties(ItemKind::Task) => TASK,
            Owner::Properties(ItemKind::ImmediateTask) => IMMEDIATE,
            Owner::Properties(ItemKind::TaskV2) => TASK_V2,
            Owner::Properties(ItemKind::ImmediateTaskV2) => IMMEDIATE_V2,
            Owner::Trigger => TRIGGER,
        };
        self.0 & bit.0 != 0
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Row {
    /// The attribute.
    pub field: Field,
    /// Its name in the file.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// The default value; `None` if there is none, or if it depends on the policy.
    pub default: Option<&'static str>,
    /// Its meaning, without a full stop.
    pub meaning: &'static str,
    /// The specification's text, if it is an editing mistake; without a full stop.
    pub text: Option<&'static str>,
    /// The section of [MS-GPPREF].
    pub section: &'static str,
    owners: Owners,
    required: Owners,
}

impl Row {
    /// Whether an element has this attribute.
    #[must_use]
    pub const fn belongs_to(&self, owner: Owner) -> bool {
        self.owners.has(owner)
    }

    /// Whether the attribute is required there. Real files omit some that the schema requires (EVIDENCE.md GPP-04,
    /// GPP-18).
    #[must_use]
    pub const fn is_required_in(&self, owner: Owner) -> bool {
        self.required.has(owner)
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("field", &self.field).field("ty", &self.ty).finish_non_exhaustive()
    }
}

macro_rules! fields {
    ($( $field:ident $name:literal $ty:expr, $owners:ident, $required:ident, $default:tt, $section:literal,
        $meaning:literal $(, but the text: $text:literal)?; )*) => {
        /// The attributes of the file, with their names, sections and meanings. If two meanings are given, the first
        /// is that of Windows, and the second that of the specification's text (EVIDENCE.md GPP-05 to GPP-09).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Field { $(
            #[doc = concat!("`", $name, "` ([MS-GPPREF] ", $section, "): ", $meaning, fields!(@default $default) $(,
                " The text: ", $text)?)]
            $field,
        )* }

        /// The rows, in the order in which the editor writes the attributes.
        const ROWS: &[Row] = &[ $( Row {
            field: Field::$field,
            name: $name,
            ty: $ty,
            default: fields!(@option $default),
            meaning: $meaning,
            text: fields!(@text $($text)?),
            section: $section,
            owners: $owners,
            required: $required,
        }, )* ];
    };
    (@default -) => { "" };
    (@default $default:literal) => { concat!(" Default: ", $default, ".") };
    (@option -) => { None };
    (@option $default:literal) => { Some($default) };
    (@text) => { None };
    (@text $text:literal) => { Some($text) };
}

const ANY: Type = Type::Number(u32::MAX);

fields! {
    ClassId "clsid" Type::Text, ROOT_AND_ITEM, ROOT_AND_ITEM, -, "2.2.1.1.1",
        "the class of the element; items with another one are not processed";
    Label "name" Type::Text, ITEM, ITEM, -, "2.2.1.1.1", "the name of the item in the console";
    Image "image" ANY, ITEM, NONE, "0", "2.2.1.1.1", "the icon of the item in the console";
    Changed "changed" Type::Text, ITEM, NONE, -, "2.2.1.1.1", "when the item was changed, in UTC, for display";
    Uid "uid" Type::Text, ITEM, ITEM, -, "2.2.1.1.1", "the identifier of the item";
    Disabled "disabled" Type::Flag, ROOT_AND_ITEM, NONE, "0", "2.2.1.1.1", "1 if nothing in the element is processed";
    UserContext "userContext" Type::Flag, ITEM, NONE, -, "2.2.1.1.1",
        "1 to act as the logged-on user, 0 as SYSTEM; the default depends on the policy";
    RemovePolicy "removePolicy" Type::Flag, ITEM, NONE, "0", "2.2.1.1.1",
        "1 to remove the task when the policy no longer applies";
    Description "desc" Type::Text, ITEM, NONE, -, "2.2.1.1.1", "a description of the item";
    BypassErrors "bypassErrors" Type::Flag, ITEM, NONE, "0", "2.2.1.1.1",
        "1 to continue with the next item after an error";
    Status "status" Type::Text, ITEM, NONE, -, "2.2.1.1.1", "used by the console only";

    DeleteWhenDone "deleteWhenDone" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 to delete the task when it has no further runs",
        but the text: "1 if the task remains, 0 if it does not";
    MaxRunTime "maxRunTime" ANY, VERSION_1, NONE, "259200000", "2.2.1.18.1",
        "how long the task may run, in milliseconds", but the text: "in seconds";
    StartOnlyIfIdle "startOnlyIfIdle" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 if the task starts only while the machine is idle";
    IdleMinutes "idleMinutes" ANY, VERSION_1, NONE, "10", "2.2.1.18.1",
        "how many minutes the machine must have been idle",
        but the text: "how many minutes the machine is not idle before the task is cancelled";
    DeadlineMinutes "deadlineMinutes" ANY, VERSION_1, NONE, "60", "2.2.1.18.1",
        "how many minutes to wait for the machine to become idle",
        but the text: "how many minutes the task may be active";
    StopOnIdleEnd "stopOnIdleEnd" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 if the task is stopped when the machine ceases to be idle";
    NoStartIfOnBatteries "noStartIfOnBatteries" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 if the task does not start on batteries";
    StopIfGoingOnBatteries "stopIfGoingOnBatteries" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 if the task is stopped when the machine switches to batteries";
    SystemRequired "systemRequired" Type::Flag, VERSION_1, NONE, "0", "2.2.1.18.1",
        "1 to wake the machine to run the task",
        but the text: "1 if the task runs as a local administrator";
    Action "action" Type::Action, PROPERTIES, NONE, "U", "2.2.1.18.1", "what happens to the task of this name";
    Name "name" Type::Text, PROPERTIES, PROPERTIES, -, "2.2.1.18.1", "the name of the task";
    AppName "appName" Type::Text, VERSION_1, NONE, -, "2.2.1.18.1",
        "the command without arguments; items that delete have none";
    Args "args" Type::Text, VERSION_1, NONE, -, "2.2.1.18.1", "the arguments";
    StartIn "startIn" Type::Text, VERSION_1, NONE, -, "2.2.1.18.1",
        "the working directory, without quotes and without a backslash at the end";
    Comment "comment" Type::Text, VERSION_1, NONE, -, "2.2.1.18.1", "the description of the task";
    RunAs "runAs" Type::Text, PROPERTIES, VERSION_2, -, "2.2.1.18.1",
        "the account that runs the task: by default SYSTEM in a machine policy, and the user in a user policy";
    LogonType "logonType" Type::Text, VERSION_2, VERSION_2, -, "2.2.1.18.3", "how the account is logged on";
    Cpassword "cpassword" Type::Credential, PROPERTIES, NONE, -, "2.2.1.1.4",
        "the password of the account, encrypted with a key that is published";
    Enabled "enabled" Type::Flag, VERSION_1, NONE, "1", "2.2.1.18.1",
        "1 if the task is enabled; required by the schema, but missing in real files";

    TriggerType "type" Type::TriggerType, TRIGGER, TRIGGER, -, "2.2.1.18.1", "when the trigger fires";
    StartHour "startHour" Type::Number(23), TRIGGER, NONE, "0", "2.2.1.18.1",
        "the hour of the start, in local time", but the text: "in UTC";
    StartMinutes "startMinutes" Type::Number(59), TRIGGER, NONE, "0", "2.2.1.18.1",
        "the minute of the start, in local time", but the text: "in UTC";
    BeginYear "beginYear" Type::Number(0xFFFF), TRIGGER, NONE, -, "2.2.1.18.1", "the year of the first day";
    BeginMonth "beginMonth" Type::Number(12), TRIGGER, NONE, -, "2.2.1.18.1", "the month of the first day";
    BeginDay "beginDay" Type::Number(31), TRIGGER, NONE, -, "2.2.1.18.1", "the day of the month of the first day";
    HasEndDate "hasEndDate" Type::Flag, TRIGGER, NONE, "0", "2.2.1.18.1", "1 if there is a last day";
    EndYear "endYear" Type::Number(0xFFFF), TRIGGER, NONE, -, "2.2.1.18.1", "the year of the last day",
        but the text: "how many minutes to wait for the machine to become idle";
    EndMonth "endMonth" Type::Number(12), TRIGGER, NONE, -, "2.2.1.18.1", "the month of the last day";
    EndDay "endDay" Type::Number(31), TRIGGER, NONE, -, "2.2.1.18.1", "the day of the month of the last day";
    RepeatTask "repeatTask" Type::Flag, TRIGGER, NONE, "0", "2.2.1.18.1", "1 if each start is repeated",
        but the text: "0 if the task repeats, 1 if it does not";
    Interval "interval" Type::Number(0xFFFF), TRIGGER, NONE, "1", "2.2.1.18.1",
        "how many days, weeks or months apart the starts are, by the type";
    Days "days" ANY, TRIGGER, NONE, -, "2.2.1.18.1",
        "the days of the week, Sunday 1 to Saturday 64; of a month without `week`, the day of the month";
    Months "months" Type::Number(0xFFF), TRIGGER, NONE, "4095", "2.2.1.18.1", "the months, January 1 to December 2048";
    Week "week" Type::Week, TRIGGER, NONE, -, "2.2.1.18.1", "the week of the month";
    IdleMinute "idleMinute" ANY, TRIGGER, NONE, -, "2.2.1.18.1", "how many minutes the machine must have been idle";
    MinutesInterval "minutesInterval" ANY, TRIGGER, NONE, "0", "2.2.1.18.1", "how many minutes apart repetitions are";
    MinutesDuration "minutesDuration" ANY, TRIGGER, NONE, "0", "2.2.1.18.1",
        "for how many minutes the start is repeated";
    KillAtDurationEnd "killAtDurationEnd" Type::Flag, TRIGGER, NONE, "0", "2.2.1.18.1",
        "1 if the task is stopped when the repetition ends";
}

impl Field {
    /// The rows of all attributes, in the order in which the editor writes them.
    #[must_use]
    pub const fn table() -> &'static [Row] {
        ROWS
    }

    /// The attribute of this name in an element, ignoring case.
    #[must_use]
    pub fn find(owner: Owner, name: &str) -> Option<Self> {
        let is_it = |row: &&Row| row.belongs_to(owner) && row.name.eq_ignore_ascii_case(name);
        ROWS.iter().find(is_it).map(|row| row.field)
    }

    /// The row of the table.
    #[must_use]
    pub fn row(self) -> Row {
        // The variants are in row order.
        let missing = Row {
            field: self,
            name: "",
            ty: Type::Text,
            default: None,
            meaning: "",
            text: None,
            section: "",
            owners: NONE,
            required: NONE,
        };
        ROWS.get(self as usize).copied().unwrap_or(missing)
    }

    /// The name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The default value of the attribute.
    #[must_use]
    pub fn default(self) -> Option<Value> {
        let row = self.row();
        row.ty.read(row.default?)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
