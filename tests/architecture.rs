//! The rules of the house that a machine can see.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_module_uses_only_what_stands_above_it),
        test!(only_cli_and_report_print),
        test!(only_the_host_is_unsafe),
        test!(files_have_one_subject),
    ]
}

/// Every source file with its path below `src` and its text.
pub fn sources() -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_none_or(|it| it != "rs") => {} // Data.
                false => {
                    let text = fs::read_to_string(&path).unwrap();
                    files.push((path.strip_prefix(&src).unwrap().to_owned(), text));
                }
            }
        }
    }
    files
}

fn a_module_uses_only_what_stands_above_it() {
    let lib = include_str!("../src/lib.rs");
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let place: BTreeMap<&str, usize> = modules.enumerate().map(|(n, name)| (name, n)).collect();
    let mut seen = 0;
    for (path, text) in sources() {
        let top = path.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = place.get(top) else { continue };
        for used in text.split("crate::").skip(1) {
            let name: &str = used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
            let Some(other) = place.get(name) else { continue };
            assert!(other <= own, "{} uses {name}, which stands below it", path.display());
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} uses were found");
}

fn only_cli_and_report_print() {
    for (path, text) in sources() {
        let may = path.starts_with("cli") || path == Path::new("report.rs");
        let prints = ["println!", "print!(", "dbg!", "stdout()", "stderr()"];
        let own_protocol = path == Path::new("process/supervisor.rs");
        let found = prints.iter().find(|word| text.contains(**word));
        assert!(may || own_protocol || found.is_none(), "{}: {found:?}", path.display());
    }
}

/// The compiler denies it where nothing allows it; the host alone may, and gives a reason each time.
fn only_the_host_is_unsafe() {
    let mut seen = 0;
    for (path, text) in sources() {
        let code = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
        let found = code.filter(|line| line.contains("unsafe")).count();
        let is_host = path.starts_with("discovery/host");
        assert!(found == 0 || is_host, "{} has {found} lines with unsafe", path.display());
        seen += found;
    }
    assert!(seen > 20, "only {seen} lines with unsafe were found");
}

/// A file that grows past 300 lines has become two.
fn files_have_one_subject() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 300, "{} has {lines} lines", path.display());
        assert!(text.starts_with("//! "), "{} does not say what it is", path.display());
    }
}
