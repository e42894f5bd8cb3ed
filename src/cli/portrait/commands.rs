//! Commands on a screen.

use std::collections::BTreeMap;
use std::iter::once;

use serde_json::{Map, Value};

use super::{INDENT, brief};
use crate::bundle::inspect::{Named, Portrait, text};
use crate::cli::text::{Align, WIDTH, table, wrapped};

/// The arity of most commands of modules.
const USUAL: &str = "-1";
/// Up to so many commands have a line each; more are grouped.
const FEW: usize = 12;

/// Nothing where nothing is known of them; a few with a line each, many in groups of the same flags and keys.
pub fn commands(portrait: &Portrait) -> Vec<String> {
    let commands = &portrait.commands;
    let said = portrait.metadata.get("commands").and_then(Value::as_array);
    match commands.len() {
        0 if said.is_some_and(Vec::is_empty) => vec!["none".to_owned()],
        0 => Vec::new(),
        1..=FEW => each(commands),
        _ => grouped(commands),
    }
}

fn each(commands: &[Named]) -> Vec<String> {
    let heading = ["name", "arity", "flags", "keys"].map(str::to_owned);
    let row = |Named { name, fields }: &Named| {
        [brief(name), said(fields, "command_arity"), said(fields, "flags"), keys(fields)]
    };
    let rows: Vec<[String; 4]> = once(heading).chain(commands.iter().map(row)).collect();
    table([Align::Left, Align::Right, Align::Left, Align::Left], &rows)
}

fn grouped(commands: &[Named]) -> Vec<String> {
    let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for Named { name, fields } in commands {
        let arity = said(fields, "command_arity");
        let arity = if arity == USUAL { String::new() } else { format!(" {arity}") };
        let group = groups.entry((said(fields, "flags"), keys(fields))).or_default();
        group.push(format!("{}{arity}", brief(name)));
    }
    let mut lines = vec![format!("{}; the arity is {USUAL} where none is shown", commands.len())];
    for ((flags, keys), names) in groups {
        lines.push(format!("{flags}, keys {keys}:"));
        let names = wrapped(&names, ",", WIDTH - INDENT - 2);
        lines.extend(names.iter().map(|line| format!("  {line}")));
    }
    lines
}

/// First, last and step.
pub fn keys(command: &Map<String, Value>) -> String {
    let keys = ["first_key", "last_key", "step"].map(|key| said(command, key));
    match keys.each_ref().map(String::as_str) {
        ["0", "0", "0"] => "none".to_owned(),
        _ => keys.join(" "),
    }
}

/// What is said of a command; a list as its items.
pub fn said(command: &Map<String, Value>, key: &str) -> String {
    match command.get(key) {
        None => "?".to_owned(),
        Some(Value::Array(items)) => brief(&items.iter().map(text).collect::<Vec<_>>().join(" ")),
        Some(other) => brief(&text(other)),
    }
}
