//! Which file is the module, when nobody says.

use std::fs;
use std::path::{Path, PathBuf};

use crate::elf::ElfFacts;
use crate::error::BundleError;
use crate::platform::MODULE_FOLDERS;

/// The one module in `here`, else in the folders where images keep modules.
///
/// # Errors
/// [`BundleError::NoModule`], [`BundleError::SeveralModules`].
pub fn locate(here: &Path) -> Result<PathBuf, BundleError> {
    let mut found = modules_in(here);
    if found.is_empty() {
        found = MODULE_FOLDERS.iter().flat_map(|folder| modules_in(Path::new(folder))).collect();
    }
    match found.len() {
        0 => Err(BundleError::NoModule),
        1 => Ok(found.remove(0)),
        _ => Err(BundleError::SeveralModules { found }),
    }
}

fn modules_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut modules: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .map(|name| if folder == Path::new(".") { name.into() } else { folder.join(name) })
        .filter(|path| path.extension().is_some_and(|extension| extension == "so"))
        .filter(|path| ElfFacts::read(path).is_ok())
        .collect();
    modules.sort();
    modules
}
