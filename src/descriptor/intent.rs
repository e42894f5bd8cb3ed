//! What shall change, as values.
//!
//! In: the documents of a YAML text as values, and one [`Change`] after the other. Out: the documents
//! as they shall be, and the changes in their order, for a text to follow. Why something changes is
//! not known here.

use serde_yaml::Value;

/// One step down from a collection to a member of it.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Index(usize),
    Key(&'static str),
}

/// The way to a node: first the index of its document.
pub(super) type Place = Vec<Step>;

/// The place of a member of the collection at `place`.
pub(super) fn below(place: &[Step], step: Step) -> Place {
    place.iter().cloned().chain([step]).collect()
}

/// One change to a text.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A scalar, an empty list or nothing at all becomes `value`.
    Set { at: Place, value: Value },
    /// The mapping gets a key that it did not have, behind one that it has.
    Insert { at: Place, behind: &'static str, key: &'static str, value: Value },
    /// The list gets one more item; at the root: the text gets one more document.
    Push { at: Place, value: Value },
    /// What stands there becomes the only item of a list.
    Wrap { at: Place },
}

/// The documents as they shall be, and how to come there.
#[derive(Debug)]
pub(super) struct Intent {
    /// A list of the documents.
    pub documents: Value,
    /// The changes, each to be made in the text that the one before it left.
    pub changes: Vec<Change>,
}

impl Intent {
    /// Nothing shall change.
    pub fn new(documents: Vec<Value>) -> Self {
        Self { documents: Value::Sequence(documents), changes: Vec::new() }
    }

    /// What stands at a place; nothing is null.
    pub fn value(&self, place: &[Step]) -> &Value {
        place.iter().fold(&self.documents, |value, step| match step {
            Step::Index(index) => value.get(*index).unwrap_or(&Value::Null),
            Step::Key(key) => value.get(*key).unwrap_or(&Value::Null),
        })
    }

    /// Makes one more change.
    pub fn change(&mut self, change: Change) {
        match change.clone() {
            Change::Set { at, value } => self.replace(&at, |_| value),
            Change::Insert { at, key, value, .. } => {
                self.replace(&below(&at, Step::Key(key)), |_| value);
            }
            Change::Push { at, value } => self.replace(&at, |list| pushed(list, value)),
            Change::Wrap { at } => self.replace(&at, |item| Value::Sequence(vec![item])),
        }
        self.changes.push(change);
    }

    fn replace(&mut self, place: &[Step], with: impl FnOnce(Value) -> Value) {
        let mut value = &mut self.documents;
        for step in place {
            value = match step {
                Step::Index(index) => &mut value[*index],
                Step::Key(key) => &mut value[*key],
            };
        }
        *value = with(std::mem::take(value));
    }
}

fn pushed(list: Value, item: Value) -> Value {
    let Value::Sequence(mut items) = list else { return Value::Sequence(vec![item]) };
    items.push(item);
    Value::Sequence(items)
}
