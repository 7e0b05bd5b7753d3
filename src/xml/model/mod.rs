//! Between the tree and the model: each type of the definition says once which element each of its fields is, and
//! reader and writer both follow.

mod action;
mod leaf;
mod task;
mod trigger;

use super::tree::{Id, Node, Tree, Unknown};
use crate::definition::{
    ComHandler, Exec, Extra, HeaderField, IdleSettings, MaintenanceSettings, NetworkSettings, Principal,
    RegistrationInfo, Repetition, RestartOnFailure, SendEmail, Settings, ShowMessage, UnknownElement,
};
use std::borrow::Cow;

/// What can be read from an element of the tree.
pub(super) trait FromNode: Sized {
    /// The value; none where something is missing that it cannot do without, which only a forgiving walk lets pass.
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

/// What stands between the tags.
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
fn extra(tree: &Tree<'_>, id: Id, lost: Vec<UnknownElement>) -> Extra {
    let attributes = tree.attributes.iter().filter(|a| a.node == id && !a.known);
    let attributes = attributes.map(|a| (a.name.to_owned(), a.value.to_string())).collect();
    let unknown = tree.unknown.iter().filter(|u| u.parent == id);
    let after = |u: &Unknown| tree.node(u.after).map(|node| node.row.name);
    let unknown = unknown.map(|u| unknown_element(tree, after(u), u.start, u.end));
    Extra { attributes, elements: unknown.chain(lost).collect() }
}

fn unknown_element(tree: &Tree<'_>, after: Option<&str>, start: u32, end: u32) -> UnknownElement {
    UnknownElement { after: after.map(str::to_owned), xml: tree.outer(start, end) }
}

/// A child that could not be read, kept as it was written; nothing if the document breaks off within it.
fn lost(tree: &Tree<'_>, after: Option<&str>, node: &Node) -> Option<UnknownElement> {
    (node.end > 0).then(|| UnknownElement { after: after.map(str::to_owned), xml: tree.element(node) })
}

/// Reads the children of an element into the fields of a value.
///
/// `take` gets each child and says whether it was read. What was not is kept among the unknown elements.
fn children(
    tree: &Tree<'_>,
    id: Id,
    mut take: impl FnMut(&'static str, Id, &Node) -> bool,
) -> Vec<UnknownElement> {
    let mut kept = Vec::new();
    let mut last = None;
    for (id, node) in tree.children(id) {
        if take(node.row.name, id, node) {
            last = Some(node.row.name);
        } else {
            kept.extend(lost(tree, last, node));
        }
    }
    kept
}

/// The attributes and elements that a struct's fields are.
macro_rules! mapping {
    (
        $ty:ident
        attributes { $( $attribute:ident = $aname:literal; )* }
        required { $( $required:ident = $rname:literal; )* }
        optional { $( $optional:ident = $oname:literal; )* }
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
        uri = "URI";
        security_descriptor = "SecurityDescriptor";
        source = "Source";
        date = "Date";
        author = "Author";
        version = "Version";
        description = "Description";
        documentation = "Documentation";
    }
}

mapping! {
    Settings
    attributes {}
    required {}
    optional {
        allow_start_on_demand = "AllowStartOnDemand";
        restart_on_failure = "RestartOnFailure";
        multiple_instances_policy = "MultipleInstancesPolicy";
        disallow_start_if_on_batteries = "DisallowStartIfOnBatteries";
        stop_if_going_on_batteries = "StopIfGoingOnBatteries";
        allow_hard_terminate = "AllowHardTerminate";
        start_when_available = "StartWhenAvailable";
        network_profile_name = "NetworkProfileName";
        run_only_if_network_available = "RunOnlyIfNetworkAvailable";
        wake_to_run = "WakeToRun";
        enabled = "Enabled";
        hidden = "Hidden";
        delete_expired_task_after = "DeleteExpiredTaskAfter";
        idle_settings = "IdleSettings";
        network_settings = "NetworkSettings";
        execution_time_limit = "ExecutionTimeLimit";
        priority = "Priority";
        run_only_if_idle = "RunOnlyIfIdle";
        use_unified_scheduling_engine = "UseUnifiedSchedulingEngine";
        disallow_start_on_remote_app_session = "DisallowStartOnRemoteAppSession";
        maintenance_settings = "MaintenanceSettings";
        volatile = "Volatile";
    }
}

mapping! {
    RestartOnFailure
    attributes {}
    required {
        interval = "Interval";
        count = "Count";
    }
    optional {}
}

mapping! {
    IdleSettings
    attributes {}
    required {}
    optional {
        duration = "Duration";
        wait_timeout = "WaitTimeout";
        stop_on_idle_end = "StopOnIdleEnd";
        restart_on_idle = "RestartOnIdle";
    }
}

mapping! {
    NetworkSettings
    attributes {}
    required {}
    optional {
        name = "Name";
        id = "Id";
    }
}

mapping! {
    MaintenanceSettings
    attributes {}
    required {
        period = "Period";
    }
    optional {
        deadline = "Deadline";
        exclusive = "Exclusive";
    }
}

mapping! {
    Principal
    attributes {
        id = "id";
    }
    required {}
    optional {
        user_id = "UserId";
        logon_type = "LogonType";
        group_id = "GroupId";
        display_name = "DisplayName";
        run_level = "RunLevel";
        process_token_sid_type = "ProcessTokenSidType";
        required_privileges = "RequiredPrivileges";
    }
}

mapping! {
    Repetition
    attributes {}
    required {
        interval = "Interval";
    }
    optional {
        duration = "Duration";
        stop_at_duration_end = "StopAtDurationEnd";
    }
}

mapping! {
    Exec
    attributes {
        id = "id";
    }
    required {
        command = "Command";
    }
    optional {
        arguments = "Arguments";
        working_directory = "WorkingDirectory";
    }
}

mapping! {
    ComHandler
    attributes {
        id = "id";
    }
    required {
        class_id = "ClassId";
    }
    optional {
        data = "Data";
    }
}

mapping! {
    SendEmail
    attributes {
        id = "id";
    }
    required {
        server = "Server";
    }
    optional {
        subject = "Subject";
        to = "To";
        cc = "Cc";
        bcc = "Bcc";
        reply_to = "ReplyTo";
        from = "From";
        header_fields = "HeaderFields";
        body = "Body";
        attachments = "Attachments";
    }
}

mapping! {
    ShowMessage
    attributes {
        id = "id";
    }
    required {
        title = "Title";
        body = "Body";
    }
    optional {}
}

impl FromNode for HeaderField {
    fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
        Some(Self { name: required(tree, id, "Name")?, value: required(tree, id, "Value")? })
    }
}

impl ToElement for HeaderField {
    fn to_element<'a>(&'a self, name: &'static str) -> Element<'a> {
        let children = vec![self.name.to_element("Name"), self.value.to_element("Value")];
        Element::parent(name, children, None)
    }
}
