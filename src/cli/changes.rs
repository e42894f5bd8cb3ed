//! The changes of an upgrade, a line for each, which `grep` finds by its first words.

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::portrait::{keys, said};
use super::text::{Align, WIDTH, table};
use crate::bundle::diff::{Change, How};
use crate::bundle::inspect::{is_empty, text};
use crate::wording::{plural, short, tame};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const BREAKING: Style = AnsiColor::Red.on_default().bold();

/// A sign, the subject, its name, what changed, and whether it can break those who use the old one.
pub fn lines(changes: &[Change]) -> String {
    let rows: Vec<[String; 3]> = changes.iter().map(row).collect();
    let lines = table([Align::Left; 3], &rows);
    changes.iter().zip(lines).map(|(change, line)| coloured(change, &line)).collect()
}

/// "3 changes, 1 breaking"
pub fn count(changes: &[Change]) -> String {
    let breaking = changes.iter().filter(|change| change.breaking).count();
    match (changes.len(), breaking) {
        (0, _) => "they are the same".to_owned(),
        (all, 0) => plural(all, "change", "changes"),
        (all, breaking) => format!("{}, {breaking} breaking", plural(all, "change", "changes")),
    }
}

fn coloured(change: &Change, line: &str) -> String {
    let style = match change.how {
        How::Added => ADDED,
        How::Removed => REMOVED,
        How::Changed => CHANGED,
    };
    match change.breaking {
        true => format!("{style}{line}{style:#}  {BREAKING}(breaking){BREAKING:#}\n"),
        false => format!("{style}{line}{style:#}\n"),
    }
}

fn row(change: &Change) -> [String; 3] {
    let Change { subject, name, part, old, new, .. } = change;
    let part = part.as_deref().map(|part| part.trim_start_matches("command_"));
    let part = part.map(|part| format!("{} ", tame(part))).unwrap_or_default();
    let (sign, what) = match change.how {
        How::Added => ('+', shown(new)),
        How::Removed => ('-', shown(old)),
        How::Changed => ('~', format!("{part}{} → {}", shown(old), shown(new))),
    };
    let name = short(&tame(name), WIDTH / 2);
    // What has nothing to it but its name says it once.
    let what = if what == name { String::new() } else { what };
    [format!("{sign} {subject}"), name, what]
}

/// A value on one line.
fn shown(value: &Value) -> String {
    let shown = match value {
        Value::Null => "nothing".to_owned(),
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(text).collect::<Vec<_>>().join(" ")
        }
        Value::Object(command) if command.contains_key("step") => format!(
            "arity {}, flags {}, keys {}",
            said(command, "command_arity"),
            said(command, "flags"),
            keys(command)
        ),
        Value::Object(fields) => {
            let said = fields.iter().filter(|(_, value)| !is_empty(value));
            let said = said.map(|(key, value)| format!("{key} {}", self::shown(value)));
            said.collect::<Vec<_>>().join(", ")
        }
        digest if is_digest(digest) => return short(&text(digest), 13),
        other => text(other),
    };
    short(&tame(&shown), WIDTH)
}

fn is_digest(value: &Value) -> bool {
    value.as_str().is_some_and(|it| it.len() >= 40 && it.chars().all(|c| c.is_ascii_hexdigit()))
}
