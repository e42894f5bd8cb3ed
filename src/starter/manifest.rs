//! The manifest that an author begins with.
//!
//! In: what is [`Known`]. Out: its text. Behind `# ` stands prose; a `#` with no space, or with more
//! than one, begins an example that is valid without it.

use super::Known;
use crate::descriptor::yaml_text;
use crate::metadata::capabilities::CAPABILITIES;
use crate::wording::{plural, tame};

/// The text of the manifest.
pub fn text(known: &Known) -> String {
    [
        heading(known),
        people(known),
        VERSIONS.to_owned(),
        systems(known),
        capabilities(),
        arguments(known),
        settings(known),
        commands(known),
        DEPENDENCIES.to_owned(),
    ]
    .join("\n")
}

fn heading(known: &Known) -> String {
    let (file, name) = (tame(&known.file), tame(&known.discovered.name));
    let count = plural(known.discovered.commands.len(), "command", "commands");
    format!(
        "\
# What the bundle of {file} says to Redis Enterprise.
# The module itself tells its name ({name}), its version ({}) and its {count}.
# What only its author knows stands here. YAML behind a # is an example: take the # away from lines
# that are true.
",
        known.version()
    )
}

fn people(known: &Known) -> String {
    format!(
        "\
# What people call it, and what it adds to a database: \"Search and query\", \"JSON\", \"Time Series\", …
display_name: {}
capability_name: \"\"
# What it does, in a sentence.
description: \"\"
# Who wrote it, and where more can be read.
author: \"\"
email: \"\"
homepage: \"\"
# As SPDX has it: MIT, Apache-2.0, …
license: \"\"
",
        yaml_text(&known.discovered.name)
    )
}

const VERSIONS: &str = "\
# The Redis version of the databases that it is for. It must equal theirs; nobody can guess it.
#compatible_redis_version: \"7.4\"
# The oldest Redis, and the oldest Redis Enterprise, that it works with; 4.0 and 5.2 if nobody says.
# Versions want quotes: 7.10 is the number 7.1.
#min_redis_version: \"6.0\"
#min_redis_pack_version: \"6.0\"
";

fn systems(known: &Known) -> String {
    let (intro, sign, systems) = match &known.systems {
        Ok(systems) => {
            let intro = ": as far as its file tells, it can be loaded on\n# these.".to_owned();
            (intro, "", systems.as_slice())
        }
        Err(finding) => {
            let why = tame(&finding.message);
            (format!("; no node of today's\n# would load it, as it {why}."), "#", &["rhel9"][..])
        }
    };
    let mut text = format!("# The systems whose nodes take the bundle{intro}\n");
    text += &format!("{sign}operating_systems:\n");
    text.extend(systems.iter().map(|system| format!("{sign}  - {system}\n")));
    text
}

fn capabilities() -> String {
    let widest = CAPABILITIES.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = "# What a database with the module may do.\ncapabilities:\n".to_owned();
    for (name, meaning) in &CAPABILITIES {
        text += &format!("#  - {name:widest$}  # {meaning}\n");
    }
    text
}

fn arguments(known: &Known) -> String {
    let (sign, given) = match known.arguments.is_empty() {
        true => ("#", "MAX 5".to_owned()),
        false => ("", known.arguments.join(" ")),
    };
    format!(
        "\
# The arguments that a database passes to it where its owner gives none.
command_line_args: \"\"
# Those that it is loaded with while it is packed, where the former will not do.
{sign}run_command_line_args: {}
",
        yaml_text(&given)
    )
}

fn settings(known: &Known) -> String {
    let names = known.discovered.commands.iter().map(|command| command.command_name.as_str());
    let mut changing: Vec<String> = names.filter_map(changes_settings).collect();
    if changing.is_empty() {
        changing.push(format!("{}.CONFIG SET", known.discovered.name));
    }
    let mut text = "# The command that changes its settings while it runs.\n".to_owned();
    let lines = changing.iter().map(|command| format!("#config_command: {}\n", yaml_text(command)));
    text.extend(lines);
    text + "\
# The feature sets of Active-Active that it understands.
#crdb: {supported_featureset_versions: [1]}
# Whether it works with the second version of Auto Tiering.
#bigstore_version_2_support: true
"
}

/// How settings are changed by a command of that name, if they are.
fn changes_settings(name: &str) -> Option<String> {
    let small = name.to_ascii_lowercase();
    match () {
        () if small.ends_with("config") => Some(format!("{name} SET")),
        () if small.contains("config") && small.ends_with("set") => Some(name.to_owned()),
        () => None,
    }
}

fn commands(known: &Known) -> String {
    let last = known.discovered.commands.last().map(|command| command.command_name.as_str());
    let name = yaml_text(last.unwrap_or("hello.get"));
    format!(
        "\
# Commands that a database shall not have.
#exclude_commands:
#  - {name}
# Commands of which something shall differ; the format spells it so. Steps of -1, -2 and -3 are policies
# by which the proxy of Redis Enterprise chooses a shard.
#overide_command:
#  - command_name: {name}
#    step: -2
"
    )
}

const DEPENDENCIES: &str = "\
# Files that it needs beside it. local_path instead of sha256 embeds a file or folder of yours.
# {{NAME}} stands for a value that packing puts in its place, wherever it stands.
#dependencies:
#  plugin:
#    url: https://example.com/plugin.{{OS}}-{{ARCH}}.{{SEMVER}}.tgz
#    sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
";
