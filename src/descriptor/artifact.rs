//! One file or folder that a Dockerfile copies.
//!
//! In: what `--artifact` was given, or the path of a bundle. Out: an [`Artifact`], or the name that
//! a bundle has in its container. Whether the file exists is not known here.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::error::{Error, IoContext};

/// The owner of what is copied where nobody says otherwise: Redis Enterprise's own user.
pub const DEFAULT_USER: &str = "redislabs:redislabs";

/// What `$REDIS_MODULES` is in a Dockerfile where nobody says otherwise: Redis Enterprise's own folder.
pub const REDIS_MODULES: &str = "/opt/redislabs/lib/modules";

/// A file or folder in the module's image. What is `None` was not given: it stays as it is in an
/// entry that exists, and gets its default in a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its path in the image; `$REDIS_MODULES` may stand in it.
    pub source: String,
    /// Where it shall go; the module folder by default.
    pub target: Option<String>,
    /// Its owner, `user:group`; [`DEFAULT_USER`] by default.
    pub user: Option<String>,
}

/// The text is not `SOURCE[:TARGET]`.
#[derive(Debug, thiserror::Error)]
#[error("an artifact is SOURCE or SOURCE:TARGET, neither of them empty")]
pub struct NotAnArtifact;

impl FromStr for Artifact {
    type Err = NotAnArtifact;

    fn from_str(text: &str) -> Result<Self, NotAnArtifact> {
        let parts: Vec<&str> = text.split(':').collect();
        let (source, target) = match parts[..] {
            [source] => (source, None),
            [source, target] => (source, Some(target)),
            _ => return Err(NotAnArtifact),
        };
        if source.is_empty() || target == Some("") {
            return Err(NotAnArtifact);
        }
        Ok(Self { source: source.to_owned(), target: target.map(str::to_owned), user: None })
    }
}

/// What a Dockerfile calls the bundle at `file`: `$REDIS_MODULES/<file>` where it lies in
/// [`REDIS_MODULES`], or in the folder that the variable names here (`redis_modules`), else its absolute
/// path: the variable is that of the image to come, whatever other folders for modules an image has.
///
/// # Errors
/// [`Error::Io`] where the current folder is unknown; [`Error::NotUtf8`].
pub fn source_in_container(file: &Path, redis_modules: Option<&Path>) -> Result<String, Error> {
    let file = std::path::absolute(file).at("find", file)?;
    let folder = real(file.parent().unwrap_or(Path::new("/")));
    let name = file.file_name().unwrap_or_default();
    let mut named = [Path::new(REDIS_MODULES)].into_iter().chain(redis_modules);
    let source = if named.any(|named| folder == real(named)) {
        Path::new("$REDIS_MODULES").join(name)
    } else {
        folder.join(name)
    };
    source.into_os_string().into_string().map_err(|source| Error::NotUtf8 { path: source.into() })
}

/// The folder without links and `..`, where it exists.
fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_and_target() {
        let parse = |text: &str| text.parse::<Artifact>().map(|a| (a.source, a.target)).ok();
        assert_eq!(parse("/a/b.so"), Some(("/a/b.so".into(), None)));
        assert_eq!(parse("$M/p:$M/q"), Some(("$M/p".into(), Some("$M/q".into()))));
        for bad in ["", ":", "a:", ":b", "a:b:c"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_name_in_the_container() {
        let own = tempfile::tempdir().unwrap();
        let folder = own.path().canonicalize().unwrap();
        let source = |file: &Path, named| source_in_container(file, named).unwrap();
        let bundle = folder.join("x.zip");
        assert_eq!(source(&bundle, None), bundle.display().to_string());
        assert_eq!(source(&bundle, Some(&folder)), "$REDIS_MODULES/x.zip");
        std::fs::create_dir(folder.join("sub")).unwrap();
        assert_eq!(source(&folder.join("sub/../x.zip"), Some(&folder)), "$REDIS_MODULES/x.zip");
        assert_eq!(source(&Path::new(REDIS_MODULES).join("x.zip"), None), "$REDIS_MODULES/x.zip");
        let other = "/no/such/redis/modules/x.zip";
        assert_eq!(source(Path::new(other), None), other);
    }
}
