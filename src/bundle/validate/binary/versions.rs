//! Versions of symbols that the libraries of a system do not have.
//!
//! A dynamic linker refuses a file for one version that is missing, whether its symbols are used or
//! not.

use super::is_carried;
use crate::elf::{BinaryFacts, RequiredVersion};
use crate::finding::{Finding, Severity};
use crate::platform::{NodeSystem, Update};

/// The code of a family of versions, and what its symbols' author can do.
const FAMILIES: [(&str, &str, &str); 4] = [
    ("GLIBC", "binary_glibc_too_new", OLDEST),
    ("GLIBCXX", "binary_libstdcxx_too_new", STATIC),
    ("CXXABI", "binary_libstdcxx_too_new", STATIC),
    ("GCC", "binary_libgcc_too_new", STATIC),
];
const OLDEST: &str = "build it on the oldest of its systems: that runs on the newer ones too";
const STATIC: &str =
    "build it on the oldest of its systems, or link with -static-libstdc++ -static-libgcc";

/// What the linker's option -z pack-relative-relocs asks for, and the glibc that brought it.
const PACKED: (&str, &str) = ("GLIBC_ABI_DT_RELR", "2.36");

pub fn judge(facts: &BinaryFacts, systems: &[&NodeSystem], carried: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (family, code, advice) in FAMILIES {
        let too_new = systems.iter().filter_map(|system| too_new(facts, family, system));
        for (library, severity, message) in too_new {
            let finding = Finding { severity, ..Finding::error(code, message) };
            findings.push(match is_carried(library, carried) {
                false => finding.advise(advice),
                true => Finding { severity: Severity::Warning, ..finding }.advise(format!(
                    "a dependency brings {library}, which helps where it is found before theirs"
                )),
            });
        }
    }
    findings.extend(packed(facts, systems));
    findings.extend(private(facts));
    findings
}

/// What a file wants of a family and a system does not have: the library that should, how bad it is,
/// what to say.
fn too_new<'f>(
    facts: &'f BinaryFacts,
    family: &str,
    system: &NodeSystem,
) -> Option<(&'f str, Severity, String)> {
    let has = system.highest(family)?;
    let highest = facts.highest(family).filter(|highest| highest.is_above(has))?;
    let lacks = |it: &&RequiredVersion| it.family() == family && !it.weak && it.is_above(has);
    let lacking: Vec<&RequiredVersion> = facts.versions.iter().filter(lacks).collect();
    let needs = match lacking.len() - 1 {
        0 => format!("needs {}", named(highest)),
        1 => format!("needs {} and a lower one", named(highest)),
        lower => format!("needs {} and {lower} lower ones", named(highest)),
    };
    let brings = |update: &&Update, version: &RequiredVersion| {
        version.library == update.library && !version.is_above(update.version)
    };
    let updates = system.later.iter().filter(|update| update.family == family);
    let mut updates = updates.filter(|update| lacking.iter().all(|it| brings(update, it)));
    let name = system.name;
    let (severity, message) = match updates.next().map(|update| update.since) {
        Some(since) => {
            (Severity::Warning, format!("{needs}, {name} had {has} before its release {since}"))
        }
        None => (Severity::Error, format!("{needs}, {name} has {has}")),
    };
    Some((&highest.library, severity, message))
}

/// `GLIBC_2.34 (pthread_create, dlopen, dlsym and 2 more)`
fn named(version: &RequiredVersion) -> String {
    let symbols = version.symbols.join(", ");
    let name = &version.version;
    match version.count.saturating_sub(version.symbols.len() as u64) {
        _ if symbols.is_empty() => name.clone(),
        0 => format!("{name} ({symbols})"),
        more => format!("{name} ({symbols} and {more} more)"),
    }
}

fn packed(facts: &BinaryFacts, systems: &[&NodeSystem]) -> Vec<Finding> {
    let (name, since) = PACKED;
    let Some(wanted) = facts.versions.iter().find(|it| it.version == name && !it.weak) else {
        return Vec::new();
    };
    let since_it = RequiredVersion { version: format!("GLIBC_{since}"), ..wanted.clone() };
    let without = systems.iter().filter(|system| since_it.is_above(system.glibc));
    let finding = |system: &&NodeSystem| {
        let message = format!("needs {name} (glibc {since}), {} has {}", system.name, system.glibc);
        Finding::error("binary_glibc_too_new", message)
            .advise("link without -z pack-relative-relocs")
    };
    without.map(finding).collect()
}

/// Symbols that glibc has for itself.
fn private(facts: &BinaryFacts) -> Option<Finding> {
    let wanted = facts.versions.iter().find(|it| it.version == "GLIBC_PRIVATE")?;
    let message =
        format!("needs {}, which differs from one build of glibc to the next", named(wanted));
    Some(Finding::warning("binary_glibc_private", message).advise("do without these functions"))
}
