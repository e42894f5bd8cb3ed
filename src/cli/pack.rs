//! `rampkit pack`: a module's file → a bundle, and a module.yaml that points at it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Talk;
use super::archive::ArchiveOptions;
use super::dependencies::{DependencyOptions, say_obtained};
use super::discovery::{LoadingOptions, say_source};
use super::module_yaml::{ModuleYaml, ModuleYamlArgs};
use super::show::Packed;
use crate::bundle::{self, Bundle, Request};
use crate::discovery::Method;
use crate::error::Error;
use crate::progress::Meter;
use crate::source::Lock;
use crate::staged::{self, Staged};

/// Pack a module into a RAMP bundle, and point a module.yaml at it
#[derive(Args)]
pub struct Pack {
    /// The module's .so; else the only one here or where images keep modules
    module: Option<PathBuf>,

    /// The manifest; else ./ramp.yml, if there is one
    #[arg(short, long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    /// Where to write the bundle: a folder, or a name with {field} for any field of module.json,
    /// {stem} for the module's file without .so, {osnick} as ubuntu22.04
    /// [default: {stem}.{os}-{architecture}.{semantic_version}.zip beside the module]
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
    json: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Load the module with these arguments, instead of the manifest's
    #[arg(long, value_name = "ARGS", allow_hyphen_values = true)]
    run_args: Option<String>,

    /// Load nothing: read name, version and commands from this JSON file; a module.json will do
    #[arg(long, value_name = "FILE", conflicts_with = "run_args")]
    commands: Option<PathBuf>,

    #[command(flatten)]
    dependencies: DependencyOptions,

    #[command(flatten)]
    loading: LoadingOptions,

    #[command(flatten)]
    archive: ArchiveOptions,

    #[command(flatten)]
    module_yaml: ModuleYamlArgs,
}

impl Pack {
    /// Packs; stdout is the path of the bundle.
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let request = self.request(talk)?;
        let bundle = talk.report.watching(&request.meter, || bundle::pack(&request))?;
        let name = request.module.file_name().unwrap_or_default().to_string_lossy();
        say_source(talk, &name, &bundle.source);
        say_obtained(talk, &bundle);
        let target = bundle.target(&request.module, self.output.as_deref())?;
        self.check_places(&request, &bundle, &target)?;
        let stage = || bundle.stage(&target, &request);
        let stage = || talk.report.watching(&request.meter, stage);
        let staged = bundle.is_complete().then(stage).transpose()?;
        let sha256 = staged.as_ref().map(|(_, sha256)| *sha256);
        let render = |sha256| self.module_yaml.render(&bundle, &target, sha256).transpose();
        let module_yaml = sha256.and_then(render).transpose()?;
        let further = module_yaml.as_ref().map_or(&[][..], |yaml| &yaml.rendered.warnings);
        talk.warn(&[&bundle.warnings, further].concat())?;
        if let Some((staged, _)) = staged
            && !self.dry_run
        {
            let beside = module_yaml.as_ref().map(ModuleYaml::stage).transpose()?;
            staged.publish()?;
            beside.map(Staged::publish).transpose()?;
        }
        let packed =
            Packed { bundle: &bundle, target: &target, sha256, module_yaml: module_yaml.as_ref() };
        talk.report.done(if self.dry_run { "Would pack" } else { "Packed" }, packed.summary());
        talk.line(&match (self.json, self.dry_run) {
            (true, _) => packed.json(),
            (false, true) => packed.plan()?,
            (false, false) => target.display().to_string(),
        })
    }

    /// Nothing that is written may take the place of something that is read, or of each other.
    fn check_places(&self, request: &Request, bundle: &Bundle, target: &Path) -> Result<(), Error> {
        let module_yaml = self.module_yaml.path(target);
        if module_yaml.as_deref().is_some_and(|path| staged::is_same(path, target)) {
            let path = target.display();
            return Err(Error::Usage(format!("{path} cannot be both bundle and module.yaml")));
        }
        let lock = request.manifest.as_deref().map(Lock::beside);
        let inputs = [
            Some(&request.module),
            request.manifest.as_ref(),
            lock.as_ref(),
            self.commands.as_ref(),
        ];
        for output in [Some(target), module_yaml.as_deref()].into_iter().flatten() {
            if inputs.into_iter().flatten().any(|input| staged::is_same(input, output)) {
                return Err(Error::IsAnInput { path: output.to_owned() });
            }
            bundle.check_apart(output)?;
        }
        Ok(())
    }

    fn request(&self, talk: &Talk) -> Result<Request, Error> {
        let module = match &self.module {
            Some(module) if self.dependencies.is_astray(module) && !module.exists() => {
                let which = module.display();
                let text = format!("there is no module {which}; write --embed-deps={which}");
                return Err(Error::Usage(text));
            }
            Some(module) => module.clone(),
            None => {
                let found = bundle::locate(Path::new("."))?;
                if found.is_absolute() {
                    talk.report.done("Found", found.display());
                }
                found
            }
        };
        let usual = Path::new("ramp.yml");
        let manifest = self.manifest.clone().or_else(|| usual.exists().then(|| usual.to_owned()));
        Ok(Request {
            module,
            manifest,
            assignments: self.assignments.clone(),
            run_args: self.run_args.clone(),
            git_sha: self.git_sha.clone(),
            discovery: match &self.commands {
                Some(file) => Method::File(file.clone()),
                None => self.loading.method()?,
            },
            settings: self.archive.settings()?,
            sources: self.dependencies.sources(self.dry_run)?,
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
