//! The tags of a repository, and when they were made.
//!
//! In: an [`Address`]. Out: its [`Tags`], the highest version last. A repository of this machine is
//! read in place. Any other is asked for the list, which has names and ids, and nothing else.

use std::path::Path;

use git2::{Commit, Oid, Repository};

use super::address::Place;
use super::refs::{Ref, Refs, version};
use super::{Access, Address, instead_of, local, unreadable, wire};
use crate::error::Error;

/// The tags of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    /// Names that are no version first, in their natural order; then by version, the highest last.
    pub list: Vec<Tag>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Without `refs/tags/`.
    pub name: String,
    /// What it leads to; nothing where that is no commit, as far as it is known: the list of a server
    /// does not say what its ids are of.
    pub commit: Option<Oid>,
    /// In seconds since 1970, where it is known: when an annotated tag was made, or else the commit.
    pub date: Option<i64>,
    /// Is it an object of its own, with a message?
    pub annotated: bool,
}

/// Lists the tags of the repository at `address`.
///
/// # Errors
/// [`SourceError`](crate::error::SourceError).
pub fn tags(address: &Address, access: &Access) -> Result<Tags, Error> {
    let shown = address.to_string();
    let mut list = match address.rewritten(instead_of::by_configuration)?.place() {
        Place::Local(folder) => in_place(folder, &shown)?,
        place => from_server(place, &shown, access)?,
    };
    list.sort_by_cached_key(|tag| (version(&tag.name), natural(&tag.name)));
    Ok(Tags { list })
}

fn in_place(folder: &Path, shown: &str) -> Result<Vec<Tag>, Error> {
    let repository = local::open(folder, shown)?;
    let refs = local::refs(&repository).map_err(|error| unreadable(error, shown))?;
    Ok(of(&refs).map(|(name, one)| Tag::read(name, one, &repository)).collect())
}

fn from_server(place: &Place, shown: &str, access: &Access) -> Result<Vec<Tag>, Error> {
    let mut server = wire::connect(place, shown, access.cacert.as_deref())?;
    let refs = server.refs(&["refs/tags/".to_owned()])?;
    Ok(of(&refs).map(|(name, one)| Tag::told(name, one)).collect())
}

/// The tags among `refs`, with their short names.
fn of(refs: &Refs) -> impl Iterator<Item = (&str, &Ref)> {
    refs.list.iter().filter_map(|one| Some((one.name.strip_prefix("refs/tags/")?, one)))
}

impl Tag {
    /// What the list of a server tells of a tag.
    fn told(name: &str, one: &Ref) -> Self {
        Self {
            name: name.to_owned(),
            commit: Some(one.peeled.unwrap_or(one.oid)),
            date: None,
            annotated: one.peeled.is_some(),
        }
    }

    /// What the objects of a tag tell, as far as `repository` has them.
    fn read(name: &str, one: &Ref, repository: &Repository) -> Self {
        let Ok(object) = repository.find_object(one.oid, None) else {
            return Self::told(name, one);
        };
        let commit = object.peel_to_commit().ok();
        let tagged = object.as_tag().and_then(|tag| Some(tag.tagger()?.when()));
        let made = tagged.or_else(|| Some(commit.as_ref()?.committer().when()));
        Self {
            name: name.to_owned(),
            commit: commit.as_ref().map(Commit::id),
            date: made.map(|made| made.seconds()),
            annotated: object.as_tag().is_some(),
        }
    }
}

/// A part of a name, in an order in which 10 comes after 9.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// How many digits there are, without zeros before them; the digits; and with those zeros.
    Number(usize, String, String),
    Text(String),
}

fn natural(name: &str) -> Vec<Part> {
    let parts = name.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let part = |part: &[u8]| {
        let text = String::from_utf8_lossy(part).into_owned();
        match part[0].is_ascii_digit() {
            false => Part::Text(text),
            true => {
                let number = text.trim_start_matches('0').to_owned();
                Part::Number(number.len(), number, text)
            }
        }
    };
    parts.map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_numbers() {
        let sorted =
            ["", "1", "01", "1.10.1.1", "2", "009", "10", "a", "b2", "b10", "b10-a", "b10c", "ä"];
        for pair in sorted.windows(2) {
            assert!(natural(pair[0]) < natural(pair[1]), "{pair:?}");
        }
    }
}
