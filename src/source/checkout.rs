//! The files of a commit, in a folder.
//!
//! In: an [`Address`], a [`Reference`], and perhaps a folder of that repository. Out: its files, with
//! the mode 0755 where they can be run and 0644 else, in a folder of ours; and a [`Checkout`], which
//! says where they come from. Links are made where they stay inside, submodules are left out. What a
//! stranger wrote has limits: names that lead elsewhere, or more than a repository of modules has,
//! are refused.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid, Repository, Tree};

use super::{Address, Found, Reference, find, unreadable};
use crate::error::{Error, IoContext, SourceError};
use crate::tree::refusal;
use crate::warning::Warning;
use crate::wording::size;

/// As many files, folders and links as one commit may have.
const ENTRIES: usize = 100_000;

/// As many bytes as they may have.
const BYTES: u64 = 1 << 30;

/// Where the files of a folder come from.
#[derive(Debug)]
pub struct Checkout {
    /// The commit.
    pub commit: Oid,
    /// The full name of the ref that led to it, or its own id.
    pub name: String,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// Writes the files of the commit that `reference` means into the folder `into`, which is empty;
/// those of the folder `below` its root, where that is given. `cacert` is a PEM file of further
/// certificates to trust.
///
/// # Errors
/// [`SourceError`], and [`Error::Io`]. Some files may then have been written.
pub fn checkout(
    address: &Address,
    reference: &Reference,
    below: Option<&str>,
    cacert: Option<&Path>,
    into: &Path,
) -> Result<Checkout, Error> {
    let mut warnings = Vec::new();
    let found = find(address, reference, cacert, &mut warnings)?;
    let at = format!("{reference} of {address}");
    let Found { repository, commit, .. } = &found;
    let mut files = Files { repository, at: &at, into, left: ENTRIES, bytes: BYTES, links: vec![] };
    files.write(&folder(repository, *commit, below, &at)?, &mut warnings)?;
    files.link(&mut warnings)?;
    Ok(Checkout { commit: found.commit, name: found.name, warnings })
}

/// The folder of a commit.
fn folder<'r>(
    repository: &'r Repository,
    commit: Oid,
    below: Option<&str>,
    at: &str,
) -> Result<Tree<'r>, Error> {
    let root = repository.find_commit(commit).and_then(|commit| commit.tree());
    let root = root.map_err(|error| unreadable(error, at))?;
    let below: PathBuf = Path::new(below.unwrap_or_default())
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .collect();
    if below.as_os_str().is_empty() {
        return Ok(root);
    }
    let missing = |what: &str, advice: &str| {
        let what = format!("{what} {}", below.display());
        Error::from(SourceError::NoManifest { what, at: at.to_owned(), advice: advice.to_owned() })
    };
    let Ok(found) = root.get_path(&below) else {
        return Err(missing("no folder", "check the path; it counts from the top"));
    };
    match found.kind() {
        Some(ObjectType::Tree) => {
            repository.find_tree(found.id()).map_err(|error| unreadable(error, at))
        }
        _ => Err(missing("no folder, but a file or submodule", "name a folder")),
    }
}

/// What is being written, and how much may still be.
struct Files<'a> {
    repository: &'a Repository,
    at: &'a str,
    into: &'a Path,
    left: usize,
    bytes: u64,
    /// Links, which are made when no file is written any more.
    links: Vec<(PathBuf, PathBuf)>,
}

impl Files<'_> {
    /// Writes all files of a tree and of those below it.
    fn write(&mut self, root: &Tree<'_>, warnings: &mut Vec<Warning>) -> Result<(), Error> {
        let mut folders = vec![(PathBuf::new(), root.id())];
        while let Some((folder, id)) = folders.pop() {
            let tree = self.repository.find_tree(id).map_err(|e| unreadable(e, self.at))?;
            for entry in &tree {
                let path = folder.join(self.name(&folder, entry.name_bytes())?);
                self.count(1, 0)?;
                match (entry.kind(), entry.filemode()) {
                    (Some(ObjectType::Tree), _) => {
                        self.folder(&path)?;
                        folders.push((path, entry.id()));
                    }
                    (Some(ObjectType::Blob), 0o120_000) => {
                        let target = PathBuf::from(OsStr::from_bytes(&self.blob(entry.id())?));
                        self.links.push((path, target));
                    }
                    (Some(ObjectType::Blob), mode) => self.file(&path, entry.id(), mode)?,
                    _ => warnings.push(submodule(&path, self.at)),
                }
            }
        }
        Ok(())
    }

    /// A name that means nothing else than a file of this name.
    fn name<'n>(&self, folder: &Path, name: &'n [u8]) -> Result<&'n OsStr, Error> {
        let is_safe = !matches!(name, b"" | b"." | b"..")
            && !name.contains(&b'/')
            && !name.contains(&0)
            && !name.eq_ignore_ascii_case(b".git");
        match is_safe {
            true => Ok(OsStr::from_bytes(name)),
            false => {
                let name = String::from_utf8_lossy(name);
                let why = format!("a file in {:?} has the name {name:?}", folder.display());
                Err(self.refused(why, "no git writes such a name: do not trust that repository"))
            }
        }
    }

    /// Counts what is about to be written.
    fn count(&mut self, entries: usize, bytes: u64) -> Result<(), Error> {
        let left = self.left.checked_sub(entries).zip(self.bytes.checked_sub(bytes));
        let Some((entries, bytes)) = left else {
            let why = format!("it has more than {ENTRIES} files or {}", size(BYTES));
            return Err(self.refused(why, "name the folder of its modules with `path`"));
        };
        (self.left, self.bytes) = (entries, bytes);
        Ok(())
    }

    fn folder(&self, path: &Path) -> Result<(), Error> {
        let path = self.into.join(path);
        fs::create_dir(&path).at("make the folder", path)
    }

    fn file(&mut self, path: &Path, id: Oid, mode: i32) -> Result<(), Error> {
        let bytes = self.blob(id)?;
        let mode = if mode & 0o100 == 0 { 0o644 } else { 0o755 };
        let path = self.into.join(path);
        let made = OpenOptions::new().write(true).create_new(true).mode(mode).open(&path);
        made.and_then(|mut file| file.write_all(&bytes)).at("write", path)
    }

    /// The bytes of a file; how many there are is asked first.
    fn blob(&mut self, id: Oid) -> Result<Vec<u8>, Error> {
        let header = self.repository.odb().and_then(|odb| odb.read_header(id));
        let (size, _) = header.map_err(|error| unreadable(error, self.at))?;
        self.count(0, size as u64)?;
        let blob = self.repository.find_blob(id).map_err(|error| unreadable(error, self.at))?;
        Ok(blob.content().to_vec())
    }

    /// Makes all links, and takes away those that lead out: only now is known where they lead.
    fn link(&self, warnings: &mut Vec<Warning>) -> Result<(), Error> {
        for (path, target) in &self.links {
            let path = self.into.join(path);
            symlink(target, &path).at("make the link", path)?;
        }
        for (path, target) in &self.links {
            let Some(why) = refusal(self.into, path, target) else { continue };
            let full = self.into.join(path);
            fs::remove_file(&full).at("remove", full)?;
            let path = path.display();
            warnings.push(Warning::new(format!("{path} at {} is left out: {why}", self.at)));
        }
        Ok(())
    }

    fn refused(&self, why: String, advice: &str) -> Error {
        let (place, advice) = (self.at.to_owned(), advice.to_owned());
        Error::from(SourceError::Untrusted { place, why, advice })
    }
}

fn submodule(path: &Path, at: &str) -> Warning {
    let message = format!("{} at {at} is left out: it is a submodule", path.display());
    Warning::new(message).advise("name its repository as one of its own")
}
