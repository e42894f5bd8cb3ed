//! Words for values that anybody may have written.

use serde_json::Value;

use crate::archive::zip;

/// A text as it is shown: in quotes, nothing in it that a terminal would obey, and not too long.
pub fn quoted(text: &str) -> String {
    zip::shown(text.as_bytes())
}

/// A value as it is shown.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// The items of a list as `read` reads them.
///
/// # Errors
/// What is there instead: `is 5`, `has 5`.
pub fn items<'a, T>(
    value: &'a Value,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<Vec<T>, String> {
    let list = value.as_array().ok_or_else(|| format!("is {}", shown(value)))?;
    list.iter().map(|item| read(item).ok_or_else(|| format!("has {}", shown(item)))).collect()
}
