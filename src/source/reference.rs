//! Which commit is meant.
//!
//! In: what a person types for REF, and the refs a repository has. Out: what to ask that repository
//! for, or an error that names what is near. The rules are git's own (gitrevisions(7)): a full id
//! is an id, then `refs/NAME`, then a tag, then a branch, then an abbreviated id. `latest` is ours.

use std::fmt;
use std::str::FromStr;

use git2::Oid;

use super::refs::{Ref, Refs, full_id, version};
use super::{Address, Lock, unknown};
use crate::error::Error;
use crate::warning::Warning;

/// Before the name of a ref, in the order in which git looks.
const PLACES: [&str; 4] = ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];

/// A ref or a commit as a person named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The highest release.
    Latest,
    /// A commit by its full id.
    Commit(Oid),
    /// A tag, a branch, a ref by its full name, or an abbreviated commit id.
    Name(String),
}

/// What to ask a repository for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A ref it has, by its full name.
    Ref(Ref),
    /// An object that need not be a tip.
    Commit(Oid),
    /// The first digits of a commit's id.
    Prefix(String),
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        if typed == "latest" {
            return Ok(Self::Latest);
        }
        if let Some(id) = full_id(typed) {
            return Ok(Self::Commit(id));
        }
        if typed.contains("://") {
            let address: Address = typed.parse()?;
            let order = "the repository comes first, then what of it";
            return Err(Error::Usage(format!("{address} stands where a REF should: {order}")));
        }
        match git2::Reference::is_valid_name(&format!("refs/{typed}")) {
            true => Ok(Self::Name(typed.to_owned())),
            false => Err(Error::Usage(format!(
                "{typed:?} is no ref: name a tag, a branch, a commit id, or `latest`"
            ))),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Commit(id) => id.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Reference {
    /// What the full names of all refs begin with that [`resolve`](Self::resolve) looks at; nothing
    /// for a commit, which needs none.
    pub(super) fn prefixes(&self) -> Vec<String> {
        match self {
            Self::Commit(_) => Vec::new(),
            Self::Latest => vec!["refs/tags/".to_owned(), "refs/heads/latest".to_owned()],
            Self::Name(name) if name == "HEAD" || name.starts_with("refs/") => vec![name.clone()],
            Self::Name(name) => PLACES.map(|place| format!("{place}{name}")).to_vec(),
        }
    }

    /// Whether it can have led to the ref or the commit of `lock`, whatever there was at that time.
    pub(super) fn may_be(&self, lock: &Lock) -> bool {
        let (name, commit) = (&lock.reference, lock.commit.to_string());
        match self {
            Self::Latest => name.starts_with("refs/tags/"),
            Self::Commit(id) => [name, &commit].contains(&&id.to_string()),
            Self::Name(typed) => {
                let full = PLACES.iter().map(|place| format!("{place}{typed}"));
                let is_named = full.chain([typed.clone()]).any(|full| full == *name);
                let is_commit = is_abbreviation(typed) && commit.starts_with(&typed.to_lowercase());
                is_named || is_commit || typed == "HEAD"
            }
        }
    }

    /// Finds what is meant among `refs`; `repository` is for the error.
    pub(super) fn resolve(
        &self,
        refs: &Refs,
        repository: &str,
        warnings: &mut Vec<Warning>,
    ) -> Result<Target, Error> {
        match self {
            Self::Latest => latest(refs, warnings)
                .map(Target::Ref)
                .ok_or_else(|| unknown::no_release(refs, repository)),
            Self::Commit(id) => Ok(Target::Commit(*id)),
            Self::Name(name) => match by_name(name, refs, warnings) {
                Some(found) => Ok(Target::Ref(found)),
                None if is_abbreviation(name) => Ok(Target::Prefix(name.to_lowercase())),
                None => Err(unknown::reference(name, refs, repository)),
            },
        }
    }
}

fn by_name(name: &str, refs: &Refs, warnings: &mut Vec<Warning>) -> Option<Ref> {
    if name == "HEAD" {
        let head = refs.get("HEAD")?;
        let name = refs.head.as_ref().unwrap_or(&head.name).clone();
        return Some(Ref { name, ..head.clone() });
    }
    let full = name.starts_with("refs/").then(|| name.to_owned());
    let places = PLACES.iter().map(|place| format!("{place}{name}"));
    let found: Vec<&Ref> = full.into_iter().chain(places).filter_map(|it| refs.get(&it)).collect();
    if let [first, second, ..] = found.as_slice() {
        let message = format!("{name} is both {} and {}: took {0}", first.name, second.name);
        let advice = format!("say {} if that is what you mean", &second.name["refs/".len()..]);
        warnings.push(Warning::new(message.replace("{0}", &first.name)).advise(advice));
    }
    found.first().map(|one| (*one).clone())
}

/// 4 to 39 hex digits: git takes no fewer.
fn is_abbreviation(name: &str) -> bool {
    (4..40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The tag of the highest release; of the highest pre-release where there is no release.
fn latest(refs: &Refs, warnings: &mut Vec<Warning>) -> Option<Ref> {
    for kind in ["tags/latest", "heads/latest"] {
        if refs.get(&format!("refs/{kind}")).is_some() {
            let message = format!("there is also a ref {kind}; `latest` means the highest release");
            warnings.push(Warning::new(message).advise(format!("say {kind} for that ref")));
        }
    }
    let versions = refs.tags().filter_map(|tag| Some((version(tag)?, tag)));
    let (_, tag) = versions.max_by(|(a, x), (b, y)| {
        a.pre.is_empty().cmp(&b.pre.is_empty()).then_with(|| a.cmp(b)).then_with(|| x.cmp(y))
    })?;
    refs.get(&format!("refs/tags/{tag}")).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Sha256;

    fn refs(names: &[&str]) -> Refs {
        let oid = |n: usize| format!("{n:040x}").parse().unwrap();
        let one = |(n, name): (usize, &&str)| Ref {
            name: (*name).to_owned(),
            oid: oid(n + 1),
            peeled: None,
        };
        let list = names.iter().enumerate().map(one).collect();
        Refs { list, head: Some("refs/heads/main".to_owned()) }
    }

    fn found(typed: &str, refs: &Refs) -> (Option<String>, usize) {
        let mut warnings = Vec::new();
        let reference: Reference = typed.parse().unwrap();
        let name = match reference.resolve(refs, "r", &mut warnings) {
            Ok(Target::Ref(one)) => Some(one.name),
            _ => None,
        };
        (name, warnings.len())
    }

    #[test]
    fn names_are_found_in_gits_order() {
        let refs = refs(&[
            "HEAD",
            "refs/heads/main",
            "refs/heads/v1",
            "refs/tags/v1",
            "refs/heads/beef",
            "refs/pull/7/head",
        ]);
        for (typed, name, warnings) in [
            ("HEAD", Some("refs/heads/main"), 0),
            ("main", Some("refs/heads/main"), 0),
            ("heads/v1", Some("refs/heads/v1"), 0),
            ("tags/v1", Some("refs/tags/v1"), 0),
            ("v1", Some("refs/tags/v1"), 1),
            ("refs/pull/7/head", Some("refs/pull/7/head"), 0),
            ("pull/7/head", Some("refs/pull/7/head"), 0),
            ("beef", Some("refs/heads/beef"), 0),
            ("refs/heads/none", None, 0),
        ] {
            assert_eq!(found(typed, &refs), (name.map(str::to_owned), warnings), "{typed}");
        }
    }

    #[test]
    fn no_more_refs_are_asked_for_than_are_looked_at() {
        for (typed, prefixes) in [
            ("v1", &["refs/v1", "refs/tags/v1", "refs/heads/v1", "refs/remotes/v1"][..]),
            ("refs/heads/x", &["refs/heads/x"]),
            ("HEAD", &["HEAD"]),
            ("latest", &["refs/tags/", "refs/heads/latest"]),
            ("0123456789012345678901234567890123456789", &[]),
        ] {
            assert_eq!(typed.parse::<Reference>().unwrap().prefixes(), prefixes);
        }
    }

    #[test]
    fn latest_is_the_highest_release() {
        for (tags, expected) in [
            (&["v1.9.0", "v1.10.0", "v2.0.0-m1", "2", "zzz"][..], Some("v1.10.0")),
            (&["v2.0.0-rc1", "v2.0.0-rc2", "x"][..], Some("v2.0.0-rc2")),
            (&["x", "v1.2"][..], None),
        ] {
            let names: Vec<String> = tags.iter().map(|tag| format!("refs/tags/{tag}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let expected = expected.map(|tag| format!("refs/tags/{tag}"));
            assert_eq!(found("latest", &refs(&names)), (expected, 0));
        }
    }

    #[test]
    fn what_a_lock_can_be_of() {
        let commit = "12ab".repeat(10);
        let lock = |name: &str| Lock {
            repository: "r".to_owned(),
            reference: name.to_owned(),
            commit: commit.parse().unwrap(),
            path: "ramp.yml".to_owned(),
            blob: commit.parse().unwrap(),
            sha256: Sha256::of(b""),
        };
        let other = "1".repeat(40);
        for (typed, name, may_be) in [
            ("v1", "refs/tags/v1", true),
            ("tags/v1", "refs/tags/v1", true),
            ("refs/tags/v1", "refs/tags/v1", true),
            ("v1", "refs/heads/v1", true),
            ("v1", "refs/tags/v10", false),
            ("heads/v1", "refs/tags/v1", false),
            ("latest", "refs/tags/v1", true),
            ("latest", "refs/heads/latest", false),
            ("HEAD", "refs/heads/main", true),
            (&commit, &commit, true),
            (&commit, "refs/heads/main", true),
            (&other, &commit, false),
            ("12AB12", &commit, true),
            ("12ab13", &commit, false),
        ] {
            let reference: Reference = typed.parse().unwrap();
            assert_eq!(reference.may_be(&lock(name)), may_be, "{typed} {name}");
        }
    }

    #[test]
    fn what_is_no_ref_is_refused() {
        for typed in ["", "HEAD~1", "a..b", "v1^{}", "a b", "-x:y", "x.lock"] {
            assert!(typed.parse::<Reference>().is_err(), "{typed}");
        }
    }
}
