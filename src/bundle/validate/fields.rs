//! The fields of `module.json`, one by one: there or not, known or not, of their type, and the
//! values that need no other field to be judged.

use serde_json::Value;

use super::values::{items, quoted, shown};
use super::{Rules, Said, Target};
use crate::bundle::names::is_module_name;
use crate::finding::Finding;
use crate::manifest::Kind;
use crate::manifest::fields::{self, Field};

/// Required everywhere. Sources: the reference packer's unpacker, which has codes for some, and "Module
/// package requirements" in Redis' documentation of installing a module.
const REQUIRED: [(&str, &str); 8] = [
    ("module_name", "module_name_missing"),
    ("module_file", "module_file_missing"),
    ("version", "module_version_missing"),
    ("architecture", "module_architecture_not_supported"),
    ("semantic_version", "field_missing"),
    ("commands", "field_missing"),
    ("capabilities", "field_missing"),
    ("min_redis_version", "field_missing"),
];

/// Required in places. Sources: `POST /v2/modules/user-defined` in the documentation of the REST API of
/// 8.0 and 8.2; "Module validation errors" in that of Kubernetes.
const REQUIRED_IN_PLACES: [(&str, &[Target]); 2] = [
    ("display_name", &[Target::Rs80, Target::Rs82, Target::K8s]),
    ("command_line_args", &[Target::Rs80, Target::Rs82]),
];

/// Fields whose type is judged with their value.
const JUDGED_ELSEWHERE: [&str; 4] =
    ["version", "architecture", "operating_systems", "ramp_format_version"];

/// All findings about single fields.
pub fn judge(said: &Said, rules: Rules) -> Vec<Finding> {
    let mut findings = missing(said, rules);
    findings.extend(said.iter().filter_map(|(name, value)| match fields::find(name) {
        None => Some(unknown(name)),
        Some(field) if !field.written => Some(not_for_bundles(field)),
        Some(field) => wrong_type(field, value),
    }));
    let values = [module_name(said), os(said), crdb(said)];
    findings.extend(values.into_iter().flatten());
    findings.extend([ramp_format(said), git_sha(said)].into_iter().flatten());
    findings
}

fn missing(said: &Said, rules: Rules) -> Vec<Finding> {
    let lacks = |name: &str| !said.contains_key(name);
    let everywhere = REQUIRED.iter().filter(|(name, _)| lacks(name));
    let everywhere =
        everywhere.map(|(name, code)| Finding::error(code, format!("{name} is missing")));
    let in_places = REQUIRED_IN_PLACES.iter().filter(|(name, _)| lacks(name));
    let in_places = in_places
        .filter_map(|(name, by)| rules.demand("field_missing", &format!("{name} is missing"), by));
    everywhere.chain(in_places).collect()
}

fn unknown(name: &str) -> Finding {
    let finding = Finding::warning("field_unknown", format!("there is no field {}", quoted(name)));
    match fields::near(name).first() {
        Some(near) => finding.advise(format!("did you mean {near}? as it stands it is ignored")),
        None => finding.advise("it is ignored"),
    }
}

fn not_for_bundles(field: &Field) -> Finding {
    let message = format!("{} only tells how to pack", field.name);
    Finding::note("field_not_for_bundles", message).advise("leave it out; nobody reads it")
}

/// A value that is not of its field's type. Null where nobody asks for the field says nothing.
fn wrong_type(field: &'static Field, value: &Value) -> Option<Finding> {
    let is_harmless = value.is_null() && REQUIRED.iter().all(|(name, _)| *name != field.name);
    if JUDGED_ELSEWHERE.contains(&field.name) || is_of(field.kind, value) {
        return None;
    }
    let is = match field.kind {
        Kind::Texts => items(value, Value::as_str).err()?,
        _ => format!("is {}", shown(value)),
    };
    let message = format!("{} {is}, and must be {}", field.name, expected(field));
    Some(match (is_harmless, field.kind) {
        (true, _) => Finding::warning("field_type_wrong", message).advise("leave it out"),
        (false, Kind::Texts) if value.is_string() => {
            Finding::error("field_type_wrong", message).advise("write each as a text of its own")
        }
        (false, _) => Finding::error("field_type_wrong", message),
    })
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Version => value.is_string(),
        Kind::Integer => value.is_u64(),
        Kind::Boolean => value.is_boolean(),
        Kind::Texts => items(value, Value::as_str).is_ok(),
        Kind::Commands | Kind::Overrides => value.is_array(),
        Kind::Dependencies | Kind::Object => value.is_object(),
    }
}

fn expected(field: &Field) -> &'static str {
    match field.kind {
        Kind::Text | Kind::Version => "a text",
        Kind::Integer => "a whole number",
        Kind::Boolean => "true or false",
        Kind::Texts => "a list of texts",
        Kind::Commands | Kind::Overrides => "a list of commands",
        Kind::Dependencies => "a mapping of dependencies by name",
        Kind::Object => "a mapping",
    }
}

fn module_name(said: &Said) -> Option<Finding> {
    let name = said.get("module_name")?.as_str()?;
    if name.is_empty() {
        return Some(Finding::error("module_name_missing", "module_name is empty"));
    }
    let message = format!("module_name is {}, and becomes the name of a folder", quoted(name));
    (!is_module_name(name)).then(|| Finding::error("module_name_invalid", message))
}

/// Informational: nobody refuses it.
fn os(said: &Said) -> Option<Finding> {
    let os = said.get("os")?.as_str()?;
    let message = format!("os is {}, and Redis Enterprise runs on Linux", quoted(os));
    (os != "Linux").then(|| Finding::warning("os_not_linux", message))
}

fn crdb(said: &Said) -> Option<Finding> {
    let versions = said.get("crdb")?.get("supported_featureset_versions")?;
    let is = items(versions, Value::as_u64).err()?;
    let must = "must be a list of whole numbers";
    let message = format!("supported_featureset_versions of crdb {is}, and {must}");
    Some(Finding::error("crdb_invalid", message))
}

fn ramp_format(said: &Said) -> Option<Finding> {
    let format = said.get("ramp_format_version")?;
    let message = format!("ramp_format_version is {}, and only 1 is known", shown(format));
    (format.as_f64() != Some(1.0)).then(|| Finding::warning("ramp_format_unknown", message))
}

/// The reference packer writes how Python shows bytes.
fn git_sha(said: &Said) -> Option<Finding> {
    let commit = said.get("git_sha")?.as_str().filter(|commit| !commit.is_empty())?;
    let is_id =
        |text: &str| matches!(text.len(), 40 | 64) && text.chars().all(|c| c.is_ascii_hexdigit());
    let plain = commit.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''));
    if plain.is_some_and(is_id) {
        let message = format!("git_sha is {}, a commit as Python shows bytes", quoted(commit));
        return Some(Finding::note("git_sha_in_quotes", message));
    }
    let message = format!("git_sha is {}, which is no commit", quoted(commit));
    (!is_id(commit)).then(|| Finding::warning("git_sha_invalid", message))
}
