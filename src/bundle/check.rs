//! What is wrong, or worth a word, in what a bundle is about to say.
//!
//! In: the facts, as they were read. Out: an error for what no reader of a bundle accepts, warnings
//! for what works and will surprise somebody.

use std::io;
use std::path::Path;

use serde_json::Value;

use super::validate::binary::loading;
use super::validate::errors;
use super::{names, nodes};
use crate::archive::tgz::Reader;
use crate::discovery::Command;
use crate::elf::{BinaryFacts, ElfFacts};
use crate::error::{BundleError, Error, IoContext};
use crate::finding::Severity;
use crate::manifest::Layer;
use crate::metadata::{Metadata, Origin};
use crate::platform::Architecture;
use crate::tree::Entry;
use crate::warning::Warning;

/// What the manifest says of the module, and the module or its file say otherwise.
pub fn overruled(manifest: &Layer, metadata: &Metadata) -> Vec<Warning> {
    let differs = |(name, said): (&'static str, &Value)| {
        let actual = metadata.get(name)?;
        let from_module = matches!(metadata.origin(name), Some(Origin::File | Origin::Module));
        if !from_module || said == actual || is_same_architecture(said, actual) {
            return None;
        }
        let message = format!("the manifest says {name} {said}, the module {actual}");
        Some(Warning::new(message).advise("what the module says is written; --set overrides it"))
    };
    manifest.iter().filter_map(differs).collect()
}

fn is_same_architecture(a: &Value, b: &Value) -> bool {
    let parse = |value: &Value| value.as_str()?.parse::<Architecture>().ok();
    parse(a).is_some() && parse(a) == parse(b)
}

/// Without a manifest nobody says what only the author can say.
pub fn no_manifest(module: &Path) -> Warning {
    let warning = Warning::new("there is no manifest: author, capabilities and more stay empty");
    let beside = module.with_file_name("ramp.yml");
    match beside.exists() {
        true => warning.advise(format!("one lies beside the module: -m {}", beside.display())),
        false => warning.advise("write a ramp.yml, or fetch the module's own with rampkit fetch"),
    }
}

/// Checks the settled metadata of a bundle for a module of that architecture, whose file has these needs
/// where they are known.
///
/// # Errors
/// [`BundleError::BadField`].
pub fn metadata(
    metadata: &Metadata,
    binary: Option<&BinaryFacts>,
    architecture: Architecture,
) -> Result<Vec<Warning>, BundleError> {
    let text = |name| metadata.text(name).unwrap_or_default();
    names::check(text("module_name"), text("module_file"))?;
    let warnings = [commands(metadata), redis_version(metadata)].into_iter().flatten();
    Ok(warnings.chain(nodes::judge(metadata, binary, architecture)).collect())
}

/// What readers will refuse in a bundle that holds these entries as dependencies.
pub fn refused(metadata: &Metadata, facts: &ElfFacts, entries: &[Entry]) -> Vec<Warning> {
    let said = metadata.written().map(|(name, _, value)| (name.to_owned(), value.clone()));
    let embedded = entries.iter().map(|entry| (entry.path.as_str(), None)).collect();
    let mut found = errors(&said.collect(), facts.architecture, &embedded);
    // That has been said, and with better advice.
    found.retain(|finding| finding.code != "operating_system_unknown");
    found.into_iter().map(Warning::from).collect()
}

/// What would keep a module of that architecture from being loaded on the nodes that the metadata
/// names; `entries` lie in the bundle beside it.
///
/// # Errors
/// [`Error::Io`] for an entry that cannot be read.
pub fn binary(
    binary: &BinaryFacts,
    architecture: Architecture,
    metadata: &Metadata,
    entries: &[Entry],
) -> Result<Vec<Warning>, Error> {
    let systems: Vec<String> = metadata.read("operating_systems");
    let systems: Vec<&str> = systems.iter().map(String::as_str).collect();
    let judge = |carried: &[&str]| {
        let mut findings = loading(binary, architecture, &systems, carried);
        findings.retain(|finding| finding.severity < Severity::Note);
        findings
    };
    let mut findings = judge(&[]);
    // It may be about a library that a dependency brings.
    if !findings.is_empty() && !entries.is_empty() {
        let carried = carried(entries)?;
        findings = judge(&carried.iter().map(String::as_str).collect::<Vec<_>>());
    }
    Ok(findings.into_iter().map(Warning::from).collect())
}

/// The files that `entries` are, and those that they hold.
fn carried(entries: &[Entry]) -> Result<Vec<String>, Error> {
    let mut carried: Vec<String> = entries.iter().map(|entry| entry.path.clone()).collect();
    for entry in entries {
        let Some((mut bytes, size)) = entry.open()? else { continue };
        let mut reader = Reader::new(size, Reader::ALLOWANCE);
        io::copy(&mut bytes, &mut reader).at("read", &entry.path)?;
        let holds = reader.finish().map(|(contents, _)| contents).unwrap_or_default();
        carried.extend(holds.files().map(str::to_owned));
    }
    Ok(carried)
}

fn commands(metadata: &Metadata) -> Option<Warning> {
    let commands: Vec<Command> = metadata.read("commands");
    let advice = "does it need arguments (--run-args), or are all of them excluded?";
    commands.is_empty().then(|| Warning::new("the bundle names no command").advise(advice))
}

fn redis_version(metadata: &Metadata) -> Option<Warning> {
    if metadata.get("compatible_redis_version").is_some() {
        return None;
    }
    Some(Warning::new("nobody says compatible_redis_version").advise(
        "give the Redis version (as 7.4) of the databases the module is for, in the manifest or \
         with --set compatible_redis_version=…; it must equal theirs",
    ))
}
