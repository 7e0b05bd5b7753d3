//! Conversion between the tree and the model. Each type of the definition states the elements of its fields once, for
//! both reader and writer.

mod action;
mod kept;
mod leaf;
mod stated;
mod task;
mod trigger;
mod value;

use super::{
    schema::number,
    table,
    tree::{Id, Node, Tree},
};
use crate::definition::{
    ComHandler, Exec, Extra, ExtraContent, HeaderField, IdleSettings, MaintenanceSettings, NetworkSettings,
    Principal, RegistrationInfo, Repetition, RestartOnFailure, SendEmail, Settings, ShowMessage,
    UnknownElement, names,
};

pub(super) use value::{Item, List, Parent, ToValue, Unstated, Value};

/// Conversion from an element of the tree.
pub(super) trait FromNode: Sized {
    /// The value; `None` if a required part is missing, which only a forgiving walk allows.
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self>;
}

impl<T: FromNode> FromNode for Box<T> {
    fn from_node(tree: &Tree<'_>, id: Id, node: &Node) -> Option<Self> {
        T::from_node(tree, id, node).map(Self::new)
    }
}

/// The value of a required child.
fn required<T: FromNode>(tree: &Tree<'_>, id: Id, number: u8) -> Option<T> {
    let (id, node) = tree.numbered(id, number)?;
    T::from_node(tree, id, node)
}

/// A stated attribute.
fn attribute(tree: &Tree<'_>, id: Id, name: &str) -> Option<String> {
    tree.attribute(id, name).map(|attribute| attribute.value.to_string())
}

/// The unknown content of an element: attributes, unexpected elements, and known children that could not be read
/// (`lost`).
fn extra(tree: &Tree<'_>, id: Id, lost: Vec<Id>) -> Extra {
    let nothing = tree.unknown.is_empty() && lost.is_empty();
    extra_with(tree, id, if nothing { Vec::new() } else { kept::elements(tree, id, &lost) })
}

/// The same with these unknown elements.
fn extra_with(tree: &Tree<'_>, id: Id, elements: Vec<UnknownElement>) -> Extra {
    let mut attributes = Vec::new();
    if tree.unknown_attributes {
        let unknown = tree.attributes_of(id).iter().filter(|a| !a.known);
        attributes.extend(unknown.map(|a| (a.name.to_owned(), a.value.to_string())));
    }
    let is_usual = !tree.comments && tree.node(id).is_some_and(|node| node.usual && node.in_order);
    if is_usual && attributes.is_empty() && elements.is_empty() {
        return Extra::default();
    }
    let layout = stated::layout(tree, id);
    ExtraContent { attributes, elements, layout }.into()
}

/// Reads the children of an element into the fields of a value.
///
/// `take` receives each child and returns whether it was read. Unread children are returned.
#[inline]
fn children(tree: &Tree<'_>, id: Id, mut take: impl FnMut(Id, &Node) -> bool) -> Vec<Id> {
    tree.children(id).filter(|(id, node)| !take(*id, node)).map(|(id, _)| id).collect()
}

/// Maps a struct's fields to attributes and to children, by their constant numbers in the table.
macro_rules! mapping {
    (
        $ty:ident is $table:ident
        attributes { $( $attribute:ident = $aname:literal; )? }
        required { $( $required:ident = $rname:path; )* }
        optional { $( $optional:ident = $oname:path; )* }
    ) => {
        impl FromNode for $ty {
            #[allow(unused_mut, unused_variables, reason = "not every type has optional fields")]
            fn from_node(tree: &Tree<'_>, id: Id, _node: &Node) -> Option<Self> {
                $( let $attribute = attribute(tree, id, $aname); )?
                $( let $required = required(tree, id, const { number(&table::$table, $rname) })?; )*
                $( let mut $optional = None; )*
                let lost = children(tree, id, |id, node| match node.index {
                    $( index if index == const { number(&table::$table, $rname) } => true, )*
                    $( index if index == const { number(&table::$table, $oname) } => {
                        $optional = FromNode::from_node(tree, id, node);
                        $optional.is_some()
                    } )*
                    _ => false,
                });
                let extra = extra(tree, id, lost);
                Some(Self { $( $attribute, )? $( $required, )* $( $optional, )* extra })
            }
        }

        impl Parent for $ty {
            fn child(&self, index: u8) -> Option<Value<'_>> {
                match index {
                    $( _ if index == const { number(&table::$table, $rname) } => Some(self.$required.to_value()), )*
                    $( _ if index == const { number(&table::$table, $oname) } => {
                        self.$optional.as_ref().map(ToValue::to_value)
                    } )*
                    _ => None,
                }
            }

            $( fn attribute(&self) -> Option<(&'static str, &str)> {
                self.$attribute.as_deref().map(|value| ($aname, value))
            } )?

            fn extra(&self) -> Option<&Extra> {
                Some(&self.extra)
            }
        }

        impl ToValue for $ty {
            fn to_value(&self) -> Value<'_> {
                Value::Parent(self)
            }
        }
    };
}

mapping! {
    RegistrationInfo is REGISTRATION_INFO
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
    Settings is SETTINGS
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
    RestartOnFailure is RESTART_ON_FAILURE
    attributes {}
    required {
        interval = names::INTERVAL;
        count = names::COUNT;
    }
    optional {}
}

mapping! {
    IdleSettings is IDLE_SETTINGS
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
    NetworkSettings is NETWORK_SETTINGS
    attributes {}
    required {}
    optional {
        name = names::NAME;
        id = names::ID;
    }
}

mapping! {
    MaintenanceSettings is MAINTENANCE_SETTINGS
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
    Principal is PRINCIPAL
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
    Repetition is REPETITION
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
    Exec is EXEC
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
    ComHandler is COM_HANDLER
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
    SendEmail is SEND_EMAIL
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
    ShowMessage is SHOW_MESSAGE
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
    HeaderField is HEADER_FIELD
    attributes {}
    required {
        name = names::NAME;
        value = names::VALUE;
    }
    optional {}
}
