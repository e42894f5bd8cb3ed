//! The modules in a folder and below it.
//!
//! In: a folder, and what messages call it. Out: its modules, sorted by their paths.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::Repositories;
use crate::descriptor::{self, document::Entry};
use crate::error::{AssemblyError, Error, IoContext};
use crate::input;
use crate::install::{Candidate, Origin};
use crate::warning::Warning;

/// No person has folders so deep in each other.
const DEEPEST: usize = 64;

/// Nor so many files where there are modules.
const ENTRIES: usize = 200_000;

/// A folder.
pub(super) struct Folder {
    pub path: PathBuf,
    /// What messages call it.
    pub shown: String,
    /// Whether it is gone after this run.
    pub is_passing: bool,
}

impl Folder {
    /// Adds what it has to `read`.
    pub fn read(&self, read: &mut Repositories) -> Result<(), Error> {
        let walk = WalkDir::new(&self.path).sort_by_file_name().into_iter();
        let visible = walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
        for (n, entry) in visible.enumerate() {
            let entry = entry.map_err(Into::into).at("read", &*self.shown)?;
            if n > ENTRIES || entry.depth() > DEEPEST {
                return Err(self.too_large());
            }
            if !is_descriptor(entry.path()) || entry.file_type().is_dir() {
                continue;
            }
            let shown = self.shown(entry.path());
            match entry.file_type().is_symlink() {
                true => read.warnings.push(link(&shown)),
                false => read.candidates.extend(self.modules(entry.path(), &shown)?),
            }
        }
        Ok(())
    }

    /// What messages call a path in it.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.path).unwrap_or(path).display().to_string();
        match self.shown.as_str() {
            "." => below,
            shown => format!("{}/{below}", shown.trim_end_matches('/')),
        }
    }

    /// The modules of a file.
    fn modules(&self, path: &Path, shown: &str) -> Result<Vec<Candidate>, Error> {
        let text = input::text(input::open(path)?, Path::new(shown))?;
        let entries = descriptor::read(&text).map_err(|fault| fault.in_file(Path::new(shown)))?;
        let folder = path.parent().map(Path::to_owned);
        let candidates = entries.into_iter().map(|placed| {
            let origin = Origin {
                is_passing: self.is_passing,
                ..Origin::of_line(shown, placed.location.line(), folder.clone())
            };
            match placed.entry {
                Entry::Module(module) => Ok(Candidate { module: *module, origin }),
                Entry::Target(_) => Err(target(origin)),
            }
        });
        candidates.collect()
    }

    fn too_large(&self) -> Error {
        let (origin, advice) = (self.shown.clone(), "name the folder in it that has the modules");
        let what = format!("it has more than {ENTRIES} files, or {DEEPEST} folders in each other");
        AssemblyError::Unbuildable { origin, what, advice: advice.to_owned() }.into()
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_descriptor(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "module.yaml" || name == "module.yml")
}

fn link(shown: &str) -> Warning {
    Warning::new(format!("{shown} was not read: it is a link"))
        .advise("name the folder that it leads to as a repository of its own")
}

fn target(origin: Origin) -> Error {
    let what = "this is a target, and a repository has modules only".to_owned();
    let advice = "name its file on the command line, and keep it out of the repository".to_owned();
    AssemblyError::Unbuildable { origin: origin.name, what, advice }.into()
}
