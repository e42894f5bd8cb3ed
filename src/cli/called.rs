//! The name that rampkit was called by: its own, or that of the reference packer.
//!
//! In: the words of a command line, with the program's name. Out: what was asked for, by the rules of
//! that name.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::exit;

use clap::Parser as _;

use super::ramp::Ramp;
use super::spelling::spelt_out;
use super::{Cli, Exit};
use crate::discovery::host;
use crate::error::Error;
use crate::process;
use crate::report::Report;
use crate::wording::without_logins;

/// Verbs by which rampkit runs itself, whatever it is called.
const HIDDEN: [&str; 3] = [process::SUPERVISE, process::GUARD, host::HOST];

/// What was asked for.
pub enum Called {
    /// By its own name, or any other.
    Rampkit(Cli),
    /// As `ramp`.
    Ramp(Ramp),
}

impl Called {
    /// Understands the words, or says why not and ends the process.
    pub fn parse(words: impl IntoIterator<Item = OsString>) -> Self {
        process::survive_long_files();
        let words = spelt_out(words);
        match is_ramp(&words) {
            true => Self::Ramp(Ramp::from_words(words)),
            false => {
                Self::Rampkit(Cli::try_parse_from(words).unwrap_or_else(|error| leave(&error)))
            }
        }
    }

    /// How it speaks.
    pub fn report(&self) -> Report {
        match self {
            Self::Rampkit(cli) => cli.manner.talk().report,
            Self::Ramp(ramp) => ramp.manner.talk().report,
        }
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever stops the verb.
    pub fn run(self) -> Result<Exit, Error> {
        // Empty, TMPDIR would mean the current folder; it means nothing.
        if std::env::temp_dir().as_os_str().is_empty() {
            let _ = tempfile::env::override_temp_dir(Path::new("/tmp"));
        }
        match self {
            Self::Rampkit(cli) => cli.run(),
            Self::Ramp(ramp) => ramp.run(),
        }
    }
}

/// Prints the help that was asked for, or what is wrong with the words, and ends the process. Of the words
/// a login is not shown.
pub(super) fn leave(said: &clap::Error) -> ! {
    let code = said.exit_code();
    let text = said.to_string();
    let told = without_logins(&text);
    let printed = match code == 0 || told == text {
        true => said.print(),
        false => io::stderr().write_all(told.as_bytes()),
    };
    match printed {
        Err(error) if code == 0 && error.kind() != io::ErrorKind::BrokenPipe => {
            let error = Error::Io { action: "write to", path: "stdout".into(), source: error };
            Report::new(false).error(&error);
            exit(error.exit_code().into())
        }
        _ => exit(code),
    }
}

fn is_ramp(words: &[OsString]) -> bool {
    let name = words.first().and_then(|word| Path::new(word).file_name());
    let verb = words.get(1).map(OsString::as_os_str);
    name == Some(OsStr::new("ramp")) && !HIDDEN.iter().any(|hidden| verb == Some(hidden.as_ref()))
}
