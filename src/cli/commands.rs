//! `rampkit commands`: what a module registers when it is loaded.

use std::iter::once;
use std::path::PathBuf;

use clap::Args;

use super::Talk;
use super::discovery::{LoadingOptions, say_loaded};
use super::text::{Align, json, table};
use crate::discovery::{self, Command, Discovered, Discovery, Subject};
use crate::elf::ElfFacts;
use crate::error::Error;
use crate::wording::tame;

/// Show the commands that a module registers
#[derive(Args)]
pub struct Commands {
    /// The module
    #[arg(value_name = "MODULE.so")]
    module: PathBuf,

    /// Arguments to load it with; behind `--` where they begin with a dash
    arguments: Vec<String>,

    /// Print name, version and commands as JSON, as `--commands` of `pack` reads them
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    loading: LoadingOptions,
}

impl Commands {
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let method = self.loading.method()?;
        let facts = ElfFacts::read(&self.module)?;
        let subject = Subject { path: &self.module, facts: &facts, arguments: &self.arguments };
        let Discovery { discovered, source, warnings, .. } =
            discovery::discover(&subject, &method)?;
        talk.warn(&warnings)?;
        say_loaded(talk, &discovered, &source);
        talk.line(&match self.json {
            true => json(&discovered),
            false => lines(&discovered),
        })
    }
}

/// A line for each command, below a heading.
pub fn lines(discovered: &Discovered) -> String {
    let heading = ["name", "arity", "flags", "first key", "last key", "step"].map(str::to_owned);
    let rows: Vec<[String; 6]> = once(heading).chain(discovered.commands.iter().map(row)).collect();
    let columns =
        [Align::Left, Align::Right, Align::Left, Align::Right, Align::Right, Align::Right];
    table(columns, &rows).join("\n")
}

fn row(command: &Command) -> [String; 6] {
    let Command { command_name, command_arity, flags, first_key, last_key, step } = command;
    let [arity, first, last, step] =
        [command_arity, first_key, last_key, step].map(ToString::to_string);
    [tame(command_name), arity, flags.join(" "), first, last, step]
}
