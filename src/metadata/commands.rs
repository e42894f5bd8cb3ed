//! The final list of commands: excludes, then overrides by name, then additions.
//!
//! Names are matched without regard to case, since manifests and servers differ in it (real
//! manifests list both cases). A discovered name keeps the case its module gave it.

use crate::discovery::Command;
use crate::manifest::Override;
use crate::warning::Warning;

/// Applies what the author wants otherwise, and sorts by name.
pub fn settle(
    commands: &mut Vec<Command>,
    excludes: &[String],
    overrides: &[Override],
    additions: Vec<Command>,
) -> Vec<Warning> {
    commands.retain(|command| !excludes.iter().any(|name| same(name, &command.command_name)));
    let mut unmatched = Vec::new();
    for wanted in overrides {
        let mut is_unmatched = true;
        for command in commands.iter_mut() {
            if same(&wanted.command_name, &command.command_name) {
                apply(wanted, command);
                is_unmatched = false;
            }
        }
        if is_unmatched {
            unmatched.push(wanted.command_name.as_str());
        }
    }
    for addition in additions {
        commands.retain(|command| !same(&addition.command_name, &command.command_name));
        commands.push(addition);
    }
    commands.sort_by(|a, b| a.command_name.cmp(&b.command_name));
    if unmatched.is_empty() {
        return Vec::new();
    }
    let message =
        format!("overide_command names no command of the module: {}", unmatched.join(", "));
    vec![Warning::new(message).advise("take them out, or add them with add_command")]
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn apply(wanted: &Override, command: &mut Command) {
    if let Some(arity) = wanted.command_arity {
        command.command_arity = arity;
    }
    if let Some(flags) = &wanted.flags {
        command.flags.clone_from(flags);
    }
    if let Some(first) = wanted.first_key {
        command.first_key = first;
    }
    if let Some(last) = wanted.last_key {
        command.last_key = last;
    }
    if let Some(step) = wanted.step {
        command.step = step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(name: &str) -> Command {
        Command {
            command_name: name.to_owned(),
            command_arity: -1,
            flags: vec!["readonly".to_owned()],
            first_key: 1,
            last_key: 1,
            step: 1,
        }
    }

    #[test]
    fn excludes_then_overrides_then_additions_without_regard_to_case() {
        let mut commands =
            vec![command("b.GET"), command("B.get"), command("b.set"), command("A.x")];
        let rule = |name: &str, step| Override {
            command_name: name.to_owned(),
            command_arity: None,
            flags: None,
            first_key: None,
            last_key: None,
            step: Some(step),
        };
        let excludes = ["b.SET".to_owned(), "no.such".to_owned()];
        let overrides = [rule("b.GET", -2), rule("b.set", -1)];
        let warnings = settle(&mut commands, &excludes, &overrides, vec![command("C.y")]);
        let seen: Vec<_> = commands.iter().map(|c| (c.command_name.as_str(), c.step)).collect();
        assert_eq!(seen, [("A.x", 1), ("B.get", -2), ("C.y", 1), ("b.GET", -2)]);
        assert_eq!(warnings[0].message, "overide_command names no command of the module: b.set");
    }
}
