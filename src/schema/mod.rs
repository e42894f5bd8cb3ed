//! JSON schemas of the files that people write, for editors and validators.
//!
//! In: the table of a manifest's fields, the types of a module.yaml, the settings of a project file.
//! Out: a schema (draft 2020-12) that accepts what rampkit accepts, and flags keys that it does not
//! know. `{{NAME}}` may stand for any value: a schema sees a text, and lets it pass.

mod manifest;
mod module_yaml;
mod project;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

pub use manifest::manifest;
pub use module_yaml::module_yaml;
pub use project::{Setting, Shape, project};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

/// Some schema, null, or a variable that a template has there.
fn or_variable(schema: Value) -> Value {
    let variable = json!({ "type": "string", "pattern": VARIABLE });
    json!({ "anyOf": [schema, { "type": "null" }, variable] })
}

/// A variable of a template.
const VARIABLE: &str = r"\{\{.*\}\}";

/// A truth as YAML 1.1 says it, which not every reader takes for one; in quotes too.
const TRUTH: &str =
    "^([Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";

/// Words with what they mean, which are not all there can be.
fn suggestions<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    let known = words.into_iter().map(|(word, meaning)| match meaning {
        "" => json!({ "const": word }),
        _ => json!({ "const": word, "description": meaning }),
    });
    json!({ "anyOf": known.chain([json!({ "type": "string" })]).collect::<Vec<_>>() })
}
