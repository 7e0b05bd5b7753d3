//! The task definition as values ([MS-TSCH] 2.5) and the paths of tasks (2.3.11).

mod arbitrary;
mod effective;
mod path;
mod serialization;
