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
    pub default: Default,
    /// Whether it is written into `module.json`, or only tells how to pack.
    pub written: bool,
}

/// What a field is when nobody gives it.
#[derive(Debug, PartialEq, Eq)]
pub enum Default {
    /// Not there.
    Absent,
    /// The empty value of its kind: `""`, `[]`, `{}`, `false`.
    Empty,
    /// A text.
    Text(&'static str),
    /// A number.
    Number(u64),
}

const fn field(name: &'static str, kind: Kind, default: Default) -> Field {
    Field { name, kind, default, written: true }
}

const fn setting(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, default: Default::Absent, written: false }
}

/// Every field there is.
pub static FIELDS: [Field; 34] = [
    field("module_name", Kind::Text, Default::Absent),
    field("module_file", Kind::Text, Default::Absent),
    field("version", Kind::Integer, Default::Absent),
    field("semantic_version", Kind::Version, Default::Absent),
    field("architecture", Kind::Text, Default::Absent),
    field("os", Kind::Text, Default::Absent),
    field("operating_systems", Kind::Texts, Default::Empty),
    field("display_name", Kind::Text, Default::Empty),
    field("capability_name", Kind::Text, Default::Empty),
    field("commands", Kind::Commands, Default::Empty),
    field("capabilities", Kind::Texts, Default::Empty),
    field("command_line_args", Kind::Text, Default::Empty),
    field("min_redis_version", Kind::Version, Default::Text("4.0")),
    field("compatible_redis_version", Kind::Version, Default::Absent),
    field("min_redis_pack_version", Kind::Version, Default::Text("5.2")),
    field("bigstore_version_2_support", Kind::Boolean, Default::Empty),
    field("config_command", Kind::Text, Default::Empty),
    field("crdb", Kind::Object, Default::Empty),
    field("dependencies", Kind::Dependencies, Default::Empty),
    field("optional-dependencies", Kind::Dependencies, Default::Empty),
    field("exclude_commands", Kind::Texts, Default::Empty),
    field("overide_command", Kind::Overrides, Default::Empty),
    field("add_command", Kind::Commands, Default::Empty),
    field("sha256", Kind::Text, Default::Absent),
    field("git_sha", Kind::Text, Default::Absent),
    field("ramp_format_version", Kind::Integer, Default::Number(1)),
    field("author", Kind::Text, Default::Empty),
    field("email", Kind::Text, Default::Empty),
    field("description", Kind::Text, Default::Empty),
    field("homepage", Kind::Text, Default::Empty),
    field("license", Kind::Text, Default::Empty),
    field("speedb_git_sha", Kind::Text, Default::Empty),
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
