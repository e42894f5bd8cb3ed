//! The folder that is given to the builder, where it is collected.
//!
//! In: an [`Assembled`]. Out: a folder with a Dockerfile and all that it copies, which appears whole or
//! not at all. What rampkit wrote is listed in the folder: another one takes its place, and no folder
//! that holds anything else.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;
use walkdir::WalkDir;

use super::planning::context::{LINKS, tree};
use crate::assembly::{Assembled, Collected, Content, dockerfile};
use crate::digest::Sha256;
use crate::error::{AssemblyError, Error, IoContext};
use crate::input;
use crate::scratch::{self, Scratch};
use crate::staged::folder_of;
use crate::tree::{Content as Held, Entry};

/// The list of what is in the folder: paths, each with its digest or where it leads.
const LIST: &str = ".rampkit-context.json";
/// What stands beside it.
const DOCKERFILE: &str = "Dockerfile";

/// A folder that is there is not replaced by `force` either, unless rampkit made it.
impl Assembled {
    /// Writes the folder.
    ///
    /// # Errors
    /// [`Error::InTheFolder`]; [`Error::Io`]; then what was there is as it was.
    pub fn write(&self, folder: &Path, force: bool) -> Result<(), Error> {
        check_place(folder, force)?;
        let folder = &fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        fs::metadata(folder_of(folder)).at("write in", folder_of(folder))?;
        let mut entries = BTreeMap::new();
        for collected in &self.collected {
            add(&mut entries, collected, folder)?;
        }
        let text = Held::Bytes(dockerfile(&self.plan).into_bytes());
        entries.insert(DOCKERFILE.to_owned(), file(DOCKERFILE, text));
        // What it holds in the end is what had its name before, if anything; that goes with it.
        let draft = Scratch::within(folder_of(folder))?;
        fill(draft.path(), &entries)?;
        publish(draft.path(), folder)
    }
}

/// What stands at a path of the folder.
type Entries = BTreeMap<String, Entry>;

fn file(path: &str, content: Held) -> Entry {
    Entry { path: path.to_owned(), content, executable: false }
}

/// All files and folders of what is collected; the folder itself is never in it.
fn add(
    entries: &mut Entries,
    Collected { path, content }: &Collected,
    folder: &Path,
) -> Result<(), Error> {
    match content {
        Content::Text(text) => {
            let content = Held::Bytes(text.clone().into_bytes());
            entries.insert(path.clone(), file(path, content));
        }
        Content::Of(source) => {
            let refuse = |what| AssemblyError::Unbuildable {
                origin: source.display().to_string(),
                what,
                advice: LINKS.to_owned(),
            };
            for entry in tree(source, Some(folder), |what| refuse(what).into())?.entries {
                let below = entry.path.split_once('/').map(|(_, below)| below);
                let path = below.map_or(path.clone(), |below| format!("{path}/{below}"));
                entries.insert(path.clone(), Entry { path, ..entry });
            }
        }
    }
    Ok(())
}

fn fill(draft: &Path, entries: &Entries) -> Result<(), Error> {
    let mut list = BTreeMap::new();
    for (path, entry) in entries {
        let at = draft.join(path);
        let parent = if matches!(entry.content, Held::Folder) { &at } else { folder_of(&at) };
        fs::create_dir_all(parent).at("make", parent)?;
        match &entry.content {
            Held::Folder => {}
            Held::Link(target) => {
                symlink(target, &at).at("make", &at)?;
                list.insert(path, leads_to(target));
            }
            _ => drop(list.insert(path, copy(entry, &at)?)),
        }
    }
    let list = serde_json::to_string_pretty(&list).expect("texts are JSON");
    let at = draft.join(LIST);
    fs::write(&at, list + "\n").at("write", &at)
}

/// Copies a file; its digest.
fn copy(entry: &Entry, to: &Path) -> Result<String, Error> {
    let Some((mut bytes, _)) = entry.open()? else { return Ok(String::new()) };
    let mut file = File::create_new(to).at("write", to)?;
    let digest = Sha256::beside(|beside| pass(&mut bytes, &mut file, beside)).at("write", to)?;
    fs::set_permissions(to, Permissions::from_mode(entry.mode())).at("write", to)?;
    Ok(digest.to_string())
}

fn pass(from: &mut dyn Read, to: &mut File, beside: &mut impl io::Write) -> io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                to.write_all(&piece[..read])?;
                beside.write_all(&piece[..read])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn leads_to(target: &Path) -> String {
    format!("-> {}", target.display())
}

/// Whether a folder can have that place.
fn check_place(folder: &Path, force: bool) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries.at("read", folder)?,
    };
    let refused =
        |why: String, is_ours| Error::InTheFolder { folder: folder.to_owned(), why, is_ours };
    if holds_the_current_folder(folder) {
        let why = "who is in the current folder would be nowhere".to_owned();
        return Err(refused(why, false));
    }
    if entries.count() == 0 {
        return Ok(());
    }
    let list = fs::read(folder.join(LIST)).ok();
    let list =
        list.and_then(|list| serde_json::from_slice::<BTreeMap<PathBuf, String>>(&list).ok());
    let Some(mut list) = list else {
        return Err(refused("rampkit did not make it".to_owned(), false));
    };
    match changed(folder, &mut list)? {
        Some(why) if !force => Err(refused(why, true)),
        _ => Ok(()),
    }
}

fn holds_the_current_folder(folder: &Path) -> bool {
    let current = std::env::current_dir();
    current.is_ok_and(|current| fs::canonicalize(folder).is_ok_and(|it| current.starts_with(it)))
}

/// What of the folder is not as rampkit wrote it. What is gone harms nobody.
fn changed(folder: &Path, list: &mut BTreeMap<PathBuf, String>) -> Result<Option<String>, Error> {
    for found in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let found = found.map_err(io::Error::from).at("read", folder)?;
        let path = found.path().strip_prefix(folder).unwrap_or(found.path());
        if found.file_type().is_dir() || path == Path::new(LIST) {
            continue;
        }
        let is = match found.file_type().is_symlink() {
            true => leads_to(&fs::read_link(found.path()).at("read", found.path())?),
            false => {
                let file = input::open(found.path())?;
                Sha256::of_reader(file).at("read", found.path())?.to_string()
            }
        };
        match list.remove(path) {
            None => return Ok(Some(format!("rampkit did not write {}", path.display()))),
            Some(was) if was != is => {
                return Ok(Some(format!("{} was changed", path.display())));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}

/// Gives the folder its name; what had it before goes with the draft.
fn publish(draft: &Path, folder: &Path) -> Result<(), Error> {
    let flags = match folder.is_dir() {
        true => RenameFlags::EXCHANGE,
        false => RenameFlags::NOREPLACE,
    };
    let rename = || rustix::fs::renameat_with(CWD, draft, CWD, folder, flags);
    let renamed = match scratch::undisturbed(rename) {
        // Not every file system has them.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            return replace(draft, folder);
        }
        renamed => renamed.map_err(io::Error::from),
    };
    renamed.at("write", folder)
}

/// The same in two steps: SIGKILL between them leaves what was there beside its place.
fn replace(draft: &Path, folder: &Path) -> Result<(), Error> {
    if !folder.is_dir() {
        return scratch::undisturbed(|| fs::rename(draft, folder)).at("write", folder);
    }
    let aside = Scratch::within(folder_of(folder))?;
    let old = aside.path().join("old");
    let renamed = scratch::undisturbed(|| {
        fs::rename(folder, &old)?;
        fs::rename(draft, folder).inspect_err(|_| drop(fs::rename(&old, folder)))
    });
    renamed.at("write", folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_takes_the_place_of_another() {
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        for how in [publish, replace] {
            for (name, text) in [("new", "1"), ("new", "2")] {
                fs::create_dir(path("draft")).unwrap();
                fs::write(path("draft/a"), text).unwrap();
                how(&path("draft"), &path(name)).unwrap();
                assert_eq!(fs::read_to_string(path("new/a")).unwrap(), text);
                let _ = fs::remove_dir_all(path("draft"));
            }
            fs::remove_dir_all(path("new")).unwrap();
            assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
        }
    }
}
