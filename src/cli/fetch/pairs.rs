//! REPO and REF, as they are typed: one pair or several → orders.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Fetch;
use super::order::{Ask, Asked, Order, Place};
use crate::error::Error;
use crate::source::{Address, Lock, Reference};

/// What a manifest is called where nothing says it.
pub const USUAL: &str = "ramp.yml";

impl Fetch {
    /// What the operands ask for.
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub(super) fn of_pairs(&self) -> Result<Vec<Order>, Error> {
        let pairs = pairs(&self.operands)?;
        if let [(address, reference)] = pairs.as_slice() {
            return Ok(vec![self.order(None, address, reference, self.place())]);
        }
        let output = self.output.as_deref().unwrap_or(Path::new("."));
        if output.as_os_str() == "-" {
            let text = "stdout takes one manifest; for several, --output names a folder";
            return Err(Error::Usage(text.to_owned()));
        }
        let folder = below(self.all_manifests.as_deref().unwrap_or(output));
        let order = |(name, (address, reference)): (String, &(Address, Reference))| {
            let place = match self.all_manifests {
                Some(_) => Place::Below(folder.join(&name)),
                None => Place::Files(vec![folder.join(&name).join(USUAL)]),
            };
            self.order(Some(name), address, reference, place)
        };
        Ok(names(&pairs)?.into_iter().zip(&pairs).map(order).collect())
    }

    /// The repository whose tags are listed.
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub(super) fn listed(&self) -> Result<Address, Error> {
        match self.operands.as_slice() {
            [address] => address.parse(),
            _ => Err(Error::Usage("--list takes one REPO, and no REF".to_owned())),
        }
    }

    /// The manifest whose lock says where it comes from.
    ///
    /// # Errors
    /// [`Error::Usage`].
    pub(super) fn of_lock(&self) -> Result<Vec<Order>, Error> {
        let Place::Files(paths) = self.place() else {
            let text = "--locked reads the lock beside the manifest, and stdout has none";
            return Err(Error::Usage(text.to_owned()));
        };
        let ask = Ask::Again(Lock::beside(&paths[0]), None);
        Ok(vec![Order { label: None, ask, place: Place::Files(paths) }])
    }

    /// Where the manifests of the only repository go.
    fn place(&self) -> Place {
        match (&self.all_manifests, &self.output) {
            (Some(folder), _) => Place::Below(below(folder)),
            (_, Some(output)) if output.as_os_str() == "-" => Place::Stdout,
            (_, output) => {
                Place::Files(vec![output.clone().unwrap_or_else(|| PathBuf::from(USUAL))])
            }
        }
    }

    fn order(
        &self,
        label: Option<String>,
        address: &Address,
        reference: &Reference,
        place: Place,
    ) -> Order {
        let (address, reference) = (address.clone(), reference.clone());
        let asked = Asked { address, reference, wanted: self.wanted() };
        Order { label, ask: Ask::Now(asked), place }
    }
}

/// The folder without what only says that it is here.
fn below(folder: &Path) -> PathBuf {
    folder.strip_prefix(".").unwrap_or(folder).to_owned()
}

/// The operands, two by two.
fn pairs(operands: &[String]) -> Result<Vec<(Address, Reference)>, Error> {
    let pair = |pair: &[String]| match pair {
        [address, reference] => Ok((address.parse()?, reference.parse()?)),
        lonely => {
            let address: Address = lonely.concat().parse()?;
            let kinds = "a tag, a branch, a commit id, or `latest`; --list shows the tags";
            Err(Error::Usage(format!("behind {address} stands no REF: {kinds}")))
        }
    };
    operands.chunks(2).map(pair).collect()
}

/// What the folders of the repositories are called.
fn names(pairs: &[(Address, Reference)]) -> Result<Vec<String>, Error> {
    let mut before = HashMap::new();
    let name = |(address, _): &(Address, Reference)| {
        let Some(name) = address.name() else {
            let alone = "fetch it by itself, with an --output of its own";
            let text = format!("no folder can have the name of {address}; {alone}");
            return Err(Error::Usage(text));
        };
        if let Some(other) = before.insert(name.clone(), address.to_string()) {
            let two = format!("{other} and {address} would both be written to {name}/");
            return Err(Error::Usage(format!(
                "{two}; fetch one of them by itself, with an --output of its own"
            )));
        }
        Ok(name)
    };
    pairs.iter().map(name).collect()
}
