//! Where in a repository the manifest lies.
//!
//! In: the tree of a commit, and perhaps the path a person named. Out: a path and its blob, or an
//! error that says what there is instead. The known places, in this order, are those of the tags of
//! Redis' own module repositories.

use git2::{ObjectType, Oid, TreeWalkMode, TreeWalkResult};

use super::Wanted;
use super::lookup::{Lookup, Seen};
use super::objects::{Entry, Kind, Objects};
use crate::error::{Error, SourceError};
use crate::nearest::nearest;
use crate::warning::Warning;
use crate::wording::listed;

const KNOWN: [&str; 10] = [
    "ramp.yml",
    "pack/ramp.yml",
    "pack/ramp-community.yml",
    "pack/ramp-enterprise.yml",
    "coord/pack/ramp.yml",
    "src/ramp.yml",
    "ramp_python.yml",
    "ramp_manifest.yml",
    "pack/ramp-light.yml",
    "pack/ramp-oss-cluster.yml",
];

/// The most bytes that a manifest has.
pub(super) const LARGEST: u64 = 1_000_000;

/// A file of a commit.
pub(super) struct Picked {
    pub path: String,
    pub blob: Oid,
}

/// Finds the manifests below the tree `root`, which errors call `at`. They are here then.
pub(super) fn pick(
    objects: &mut Objects,
    root: Oid,
    wanted: &Wanted,
    at: &str,
) -> Result<Vec<Picked>, Error> {
    let paths = match wanted {
        Wanted::At(path) => vec![plain(path)],
        Wanted::First | Wanted::All => KNOWN.to_vec(),
    };
    let mut lookups: Vec<Lookup> = paths.iter().map(|path| Lookup::new(path, root)).collect();
    look_up(objects, &mut lookups, wanted, at)?;
    let there = lookups.iter().filter_map(|lookup| match &lookup.seen {
        Seen::There(entry) => Some((lookup.path.clone(), *entry)),
        _ => None,
    });
    let mut there: Vec<(String, Entry)> = there.collect();
    if there.is_empty() {
        return Err(none(objects, root, wanted, &lookups, at));
    }
    if *wanted == Wanted::First && there.len() > 1 {
        let all: Vec<&str> = there.iter().map(|(path, _)| path.as_str()).collect();
        let message = format!("there are several manifests: {}; took the first", all.join(", "));
        objects.warnings.push(Warning::new(message).advise("--path names another"));
        there.truncate(1);
    }
    let picked = there.into_iter().map(|(path, entry)| match entry.kind {
        Kind::File => Ok(Picked { path, blob: entry.id }),
        _ => Err(not_a_file(objects, path, entry, at)),
    });
    picked.collect()
}

/// A path as a repository names it.
pub(super) fn plain(path: &str) -> &str {
    path.trim_start_matches("./").trim_matches('/')
}

/// Looks up all paths together, and makes sure that the files are here that will be taken.
fn look_up(
    objects: &mut Objects,
    lookups: &mut [Lookup],
    wanted: &Wanted,
    at: &str,
) -> Result<(), Error> {
    loop {
        let open: Vec<Oid> = lookups.iter().filter_map(Lookup::open).collect();
        let taken = taken(lookups, wanted);
        let files: Vec<Oid> = taken.iter().filter_map(|lookup| lookup.file()).collect();
        if let Some(size) = objects.need_files(&open, &files)? {
            let paths: Vec<&str> = taken.iter().map(|lookup| lookup.path.as_str()).collect();
            return Err(too_large(listed(&paths, "or"), size, at));
        }
        if open.is_empty() {
            return Ok(());
        }
        lookups.iter_mut().try_for_each(|lookup| lookup.step(objects))?;
    }
}

/// Those that are certain to be taken, as far as the ways are gone.
fn taken<'a>(lookups: &'a [Lookup], wanted: &Wanted) -> Vec<&'a Lookup> {
    let may_be = |lookup: &&Lookup| !matches!(lookup.seen, Seen::Missing | Seen::Stopped { .. });
    let mut left = lookups.iter().filter(may_be);
    match wanted {
        Wanted::All => left.filter(|lookup| lookup.file().is_some()).collect(),
        _ => left.next().filter(|lookup| lookup.file().is_some()).into_iter().collect(),
    }
}

/// A manifest that is larger than any.
pub(super) fn too_large(path: String, size: u64, at: &str) -> Error {
    Error::from(SourceError::TooLarge { path, at: at.to_owned(), size, most: LARGEST })
}

/// An entry that is no file.
fn not_a_file(objects: &mut Objects, path: String, entry: Entry, at: &str) -> Error {
    let at = at.to_owned();
    let (kind, advice) = match entry.kind {
        Kind::Link => (
            "a symbolic link",
            format!("it points at {:?}: name the file itself with --path", target(objects, entry)),
        ),
        Kind::Submodule => ("a submodule", "fetch from that repository itself".to_owned()),
        Kind::Folder | Kind::File => ("a folder", "name a file in it with --path".to_owned()),
    };
    Error::from(SourceError::NotAFile { path, at, kind, advice })
}

/// An entry on the way that is no folder.
fn not_a_folder(objects: &mut Objects, path: &str, entry: Entry, at: &str) -> Error {
    let (path, at) = (path.to_owned(), at.to_owned());
    let (kind, advice) = match entry.kind {
        Kind::Link => (
            "a symbolic link",
            format!("it points at {:?}: name the path there with --path", target(objects, entry)),
        ),
        _ => ("a submodule", "fetch from that repository itself".to_owned()),
    };
    Error::from(SourceError::NotAFolder { path, at, kind, advice })
}

/// Where a link points at.
fn target(objects: &mut Objects, link: Entry) -> String {
    let target = objects.need(&[link.id]).and_then(|()| objects.contents(link.id));
    String::from_utf8_lossy(&target.unwrap_or_default()).into_owned()
}

/// Nothing is there: what is instead.
fn none(objects: &mut Objects, root: Oid, wanted: &Wanted, lookups: &[Lookup], at: &str) -> Error {
    let stopped = lookups.iter().find_map(|lookup| match &lookup.seen {
        Seen::Stopped { path, entry } => Some((path, *entry)),
        _ => None,
    });
    match (wanted, stopped, lookups) {
        (Wanted::At(_), Some((path, entry)), _) => not_a_folder(objects, path, entry, at),
        (Wanted::At(_), None, [lookup, ..]) => not_there(&files(objects, root), &lookup.path, at),
        _ => none_known(&files(objects, root), stopped, at),
    }
}

/// The files of a commit, as far as they can be known for a hint.
struct Files {
    paths: Vec<String>,
    are_all: bool,
}

/// There is nothing at a known place; perhaps since one lies where the way is `stopped`.
fn none_known(files: &Files, stopped: Option<(&String, Entry)>, at: &str) -> Error {
    let is_one = |path: &&String| path.contains("ramp") && path.ends_with(".yml");
    let others: Vec<&str> = files.paths.iter().filter(is_one).map(String::as_str).take(5).collect();
    let advice = match (others.as_slice(), stopped) {
        ([], Some((path, Entry { kind: Kind::Submodule, .. }))) => {
            format!("{path} is a submodule: if the manifest lies there, fetch from that repository")
        }
        ([], Some((path, _))) => {
            format!(
                "{path} is a symbolic link: if the manifest lies behind it, name its path with --path"
            )
        }
        ([], None) => {
            "is this the right repository? another place can be named with --path".to_owned()
        }
        (others, _) => format!("there is {}: name it with --path", others.join(", ")),
    };
    let what = format!("no manifest at any of the known places ({})", KNOWN.join(", "));
    Error::from(SourceError::NoManifest { what, at: at.to_owned(), advice })
}

fn not_there(files: &Files, path: &str, at: &str) -> Error {
    let all = &files.paths;
    let mut near = nearest(path, all.iter().map(String::as_str), 3);
    let is_there = |place: &str| all.iter().any(|path| path == place);
    let known: Vec<&str> =
        KNOWN.into_iter().filter(|place| is_there(place) && !near.contains(place)).collect();
    near.extend(known);
    let advice = match near.as_slice() {
        [] if files.are_all => format!("none of its {} files has a path like that", all.len()),
        [] => "check the path; it counts from the top".to_owned(),
        some => format!("there is {}", some.join(", ")),
    };
    Error::from(SourceError::NoManifest { what: format!("no {path}"), at: at.to_owned(), advice })
}

/// The paths of all files below a tree.
fn files(objects: &mut Objects, root: Oid) -> Files {
    let is_complete = objects.need_folders(root);
    let mut paths = Vec::new();
    let tree = objects.repository().find_tree(root);
    let walked = tree.and_then(|tree| {
        tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
            if let (Some(ObjectType::Blob), Ok(name)) = (entry.kind(), entry.name()) {
                paths.push(format!("{folder}{name}"));
            }
            TreeWalkResult::Ok
        })
    });
    // A tree that cannot be walked to its end still names what was seen; this is only for a hint.
    Files { paths, are_all: is_complete && walked.is_ok() }
}
