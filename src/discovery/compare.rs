//! Where two answers about the same module differ.
//!
//! In: what was discovered, twice. Out: a table, one line for each difference; none for equal ones.

use std::collections::BTreeSet;

use super::{Command, Discovered};

/// A line: what differs, and how each side has it.
type Row = [String; 3];

/// The lines of the table, its heading first; nothing where there is no difference.
pub fn differences(ours: &Discovered, theirs: &Discovered, heading: [&str; 2]) -> Vec<String> {
    let whole = [
        ("name".to_owned(), ours.name.clone(), theirs.name.clone()),
        ("version".to_owned(), ours.version.to_string(), theirs.version.to_string()),
    ];
    let of = |found: &Discovered, name: &str| {
        found.commands.iter().find(|command| command.command_name == name).cloned()
    };
    let all = ours.commands.iter().chain(&theirs.commands);
    let names: BTreeSet<&str> = all.map(|command| command.command_name.as_str()).collect();
    let fields = names.iter().flat_map(|name| command(name, of(ours, name), of(theirs, name)));
    let rows = whole.into_iter().chain(fields).filter(|(_, ours, theirs)| ours != theirs);
    let rows: Vec<Row> = rows.map(|(what, ours, theirs)| [what, ours, theirs]).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let heading = [String::new(), heading[0].to_owned(), heading[1].to_owned()];
    let rows: Vec<Row> = std::iter::once(heading).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let [what, left] = [width(0), width(1)];
    rows.iter()
        .map(|[a, b, c]| format!("{a:what$}  {b:left$}  {c}").trim_end().to_owned())
        .collect()
}

/// Its fields on both sides; of one that only one side has, just that.
fn command(
    name: &str,
    ours: Option<Command>,
    theirs: Option<Command>,
) -> Vec<(String, String, String)> {
    let (Some(ours), Some(theirs)) = (&ours, &theirs) else {
        let there =
            |side: Option<Command>| if side.is_some() { "registered" } else { "-" }.to_owned();
        return vec![(name.to_owned(), there(ours), there(theirs))];
    };
    let pair = |field: &str, value: fn(&Command) -> String| {
        (format!("{name} {field}"), value(ours), value(theirs))
    };
    vec![
        pair("arity", |it| it.command_arity.to_string()),
        pair("flags", |it| it.flags.join(" ")),
        pair("first key", |it| it.first_key.to_string()),
        pair("last key", |it| it.last_key.to_string()),
        pair("step", |it| it.step.to_string()),
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
        let found = |version, commands| Discovered { name: "m".to_owned(), version, commands };
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
