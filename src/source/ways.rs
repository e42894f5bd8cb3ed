//! The ways to ask a server for objects.
//!
//! In: ids, and what the server can do. Out: the objects, in a repository of ours. The first way that
//! the server takes is gone: a few objects by their ids; all of one commit; where it gives out no part
//! of its history, all of that, with a warning. A server that does not do what it offers, or says no,
//! is asked in the next way.

use std::collections::VecDeque;

use git2::{Oid, Repository};

use super::refs::Refs;
use super::remote::{Extent, Remote, Tip};
use super::wire::{Answer, Depth, Filter, Ids, Limits, Request};
use super::{Way, by_prefix, unknown};
use crate::error::{Error, Said, SourceError};
use crate::warning::Warning;
use crate::wording::size;

impl Remote {
    /// Gets objects that `into` lacks. What comes out is the size of one of the `files` among them, if
    /// that is why they did not come.
    ///
    /// # Errors
    /// [`SourceError::UnknownRef`] where the server does not have the commit; where no way is left, what
    /// the server said last.
    pub fn get(
        &mut self,
        ids: &[Oid],
        files: &[Oid],
        into: &Repository,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<u64>, Error> {
        let mut said = Said::new("it did not give the objects that were asked for");
        let mut ways = match self.ways.take() {
            Some(ways) => ways,
            None => self.ways()?,
        };
        // What gives all at once has given all it has.
        if ways.front().is_some_and(|way| *way == self.used && !way.is_by_id()) {
            ways.pop_front();
        }
        while let Some(way) = ways.front().copied() {
            let missing = absent(ids, into);
            match self.ask(way, &missing, into, warnings)? {
                Answer::Objects if absent(ids, into).is_empty() => {
                    self.used = way;
                    self.ways = Some(ways);
                    return Ok(None);
                }
                Answer::Objects => {}
                Answer::Refused if self.is_unknown(way, &missing) => {
                    if let Tip::Commit(id) = self.tip
                        && self.begin_at_ref(id)?
                    {
                        ways.retain(|left| !left.is_by_id());
                        continue;
                    }
                    ways.retain(|left| *left == Way::Everything && way != Way::Everything);
                    if ways.is_empty() {
                        return Err(unknown::commit(&self.tip.id().to_string(), &self.shown));
                    }
                    continue;
                }
                Answer::Refused => {}
                Answer::Unwilling(why) => said = why,
                Answer::TooLarge { size } if way.is_by_id() && holds(&missing, files) => {
                    return Ok(Some(size));
                }
                Answer::TooLarge { size } => said = too_large(size),
            }
            ways.pop_front();
        }
        match self.tip {
            Tip::Commit(id) if ids.contains(&id) => Err(self.unknown_commit()),
            _ => Err(self.broken(said)),
        }
    }

    fn broken(&self, source: Said) -> Error {
        Error::from(SourceError::Broken { place: self.shown.clone(), source })
    }

    /// Whether a refusal means that the server does not have the commit, or somebody moved the ref
    /// between our two questions.
    fn is_unknown(&self, way: Way, asked: &[Oid]) -> bool {
        !way.is_by_id() || asked.contains(&self.tip.id())
    }

    fn unknown_commit(&self) -> Error {
        unknown::commit(&self.reference.to_string(), &self.shown)
    }

    /// The ways there are, by what the server can do.
    fn ways(&mut self) -> Result<VecDeque<Way>, Error> {
        let can = self.server()?.abilities();
        if let (Tip::Commit(id), true) = (self.tip, can.ids != Ids::Any) {
            self.begin_at_ref(id)?;
        }
        let is_given = matches!(self.tip, Tip::Ref(_)) || can.ids != Ids::Advertised;
        let mut ways = VecDeque::new();
        if can.filter && can.shallow && can.ids == Ids::Any && self.extent == Extent::Few {
            ways.extend([Way::TreeZero, Way::BlobNone]);
        }
        ways.extend((is_given && can.shallow).then_some(Way::Commit));
        ways.push_back(match self.tip {
            Tip::Commit(_) if matches!(can.ids, Ids::Advertised | Ids::Tips) => Way::Everything,
            _ => Way::History,
        });
        Ok(ways)
    }

    /// Begins at a ref that points at a commit, or at a tag of it, and says whether there is one: that
    /// is given out by servers that give out no other id.
    fn begin_at_ref(&mut self, commit: Oid) -> Result<bool, Error> {
        let refs = self.server()?.refs(&[])?;
        let found = refs.pointing_at(commit).map(|one| Tip::Ref(one.oid));
        self.tip = found.unwrap_or(self.tip);
        Ok(found.is_some())
    }

    /// Asks for objects in one way.
    fn ask(
        &mut self,
        way: Way,
        ids: &[Oid],
        into: &Repository,
        warnings: &mut Vec<Warning>,
    ) -> Result<Answer, Error> {
        let tip = self.tip.id();
        let (shown, reference) = (self.shown.clone(), self.reference.clone());
        match way {
            Way::Cache | Way::Refs => Ok(Answer::Refused),
            Way::TreeZero => self.by_id(ids, Filter::TreeZero, into),
            Way::BlobNone => self.by_id(ids, Filter::BlobNone, into),
            Way::Commit => self.request(&[tip], Depth::One, None, into),
            Way::History => {
                warnings.push(Warning::new(format!(
                    "the whole history of {reference} was fetched: {shown} gives out no part of it"
                )));
                self.request(&[tip], Depth::Whole, None, into)
            }
            Way::Everything => {
                let tips = self.server()?.refs(&[])?.tips();
                if tips.is_empty() {
                    return Err(self.unknown_commit());
                }
                let why = "it gives out no commit by its id";
                let message = format!("all of {shown} was fetched to find {reference}: {why}");
                warnings.push(Warning::new(message).advise("name a ref that points at it"));
                self.request(&tips, Depth::Whole, None, into)
            }
        }
    }

    /// Asks for objects by their ids, once more for what an answer lacks: git leaves out what also
    /// lies below another object that is wanted, and that the filter keeps back there.
    fn by_id(&mut self, ids: &[Oid], filter: Filter, into: &Repository) -> Result<Answer, Error> {
        let mut missing = ids.to_vec();
        loop {
            let answer = self.request(&missing, Depth::One, Some(filter), into)?;
            let left = absent(&missing, into);
            let came = matches!(answer, Answer::Objects) && left.len() < missing.len();
            if left.is_empty() || !came {
                return Ok(answer);
            }
            missing = left;
        }
    }

    fn request(
        &mut self,
        wants: &[Oid],
        depth: Depth,
        filter: Option<Filter>,
        into: &Repository,
    ) -> Result<Answer, Error> {
        let limits = match (depth, filter) {
            (Depth::One, Some(_)) => Limits::FEW,
            _ => Limits::MANY,
        };
        self.server()?.fetch(Request { wants, depth, filter, limits }, into)
    }

    /// Gets all folders below a tree, and says whether they came. It is for a hint: nothing more is
    /// tried than is cheap.
    pub fn get_folders(&mut self, tree: Oid, into: &Repository) -> bool {
        let way = self.ways.as_ref().and_then(VecDeque::front);
        match way.copied().unwrap_or(self.used) {
            Way::Cache if self.access.offline => false,
            Way::Cache | Way::TreeZero => {
                let asked = self.request(&[tree], Depth::One, Some(Filter::BlobNone), into);
                matches!(asked, Ok(Answer::Objects))
            }
            _ => true,
        }
    }

    /// The one commit whose id begins with `digits`: no server looks for it, so all commits are
    /// fetched.
    pub fn look_for(
        &mut self,
        digits: &str,
        refs: &Refs,
        into: &Repository,
        warnings: &mut Vec<Warning>,
    ) -> Result<Oid, Error> {
        let tips = refs.tips();
        if tips.is_empty() {
            return Err(self.unknown_commit());
        }
        let can = self.server()?.abilities();
        let filters = match can.filter && can.ids == Ids::Any {
            true => &[Some(Filter::TreeZero), Some(Filter::BlobNone), None][..],
            false => &[None],
        };
        let mut said = Said::new("it gave no commits");
        for filter in filters.iter().copied() {
            match self.request(&tips, Depth::Whole, filter, into)? {
                Answer::Objects => {
                    let found = by_prefix(into, digits, &self.shown)?;
                    self.used = if filter.is_none() { Way::Everything } else { self.used };
                    warnings.push(self.looked_for(filter));
                    return Ok(found);
                }
                Answer::Refused => return Err(self.unknown_commit()),
                Answer::Unwilling(why) => said = why,
                Answer::TooLarge { size } => said = too_large(size),
            }
        }
        Err(self.broken(said))
    }

    fn looked_for(&self, filter: Option<Filter>) -> Warning {
        let Self { shown, reference, .. } = self;
        let what = match filter {
            None => format!("all of {shown} was"),
            Some(_) => format!("all commits of {shown} were"),
        };
        let why = "no server looks for the first digits of an id";
        Warning::new(format!("{what} fetched to find {reference}: {why}"))
            .advise("give the full id, or a ref that points at it")
    }
}

impl Way {
    fn is_by_id(self) -> bool {
        matches!(self, Self::TreeZero | Self::BlobNone)
    }
}

fn holds(ids: &[Oid], files: &[Oid]) -> bool {
    files.iter().any(|file| ids.contains(file))
}

fn too_large(bytes: u64) -> Said {
    Said::new(format!("it sends a file of {}", size(bytes)))
}

/// Those that `repository` lacks.
fn absent(ids: &[Oid], repository: &Repository) -> Vec<Oid> {
    let odb = repository.odb();
    let lacks = |id: &Oid| !odb.as_ref().is_ok_and(|odb| odb.exists(*id));
    ids.iter().copied().filter(lacks).collect()
}
