//! Which systems a module fits.
//!
//! In: what its file asks of a machine. Out: the systems whose nodes would load it.

use super::super::target::Target;
use super::loading;
use crate::elf::BinaryFacts;
use crate::finding::{Finding, Severity};
use crate::platform::{Architecture, NODE_SYSTEMS};

/// The systems of today's nodes that have all that a module needs; where none has, those that lack
/// least.
///
/// # Errors
/// What the last of them has not, where every one would refuse it.
pub fn fitting(
    facts: &BinaryFacts,
    architecture: Architecture,
) -> Result<Vec<&'static str>, Finding> {
    let mut refusal = None;
    let mut candidates = Vec::new();
    for system in today(architecture) {
        let mut found = loading(facts, architecture, &[system], &[]).into_iter();
        let lacks = found.len();
        match found.find(|finding| finding.severity == Severity::Error) {
            None => candidates.push((system, lacks)),
            refused => refusal = refused,
        }
    }
    let least = candidates.iter().map(|(_, lacks)| *lacks).min();
    candidates.retain(|(_, lacks)| Some(*lacks) == least);
    match refusal.filter(|_| candidates.is_empty()) {
        Some(refusal) => Err(refusal),
        None => Ok(candidates.into_iter().map(|(system, _)| system).collect()),
    }
}

/// The systems that some target's nodes of the architecture run, in the order of their table.
fn today(architecture: Architecture) -> impl Iterator<Item = &'static str> {
    let runs = move |name: &&str| {
        let mut targets = Target::ALL.into_iter();
        targets.any(|target| target.systems(architecture).any(|system| system.name == *name))
    };
    NODE_SYSTEMS.into_iter().filter(runs)
}
