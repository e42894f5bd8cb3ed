//! What is known of directives: their names, and how many values they take.
//!
//! Source: `config.c` of Redis 4.0 to 7.4 and Valkey 8.0, and `CONFIG GET *` of Redis 8.2 and Valkey
//! 9.1. A directive that is not known is a module's, or of another version.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Fault;

/// Every known directive on a line of its own, behind it the older names that it goes by as well.
const KNOWN: &str = include_str!("directives.txt");

/// What adds up where it stands several times; of all others the last one wins.
pub(super) const REPEATED: [&str; 7] = [
    "client-output-buffer-limit",
    "include",
    "loadmodule",
    "rename-command",
    "save",
    "sentinel",
    "user",
];

/// What takes several values on one line, beside what adds up.
const SEVERAL: [&str; 7] = [
    "bind",
    "latency-tracking-info-percentiles",
    "oom-score-adj-values",
    "rdma-bind",
    "replicaof",
    "shutdown-on-sigint",
    "shutdown-on-sigterm",
];

/// Each known name with the newest name of the same directive.
static NEWEST: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let names = |line: &'static str| {
        let newest = line.split(' ').next().unwrap_or(line);
        line.split(' ').map(move |name| (name, newest))
    };
    KNOWN.lines().flat_map(names).collect()
});

/// Every known name, sorted.
pub fn known() -> impl Iterator<Item = &'static str> {
    NEWEST.keys().copied()
}

/// The name by which a directive is told from others, however it is written.
pub(super) fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    NEWEST.get(name.as_str()).map_or(name.clone(), |newest| (*newest).to_owned())
}

/// How many words may stand behind a directive.
///
/// # Errors
/// [`Fault::Words`], where a server would not start.
pub(super) fn check_count(typed: &str, found: usize) -> Result<(), Fault> {
    let name = canonical(typed);
    let expected = match name.as_str() {
        "include" => 1,
        "rename-command" => 2,
        it if REPEATED.contains(&it) || SEVERAL.contains(&it) => found.max(1),
        it if NEWEST.contains_key(it) => 1,
        _ => found.max(1),
    };
    let directive = typed.to_owned();
    if found == expected { Ok(()) } else { Err(Fault::Words { directive, expected, found }) }
}
