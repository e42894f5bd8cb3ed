//! Judging a bundle: every finding, not the first.
//!
//! In: a bundle that was [`Opened`], and what it is for. Out: findings, the worst first.

mod target;

use super::Opened;
use crate::finding::Finding;

pub use target::Target;

/// What a bundle is held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// What all readers of bundles together ask, instead of what each of them asks.
    pub strict: bool,
    /// Where it shall run; without it only what holds everywhere is judged.
    pub target: Option<Target>,
}

/// All that is wrong or worth knowing, errors first; the same order each time.
pub fn validate(opened: &Opened, rules: Rules) -> Vec<Finding> {
    let _ = rules;
    let mut findings = opened.findings.clone();
    findings.sort_by_key(|finding| finding.severity);
    findings
}
