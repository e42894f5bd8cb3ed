//! A file that is looked into: a bundle, or a module that is not packed yet.

use std::path::Path;

use super::Talk;
use super::discovery::{LoadingOptions, say_loaded};
use crate::bundle::Opened;
use crate::bundle::inspect::Portrait;
use crate::discovery::{self, Discovery, Subject};
use crate::elf::ElfFacts;
use crate::error::{BundleError, Error, ModuleFault};

/// Reads the file at `path`: what it holds tells what it is. A module is loaded, with `arguments`,
/// unless its name says that it is none: looking into a bundle runs nothing.
///
/// # Errors
/// Those of reading it, and of loading it; [`BundleError::NotABundle`],
/// [`BundleError::NamedAsBundle`].
pub fn portrait(
    path: &Path,
    arguments: &[String],
    loading: &LoadingOptions,
    talk: &Talk,
) -> Result<Portrait, Error> {
    let facts = match ElfFacts::read(path) {
        Err(Error::Bundle(BundleError::NotAModule {
            fault: ModuleFault::NotElf(kind), ..
        })) => {
            return bundle(path, kind);
        }
        facts => facts?,
    };
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return Err(BundleError::NamedAsBundle { path: path.to_owned() }.into());
    }
    let subject = Subject { path, facts: &facts, arguments };
    let Discovery { discovered, source, warnings, .. } =
        discovery::discover(&subject, &loading.method()?)?;
    talk.warn(&warnings)?;
    say_loaded(talk, &discovered, &source);
    Portrait::of_module(path, &facts, &discovered)
}

/// A bundle; `kind` is what else the file may be.
fn bundle(path: &Path, kind: &str) -> Result<Portrait, Error> {
    let opened = Opened::read(path)?;
    if !opened.archive.records.is_empty() {
        return Ok(Portrait::of_bundle(&opened));
    }
    let (why, advice) = match opened.findings.into_iter().next() {
        Some(finding) if finding.code != "not_a_zip" => (finding.message, finding.advice),
        _ => (format!("it is {kind}"), Some("name a bundle, or a module's .so".to_owned())),
    };
    Err(BundleError::NotABundle { path: path.to_owned(), why, advice }.into())
}
