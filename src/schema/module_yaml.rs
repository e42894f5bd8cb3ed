//! The schema of a module.yaml.
//!
//! In: its types. Out: the schema of one document.

use serde_json::{Value, json};

use super::{DRAFT, generator};
use crate::descriptor::document::Entry;

/// The schema of a module.yaml.
pub fn module_yaml() -> Value {
    let mut generator = generator();
    let entry = generator.subschema_for::<Entry>();
    json!({
        "$schema": DRAFT,
        "title": "module.yaml",
        "description": "Which artifacts of which image a Dockerfile to come shall copy: one entry, or a \
                        list of them in the order in which they are installed",
        "anyOf": [entry, { "type": "array", "items": entry }, { "type": "null" }],
        "$defs": generator.take_definitions(true),
    })
}
