//! The name of a bundle's file: a template with `{field}` placeholders.
//!
//! In: a template and the metadata. Out: a path. Any field of `module.json` that is a text, a number
//! or a list of texts can stand in it, beside the [`Placeholder`]s; `{{` and `}}` are braces.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::BundleError;
use crate::manifest::fields;
use crate::metadata::Metadata;
use crate::nearest::nearest;

/// How a bundle is called when nobody says.
pub const DEFAULT: &str = "{stem}.{os}-{architecture}.{semantic_version}{variant}.zip";

/// A placeholder that is no field: its name, and its value or why it has none.
pub type Placeholder<'a> = (&'a str, Result<String, String>);

/// Puts the values of fields, and of `further` placeholders, into `template`.
///
/// # Errors
/// [`BundleError::BadOutputName`].
pub fn expand(
    template: &str,
    metadata: &Metadata,
    further: &[Placeholder],
) -> Result<String, BundleError> {
    let bad = |why: String| BundleError::BadOutputName { template: template.to_owned(), why };
    let values = placeholders(metadata, further);
    let mut name = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        name.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            name.push_str(brace);
            rest = after;
            continue;
        }
        let placeholder = (brace == "{").then(|| rest.split_once('}')).flatten();
        let (field, after) = placeholder.ok_or_else(|| {
            bad(format!("it has a single {brace}; {brace}{brace} stands for one"))
        })?;
        name.push_str(value(field, &values).map_err(bad)?);
        rest = after;
    }
    name.push_str(rest);
    if name.is_empty() { Err(bad("it is empty".to_owned())) } else { Ok(name) }
}

fn placeholders<'a>(
    metadata: &'a Metadata,
    further: &[Placeholder<'a>],
) -> BTreeMap<&'a str, Result<String, String>> {
    let of_field = |name: &str, value| {
        let not_text = || format!("{{{name}}} is neither a text, a number nor a list of texts");
        as_text(value).ok_or_else(not_text)
    };
    let fields = metadata.written().map(|(name, _, value)| (name, of_field(name, value)));
    fields.chain(further.iter().cloned()).collect()
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join("-"))
        }
        _ => None,
    }
}

fn value<'a>(
    field: &str,
    values: &'a BTreeMap<&str, Result<String, String>>,
) -> Result<&'a str, String> {
    match values.get(field) {
        Some(Ok(text)) if text.contains('/') => {
            Err(format!("{{{field}}} is {text:?}, and / cannot stand in a file's name"))
        }
        Some(Ok(text)) if matches!(text.as_str(), "." | "..") => {
            Err(format!("{{{field}}} is {text:?}, which means a folder"))
        }
        Some(Ok(text)) => Ok(text),
        Some(Err(why)) => Err(why.clone()),
        None if fields::find(field).is_some_and(|field| field.written) => {
            Err(format!("nobody says what {{{field}}} is"))
        }
        None => {
            let near = nearest(field, values.keys().copied(), 3);
            let near = near.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
            let near = if near.is_empty() { near } else { format!("; near are {near}") };
            Err(format!("there is no field {{{field}}}{near}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Layer;
    use crate::metadata::Origin;

    #[test]
    fn placeholders_are_fields_and_braces_can_be_written() {
        let mut metadata = Metadata::new();
        let assignments = [
            "os=Linux",
            "version=10203",
            "operating_systems=rhel8,rhel9",
            "author=a/b",
            "license=",
        ];
        let layer = Layer::from_assignments(&assignments.map(str::to_owned)).unwrap();
        metadata.add(Origin::Option, layer);
        let why = Err("nobody knows".to_owned());
        let further = [("stem", Ok("hello".to_owned())), ("branch", why)];
        let expand = |template: &str| expand(template, &metadata, &further);
        assert_eq!(
            expand("{stem}.{os}-{version}.{operating_systems}.zip").unwrap(),
            "hello.Linux-10203.rhel8-rhel9.zip"
        );
        assert_eq!(expand("{{{stem}}}").unwrap(), "{hello}");
        for wrong in ["{stem", "stem}", "{stm}", "{author}", "{crdb}", "{compatible_redis_version}"]
        {
            assert!(expand(wrong).is_err(), "{wrong}");
        }
        for empty in ["", "{license}"] {
            assert!(expand(empty).unwrap_err().to_string().ends_with(": it is empty"));
        }
        assert!(expand("{branch}").unwrap_err().to_string().ends_with(": nobody knows"));
    }
}
