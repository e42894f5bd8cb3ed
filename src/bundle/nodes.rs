//! Whether any node takes a bundle, and what to say where none does.
//!
//! In: the settled metadata, and what the module's file needs. Out: a warning that proposes systems
//! whose nodes would load it.

use super::validate::Target;
use super::validate::binary::loading;
use crate::elf::BinaryFacts;
use crate::finding::{Finding, Severity};
use crate::metadata::{Metadata, Origin};
use crate::platform::{Architecture, NODES, NodeSystem, Platform};
use crate::warning::Warning;
use crate::wording::listed;

/// A node takes only what names its operating system: where none of those that are named is that of
/// a node, the bundle is of no use.
pub fn judge(
    metadata: &Metadata,
    binary: Option<&BinaryFacts>,
    architecture: Architecture,
) -> Option<Warning> {
    let systems: Vec<String> = metadata.read("operating_systems");
    if systems.iter().any(|system| has_nodes(system, architecture)) {
        return None;
    }
    let by_host = metadata.origin("operating_systems") <= Some(Origin::Host);
    let message = match systems.as_slice() {
        [] if by_host => "this machine does not say which operating system it runs".to_owned(),
        [] => "no operating system is named, and so no node takes the bundle".to_owned(),
        [host] if by_host => format!("this machine is {host}, which no Redis Enterprise node runs"),
        systems => {
            let on = match systems.iter().any(|system| NodeSystem::named(system).is_some()) {
                true => format!(" on {architecture}"),
                false => String::new(),
            };
            let systems: Vec<String> = systems.iter().map(|it| format!("{it:?}")).collect();
            format!("no Redis Enterprise node runs {}{on}", listed(&systems, "or"))
        }
    };
    let meant = meant(&systems, architecture);
    Some(Warning::new(message).advise(match binary {
        _ if !meant.is_empty() => format!("write --operating-system {}", meant.join(",")),
        Some(binary) => by_needs(binary, architecture),
        None => "name the system of the nodes, as --operating-system rhel8".to_owned(),
    }))
}

fn has_nodes(system: &str, architecture: Architecture) -> bool {
    NodeSystem::named(system).is_some_and(|node| node.architectures.contains(&architecture))
}

/// The systems of nodes that `systems` are other names of.
fn meant(systems: &[String], architecture: Architecture) -> Vec<String> {
    let meant = systems.iter().filter_map(|system| system.parse::<Platform>().ok());
    let meant = meant.map(|platform| platform.system);
    meant.filter(|system| has_nodes(system, architecture)).collect()
}

/// What the needs of the file say: on which nodes it could be loaded.
fn by_needs(binary: &BinaryFacts, architecture: Architecture) -> String {
    let found = |system: &str| {
        let found = loading(binary, architecture, &[system], &[]).into_iter();
        found.filter(|finding| finding.severity < Severity::Note).collect::<Vec<Finding>>()
    };
    let candidates = candidates(architecture).map(|system| (system, found(system)));
    let candidates: Vec<(&str, Vec<Finding>)> = candidates.collect();
    // Best where nothing is amiss; what is, may be amiss everywhere.
    let without = |severity| {
        let is_fine = |found: &[Finding]| found.iter().all(|finding| finding.severity >= severity);
        let fine = candidates.iter().filter(move |(_, found)| is_fine(found));
        fine.map(|(system, _)| *system).collect::<Vec<&str>>()
    };
    let fine = without(Severity::Note);
    let fine = if fine.is_empty() { without(Severity::Warning) } else { fine };
    match candidates.last().and_then(|(_, found)| found.first()) {
        Some(why) if fine.is_empty() => {
            let why = &why.message;
            format!("build it in an image of the nodes' system: no node would load it, as it {why}")
        }
        _ => format!(
            "say which nodes it is for; by what its file needs it can be --operating-system {}",
            fine.join(",")
        ),
    }
}

/// The systems that some target's nodes of the architecture run, in the order of their table.
fn candidates(architecture: Architecture) -> impl Iterator<Item = &'static str> {
    let runs = move |name: &str| {
        let mut targets = Target::ALL.into_iter();
        targets.any(|target| target.systems(architecture).any(|system| system.name == name))
    };
    NODES.iter().map(|node| node.name).filter(move |name| runs(name))
}
