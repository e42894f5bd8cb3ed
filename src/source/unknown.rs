//! What to say of a ref that a repository does not have.
//!
//! In: the name a person typed and the refs there are. Out: an error whose hint names the nearest:
//! for a version the tags next to it, else those that are spelled alike.

use semver::Version;

use super::refs::{Refs, version};
use crate::error::{Error, SourceError};
use crate::nearest::nearest;
use crate::wording::tame;

const SHOWN: usize = 3;

const EMPTY: &str = "it is empty: nothing was ever pushed to it";

/// The repository has no ref of this name.
pub(super) fn reference(name: &str, refs: &Refs, repository: &str) -> Error {
    let short = ["refs/tags/", "tags/", "refs/heads/", "heads/", "refs/"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    let advice = if refs.list.is_empty() {
        EMPTY.to_owned()
    } else if name.contains("heads/") {
        branches(short, refs)
    } else if let Some(version) = version(short) {
        versions(&version, short, refs)
    } else if name.contains("tags/") {
        tags(nearest(short, refs.tags(), SHOWN), refs)
    } else {
        let tags = tags(nearest(short, refs.tags(), SHOWN), refs);
        let word = word(name).map(|word| format!("; or is it `{word}`?")).unwrap_or_default();
        format!("{tags}; {}{word}", branches(short, refs))
    };
    unknown(format!("ref {name}"), repository, advice)
}

/// The word for a ref that was meant, perhaps.
fn word(name: &str) -> Option<&'static str> {
    let latest = nearest(name, ["latest"], 1).first().copied();
    latest.or(name.eq_ignore_ascii_case("HEAD").then_some("HEAD"))
}

/// No tag of the repository names a version.
pub(super) fn no_release(refs: &Refs, repository: &str) -> Error {
    let few: Vec<&str> = refs.tags().take(SHOWN).collect();
    let advice = match few.as_slice() {
        [] if refs.list.is_empty() => EMPTY.to_owned(),
        [] => "it has no tags at all; name a branch or a commit".to_owned(),
        few => format!(
            "none of its {} names a version like v1.2.3; name one of them, as {}",
            count(refs.tags(), "tag", "tags"),
            few.join(" or ")
        ),
    };
    unknown("release that `latest` could mean".to_owned(), repository, advice)
}

/// The repository has no commit of this id.
pub(super) fn commit(id: &str, repository: &str) -> Error {
    let advice = "check the id, and whether that commit was pushed to this repository";
    unknown(format!("commit {id}"), repository, advice.to_owned())
}

fn unknown(reference: String, repository: &str, advice: String) -> Error {
    let (repository, advice) = (repository.to_owned(), tame(&advice));
    Error::from(SourceError::UnknownRef { reference, repository, advice })
}

fn versions(typed: &Version, short: &str, refs: &Refs) -> String {
    let mut advice = tags(nearest_versions(typed, refs), refs);
    if !has_line(typed, refs) {
        let line = short.rsplit_once('.').map_or(short, |(line, _)| line);
        advice.push_str(&format!("; no tag begins with {line}: is this the right repository?"));
    }
    advice
}

fn tags(near: Vec<&str>, refs: &Refs) -> String {
    some(near, refs.tags(), "tag", "tags")
}

fn branches(short: &str, refs: &Refs) -> String {
    some(nearest(short, refs.branches(), SHOWN), refs.branches(), "branch", "branches")
}

/// Is there a version of the same major and minor number?
fn has_line(typed: &Version, refs: &Refs) -> bool {
    let same = |other: Version| (other.major, other.minor) == (typed.major, typed.minor);
    refs.tags().filter_map(version).any(same)
}

fn nearest_versions<'a>(typed: &Version, refs: &'a Refs) -> Vec<&'a str> {
    let mut near: Vec<_> = refs
        .tags()
        .filter_map(|tag| Some((version(tag)?, tag)))
        .map(|(other, tag)| (distance(typed, &other), !other.pre.is_empty(), tag))
        .collect();
    near.sort();
    near.into_iter().take(SHOWN).map(|(.., tag)| tag).collect()
}

/// Orders versions by how near they are to `typed`. Below a number that differs, the next numbers
/// count from its end: 1.2.13 is nearer to 1.99.7 than 1.2.7 is.
fn distance(typed: &Version, other: &Version) -> [u64; 3] {
    let numbers = |version: &Version| [version.major, version.minor, version.patch];
    let (from, to) = (numbers(typed), numbers(other));
    let differs = (0..3).find(|n| from[*n] != to[*n]).unwrap_or(3);
    std::array::from_fn(|n| match n > differs {
        false => from[n].abs_diff(to[n]),
        true if other < typed => u64::MAX - to[n],
        true => to[n],
    })
}

/// "it has 45 tags, the nearest are a, b", as far as there are some; all, where they are few.
fn some<'a>(near: Vec<&str>, all: impl Iterator<Item = &'a str>, one: &str, many: &str) -> String {
    let all: Vec<&str> = all.collect();
    let count = format!("it has {}", count(all.iter().copied(), one, many));
    match near.as_slice() {
        [] if (1..=SHOWN).contains(&all.len()) => format!("{count}: {}", all.join(", ")),
        [] => count,
        [nearest] => format!("{count}, the nearest is {nearest}"),
        near => format!("{count}, the nearest are {}", near.join(", ")),
    }
}

fn count<'a>(all: impl Iterator<Item = &'a str>, one: &str, many: &str) -> String {
    match all.count() {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}
