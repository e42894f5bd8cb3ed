//! `rampkit commands`: what a module registers when it is loaded.

use std::path::PathBuf;

use clap::Args;

use super::Talk;
use super::discovery::{LoadingOptions, say_source};
use super::show::counted;
use crate::discovery::{self, Command, Discovered, Discovery, Subject};
use crate::elf::ElfFacts;
use crate::error::Error;
use crate::metadata::semantic_version;

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
        let Discovery { discovered, source, warnings } = discovery::discover(&subject, &method)?;
        talk.warn(&warnings)?;
        let Discovered { name, version, commands } = &discovered;
        let (version, count) = (semantic_version(*version), counted(commands.len()));
        say_source(talk, &format!("{name} {version} with {count}"), &source);
        talk.line(&match self.json {
            true => serde_json::to_string_pretty(&discovered).expect("text and numbers"),
            false => table(&discovered),
        })
    }
}

fn table(discovered: &Discovered) -> String {
    let rows = discovered.commands.iter().map(row);
    let heading = ["name", "arity", "flags", "first key", "last key", "step"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(heading).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let [name, arity, flags, first, last, step] = std::array::from_fn(width);
    let line = |[a, b, c, d, e, f]: &[String; 6]| {
        format!("{a:name$}  {b:>arity$}  {c:flags$}  {d:>first$}  {e:>last$}  {f:>step$}")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn row(command: &Command) -> [String; 6] {
    let Command { command_name, command_arity, flags, first_key, last_key, step } = command;
    let [arity, first, last, step] =
        [command_arity, first_key, last_key, step].map(ToString::to_string);
    [command_name.clone(), arity, flags.join(" "), first, last, step]
}
