//! Many packings, as a person writes them down: `rampkit.yaml`.
//!
//! In: the text of a project file. Out: [`Task`]s: one for each module and each of its platforms, with
//! the [`Settings`] that the layers of the file give it, and the [`Origin`] of its manifest. What a
//! setting means is not known here: its name is that of an option of `rampkit pack`.

mod read;
mod setting;

use std::path::{Path, PathBuf};

use crate::error::{Error, Location};
use crate::input;
use crate::manifest::yaml::Mark;

pub use setting::{Setting, Settings, Value};

/// What a project file says.
#[derive(Debug)]
pub struct Project {
    /// The file and its text, for messages.
    path: PathBuf,
    text: String,
    /// For every task: the widest layer.
    settings: Settings,
    /// In the order of the file.
    platforms: Vec<Platform>,
    /// In the order of the file.
    modules: Vec<Module>,
}

/// A platform, or a module's own settings for one.
#[derive(Debug)]
struct Platform {
    name: String,
    settings: Settings,
}

#[derive(Debug)]
struct Module {
    name: String,
    at: Mark,
    origin: Option<Origin>,
    settings: Settings,
    /// The platforms it is packed for, with its own settings for each; all where it names none.
    platforms: Option<Vec<Platform>>,
}

/// Where a module's manifest comes from: its `from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The repository, as it is typed.
    pub repository: String,
    /// Its tag, branch or commit.
    pub reference: String,
    /// The manifest's path there, where it is named.
    pub path: Option<String>,
    /// Where all that stands in the file.
    pub at: Mark,
}

/// One packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The name of its module in the file.
    pub module: String,
    /// That of its platform, where it has one.
    pub platform: Option<String>,
    /// Where the module stands in the file.
    pub at: Mark,
    /// Where its manifest comes from, if that is said.
    pub origin: Option<Origin>,
    /// What is set for it.
    pub settings: Settings,
}

impl Task {
    /// `module/platform`, or `module`.
    pub fn label(&self) -> String {
        match &self.platform {
            Some(platform) => format!("{}/{platform}", self.module),
            None => self.module.clone(),
        }
    }
}

impl Project {
    /// Reads the project file at `path`.
    ///
    /// # Errors
    /// Those of [`input::open`], [`input::text`] and [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = input::text(input::open(path)?, path)?;
        Self::parse(&text, path)
    }

    /// Reads the text of a project file; `path` is for messages.
    ///
    /// # Errors
    /// [`Error::BadText`], [`Error::Project`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        read::Reader { path, text }.project()
    }

    /// Every setting that stands in the file, also those that no task has in the end.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        let modules = self.modules.iter().flat_map(|module| {
            let own = module.platforms.as_deref().unwrap_or_default();
            own.iter().map(|it| &it.settings).chain([&module.settings])
        });
        let platforms = self.platforms.iter().map(|platform| &platform.settings);
        let layers = [&self.settings].into_iter().chain(platforms).chain(modules);
        layers.flat_map(Settings::iter)
    }

    /// The tasks, in the order of the file: each has the settings of all, of its platform, of its
    /// module, of its module for that platform, and `above`, the later over the earlier. `{name}` and
    /// `{platform}` in them are the names.
    ///
    /// # Errors
    /// [`Error::Project`] for `{platform}` where there is none.
    pub fn tasks(&self, above: &Settings) -> Result<Vec<Task>, Error> {
        let mut tasks = Vec::new();
        for module in &self.modules {
            let chosen = module.platforms.as_deref().unwrap_or(&self.platforms);
            if chosen.is_empty() {
                tasks.push(self.task(module, None, above)?);
            }
            for platform in chosen {
                tasks.push(self.task(module, Some(&platform.name), above)?);
            }
        }
        Ok(tasks)
    }

    fn task(
        &self,
        module: &Module,
        platform: Option<&str>,
        above: &Settings,
    ) -> Result<Task, Error> {
        let of = |platforms: &[Platform]| {
            let found = platforms.iter().find(|it| Some(it.name.as_str()) == platform);
            found.map(|found| found.settings.clone()).unwrap_or_default()
        };
        let own = of(module.platforms.as_deref().unwrap_or_default());
        let layers = [of(&self.platforms), module.settings.clone(), own, above.clone()];
        let settings =
            layers.iter().fold(self.settings.clone(), |wider, narrower| wider.under(narrower));
        let mut values = vec![("name", module.name.as_str())];
        values.extend(platform.map(|platform| ("platform", platform)));
        let astray = settings.iter().find(|it| it.value.names("platform"));
        if let (None, Some(setting)) = (platform, astray) {
            let what = format!("{} has no platform that {{platform}} could stand for", module.name);
            return Err(self.fault(setting.at, what, None));
        }
        Ok(Task {
            module: module.name.clone(),
            platform: platform.map(str::to_owned),
            at: module.at,
            origin: module.origin.clone(),
            settings: settings.expanded(&values),
        })
    }

    /// The error that says what is wrong, and where in the file.
    pub fn fault(&self, at: Option<Mark>, what: String, advice: Option<String>) -> Error {
        let location = at.map(|(line, column)| Location::new(&self.text, line, column));
        Error::Project { path: self.path.clone(), what, location, advice }
    }
}
