//! Where the module can run: operating systems and architecture.

use super::values::{items, quoted, shown};
use super::{Rules, Said, Target};
use crate::finding::Finding;
use crate::platform::{Architecture, NODE_SYSTEMS, NodeSystem, Platform, is_letter};
use crate::wording::listed;

/// All findings about operating systems and the architecture; the module was built for `actual`, where
/// that is known.
pub fn judge(said: &Said, actual: Option<Architecture>, rules: Rules) -> Vec<Finding> {
    let mut findings: Vec<Finding> = architecture(said, actual).into_iter().collect();
    match systems(said) {
        Err(finding) => findings.push(finding),
        Ok(systems) => {
            findings.extend(unheard_of(&systems));
            let known: Vec<&str> =
                systems.into_iter().filter(|system| NODE_SYSTEMS.contains(system)).collect();
            findings.extend(elsewhere(&known, named(said).unwrap_or(Architecture::X86_64), rules));
        }
    }
    findings
}

/// All findings about those of the names, of which there are some, that are none of a node's system.
pub fn unheard_of(systems: &[&str]) -> Vec<Finding> {
    let (formed, others): (Vec<&str>, Vec<&str>) =
        systems.iter().partition(|system| is_name_and_major(system));
    let unknown: Vec<&str> =
        formed.into_iter().filter(|system| !NODE_SYSTEMS.contains(system)).collect();
    let mut findings: Vec<Finding> = others.into_iter().map(malformed).collect();
    findings.extend(strangers(&unknown, unknown.len() == systems.len()));
    findings
}

/// The architecture, where it has one of the two names that readers know.
fn named(said: &Said) -> Option<Architecture> {
    let name = said.get("architecture")?.as_str()?;
    [Architecture::X86_64, Architecture::Aarch64].into_iter().find(|it| it.to_string() == name)
}

fn architecture(said: &Said, actual: Option<Architecture>) -> Option<Finding> {
    let value = said.get("architecture")?;
    let Some(said) = named(said) else {
        let message = format!("architecture is {}, and must be x86_64 or aarch64", shown(value));
        let finding = Finding::error("module_architecture_not_supported", message);
        let meant = value.as_str().and_then(|text| text.parse::<Architecture>().ok());
        return Some(match meant {
            Some(meant) => finding.advise(format!("write {meant}")),
            None => finding,
        });
    };
    let actual = actual?;
    let message = format!("architecture is {said}, and the module was built for {actual}");
    (said != actual).then(|| Finding::error("architecture_contradicts", message))
}

/// The names of the list, each with letters and digits as the reference packer's unpacker wants them.
fn systems(said: &Said) -> Result<Vec<&str>, Finding> {
    let advice = "name the systems of the nodes, as rhel8: a node takes no other bundle";
    let none = |is: &str| {
        let message = format!("operating_systems is {is}");
        Finding::warning("operating_systems_missing", message).advise(advice)
    };
    let value = said.get("operating_systems").ok_or_else(|| none("missing"))?;
    let is_readable =
        |text: &&str| text.contains(is_letter) && text.contains(|c: char| c.is_ascii_digit());
    let invalid = |is| {
        let message = format!("operating_systems {is}, and must be a list of names as rhel8");
        Finding::error("module_os_list_invalid", message)
    };
    let systems = items(value, |item| item.as_str().filter(is_readable)).map_err(invalid)?;
    if systems.is_empty() { Err(none("empty")) } else { Ok(systems) }
}

fn is_name_and_major(system: &str) -> bool {
    let major = system.trim_start_matches(is_letter);
    major.len() < system.len() && !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit())
}

fn malformed(system: &str) -> Finding {
    let message = format!(
        "operating_systems has {}, and must have a name and a major version, as rhel8",
        quoted(system)
    );
    let finding = Finding::warning("operating_system_form", message);
    match meant(system) {
        Some(known) => finding.advise(format!("write {known}")),
        None => finding,
    }
}

/// The system of nodes that `system` is another name of: `Ubuntu-22.04` of `ubuntu22`.
fn meant(system: &str) -> Option<&'static str> {
    let platform: Platform = system.parse().ok()?;
    NodeSystem::named(&platform.system).map(|node| node.name)
}

/// Systems that no node runs; where there are no others, no node takes the bundle.
fn strangers(unknown: &[&str], nothing_else: bool) -> Vec<Finding> {
    let message = |names: &str| format!("no Redis Enterprise node runs {names}");
    if nothing_else {
        let names: Vec<String> = unknown.iter().map(|system| quoted(system)).collect();
        let finding = Finding::error("operating_system_unknown", message(&listed(&names, "or")));
        let meant: Vec<&str> = unknown.iter().filter_map(|system| meant(system)).collect();
        return vec![finding.advise(match meant.is_empty() {
            true => "name the systems of the nodes, as rhel8".to_owned(),
            false => format!("write {}", listed(&meant, "and")),
        })];
    }
    let warning = |system: &&str| {
        let finding = Finding::warning("operating_system_unknown", message(&quoted(system)));
        match meant(system) {
            Some(meant) => finding.advise(format!("write {meant}")),
            None => finding,
        }
    };
    unknown.iter().map(warning).collect()
}

/// Targets of which no node runs any of `systems` on that architecture.
fn elsewhere(systems: &[&str], architecture: Architecture, rules: Rules) -> Option<Finding> {
    let runs_none = |target: &Target| {
        !target.systems(architecture).any(|system| systems.contains(&system.name))
    };
    let without: Vec<Target> = Target::ALL.into_iter().filter(runs_none).collect();
    let message = format!("nodes must run {} on {architecture}", listed(systems, "or"));
    let known = !systems.is_empty();
    known.then(|| rules.audience("operating_system_elsewhere", &message, &without)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_major_version() {
        for (system, expected) in [
            ("rhel8", true),
            ("amzn2023", true),
            ("my_os1", true),
            ("ubuntu22.04", false),
            ("rhel-8", false),
            ("8", false),
            ("rhel", false),
            ("8rhel", false),
        ] {
            assert_eq!(is_name_and_major(system), expected, "{system}");
        }
    }
}
