//! The schema of a project file, `rampkit.yaml`.
//!
//! In: what can be set in it. Out: the schema.

use serde_json::{Map, Value, json};

use super::{DRAFT, TRUTH};

/// Something that can be set for all modules, a platform, a module, or a module for a platform.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it does, on one line.
    pub about: String,
    /// What it is set to.
    pub shape: Shape,
    /// Whether it may be set to several, as a list.
    pub is_list: bool,
}

/// What a setting is set to.
#[derive(Debug)]
pub enum Shape {
    /// True, where it shall hold.
    Truth,
    /// A text.
    Text,
    /// A text, or true for its usual value.
    TextOrTruth,
    /// One of these words.
    Choice(Vec<String>),
    /// A mapping, or `NAME=VALUE`.
    Pairs,
    /// A mapping, or JSON.
    Json,
}

/// What is a text for us, as it is typed.
const SCALAR: [&str; 3] = ["string", "number", "boolean"];

/// The schema of a project file with these settings.
pub fn project(settings: &[Setting]) -> Value {
    let properties: Map<String, Value> =
        settings.iter().map(|setting| (setting.name.clone(), of(setting))).collect();
    json!({
        "$schema": DRAFT,
        "title": "rampkit.yaml",
        "description": "Modules for rampkit pack --all: each is packed for each of its platforms; \
                        and for rampkit fetch --from",
        "type": "object",
        "required": ["modules"],
        "properties": {
            "settings": settings_of("What holds for all of them"),
            "platforms": {
                "description": "The platforms by name, with what holds for each",
                "$ref": "#/$defs/platforms",
            },
            "modules": {
                "description": "The modules by name, with what holds for each",
                "type": "object",
                "minProperties": 1,
                "propertyNames": { "$ref": "#/$defs/name" },
                "additionalProperties": { "$ref": "#/$defs/module" },
            },
        },
        "additionalProperties": false,
        "$defs": {
            "name": { "type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9._-]*$" },
            "settings": {
                "type": ["object", "null"],
                "properties": properties.clone(),
                "additionalProperties": false,
            },
            "module": {
                "type": ["object", "null"],
                "properties": of_module(properties),
                "additionalProperties": false,
            },
            "platforms": { "anyOf": [
                { "type": "array", "items": { "$ref": "#/$defs/name" }, "uniqueItems": true },
                {
                    "type": "object",
                    "propertyNames": { "$ref": "#/$defs/name" },
                    "additionalProperties": { "$ref": "#/$defs/settings" },
                },
                { "type": "null" },
            ] },
        },
    })
}

fn settings_of(description: &str) -> Value {
    json!({ "description": description, "$ref": "#/$defs/settings" })
}

fn of_module(mut properties: Map<String, Value>) -> Map<String, Value> {
    properties.insert("from".to_owned(), origin());
    let platforms = json!({
        "description": "The platforms that it is packed for, by name, with what holds for it there; \
                        all of them by default",
        "$ref": "#/$defs/platforms",
    });
    properties.insert("platforms".to_owned(), platforms);
    properties
}

/// Where a manifest comes from.
fn origin() -> Value {
    let or_nothing = [SCALAR.as_slice(), &["null"]].concat();
    let text = |about: &str| json!({ "description": about, "type": SCALAR });
    let path = "The manifest's path in the repository; the first of the known places by default";
    json!({
        "description": "Where its manifest comes from, for rampkit fetch --from",
        "type": ["object", "null"],
        "required": ["repository", "ref"],
        "properties": {
            "repository": text("An address, a folder, or owner/name on GitHub"),
            "ref": text("A tag, a branch, a commit id, or latest for the highest release"),
            "path": { "description": path, "type": or_nothing },
        },
        "additionalProperties": false,
    })
}

fn of(setting: &Setting) -> Value {
    let scalar = json!({ "type": SCALAR });
    let one = match &setting.shape {
        Shape::Truth => {
            vec![json!({ "type": "boolean" }), json!({ "type": "string", "pattern": TRUTH })]
        }
        Shape::Text | Shape::TextOrTruth => vec![scalar.clone()],
        Shape::Choice(words) => vec![json!({ "enum": words })],
        Shape::Pairs => {
            let value =
                json!({ "type": ["string", "number", "boolean", "null", "array", "object"] });
            vec![scalar.clone(), json!({ "type": "object", "additionalProperties": value })]
        }
        Shape::Json => vec![scalar.clone(), json!({ "type": ["object", "array"] })],
    };
    let list = setting.is_list.then(|| json!({ "type": "array", "items": { "anyOf": one } }));
    // Null takes back what holds in a wider place.
    let any: Vec<Value> =
        one.iter().cloned().chain(list).chain([json!({ "type": "null" })]).collect();
    json!({ "description": setting.about, "anyOf": any })
}
