//! The scheduler ([MS-TSCH] 3.2).

mod registration;
