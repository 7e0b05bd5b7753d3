//! ITaskSchedulerService: tasks as XML ([MS-TSCH] 3.1.4.3, and 3.1.4.2.8 for running and stopping tasks).
//!
//! ```
//! use wintask::{client::schrpc, rpc::schrpc::{SchRpcRegisterTask, TaskCreation, TaskLogonType}};
//!
//! let request = SchRpcRegisterTask {
//!     flags: TaskCreation::CREATE | TaskCreation::UPDATE,
//!     ..schrpc::register(r"\Example\Backup", "<Task/>", TaskLogonType::S4U)
//! };
//! assert_eq!(request.path, Some(r"\Example\Backup".into()));
//! ```

mod names;
mod task;
mod tree;

pub use names::{Enumeration, Names};
pub use task::{
    Rejected, create_folder, delete, enable, highest_version, instance_info, instances, last_run,
    missed_runs, register, registered, retrieve, run, scheduled_runtimes, security, set_folder_security,
    set_task_security, stop, stop_instance, task_info, update,
};
pub use tree::Tree;
