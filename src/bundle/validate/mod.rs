//! Judging a bundle: every finding, not the first.
//!
//! In: a bundle that was [`Opened`], and what it is for. Out: findings, the worst first. A file for
//! each subject; what differs between places stands in [`Target`]. The codes are the reference
//! packer's where it has one. What its unpacker and Redis' documentation refuse is an error; what
//! some target refuses is an error for that target, and a warning for nobody in particular.

pub(super) mod binary;
mod capabilities;
mod checksums;
mod commands;
mod dependencies;
mod fields;
mod systems;
mod target;
mod values;
mod versions;

use serde_json::{Map, Value};

use super::Opened;
use crate::finding::{Finding, Severity};
use crate::platform::Architecture;
use crate::wording::listed;

pub use binary::fitting;
pub use dependencies::Embedded;
pub use systems::unheard_of;
pub use target::Target;

/// What `module.json` says.
type Said = Map<String, Value>;

/// More findings than anybody reads.
const MOST: usize = 1000;

/// What a bundle is held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// What all readers of bundles together ask, instead of what each of them asks.
    pub strict: bool,
    /// Where it shall run; without it what holds everywhere is judged.
    pub target: Option<Target>,
}

/// All that is wrong or worth knowing, errors first; the same order each time.
pub fn validate(opened: &Opened, rules: Rules) -> Vec<Finding> {
    let mut findings = opened.findings.clone();
    if opened.is_understood {
        let (said, facts) = (&opened.metadata, opened.facts.as_ref());
        findings.extend(words(said, facts.map(|facts| facts.architecture), rules));
        findings.extend(checksums::judge(opened));
        findings.extend(dependencies::judge(said, &dependencies::embedded(opened), rules));
    }
    findings.extend(binary::of(opened, rules));
    findings.extend(checksums::sizes(opened));
    findings.sort_by_key(|finding| finding.severity);
    shorten(findings)
}

/// The errors that will be found in a bundle of a module for `architecture` that says this, and in
/// which these files lie as dependencies.
pub fn errors(said: &Said, architecture: Architecture, embedded: &Embedded) -> Vec<Finding> {
    let rules = Rules::default();
    let mut findings = words(said, Some(architecture), rules);
    findings.extend(dependencies::judge(said, embedded, rules));
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

/// What is found in `module.json` without a look at the files beside it; the module is for
/// `architecture`, where that is known.
fn words(said: &Said, architecture: Option<Architecture>, rules: Rules) -> Vec<Finding> {
    let mut findings = fields::judge(said, rules);
    findings.extend(versions::judge(said, rules));
    findings.extend(systems::judge(said, architecture, rules));
    findings.extend(capabilities::judge(said));
    findings.extend(commands::judge(said));
    findings
}

/// The first of many: the worst.
fn shorten(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() > MOST {
        let severity = findings[MOST].severity;
        let message = format!("{} further findings are not listed", findings.len() - MOST);
        findings.truncate(MOST);
        findings.push(Finding { severity, ..Finding::note("too_many_findings", message) });
    }
    findings
}

impl Rules {
    /// What some readers refuse: `message` says what it is, `by` who. `None` where it is fine for
    /// the target.
    fn demand(self, code: &'static str, message: &str, by: &[Target]) -> Option<Finding> {
        let message = format!("{message}; refused by {}", self.meant(by));
        match self.target {
            _ if self.strict => Some(Finding::error(code, message)),
            Some(target) => by.contains(&target).then(|| Finding::error(code, message)),
            None => Some(Finding::warning(code, message)),
        }
    }

    /// What makes a bundle one for other places than `not_for`: an error where it shall run there, a
    /// warning where it runs nowhere, else good to know.
    fn audience(self, code: &'static str, message: &str, not_for: &[Target]) -> Option<Finding> {
        let message = format!("{message}; not for {}", self.meant(not_for));
        match self.target {
            _ if not_for.is_empty() => None,
            Some(target) => not_for.contains(&target).then(|| Finding::error(code, message)),
            None if not_for == Target::ALL => Some(Finding::warning(code, message)),
            None => Some(Finding::note(code, message)),
        }
    }

    /// Those of the targets that matter: the one that was asked for, where it is among them.
    fn meant(self, targets: &[Target]) -> String {
        let own: Vec<Target> =
            targets.iter().copied().filter(|target| self.target == Some(*target)).collect();
        let names = if own.is_empty() { targets } else { &own };
        listed(&names.iter().map(|target| target.name()).collect::<Vec<_>>(), "and")
    }

    /// What some reader refuses that is none of the targets.
    fn strictly(self, warning: Finding) -> Finding {
        let severity = if self.strict { Severity::Error } else { warning.severity };
        Finding { severity, ..warning }
    }
}
