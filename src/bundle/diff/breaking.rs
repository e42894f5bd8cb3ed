//! Which changes can break those who use the old bundle.
//!
//! In: a [`Change`]. Out: whether what worked with the old one may not work with the new one: a
//! command or a capability that is gone, a call that is no longer accepted, a place it no longer runs
//! in, something it newly needs.

use serde_json::Value;

use super::{Change, How, Subject};
use crate::bundle::said::text;
use crate::platform::is_everywhere;

/// Flags without which a command is not let in everywhere it was.
const OPENING: [&str; 3] = ["readonly", "loading", "stale"];
/// Flags with which a command is not let in everywhere it was.
const CLOSING: [&str; 4] = ["write", "admin", "noscript", "no_multi"];

/// Whether it can break those who use the old one.
pub fn breaks(change: &Change) -> bool {
    let Change { how, subject, name, part, old, new, .. } = change;
    match (subject, part.as_deref()) {
        (Subject::Capability | Subject::System | Subject::Command, None) => *how == How::Removed,
        (Subject::Command, Some("command_arity")) => !accepts(old, new),
        (Subject::Command, Some("flags")) => restricts(old, new),
        (Subject::Requirement, _) if name == "compatible_redis_version" => !new.is_null(),
        (Subject::Requirement | Subject::Symbols, _) => is_higher(old, new),
        (Subject::Library, _) => *how == How::Added && !is_everywhere(name),
        (Subject::Field, _) => match name.as_str() {
            "module_name" => true,
            "bigstore_version_2_support" => *how == How::Removed,
            _ => false,
        },
        (Subject::Module, _) => match name.as_str() {
            "architecture" => true,
            "executable_stack" => !new.is_null(),
            "static_tls" => is_higher(old, new),
            _ => false,
        },
        (Subject::Dependency, None) => {
            *how == How::Added && new["entry"].is_null() && new["optional"] != true
        }
        (Subject::Dependency, Some("entry")) => new.is_null(),
        _ => false,
    }
}

/// Whether every call with as many words as the old arity allows is still accepted.
fn accepts(old: &Value, new: &Value) -> bool {
    match (old.as_i64(), new.as_i64()) {
        (Some(old), Some(new @ ..0)) => old.unsigned_abs() >= new.unsigned_abs(),
        (Some(old), Some(new)) => old == new,
        (None, _) => true,
        (Some(_), None) => false,
    }
}

fn restricts(old: &Value, new: &Value) -> bool {
    let has = |flags: &Value, flag: &str| {
        flags.as_array().is_some_and(|flags| flags.iter().any(|it| it == flag))
    };
    OPENING.iter().any(|flag| has(old, flag) && !has(new, flag))
        || CLOSING.iter().any(|flag| has(new, flag) && !has(old, flag))
}

/// Whether a version is higher than another, or than none. Those that are none may be.
pub fn is_higher(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (_, Value::Null) => false,
        (Value::Null, _) => true,
        (old, new) => match (numbers(&text(old)), numbers(&text(new))) {
            (Some(old), Some(new)) => new > old,
            _ => true,
        },
    }
}

/// The numbers of a version; zeros at its end say nothing.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let mut numbers: Vec<u64> =
        version.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arity_accepts_what_another_did() {
        for (old, new, same) in [
            (2, -2, true),
            (2, -1, true),
            (-2, -1, true),
            (3, -2, true),
            (2, 3, false),
            (-2, 2, false),
            (-1, -2, false),
            (2, -3, false),
        ] {
            assert_eq!(accepts(&old.into(), &new.into()), same, "{old} {new}");
        }
    }

    #[test]
    fn a_higher_version_is_so_by_its_numbers() {
        for (old, new, higher) in [
            ("7.2", "7.10", true),
            ("7.2", "7.2.0", false),
            ("7.4", "7.2", false),
            ("7.2", "7.2.1", true),
            ("7.2", "seven", true),
        ] {
            assert_eq!(is_higher(&old.into(), &new.into()), higher, "{old} {new}");
        }
    }
}
