//! What an archive holds: paths with their content, in the order in which they are written.
//!
//! In: entries one by one, or a file or folder on disk. Out: a [`Tree`]. One value, several
//! renderers: a zip, a .tgz, a list.

mod link;

use std::fs::{self, File};
use std::io::{self, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::OFlags;
use walkdir::WalkDir;

use crate::error::{BundleError, Error, IoContext};
use crate::input;

pub use link::{leads_out, refusal};

/// What stands at a path of an archive.
#[derive(Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of the file at this path, which is no link.
    File(PathBuf),
    /// The bytes of an open file that has no name.
    Unnamed(File),
    /// A symbolic link with this target.
    Link(PathBuf),
    /// A folder.
    Folder,
}

/// One path of an archive.
#[derive(Debug)]
pub struct Entry {
    /// With `/` between its parts, relative.
    pub path: String,
    /// What stands there.
    pub content: Content,
    /// Whether it can be executed: mode 0755 instead of 0644.
    pub executable: bool,
}

/// Bytes to read, and how many there are.
pub type Bytes<'a> = (Box<dyn Read + 'a>, u64);

/// What an archive holds, in its order.
#[derive(Debug, Default)]
pub struct Tree {
    /// The entries, each path once.
    pub entries: Vec<Entry>,
}

impl Tree {
    /// The file or folder at `root` as the one top-level member, named by its base name; in the
    /// order of names, so that the same tree gives the same archive on any machine.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::CannotArchive`] for what an archive cannot hold.
    pub fn of(root: &Path) -> Result<Self, Error> {
        Self::of_wanted(root, |_| true)
    }

    /// The same without what is not wanted, and all below it; a path is asked for without links.
    ///
    /// # Errors
    /// Those of [`of`](Self::of).
    pub fn of_wanted(root: &Path, is_wanted: impl Fn(&Path) -> bool) -> Result<Self, Error> {
        let on_disk = fs::canonicalize(root).at("read", root)?;
        let name = root.file_name().or(on_disk.file_name());
        let nameless =
            || BundleError::CannotArchive { path: root.to_owned(), why: "it has no name" };
        let name = name.ok_or_else(nameless)?;
        let mut tree = Self::default();
        let found = WalkDir::new(&on_disk).sort_by_file_name().into_iter();
        for found in found.filter_entry(|found| is_wanted(found.path())) {
            let found = found.map_err(|error| walk_error(error, &on_disk))?;
            let below = found.path().strip_prefix(&on_disk).unwrap_or(found.path());
            let relative: PathBuf = Path::new(name).join(below).components().collect();
            let refuse = |why| BundleError::CannotArchive { path: found.path().to_owned(), why };
            let path = relative.to_str().ok_or_else(|| refuse("its name is not UTF-8"))?.to_owned();
            let entry = entry(path, found.path()).at("read", found.path())?.map_err(refuse)?;
            if let Content::Link(target) = &entry.content
                && let Some(why) = refusal(&on_disk, below, target)
            {
                return Err(refuse(why).into());
            }
            tree.entries.push(entry);
        }
        Ok(tree)
    }

    /// Number of bytes of all its files.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn size(&self) -> Result<u64, Error> {
        self.entries.iter().map(Entry::size).sum()
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, path: impl Into<String>, content: Content, executable: bool) {
        self.entries.push(Entry { path: path.into(), content, executable });
    }
}

fn entry(path: String, on_disk: &Path) -> io::Result<Result<Entry, &'static str>> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::symlink_metadata(on_disk)?;
    let kind = metadata.file_type();
    let content = if kind.is_symlink() {
        Content::Link(fs::read_link(on_disk)?)
    } else if kind.is_dir() {
        Content::Folder
    } else if kind.is_file() {
        Content::File(on_disk.to_owned())
    } else {
        return Ok(Err("it is a device, a socket or a pipe"));
    };
    let executable = kind.is_dir() || metadata.permissions().mode() & 0o111 != 0;
    Ok(Ok(Entry { path, content, executable }))
}

fn walk_error(error: walkdir::Error, root: &Path) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    let a_circle = || io::Error::other("it holds itself");
    Error::Io { action: "read", path, source: error.into_io_error().unwrap_or_else(a_circle) }
}

impl Entry {
    /// Opens the bytes of the entry, with their number; `None` for a folder or a link.
    ///
    /// # Errors
    /// [`BundleError::Changed`] where there is no such file any more; [`Error::Io`].
    pub fn open(&self) -> Result<Option<Bytes<'_>>, Error> {
        Ok(match &self.content {
            Content::Bytes(bytes) => Some((Box::new(Cursor::new(bytes)), bytes.len() as u64)),
            Content::File(path) => {
                let file = self.open_file(path)?;
                let opened = file.metadata().at("read", path)?;
                Some((Box::new(Steady { file, modified: opened.modified().ok() }), opened.len()))
            }
            Content::Unnamed(file) => {
                let mut file: &File = file;
                file.rewind().at("read", &self.path)?;
                Some((Box::new(file), self.size()?))
            }
            Content::Link(_) | Content::Folder => None,
        })
    }

    /// What was a file when the entry was made may be gone now, or a link, a folder or a pipe.
    fn open_file(&self, path: &Path) -> Result<File, Error> {
        let is_file = || fs::symlink_metadata(path).is_ok_and(|it| it.is_file());
        input::open_regular(path, OFlags::RDONLY).or_else(|error| match is_file() {
            true => Err(error).at("read", path),
            false => Err(BundleError::Changed { path: self.path.clone().into() }.into()),
        })
    }

    /// Number of bytes.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn size(&self) -> Result<u64, Error> {
        Ok(match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(path) => fs::metadata(path).at("read", path)?.len(),
            Content::Unnamed(file) => file.metadata().at("read", &self.path)?.len(),
            Content::Link(_) | Content::Folder => 0,
        })
    }

    /// The permission bits an archive gives it.
    pub fn mode(&self) -> u32 {
        if self.executable { 0o755 } else { 0o644 }
    }
}

/// What stands in a file is no longer what it was.
#[derive(Debug, thiserror::Error)]
#[error("it changed while it was read")]
pub struct Changed;

/// A file that must not be written to until its end was read.
struct Steady {
    file: File,
    modified: Option<SystemTime>,
}

impl Read for Steady {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if read == 0 && self.file.metadata()?.modified().ok() != self.modified {
            return Err(io::Error::other(Changed));
        }
        Ok(read)
    }
}
