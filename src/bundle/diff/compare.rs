//! Holding two values, two lists or two sets of named things against each other.
//!
//! In: the old and the new one. Out: a [`Change`] for each difference that makes one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Change, Subject};
use crate::bundle::inspect::Named;
use crate::bundle::said;

/// Things by their names; those of one name by their order too.
pub type ByName = BTreeMap<(String, usize), Named>;

/// Things as [`ByName`] has them, each name as `key` makes it.
pub fn by_name(things: &[Named], key: fn(&str) -> String) -> ByName {
    let mut named = ByName::new();
    for thing in things {
        let key = key(&thing.name);
        let same = (key.clone(), 0)..=(key.clone(), usize::MAX);
        let last = named.range(same).next_back().map(|((_, order), _)| *order);
        named.insert((key, last.map_or(0, |last| last + 1)), thing.clone());
    }
    named
}

/// Things added, removed, and what of them has changed.
pub fn named(subject: Subject, both: &[ByName; 2]) -> Vec<Change> {
    let keys: BTreeSet<_> = both.iter().flat_map(BTreeMap::keys).collect();
    let mut changes = Vec::new();
    for key in keys {
        let whole = |it: Option<&Named>| it.map_or(Value::Null, |it| it.fields.clone().into());
        match both.each_ref().map(|it| it.get(key)) {
            [Some(old), Some(new)] => changes.extend(parts(subject, [old, new])),
            [old, new] => {
                let name = &old.or(new).expect("a key of one of them").name;
                changes.push(Change::new(subject, name, None, whole(old), whole(new)));
            }
        }
    }
    changes
}

fn parts(subject: Subject, both: [&Named; 2]) -> Vec<Change> {
    let keys: BTreeSet<&String> = both.iter().flat_map(|it| it.fields.keys()).collect();
    let value = |it: &Named, key: &str| it.fields.get(key).cloned().unwrap_or_default();
    let change =
        |key: &String| changed(subject, &both[1].name, Some(key), both.map(|it| value(it, key)));
    keys.into_iter().filter_map(change).collect()
}

/// What is in one list and not in the other.
pub fn set(subject: Subject, both: [Vec<String>; 2]) -> Vec<Change> {
    let [old, new] = both.map(BTreeSet::from_iter);
    let value = |of: &BTreeSet<String>, name: &String| of.get(name).cloned().into();
    let change =
        |name: &String| Change::new(subject, name, None, value(&old, name), value(&new, name));
    old.symmetric_difference(&new).map(change).collect()
}

/// A change, where the two values are not the same. A value that says nothing is null.
pub fn changed(
    subject: Subject,
    name: &str,
    part: Option<&str>,
    both: [Value; 2],
) -> Option<Change> {
    let differ = canonical(&both[0]) != canonical(&both[1]);
    let [old, new] = both.map(|value| if said::is_empty(&value) { Value::Null } else { value });
    differ.then(|| Change::new(subject, name, part, old, new))
}

/// Without what makes no difference: the order of a list and what it repeats, what says nothing.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let mut items: Vec<Value> = items.iter().map(canonical).collect();
            items.sort_by_cached_key(Value::to_string);
            items.dedup();
            Value::Array(items)
        }
        empty if said::is_empty(empty) => Value::Null,
        other => other.clone(),
    }
}
