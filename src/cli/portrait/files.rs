//! Files on a screen: the module's, those of dependencies, all that a bundle holds.

use std::collections::BTreeMap;

use super::{brief, labelled, list, row, words};
use crate::archive::tgz::Contents;
use crate::bundle::inspect::{Dependency, Entry, Findings, Kind, Portrait};
use crate::cli::text::{Align, table};
use crate::elf::{BinaryFacts, Strippable};
use crate::wording::{plural, short, size, tame, typed};

/// What the module's file needs, and what can be told of how it was built.
pub fn binary(facts: &BinaryFacts) -> Vec<String> {
    let run_path = facts.run_path.as_ref().map_or(&[][..], |path| &path.folders);
    [
        list("libraries", &facts.needed, " "),
        list("versions", &highest(facts), " "),
        list("run path", run_path, " "),
        list("unusual", &unusual(facts), ", "),
        list("strippable", &removed(facts.strippable), ", "),
        list("built by", &facts.compilers, ", "),
    ]
    .concat()
}

/// The highest version of each family: `GLIBC_2.28`.
fn highest(facts: &BinaryFacts) -> Vec<&str> {
    let highest = |family| facts.highest(family).map(|it| it.version.as_str());
    let families = facts.versions.iter().map(|it| it.family());
    let highest: BTreeMap<&str, &str> =
        families.filter_map(|family| Some((family, highest(family)?))).collect();
    highest.into_values().collect()
}

fn unusual(facts: &BinaryFacts) -> Vec<&'static str> {
    let unusual = [
        (facts.executable_stack, "makes the stack executable"),
        (facts.text_relocations, "changes its code when it is loaded"),
    ];
    unusual.into_iter().filter(|(is_so, _)| *is_so).map(|(_, what)| what).collect()
}

/// What stripping saves.
fn removed(Strippable { debug, symbols }: Strippable) -> Vec<String> {
    let removed = [(debug, "debug sections"), (symbols, "symbols")];
    let removed = removed.into_iter().filter(|(bytes, _)| *bytes > 0);
    removed.map(|(bytes, what)| format!("{} of {what}", size(bytes))).collect()
}

/// Where a dependency is, and whether it is what it must be.
pub fn dependency(dependency: &Dependency) -> Vec<String> {
    let Dependency { said, optional, entry, verified, contents } = dependency;
    let optional = if *optional { " (optional)" } else { "" };
    let declared = said.text("sha256").map(brief_digest);
    let what = match entry {
        None => {
            let url = said.text("url").unwrap_or("no url");
            format!("not embedded, {url}, sha256 {}", declared.as_deref().unwrap_or("unknown"))
        }
        Some(Entry { path, size: bytes, sha256, .. }) => {
            let found = sha256.map(|digest| brief_digest(&digest.to_string()));
            let verdict = match (verified, declared) {
                (Some(true), _) => "as it must be".to_owned(),
                (_, Some(declared)) => format!("must be {declared}"),
                (_, None) => "of which module.json says nothing".to_owned(),
            };
            let found = found.as_deref().unwrap_or("unreadable");
            let holds = contents.as_ref().map(holds).unwrap_or_default();
            format!("{path}, {}{holds}, sha256 {found}, {verdict}", size(*bytes))
        }
    };
    words(&format!("{}{optional}: {what}", said.name))
}

/// What an archive unpacks to.
fn holds(contents: &Contents) -> String {
    let files = plural(usize::try_from(contents.files).unwrap_or(usize::MAX), "file", "files");
    format!(" ({files}, {} unpacked)", size(contents.size))
}

/// What the bundle holds, and its size and digests.
pub fn files(portrait: &Portrait) -> Vec<String> {
    let module = portrait.module.as_ref();
    let of_file = format!("{} of the file", portrait.sha256);
    let of_module = module.and_then(|module| Some(format!("{} of the module", module.sha256?)));
    let (rows, digests) = match portrait.kind {
        Kind::Bundle => (all(portrait), [Some(of_file), of_module]),
        Kind::Module => (module.map(alone).into_iter().collect(), [Some(of_file), None]),
    };
    [
        labelled("files", table([Align::Left, Align::Right, Align::Right, Align::Right], &rows)),
        labelled("sha256", digests.into_iter().flatten().collect()),
    ]
    .concat()
}

fn all(portrait: &Portrait) -> Vec<[String; 4]> {
    let all = Entry {
        path: "in all".to_owned(),
        size: portrait.entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.size)),
        compressed: portrait.size,
        sha256: None,
    };
    portrait.entries.iter().chain([&all]).map(packed).collect()
}

fn alone(module: &Entry) -> [String; 4] {
    [brief(&module.path), size(module.size), String::new(), String::new()]
}

/// Path, size, size in the bundle, and how these compare.
fn packed(entry: &Entry) -> [String; 4] {
    let Entry { path, size: bytes, compressed, .. } = entry;
    let ratio = match bytes {
        0 => String::new(),
        _ => format!("{:.0} %", 100.0 * *compressed as f64 / *bytes as f64),
    };
    [brief(path), size(*bytes), size(*compressed), ratio]
}

/// As much of a digest as tells it from others.
fn brief_digest(digest: &str) -> String {
    short(&tame(digest), 13)
}

/// How many findings there are, and who tells them.
pub fn findings(portrait: &Portrait, path: &str) -> Vec<String> {
    let Some(Findings { errors, warnings, notes }) = portrait.findings else { return Vec::new() };
    let counts =
        [(errors, "error", "errors"), (warnings, "warning", "warnings"), (notes, "note", "notes")];
    let there = counts.into_iter().filter(|(count, ..)| *count > 0);
    let counts: Vec<String> = there.map(|(count, one, many)| plural(count, one, many)).collect();
    let said = match counts.as_slice() {
        [] => "none".to_owned(),
        counts => format!("{}; rampkit validate {}", counts.join(", "), typed(path)),
    };
    row("findings", &said)
}
