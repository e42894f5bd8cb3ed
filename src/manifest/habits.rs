//! Ways of writing a manifest that work, and that its author should leave.
//!
//! In: a field with its value as it was typed. Out: warnings with the place.

use std::collections::BTreeSet;

use super::fields::Field;
use super::value::Kind;
use super::yaml::scalar::Scalar;
use super::yaml::{Content, Mark, Node};

/// What is said of a place, and what to do.
pub type Habit = (Mark, String, String);

/// What is worth a warning in `value`.
pub fn of(field: &Field, value: &Node) -> Vec<Habit> {
    match (field.kind, &value.content) {
        (Kind::Version | Kind::Text, Content::Scalar { text, .. }) => {
            bare(field.name, value, text).into_iter().collect()
        }
        (Kind::Texts, Content::Scalar { .. }) if value.scalar() != Some(Scalar::Null) => {
            let what = format!("{} is one text instead of a list", field.name);
            vec![(value.at, what, "it was split at its commas; write a YAML list".to_owned())]
        }
        (Kind::Texts, Content::List(items)) => items_of(field.name, items),
        _ => Vec::new(),
    }
}

/// A text without quotes that other readers of YAML take for something else.
fn bare(name: &str, value: &Node, text: &str) -> Option<Habit> {
    let (kind, others) = match value.scalar()? {
        Scalar::Integer(_) => ("number", "take it for no text"),
        Scalar::Float(_) => ("number", "drop the zeros at its end"),
        Scalar::Boolean(_) => ("boolean", "take it for true or false"),
        Scalar::Date => ("date", "take it for no text"),
        Scalar::Null | Scalar::Text => return None,
    };
    let what = format!("{name} is the bare {kind} {text}");
    Some((value.at, what, format!("write {name}: \"{text}\"; other readers of YAML {others}")))
}

fn items_of(name: &str, items: &[Node]) -> Vec<Habit> {
    let mut seen = BTreeSet::new();
    let mut habits = Vec::new();
    for item in items {
        let Some(text) = item.text() else { continue };
        if !seen.insert(text) {
            let what = format!("{name} has {text:?} twice");
            habits.push((item.at, what, "take one of them out; both are written".to_owned()));
        }
        habits.extend(bare(&format!("an item of {name}"), item, text).map(|(at, what, _)| {
            (at, what, format!("write \"{text}\"; other readers of YAML take it for no text"))
        }));
    }
    habits
}
