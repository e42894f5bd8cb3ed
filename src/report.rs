//! What rampkit says to a person: everything here goes to stderr.
//!
//! stdout belongs to the product (a path, or the data asked for), so that it can be piped.

use std::error::Error as _;
use std::fmt::{Arguments, Display};
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

use crate::error::Error;
use crate::warning::Warning;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// A voice on stderr, coloured where stderr is a terminal.
#[derive(Clone, Copy)]
pub struct Report {
    quiet: bool,
}

impl Report {
    /// A quiet report says only warnings and errors.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// One step that is done: a verb in the past tense, and what it was done to.
    pub fn done(self, verb: &str, what: impl Display) {
        if !self.quiet {
            say(format_args!("{GOOD}{verb:>10}{GOOD:#} {what}"));
        }
    }

    /// A warning with its advice.
    pub fn warning(self, warning: &Warning) {
        say(format_args!("{WARN}warning:{WARN:#} {}", warning.message));
        if let Some(advice) = &warning.advice {
            say(format_args!("{HINT}   hint:{HINT:#} {advice}"));
        }
    }

    /// An error, its causes, and what to do.
    pub fn error(self, error: &Error) {
        say(format_args!("{BAD}error:{BAD:#} {error}"));
        let mut cause = error.source();
        while let Some(error) = cause {
            say(format_args!("{BAD}caused by:{BAD:#} {error}"));
            cause = error.source();
        }
        if let Some(hint) = error.hint() {
            say(format_args!("{HINT}hint:{HINT:#} {hint}"));
        }
    }
}

/// Writes a line. That nobody listens any more is no reason to stop.
fn say(line: Arguments) {
    let _ = writeln!(anstream::stderr(), "{line}");
}
