//! `ramp.lock`: where a manifest comes from, exactly.
//!
//! In and out: a YAML file of six keys beside the manifest. With it a manifest can be fetched again
//! as it was, an edited one is told from a fetched one, and a bundle names its commit. It never holds
//! a login.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use git2::Oid;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Address, Reference, Wanted, manifest_path};
use crate::digest::Sha256;
use crate::error::Error;
use crate::input;

const HEADER: &str =
    "# Written by rampkit fetch: where the manifest beside this file comes from.\n";

/// Where a manifest comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping, as rampkit fetch writes it")]
pub struct Lock {
    /// The repository as it was named, without any login.
    pub repository: String,
    /// The full name of the ref, or the commit's id where that was asked for.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The commit, through all tags.
    #[serde(with = "object_id")]
    pub commit: Oid,
    /// The path of the manifest in the repository.
    pub path: String,
    /// The manifest's id there.
    #[serde(with = "object_id")]
    pub blob: Oid,
    /// The digest of the manifest's bytes.
    #[serde(deserialize_with = "digest")]
    pub sha256: Sha256,
}

impl Lock {
    /// The path of the lock that belongs to the manifest at `manifest`: `ramp.lock` beside
    /// `ramp.yml`, and for a manifest of another name a lock of that name.
    pub fn beside(manifest: &Path) -> PathBuf {
        manifest.with_extension("lock")
    }

    /// Reads the lock at `path`; nothing, if there is none.
    ///
    /// # Errors
    /// Those of [`input::open`] and [`input::text`], and [`Error::BadText`] where it is not a lock.
    pub fn read(path: &Path) -> Result<Option<Self>, Error> {
        let file = match input::open(path) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            opened => opened?,
        };
        let text = input::text(file, path)?;
        serde_yaml::from_str(&text).map(Some).map_err(|error| Error::yaml(path, &text, &error))
    }

    /// Can this lock be what came of fetching that? Where a ref pointed then is not asked.
    pub fn answers(&self, address: &Address, reference: &Reference, wanted: &Wanted) -> bool {
        let is_path = match wanted {
            Wanted::At(path) => self.path == manifest_path::plain(path),
            Wanted::First | Wanted::All => true,
        };
        is_path && self.repository == address.to_string() && reference.may_be(self)
    }

    /// Does this lock speak of a manifest with these bytes?
    pub fn describes(&self, manifest: &[u8]) -> bool {
        self.sha256 == Sha256::of(manifest)
    }

    /// The file's text.
    pub(super) fn to_yaml(&self) -> String {
        let yaml = serde_yaml::to_string(self).expect("six strings can be written as YAML");
        format!("{HEADER}{yaml}")
    }
}

/// An object id as its 40 hex digits.
mod object_id {
    use git2::Oid;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(id: &Oid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Oid, D::Error> {
        super::read(deserializer, |text| {
            let wrong = || format!("an object id has 40 hex digits, this is {text:?}");
            crate::source::refs::full_id(text).ok_or_else(wrong)
        })
    }
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sha256, D::Error> {
    read(deserializer, |text| Sha256::try_from(text.to_owned()))
}

/// What a text says; an error has its place.
fn read<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(parse))
}

struct Text<P>(P);

impl<T, E: fmt::Display, P: Fn(&str) -> Result<T, E>> Visitor<'_> for Text<P> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<F: serde::de::Error>(self, text: &str) -> Result<T, F> {
        self.0(text).map_err(F::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn written_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = Lock::beside(&folder.path().join("ramp.yml"));
        let id = |digits: &str| digits.repeat(20).parse::<Oid>().unwrap();
        let lock = Lock {
            repository: "git@h:o/r: #1".to_owned(),
            reference: "refs/tags/1.0".to_owned(),
            commit: id("12"),
            path: "ä b/ramp.yml".to_owned(),
            blob: id("1e"),
            sha256: Sha256::of(b"x"),
        };
        assert_eq!(Lock::read(&path).unwrap(), None);
        fs::write(&path, lock.to_yaml()).unwrap();
        assert_eq!(Lock::read(&path).unwrap(), Some(lock));
        assert_eq!(Lock::beside(Path::new("ramp.yml")), Path::new("ramp.lock"));
    }
}
