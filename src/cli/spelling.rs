//! `-cr` and `-cc`: options of one dash and two letters, which the reference packer has.
//!
//! In: the words of a command line. Out: the same with the long names of these two. Only what the
//! verb `pack` takes for an option is one: not what stands behind another option, nor behind `--`.

use std::ffi::OsString;

use clap::{Arg, Args as _, Command};

use super::all::OneOrAll;

/// What they stand for.
const LONG: [(&str, &str); 2] =
    [("-cr", "--redis-compatible-version"), ("-cc", "--config-command")];

/// The words with the long names of `-cr` and `-cc`; the first one is the program.
pub fn spelt_out(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = words.into_iter().collect();
    let is_verb = |word: &OsString| !word.to_string_lossy().starts_with('-');
    let verb = words.iter().skip(1).position(is_verb).map(|at| at + 1);
    let Some(verb) = verb.filter(|at| words[*at] == "pack") else { return words };
    let pack = OneOrAll::augment_args(Command::new("pack"));
    let mut is_value = false;
    for word in &mut words[verb + 1..] {
        match word.to_str() {
            _ if is_value => is_value = false,
            Some("--") => break,
            Some(text) => match long(text) {
                Some((long, wants_value)) => (*word, is_value) = (long.into(), wants_value),
                None => is_value = wants_value(&pack, text),
            },
            None => {}
        }
    }
    words
}

/// What the word stands for, and whether its value is the next one.
fn long(word: &str) -> Option<(String, bool)> {
    LONG.iter().find_map(|(short, long)| match word.strip_prefix(short)? {
        "" => Some(((*long).to_owned(), true)),
        value => Some((format!("{long}{}", value.strip_prefix('=').map(|_| value)?), false)),
    })
}

/// Whether the word is an option of the command whose value is the next word.
fn wants_value(command: &Command, word: &str) -> bool {
    let mut arguments = command.get_arguments().filter(|argument| takes_value(argument));
    if let Some(name) = word.strip_prefix("--") {
        return arguments.any(|argument| {
            argument.get_long_and_visible_aliases().is_some_and(|names| names.contains(&name))
        });
    }
    // Of letters behind one dash the first that takes a value takes the rest of the word for it.
    let letters: Vec<char> = arguments.filter_map(Arg::get_short).collect();
    let shorts = word.strip_prefix('-').unwrap_or_default();
    shorts.find(|c| letters.contains(&c)).is_some_and(|at| shorts[at..].chars().count() == 1)
}

fn takes_value(argument: &Arg) -> bool {
    argument.get_action().takes_values() && !argument.is_require_equals_set()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_of_pack_are_spelt_out() {
        for (typed, expected) in [
            ("pack -cr 7.4 m.so", "pack --redis-compatible-version 7.4 m.so"),
            ("-q pack -cc=A -cr=", "-q pack --config-command=A --redis-compatible-version="),
            ("pack -cc -cr -cr -cc", "pack --config-command -cr --redis-compatible-version -cc"),
            ("pack -d -cr", "pack -d -cr"),
            ("pack -vd -cr", "pack -vd -cr"),
            ("pack -dx -cr 1", "pack -dx --redis-compatible-version 1"),
            ("pack --runcmdargs -cc", "pack --runcmdargs -cc"),
            ("pack --run-args=x -cc y", "pack --run-args=x --config-command y"),
            ("pack --json -cc y", "pack --json --config-command y"),
            ("pack -crux -- -cr", "pack -crux -- -cr"),
            ("unpack -cr 1", "unpack -cr 1"),
            ("", ""),
        ] {
            let words = std::iter::once("rampkit").chain(typed.split_whitespace());
            let spelt = spelt_out(words.map(OsString::from));
            let spelt: Vec<&str> = spelt[1..].iter().map(|word| word.to_str().unwrap()).collect();
            assert_eq!(spelt.join(" "), expected, "{typed}");
        }
    }
}
