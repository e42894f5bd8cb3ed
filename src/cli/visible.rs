//! The command line as people see it: without the verbs that rampkit itself starts.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// What completions and man pages are made of.
pub fn command() -> Command {
    let all = Cli::command();
    let verbs = all.get_subcommands().filter(|verb| !verb.is_hide_set()).cloned();
    let mut command = Command::new("rampkit")
        .version(env!("CARGO_PKG_VERSION"))
        .about(all.get_about().cloned().unwrap_or_default())
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .args(all.get_arguments().cloned())
        .subcommands(verbs);
    command.build();
    command
}
