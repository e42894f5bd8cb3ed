//! What an upgrade changes: one bundle held against another.
//!
//! In: two [`Portrait`]s. Out: a [`Change`] for everything in which they differ, in the order of
//! [`Subject`]. What the format does not tell apart is the same: the order of lists, the case of
//! commands' names, a field that says nothing and one that is not there, how the zip was made. Where
//! one of the two is a module, only what a module says is compared.

mod breaking;
mod compare;
mod files;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use self::compare::{by_name, changed, named, set};
use super::inspect::{Kind, Portrait};
use super::said;
use crate::manifest::fields::FIELDS;

/// Something in which two bundles differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How it changes.
    #[serde(rename = "change")]
    pub how: How,
    /// What it is about.
    pub subject: Subject,
    /// Which of them.
    pub name: String,
    /// What of it; `None` where it was added or removed as a whole.
    pub part: Option<String>,
    /// What it was; null where it was not there.
    pub old: Value,
    /// What it is; null where it is no longer there.
    pub new: Value,
    /// Whether it can break those who use the old one.
    pub breaking: bool,
}

/// What a [`Change`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A field of `module.json` that is none of the following.
    Field,
    /// A version that something else must have.
    Requirement,
    /// An operating system.
    System,
    /// A capability.
    Capability,
    /// A command.
    Command,
    /// A dependency.
    Dependency,
    /// A fact of the module's file.
    Module,
    /// The highest version that it needs of a library's symbols: `GLIBC`.
    Symbols,
    /// A library that it needs.
    Library,
    /// A further entry of the bundle.
    Entry,
    /// The bundle's file.
    Bundle,
}

/// How a [`Change`] changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// It is there, and another.
    Changed,
}

impl Change {
    fn new(subject: Subject, name: &str, part: Option<&str>, old: Value, new: Value) -> Self {
        let how = match (part, &old, &new) {
            (None, Value::Null, _) => How::Added,
            (None, _, Value::Null) => How::Removed,
            _ => How::Changed,
        };
        let (name, part) = (name.to_owned(), part.map(str::to_owned));
        let change = Self { how, subject, name, part, old, new, breaking: false };
        Self { breaking: breaking::breaks(&change), ..change }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Everything in which the two differ.
pub fn diff(old: &Portrait, new: &Portrait) -> Vec<Change> {
    let both = [old, new];
    let mut changes = files::module(both);
    if let [Some(old), Some(new)] = both.map(|it| it.binary.as_ref()) {
        changes.extend(files::binary([old, new]));
    }
    changes.extend(fields(both, &changes));
    let commands = both.map(|it| by_name(&it.commands, str::to_lowercase));
    changes.extend(named(Subject::Command, &commands));
    if both.iter().all(|it| it.kind == Kind::Bundle) {
        changes.extend(set(Subject::System, both.map(|it| it.texts("operating_systems"))));
        changes.extend(set(Subject::Capability, both.map(|it| it.texts("capabilities"))));
        let dependencies = both.map(|it| by_name(&files::dependencies(it), str::to_owned));
        changes.extend(named(Subject::Dependency, &dependencies));
        let further = both.map(|it| by_name(&files::further(it), str::to_owned));
        changes.extend(named(Subject::Entry, &further));
        let bundle = changed(Subject::Bundle, "size", None, both.map(|it| it.size.into()));
        changes.extend(bundle.filter(|_| !changes.is_empty()));
    }
    changes.sort_by_key(|change| change.subject);
    changes
}

/// Fields that are compared as what they mean.
const COMPARED: [&str; 5] =
    ["commands", "capabilities", "operating_systems", "dependencies", "optional-dependencies"];
/// Fields that are told by the file itself where its facts differ.
const FACTS: [&str; 2] = ["architecture", "sha256"];
/// Fields that say what something else must have.
const REQUIREMENTS: [&str; 3] =
    ["min_redis_version", "min_redis_pack_version", "compatible_redis_version"];

/// The fields in the order of the format, then those that it does not know. Of some the file itself
/// may have `told`.
fn fields(both: [&Portrait; 2], told: &[Change]) -> Vec<Change> {
    let metadata = both.map(|it| &it.metadata);
    let only_bundles = both.iter().all(|it| it.kind == Kind::Bundle);
    let is_told =
        |name: &str| FACTS.contains(&name) && told.iter().any(|change| change.name == name);
    let is_compared = |name: &&str| {
        !COMPARED.contains(name)
            && !is_told(name)
            && (only_bundles || metadata.iter().all(|it| it.contains_key(*name)))
    };
    let names: BTreeSet<&str> =
        metadata.iter().flat_map(|it| it.keys().map(String::as_str)).collect();
    let mut names: Vec<&str> = names.into_iter().filter(is_compared).collect();
    let place = |name: &&str| FIELDS.iter().position(|field| field.name == *name);
    names.sort_by_key(|name| place(name).unwrap_or(FIELDS.len()));
    let change = |name: &str| {
        let requirement = REQUIREMENTS.contains(&name);
        let subject = if requirement { Subject::Requirement } else { Subject::Field };
        changed(subject, name, None, metadata.map(|it| said::of(it, name)))
    };
    names.into_iter().filter_map(change).collect()
}
