//! Judging a bundle: every finding, not the first.
//!
//! In: a bundle that was [`Opened`], and what it is for. Out: findings, the worst first. A file for
//! each subject; what differs between places stands in [`Target`]. The codes are the reference
//! packer's where it has one. What its unpacker and Redis' documentation refuse is an error; what
//! some target refuses is an error for that target, and a warning for nobody in particular.

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

pub use target::Target;

/// What `module.json` says.
type Said = Map<String, Value>;

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
    if was_understood(opened) {
        let said = &opened.metadata;
        findings.extend(fields::judge(said, rules));
        findings.extend(versions::judge(said, rules));
        findings.extend(systems::judge(opened, rules));
        findings.extend(capabilities::judge(said));
        findings.extend(commands::judge(said));
        findings.extend(checksums::judge(opened));
        findings.extend(dependencies::judge(opened, rules));
    }
    findings.extend(checksums::sizes(opened));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Whether `module.json` is a mapping; an empty one is.
fn was_understood(opened: &Opened) -> bool {
    let parsed = serde_json::from_slice::<Map<String, Value>>;
    !opened.metadata.is_empty() || parsed(&opened.metadata_bytes).is_ok()
}

impl Rules {
    /// What some readers refuse: `message` says what it is, `by` who. `None` where it is fine for
    /// the target.
    fn demand(self, code: &'static str, message: &str, by: &[Target]) -> Option<Finding> {
        let message = format!("{message}; refused by {}", target::names(by));
        match self.target {
            _ if self.strict => Some(Finding::error(code, message)),
            Some(target) if by.contains(&target) => Some(Finding::error(code, message)),
            Some(_) => None,
            None => Some(Finding::warning(code, message)),
        }
    }

    /// What makes a bundle one for other places than `not_for`: an error where it shall run there, a
    /// warning where it runs nowhere, else good to know.
    fn audience(self, code: &'static str, message: &str, not_for: &[Target]) -> Option<Finding> {
        let message = format!("{message}; not for {}", target::names(not_for));
        match self.target {
            _ if not_for.is_empty() => None,
            Some(target) if not_for.contains(&target) => Some(Finding::error(code, message)),
            Some(_) => None,
            None if not_for == Target::ALL => Some(Finding::warning(code, message)),
            None => Some(Finding::note(code, message)),
        }
    }

    /// What some reader refuses that is none of the targets.
    fn strictly(self, warning: Finding) -> Finding {
        let severity = if self.strict { Severity::Error } else { warning.severity };
        Finding { severity, ..warning }
    }
}

/// `a, b and c`
fn listed(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
