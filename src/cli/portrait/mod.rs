//! A [`Portrait`] on one screen.

mod commands;
mod files;

use std::iter::{once, repeat};

use super::text::{Align, WIDTH, table, wrapped};
use crate::bundle::inspect::Portrait;
use crate::wording::{plural, short, tame};

pub use commands::{keys, said};

/// Where that begins which is said of a label.
const INDENT: usize = 17;
/// What is longer stands in the JSON only.
const LONGEST: usize = 3 * (WIDTH - INDENT);
/// Lists that are longer, too.
const MOST: usize = 60;

/// The portrait as lines: labels, and what there is to say of each.
pub fn screen(portrait: &Portrait, path: &str) -> String {
    let sections = [
        [identity(portrait), place(portrait)].concat(),
        labelled("capabilities", capabilities(portrait)),
        labelled("commands", commands::commands(portrait)),
        labelled(
            "dependencies",
            portrait.dependencies.iter().flat_map(files::dependency).collect(),
        ),
        portrait.binary.as_ref().map(files::binary).unwrap_or_default(),
        [files::files(portrait), files::findings(portrait, path)].concat(),
    ];
    let sections = sections.into_iter().filter(|section| !section.is_empty());
    sections.map(|section| section.join("\n")).collect::<Vec<_>>().join("\n\n")
}

fn identity(portrait: &Portrait) -> Vec<String> {
    let said = |field| portrait.text(field);
    let name = said("module_name").unwrap_or_else(|| "without a name".to_owned());
    let version = said("version").map(|version| format!("({version})"));
    let name = [Some(name), said("semantic_version"), version];
    let email = said("email").map(|email| format!("<{email}>"));
    let author: Vec<String> = [said("author"), email].into_iter().flatten().collect();
    [
        row("module", &name.into_iter().flatten().collect::<Vec<_>>().join(" ")),
        rows(portrait, &["display_name", "capability_name", "description"]),
        list("author", &author, " "),
        rows(portrait, &["license", "homepage"]),
        said("git_sha").map(|commit| row("commit", &commit)).unwrap_or_default(),
    ]
    .concat()
}

/// Where it runs, and how it is loaded there.
fn place(portrait: &Portrait) -> Vec<String> {
    [
        list("platform", &platform(portrait), ": "),
        list("needs", &needs(portrait), ", "),
        portrait.text("command_line_args").map(|it| row("arguments", &it)).unwrap_or_default(),
        rows(portrait, &["config_command"]),
    ]
    .concat()
}

/// The architecture, and the operating systems where they are said.
fn platform(portrait: &Portrait) -> Vec<String> {
    let architecture = match (portrait.text("architecture"), portrait.architecture.clone()) {
        (Some(said), Some(built)) if said != built => {
            Some(format!("{built}; module.json says {said}"))
        }
        (said, built) => built.or(said),
    };
    let systems = portrait.texts("operating_systems").join(" ");
    architecture.into_iter().chain(Some(systems).filter(|systems| !systems.is_empty())).collect()
}

fn needs(portrait: &Portrait) -> Vec<String> {
    let said = |field| portrait.text(field);
    let needs = [
        said("min_redis_version").map(|it| format!("Redis {it} or later")),
        said("min_redis_pack_version").map(|it| format!("Redis Enterprise {it} or later")),
        said("compatible_redis_version").map(|it| format!("databases of Redis {it}")),
    ];
    needs.into_iter().flatten().collect()
}

fn capabilities(portrait: &Portrait) -> Vec<String> {
    let meaning = |meaning: Option<&str>| meaning.unwrap_or("unknown").to_owned();
    let rows: Vec<[String; 2]> =
        portrait.capabilities.iter().map(|it| [brief(&it.name), meaning(it.meaning)]).collect();
    table([Align::Left; 2], &rows)
}

/// A stranger's word in a table.
fn brief(text: &str) -> String {
    short(&tame(text), WIDTH / 2)
}

/// What is said, beside its label; nothing where nothing is said.
fn labelled(label: &str, mut said: Vec<String>) -> Vec<String> {
    if said.len() > MOST {
        let more = said.split_off(MOST - 1).len();
        said.push(format!("… and {}: --json has all", plural(more, "more line", "more lines")));
    }
    let labels = once(label).chain(repeat(""));
    said.iter().zip(labels).map(|(said, label)| format!("{label:INDENT$}{said}")).collect()
}

/// A text beside its label, on as many lines as it needs.
fn row(label: &str, said: &str) -> Vec<String> {
    labelled(label, words(said))
}

/// Texts beside their label; nothing where there are none.
fn list(label: &str, said: &[impl AsRef<str>], by: &str) -> Vec<String> {
    let said: Vec<&str> = said.iter().map(AsRef::as_ref).collect();
    if said.is_empty() { Vec::new() } else { row(label, &said.join(by)) }
}

/// The fields that are there, under their own names.
fn rows(portrait: &Portrait, fields: &[&str]) -> Vec<String> {
    let said = fields.iter().filter_map(|field| Some((*field, portrait.text(field)?)));
    said.flat_map(|(field, said)| row(&field.replace('_', " "), &said)).collect()
}

fn words(text: &str) -> Vec<String> {
    let words: Vec<String> = short(&tame(text), LONGEST).split(' ').map(str::to_owned).collect();
    wrapped(&words, "", WIDTH - INDENT)
}
