//! Opening a bundle that anybody may have sent.
//!
//! In: a path, or bytes. Out: [`Opened`]: all that can be told of it, and a [`Finding`] for everything
//! that keeps it from being understood. Nothing is written but the module into a file without a name.
//! What the metadata says is not judged here: see [`validate`](super::validate).

mod json;
mod outline;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use crate::archive::tgz::{Contents, Reader};
use crate::archive::zip::{Archive, Record, Source, shown};
use crate::digest::Sha256;
use crate::elf::{BinaryFacts, ElfFacts};
use crate::error::{Error, IoContext, ModuleFault};
use crate::finding::Finding;
use crate::input;

use outline::is_dependency;

pub use outline::{Outline, listed};

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
    /// What archives below `deps/` hold, by the index of their record.
    pub contents: BTreeMap<usize, Contents>,
    /// Whether `module.json` is there, and an object.
    pub is_understood: bool,
    /// What `module.json` says; empty where it is not understood.
    pub metadata: Map<String, Value>,
    /// The index of the module's record: what `module_file` names, else the only library at the root.
    pub module: Option<usize>,
    /// What the module's file is.
    pub facts: Option<ElfFacts>,
    /// What it asks of the machine it runs on.
    pub binary: Option<BinaryFacts>,
    /// What is wrong so far.
    pub findings: Vec<Finding>,
}

impl Opened {
    /// Reads all of the bundle at `path`, each entry once.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::IsAFolder`], [`Error::NotAFile`]; a file that is no bundle is a
    /// finding.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::of(input::open(path)?, path)
    }

    /// The same of what is open already; errors call it `path`.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn of(source: impl Into<Source>, path: &Path) -> Result<Self, Error> {
        let mut outline = Outline::of(source, path)?;
        let source = outline.archive.source();
        let size = source.size().at("read", path)?;
        let sha256 = Sha256::of_reader(source.range(0, size)).at("read", path)?;
        let (mut digests, mut facts, mut binary) = (Vec::new(), None, None);
        let mut contents = BTreeMap::new();
        for index in 0..outline.archive.records.len() {
            digests.push(match outline.module == Some(index) {
                true => module(&mut outline, index, &mut facts, &mut binary)?,
                false if outline.is_dependency(index) => {
                    dependency(&mut outline, index, &mut contents, path)?
                }
                false => outline.extract(index, io::sink(), path)?,
            });
        }
        let Outline { archive, is_understood, metadata, module, findings, .. } = outline;
        Ok(Self {
            archive,
            size,
            sha256,
            digests,
            contents,
            is_understood,
            metadata,
            module,
            facts,
            binary,
            findings,
        })
    }

    /// The entries below `deps/`, with their digests.
    pub fn dependencies(&self) -> impl Iterator<Item = (&Record, Option<Sha256>)> {
        let entries = self.archive.records.iter().zip(self.digests.iter().copied());
        entries.filter(|(record, _)| is_dependency(record))
    }

    /// The files that dependencies bring: those below `deps/`, and what archives there hold.
    pub fn carried(&self) -> Vec<&str> {
        let entries = self.dependencies().map(|(record, _)| &*record.name);
        let members = self.contents.values().flat_map(Contents::files);
        entries.chain(members).collect()
    }
}

/// The digest of the module, and what its file is.
fn module(
    outline: &mut Outline,
    index: usize,
    facts: &mut Option<ElfFacts>,
    binary: &mut Option<BinaryFacts>,
) -> Result<Option<Sha256>, Error> {
    let place = tempfile::env::temp_dir();
    let copy = tempfile::tempfile().at("write in", &place)?;
    let digest = outline.extract(index, &copy, &place)?;
    if digest.is_none() {
        return Ok(None);
    }
    let damage = BinaryFacts::of(&copy).map(|of_file| *binary = Some(of_file)).err();
    let fault = match ElfFacts::of(copy) {
        Ok(of_file) => {
            facts.insert(of_file).for_valkey.then_some(ModuleFault::ForValkey).or(damage)
        }
        Err(fault) => Some(fault),
    };
    let name = shown(outline.archive.records[index].name.as_bytes());
    outline.findings.extend(fault.map(|fault| {
        let text = format!("{name} is no Redis module: {fault}");
        Finding::error("not_a_module", text).advise(fault.hint())
    }));
    Ok(digest)
}

/// The digest of a dependency, and what it holds where it is an archive.
fn dependency(
    outline: &mut Outline,
    index: usize,
    contents: &mut BTreeMap<usize, Contents>,
    path: &Path,
) -> Result<Option<Sha256>, Error> {
    let unpacked: u64 = contents.values().map(|it| it.unpacked).sum();
    let allowance = Reader::ALLOWANCE.saturating_sub(unpacked);
    let mut reader = Reader::new(outline.archive.records[index].size, allowance);
    let digest = outline.extract(index, &mut reader, path)?;
    let read = digest.and_then(|_| reader.finish());
    if let Some((holds, found)) = read {
        let name = shown(outline.archive.records[index].name.as_bytes());
        let of_entry = |it: Finding| Finding { message: format!("{name}: {}", it.message), ..it };
        outline.findings.extend(found.into_iter().map(of_entry));
        contents.insert(index, holds);
    }
    Ok(digest)
}
