//! Between the tree and the model: each type of the definition says once which element each of its fields is, and
//! reader and writer both follow.

mod action;
mod kept;
mod leaf;
mod stated;
mod task;
mod trigger;

use super::tree::{Id, Node, Tree};
use crate::definition::{
    ComHandler, Exec, Extra, HeaderField, IdleSettings, MaintenanceSettings, NetworkSettings, Principal,
    RegistrationInfo, Repetition, RestartOnFailure, SendEmail, Settings, ShowMessage, names,
};
use std::borrow::Cow;

/// What can be read from an element of the tree.
pub(super) trait FromNode: Sized {
    /// The value; `None` if a required part is missing, which only a forgiving walk allows.
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self>;
}

/// What can be written as an element.
pub(super) trait ToElement {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a>;
}

/// An element to be written: the table decides the order of its children and which of them are left out.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub(super) name: &'static str,
    pub(super) attributes: Vec<(&'static str, &'a str)>,
    pub(super) content: Content<'a>,
    pub(super) extra: Option<&'a Extra>,
}

/// What is between the tags.
#[derive(Debug)]
pub(super) enum Content<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// Markup as it is.
    Raw(&'a str),
    Children(Vec<Element<'a>>),
    /// A whole element that the schema does not know, in a list.
    Foreign(&'a str),
}

impl<'a> Element<'a> {
    pub(super) fn new(name: &'static str, content: Content<'a>) -> Self {
        Self { name, attributes: Vec::new(), content, extra: None }
    }

    pub(super) fn parent(name: &'static str, children: Vec<Element<'a>>, extra: Option<&'a Extra>) -> Self {
        Self { extra, ..Self::new(name, Content::Children(children)) }
    }

    /// What is compared with a spelling: the text, or the members of a set or a list.
    pub(super) fn usual(&self) -> Cow<'_, str> {
        match &self.content {
            Content::Text(text) => (**text).into(),
            Content::Raw(markup) => (*markup).into(),
            Content::Children(members) => {
                let mut usual = String::new();
                for member in members {
                    // What distinguishes a member from the others: its text, or its name if it has no text.
                    let text = if let Content::Text(text) = &member.content { text } else { member.name };
                    stated::push_member(member.attributes.iter().copied(), text, &mut usual);
                }
                usual.into()
            }
            _ => "".into(),
        }
    }

    pub(super) fn with_attribute(mut self, name: &'static str, value: Option<&'a String>) -> Self {
        self.attributes.extend(value.map(|value| (name, value.as_str())));
        self
    }
}

/// Appends an element for a value that was stated.
fn put<'a, T: ToElement>(children: &mut Vec<Element<'a>>, name: &'static str, value: Option<&'a T>) {
    children.extend(value.map(|value| value.to_element(name)));
}

/// The value of a child that must be there.
fn required<T: FromNode>(tree: &Tree<'_>, id: Id, name: &str) -> Option<T> {
    let (id, node) = tree.child(id, name)?;
    T::from_node(tree, id, node)
}

/// An identifier or another attribute that was stated.
fn attribute(tree: &Tree<'_>, id: Id, name: &str) -> Option<String> {
    tree.attribute(id, name).map(|attribute| attribute.value.to_string())
}

/// What the schema does not know of an element: attributes, elements without a place, and children that were known
/// and could not be read (`lost`).
fn extra(tree: &Tree<'_>, id: Id, lost: Vec<Id>) -> Extra {
    let mut attributes = Vec::new();
    if tree.unknown_attributes {
        let unknown = tree.attributes_of(id).iter().filter(|a| !a.known);
        attributes.extend(unknown.map(|a| (a.name.to_owned(), a.value.to_string())));
    }
    let nothing = tree.unknown.is_empty() && lost.is_empty();
    let elements = if nothing { Vec::new() } else { kept::elements(tree, id, &lost) };
    Extra { attributes, elements, layout: stated::layout(tree, id) }
}

/// Reads the children of an element into the fields of a value.
///
/// `take` gets each child and says whether it was read. Those that were not are returned.
fn children(tree: &Tree<'_>, id: Id, mut take: impl FnMut(&'static str, Id, &Node) -> bool) -> Vec<Id> {
    tree.children(id).filter(|(id, node)| !take(node.row.name, *id, node)).map(|(id, _)| id).collect()
}

/// The attributes and elements that a struct's fields are.
macro_rules! mapping {
    (
        $ty:ident
        attributes { $( $attribute:ident = $aname:literal; )* }
        required { $( $required:ident = $rname:path; )* }
        optional { $( $optional:ident = $oname:path; )* }
    ) => {
        impl FromNode for $ty {
            #[allow(unused_mut, unused_variables, reason = "not every type has optional fields")]
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                $( let $attribute = attribute(tree, id, $aname); )*
                $( let $required = required(tree, id, $rname)?; )*
                $( let mut $optional = None; )*
                let lost = children(tree, id, |name, id, node| match name {
                    $( $rname => true, )*
                    $( $oname => {
                        $optional = FromNode::from_node(tree, id, node);
                        $optional.is_some()
                    } )*
                    _ => false,
                });
                let extra = extra(tree, id, lost);
                Some(Self { $( $attribute, )* $( $required, )* $( $optional, )* extra })
            }
        }

        impl ToElement for $ty {
            fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
                let mut children = Vec::new();
                $( put(&mut children, $rname, Some(&self.$required)); )*
                $( put(&mut children, $oname, self.$optional.as_ref()); )*
                Element::parent(name, children, Some(&self.extra))
                    $( .with_attribute($aname, self.$attribute.as_ref()) )*
            }
        }
    };
}

mapping! {
    RegistrationInfo
    attributes {}
    required {}
    optional {
        uri = names::URI;
        security_descriptor = names::SECURITY_DESCRIPTOR;
        source = names::SOURCE;
        date = names::DATE;
        author = names::AUTHOR;
        version = names::VERSION;
        description = names::DESCRIPTION;
        documentation = names::DOCUMENTATION;
    }
}

mapping! {
    Settings
    attributes {}
    required {}
    optional {
        allow_start_on_demand = names::ALLOW_START_ON_DEMAND;
        restart_on_failure = names::RESTART_ON_FAILURE;
        multiple_instances_policy = names::MULTIPLE_INSTANCES_POLICY;
        disallow_start_if_on_batteries = names::DISALLOW_START_IF_ON_BATTERIES;
        stop_if_going_on_batteries = names::STOP_IF_GOING_ON_BATTERIES;
        allow_hard_terminate = names::ALLOW_HARD_TERMINATE;
        start_when_available = names::START_WHEN_AVAILABLE;
        network_profile_name = names::NETWORK_PROFILE_NAME;
        run_only_if_network_available = names::RUN_ONLY_IF_NETWORK_AVAILABLE;
        wake_to_run = names::WAKE_TO_RUN;
        enabled = names::ENABLED;
        hidden = names::HIDDEN;
        delete_expired_task_after = names::DELETE_EXPIRED_TASK_AFTER;
        idle_settings = names::IDLE_SETTINGS;
        network_settings = names::NETWORK_SETTINGS;
        execution_time_limit = names::EXECUTION_TIME_LIMIT;
        priority = names::PRIORITY;
        run_only_if_idle = names::RUN_ONLY_IF_IDLE;
        use_unified_scheduling_engine = names::USE_UNIFIED_SCHEDULING_ENGINE;
        disallow_start_on_remote_app_session = names::DISALLOW_START_ON_REMOTE_APP_SESSION;
        maintenance_settings = names::MAINTENANCE_SETTINGS;
        volatile = names::VOLATILE;
    }
}

mapping! {
    RestartOnFailure
    attributes {}
    required {
        interval = names::INTERVAL;
        count = names::COUNT;
    }
    optional {}
}

mapping! {
    IdleSettings
    attributes {}
    required {}
    optional {
        duration = names::DURATION;
        wait_timeout = names::WAIT_TIMEOUT;
        stop_on_idle_end = names::STOP_ON_IDLE_END;
        restart_on_idle = names::RESTART_ON_IDLE;
    }
}

mapping! {
    NetworkSettings
    attributes {}
    required {}
    optional {
        name = names::NAME;
        id = names::ID;
    }
}

mapping! {
    MaintenanceSettings
    attributes {}
    required {
        period = names::PERIOD;
    }
    optional {
        deadline = names::DEADLINE;
        exclusive = names::EXCLUSIVE;
    }
}

mapping! {
    Principal
    attributes {
        id = "id";
    }
    required {}
    optional {
        user_id = names::USER_ID;
        logon_type = names::LOGON_TYPE;
        group_id = names::GROUP_ID;
        display_name = names::DISPLAY_NAME;
        run_level = names::RUN_LEVEL;
        process_token_sid_type = names::PROCESS_TOKEN_SID_TYPE;
        required_privileges = names::REQUIRED_PRIVILEGES;
    }
}

mapping! {
    Repetition
    attributes {}
    required {
        interval = names::INTERVAL;
    }
    optional {
        duration = names::DURATION;
        stop_at_duration_end = names::STOP_AT_DURATION_END;
    }
}

mapping! {
    Exec
    attributes {
        id = "id";
    }
    required {
        command = names::COMMAND;
    }
    optional {
        arguments = names::ARGUMENTS;
        working_directory = names::WORKING_DIRECTORY;
        hide_app_window = names::HIDE_APP_WINDOW;
    }
}

mapping! {
    ComHandler
    attributes {
        id = "id";
    }
    required {
        class_id = names::CLASS_ID;
    }
    optional {
        data = names::DATA;
    }
}

mapping! {
    SendEmail
    attributes {
        id = "id";
    }
    required {
        server = names::SERVER;
    }
    optional {
        subject = names::SUBJECT;
        to = names::TO;
        cc = names::CC;
        bcc = names::BCC;
        reply_to = names::REPLY_TO;
        from = names::FROM;
        header_fields = names::HEADER_FIELDS;
        body = names::BODY;
        attachments = names::ATTACHMENTS;
    }
}

mapping! {
    ShowMessage
    attributes {
        id = "id";
    }
    required {
        body = names::BODY;
    }
    optional {
        title = names::TITLE;
    }
}

mapping! {
    HeaderField
    attributes {}
    required {
        name = names::NAME;
        value = names::VALUE;
    }
    optional {}
}
