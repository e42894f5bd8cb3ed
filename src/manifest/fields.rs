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
    /// What it says, on one line without a full stop.
    pub about: &'static str,
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

const fn field(name: &'static str, kind: Kind, otherwise: Otherwise, about: &'static str) -> Field {
    Field { name, kind, otherwise, written: true, about }
}

const fn setting(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, otherwise: Otherwise::Absent, written: false, about }
}

/// Every field there is.
#[rustfmt::skip]
pub static FIELDS: [Field; 34] = [
    field("module_name", Kind::Text, Otherwise::Absent, "The name that the module gives itself; the module tells it"),
    field("module_file", Kind::Text, Otherwise::Absent, "The file name of the module; the module tells it"),
    field("version", Kind::Integer, Otherwise::Absent, "The version as a number: 10203 means 1.2.3; the module tells it"),
    field("semantic_version", Kind::Version, Otherwise::Absent, "The version as people write it: 1.2.3; the module tells it"),
    field("architecture", Kind::Text, Otherwise::Absent, "What it was built for: x86_64 or aarch64; the module tells it"),
    field("os", Kind::Text, Otherwise::Absent, "The operating system that it was built on: Linux; stands in file names"),
    field("operating_systems", Kind::Texts, Otherwise::Empty, "The systems whose nodes take the bundle: a name and a major version, as rhel8"),
    field("display_name", Kind::Text, Otherwise::Empty, "What people call the module; Redis Enterprise 8 asks for it"),
    field("capability_name", Kind::Text, Otherwise::Empty, "What the module adds to a database, as the user interface calls it: \"Search and query\""),
    field("commands", Kind::Commands, Otherwise::Empty, "The commands of the module; the module tells them"),
    field("capabilities", Kind::Texts, Otherwise::Empty, "What a database with the module may do"),
    field("command_line_args", Kind::Text, Otherwise::Empty, "The arguments that a database passes to the module where its owner gives none"),
    field("min_redis_version", Kind::Version, Otherwise::Text("4.0"), "The oldest Redis that the module works with: \"6.0\""),
    field("compatible_redis_version", Kind::Version, Otherwise::Absent, "The Redis version of the databases that the module is for: \"7.4\"; must equal theirs"),
    field("min_redis_pack_version", Kind::Version, Otherwise::Text("5.2"), "The oldest Redis Enterprise that the module works with: \"6.0\"; up to 7.22 it counts"),
    field("bigstore_version_2_support", Kind::Boolean, Otherwise::Empty, "Whether it works with the second version of Auto Tiering"),
    field("config_command", Kind::Text, Otherwise::Empty, "The command that changes its settings: \"_FT.CONFIG SET\""),
    field("crdb", Kind::Object, Otherwise::Empty, "Active-Active: supported_featureset_versions is a list of numbers"),
    field("dependencies", Kind::Dependencies, Otherwise::Empty, "Files that the module needs beside it, by name"),
    field("optional-dependencies", Kind::Dependencies, Otherwise::Empty, "Files that the module can do without, by name"),
    field("exclude_commands", Kind::Texts, Otherwise::Empty, "Commands that a database shall not have, by name; case does not count"),
    field("overide_command", Kind::Overrides, Otherwise::Empty, "Commands of which something shall differ; the format spells the key so"),
    field("add_command", Kind::Commands, Otherwise::Empty, "Commands that the module does not register itself"),
    field("sha256", Kind::Text, Otherwise::Absent, "The digest of the module; computed"),
    field("git_sha", Kind::Text, Otherwise::Absent, "The commit that the module is of; its repository tells it"),
    field("ramp_format_version", Kind::Integer, Otherwise::Number(1), "The version of the format of bundles: 1"),
    field("author", Kind::Text, Otherwise::Empty, "Who wrote it"),
    field("email", Kind::Text, Otherwise::Empty, "Where its author can be reached"),
    field("description", Kind::Text, Otherwise::Empty, "What the module does, in a sentence"),
    field("homepage", Kind::Text, Otherwise::Empty, "Where more can be read"),
    field("license", Kind::Text, Otherwise::Empty, "Its licence"),
    field("speedb_git_sha", Kind::Text, Otherwise::Empty, "The commit of Speedb that it was built with"),
    setting("run_command_line_args", Kind::Text, "The arguments that it is loaded with while packing, if those of a database do not do"),
    setting("redis_args", Kind::Object, "Options of the redis-server that loads it while packing: {maxmemory: 100mb}"),
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
