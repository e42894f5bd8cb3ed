//! Where two answers about the same module differ.
//!
//! In: what was discovered, twice. Out: a table, one line for each difference; none for equal ones.

use std::collections::BTreeSet;

use super::{Command, Discovered};

/// A line: what differs, and how each side has it.
type Row = [String; 3];

/// The lines of the table, its heading first; nothing where there is no difference.
pub fn differences(
    ours: &Discovered,
    theirs: &Discovered,
    [left, right]: [&str; 2],
) -> Vec<String> {
    let mut rows = vec![
        ["name".to_owned(), ours.name.clone(), theirs.name.clone()],
        ["version".to_owned(), ours.version.to_string(), theirs.version.to_string()],
    ];
    let all = ours.commands.iter().chain(&theirs.commands);
    let names: BTreeSet<&str> = all.map(|command| command.command_name.as_str()).collect();
    rows.extend(names.into_iter().flat_map(|name| fields(name, [ours, theirs])));
    rows.retain(|[_, ours, theirs]| ours != theirs);
    if rows.is_empty() {
        return Vec::new();
    }
    rows.insert(0, [String::new(), left.to_owned(), right.to_owned()]);
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let [what, left] = [width(0), width(1)];
    let line = |[a, b, c]: &Row| format!("{a:what$}  {b:left$}  {c}").trim_end().to_owned();
    rows.iter().map(line).collect()
}

/// The fields of a command on both sides; of one that only one side has, just that.
fn fields(name: &str, sides: [&Discovered; 2]) -> Vec<Row> {
    let found = sides.map(|side| side.commands.iter().find(|it| it.command_name == name));
    let [Some(ours), Some(theirs)] = found else {
        let [ours, theirs] = found.map(|it| it.map_or("-", |_| "registered").to_owned());
        return vec![[name.to_owned(), ours, theirs]];
    };
    let row = |field: &str, value: fn(&Command) -> String| {
        [format!("{name} {field}"), value(ours), value(theirs)]
    };
    vec![
        row("arity", |it| it.command_arity.to_string()),
        row("flags", |it| it.flags.join(" ")),
        row("first key", |it| it.first_key.to_string()),
        row("last key", |it| it.last_key.to_string()),
        row("step", |it| it.step.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_differences() {
        let command = |name: &str, flags: &[&str], step| Command {
            command_name: name.to_owned(),
            command_arity: -1,
            flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
            first_key: 1,
            last_key: 1,
            step,
        };
        let found = |version, commands| Discovered {
            name: "m".to_owned(),
            version,
            semantic_version: None,
            commands,
        };
        let ours = found(1, vec![command("m.get", &["fast"], 1), command("m.old", &[], 1)]);
        let theirs = found(2, vec![command("m.get", &["fast", "write"], 2)]);
        assert_eq!(differences(&ours, &ours, ["A", "B"]), [""; 0]);
        let expected = [
            "             A           B",
            "version      1           2",
            "m.get flags  fast        fast write",
            "m.get step   1           2",
            "m.old        registered  -",
        ];
        assert_eq!(differences(&ours, &theirs, ["A", "B"]), expected);
    }
}
