//! What a `module.json` says that anybody may have written: as far as it goes, and nothing lost.
//!
//! In: JSON of any shape. Out: the commands, capabilities and dependencies in it. What does not have
//! the shape it should have is named by its own text, so that two files which differ there differ
//! here. Whole numbers are integers, as the reference packer's `10203.0`; the commit is plain, as its
//! `b'…'`.

use serde::Serialize;
use serde_json::{Map, Value};

/// A command or a dependency: its name, and all that is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Map<String, Value>")]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The rest, under the names it has in `module.json`.
    pub fields: Map<String, Value>,
}

impl Named {
    fn new(name: &str, said: &Value) -> Self {
        let fields = match said {
            Value::Object(fields) => fields.clone(),
            other => Map::from_iter([("value".to_owned(), other.clone())]),
        };
        Self { name: name.to_owned(), fields }
    }

    /// An item of a list, whose name stands under `key`.
    fn of_list(key: &str, said: &Value) -> Self {
        let name = said.get(key).and_then(Value::as_str);
        let mut named = match name {
            Some(name) => Self::new(name, said),
            None => Self { name: said.to_string(), fields: Map::new() },
        };
        named.fields.remove(key);
        named
    }

    /// A text among what is said.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.fields.get(key)?.as_str()
    }
}

/// Each key once, whatever a stranger calls his.
impl From<Named> for Map<String, Value> {
    fn from(Named { name, fields }: Named) -> Self {
        let mut all = fields;
        all.insert("name".to_owned(), name.into());
        all
    }
}

/// The commands that `metadata` lists, by name.
pub fn commands(metadata: &Map<String, Value>) -> Vec<Named> {
    let commands = of(metadata, "commands");
    let commands = items(&commands).map(|command| Named::of_list("command_name", command));
    let mut commands: Vec<Named> = commands.collect();
    commands.sort_by(|a, b| a.name.cmp(&b.name));
    commands
}

/// The dependencies under `key`, a mapping by name or the older list.
pub fn dependencies(metadata: &Map<String, Value>, key: &str) -> Vec<Named> {
    match of(metadata, key) {
        Value::Object(named) => named.iter().map(|(name, said)| Named::new(name, said)).collect(),
        other => items(&other).map(|said| Named::of_list("name", said)).collect(),
    }
}

/// The texts of a list, or of one text with commas.
pub fn texts(metadata: &Map<String, Value>, key: &str) -> Vec<String> {
    match of(metadata, key) {
        Value::String(text) => text
            .split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
        other => items(&other).map(text).collect(),
    }
}

/// A text as it is, anything else as JSON.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A field; null where it is not there.
pub fn of(metadata: &Map<String, Value>, key: &str) -> Value {
    let value = metadata.get(key).cloned().unwrap_or_default();
    let commit = value.as_str().and_then(|text| text.strip_prefix("b'")?.strip_suffix('\''));
    match commit {
        Some(commit) if key == "git_sha" => commit.into(),
        _ => integral(value),
    }
}

/// Whether a value says nothing: null, false, or the empty text, list or mapping.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn items(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Null => [].iter(),
        Value::Array(items) => items.iter(),
        other => std::slice::from_ref(other).iter(),
    }
}

/// The same value in which every whole number is an integer.
fn integral(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|it| it.fract() == 0.0 && it.abs() < EXACT);
            // Exact: whole and small enough.
            whole.map_or(Value::Number(number), |whole| Value::from(whole as i64))
        }
        Value::Array(items) => items.into_iter().map(integral).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, integral(value))).collect()
        }
        other => other,
    }
}

/// Below this an f64 holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(json: &str) -> Map<String, Value> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_and_the_commit_as_the_reference_packer_writes_them() {
        let said = metadata(r#"{"version": 10203.0, "git_sha": "b'abc'", "big": 1e300}"#);
        assert_eq!(of(&said, "version"), 10203);
        assert_eq!(of(&said, "git_sha"), "abc");
        assert_eq!(of(&said, "big"), 1e300);
        assert_eq!(of(&said, "none"), Value::Null);
    }

    #[test]
    fn what_has_another_shape_is_named_by_its_text() {
        let said = metadata(
            r#"{"commands": [{"command_name": "a", "step": 1.0}, 7, {"x": 1}],
                "dependencies": [{"name": "d", "url": "u"}], "capabilities": "types, asm,",
                "optional-dependencies": {"o": "u"}, "operating_systems": ["rhel8", 9]}"#,
        );
        let names: Vec<String> = commands(&said).into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["7", "a", r#"{"x":1}"#]);
        assert_eq!(commands(&said)[1].fields["step"].to_string(), "1");
        assert_eq!(dependencies(&said, "dependencies")[0].text("url"), Some("u"));
        assert_eq!(dependencies(&said, "optional-dependencies")[0].text("value"), Some("u"));
        assert_eq!(texts(&said, "capabilities"), ["types", "asm"]);
        assert_eq!(texts(&said, "operating_systems"), ["rhel8", "9"]);
        assert_eq!(commands(&metadata(r#"{"commands": "none"}"#))[0].name, "\"none\"");
    }
}
