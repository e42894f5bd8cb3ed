//! Git objects that were fetched before, in the user's cache.
//!
//! In: a repository by its shown address, and the id of an object. Out: the object, if the cache has
//! it. Nothing in the cache is trusted: an object is held against its id at each use. A folder that
//! cannot be written to is as good as none; several runs may use it at once.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};
use rustix::fs::OFlags;

use crate::digest::Sha256;
use crate::input;
use crate::scratch::going;

/// The most bytes of an object that is kept.
const LONGEST: u64 = 16 << 20;

/// The objects of one repository.
#[derive(Debug)]
pub(super) struct Kept {
    folder: Option<PathBuf>,
}

/// What the cache has under an id.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The object.
    Intact(ObjectType, Vec<u8>),
    /// Something else, at this path.
    Damaged(PathBuf),
    /// Nothing.
    Nothing,
}

impl Kept {
    /// Those of the repository that is shown as `shown`, in the folder `cache`.
    pub fn new(cache: Option<PathBuf>, shown: &str) -> Self {
        let name = Sha256::of(shown.as_bytes()).to_string();
        Self { folder: cache.map(|cache| cache.join("git").join(name)) }
    }

    /// Looks for an object.
    pub fn look(&self, id: Oid) -> Look {
        let Some(path) = self.path(id) else { return Look::Nothing };
        let mut bytes = Vec::new();
        let read = input::open_regular(&path, OFlags::RDONLY)
            .and_then(|file| file.take(LONGEST + 64).read_to_end(&mut bytes));
        match read.map(|_| parse(bytes)) {
            Ok(Some((kind, content)))
                if Oid::hash_object(kind, &content).is_ok_and(|found| found == id) =>
            {
                Look::Intact(kind, content)
            }
            Ok(_) => Look::Damaged(path),
            // Not there, or not for us; anything else is in the way.
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound
                | io::ErrorKind::PermissionDenied
                | io::ErrorKind::NotADirectory => Look::Nothing,
                _ => Look::Damaged(path),
            },
        }
    }

    /// Keeps an object; does nothing where that cannot be done.
    pub fn keep(&self, id: Oid, kind: ObjectType, content: &[u8]) {
        if let Some(path) = self.path(id)
            && content.len() as u64 <= LONGEST
        {
            // The next run fetches it again.
            let _ = write(&path, &header(kind, content.len()), content);
        }
    }

    fn path(&self, id: Oid) -> Option<PathBuf> {
        let id = id.to_string();
        Some(self.folder.as_ref()?.join(&id[..2]).join(&id[2..]))
    }
}

/// What stands before the bytes of an object, as git counts it to what the id is made of.
fn header(kind: ObjectType, length: usize) -> String {
    format!("{kind} {length}\0")
}

/// The kind of an object and its bytes.
fn parse(mut bytes: Vec<u8>) -> Option<(ObjectType, Vec<u8>)> {
    let end = bytes.iter().take(64).position(|byte| *byte == 0)?;
    let kind = std::str::from_utf8(&bytes[..end]).ok()?.split_once(' ')?.0;
    let kind = ObjectType::from_str(kind)?;
    let is_whole = bytes.starts_with(header(kind, bytes.len() - end - 1).as_bytes());
    bytes.drain(..=end);
    is_whole.then_some((kind, bytes))
}

/// Writes a file that appears whole. It is not forced to the disk: what a power failure damages is
/// seen by its id.
fn write(path: &Path, header: &str, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let for_all = fs::Permissions::from_mode(0o644);
    let (mut file, _going) = going(|| {
        let file = tempfile::Builder::new().prefix(".").permissions(for_all).tempfile_in(folder)?;
        let path = file.path().to_owned();
        Ok((file, move || drop(fs::remove_file(&path))))
    })?;
    file.write_all(header.as_bytes())?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_until_it_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(Some(folder.path().to_owned()), "https://h/r");
        let other = Kept::new(Some(folder.path().to_owned()), "https://h/s");
        let id = Oid::hash_object(ObjectType::Blob, b"a: b\n").unwrap();
        assert_eq!(kept.look(id), Look::Nothing);
        kept.keep(id, ObjectType::Blob, b"a: b\n");
        assert_eq!(kept.look(id), Look::Intact(ObjectType::Blob, b"a: b\n".into()));
        assert_eq!(other.look(id), Look::Nothing);
        let path = kept.path(id).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"blob 5\0a: b\n");
        for damage in [&b""[..], b"blob 5\0a: c\n", b"blob 4\0a: b\n", b"tree 5\0a: b\n", b"blob"] {
            fs::write(&path, damage).unwrap();
            assert_eq!(kept.look(id), Look::Damaged(path.clone()));
        }
        kept.keep(id, ObjectType::Blob, b"a: b\n");
        assert!(matches!(kept.look(id), Look::Intact(..)));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn without_a_folder_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let id = Oid::hash_object(ObjectType::Blob, b"").unwrap();
        for cache in [None, Some(file)] {
            let kept = Kept::new(cache, "r");
            kept.keep(id, ObjectType::Blob, b"");
            assert_eq!(kept.look(id), Look::Nothing);
        }
    }
}
