//! What a bundle is by its directory and its `module.json`: what unpacking goes by.
//!
//! In: a source. Out: an [`Outline`]; a [`Finding`] for everything that does not belong into a bundle
//! or is missing. No other entry is read until somebody asks for it.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::json;
use crate::archive::zip::{Archive, Kind, ReadError, Record, Source, shown};
use crate::digest::{Hashing, Sha256};
use crate::error::{Error, IoContext};
use crate::finding::{Finding, Severity};

/// Where dependencies lie.
const DEPENDENCIES: &str = "deps/";
/// How many names one finding shows.
const SHOWN: usize = 5;

/// A bundle whose directory and `module.json` were read.
#[derive(Debug)]
pub struct Outline {
    /// What the file is called in errors.
    path: PathBuf,
    /// The archive.
    pub archive: Archive,
    /// The index and the bytes of `module.json`, where it could be read.
    pub json: Option<(usize, Vec<u8>)>,
    /// The index of a `module.json` that could not be read.
    unread: Option<usize>,
    /// See [`Opened::is_understood`](super::Opened::is_understood).
    pub is_understood: bool,
    /// See [`Opened::metadata`](super::Opened::metadata).
    pub metadata: Map<String, Value>,
    /// See [`Opened::module`](super::Opened::module).
    pub module: Option<usize>,
    /// What is wrong so far.
    pub findings: Vec<Finding>,
}

impl Outline {
    /// Reads the directory and `module.json`; errors call the source `path`.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn of(source: impl Into<Source>, path: &Path) -> Result<Self, Error> {
        let archive = Archive::open(source).at("read", path)?;
        let findings = archive.findings.clone();
        let mut outline = Self {
            path: path.to_owned(),
            archive,
            json: None,
            unread: None,
            is_understood: false,
            metadata: Map::new(),
            module: None,
            findings,
        };
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if !outline.archive.records.is_empty() || !outline.findings.iter().any(is_error) {
            outline.read_json()?;
            outline.find_module();
            outline.judge_layout();
        }
        Ok(outline)
    }

    /// Writes the bytes of the entry at `index` to `into`, which errors call `place`; returns their
    /// digest, or nothing where they must not be trusted, which is a finding.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn extract(
        &mut self,
        index: usize,
        mut into: impl Write,
        place: &Path,
    ) -> Result<Option<Sha256>, Error> {
        if let Some((_, bytes)) = self.json.as_ref().filter(|(json, _)| *json == index) {
            into.write_all(bytes).at("write", place)?;
            return Ok(Some(Sha256::of(bytes)));
        }
        if self.unread == Some(index) {
            return Ok(None);
        }
        let mut hashing = Hashing::new(into);
        match self.archive.read(index, &mut hashing) {
            Ok(()) => return Ok(Some(hashing.finish())),
            Err(ReadError::Read(error)) => return Err(error).at("read", &self.path),
            Err(ReadError::Write(error)) => return Err(error).at("write", place),
            // Whatever it is refused for is a finding already.
            Err(ReadError::Damaged(_)) if self.archive.refusal(index).is_some() => {}
            Err(ReadError::Damaged(finding)) => self.findings.push(finding),
        }
        Ok(None)
    }

    /// Whether the entry at `index` is a file below `deps/`.
    pub fn is_dependency(&self, index: usize) -> bool {
        is_dependency(&self.archive.records[index])
    }

    fn read_json(&mut self) -> Result<(), Error> {
        let Some(index) = position(&self.archive.records, json::NAME) else {
            let text = "there is no module.json at the root of the archive";
            self.findings.push(Finding::error("module_json_missing", text));
            return Ok(());
        };
        let size = self.archive.records[index].size;
        if size > json::LARGEST {
            let text = format!("module.json has {size} bytes, more than {}", json::LARGEST);
            self.findings.push(Finding::error("module_json_too_large", text));
            return Ok(());
        }
        let mut bytes = Vec::new();
        let place = self.path.clone();
        if self.extract(index, &mut bytes, &place)?.is_some() {
            let metadata = json::parse(&bytes, &mut self.findings);
            self.is_understood = metadata.is_some();
            self.metadata = metadata.unwrap_or_default();
            self.json = Some((index, bytes));
        } else {
            self.unread = Some(index);
        }
        Ok(())
    }

    fn find_module(&mut self) {
        let records = &self.archive.records;
        let Some(named) = self.metadata.get("module_file").and_then(Value::as_str) else {
            let mut libraries =
                (0..records.len()).filter(|index| is_library(&records[*index].name));
            self.module = libraries.next().filter(|_| libraries.next().is_none());
            return;
        };
        self.module = position(records, named).filter(|_| is_at_root(named) && named != json::NAME);
        if self.module.is_none() {
            let named = shown(named.as_bytes());
            let text = format!("module_file names {named}, which is no file at the archive's root");
            self.findings.push(Finding::error("module_file_missing", text));
        }
    }

    /// What the reference packer's reader refuses: other entries than these, and more than one whose
    /// name ends in .so, wherever it lies.
    fn judge_layout(&mut self) {
        let records = &self.archive.records;
        let stray = |name: &str| {
            !(name == json::NAME || name.starts_with(DEPENDENCIES) || is_library(name))
        };
        let stray = names(records, stray);
        let libraries = names(records, |name| name.ends_with(".so"));
        let mut refuse = |text| self.findings.push(Finding::error("invalid_number_of_files", text));
        if let Some((_, names)) = stray {
            refuse(format!("only the module, module.json and deps/ belong into a bundle: {names}"));
        }
        match libraries {
            Some((count @ 2.., names)) => {
                refuse(format!("{count} names end in .so, and the module's alone may: {names}"));
            }
            None => refuse("no name ends in .so, as the module's must".to_owned()),
            Some(_) => {}
        }
    }
}

/// Whether it lies below `deps/` and is no folder.
pub fn is_dependency(record: &Record) -> bool {
    record.name.starts_with(DEPENDENCIES) && record.kind != Kind::Folder
}

/// How many names are such, and the first of them.
fn names(records: &[Record], is_one: impl Fn(&str) -> bool) -> Option<(usize, String)> {
    let names: Vec<&str> =
        records.iter().map(|record| &*record.name).filter(|name| is_one(name)).collect();
    (!names.is_empty()).then(|| (names.len(), listed(&names)))
}

/// The first names, as they can be shown on a terminal.
pub fn listed(names: &[&str]) -> String {
    let mut list: Vec<String> =
        names.iter().take(SHOWN).map(|name| shown(name.as_bytes())).collect();
    if names.len() > SHOWN {
        list.push(format!("and {} more", names.len() - SHOWN));
    }
    list.join(", ")
}

fn is_library(name: &str) -> bool {
    is_at_root(name) && name.ends_with(".so")
}

fn is_at_root(name: &str) -> bool {
    !name.contains('/')
}

fn position(records: &[Record], name: &str) -> Option<usize> {
    records.iter().position(|record| record.name == name && record.kind == Kind::File)
}
