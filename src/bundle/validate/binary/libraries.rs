//! Libraries that a node may not have.

use super::is_carried;
use crate::elf::BinaryFacts;
use crate::finding::Finding;
use crate::platform::{NodeSystem, Package, Packages, is_everywhere};
use crate::wording::listed;

pub fn judge(facts: &BinaryFacts, systems: &[&NodeSystem], carried: &[&str]) -> Vec<Finding> {
    facts.needed.iter().filter_map(|library| one(library, systems, carried)).collect()
}

fn one(library: &str, systems: &[&NodeSystem], carried: &[&str]) -> Option<Finding> {
    if library.contains('/') {
        let message = format!("needs {library}, by its path on the machine that built it");
        let finding = Finding::warning("binary_library_by_path", message);
        return Some(finding.advise("give that library a name of its own: -Wl,-soname,NAME"));
    }
    if is_other_libc(library) {
        let message = format!("needs {library}, and the C library of nodes is glibc");
        let finding = Finding::error("binary_not_glibc", message);
        return Some(finding.advise("build it on a system with glibc, not on Alpine"));
    }
    let without: Vec<_> = systems.iter().copied().filter(|it| !has(it, library)).collect();
    if is_everywhere(library) || (without.is_empty() && !systems.is_empty()) {
        return None;
    }
    if is_carried(library, carried) {
        let message = format!("needs {library}, which a dependency brings");
        let advice = "its run path must lead there, or its arguments: nodes do not search there";
        return Some(Finding::note("binary_library_carried", message).advise(advice));
    }
    Some(openssl(library, &without).unwrap_or_else(|| missing(library, &without, systems)))
}

/// musl's, by the names that Alpine and musl itself give it.
fn is_other_libc(library: &str) -> bool {
    library == "libc.so" || library.starts_with("libc.musl-") || library.starts_with("ld-musl-")
}

/// Whether every node of a system has a library that not all systems have.
fn has(system: &NodeSystem, library: &str) -> bool {
    let of_openssl = openssl_suffix(library).is_some_and(|suffix| suffix == system.openssl);
    of_openssl || system.libraries.contains(&library)
}

fn openssl_suffix(library: &str) -> Option<&str> {
    library.strip_prefix("libssl.so.").or_else(|| library.strip_prefix("libcrypto.so."))
}

/// OpenSSL is there, and of another generation.
fn openssl(library: &str, without: &[&NodeSystem]) -> Option<Finding> {
    let name = library.strip_suffix(openssl_suffix(library)?)?;
    let others =
        without.iter().map(|system| format!("{} has {name}{}", system.name, system.openssl));
    let others: Vec<String> = others.collect();
    if others.is_empty() {
        return None;
    }
    let message = format!("needs {library}, {}", listed(&others, "and"));
    let finding = Finding::warning("binary_openssl_generation", message);
    Some(finding.advise("link OpenSSL statically, or make a bundle for each generation of it"))
}

fn missing(library: &str, without: &[&NodeSystem], systems: &[&NodeSystem]) -> Finding {
    let names: Vec<&str> = without.iter().map(|system| system.name).collect();
    let message = match without.len() == systems.len() {
        true => format!("needs {library}, which a node may not have"),
        false => format!("needs {library}, which a node of {} may not have", listed(&names, "or")),
    };
    let is_meant = |packages| names.is_empty() || without.iter().any(|it| it.packages == packages);
    let package = Package::of(library);
    let install = |(packages, program): (Packages, &str)| {
        let name = package.as_ref()?.name(packages).filter(|_| is_meant(packages))?;
        Some(format!("{name} ({program})"))
    };
    let programs = [(Packages::Apt, "apt"), (Packages::Yum, "yum")];
    let packages: Vec<String> = programs.into_iter().filter_map(install).collect();
    let advice = match packages.is_empty() {
        true => "link it statically, or bring it in a dependency".to_owned(),
        false => format!("link it statically, or install {} on every node", packages.join(", ")),
    };
    Finding::warning("binary_library_missing", message).advise(advice)
}
