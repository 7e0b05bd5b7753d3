//! A small document model and a seeded generator of changes to it; independent of the library's reader.

use quick_xml::{Reader, events::Event};
use std::fmt::Write as _;

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Child>,
}

/// The content of an element, text as written in the document.
#[derive(Clone, Debug)]
pub enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    /// Reads a document that is known to be well-formed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        let mut at = 0;
        loop {
            let event = reader.read_event().ok()?;
            let end = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let attributes = tag.attributes().map(|a| {
                        let a = a.ok()?;
                        let name = String::from_utf8_lossy(a.key.as_ref().as_ref()).into_owned();
                        Some((name, String::from_utf8_lossy(a.value.as_bytes()).into_owned()))
                    });
                    let name = String::from_utf8_lossy(tag.name().as_ref().as_ref()).into_owned();
                    let element =
                        Self { name, attributes: attributes.collect::<Option<_>>()?, children: Vec::new() };
                    if text[..end].ends_with("/>") {
                        open.last_mut()?.children.push(Child::Element(element));
                    } else {
                        open.push(element);
                    }
                }
                Event::End(_) => {
                    let element = open.pop()?;
                    open.last_mut()?.children.push(Child::Element(element));
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    open.last_mut()?.children.push(Child::Text(text[at..end].to_owned()));
                }
                Event::Eof => break,
                _ => {}
            }
            at = end;
        }
        let document = open.pop()?;
        document
            .children
            .into_iter()
            .find_map(|child| if let Child::Element(e) = child { Some(e) } else { None })
    }

    /// The document.
    pub fn write(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{value}\"");
        }
        out.push('>');
        for child in &self.children {
            match child {
                Child::Element(element) => element.write(out),
                Child::Text(text) => *out += text,
            }
        }
        let _ = write!(out, "</{}>", self.name);
    }

    fn count(&self) -> usize {
        let inner: usize =
            self.children.iter().map(|c| if let Child::Element(e) = c { e.count() } else { 0 }).sum();
        inner + 1
    }

    /// The element of this number, the root being 0.
    fn nth(&mut self, n: &mut usize) -> Option<&mut Self> {
        if *n == 0 {
            return Some(self);
        }
        *n -= 1;
        self.children.iter_mut().find_map(|c| if let Child::Element(e) = c { e.nth(n) } else { None })
    }

    fn is_leaf(&self) -> bool {
        !self.children.iter().any(|c| matches!(c, Child::Element(_)))
    }

    fn elements(&self) -> Vec<usize> {
        let children = self.children.iter().enumerate();
        children.filter(|(_, c)| matches!(c, Child::Element(_))).map(|(i, _)| i).collect()
    }
}

/// A generator of numbers (splitmix64): the same seed, the same mutants, on any machine.
pub struct Seed(pub u64);

impl Seed {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Values of every type, good and bad.
pub const VALUES: &[&str] = &[
    "",
    " ",
    "true",
    "false",
    "1",
    "0",
    "TRUE",
    " true ",
    "\ttrue\n",
    "yes",
    "2",
    "7",
    "10",
    "11",
    "-1",
    "-0",
    "+5",
    "007",
    "5 ",
    "32",
    "33",
    "52",
    "53",
    "255",
    "256",
    "365",
    "366",
    "127",
    "128",
    "999999999999",
    "1.0",
    "1e1",
    "0x1",
    "PT1M",
    "PT59S",
    "PT0S",
    "P31D",
    "P31DT1S",
    "P1M",
    "P2M",
    "P1Y",
    "P1Y2M3DT4H5M6S",
    "-PT1M",
    "PT1.5S",
    "PT.5S",
    "PT1.S",
    "P",
    "PT",
    "P1DT",
    "1D",
    "P1S",
    "PT1H1H",
    "P1D1Y",
    "PT60.0S",
    "PT1M0.5S",
    "P0D",
    "-P0D",
    "PT00001M",
    "P99999999999999999999D",
    "PT2147483648S",
    "P30DT24H",
    "P1W",
    "pt1m",
    "P1D ",
    " PT5M",
    "PT25200S",
    "P1DT1M",
    "2024-01-03T02:00:00",
    "2024-01-03T02:00:00Z",
    "2024-01-03T02:00:00+14:00",
    "2024-01-03T02:00:00-14:00",
    "2024-01-03T02:00:00+14:01",
    "2024-01-03T02:00:00+5:00",
    "2024-01-03T02:00:00.1234567",
    "2024-01-03T02:00:00.",
    "2024-01-03T24:00:00",
    "2024-01-03T24:00:01",
    "2024-02-30T00:00:00",
    "2023-02-29T00:00:00",
    "2000-02-29T00:00:00",
    "1900-02-29T00:00:00",
    "0000-01-01T00:00:00",
    "-0001-01-01T00:00:00",
    "12024-01-03T02:00:00",
    "02024-01-03T02:00:00",
    "-0004-02-29T00:00:00",
    "-0005-02-29T00:00:00",
    "-2024-02-29T00:00:00",
    "2024-1-03T02:00:00",
    "2024-01-03",
    "2024-01-03 02:00:00",
    "2024-01-03T02:00",
    "2024-13-01T00:00:00",
    "2024-01-03T02:60:00",
    "2024-01-03T02:00:60",
    " 2024-01-03T02:00:00 ",
    "2024-01-03T02:00:00z",
    "{C1F85EF8-BCC2-4606-BB39-70C523715EB3}",
    "C1F85EF8-BCC2-4606-BB39-70C523715EB3",
    "{c1f85ef8-bcc2-4606-bb39-70c523715eb3}",
    "{C1F85EF8BCC24606BB3970C523715EB3}",
    " {C1F85EF8-BCC2-4606-BB39-70C523715EB3}",
    "{C1F85EF8-BCC2-4606-BB39-70C523715EBG}",
    "Parallel",
    "Queue",
    "IgnoreNew",
    "StopExisting",
    "ignorenew",
    "IgnoreNew ",
    "Last",
    "last",
    "4",
    "31",
    "01",
    "S4U",
    "Password",
    "InteractiveToken",
    "Group",
    "LeastPrivilege",
    "HighestAvailable",
    "None",
    "Unrestricted",
    "SeBackupPrivilege",
    "SeNothingPrivilege",
    "SessionLock",
    "SessionUnlock",
    "sessionlock",
    "\\Microsoft\\Windows\\X",
    "\\A Folder\\B",
    "http://example.com/a?b#c",
    "a:b",
    "a b",
    "%zz",
    "%41",
    "1:2",
    "mailto:x@y",
    "//host:80/x",
    "//host:x/",
    "#a#b",
    "a[b]",
    "?[",
    "#[",
    "tëst",
    "&#xE9;",
    "&#10;",
    "&lt;&amp;",
    "<![CDATA[true]]>",
    "<![CDATA[]]>",
    "tr<!-- c -->ue",
    "<?p x?>7",
    "<!-- c -->",
    "<?p?>",
    "PT.S",
    "P.5D",
    "P1.5D",
    "-P1M",
    "P1M1D",
    "P4W",
    "true<!-- -->",
    "&#9;true",
    "a?b?c",
    "a#b",
    "a//b",
    "a:",
    ":a",
    "1a:b",
    "a+b:c",
    "[x]",
    "a%4",
    "é:b",
    "//[::1]:80",
    "//h:p",
    "//u@h",
    "//u:p@h:1/x",
    "//a@b@c",
    "x y?z w#q r",
];

/// Names of every element of the schema, some similar names, some invalid ones.
pub const NAMES: &[&str] = &[
    "Task",
    "RegistrationInfo",
    "Triggers",
    "Settings",
    "Data",
    "Principals",
    "Actions",
    "URI",
    "SecurityDescriptor",
    "Source",
    "Date",
    "Author",
    "Version",
    "Description",
    "Documentation",
    "BootTrigger",
    "RegistrationTrigger",
    "IdleTrigger",
    "TimeTrigger",
    "EventTrigger",
    "LogonTrigger",
    "SessionStateChangeTrigger",
    "CalendarTrigger",
    "WnfStateChangeTrigger",
    "Enabled",
    "StartBoundary",
    "EndBoundary",
    "Repetition",
    "ExecutionTimeLimit",
    "Interval",
    "Duration",
    "StopAtDurationEnd",
    "Delay",
    "RandomDelay",
    "Subscription",
    "PeriodOfOccurrence",
    "NumberOfOccurrences",
    "MatchingElement",
    "ValueQueries",
    "Value",
    "UserId",
    "StateChange",
    "StateName",
    "ScheduleByDay",
    "ScheduleByWeek",
    "ScheduleByMonth",
    "ScheduleByMonthDayOfWeek",
    "DaysInterval",
    "WeeksInterval",
    "DaysOfWeek",
    "DaysOfMonth",
    "Months",
    "Weeks",
    "Day",
    "Week",
    "Monday",
    "Sunday",
    "January",
    "December",
    "AllowStartOnDemand",
    "RestartOnFailure",
    "MultipleInstancesPolicy",
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "AllowHardTerminate",
    "StartWhenAvailable",
    "NetworkProfileName",
    "RunOnlyIfNetworkAvailable",
    "WakeToRun",
    "Hidden",
    "DeleteExpiredTaskAfter",
    "IdleSettings",
    "NetworkSettings",
    "Priority",
    "RunOnlyIfIdle",
    "UseUnifiedSchedulingEngine",
    "DisallowStartOnRemoteAppSession",
    "MaintenanceSettings",
    "Volatile",
    "Count",
    "WaitTimeout",
    "StopOnIdleEnd",
    "RestartOnIdle",
    "Name",
    "Id",
    "Period",
    "Deadline",
    "Exclusive",
    "Principal",
    "LogonType",
    "GroupId",
    "DisplayName",
    "RunLevel",
    "ProcessTokenSidType",
    "RequiredPrivileges",
    "Privilege",
    "Exec",
    "ComHandler",
    "SendEmail",
    "ShowMessage",
    "Command",
    "Arguments",
    "WorkingDirectory",
    "ClassId",
    "Server",
    "Subject",
    "To",
    "Cc",
    "Bcc",
    "ReplyTo",
    "From",
    "HeaderFields",
    "HeaderField",
    "Body",
    "Attachments",
    "File",
    "Title",
    "task",
    "Foo",
    "enabled",
    "x:Enabled",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("id", &["Author", "a b", "", "1a", " Author ", "a:b", "x", "ä"]),
    ("version", &["1.2", "1", "1.2.3.4", "1.2.3.4.5", "a.b", "1.", "9.9", " 1.2"]),
    ("Context", &["Author", "Nobody", "a b", ""]),
    ("name", &["x", ""]),
    ("foo", &["bar"]),
    ("xml:lang", &["en"]),
];

/// What was changed.
pub fn mutate(root: &mut Element, seed: &mut Seed) -> &'static str {
    let total = root.count();
    let mut n = seed.below(total);
    let kind = seed.below(13);
    let Some(element) = root.nth(&mut n) else { return "nothing" };
    let children = element.elements();
    let any = (!children.is_empty()).then(|| children[seed.below(children.len())]);
    match (kind, any) {
        (0, Some(i)) => {
            element.children.remove(i);
            "an element dropped"
        }
        (1, Some(i)) => {
            let copy = element.children[i].clone();
            let at = seed.below(element.children.len() + 1);
            element.children.insert(at, copy);
            "an element doubled"
        }
        (2, Some(i)) => {
            if let Child::Element(child) = &mut element.children[i] {
                child.name = seed.pick(NAMES).to_owned();
            }
            "an element renamed"
        }
        (3, Some(i)) => {
            let moved = element.children.remove(i);
            let mut n = seed.below(root.count());
            if let Some(target) = root.nth(&mut n) {
                let at = seed.below(target.children.len() + 1);
                target.children.insert(at, moved);
            }
            "an element moved"
        }
        (4, Some(i)) => {
            let moved = element.children.remove(i);
            let at = seed.below(element.children.len() + 1);
            element.children.insert(at, moved);
            "an element moved among its siblings"
        }
        (5, _) => {
            let child = Element { name: seed.pick(NAMES).to_owned(), ..Element::default() };
            let child = Element { children: vec![Child::Text(seed.pick(VALUES).to_owned())], ..child };
            let at = seed.below(element.children.len() + 1);
            element.children.insert(at, Child::Element(child));
            "an element added"
        }
        (6, _) => {
            let (name, values) = ATTRIBUTES[seed.below(ATTRIBUTES.len())];
            let value = seed.pick(values).to_owned();
            match element.attributes.iter_mut().find(|(known, _)| known == name) {
                Some((_, old)) => *old = value,
                None => element.attributes.push((name.to_owned(), value)),
            }
            "an attribute set"
        }
        (7, _) => {
            let keep = element.attributes.iter().position(|(name, _)| name != "xmlns");
            keep.map(|i| element.attributes.remove(i));
            "an attribute dropped"
        }
        (8, _) if !element.is_leaf() => {
            let at = seed.below(element.children.len() + 1);
            element.children.insert(
                at,
                Child::Text(seed.pick(&["x", " ", "<![CDATA[ ]]>", "<!-- c -->", "&#32;"]).to_owned()),
            );
            "text between elements"
        }
        _ => {
            // A value: of this element if it has one, else of the first below it.
            let mut target = element;
            while !target.is_leaf() {
                let first = target.elements()[0];
                let Child::Element(child) = &mut target.children[first] else { unreachable!("an element") };
                target = child;
            }
            target.children = vec![Child::Text(seed.pick(VALUES).to_owned())];
            "a value changed"
        }
    }
}
