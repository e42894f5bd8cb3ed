//! `rampkit pack`: a module's file → a bundle, and a module.yaml that points at it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::archive::ArchiveOptions;
use super::dependencies::{DependencyOptions, say_obtained};
use super::discovery::{LoadingOptions, say_source};
use super::fields::{FieldOptions, RUN_ARGS};
use super::module_yaml::ModuleYamlArgs;
use super::packages::PackageOptions;
use super::platform::PlatformOptions;
use super::show::Packed;
use super::telling::TellingOptions;
use super::variables::VariableOptions;
use super::{Exit, Talk, text};
use crate::bundle::{self, Bundle, Known, Request};
use crate::discovery::Method;
use crate::error::Error;
use crate::manifest::{Layer, Place, Variables};
use crate::packages::{Beside, Order, Ready};
use crate::progress::Meter;

// The options of one packing; what they are for in all is said where a verb has them.
#[derive(Args)]
pub struct Pack {
    /// The module's .so; else the only one here or where images keep modules
    module: Option<PathBuf>,

    /// The manifest, - for stdin; else ./ramp.yml, if there is one
    #[arg(short, long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,

    /// Refuse a manifest with keys that are no fields
    #[arg(long)]
    strict: bool,

    /// Where to write the bundle: a folder, or a name with {field} for any field of module.json,
    /// {stem} for the module's file without .so, {osnick} as ubuntu22.04, {variant}, {branch}
    /// [default: {stem}.{os}-{architecture}.{semantic_version}{variant}.zip beside the module]
    #[arg(short, long, value_name = "NAME")]
    output: Option<String>,

    /// Give a field of module.json a value, whatever else says it; repeatable. Lists as a,b
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    assignments: Vec<String>,

    /// The module's commit, where neither the manifest's lock nor a repository tells it
    #[arg(long, value_name = "COMMIT", value_parser = commit)]
    git_sha: Option<String>,

    /// Print the metadata and the paths as JSON
    #[arg(long)]
    pub json: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub telling: TellingOptions,

    /// Load nothing: read name, version and commands from this JSON file; a module.json will do
    #[arg(long, value_name = "FILE", conflicts_with = RUN_ARGS)]
    commands: Option<PathBuf>,

    #[command(flatten)]
    variables: VariableOptions,

    #[command(flatten)]
    fields: FieldOptions,

    #[command(flatten)]
    platform: PlatformOptions,

    #[command(flatten)]
    dependencies: DependencyOptions,

    #[command(flatten)]
    loading: LoadingOptions,

    #[command(flatten)]
    packages: PackageOptions,

    #[command(flatten)]
    module_yaml: ModuleYamlArgs,

    #[command(flatten)]
    archive: ArchiveOptions,
}

impl Pack {
    /// Packs; stdout is the path of the bundle, then those of further packages.
    pub fn run(self, talk: &Talk) -> Result<Exit, Error> {
        let order = self.order(talk)?;
        if self.telling.print_filename_only {
            talk.line(&self.name(talk, &order)?)?;
            return Ok(Exit::DONE);
        }
        let bundle = self.bundle(talk, &order)?;
        let packed = self.packed(talk, &order, &bundle)?;
        self.telling.say_metadata(talk, &packed);
        talk.line(&self.product(&packed)?)?;
        Ok(Exit::DONE)
    }

    /// The path that the bundle would have, also in the file for it.
    pub fn name(&self, talk: &Talk, order: &Order) -> Result<String, Error> {
        let describe = || bundle::describe(&order.request);
        let described = talk.report.watching(&order.request.meter, describe)?;
        self.say_known(talk, order, &described.known);
        talk.warn(&described.warnings)?;
        Ok(order.publish_name(&described.metadata)?.display().to_string())
    }

    /// The bundle that is asked for.
    pub fn bundle(&self, talk: &Talk, order: &Order) -> Result<Bundle, Error> {
        let pack = || bundle::pack(&order.request);
        let bundle = talk.report.watching(&order.request.meter, pack)?;
        self.say_learnt(talk, order, &bundle);
        Ok(bundle)
    }

    /// Has all that is asked for appear.
    pub fn packed<'b>(
        &self,
        talk: &Talk,
        order: &'b Order,
        bundle: &'b Bundle,
    ) -> Result<Packed<'b>, Error> {
        let ready = talk.report.watching(&order.request.meter, || Ready::stage(order, bundle))?;
        self.finish(talk, order, bundle, ready)
    }

    /// Has what is ready appear, unless there are warnings that are denied, or nothing shall be
    /// written.
    pub fn finish<'b>(
        &self,
        talk: &Talk,
        order: &'b Order,
        bundle: &'b Bundle,
        ready: Ready,
    ) -> Result<Packed<'b>, Error> {
        let module_yaml = ready.module_yaml(order, bundle)?;
        let further = module_yaml.as_ref().map_or(&[][..], |yaml| &yaml.rendered.warnings);
        talk.warn(&[&bundle.warnings, &ready.warnings, further].concat())?;
        let outcome = ready.outcome(module_yaml.as_ref());
        if !self.dry_run {
            ready.publish(module_yaml.as_ref())?;
        }
        let packed = Packed { order, bundle, outcome, module_yaml };
        talk.report.done(if self.dry_run { "Would pack" } else { "Packed" }, packed.summary());
        Ok(packed)
    }

    /// What is printed of it.
    pub fn product(&self, packed: &Packed) -> Result<String, Error> {
        match (self.json, self.dry_run) {
            (true, _) => Ok(text::json(&packed.json())),
            (false, true) => packed.plan(),
            (false, false) => Ok(packed.paths()),
        }
    }

    /// Says what a bundle was made of.
    pub fn say_learnt(&self, talk: &Talk, order: &Order, bundle: &Bundle) {
        self.say_known(talk, order, &bundle.known);
        say_obtained(talk, bundle);
    }

    fn say_known(&self, talk: &Talk, order: &Order, known: &Known) {
        let name = order.request.module.file_name().unwrap_or_default().to_string_lossy();
        say_source(talk, &name, &known.source);
        self.telling.say_known(talk, known);
    }

    /// What is asked for.
    pub fn order(&self, talk: &Talk) -> Result<Order, Error> {
        Ok(Order {
            request: self.request(talk)?,
            names: self.packages.names(self.output.clone(), self.platform.osnick()),
            beside: Beside {
                packname_file: self.telling.packname_file.clone(),
                ..self.packages.beside()
            },
            module_yaml: self.module_yaml.wanted(),
        })
    }

    /// The fields that options give, each of them once.
    fn options(&self) -> Result<Layer, Error> {
        let mut options = self.fields.layer()?;
        let mut givers = self.fields.givers();
        let described = self.variables.descriptions();
        let described = described.map(|text| ("description", "-D".to_owned(), text.into()));
        let assigned = Layer::from_assignments(&self.assignments)?.into_iter();
        let assigned = assigned.map(|(field, value)| (field, format!("--set {field}=…"), value));
        for (field, option, value) in described.chain(assigned) {
            options.put(field, value);
            if let Some(other) = givers.insert(field, option.clone()) {
                let twice = format!("{field} is given twice: by {other} and by {option}");
                return Err(Error::Usage(twice));
            }
        }
        self.platform
            .layer(&options)?
            .into_iter()
            .for_each(|(field, value)| options.put(field, value));
        Ok(options)
    }

    /// The module that is named, or the one that there is.
    fn module(&self, talk: &Talk) -> Result<PathBuf, Error> {
        let Some(module) = &self.module else {
            let found = bundle::locate(Path::new("."))?;
            if found.is_absolute() {
                talk.report.done("Found", found.display());
            }
            return Ok(found);
        };
        if self.dependencies.is_astray(module) && !module.exists() {
            let which = module.display();
            let text = format!("there is no module {which}; write --embed-deps={which}");
            return Err(Error::Usage(text));
        }
        Ok(module.clone())
    }

    /// The manifest that is named, or the usual one where it is there.
    fn manifest(&self) -> Option<Place> {
        let usual = || Some(PathBuf::from("ramp.yml")).filter(|usual| usual.exists());
        self.manifest.clone().or_else(usual).map(Place::from)
    }

    /// How many of the files that it reads are stdin.
    pub fn stdin_files(&self) -> usize {
        self.variables.stdin_files(self.manifest.as_deref())
    }

    fn variables(&self) -> Result<Variables, Error> {
        if self.stdin_files() > 1 {
            return Err(Error::Usage("stdin can be read once: only one file can be -".to_owned()));
        }
        let mut variables = self.variables.read()?;
        // {{OSNICK}} of the manifest is {osnick} of names.
        self.platform.osnick().into_iter().for_each(|nick| variables.derive("OSNICK", &nick));
        Ok(variables)
    }

    fn request(&self, talk: &Talk) -> Result<Request, Error> {
        Ok(Request {
            module: self.module(talk)?,
            manifest: self.manifest(),
            variables: self.variables()?,
            strict: self.strict,
            folder: None,
            options: self.options()?,
            git_sha: self.git_sha.clone(),
            discovery: match &self.commands {
                Some(file) => Method::File(file.clone()),
                None => self.loading.method()?,
            },
            settings: self.archive.settings()?,
            sources: self.dependencies.sources(self.dry_run || self.telling.print_filename_only)?,
            meter: Meter::default(),
        })
    }
}

fn commit(text: &str) -> Result<String, String> {
    let is_id = matches!(text.len(), 40 | 64) && text.chars().all(|c| c.is_ascii_hexdigit());
    match is_id {
        true => Ok(text.to_lowercase()),
        false => {
            Err("a commit is its full id of 40 hex digits, as git rev-parse HEAD prints it"
                .to_owned())
        }
    }
}
