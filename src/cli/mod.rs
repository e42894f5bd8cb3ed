//! The command line: arguments → a checked request → an operation of the library.
//!
//! One file for each verb. stdout is the product, stderr is talk.

mod all;
mod archive;
mod called;
mod changes;
mod commands;
mod completions;
mod dependencies;
mod diff;
mod discovery;
mod dockerfile;
mod exit;
mod fetch;
mod fields;
mod gathering;
mod graph;
mod init;
mod inspect;
mod man;
mod many;
mod module_yaml;
mod output;
mod pack;
mod packages;
mod platform;
mod portrait;
mod ramp;
mod schema;
mod settings;
mod show;
mod spelling;
mod subject;
mod supervise;
mod telling;
mod text;
mod together;
mod unpack;
mod validate;
mod variables;
mod visible;

use std::io::{self, Write};

use clap::{Args, Parser, Subcommand};

use crate::discovery::host;
use crate::error::{Error, IoContext};
use crate::process;
use crate::report::Report;
use crate::warning::Warning;

pub use called::Called;
pub use exit::Exit;

/// Packs Redis modules into RAMP bundles for Redis Enterprise, and assembles them into images.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(flatten)]
    manner: Manner,

    #[command(subcommand)]
    verb: Verb,
}

/// What is the same for every command.
#[derive(Args)]
struct Manner {
    /// Say only warnings and errors
    #[arg(short, long, global = true, help_heading = "For every command")]
    quiet: bool,

    /// Treat every warning as an error, before anything is written
    #[arg(long, global = true, help_heading = "For every command")]
    deny_warnings: bool,
}

#[derive(Subcommand)]
enum Verb {
    Init(init::Init),
    Fetch(fetch::Fetch),
    Pack(Box<all::OneOrAll>),
    Commands(commands::Commands),
    Inspect(inspect::Inspect),
    Diff(diff::Diff),
    Validate(validate::Validate),
    Unpack(unpack::Unpack),
    Dockerfile(Box<dockerfile::Dockerfile>),
    Graph(Box<graph::Graph>),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(name = process::SUPERVISE, hide = true)]
    Supervise(supervise::Supervise),
    #[command(name = process::GUARD, hide = true)]
    Guard(supervise::Guard),
    #[command(name = host::HOST, hide = true)]
    Host(supervise::Host),
}

/// By what a verb speaks.
#[derive(Clone)]
struct Talk {
    report: Report,
    deny_warnings: bool,
}

impl Talk {
    /// The same, which says before each message what it is about.
    fn about(&self, label: &str) -> Self {
        Self { report: self.report.about(label), deny_warnings: self.deny_warnings }
    }

    /// Shows the warnings; an error if they are denied.
    fn warn(&self, warnings: &[Warning]) -> Result<(), Error> {
        warnings.iter().for_each(|warning| self.report.warning(warning));
        match self.deny_warnings && !warnings.is_empty() {
            true => Err(Error::DeniedWarnings),
            false => Ok(()),
        }
    }

    /// Shows an error that does not end the run, and how the run ends for it.
    fn fails(&self, error: &Error) -> Exit {
        self.report.error(error);
        Exit::from(error)
    }

    /// Prints a line that was asked for.
    fn line(&self, text: &str) -> Result<(), Error> {
        self.product(format!("{text}\n").as_bytes())
    }

    /// Writes a text with colours of ours to stdout: coloured where stdout is a terminal.
    fn coloured(&self, text: &str) -> Result<(), Error> {
        self.write(anstream::stdout().lock(), text.as_bytes())
    }

    /// Writes what was asked for to stdout. A reader that has gone away is no error.
    fn product(&self, bytes: &[u8]) -> Result<(), Error> {
        self.write(io::stdout().lock(), bytes)
    }

    fn write(&self, mut stdout: impl Write, bytes: &[u8]) -> Result<(), Error> {
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(error).at("write to", "stdout")
            }
            _ => Ok(()),
        }
    }
}

impl Manner {
    fn talk(&self) -> Talk {
        Talk { report: Report::new(self.quiet), deny_warnings: self.deny_warnings }
    }
}

impl Cli {
    fn run(self) -> Result<Exit, Error> {
        let talk = self.manner.talk();
        match self.verb {
            Verb::Init(init) => init.run(&talk)?,
            Verb::Fetch(fetch) => return fetch.run(&talk),
            Verb::Pack(pack) => return pack.run(&talk),
            Verb::Commands(commands) => commands.run(&talk)?,
            Verb::Inspect(inspect) => inspect.run(&talk)?,
            Verb::Diff(diff) => return diff.run(&talk),
            Verb::Validate(validate) => return validate.run(&talk),
            Verb::Unpack(unpack) => unpack.run(&talk)?,
            Verb::Dockerfile(dockerfile) => dockerfile.run(&talk)?,
            Verb::Graph(graph) => graph.run(&talk)?,
            Verb::Schema(schema) => schema.run(&talk)?,
            Verb::Completions(completions) => completions.run(&talk)?,
            Verb::Man(man) => man.run(&talk)?,
            Verb::Supervise(supervise) => supervise.run()?,
            Verb::Guard(guard) => guard.run()?,
            Verb::Host(host) => host.run()?,
        }
        Ok(Exit::DONE)
    }
}
