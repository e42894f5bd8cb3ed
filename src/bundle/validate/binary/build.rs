//! What works on a node, and should have been built otherwise.

use crate::elf::BinaryFacts;
use crate::finding::{Finding, Severity};
use crate::wording::size;

/// What is to be stripped is no more than a note up to this many bytes, …
const SMALL: u64 = 1 << 20;
/// … or this part of the file, in hundredths.
const PART: u64 = 20;
/// A running program has about so many bytes for thread-local variables of its libraries: glibc's
/// `rtld.optional_static_tls`.
const STATIC_TLS: u64 = 512;

pub fn judge(facts: &BinaryFacts) -> Vec<Finding> {
    let mut findings = run_path(facts);
    findings.extend([stack(facts), text(facts), tls(facts), debug(facts)].into_iter().flatten());
    findings
}

fn run_path(facts: &BinaryFacts) -> Vec<Finding> {
    let Some(path) = &facts.run_path else { return Vec::new() };
    let mut folders: Vec<&str> = Vec::new();
    for folder in &path.folders {
        if !folders.contains(&folder.as_str()) {
            folders.push(folder);
        }
    }
    let wrong = folders.into_iter().filter_map(|folder| Some((folder, wrong(folder)?)));
    let finding = |(folder, why): (&str, &str)| {
        let named = if folder.is_empty() { "an empty folder name" } else { folder };
        let message = format!("its {} has {named}, {why}", path.tag);
        Finding::warning("binary_run_path", message)
            .advise("link without -rpath, or with $ORIGIN for what lies beside the module")
    };
    wrong.map(finding).collect()
}

/// Why a folder should not be searched for libraries.
fn wrong(folder: &str) -> Option<&'static str> {
    let of_system = ["/lib", "/usr/lib", "/usr/local/lib", "/opt/redislabs"];
    let of_all = ["/tmp", "/var/tmp", "/dev/shm"];
    let lies_in = |roots: &[&str]| roots.iter().any(|root| is_below(folder, root));
    match folder {
        "" => Some("which means the folder that the server was started in"),
        _ if folder.starts_with("$ORIGIN") || folder.starts_with("${ORIGIN}") => None,
        _ if !folder.starts_with('/') => Some("below the folder that the server was started in"),
        _ if lies_in(&of_all) => Some("where everybody can put a library"),
        _ if lies_in(&of_system)
            || is_below(folder, "/lib64")
            || is_below(folder, "/usr/lib64") =>
        {
            None
        }
        _ => Some("a folder of the machine that built it"),
    }
}

fn is_below(folder: &str, root: &str) -> bool {
    folder.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn stack(facts: &BinaryFacts) -> Option<Finding> {
    let message = "makes the stack of the whole server executable";
    facts.executable_stack.then(|| {
        Finding::warning("binary_executable_stack", message).advise("link with -Wl,-z,noexecstack")
    })
}

fn text(facts: &BinaryFacts) -> Option<Finding> {
    let message =
        "its code is changed while it is loaded (text relocations), which SELinux refuses";
    facts.text_relocations.then(|| {
        Finding::warning("binary_text_relocations", message).advise("compile all of it with -fPIC")
    })
}

fn tls(facts: &BinaryFacts) -> Option<Finding> {
    let bytes = facts.static_tls?;
    let severity = if bytes > STATIC_TLS { Severity::Warning } else { Severity::Note };
    let message =
        format!("needs {bytes} bytes for static thread-local variables, of which a server has few");
    let finding = Finding { severity, ..Finding::note("binary_static_tls", message) };
    Some(finding.advise("compile all of it with -fPIC and without -ftls-model=initial-exec"))
}

fn debug(facts: &BinaryFacts) -> Option<Finding> {
    let (total, debug) = (facts.strippable.total(), facts.strippable.debug);
    let part = 100 * total / facts.size.max(1);
    let severity = match total > SMALL && part > PART {
        true => Severity::Warning,
        false if debug > 0 || total > SMALL => Severity::Note,
        false => return None,
    };
    let what = if debug > 0 { "debug sections" } else { "the table of all symbols" };
    let message =
        format!("stripping would save {} of {} ({part} %): {what}", size(total), size(facts.size));
    let finding = Finding { severity, ..Finding::note("binary_not_stripped", message) };
    Some(finding.advise("strip --strip-unneeded, having kept a copy for debuggers"))
}
