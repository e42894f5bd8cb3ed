//! Words that several errors of discovery have in common.

/// What works for every module.
pub(super) const FROM_FILE: &str = "rampkit pack --commands FILE packs it without loading it";
/// What many modules want.
pub(super) const ARGUMENTS: &str =
    "if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS";
/// The dynamic linker's words behind the name of a library.
pub(super) const NO_LIBRARY: &str = ": cannot open shared object file";
/// Its words behind a version that a library of this machine has not: "version `GLIBC_2.38' not found"
pub(super) const TOO_OLD: &str = "' not found (required by ";
/// What to do about that.
pub(super) const PLACE: &str =
    "it was built beside newer libraries than are here: load it where it was built";

/// What to do about a missing library.
pub(super) fn install(library: &str) -> String {
    format!(
        "install the package that has {library}, or put the absolute path of its folder on \
         LD_LIBRARY_PATH"
    )
}

/// What another program wrote, each line on a line of its own and marked as foreign.
pub(super) fn lines(log: &[String]) -> String {
    log.iter().map(|line| format!("\n  | {line}")).collect()
}

/// Further lines of a message.
pub(super) fn indented(table: &[String]) -> String {
    table.iter().map(|line| format!("\n  {line}")).collect()
}
