//! Packing: from a module's file and what its author says to a [`Bundle`].
//!
//! In: a [`Request`]. Out: a bundle that is described and not yet written. Everything is read and
//! asked here; nothing is written but temporary files without a name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::asking::{Asking, said_by};
use super::author::{self, Author};
use super::{Bundle, Request, check, commit, dependency};
use crate::digest::Sha256;
use crate::discovery::{Discovered, Discovery, Source};
use crate::elf::{BinaryFacts, ElfFacts};
use crate::error::{BundleError, Error, IoContext, ModuleFault};
use crate::input;
use crate::manifest::Layer;
use crate::metadata::{Metadata, Origin};
use crate::platform::{Architecture, Platform};
use crate::tree::{Content, Entry, Tree};
use crate::warning::Warning;

/// What is known of a bundle before its dependencies are looked for: enough to name it.
#[derive(Debug)]
pub struct Described {
    /// What `module.json` will say, but for its dependencies.
    pub metadata: Metadata,
    /// How the module came to be known.
    pub known: Known,
    /// What its author should know so far.
    pub warnings: Vec<Warning>,
    module: PathBuf,
    facts: ElfFacts,
    binary: Option<BinaryFacts>,
}

/// How a module came to be known.
#[derive(Debug)]
pub struct Known {
    /// Who says what it registers.
    pub source: Source,
    /// What it was loaded with.
    pub arguments: Vec<String>,
    /// What it registers.
    pub registered: Discovered,
    /// What it wrote while it was loaded.
    pub log: Vec<String>,
}

/// Learns all that a bundle of the module says, and puts the bundle together.
///
/// # Errors
/// Those of [`describe`]; what is wrong with its dependencies.
pub fn pack(request: &Request) -> Result<Bundle, Error> {
    let Described { mut metadata, known, mut warnings, module, facts, binary } = describe(request)?;
    let embedded = dependency::embed(&mut metadata, request.folder(), request)?;
    warnings.extend(embedded.warnings);
    warnings.extend(check::refused(&metadata, &facts, &embedded.entries));
    if let Some(binary) = binary {
        let entries = &embedded.entries;
        warnings.extend(check::binary(&binary, facts.architecture, &metadata, entries)?);
    }
    Ok(Bundle {
        tree: tree(module, &metadata, embedded.entries),
        metadata,
        known,
        warnings,
        obtained: embedded.obtained,
        awaited: embedded.awaited,
        inputs: embedded.inputs,
    })
}

/// Learns what a bundle of the module says.
///
/// # Errors
/// What is wrong with the module, its manifest or the options; why it could not be loaded.
pub fn describe(request: &Request) -> Result<Described, Error> {
    // Before all that is learnt of the file: it is held against what is archived at the end.
    let sha256 = digest(request)?;
    let module = fs::canonicalize(&request.module).at("read", &request.module)?;
    let (facts, binary) = look_at(&request.module)?;
    let mut metadata = Metadata::new();
    metadata.add(Origin::Host, host());
    metadata.add(Origin::File, file(request, &facts, sha256)?);
    let options = options(request)?;
    metadata.add(Origin::Option, options.clone());

    let Author { layer, mut warnings, asked } = author::read(request, &facts, &metadata)?;
    metadata.add(Origin::Manifest, layer.clone());
    let commit = commit::of(&request.module, request.manifest_file(), request.git_sha.as_deref())?;
    warnings.extend(commit.warnings);
    metadata.add(commit.origin, commit.layer);
    // --git-sha is an option too, and the one that gives way.
    metadata.add(Origin::Option, options);
    dependency::check(&metadata, &request.sources)?;
    let (asking, discovery) = Asking::of(request, &metadata)?.ask(request, &facts, asked)?;
    let Discovery { discovered: registered, source, warnings: doubts, log } = discovery;
    warnings.extend(doubts);
    metadata.add(Origin::Module, said_by(&registered));
    warnings.extend(metadata.settle());
    warnings.extend(check::overruled(&layer, &metadata));
    warnings.extend(check::metadata(&metadata, binary.as_ref(), facts.architecture)?);
    let known = Known { source, arguments: asking.arguments, registered, log };
    Ok(Described { metadata, known, warnings, module, facts, binary })
}

/// What the module's file is, and what it asks of a node; damage there is no reason not to load it.
fn look_at(module: &Path) -> Result<(ElfFacts, Option<BinaryFacts>), Error> {
    let facts = ElfFacts::read(module)?;
    if facts.for_valkey {
        let (path, fault) = (module.to_owned(), ModuleFault::ForValkey);
        return Err(BundleError::NotAModule { path, fault }.into());
    }
    let file = File::open(module).at("read", module)?;
    Ok((facts, BinaryFacts::of(&file).ok()))
}

fn host() -> Layer {
    let mut layer = Layer::default();
    layer.put("os", "Linux");
    if let Some(platform) = Platform::host() {
        layer.put("operating_systems", vec![platform.system]);
    }
    layer
}

fn digest(request: &Request) -> Result<Sha256, Error> {
    let Request { module, meter, .. } = request;
    let file = input::open(module)?;
    let size = file.metadata().at("read", module)?.len();
    meter.begin("Reading", module.display().to_string(), Some(size));
    Sha256::of_reader(meter.counting(file)).at("read", module)
}

fn file(request: &Request, facts: &ElfFacts, sha256: Sha256) -> Result<Layer, Error> {
    let module = &request.module;
    let name = module.file_name().and_then(|name| name.to_str());
    let not_text = || Error::Usage(format!("{}: its name is not UTF-8", module.display()));
    let mut layer = Layer::default();
    layer.put("module_file", name.ok_or_else(not_text)?);
    layer.put("architecture", facts.architecture.to_string());
    layer.put("sha256", sha256.to_string());
    Ok(layer)
}

fn options(request: &Request) -> Result<Layer, BundleError> {
    let mut layer = request.options.clone();
    if layer.text("sha256").is_some() {
        let why = "it is computed from the module".to_owned();
        return Err(BundleError::BadAssignment { text: "sha256=…".to_owned(), why });
    }
    if let Some(said) = layer.text("architecture") {
        let architecture: Architecture = said.parse().map_err(|why| {
            BundleError::BadAssignment { text: format!("architecture={said}"), why }
        })?;
        layer.put("architecture", architecture.to_string());
    }
    Ok(layer)
}

/// What the bundle holds, in the reference packer's order.
fn tree(module: PathBuf, metadata: &Metadata, dependencies: Vec<Entry>) -> Tree {
    let mut tree = Tree::default();
    let name = metadata.text("module_file").unwrap_or_default();
    tree.push(name, Content::File(module), true);
    tree.push("module.json", Content::Bytes(metadata.to_bytes()), false);
    tree.entries.extend(dependencies);
    tree
}
