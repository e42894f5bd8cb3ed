//! What a person wants to see of a bundle, or of a module that is not packed yet.
//!
//! In: a bundle that was [`Opened`], or a module's file with what it registers. Out: a [`Portrait`],
//! which is shown, printed as JSON, and compared with another. What is wrong is only counted.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::dependency::{FIELDS, REQUIRED, entry_path};
use super::{Opened, Rules, said, validate};
use crate::archive::tgz::Contents;
use crate::digest::Sha256;
use crate::discovery::Discovered;
use crate::elf::{BinaryFacts, ElfFacts};
use crate::error::{Error, IoContext};
use crate::finding::{Finding, Severity};
use crate::metadata::{capabilities, semantic_version};
use crate::{input, manifest};

pub use said::{Named, is_empty, text};

/// A bundle or a module, as JSON has it too: its names are stable, and documented in README.
#[derive(Clone, Debug, Serialize)]
pub struct Portrait {
    /// What it is of.
    pub kind: Kind,
    /// Bytes of the file.
    pub size: u64,
    /// Of the file.
    pub sha256: Sha256,
    /// What the module's file was built for; `None` where there is no module.
    pub architecture: Option<String>,
    /// What the module's file asks of the machine it runs on; `None` where that cannot be told.
    pub binary: Option<BinaryFacts>,
    /// Its capabilities.
    pub capabilities: Vec<Capability>,
    /// Its commands.
    pub commands: Vec<Named>,
    /// What it needs beside it.
    pub dependencies: Vec<Dependency>,
    /// The module, where there is one.
    pub module: Option<Entry>,
    /// What a bundle holds, in its order.
    pub entries: Vec<Entry>,
    /// How many findings a validation of the bundle has.
    pub findings: Option<Findings>,
    /// `module.json` as it is; of a module what it registers, under the same names.
    pub metadata: Map<String, Value>,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Findings {
    /// Of [`Severity::Error`].
    pub errors: usize,
    /// Of [`Severity::Warning`].
    pub warnings: usize,
    /// Of [`Severity::Note`].
    pub notes: usize,
}

/// What a [`Portrait`] is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A bundle.
    Bundle,
    /// A module's file.
    Module,
}

/// A capability.
#[derive(Clone, Debug, Serialize)]
pub struct Capability {
    /// Its name.
    pub name: String,
    /// What it says; `None` where it is not known.
    pub meaning: Option<&'static str>,
}

/// A dependency of a bundle.
#[derive(Clone, Debug, Serialize)]
#[serde(into = "Map<String, Value>")]
pub struct Dependency {
    /// What `module.json` says of it.
    pub said: Named,
    /// Whether the module does without it.
    pub optional: bool,
    /// The entry it is embedded as.
    pub entry: Option<Entry>,
    /// Whether the entry has the digest that is said; `None` where there is nothing to compare.
    pub verified: Option<bool>,
    /// What the entry holds, where it is an archive.
    pub contents: Option<Contents>,
}

/// An entry of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// Its bytes in the bundle.
    pub compressed: u64,
    /// Of its bytes; `None` where they cannot be read.
    pub sha256: Option<Sha256>,
}

impl Portrait {
    /// Of a bundle.
    pub fn of_bundle(opened: &Opened) -> Self {
        let records = opened.archive.records.iter().zip(&opened.digests);
        let entries: Vec<Entry> = records
            .map(|(record, sha256)| Entry {
                path: record.name.clone(),
                size: record.size,
                compressed: record.compressed,
                sha256: *sha256,
            })
            .collect();
        Self {
            kind: Kind::Bundle,
            size: opened.size,
            sha256: opened.sha256,
            architecture: opened.facts.as_ref().map(|facts| facts.architecture.to_string()),
            binary: opened.binary.clone(),
            capabilities: capabilities_of(&opened.metadata),
            commands: said::commands(&opened.metadata),
            dependencies: dependencies_of(opened, &entries),
            module: opened.module.map(|index| entries[index].clone()),
            findings: Some(Findings::of(&validate(opened, Rules::default()))),
            metadata: opened.metadata.clone(),
            entries,
        }
    }

    /// Of a module's file that registers what was `discovered`.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn of_module(
        path: &Path,
        facts: &ElfFacts,
        discovered: &Discovered,
    ) -> Result<Self, Error> {
        let mut file = input::open(path)?;
        let sha256 = Sha256::of_reader(&mut file).at("read", path)?;
        let size = file.metadata().at("read", path)?.len();
        let Discovered { name, version, commands, .. } = discovered;
        let metadata = [
            ("module_name", name.as_str().into()),
            ("version", (*version).into()),
            ("semantic_version", semantic_version(*version).into()),
            ("architecture", facts.architecture.to_string().into()),
            ("commands", serde_json::to_value(commands).expect("commands are JSON")),
        ];
        let metadata: Map<String, Value> =
            metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let path = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            kind: Kind::Module,
            size,
            sha256,
            architecture: Some(facts.architecture.to_string()),
            binary: BinaryFacts::of(&file).ok(),
            capabilities: Vec::new(),
            commands: said::commands(&metadata),
            dependencies: Vec::new(),
            module: Some(Entry { path, size, compressed: size, sha256: Some(sha256) }),
            entries: Vec::new(),
            findings: None,
            metadata,
        })
    }

    /// A field of `module.json` as a text, unless it is empty or not there.
    pub fn text(&self, field: &str) -> Option<String> {
        let value = said::of(&self.metadata, field);
        (!said::is_empty(&value)).then(|| text(&value))
    }

    /// The texts of a field of `module.json`.
    pub fn texts(&self, field: &str) -> Vec<String> {
        said::texts(&self.metadata, field)
    }
}

impl Findings {
    fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }
}

fn capabilities_of(metadata: &Map<String, Value>) -> Vec<Capability> {
    let names = said::texts(metadata, "capabilities").into_iter();
    names.map(|name| Capability { meaning: capabilities::meaning(&name), name }).collect()
}

fn dependencies_of(opened: &Opened, entries: &[Entry]) -> Vec<Dependency> {
    let of_index = |(index, entry): (usize, &Entry)| {
        (entry.path.clone(), (entry.clone(), opened.contents.get(&index).cloned()))
    };
    let places: Places = entries.iter().enumerate().rev().map(of_index).collect();
    let of = |field| {
        let optional = field != REQUIRED;
        let said = said::dependencies(&opened.metadata, field).into_iter();
        said.map(|said| Dependency::new(said, optional, &places)).collect::<Vec<_>>()
    };
    FIELDS.into_iter().flat_map(of).collect()
}

/// Entries by their paths, and what those hold that are archives.
type Places = BTreeMap<String, (Entry, Option<Contents>)>;

/// Each key once, whatever a stranger calls his.
impl From<Dependency> for Map<String, Value> {
    fn from(Dependency { said, optional, entry, verified, contents }: Dependency) -> Self {
        let mut all = Self::from(said);
        all.insert("optional".to_owned(), optional.into());
        all.insert("entry".to_owned(), json!(entry));
        all.insert("verified".to_owned(), json!(verified));
        all.insert("contents".to_owned(), json!(contents));
        all
    }
}

impl Dependency {
    /// Its entry is named as the file of its url, or after the dependency, as the reference packer
    /// does.
    fn new(said: Named, optional: bool, there: &Places) -> Self {
        let url = said.text("url").map(str::to_owned);
        let place = entry_path(&said.name, &manifest::Dependency { url, ..Default::default() });
        let places = place.into_iter().chain([format!("deps/{}.tgz", said.name)]);
        let found = places.filter_map(|path| there.get(&path)).next().cloned();
        let (entry, contents) = found.map_or((None, None), |(entry, holds)| (Some(entry), holds));
        let digest = entry.as_ref().and_then(|entry| entry.sha256);
        let declared = said.text("sha256").map(str::parse::<Sha256>);
        let verified = entry.is_some().then_some(declared).flatten();
        let verified = verified.map(|declared| declared.ok() == digest && digest.is_some());
        Self { said, optional, entry, verified, contents }
    }
}
