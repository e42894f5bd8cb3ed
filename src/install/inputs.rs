//! Files as they are named on a command line.
//!
//! In: a [`Place`]. Out: its modules and targets, each with where it comes from, or the bundle that it
//! is: what a file holds tells which.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::Origin;
use crate::descriptor::document::Entry;
use crate::descriptor::{self, Placed};
use crate::error::{AssemblyError, Error, IoContext, Location};
use crate::manifest::Place;
use crate::staged::folder_of;
use crate::warning::Warning;
use crate::wording::typed;

/// Something that a file holds.
pub(super) enum Input {
    Entry(Box<Entry>, Origin),
    Bundle(PathBuf),
}

impl Origin {
    /// What stands in no file.
    pub(super) fn here(name: &str) -> Self {
        Self { name: name.to_owned(), folder: Some(PathBuf::from(".")), is_passing: false }
    }

    /// Another place of the same file.
    pub(super) fn at(&self, location: &Location) -> Self {
        Self { name: format!("{}:{}", self.file(), location.line()), ..self.clone() }
    }
}

/// What the file at a place holds.
pub(super) fn read(place: &Place, warnings: &mut Vec<Warning>) -> Result<Vec<Input>, Error> {
    if let Some(path) = place.file()
        && is_bundle(path)?
    {
        return Ok(vec![Input::Bundle(path.to_owned())]);
    }
    let text = place.read()?;
    let path = place.name();
    let entries = descriptor::read(&text).map_err(|fault| fault.in_file(path))?;
    if entries.is_empty() {
        let message = format!("{} has neither modules nor a target", path.display());
        warnings.push(Warning::new(message));
    }
    let folder = place.file().map(|path| folder_of(path).to_owned());
    let file = Origin { name: path.display().to_string(), folder, is_passing: false };
    let input = |Placed { entry, location }| Input::Entry(Box::new(entry), file.at(&location));
    Ok(entries.into_iter().map(input).collect())
}

/// Whether the file begins as a zip does, or is called one.
///
/// # Errors
/// [`Error::Io`]; [`AssemblyError::Unbuildable`] for a module that is not packed.
fn is_bundle(path: &Path) -> Result<bool, Error> {
    // What is no file, as a pipe, is read once.
    let mut start = Vec::new();
    if path.is_file() {
        File::open(path).at("read", path)?.take(4).read_to_end(&mut start).at("read", path)?;
    }
    if start == b"\x7fELF" {
        let (origin, what) = (path.display().to_string(), "it is a module that is not packed");
        let advice = format!("pack it: rampkit pack {}", typed(&origin));
        return Err(AssemblyError::Unbuildable { origin, what: what.to_owned(), advice }.into());
    }
    let is_named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    Ok(is_named || start == b"PK\x03\x04")
}
