//! A repository somewhere else: the least that its server lets us fetch, into a temporary one.
//!
//! In: a place and a reference. Out: the commit that is meant, in a bare repository that goes with
//! it. One commit without its history is enough; where a server does not allow that, a warning says
//! what was fetched and why.

use git2::{Oid, Repository, RepositoryInitOptions};

use super::address::Place;
use super::reference::Target;
use super::refs::{Ref, Refs};
use super::wire::{self, Answer, Depth, Ids, Limits, Request, Server};
use super::{Access, Found, Reference, by_prefix, peeled, unknown, unreadable};
use crate::error::{Error, Said, SourceError};
use crate::scratch::Scratch;
use crate::warning::Warning;
use crate::wording::size;

/// What must be known to ask a server, perhaps more than once.
struct Asking<'a> {
    shown: &'a str,
    reference: &'a Reference,
    repository: Repository,
}

/// Finds the commit that `reference` means in the repository at `place`.
pub(super) fn find(
    place: &Place,
    shown: &str,
    reference: &Reference,
    access: &Access,
    warnings: &mut Vec<Warning>,
) -> Result<Found, Error> {
    let mut server = wire::connect(place, shown, access.cacert.as_deref())?;
    let refs = server.refs(&[])?;
    let target = reference.resolve(&refs, shown, warnings)?;
    let (folder, repository) = temporary(shown)?;
    let asking = Asking { shown, reference, repository };
    let (commit, name) = match target {
        Target::Ref(one) => {
            let commit = asking.tip(server, one.oid, warnings)?;
            (commit, one.name)
        }
        Target::Commit(id) => {
            asking.commit(server, &refs, id, warnings).map(|id| (id, id.to_string()))?
        }
        Target::Prefix(digits) => {
            asking.prefix(server, &refs, &digits, warnings).map(|id| (id, id.to_string()))?
        }
    };
    Ok(Found { repository: asking.repository, _folder: Some(folder), commit, name })
}

fn temporary(shown: &str) -> Result<(Scratch, Repository), Error> {
    let folder = Scratch::new()?;
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false);
    let repository = Repository::init_opts(folder.path(), &options);
    Ok((folder, repository.map_err(|error| unreadable(error, shown))?))
}

impl Asking<'_> {
    /// The commit that a fetched object leads to.
    fn peeled(&self, id: Oid) -> Result<Oid, Error> {
        peeled(&self.repository, id, self.reference, self.shown)
    }

    fn fetch(&self, server: &mut Server, wants: &[Oid], depth: Depth) -> Result<Answer, Error> {
        let request = Request { wants, depth, filter: None, limits: Limits::MANY };
        match server.fetch(request, &self.repository)? {
            Answer::Unwilling(said) => Err(self.unwilling(said)),
            Answer::TooLarge { size: bytes } => {
                Err(self.unwilling(Said::new(format!("it sends a file of {}", size(bytes)))))
            }
            answer => Ok(answer),
        }
    }

    fn unwilling(&self, source: Said) -> Error {
        Error::from(SourceError::Broken { place: self.shown.to_owned(), source })
    }

    /// Fetches an object that the server advertises.
    fn tip(&self, mut server: Server, id: Oid, warnings: &mut Vec<Warning>) -> Result<Oid, Error> {
        let shallow = server.abilities().shallow;
        if !shallow {
            let Self { shown, reference, .. } = self;
            warnings.push(Warning::new(format!(
                "the whole history of {reference} was fetched: {shown} gives out no part of it"
            )));
        }
        let depth = if shallow { Depth::One } else { Depth::Whole };
        match self.fetch(&mut server, &[id], depth)? {
            Answer::Objects => self.peeled(id),
            // Somebody moved the ref between our two questions.
            _ => Err(unknown::commit(&id.to_string(), self.shown)),
        }
    }

    /// Fetches a commit by its full id: by a ref that leads to it, by itself where the server
    /// allows that, else with everything.
    fn commit(
        &self,
        mut server: Server,
        refs: &Refs,
        id: Oid,
        warnings: &mut Vec<Warning>,
    ) -> Result<Oid, Error> {
        if let Some(Ref { oid, .. }) = refs.pointing_at(id) {
            return self.tip(server, *oid, warnings);
        }
        let ids = server.abilities().ids;
        if ids == Ids::Advertised {
            return self.everything(server, refs, warnings, || self.peeled(id));
        }
        match self.fetch(&mut server, &[id], Depth::One)? {
            Answer::Objects => self.peeled(id),
            _ if matches!(ids, Ids::Reachable | Ids::Any) => {
                Err(unknown::commit(&id.to_string(), self.shown))
            }
            _ => self.everything(server, refs, warnings, || self.peeled(id)),
        }
    }

    /// Fetches a commit by the first digits of its id.
    fn prefix(
        &self,
        server: Server,
        refs: &Refs,
        digits: &str,
        warnings: &mut Vec<Warning>,
    ) -> Result<Oid, Error> {
        let look = || by_prefix(&self.repository, digits, self.shown);
        match refs.commit_by_prefix(digits)? {
            Some(Ref { oid, .. }) => self.tip(server, *oid, warnings),
            None => self.everything(server, refs, warnings, look),
        }
    }

    /// Fetches what a clone would, then looks for the commit in it.
    fn everything(
        &self,
        mut server: Server,
        refs: &Refs,
        warnings: &mut Vec<Warning>,
        look: impl FnOnce() -> Result<Oid, Error>,
    ) -> Result<Oid, Error> {
        let tips = refs.tips();
        if tips.is_empty() {
            return Err(unknown::commit(&self.reference.to_string(), self.shown));
        }
        self.fetch(&mut server, &tips, Depth::Whole)?;
        let commit = look()?;
        let (why, advice) = match self.reference {
            Reference::Name(_) => (
                "no server looks for the first digits of an id",
                "give the full id, or a ref that points at it",
            ),
            _ => ("it gives out no commit by its id", "name a ref that points at it"),
        };
        let message =
            format!("all of {} was fetched to find {}: {why}", self.shown, self.reference);
        warnings.push(Warning::new(message).advise(advice));
        Ok(commit)
    }
}
