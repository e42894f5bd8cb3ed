//! What `COMMAND INFO` answers about the commands that a module registers.
//!
//! In: the module's calls, with what they were given, and the version of the server. Out: each
//! call's answer, and a [`Command`](super::Command) for each command. Nothing here reads the
//! module's memory.

mod flags;
mod info;
mod keys;
mod registration;
mod table;

pub use flags::{BadFlag, flag_names};
pub use info::{
    BEGIN_INDEX, BEGIN_KEYWORD, FIND_RANGE, InvalidInfo, RawArgument, RawInfo, RawKeySpec,
};
pub use registration::Request;
pub use table::{CommandId, Refused, Table};
