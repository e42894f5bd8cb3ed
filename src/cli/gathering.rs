//! Options and files that say which modules go into an image.

use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::descriptor::document::{Found, Git, Modules, Repository, Target, Wanted, Words};
use crate::error::Error;
use crate::http::certificates;
use crate::install::{Asked, Loader};
use crate::manifest::Place;
use crate::source::Access;

#[derive(Args)]
pub struct GatheringOptions {
    /// Files with modules and targets, and bundles; - or none for stdin
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Leave a module out; repeatable
    #[arg(long, value_name = "NAME")]
    exclude: Vec<String>,

    /// A folder to find modules in; repeatable
    #[arg(long, value_name = "FOLDER")]
    repository: Vec<String>,

    /// A git repository to find modules in, and its tag, branch or commit; repeatable
    #[arg(long, num_args = 2, value_names = ["REPO", "REF"])]
    git_repository: Vec<String>,

    /// Install a module of a repository, with what it asks for; repeatable
    #[arg(long, value_name = "NAME[@VERSION]")]
    install: Vec<String>,

    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
}

#[derive(Args)]
pub struct TargetOptions {
    /// The image to begin from [default: that of a Target, else redis:latest]
    #[arg(long, value_name = "IMAGE")]
    baseimage: Option<String>,

    /// Who runs the base image [default: where known]
    #[arg(long, value_name = "USER")]
    baseuser: Option<String>,

    /// The image that holds a module's artifacts, whatever its file says; repeatable
    #[arg(long, num_args = 2, value_names = ["NAME", "IMAGE"])]
    module_image: Vec<String>,

    /// The folder for modules [default: that of a Target, else $REDIS_MODULES/]
    #[arg(long, value_name = "FOLDER")]
    libdir: Option<String>,

    /// The port it listens on; repeatable [default: those of a Target, else 6379]
    #[arg(long, value_name = "PORT[/udp]", value_parser = NonEmptyStringValueParser::new())]
    expose: Vec<String>,

    /// Who loads the modules of bundles: Redis Enterprise, which takes the bundles, or a server,
    /// which takes the modules out of them [default: as the base image tells]
    #[arg(long = "for", value_name = "WHOM")]
    loader: Option<LoaderOption>,
}

/// Who loads modules.
#[derive(Clone, Copy, ValueEnum)]
enum LoaderOption {
    Enterprise,
    Server,
}

impl GatheringOptions {
    /// What is asked for, into a target that `options` say more of.
    pub fn asked(self, options: TargetOptions) -> Result<Asked, Error> {
        self.cacert.as_deref().map(certificates).transpose()?;
        let is_partial = |text: &&String| text.rsplit('@').any(str::is_empty);
        if let Some(text) = self.install.iter().find(is_partial) {
            let what = format!("--install {text:?}: a module is NAME or NAME@VERSION");
            return Err(Error::Usage(what));
        }
        let found = self.found();
        let is_alone = self.files.is_empty() && !found.install.is_empty();
        if self.files.is_empty() && !is_alone && stdin().is_terminal() {
            return Err(Error::Usage("no FILE is named; - reads what is typed".to_owned()));
        }
        let files = if self.files.is_empty() && !is_alone { vec!["-".into()] } else { self.files };
        if files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
            return Err(Error::Usage("stdin can be read once: only one file can be -".to_owned()));
        }
        let asked = Asked {
            files: files.into_iter().map(Place::from).collect(),
            excluded: self.exclude,
            access: Access { cacert: self.cacert, ..Access::default() },
            options: Target { modules: Some(Modules::Found(found)), ..Target::default() },
            ..Asked::default()
        };
        Ok(options.into_asked(asked))
    }

    fn found(&self) -> Found {
        let none = || Repository { name: None, path: None, git: None };
        let folder = |path: &String| Repository { path: Some(path.clone()), ..none() };
        let git = |pair: &[String]| {
            let git = Git { url: pair[0].clone(), reference: Some(pair[1].clone()) };
            Repository { git: Some(git), ..none() }
        };
        let wanted = |text: &String| {
            let (name, version) = match text.rsplit_once('@') {
                Some((name, version)) => (name, Some(version.to_owned())),
                None => (text.as_str(), None),
            };
            Wanted { name: name.to_owned(), version }
        };
        let repositories = self.repository.iter().map(folder);
        Found {
            repositories: repositories.chain(self.git_repository.chunks(2).map(git)).collect(),
            install: self.install.iter().map(wanted).collect(),
        }
    }
}

impl TargetOptions {
    fn into_asked(self, asked: Asked) -> Asked {
        let pair = |pair: &[String]| (pair[0].clone(), pair[1].clone());
        let options = Target {
            baseimage: self.baseimage,
            baseuser: self.baseuser,
            libdir: self.libdir,
            expose: (!self.expose.is_empty()).then_some(Words::List(self.expose)),
            ..asked.options
        };
        Asked {
            options,
            images: self.module_image.chunks(2).map(pair).collect(),
            loader: self.loader.map(Loader::from),
            ..asked
        }
    }
}

impl From<LoaderOption> for Loader {
    fn from(option: LoaderOption) -> Self {
        match option {
            LoaderOption::Enterprise => Self::Enterprise,
            LoaderOption::Server => Self::Server,
        }
    }
}
