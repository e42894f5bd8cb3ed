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

use super::objects::Objects;
use super::remote::Extent;
use super::{Access, Address, Found, Reference, find};
use crate::error::{Error, IoContext, SourceError};
use crate::tree::refusal;
use crate::warning::Warning;
use crate::wording::{first, short, size, tame};

/// As many files, folders and links as one commit may have.
const ENTRIES: usize = 100_000;

/// As many bytes as they may have.
const BYTES: u64 = 1 << 30;

/// As many bytes as a path may have.
const LONGEST: usize = 2000;

/// How many paths a warning names.
const SHOWN: usize = 5;

/// The mode of a link.
const LINK: i32 = 0o120_000;

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
/// those of the folder `below` its root, where that is given.
///
/// # Errors
/// [`SourceError`], and [`Error::Io`]. Some files may then have been written.
pub fn checkout(
    address: &Address,
    reference: &Reference,
    below: Option<&str>,
    access: &Access,
    into: &Path,
) -> Result<Checkout, Error> {
    let Found { objects, commit, name } = find(address, reference, Extent::All, access)?;
    let at = format!("{reference} of {address}");
    let mut files =
        Files { objects: &objects, at: &at, left: ENTRIES, bytes: BYTES, found: vec![] };
    let submodules = files.list(folder(&objects, commit, below, &at)?.id())?;
    files.write(into)?;
    let links = files.link(into)?;
    let mut warnings = objects.warnings;
    warnings.extend(
        left_out(&submodules, &at, "submodules").map(|warning| {
            warning.advise("where modules lie in one, name its repository as another")
        }),
    );
    warnings.extend(left_out(&links, &at, "links that lead out of the folder"));
    Ok(Checkout { commit, name, warnings })
}

/// The folder of a commit.
fn folder<'o>(
    objects: &'o Objects,
    commit: Oid,
    below: Option<&str>,
    at: &str,
) -> Result<Tree<'o>, Error> {
    let repository = objects.repository();
    let root = repository.find_commit(commit).and_then(|commit| commit.tree());
    let root = root.map_err(|error| objects.unreadable(error))?;
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
            repository.find_tree(found.id()).map_err(|error| objects.unreadable(error))
        }
        _ => Err(missing("no folder, but a file or submodule", "name a folder")),
    }
}

/// What is to be written, and how much more may be.
struct Files<'a> {
    objects: &'a Objects,
    at: &'a str,
    left: usize,
    bytes: u64,
    /// Each with its path; a folder comes before what is in it.
    found: Vec<(PathBuf, Kind)>,
}

/// What is at a path.
enum Kind {
    Folder,
    File { id: Oid, mode: u32 },
    Link(PathBuf),
}

impl<'a> Files<'a> {
    fn repository(&self) -> &'a Repository {
        self.objects.repository()
    }

    /// Finds all that a tree has, and those below it. What comes out are submodules.
    fn list(&mut self, root: Oid) -> Result<Vec<String>, Error> {
        let mut submodules = Vec::new();
        let mut folders = vec![(PathBuf::new(), root)];
        while let Some((folder, id)) = folders.pop() {
            let tree = self.repository().find_tree(id).map_err(|e| self.objects.unreadable(e))?;
            for entry in &tree {
                let path = self.path(&folder, entry.name_bytes())?;
                self.count(1, 0)?;
                let kind = match (entry.kind(), entry.filemode()) {
                    (Some(ObjectType::Tree), _) => {
                        folders.push((path.clone(), entry.id()));
                        Kind::Folder
                    }
                    (Some(ObjectType::Blob), mode) => self.kind(entry.id(), mode)?,
                    _ => {
                        submodules.push(path.display().to_string());
                        continue;
                    }
                };
                self.found.push((path, kind));
            }
        }
        Ok(submodules)
    }

    /// What is to be made of the bytes of an entry.
    fn kind(&mut self, id: Oid, mode: i32) -> Result<Kind, Error> {
        let header = self.repository().odb().and_then(|odb| odb.read_header(id));
        let (size, _) = header.map_err(|error| self.objects.unreadable(error))?;
        self.count(0, size as u64)?;
        Ok(match mode {
            LINK => Kind::Link(PathBuf::from(OsStr::from_bytes(&self.blob(id)?))),
            _ if mode & 0o100 == 0 => Kind::File { id, mode: 0o644 },
            _ => Kind::File { id, mode: 0o755 },
        })
    }

    /// The path of a name that means nothing else than a file of this name.
    fn path(&self, folder: &Path, name: &[u8]) -> Result<PathBuf, Error> {
        let is_safe = !matches!(name, b"" | b"." | b"..")
            && !name.contains(&b'/')
            && !name.contains(&0)
            && !name.eq_ignore_ascii_case(b".git");
        if !is_safe {
            let name = tame(&String::from_utf8_lossy(name));
            let why = format!("one has the name {:?}, which git never writes", short(&name, 40));
            return Err(self.refused(why, "do not trust that repository"));
        }
        let path = folder.join(OsStr::from_bytes(name));
        match path.as_os_str().len() {
            ..=LONGEST => Ok(path),
            _ => {
                let why = format!("one has a path of more than {LONGEST} bytes");
                Err(self.refused(why, "name the folder of its modules with `path`"))
            }
        }
    }

    /// Counts what is about to be written.
    fn count(&mut self, entries: usize, bytes: u64) -> Result<(), Error> {
        let left = self.left.checked_sub(entries).zip(self.bytes.checked_sub(bytes));
        let Some((entries, bytes)) = left else {
            let why = format!("there are more than {ENTRIES}, or {}", size(BYTES));
            return Err(self.refused(why, "name the folder of its modules with `path`"));
        };
        (self.left, self.bytes) = (entries, bytes);
        Ok(())
    }

    /// Writes all but the links.
    fn write(&self, into: &Path) -> Result<(), Error> {
        for (path, kind) in &self.found {
            let path = into.join(path);
            match kind {
                Kind::Folder => fs::create_dir(&path).at("make the folder", path)?,
                Kind::Link(_) => {}
                Kind::File { id, mode } => {
                    let bytes = self.blob(*id)?;
                    let mut options = OpenOptions::new();
                    let made = options.write(true).create_new(true).mode(*mode).open(&path);
                    made.and_then(|mut file| file.write_all(&bytes)).at("write", path)?;
                }
            }
        }
        Ok(())
    }

    /// Makes all links, and takes away those that lead out: only now is known where they lead.
    fn link(&self, into: &Path) -> Result<Vec<String>, Error> {
        let links = self.found.iter().filter_map(|(path, kind)| match kind {
            Kind::Link(target) => Some((path, target)),
            _ => None,
        });
        for (path, target) in links.clone() {
            let path = into.join(path);
            symlink(target, &path).at("make the link", path)?;
        }
        let mut refused = Vec::new();
        for (path, _) in links.filter(|(path, target)| refusal(into, path, target).is_some()) {
            refused.push(path.display().to_string());
            let path = into.join(path);
            fs::remove_file(&path).at("remove", path)?;
        }
        Ok(refused)
    }

    fn blob(&self, id: Oid) -> Result<Vec<u8>, Error> {
        let blob =
            self.repository().find_blob(id).map_err(|error| self.objects.unreadable(error))?;
        Ok(blob.content().to_vec())
    }

    fn refused(&self, why: String, advice: &str) -> Error {
        let (place, advice) = (self.at.to_owned(), advice.to_owned());
        Error::from(SourceError::Untrusted { place, why, advice })
    }
}

fn left_out(paths: &[String], at: &str, what: &str) -> Option<Warning> {
    let paths: Vec<String> = paths.iter().map(|path| tame(path)).collect();
    let message = || format!("left out of {at} are {what}: {}", first(&paths, SHOWN));
    (!paths.is_empty()).then(|| Warning::new(message()))
}
