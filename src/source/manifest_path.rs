//! Where in a repository the manifest lies.
//!
//! In: the tree of a commit, and perhaps the path a person named. Out: a path and its blob, or an
//! error that says what there is instead. The known places, in this order, are those of the tags of
//! Redis' own module repositories.

use std::path::Path;

use git2::{ObjectType, Oid, Repository, Tree, TreeEntry, TreeWalkMode, TreeWalkResult};

use super::Wanted;
use crate::error::{Error, SourceError};
use crate::nearest::nearest;
use crate::warning::Warning;

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

/// A file of a commit.
pub(super) struct Picked {
    pub path: String,
    pub blob: Oid,
}

/// Finds the manifests in `tree`, which errors call `at`.
pub(super) fn pick(
    repository: &Repository,
    tree: &Tree<'_>,
    wanted: &Wanted,
    at: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Picked>, Error> {
    let known = KNOWN.into_iter().filter(|place| entry(tree, place).is_some());
    let known: Vec<String> = known.map(str::to_owned).collect();
    let paths = match wanted {
        Wanted::At(path) => vec![path.trim_start_matches("./").trim_start_matches('/').to_owned()],
        _ if known.is_empty() => return Err(none_known(tree, at)),
        Wanted::First => known[..1].to_vec(),
        Wanted::All => known.clone(),
    };
    if *wanted == Wanted::First && known.len() > 1 {
        let message = format!("there are several manifests: {}; took the first", known.join(", "));
        warnings.push(Warning::new(message).advise("--path names another"));
    }
    let picked = paths.into_iter().map(|path| {
        let found = entry(tree, &path).ok_or_else(|| not_there(tree, &path, &known, at))?;
        Ok(Picked { blob: blob(repository, &found, &path, at)?, path })
    });
    picked.collect()
}

fn entry(tree: &Tree<'_>, path: &str) -> Option<TreeEntry<'static>> {
    tree.get_path(Path::new(path)).ok()
}

/// The blob of an entry that is a file.
fn blob(
    repository: &Repository,
    entry: &TreeEntry<'_>,
    path: &str,
    at: &str,
) -> Result<Oid, Error> {
    const SYMLINK: i32 = 0o120_000;
    let (kind, advice) = match (entry.kind(), entry.filemode()) {
        (Some(ObjectType::Blob), SYMLINK) => {
            let target = repository.find_blob(entry.id()).map(|blob| blob.content().to_vec());
            let target = String::from_utf8_lossy(&target.unwrap_or_default()).into_owned();
            (
                "a symbolic link",
                format!("it points at {target:?}: name the file itself with --path"),
            )
        }
        (Some(ObjectType::Blob), _) => return Ok(entry.id()),
        (Some(ObjectType::Tree), _) => ("a folder", "name a file in it with --path".to_owned()),
        _ => ("a submodule", "fetch from that repository itself".to_owned()),
    };
    Err(Error::from(SourceError::NotAFile {
        path: path.to_owned(),
        at: at.to_owned(),
        kind,
        advice,
    }))
}

fn none_known(tree: &Tree<'_>, at: &str) -> Error {
    let others: Vec<String> = paths(tree)
        .into_iter()
        .filter(|path| path.contains("ramp") && path.ends_with(".yml"))
        .take(5)
        .collect();
    let advice = match others.as_slice() {
        [] => "is this the right repository? another place can be named with --path".to_owned(),
        others => format!("there is {}: name it with --path", others.join(", ")),
    };
    let what = format!("no manifest at any of the known places ({})", KNOWN.join(", "));
    Error::from(SourceError::NoManifest { what, at: at.to_owned(), advice })
}

fn not_there(tree: &Tree<'_>, path: &str, known: &[String], at: &str) -> Error {
    let all = paths(tree);
    let mut near = nearest(path, all.iter().map(String::as_str), 3);
    let known = known.iter().map(String::as_str).filter(|place| !near.contains(place));
    let known: Vec<&str> = known.collect();
    near.extend(known);
    let advice = match near.as_slice() {
        [] => format!("none of its {} files has a path like that", all.len()),
        some => format!("there is {}", some.join(", ")),
    };
    Error::from(SourceError::NoManifest { what: format!("no {path}"), at: at.to_owned(), advice })
}

/// The paths of all files.
fn paths(tree: &Tree<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    let walked = tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
        if let (Some(ObjectType::Blob), Ok(name)) = (entry.kind(), entry.name()) {
            paths.push(format!("{folder}{name}"));
        }
        TreeWalkResult::Ok
    });
    // A tree that cannot be walked to its end still names what was seen; this is only for a hint.
    drop(walked);
    paths
}
