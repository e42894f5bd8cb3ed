//! Which file is the module, when nobody says.

use std::fs;
use std::path::{Path, PathBuf};

use crate::elf::ElfFacts;
use crate::error::{BundleError, Error};
use crate::platform::MODULE_FOLDERS;

/// The one module in `here`, else in the folders where images keep modules.
///
/// # Errors
/// [`BundleError::NoModule`], [`BundleError::SeveralModules`]; what is wrong with the libraries that
/// are here where none is a module, since one of them was meant to be.
pub fn locate(here: &Path) -> Result<PathBuf, Error> {
    let libraries = libraries_in(here);
    let mut found = modules_of(&libraries);
    if found.is_empty() && !libraries.is_empty() {
        return Err(ElfFacts::read(&libraries[0]).expect_err("none of them is a module"));
    }
    if found.is_empty() {
        let images = MODULE_FOLDERS.iter().flat_map(|folder| libraries_in(Path::new(folder)));
        found = modules_of(&images.collect::<Vec<_>>());
    }
    match found.len() {
        0 => Err(BundleError::NoModule { searched: &MODULE_FOLDERS }.into()),
        1 => Ok(found.remove(0)),
        _ => Err(BundleError::SeveralModules { found }.into()),
    }
}

fn modules_of(libraries: &[PathBuf]) -> Vec<PathBuf> {
    libraries.iter().filter(|path| ElfFacts::read(path).is_ok()).cloned().collect()
}

fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut libraries: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .map(|name| if folder == Path::new(".") { name.into() } else { folder.join(name) })
        .filter(|path| path.extension().is_some_and(|extension| extension == "so"))
        .collect();
    libraries.sort();
    libraries
}
