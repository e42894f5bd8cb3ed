//! The schema of a manifest, `ramp.yml`.
//!
//! In: the table of fields. Out: the schema.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::{DRAFT, TRUTH, VARIABLE, generator, or_variable, suggestions};
use crate::discovery::Command;
use crate::manifest::fields::{FIELDS, Field, Otherwise};
use crate::manifest::{Dependency, Kind, Override};
use crate::metadata::capabilities::CAPABILITIES;
use crate::platform::NODE_SYSTEMS;

/// The schema of a manifest.
pub fn manifest() -> Value {
    let mut generator = generator();
    let fields = FIELDS.iter().map(|field| (field.name.to_owned(), of(field, &mut generator)));
    let properties: Map<String, Value> = fields.collect();
    let mut definitions = generator.take_definitions(true);
    describe_overrides(&mut definitions);
    let digest = definitions["Sha256"]["pattern"].as_str().map(|it| format!("{it}|{VARIABLE}"));
    definitions["Sha256"]["pattern"] = digest.into();
    json!({
        "$schema": DRAFT,
        "title": "ramp.yml",
        "description": "What a module's author says of it: fields of module.json, and how to pack it",
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "patternProperties": { VARIABLE: true },
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn of(field: &Field, generator: &mut SchemaGenerator) -> Value {
    let mut schema = match field.name {
        "capabilities" => texts(suggestions(CAPABILITIES)),
        "operating_systems" => texts(suggestions(NODE_SYSTEMS.map(|name| (name, "")))),
        "architecture" => or_variable(suggestions([("x86_64", ""), ("aarch64", "")])),
        _ => of_kind(field.kind, generator),
    };
    schema["description"] = field.about.into();
    let default = match field.otherwise {
        Otherwise::Absent => return schema,
        Otherwise::Empty => field.kind.empty(),
        Otherwise::Text(text) => text.into(),
        Otherwise::Number(number) => number.into(),
    };
    schema["default"] = default;
    schema
}

fn of_kind(kind: Kind, generator: &mut SchemaGenerator) -> Value {
    match kind {
        // A number and a truth are the text that was typed.
        Kind::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        Kind::Version => json!({ "anyOf": [
            { "type": ["string", "null"] },
            {
                "type": "number",
                "deprecated": true,
                "description": "Versions want quotes: 7.10 is the number 7.1",
            },
        ] }),
        Kind::Integer => or_variable(json!({ "type": "integer", "minimum": 0 })),
        Kind::Boolean => or_variable(json!({ "anyOf": [
            { "type": "boolean" },
            { "type": "string", "pattern": TRUTH },
        ] })),
        Kind::Texts => texts(json!({ "type": "string" })),
        Kind::Commands => or_variable(list::<Command>(generator)),
        Kind::Overrides => or_variable(list::<Override>(generator)),
        Kind::Dependencies => dependencies(generator),
        Kind::Object => or_variable(json!({ "type": "object" })),
    }
}

/// A list of texts, or one text with commas.
fn texts(item: Value) -> Value {
    json!({ "anyOf": [
        { "type": "array", "items": item },
        {
            "type": "string",
            "deprecated": true,
            "description": "One text is split at its commas: write a list",
        },
        { "type": "null" },
    ] })
}

fn list<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    json!({ "type": "array", "items": generator.subschema_for::<T>() })
}

/// Dependencies by name, or the older list in which each has its name.
fn dependencies(generator: &mut SchemaGenerator) -> Value {
    let by_name = generator.subschema_for::<Dependency>();
    let mut named = Dependency::json_schema(generator).to_value();
    named["properties"]["name"] = json!({ "type": "string", "description": "Its name." });
    named["required"] = json!(["name"]);
    or_variable(json!({ "anyOf": [
        { "type": "object", "additionalProperties": by_name },
        { "type": "array", "items": named },
    ] }))
}

/// What is overridden means what it means in a whole command.
fn describe_overrides(definitions: &mut Map<String, Value>) {
    let command = definitions["Command"]["properties"].clone();
    let Some(overrides) = definitions["Override"]["properties"].as_object_mut() else { return };
    for (name, schema) in overrides.iter_mut().filter(|(name, _)| *name != "command_name") {
        schema["description"] = command[name]["description"].clone();
    }
}
