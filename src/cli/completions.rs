//! `rampkit completions`: what a shell asks to complete command lines.

use clap::builder::PossibleValue;
use clap::{Args, Command};
use clap_complete::Shell;

use super::{Talk, visible};
use crate::error::Error;

/// Print what a shell needs to complete command lines of rampkit
#[derive(Args)]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let mut script = Vec::new();
        let mut command = visible::command();
        clap_complete::generate(self.shell, &mut command, "rampkit", &mut script);
        if self.shell == Shell::Fish {
            script.extend(command.get_subcommands().filter_map(words_for_fish).flatten());
        }
        talk.product(&script)
    }
}

/// The words that a verb takes; fish gets none from the generator, and would offer files.
fn words_for_fish(verb: &Command) -> Option<Vec<u8>> {
    let words = verb.get_positionals().next()?.get_possible_values();
    let words: Vec<&str> = words.iter().map(PossibleValue::get_name).collect();
    let condition = format!("__fish_rampkit_using_subcommand {}", verb.get_name());
    let line = format!("complete -c rampkit -n \"{condition}\" -f -a \"{}\"\n", words.join(" "));
    (!words.is_empty()).then(|| line.into_bytes())
}
