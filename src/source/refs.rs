//! The refs a repository has, as its server advertises them or as they lie on this machine.
//!
//! A value without behaviour beyond looking things up: it does not know where it came from.

use git2::Oid;
use semver::Version;

use crate::error::{Error, Said, SourceError};

/// All refs of a repository.
#[derive(Clone, Debug, Default)]
pub(super) struct Refs {
    /// `HEAD` among them, where there is one.
    pub list: Vec<Ref>,
    /// The branch `HEAD` stands for.
    pub head: Option<String>,
}

/// A ref: its full name and what it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ref {
    pub name: String,
    pub oid: Oid,
    /// What an annotated tag leads to in the end, where the server says so.
    pub peeled: Option<Oid>,
}

impl Refs {
    /// The ref of this full name.
    pub fn get(&self, name: &str) -> Option<&Ref> {
        self.list.iter().find(|one| one.name == name)
    }

    /// The names of all tags, without `refs/tags/`.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|one| one.name.strip_prefix("refs/tags/"))
    }

    /// The names of all branches, without `refs/heads/`.
    pub fn branches(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|one| one.name.strip_prefix("refs/heads/"))
    }

    /// What a clone would ask for: the objects of all branches and tags, each once.
    pub fn tips(&self) -> Vec<Oid> {
        let wanted = |one: &&Ref| {
            one.name == "HEAD"
                || one.name.starts_with("refs/heads/")
                || one.name.starts_with("refs/tags/")
        };
        let mut tips: Vec<Oid> = self.list.iter().filter(wanted).map(|one| one.oid).collect();
        tips.sort();
        tips.dedup();
        tips
    }

    /// The ref whose commit (or whose own object) has this id.
    pub fn pointing_at(&self, id: Oid) -> Option<&Ref> {
        self.list.iter().find(|one| one.oid == id || one.peeled == Some(id))
    }

    /// The one commit among the refs whose id begins with `digits`.
    pub fn commit_by_prefix(&self, digits: &str) -> Result<Option<&Ref>, Error> {
        let commit = |one: &Ref| one.peeled.unwrap_or(one.oid);
        let begins = |one: &&Ref| commit(one).to_string().starts_with(digits);
        let mut found: Vec<&Ref> = self.list.iter().filter(begins).collect();
        found.sort_by_key(|one| commit(one));
        found.dedup_by_key(|one| commit(one));
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            more => Err(Error::from(SourceError::AmbiguousCommit {
                digits: digits.to_owned(),
                candidates: more
                    .iter()
                    .map(|one| format!("{} ({})", commit(one), one.name))
                    .collect(),
            })),
        }
    }
}

/// A full object id, or nothing: `Oid::from_str` alone would take a short one and fill it up.
pub(super) fn full_id(text: &str) -> Option<Oid> {
    (text.len() == 40).then(|| text.parse().ok()).flatten()
}

/// What libgit2 said, without its codes.
impl From<git2::Error> for Said {
    fn from(error: git2::Error) -> Self {
        Self::new(error.message())
    }
}

/// The version a tag names: `v1.2.3` or `1.2.3`.
pub(super) fn version(tag: &str) -> Option<Version> {
    Version::parse(tag.strip_prefix(['v', 'V']).unwrap_or(tag)).ok()
}
