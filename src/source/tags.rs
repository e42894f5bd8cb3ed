//! The tags of a repository, and when they were made.
//!
//! In: an [`Address`]. Out: its [`Tags`], the highest version last. A repository of this machine is
//! read in place. Any other is asked for the list, which has names and ids; and then, where its server
//! leaves out folders and files, for the tags and commits themselves, which have the dates.

use std::time::Instant;

use git2::{Commit, Oid, Repository};

use super::address::Place;
use super::refs::{Ref, Refs, version};
use super::wire::{self, Answer, Depth, Filter, Limits, Request, Server};
use super::{Access, Address, Route, Way, instead_of, local, remote, unreadable};
use crate::error::{Error, SourceError};
use crate::warning::Warning;

const PREFIX: &str = "refs/tags/";

/// So many tags of a server are asked for their dates, the highest. One takes some 340 bytes, or 470
/// where it is annotated, and 50 for the question; in the list it takes 60 or 110. So the dates are at
/// most half a megabyte, whatever a repository has; those of modules have fewer tags.
const DATED: usize = 1000;

/// The tags of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tags {
    /// Names that are no version first, in their natural order; then by version, the highest last.
    pub list: Vec<Tag>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// How the list came here; nothing for a repository of this machine, which is read in place.
    pub route: Option<Route>,
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
/// [`SourceError`], and [`Error::Io`] for a temporary folder. That dates
/// do not come is a warning.
pub fn tags(address: &Address, access: &Access) -> Result<Tags, Error> {
    let shown = address.to_string();
    let address = address.rewritten(instead_of::by_configuration)?;
    let Place::Local(folder) = address.place() else {
        return from_server(address.place(), &shown, access);
    };
    let repository = local::open(folder, &shown)?;
    let refs = local::refs(&repository).map_err(|error| unreadable(error, &shown))?;
    let list = sorted(refs).iter().map(|one| Tag::read(one, &repository)).collect();
    Ok(Tags { list, warnings: Vec::new(), route: None })
}

fn from_server(place: &Place, shown: &str, access: &Access) -> Result<Tags, Error> {
    if access.offline {
        let repository = shown.to_owned();
        return Err(Error::from(SourceError::UnlistedOffline { repository }));
    }
    let began = Instant::now();
    let mut server = wire::connect(place, shown, access.cacert.as_deref())?;
    let refs = sorted(server.refs(&[PREFIX.to_owned()])?);
    let (_folder, repository) = remote::temporary(shown)?;
    let highest = &refs[refs.len().saturating_sub(DATED)..];
    let (way, warnings) = match objects(&mut server, highest, &repository) {
        Ok(way) => (way, Vec::new()),
        Err(error) => (Way::Refs, vec![undated(&error)]),
    };
    let list = refs.iter().map(|one| Tag::read(one, &repository)).collect();
    let route = Some(Route::by(way, Some(&server), began));
    Ok(Tags { list, warnings, route })
}

fn undated(error: &Error) -> Warning {
    let why = std::error::Error::source(error).map(|source| format!(": {source}"));
    let why = why.unwrap_or_default();
    Warning::new(format!("the dates of the tags did not come: {error}{why}"))
}

/// Fetches what `tags` point at, and the commits these lead to, where nothing else comes with it; how
/// far that went.
fn objects(server: &mut Server, tags: &[Ref], into: &Repository) -> Result<Way, Error> {
    let abilities = server.abilities();
    let mut wants: Vec<Oid> = tags.iter().map(|tag| tag.oid).collect();
    wants.sort();
    wants.dedup();
    if !abilities.filter || !abilities.shallow || wants.is_empty() {
        return Ok(Way::Refs);
    }
    let (filter, limits) = (Some(Filter::TreeZero), Limits::FEW);
    // It is for the dates alone, so nothing else is tried where the server says no.
    let wanted = Request { wants: &wants, depth: Depth::One, filter, limits };
    Ok(match server.fetch(wanted, into)? {
        Answer::Objects => Way::TreeZero,
        _ => Way::Refs,
    })
}

/// The tags among `refs`, in the order of [`Tags::list`].
fn sorted(mut refs: Refs) -> Vec<Ref> {
    refs.list.retain(|one| one.name.starts_with(PREFIX));
    refs.list.sort_by_cached_key(|one| (version(short(one)), natural(short(one))));
    refs.list
}

/// Its name without `refs/tags/`.
fn short(tag: &Ref) -> &str {
    tag.name.strip_prefix(PREFIX).unwrap_or(&tag.name)
}

impl Tag {
    /// What the objects of a tag tell, as far as `repository` has them; else what the ref tells.
    fn read(tag: &Ref, repository: &Repository) -> Self {
        let name = short(tag).to_owned();
        let Ok(object) = repository.find_object(tag.oid, None) else {
            let commit = Some(tag.peeled.unwrap_or(tag.oid));
            return Self { name, commit, date: None, annotated: tag.peeled.is_some() };
        };
        let commit = object.peel_to_commit().ok();
        let tagged = object.as_tag().and_then(|tag| Some(tag.tagger()?.when()));
        let made = tagged.or_else(|| Some(commit.as_ref()?.committer().when()));
        Self {
            name,
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
            ["", "01", "1", "1.10.1.1", "2", "009", "10", "a", "b2", "b10", "b10-a", "b10c", "ä"];
        for pair in sorted.windows(2) {
            assert!(natural(pair[0]) < natural(pair[1]), "{pair:?}");
        }
    }
}
