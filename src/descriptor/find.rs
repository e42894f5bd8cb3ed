//! Where the modules of a module.yaml stand.
//!
//! In: the documents. Out: the [`Place`]s of the modules of a name, and of the list that a new one
//! belongs in; a [`Misfit`] where a document has none of the known shapes: a module, a list of
//! modules, a target with modules. What a module holds besides its name is not known here.

use serde_yaml::Value;

use super::intent::{Intent, Place, Step, below};

/// Something that has none of the known shapes.
#[derive(Debug)]
pub(super) struct Misfit {
    pub at: Place,
    pub what: String,
}

pub(super) fn misfit<T>(at: Place, what: impl Into<String>) -> Result<T, Misfit> {
    Err(Misfit { at, what: what.into() })
}

/// The places of the modules of that name, letter for letter.
pub(super) fn entries(intent: &Intent, name: &str) -> Result<Vec<Place>, Misfit> {
    let mut found = Vec::new();
    for document in members(intent, &[])? {
        for place in modules_of(intent, document)? {
            if is_named(intent, &place, name)? {
                found.push(place);
            }
        }
    }
    Ok(found)
}

/// The places of all modules of one document.
fn modules_of(intent: &Intent, document: Place) -> Result<Vec<Place>, Misfit> {
    let value = intent.value(&document);
    match (value, kind(value)) {
        (Value::Null, _) => Ok(Vec::new()),
        (Value::Sequence(_), _) => members(intent, &document),
        (Value::Mapping(_), Some("Module")) => Ok(vec![document]),
        (Value::Mapping(_), Some("Target")) => {
            let modules = below(&document, Step::Key("modules"));
            // A mapping says what to install from which repositories: no modules stand in it.
            if intent.value(&modules).is_mapping() {
                Ok(Vec::new())
            } else {
                members(intent, &modules)
            }
        }
        (Value::Mapping(_), _) => {
            misfit(below(&document, Step::Key("kind")), "`kind` is neither Module nor Target")
        }
        _ => misfit(document, "this is neither a module, nor a list of modules, nor a target"),
    }
}

/// The kind of an entry, if that is a text; one that does not say is a module.
fn kind(value: &Value) -> Option<&str> {
    value.get("kind").map_or(Some("Module"), Value::as_str)
}

fn is_named(intent: &Intent, place: &Place, name: &str) -> Result<bool, Misfit> {
    let value = intent.value(place);
    let Some(entry) = value.as_mapping() else {
        return misfit(place.clone(), "this is not a module: a mapping with a `name`");
    };
    let named = entry.get("name").map(|own| own.as_str() == Some(name));
    if entry.contains_key("<<") && named.unwrap_or(true) {
        return misfit(place.clone(), "a module with a merge key (<<) cannot be renewed");
    }
    Ok(named == Some(true) && kind(value) == Some("Module"))
}

/// The places of the members of a list; where there is nothing, there are none.
pub(super) fn members(intent: &Intent, list: &[Step]) -> Result<Vec<Place>, Misfit> {
    match intent.value(list) {
        Value::Null => Ok(Vec::new()),
        Value::Sequence(items) => {
            Ok((0..items.len()).map(|index| below(list, Step::Index(index))).collect())
        }
        _ => misfit(list.to_owned(), format!("{} is not a list", named(list))),
    }
}

/// What a person calls that place.
fn named(place: &[Step]) -> String {
    match place.last() {
        Some(Step::Key(key)) => format!("`{key}`"),
        _ => "this".to_owned(),
    }
}

/// Where a new module belongs.
pub(super) enum Room {
    /// In the list that stands there.
    List(Place),
    /// Beside the only module there is.
    Beside(Place),
    /// In a document of its own.
    Document,
}

/// Where a new module belongs: in the first list of modules; beside a lone one, which makes a list
/// of two, as dockerfile.py can read that but not several documents.
pub(super) fn room(intent: &Intent) -> Room {
    let documents = members(intent, &[]).unwrap_or_default();
    if let Some(list) = documents.iter().find_map(|document| list_in(intent, document)) {
        return Room::List(list);
    }
    match &documents[..] {
        [only] if kind(intent.value(only)) == Some("Module") => Room::Beside(only.clone()),
        _ => Room::Document,
    }
}

/// The list of modules that a document is, or has as a target.
fn list_in(intent: &Intent, document: &Place) -> Option<Place> {
    let value = intent.value(document);
    if value.is_sequence() {
        return Some(document.clone());
    }
    let modules = value.get("modules").filter(|_| kind(value) == Some("Target"))?;
    (!modules.is_mapping()).then(|| below(document, Step::Key("modules")))
}
