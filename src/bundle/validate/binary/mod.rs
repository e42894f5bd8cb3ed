//! The module's file, against the systems of the nodes it is for.
//!
//! In: [`BinaryFacts`], and what the bundle says of itself. Out: findings: what keeps a node from
//! loading the module, and what works there and should not be so.

mod build;
mod fitting;
mod libraries;
mod versions;

use serde_json::Value;

use super::{Opened, Rules};
use crate::elf::BinaryFacts;
use crate::finding::Finding;
use crate::platform::{Architecture, NodeSystem};

pub use fitting::fitting;

/// All findings about the module's file; none where it is no library.
pub fn of(opened: &Opened, rules: Rules) -> Vec<Finding> {
    let (Some(binary), Some(facts)) = (&opened.binary, &opened.facts) else { return Vec::new() };
    let systems = systems(opened, rules, facts.architecture);
    let mut findings = loading(binary, facts.architecture, &systems, &opened.carried());
    findings.extend(build::judge(binary));
    findings
}

/// Systems whose nodes would load the module: those it names, of which a target may have some only;
/// all of the target's where it names none.
fn systems(opened: &Opened, rules: Rules, architecture: Architecture) -> Vec<&str> {
    let declared = opened.metadata.get("operating_systems").and_then(Value::as_array);
    let declared: Vec<&str> = declared.into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(target) = rules.target else { return declared };
    let there: Vec<&str> = target.systems(architecture).map(|system| system.name).collect();
    match declared.is_empty() {
        true => there,
        false => declared.into_iter().filter(|system| there.contains(system)).collect(),
    }
}

/// What keeps a module from being loaded on nodes of `systems`; in `carried` the names of files that
/// its dependencies bring. Systems that no node runs, or none of this architecture, are passed over:
/// nobody will load it there.
pub fn loading(
    facts: &BinaryFacts,
    architecture: Architecture,
    systems: &[&str],
    carried: &[&str],
) -> Vec<Finding> {
    let rows = systems.iter().filter_map(|name| NodeSystem::named(name));
    let systems: Vec<_> = rows.filter(|row| row.architectures.contains(&architecture)).collect();
    let mut findings = versions::judge(facts, &systems, carried);
    findings.extend(libraries::judge(facts, &systems, carried));
    findings
}

/// Whether a dependency brings a file of this name.
fn is_carried(library: &str, carried: &[&str]) -> bool {
    carried.iter().any(|path| path.rsplit('/').next() == Some(library))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::{RequiredVersion, RunPath, Strippable};

    fn needs(versions: &[(&str, &str, &[&str])]) -> BinaryFacts {
        let version = |(library, version, symbols): &(&str, &str, &[&str])| RequiredVersion {
            library: (*library).to_owned(),
            version: (*version).to_owned(),
            weak: false,
            count: symbols.len() as u64,
            symbols: symbols.iter().take(3).map(|symbol| (*symbol).to_owned()).collect(),
        };
        BinaryFacts { versions: versions.iter().map(version).collect(), ..BinaryFacts::default() }
    }

    fn wants(libraries: &[&str]) -> BinaryFacts {
        let needed = libraries.iter().map(|library| (*library).to_owned()).collect();
        BinaryFacts { needed, ..BinaryFacts::default() }
    }

    fn found(facts: &BinaryFacts, systems: &[&str]) -> Vec<String> {
        let mut found =
            loading(facts, Architecture::X86_64, systems, &["deps/a.tgz/lib/libmine.so.1"]);
        found.extend(build::judge(facts));
        found.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn versions_of_glibc_are_held_against_each_system() {
        let facts = needs(&[
            ("libc.so.6", "GLIBC_2.2.5", &["puts"]),
            ("libc.so.6", "GLIBC_2.28", &["fcntl64"]),
            ("libc.so.6", "GLIBC_2.32", &["pthread_sigmask"]),
            ("libc.so.6", "GLIBC_2.34", &["a", "b", "c", "d", "e"]),
        ]);
        let names = "GLIBC_2.34 (a, b, c and 2 more)";
        assert_eq!(
            found(&facts, &["rhel7", "rhel8", "rhel9", "ubuntu22", "debian12"]),
            [
                format!(
                    "error binary_glibc_too_new needs {names} and 2 lower ones, rhel7 has 2.17"
                ),
                format!("error binary_glibc_too_new needs {names} and a lower one, rhel8 has 2.28"),
            ]
        );
        assert_eq!(found(&facts, &[]), [""; 0]);
    }

    #[test]
    fn a_version_that_came_with_an_update_is_a_warning() {
        let of = |library| found(&needs(&[(library, "GLIBC_2.35", &["x"])]), &["rhel9"]);
        let code = "binary_glibc_too_new needs GLIBC_2.35 (x), rhel9";
        assert_eq!(of("libc.so.6"), [format!("warning {code} had 2.34 before its release 9.7")]);
        assert_eq!(of("libm.so.6"), [format!("error {code} has 2.34")]);
        let facts = needs(&[("libstdc++.so.6", "GLIBCXX_3.4.30", &[])]);
        assert_eq!(
            found(&facts, &["rhel9", "amzn2023", "ubuntu22"]),
            [
                "error binary_libstdcxx_too_new needs GLIBCXX_3.4.30, rhel9 has 3.4.29",
                "warning binary_libstdcxx_too_new needs GLIBCXX_3.4.30, amzn2023 had 3.4.29 before \
                 its release 2023.7",
            ]
        );
    }

    #[test]
    fn versions_that_may_be_missing_and_words() {
        let mut facts = needs(&[("libc.so.6", "GLIBC_2.34", &["x"])]);
        facts.versions[0].weak = true;
        assert_eq!(found(&facts, &["rhel8"]), [""; 0]);
        let facts = needs(&[
            ("libc.so.6", "GLIBC_ABI_DT_RELR", &[]),
            ("libc.so.6", "GLIBC_PRIVATE", &["__libc_dlopen_mode"]),
            ("libgcc_s.so.1", "GCC_12.0.0", &[]),
            ("libstdc++.so.6", "CXXABI_FLOAT128", &[]),
        ]);
        assert_eq!(
            found(&facts, &["ubuntu22", "ubuntu24"]),
            [
                "error binary_glibc_too_new needs GLIBC_ABI_DT_RELR (glibc 2.36), ubuntu22 has 2.35",
                "warning binary_glibc_private needs GLIBC_PRIVATE (__libc_dlopen_mode), which \
                 differs from one build of glibc to the next",
            ]
        );
        assert_eq!(
            found(&needs(&[("libgcc_s.so.1", "GCC_12.0.0", &[])]), &["rhel9"]),
            ["error binary_libgcc_too_new needs GCC_12.0.0, rhel9 has 11.2"]
        );
    }

    #[test]
    fn libraries_that_a_node_may_not_have() {
        let facts = wants(&["libc.so.6", "libgomp.so.1", "libmine.so.1", "libcrypt.so.1"]);
        assert_eq!(
            found(&facts, &["ubuntu22", "rhel9"]),
            [
                "warning binary_library_missing needs libgomp.so.1, which a node may not have",
                "note binary_library_carried needs libmine.so.1, which a dependency brings",
                "warning binary_library_missing needs libcrypt.so.1, which a node of rhel9 may not \
                 have",
            ]
        );
        let advice = |library, systems: &[&str]| {
            loading(&wants(&[library]), Architecture::X86_64, systems, &[]).remove(0).advice
        };
        let install = |what| Some(format!("link it statically, or install {what} on every node"));
        assert_eq!(advice("libgomp.so.1", &["rhel8"]), install("libgomp (yum)"));
        assert_eq!(advice("libgomp.so.1", &[]), install("libgomp1 (apt), libgomp (yum)"));
        assert_eq!(advice("libffi.so.7", &["ubuntu20"]), install("libffi* (apt)"));
        let advice = advice("libown.so.1", &["rhel8"]);
        assert_eq!(advice.as_deref(), Some("link it statically, or bring it in a dependency"));
    }

    #[test]
    fn libraries_of_another_kind() {
        let facts = wants(&["libssl.so.1.1", "libc.musl-x86_64.so.1", "/home/ann/libown.so"]);
        assert_eq!(
            found(&facts, &["rhel7", "rhel8", "rhel9", "ubuntu20", "ubuntu22"]),
            [
                "warning binary_openssl_generation needs libssl.so.1.1, rhel7 has libssl.so.10, \
                 rhel9 has libssl.so.3 and ubuntu22 has libssl.so.3",
                "error binary_not_glibc needs libc.musl-x86_64.so.1, and the C library of nodes is \
                 glibc",
                "warning binary_library_by_path needs /home/ann/libown.so, by its path on the \
                 machine that built it",
            ]
        );
    }

    #[test]
    fn run_paths() {
        let folders = "$ORIGIN:${ORIGIN}/deps:/usr/lib64:/opt/redislabs/lib:/home/ann/lib:lib::\
                       /tmp/lib:/home/ann/lib:/libexec";
        let folders = folders.split(':').map(str::to_owned).collect();
        let run_path = Some(RunPath { tag: "DT_RPATH", folders });
        let code = "warning binary_run_path its DT_RPATH has";
        let started = "the folder that the server was started in";
        assert_eq!(
            found(&BinaryFacts { run_path, ..BinaryFacts::default() }, &["rhel8"]),
            [
                format!("{code} /home/ann/lib, a folder of the machine that built it"),
                format!("{code} lib, below {started}"),
                format!("{code} an empty folder name, which means {started}"),
                format!("{code} /tmp/lib, where everybody can put a library"),
                format!("{code} /libexec, a folder of the machine that built it"),
            ]
        );
    }

    #[test]
    fn what_should_have_been_built_otherwise() {
        let facts = BinaryFacts {
            executable_stack: true,
            text_relocations: true,
            static_tls: Some(200),
            ..BinaryFacts::default()
        };
        assert_eq!(
            found(&facts, &[]),
            [
                "warning binary_executable_stack makes the stack of the whole server executable",
                "warning binary_text_relocations its code is changed while it is loaded (text \
                 relocations), which SELinux refuses",
                "note binary_static_tls needs 200 bytes for static thread-local variables, of \
                 which a server has few",
            ]
        );
    }

    #[test]
    fn what_stripping_saves() {
        let of = |size, debug, symbols| {
            let strippable = Strippable { debug, symbols };
            found(&BinaryFacts { size, strippable, ..BinaryFacts::default() }, &[])
        };
        let (note, warning) = ("note binary_not_stripped ", "warning binary_not_stripped ");
        assert_eq!(of(8_000, 0, 4_000), [""; 0]);
        assert_eq!(
            of(8_000, 3_000, 1_000),
            [format!("{note}stripping would save 4000 bytes of 8000 bytes (50 %): debug sections")]
        );
        let small = format!(
            "{note}stripping would save 2.0 MB of 20.0 MB (10 %): the table of all symbols"
        );
        assert_eq!(of(20_000_000, 0, 2_000_000), [small]);
        let large =
            format!("{warning}stripping would save 15.0 MB of 20.0 MB (75 %): debug sections");
        assert_eq!(of(20_000_000, 13_000_000, 2_000_000), [large]);
    }

    #[test]
    fn systems_that_have_all_that_is_needed() {
        let of = |facts: &BinaryFacts| fitting(facts, Architecture::X86_64).unwrap();
        let all = ["rhel8", "rhel9", "ubuntu20", "ubuntu22", "amzn2", "amzn2023"];
        assert_eq!(of(&needs(&[("libc.so.6", "GLIBC_2.17", &[])])), all);
        assert_eq!(
            of(&needs(&[("libc.so.6", "GLIBC_2.34", &[])])),
            ["rhel9", "ubuntu22", "amzn2023"]
        );
        // Only an update of RHEL 9 has it.
        assert_eq!(of(&needs(&[("libc.so.6", "GLIBC_2.35", &[])])), ["ubuntu22"]);
        let facts = needs(&[("libc.so.6", "GLIBC_2.39", &[])]);
        assert_eq!(
            fitting(&facts, Architecture::X86_64).unwrap_err().message,
            "needs GLIBC_2.39, amzn2023 has 2.34"
        );
        // What every system may lack tells nothing.
        assert_eq!(of(&wants(&["libgomp.so.1"])), all);
        assert_eq!(of(&wants(&["libssl.so.3"])), ["rhel9", "ubuntu22", "amzn2023"]);
        let facts = BinaryFacts::default();
        assert_eq!(
            fitting(&facts, Architecture::Aarch64).unwrap(),
            ["rhel9", "ubuntu22", "amzn2023"]
        );
    }

    #[test]
    fn systems_without_such_nodes_are_passed_over() {
        let facts = needs(&[("libc.so.6", "GLIBC_2.35", &[])]);
        let found = loading(&facts, Architecture::Aarch64, &["rhel8", "rhel10", "ubuntu22"], &[]);
        assert_eq!(found, []);
        let found = loading(&facts, Architecture::Aarch64, &["rhel8", "amzn2023"], &[]);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
