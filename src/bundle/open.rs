//! Opening a bundle that anybody may have sent.
//!
//! In: a path. Out: [`Opened`]: all that can be told of it, and a [`Finding`] for everything that
//! keeps it from being understood. Nothing is written but the module into a file without a name.
//! What the metadata says is not judged here: see [`validate`](super::validate).

use std::fs::File;
use std::io::Seek as _;
use std::path::Path;

use serde_json::{Map, Value};

use crate::archive::zip::{Archive, Record};
use crate::digest::{Hashing, Sha256};
use crate::elf::ElfFacts;
use crate::error::{Error, IoContext};
use crate::finding::Finding;

/// A bundle, as far as it could be understood.
#[derive(Debug)]
pub struct Opened {
    /// The archive, for reading its entries again.
    pub archive: Archive,
    /// The size of the file in bytes.
    pub size: u64,
    /// The digest of the file.
    pub sha256: Sha256,
    /// For each record of the archive the digest of its bytes; `None` where they cannot be read.
    pub digests: Vec<Option<Sha256>>,
    /// `module.json` as it stands in the archive; empty where there is none.
    pub metadata_bytes: Vec<u8>,
    /// What `module.json` says; empty where it says nothing that can be understood.
    pub metadata: Map<String, Value>,
    /// The index of the module's record: what `module_file` names, else the only library at the root.
    pub module: Option<usize>,
    /// What the module's file is.
    pub facts: Option<ElfFacts>,
    /// What is wrong so far.
    pub findings: Vec<Finding>,
}

impl Opened {
    /// Reads all of the bundle at `path`.
    ///
    /// # Errors
    /// [`Error::Io`]; a file that is no bundle is a finding.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut file = File::open(path).at("read", path)?;
        let sha256 = Sha256::of_reader(&file).at("read", path)?;
        let size = file.stream_position().at("read", path)?;
        let archive = Archive::open(file).expect("a draft");
        let mut findings = archive.findings.clone();
        let digests = (0..archive.records.len())
            .map(|index| {
                let mut hashing = Hashing::new(std::io::sink());
                archive.read(index, &mut hashing).ok().map(|()| hashing.finish())
            })
            .collect();
        let mut metadata_bytes = Vec::new();
        if let Some(index) = position(&archive.records, "module.json") {
            archive.read(index, &mut metadata_bytes).at("read", path)?;
        }
        let metadata: Map<String, Value> = serde_json::from_slice(&metadata_bytes)
            .map_err(|error| {
                findings.push(Finding::error("module_json_invalid", error.to_string()))
            })
            .unwrap_or_default();
        let module_file = metadata.get("module_file").and_then(Value::as_str).unwrap_or_default();
        let module = position(&archive.records, module_file);
        let facts = match module {
            None => None,
            Some(index) => {
                let mut copy = tempfile::tempfile().at("write in", std::env::temp_dir())?;
                archive.read(index, &mut copy).at("read", path)?;
                ElfFacts::of(copy).ok()
            }
        };
        Ok(Self {
            archive,
            size,
            sha256,
            digests,
            metadata_bytes,
            metadata,
            module,
            facts,
            findings,
        })
    }

    /// The entries below `deps/`, with their digests.
    pub fn dependencies(&self) -> impl Iterator<Item = (&Record, Option<Sha256>)> {
        let entries = self.archive.records.iter().zip(self.digests.iter().copied());
        entries.filter(|(record, _)| record.name.starts_with("deps/"))
    }
}

fn position(records: &[Record], name: &str) -> Option<usize> {
    records.iter().position(|record| record.name == name)
}
