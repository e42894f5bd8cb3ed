//! The command line: arguments → a checked request → an operation of the library.
//!
//! One file for each verb. stdout is the product, stderr is talk.

mod commands;
mod fetch;
mod server;
mod supervise;

use std::io::{self, Write};

use clap::{Parser, Subcommand};

use crate::error::{Error, IoContext};
use crate::process;
use crate::report::Report;
use crate::warning::Warning;

/// Packs Redis modules into RAMP bundles for Redis Enterprise.
#[derive(Parser)]
#[command(version, propagate_version = true, disable_help_subcommand = false)]
pub struct Cli {
    /// Say only warnings and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Treat every warning as an error, before anything is written
    #[arg(long, global = true)]
    deny_warnings: bool,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Fetch(fetch::Fetch),
    Commands(commands::Commands),
    #[command(name = process::SUPERVISE, hide = true)]
    Supervise(supervise::Supervise),
    #[command(name = process::GUARD, hide = true)]
    Guard(supervise::Guard),
}

/// What is the same for every verb.
struct Talk {
    report: Report,
    deny_warnings: bool,
}

impl Talk {
    /// Shows the warnings; an error if they are denied.
    fn warn(&self, warnings: &[Warning]) -> Result<(), Error> {
        warnings.iter().for_each(|warning| self.report.warning(warning));
        match warnings.len() {
            0 => Ok(()),
            _ if !self.deny_warnings => Ok(()),
            count => Err(Error::DeniedWarnings(count)),
        }
    }
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever stops the verb.
    pub fn run(self) -> Result<(), Error> {
        let talk = Talk { report: Report::new(self.quiet), deny_warnings: self.deny_warnings };
        match self.verb {
            Verb::Fetch(fetch) => fetch.run(&talk),
            Verb::Commands(commands) => commands.run(),
            Verb::Supervise(supervise) => supervise.run(),
            Verb::Guard(guard) => guard.run(),
        }
    }
}

/// Prints what was asked for, on stdout. A reader that wants no more is no error.
fn product(text: &str) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.at("write to", "stdout"),
    }
}
