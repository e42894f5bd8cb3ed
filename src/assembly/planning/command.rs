//! What a container of the image runs.
//!
//! In: `run.cmd`, the commands of all contributors, where artifacts land. Out: the words of CMD. What
//! `--loadmodule` names is found where the artifact of that name lands.

use super::contributor::Contributor;
use super::copies::Landing;
use super::variables::{Variables, normal};
use crate::descriptor::document::Words;
use crate::error::Error;
use crate::warning::Warning;

/// The option that loads a module; the path stands behind it.
const LOAD: &str = "--loadmodule";

/// What a contributor adds to the command line.
///
/// # Errors
/// A quote without an end.
pub(super) fn words(who: &Contributor) -> Result<Vec<String>, Error> {
    Ok(match &who.definition.command {
        None => Vec::new(),
        Some(Words::List(words)) => words.clone(),
        Some(Words::Text(text)) => split(who, text).ok_or_else(|| {
            let what = format!("its command ends within quotes: {text}");
            who.cannot(what, "close the quote, or write a list of words")
        })?,
    })
}

/// As a shell does; on Windows a backslash parts folders.
fn split(who: &Contributor, text: &str) -> Option<Vec<String>> {
    match who.is_windows() {
        true => shlex::split(&text.replace('\\', r"\\")),
        false => shlex::split(text),
    }
}

/// The words with the paths at which modules land; `landings` are those of the artifacts that are
/// meant.
pub(super) fn with_landings(
    who: &Contributor,
    words: Vec<String>,
    landings: &[&Landing],
    variables: &Variables,
) -> (Vec<String>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let mut is_path = false;
    let words = words.into_iter().map(|word| {
        let was_path = std::mem::replace(&mut is_path, word == LOAD);
        if !was_path {
            return word;
        }
        let (word, warning) = landed(who, word, landings, variables);
        warnings.extend(warning);
        word
    });
    (words.collect(), warnings)
}

/// The path of a module as a server finds it. A name alone is wherever its artifact lands.
pub(super) fn landed(
    who: &Contributor,
    path: String,
    landings: &[&Landing],
    variables: &Variables,
) -> (String, Option<Warning>) {
    let same_name = |landing: &&&Landing| name(&landing.written) == name(&path);
    let Some(landing) = landings.iter().find(same_name) else {
        return unbrought(who, path, variables);
    };
    let Some(lands) = &landing.path else {
        let what = format!(
            "{LOAD} {path}: it is not known whether that is where {} is copied to",
            landing.written
        );
        let advice =
            "set its variables by ENV in the target's `script`, or write its path in `target`";
        return (path, Some(who.warning(what).advise(advice)));
    };
    let is_meant = !path.contains(['/', '\\'])
        || variables.path(&path).is_some_and(|known| normal(&known) == *lands);
    match (*lands == normal(&path), is_meant) {
        (true, _) => (path, None),
        (false, true) => (lands.clone(), None),
        (false, false) => {
            let what = format!("{LOAD} {path} becomes {lands}, where the artifact is copied to");
            let advice = "write that path in `command`, or the other one in `target`";
            (lands.clone(), Some(who.warning(what).advise(advice)))
        }
    }
}

/// A module that the base image has. No shell gives a variable its value there.
fn unbrought(who: &Contributor, path: String, variables: &Variables) -> (String, Option<Warning>) {
    if !path.contains('$') {
        return (path, None);
    }
    match variables.path(&path) {
        Some(known) => (known, None),
        None => {
            let what = format!("{LOAD} {path}: a server does not know variables");
            (path, Some(who.warning(what).advise("write the path itself")))
        }
    }
}

fn name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The words of CMD: the program, the file that it reads first, and then options.
///
/// # Errors
/// Two files that it shall read.
pub(super) fn cmd(
    target: &Contributor,
    run: Option<&[String]>,
    redis_conf: Option<&str>,
    words: Vec<String>,
) -> Result<Option<Vec<String>>, Error> {
    let run = run.unwrap_or_default();
    // Where options stand alone, the image knows by itself what to run.
    let program = run.first().filter(|_| !lacks_program(run));
    let rest = &run[usize::from(program.is_some())..];
    if let (Some(ours), Some(theirs)) = (redis_conf, rest.first().filter(|word| is_conf(word))) {
        let what = format!(
            "a server reads one file, and there are {theirs} of run.cmd and {ours} of `config`"
        );
        return Err(target
            .cannot(what, "take one of them away; an `include` in `config` reads another file"));
    }
    let parts = program.into_iter().cloned().chain(redis_conf.map(str::to_owned));
    let all: Vec<String> = parts.chain(rest.iter().cloned()).chain(words).collect();
    Ok((!all.is_empty()).then_some(all))
}

/// Whether words are no more than what a server would take.
pub(super) fn lacks_program(words: &[String]) -> bool {
    words.first().is_some_and(|first| first.starts_with('-') || is_conf(first))
}

fn is_conf(word: &str) -> bool {
    word.ends_with(".conf")
}
