//! Commands: what each must have, and what contradicts itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Said;
use super::values::{items, quoted, shown};
use crate::discovery::command_info::flag_names;
use crate::finding::Finding;
use crate::nearest::nearest;

const NUMBERS: [&str; 3] = ["first_key", "last_key", "step"];
const FIELDS: [&str; 6] =
    ["command_name", "command_arity", "flags", "first_key", "last_key", "step"];

/// All findings about commands.
pub fn judge(said: &Said) -> Vec<Finding> {
    let Some(commands) = said.get("commands").and_then(Value::as_array) else {
        return Vec::new();
    };
    if commands.is_empty() {
        return vec![Finding::warning("commands_empty", "commands names no command")];
    }
    let mut names = BTreeSet::new();
    let mut findings = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        match Command::new(index, command) {
            Err(finding) => findings.push(finding),
            Ok(command) => {
                if !names.insert(command.name.to_ascii_lowercase()) {
                    findings.push(command.warns("command_repeated", "is there more than once"));
                }
                findings.extend(command.judge());
            }
        }
    }
    findings
}

/// A command with a name.
struct Command<'a> {
    name: &'a str,
    said: &'a Said,
}

impl<'a> Command<'a> {
    fn new(index: usize, command: &'a Value) -> Result<Self, Finding> {
        let nth = index + 1;
        let Some(said) = command.as_object() else {
            let message = format!("command {nth} is {}, and must be a mapping", shown(command));
            return Err(Finding::error("command_type_wrong", message));
        };
        match said.get("command_name").and_then(Value::as_str) {
            Some(name) if !name.is_empty() => Ok(Self { name, said }),
            _ => {
                let message = format!("command {nth} has no command_name");
                Err(Finding::error("command_name_missing", message))
            }
        }
    }

    fn message(&self, is: &str) -> String {
        format!("command {} {is}", quoted(self.name))
    }

    fn warns(&self, code: &'static str, is: &str) -> Finding {
        Finding::warning(code, self.message(is))
    }

    fn judge(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.arity().into_iter().collect();
        findings.extend(self.flags());
        findings.extend(NUMBERS.iter().filter_map(|name| self.number(name).err()));
        findings.extend(self.keys());
        findings.extend(self.unknown_fields());
        findings
    }

    /// Redis Enterprise refuses a command without it.
    fn arity(&self) -> Option<Finding> {
        match self.said.get("command_arity") {
            None => {
                Some(Finding::error("command_arity_missing", self.message("has no command_arity")))
            }
            Some(arity) if arity.as_i64() == Some(0) => {
                Some(self.warns("command_arity_zero", "has the command_arity 0: not even its name"))
            }
            Some(arity) if arity.is_i64() => None,
            Some(other) => Some(self.no_number("command_arity", other)),
        }
    }

    fn no_number(&self, name: &str, value: &Value) -> Finding {
        let is = format!("has the {name} {}, and must have a whole number", shown(value));
        Finding::error("command_type_wrong", self.message(&is))
    }

    fn lacks(&self, name: &str) -> Finding {
        self.warns("command_field_missing", &format!("has no {name}"))
    }

    fn flags(&self) -> Vec<Finding> {
        let Some(value) = self.said.get("flags") else { return vec![self.lacks("flags")] };
        let flags = match items(value, Value::as_str) {
            Ok(flags) => flags,
            Err(is) => {
                let message = format!(
                    "flags of command {} {is}, and must be a list of texts",
                    quoted(self.name)
                );
                return vec![Finding::error("command_type_wrong", message)];
            }
        };
        let unknown = flags.iter().filter(|flag| flag_names().all(|known| known != **flag));
        let mut findings: Vec<Finding> = unknown.map(|flag| self.unknown_flag(flag)).collect();
        if flags.contains(&"write") && flags.contains(&"readonly") {
            findings.push(self.warns("command_flags_contradict", "has both write and readonly"));
        }
        findings
    }

    fn unknown_flag(&self, flag: &str) -> Finding {
        let is = format!("has the flag {}, which no server shows", quoted(flag));
        let finding = self.warns("command_flag_unknown", &is);
        match nearest(flag, flag_names(), 1).first() {
            Some(near) => finding.advise(format!("did you mean {near}?")),
            None => finding,
        }
    }

    fn number(&self, name: &str) -> Result<i64, Finding> {
        let value = self.said.get(name).ok_or_else(|| self.lacks(name))?;
        value.as_i64().ok_or_else(|| self.no_number(name, value))
    }

    fn keys(&self) -> Option<Finding> {
        let [first, last, step] = NUMBERS.map(|name| self.number(name).ok());
        let why = contradiction(first?, last?, step?)?;
        Some(self.warns("command_keys_contradict", &format!("has {why}")))
    }

    fn unknown_fields(&self) -> impl Iterator<Item = Finding> {
        let unknown = self.said.keys().filter(|name| !FIELDS.contains(&name.as_str()));
        unknown.map(|name| {
            let is = format!("has {}, which is not known", quoted(name));
            let finding = self.warns("command_field_unknown", &is);
            match nearest(name, FIELDS, 1).first() {
                Some(near) => finding.advise(format!("did you mean {near}?")),
                None => finding,
            }
        })
    }
}

/// What is wrong with the positions of keys. A step of -1, -2 or -3 is a routing policy of Redis
/// Enterprise's proxy, under which the others may be anything.
fn contradiction(first: i64, last: i64, step: i64) -> Option<String> {
    match (first, last, step) {
        (_, _, -3..=-1) | (0, 0, 0) => None,
        (_, _, ..0) => Some(format!("the step {step}, and policies are -1, -2 and -3")),
        (..0, ..) => Some(format!("the first_key {first}, which is no position")),
        (0, ..) => Some(format!("first_key 0, no keys, but last_key {last} and step {step}")),
        (_, _, 0) => Some(format!("first_key {first} and last_key {last}, but step 0")),
        (_, 0.., _) if last < first => Some(format!("first_key {first} and last_key {last}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_keys() {
        for (first, last, step, contradicts) in [
            (0, 0, 0, false),
            (1, 1, 1, false),
            (1, -1, 2, false),
            (2, 4, 1, false),
            // As in real manifests.
            (0, 1, -2, false),
            (3, 1, -3, false),
            (0, 0, -4, true),
            (0, 1, 0, true),
            (0, 0, 1, true),
            (-1, 1, 1, true),
            (1, 1, 0, true),
            (2, 1, 1, true),
            (1, 0, 1, true),
        ] {
            let found = contradiction(first, last, step);
            assert_eq!(found.is_some(), contradicts, "{first} {last} {step}: {found:?}");
        }
    }
}
