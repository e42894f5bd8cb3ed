//! Files of the network as dependencies, from the cache where they are in it.

use std::fs::File;
use std::path::PathBuf;

use reqwest::Url;

use super::Network;
use crate::bundle::SIZE_LIMIT;
use crate::cache::{Cache, Found};
use crate::digest::Sha256;
use crate::download::Wanted;
use crate::error::{Error, IoContext};
use crate::http::{Client, shown};
use crate::progress::Meter;

/// The cache, and a client as soon as one is needed.
pub struct Remote<'a> {
    network: &'a Network,
    meter: &'a Meter,
    cache: Cache,
    client: Option<Client>,
}

/// What came of looking for a file.
pub enum Got {
    /// It was in the cache.
    Cached(File),
    /// It was downloaded, and the cache had something else at the path `damaged`.
    Downloaded { file: File, damaged: Option<PathBuf> },
    /// It would have to be downloaded.
    Awaited,
}

impl<'a> Remote<'a> {
    pub fn new(network: &'a Network, meter: &'a Meter) -> Self {
        Self { network, meter, cache: Cache::of_user(), client: None }
    }

    /// The file at `url`, verified.
    ///
    /// # Errors
    /// Those of [`Wanted::download`] and of a bad PEM file.
    pub fn get(&mut self, url: &Url, sha256: Sha256) -> Result<Got, Error> {
        let damaged = match self.cache.find(sha256) {
            Found::Intact(file) => return Ok(Got::Cached(file)),
            Found::Damaged(path) => Some(path),
            Found::Nothing => None,
        };
        let Network::Used(cacert) = self.network else { return Ok(Got::Awaited) };
        let client = match self.client.take() {
            Some(client) => client,
            None => Client::new(cacert.as_deref())?,
        };
        let client = self.client.insert(client);
        let mut arriving = self.cache.begin(sha256)?;
        let wanted = Wanted { url, sha256, limit: SIZE_LIMIT };
        wanted.download(client, &mut arriving.file, self.meter)?;
        Ok(Got::Downloaded { file: arriving.keep().at("read back", shown(url))?, damaged })
    }
}
