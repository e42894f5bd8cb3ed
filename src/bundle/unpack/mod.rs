//! Unpacking a bundle that anybody may have sent.
//!
//! In: a [`Unpacking`]: which bundle, what of it, and where to. Out: an [`Extraction`]: files that
//! have everything verified and no names yet; then, in one step, their names. A bundle with an error
//! is not unpacked at all. Nothing is written outside the folder, and no other file is replaced
//! unless that is wanted.

mod destination;
mod promised;

use std::path::{Path, PathBuf};

use serde_json::Value;

use self::destination::{Destination, There};
use self::promised::Promised;
use super::names::is_module_name;
use super::open::Outline;
use crate::archive::zip::{Kind, shown};
use crate::digest::Sha256;
use crate::error::{BundleError, Error};
use crate::finding::{Finding, Severity};
use crate::input;
use crate::staged::Draft;
use crate::warning::Warning;

/// What of a bundle is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    All,
    /// What lies in `deps/`.
    Dependencies,
    /// `module.json`.
    Metadata,
}

/// What `module.json` is called where it is unpacked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The same.
    AsItIs,
    /// `<module_name>.json`, as the reference packer calls it.
    ByModule,
}

/// What to unpack.
#[derive(Debug)]
pub struct Unpacking<'a> {
    /// The bundle.
    pub bundle: &'a Path,
    /// What of it.
    pub wanted: Wanted,
    /// Where to; made where it is not there.
    pub folder: &'a Path,
    /// What `module.json` is called there.
    pub naming: Naming,
    /// Whether other files that are in the way are replaced.
    pub force: bool,
}

/// A bundle whose wanted files wait for their names.
#[derive(Debug)]
pub struct Extraction {
    destination: Destination,
    files: Vec<Extracted>,
    /// What whoever unpacks it should know.
    pub warnings: Vec<Warning>,
}

/// A file that waits for its name; nothing waits where the same file is there.
#[derive(Debug)]
struct Extracted {
    name: String,
    draft: Option<Draft>,
}

/// Reads what is wanted of the bundle, each entry once, and verifies it.
///
/// # Errors
/// [`BundleError::Untrusted`] with all errors; [`BundleError::InTheWay`]; those of the system.
pub fn extract(unpacking: &Unpacking) -> Result<Extraction, Error> {
    let Unpacking { bundle, wanted, folder, naming, force } = *unpacking;
    let mut outline = Outline::of(input::open(bundle)?, bundle)?;
    let promised = Promised::by(&outline);
    outline.findings.extend(promised.findings.iter().cloned());
    outline.findings.extend(naming.unfit(&outline));
    trust(bundle, &outline)?;
    let destination = Destination::new(folder)?;
    let mut files = Vec::new();
    for index in 0..outline.archive.records.len() {
        if is_wanted(&outline, index, wanted) {
            let name = naming.of(&outline, index);
            files.extend(draft(&mut outline, index, name, &promised, &destination)?);
        }
    }
    trust(bundle, &outline)?;
    let files = free(files, &destination, force)?;
    Ok(Extraction { destination, files, warnings: warnings(&outline, promised) })
}

/// An error of all errors, if there are any.
fn trust(bundle: &Path, outline: &Outline) -> Result<(), BundleError> {
    let errors = outline.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let findings: Vec<Finding> = errors.cloned().collect();
    match findings.is_empty() {
        true => Ok(()),
        false => Err(BundleError::Untrusted { path: bundle.to_owned(), findings }),
    }
}

fn is_wanted(outline: &Outline, index: usize, wanted: Wanted) -> bool {
    let record = &outline.archive.records[index];
    let is_dependency = record.name.starts_with("deps/");
    record.kind == Kind::File
        && match wanted {
            Wanted::All => true,
            Wanted::Dependencies => is_dependency,
            Wanted::Metadata => is_json(outline, index),
        }
}

impl Naming {
    /// What the entry at `index` is called.
    fn of(self, outline: &Outline, index: usize) -> String {
        match self {
            Self::ByModule if is_json(outline, index) => format!("{}.json", module_name(outline)),
            _ => outline.archive.records[index].name.clone(),
        }
    }

    /// What keeps the bundle from being unpacked so.
    fn unfit(self, outline: &Outline) -> Option<Finding> {
        let name = module_name(outline);
        let text = format!("module_name is {}, and no file is called so", shown(name.as_bytes()));
        (self == Self::ByModule && outline.is_understood && !is_module_name(name))
            .then(|| Finding::error("module_name_invalid", text))
    }
}

fn module_name(outline: &Outline) -> &str {
    outline.metadata.get("module_name").and_then(Value::as_str).unwrap_or_default()
}

fn is_json(outline: &Outline, index: usize) -> bool {
    outline.json.as_ref().is_some_and(|(json, _)| *json == index)
}

/// A file with the entry's bytes, which shall be `name`, and the digest of what was verified; nothing
/// where it was not, which is a finding then.
fn draft(
    outline: &mut Outline,
    index: usize,
    name: String,
    promised: &Promised,
    destination: &Destination,
) -> Result<Option<Verified>, Error> {
    let mode = if outline.module == Some(index) { 0o755 } else { 0o644 };
    let draft = destination.draft(&name, mode)?;
    let Some(digest) = outline.extract(index, draft.file(), &destination.shown(&name))? else {
        return Ok(None);
    };
    outline.findings.extend(promised.broken(index, digest));
    let size = outline.archive.records[index].size;
    Ok(Some(Verified { name, size, digest, mode, draft }))
}

/// A file that waits to be held against what is there.
struct Verified {
    name: String,
    size: u64,
    digest: Sha256,
    mode: u32,
    draft: Draft,
}

/// Holds the files against what is there already.
fn free(
    verified: Vec<Verified>,
    destination: &Destination,
    force: bool,
) -> Result<Vec<Extracted>, Error> {
    let (mut files, mut in_the_way) = (Vec::new(), Vec::new());
    for file in verified {
        let there = destination.there(&file)?;
        let Verified { name, draft, .. } = file;
        if there == There::Other {
            in_the_way.push(destination.shown(&name));
        }
        files.push(Extracted { draft: (there != There::Same).then_some(draft), name });
    }
    match in_the_way.is_empty() || force {
        true => Ok(files),
        false => Err(BundleError::InTheWay { paths: in_the_way }.into()),
    }
}

fn warnings(outline: &Outline, promised: Promised) -> Vec<Warning> {
    let odd = outline.findings.iter().filter(|finding| finding.severity == Severity::Warning);
    let odd = odd.map(|Finding { message, advice, .. }| Warning {
        message: message.clone(),
        advice: advice.clone(),
    });
    odd.chain(promised.warnings).collect()
}

impl Extraction {
    /// How many files were there already.
    pub fn unchanged(&self) -> usize {
        self.files.iter().filter(|file| file.draft.is_none()).count()
    }

    /// Gives the files their names; returns the paths of all, in the bundle's order.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn publish(self) -> Result<Vec<PathBuf>, Error> {
        let mut paths = Vec::new();
        for Extracted { name, draft } in self.files {
            if let Some(draft) = draft {
                self.destination.publish(draft, &name)?;
            }
            paths.push(self.destination.shown(&name));
        }
        Ok(paths)
    }
}
