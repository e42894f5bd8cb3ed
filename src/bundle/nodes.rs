//! Whether the nodes of each system that is named take a bundle, and what to say where none does.
//!
//! In: the settled metadata, and what the module's file needs. Out: what validation will say of some of
//! the names; where no node takes it, a warning that proposes systems whose nodes would load it.

use super::validate::{fitting, unheard_of};
use crate::elf::BinaryFacts;
use crate::finding::Finding;
use crate::metadata::{Metadata, Origin};
use crate::platform::{Architecture, NodeSystem, Platform};
use crate::warning::Warning;
use crate::wording::listed;

/// A node takes only what names its operating system: where none of those that are named is that of
/// a node, the bundle is of no use.
pub fn judge(
    metadata: &Metadata,
    binary: Option<&BinaryFacts>,
    architecture: Architecture,
) -> Vec<Warning> {
    let systems: Vec<String> = metadata.read("operating_systems");
    if systems.iter().any(|system| has_nodes(system, architecture)) {
        let systems: Vec<&str> = systems.iter().map(String::as_str).collect();
        return unheard_of(&systems).into_iter().map(Warning::from).collect();
    }
    vec![no_node(metadata, &systems, binary, architecture)]
}

fn no_node(
    metadata: &Metadata,
    systems: &[String],
    binary: Option<&BinaryFacts>,
    architecture: Architecture,
) -> Warning {
    let by_host = metadata.origin("operating_systems") <= Some(Origin::Host);
    let message = match systems {
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
    let meant = meant(systems, architecture);
    Warning::new(message).advise(match binary {
        _ if !meant.is_empty() => format!("write --operating-system {}", meant.join(",")),
        Some(binary) => by_needs(binary, architecture),
        None => "name the system of the nodes, as --operating-system rhel8".to_owned(),
    })
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
    match fitting(binary, architecture) {
        Ok(systems) => format!(
            "say which nodes it is for; by what its file needs it can be --operating-system {}",
            systems.join(",")
        ),
        Err(Finding { message: why, .. }) => {
            format!("build it in an image of the nodes' system: no node would load it, as it {why}")
        }
    }
}
