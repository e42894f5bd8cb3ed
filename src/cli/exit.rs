//! How a run ends that has said all there is to say.

use std::process::ExitCode;

use crate::error::Error;

/// An exit code of README's table; a worse one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exit(u8);

impl Exit {
    /// What was asked for is done, or the answer is yes.
    pub const DONE: Self = Self(0);
    /// The answer is no: invalid, or different.
    pub const NO: Self = Self(1);
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        Self(error.exit_code())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
