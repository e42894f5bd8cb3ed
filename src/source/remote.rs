//! A repository somewhere else: the least that its server lets us fetch, into a temporary one.
//!
//! In: a place and a reference. Out: the commit that is meant, and [`Remote`]: who is asked for what it
//! leads to. A ref is always asked for anew, and a commit by its full id only where the cache does not
//! have it. How objects are asked for is the business of `ways`.

use std::collections::VecDeque;
use std::time::Instant;

use git2::{Oid, Repository, RepositoryInitOptions};

use super::address::Place;
use super::kept::Kept;
use super::objects::Objects;
use super::reference::Target;
use super::refs::Refs;
use super::wire::{self, Server};
use super::{Access, Found, Reference, Route, Way, unknown};
use crate::cache::Cache;
use crate::error::{Error, SourceError};
use crate::scratch::{self, Scratch};
use crate::warning::Warning;

/// How much of a commit is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// A few objects, as it turns out.
    Few,
    /// All its files.
    All,
}

/// A repository of a server.
pub(super) struct Remote {
    place: Place,
    pub shown: String,
    pub reference: Reference,
    pub access: Access,
    pub extent: Extent,
    server: Option<Server>,
    /// The object from which all that is wanted can be reached.
    pub tip: Tip,
    /// The ways that are left, the one in use first; nothing before the first question.
    pub ways: Option<VecDeque<Way>>,
    /// The one that led here.
    pub used: Way,
    began: Instant,
}

/// Where the ways begin.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tip {
    /// At what a ref points at.
    Ref(Oid),
    /// At an object that no ref need point at.
    Commit(Oid),
}

/// Finds the commit that `reference` means in the repository at `place`.
pub(super) fn find(
    place: &Place,
    shown: &str,
    reference: &Reference,
    extent: Extent,
    access: &Access,
) -> Result<Found, Error> {
    let (folder, repository) = temporary(shown)?;
    let mut warnings = Vec::new();
    let mut remote = Remote::new(place, shown, reference, access, extent);
    let (target, refs) = remote.target(&mut warnings)?;
    let (tip, name) = match &target {
        Target::Ref(one) => (Tip::Ref(one.oid), Some(one.name.clone())),
        Target::Commit(id) => (Tip::Commit(*id), None),
        Target::Prefix(digits) => match refs.commit_by_prefix(digits)? {
            Some(one) => (Tip::Ref(one.oid), None),
            None => {
                let found = remote.look_for(digits, &refs, &repository, &mut warnings)?;
                (Tip::Commit(found), None)
            }
        },
    };
    remote.tip = tip;
    let cache = match extent {
        Extent::Few => Kept::new(Cache::folder_of_user(), shown),
        Extent::All => Kept::new(None, shown),
    };
    let mut objects = Objects::elsewhere(repository, folder, remote, cache, shown);
    objects.warnings = warnings;
    let commit = objects.peeled(tip.id(), reference)?;
    match target {
        // The server may have told anything of what a tag leads to.
        Target::Prefix(digits) if !commit.to_string().starts_with(&digits) => {
            Err(unknown::commit(&digits, shown))
        }
        _ => Ok(Found { objects, commit, name: name.unwrap_or_else(|| commit.to_string()) }),
    }
}

/// A repository of ours, and the folder that goes with it.
pub(super) fn temporary(shown: &str) -> Result<(Scratch, Repository), Error> {
    // libgit2 would make the folder anew that a signal has just had removed.
    let _whole = scratch::whole();
    let folder = Scratch::new()?;
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false);
    let repository = Repository::init_opts(folder.path(), &options);
    let repository = repository.map_err(|error| SourceError::Git {
        action: "make a temporary repository for",
        place: shown.to_owned(),
        source: error.into(),
    })?;
    Ok((folder, repository))
}

impl Tip {
    pub fn id(self) -> Oid {
        match self {
            Self::Ref(id) | Self::Commit(id) => id,
        }
    }
}

impl Remote {
    fn new(
        place: &Place,
        shown: &str,
        reference: &Reference,
        access: &Access,
        extent: Extent,
    ) -> Self {
        Self {
            place: place.clone(),
            shown: shown.to_owned(),
            reference: reference.clone(),
            access: access.clone(),
            extent,
            server: None,
            tip: Tip::Commit(Oid::ZERO_SHA1),
            ways: None,
            used: Way::Cache,
            began: Instant::now(),
        }
    }

    /// What was gone until now.
    pub fn route(&self) -> Route {
        Route::by(self.used, self.server.as_ref(), self.began)
    }

    /// Who is asked; connected to when first needed.
    pub fn server(&mut self) -> Result<&mut Server, Error> {
        if self.server.is_none() {
            if self.access.offline {
                return Err(self.offline());
            }
            let cacert = self.access.cacert.as_deref();
            self.server = Some(wire::connect(&self.place, &self.shown, cacert)?);
        }
        Ok(self.server.as_mut().expect("it was just connected"))
    }

    fn offline(&self) -> Error {
        let (reference, repository) = (self.reference.to_string(), self.shown.clone());
        Error::from(match self.reference {
            Reference::Commit(_) => SourceError::NotCached { reference, repository },
            _ => SourceError::Offline { reference, repository },
        })
    }

    /// What the reference means among the refs that the server has.
    fn target(&mut self, warnings: &mut Vec<Warning>) -> Result<(Target, Refs), Error> {
        let (reference, shown) = (self.reference.clone(), self.shown.clone());
        if let Reference::Commit(id) = reference {
            return Ok((Target::Commit(id), Refs::default()));
        }
        let refs = self.server()?.refs(&reference.prefixes())?;
        if let Ok(found @ Target::Ref(_)) = reference.resolve(&refs, &shown, warnings) {
            return Ok((found, refs));
        }
        // For an abbreviated id, and for a hint.
        let usual = ["HEAD", "refs/heads/", "refs/tags/"].map(str::to_owned);
        let refs = self.server()?.refs(&usual)?;
        Ok((reference.resolve(&refs, &shown, warnings)?, refs))
    }
}
