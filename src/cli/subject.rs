//! A file that is looked into: a bundle, or a module that is not packed yet.

use std::path::Path;

use super::Talk;
use super::discovery::{LoadingOptions, say_loaded};
use crate::bundle::Opened;
use crate::bundle::inspect::Portrait;
use crate::discovery::{self, Discovery, Subject};
use crate::elf::ElfFacts;
use crate::error::{BundleError, Error, ModuleFault};

/// Reads the file at `path`, whatever it is called; a module is loaded, with `arguments`.
///
/// # Errors
/// Those of reading it, and of loading it; [`BundleError::NotABundle`].
pub fn portrait(
    path: &Path,
    arguments: &[String],
    loading: &LoadingOptions,
    talk: &Talk,
) -> Result<Portrait, Error> {
    let facts = match ElfFacts::read(path) {
        Err(Error::Bundle(BundleError::NotAModule { fault: ModuleFault::NotElf(_), .. })) => {
            return bundle(path);
        }
        facts => facts?,
    };
    let subject = Subject { path, facts: &facts, arguments };
    let Discovery { discovered, source, warnings } =
        discovery::discover(&subject, &loading.method()?)?;
    talk.warn(&warnings)?;
    say_loaded(talk, &discovered, &source);
    Portrait::of_module(path, &facts, &discovered)
}

fn bundle(path: &Path) -> Result<Portrait, Error> {
    let opened = Opened::read(path)?;
    if opened.archive.records.is_empty() {
        let why = opened.findings.first().map(|it| it.message.clone()).unwrap_or_default();
        return Err(BundleError::NotABundle { path: path.to_owned(), why }.into());
    }
    Ok(Portrait::of_bundle(&opened))
}
