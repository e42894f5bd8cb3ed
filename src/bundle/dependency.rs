//! Dependencies on their way into a bundle.
//!
//! In: the dependencies as the manifest gives them, and its folder. Out: the same as `module.json`
//! says them, and an entry for each that is embedded. Where a url is known the entry is named as its
//! file, since that is where Redis Enterprise 8 looks; the reference packer names it after the
//! dependency, which works only where the two are equal.

use std::path::Path;

use super::Request;
use crate::archive::tgz;
use crate::digest::Sha256;
use crate::error::{BundleError, Error, IoContext};
use crate::manifest::{Dependencies, Dependency, expand};
use crate::tree::{Content, Entry, Tree};

/// Embeds each dependency that has a local path, and checks the others.
///
/// # Errors
/// [`BundleError::BadDependency`], and those of reading its files.
pub fn embed(
    dependencies: &mut Dependencies,
    folder: &Path,
    request: &Request,
    into: &mut Tree,
) -> Result<(), Error> {
    for (name, dependency) in dependencies {
        let bad = |why: String| Error::from(BundleError::BadDependency { name: name.clone(), why });
        let Some(local) = dependency.local_path.take() else {
            if dependency.url.is_none() || dependency.sha256.is_none() {
                return Err(
                    bad("it needs a url and a sha256, or a local_path to embed".to_owned()),
                );
            }
            continue;
        };
        let path = entry_path(name, dependency).map_err(bad)?;
        if into.entries.iter().any(|entry: &Entry| entry.path == path) {
            return Err(bad(format!(
                "another one is embedded as {path} already; give it a url with a file name of its own"
            )));
        }
        let place = format!("the local_path of dependency {name}");
        let local = expand(&local).map_err(|name| BundleError::NoVariable { name, place })?;
        let local = folder.join(local);
        if !local.exists() {
            return Err(bad(format!("there is no {}, its local_path", local.display())));
        }
        let (content, digest) = archive(&local, request)?;
        dependency.sha256 = Some(digest);
        into.push(path, content, false);
    }
    Ok(())
}

/// The entry that a dependency is embedded as.
///
/// # Errors
/// Why there is no name for it.
pub fn entry_path(name: &str, dependency: &Dependency) -> Result<String, String> {
    let file = match &dependency.url {
        Some(url) => {
            let path = url.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('/').next().unwrap_or_default().to_owned()
        }
        None => format!("{name}.tgz"),
    };
    if matches!(file.as_str(), "" | "." | "..") || file.contains(['/', '\\', '\0']) {
        return Err(format!("{file:?}, the last part of its url, cannot be the name of its entry"));
    }
    Ok(format!("deps/{file}"))
}

/// A .tgz of the file or folder at `path`, in a file without a name.
fn archive(path: &Path, request: &Request) -> Result<(Content, Sha256), Error> {
    let tree = Tree::of(path)?;
    let file = tempfile::tempfile().at("write in", tempfile::env::temp_dir())?;
    request.meter.begin("Archiving", path.display().to_string(), Some(tree.size()?));
    let digest = tgz::write(&tree, &request.settings, &request.meter, &file)?;
    Ok((Content::Unnamed(file), digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_named_as_the_file_of_its_url() {
        let path = |url: Option<&str>| {
            entry_path(
                "gears_v8",
                &Dependency { url: url.map(str::to_owned), ..Dependency::default() },
            )
        };
        assert_eq!(path(None).unwrap(), "deps/gears_v8.tgz");
        assert_eq!(path(Some("https://h/a/plugin.1.2.tgz?x=1#y")).unwrap(), "deps/plugin.1.2.tgz");
        assert!(path(Some("https://h/a/")).is_err());
        assert!(path(Some("https://h/a/..")).is_err());
    }
}
