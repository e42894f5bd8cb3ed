//! The fields of `module.json`, and the keys that a manifest has beside them: one table.
//!
//! Everything that names, reads, sets or writes a field goes by this table. Source of names, types
//! and defaults: the reference packer, and Redis Enterprise's documentation of the bundle.

use crate::error::BundleError;
use crate::nearest::nearest;

use super::value::Kind;

/// A field of `module.json` or a key of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the file.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Its value when nobody gives one.
    pub otherwise: Otherwise,
    /// Whether it is written into `module.json`, or only tells how to pack.
    pub written: bool,
}

/// What a field is when nobody gives it.
#[derive(Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Not there.
    Absent,
    /// The empty value of its kind: `""`, `[]`, `{}`, `false`.
    Empty,
    /// A text.
    Text(&'static str),
    /// A number.
    Number(u64),
}

const fn field(name: &'static str, kind: Kind, otherwise: Otherwise) -> Field {
    Field { name, kind, otherwise, written: true }
}

const fn setting(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, otherwise: Otherwise::Absent, written: false }
}

/// Every field there is.
pub static FIELDS: [Field; 34] = [
    field("module_name", Kind::Text, Otherwise::Absent),
    field("module_file", Kind::Text, Otherwise::Absent),
    field("version", Kind::Integer, Otherwise::Absent),
    field("semantic_version", Kind::Version, Otherwise::Absent),
    field("architecture", Kind::Text, Otherwise::Absent),
    field("os", Kind::Text, Otherwise::Absent),
    field("operating_systems", Kind::Texts, Otherwise::Empty),
    field("display_name", Kind::Text, Otherwise::Empty),
    field("capability_name", Kind::Text, Otherwise::Empty),
    field("commands", Kind::Commands, Otherwise::Empty),
    field("capabilities", Kind::Texts, Otherwise::Empty),
    field("command_line_args", Kind::Text, Otherwise::Empty),
    field("min_redis_version", Kind::Version, Otherwise::Text("4.0")),
    field("compatible_redis_version", Kind::Version, Otherwise::Absent),
    field("min_redis_pack_version", Kind::Version, Otherwise::Text("5.2")),
    field("bigstore_version_2_support", Kind::Boolean, Otherwise::Empty),
    field("config_command", Kind::Text, Otherwise::Empty),
    field("crdb", Kind::Object, Otherwise::Empty),
    field("dependencies", Kind::Dependencies, Otherwise::Empty),
    field("optional-dependencies", Kind::Dependencies, Otherwise::Empty),
    field("exclude_commands", Kind::Texts, Otherwise::Empty),
    field("overide_command", Kind::Overrides, Otherwise::Empty),
    field("add_command", Kind::Commands, Otherwise::Empty),
    field("sha256", Kind::Text, Otherwise::Absent),
    field("git_sha", Kind::Text, Otherwise::Absent),
    field("ramp_format_version", Kind::Integer, Otherwise::Number(1)),
    field("author", Kind::Text, Otherwise::Empty),
    field("email", Kind::Text, Otherwise::Empty),
    field("description", Kind::Text, Otherwise::Empty),
    field("homepage", Kind::Text, Otherwise::Empty),
    field("license", Kind::Text, Otherwise::Empty),
    field("speedb_git_sha", Kind::Text, Otherwise::Empty),
    setting("run_command_line_args", Kind::Text),
    setting("redis_args", Kind::Object),
];

/// The field of that name.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// The field of that name, for a name that a person gave to `--set`.
///
/// # Errors
/// [`BundleError::UnknownField`] with the nearest names.
pub fn named(name: &str) -> Result<&'static Field, BundleError> {
    find(name)
        .ok_or_else(|| BundleError::UnknownField { name: name.to_owned(), nearest: near(name) })
}

/// The names of up to three fields that look like `name`.
pub fn near(name: &str) -> Vec<&'static str> {
    nearest(name, FIELDS.iter().map(|field| field.name), 3)
}
