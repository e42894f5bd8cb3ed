//! Project files, and options that say which tasks of one are packed, and how many at once.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::{env, thread};

use clap::Args;

use super::Talk;
use super::settings::Options;
use crate::error::{Error, IoContext};
use crate::nearest::nearest;
use crate::project::{Project, Task};
use crate::staged::folder_of;

#[derive(Args)]
#[command(next_help_heading = "Many modules, by a project file")]
pub struct ManyOptions {
    /// Pack all that the project file names: its modules, each for its platforms
    #[arg(long, conflicts_with_all = ["module", "print_filename_only", "packname_file"])]
    all: bool,

    /// The project file; paths in it begin in its folder [default: rampkit.yaml]
    #[arg(long, value_name = "FILE", requires = "all")]
    project: Option<PathBuf>,

    /// Only these: MODULE or MODULE/PLATFORM; repeatable
    #[arg(long, value_name = "NAME", requires = "all")]
    only: Vec<String>,

    /// How many to pack at once [default: one per processor]
    #[arg(long, value_name = "N", requires = "all", value_parser = jobs)]
    jobs: Option<NonZeroUsize>,
}

impl ManyOptions {
    /// Whether a project file says what to pack.
    pub fn are_wanted(&self) -> bool {
        self.all
    }

    /// The project file.
    pub fn project(&self) -> &Path {
        self.project.as_deref().unwrap_or(Path::new("rampkit.yaml"))
    }

    /// How many are packed at once, if there are as many.
    pub fn at_once(&self) -> usize {
        self.jobs.map_or(processors(), NonZeroUsize::get)
    }

    /// Of each task whether it is wanted.
    ///
    /// # Errors
    /// [`Error::Usage`] for the name of none.
    pub fn chosen(&self, tasks: &[Task]) -> Result<Vec<bool>, Error> {
        let labels: Vec<String> = tasks.iter().map(Task::label).collect();
        let names = tasks.iter().map(|task| task.module.as_str());
        let names: Vec<&str> = names.chain(labels.iter().map(String::as_str)).collect();
        for name in &self.only {
            if !names.contains(&name.as_str()) {
                let near = nearest(name, names.iter().copied(), 1);
                let known = || format!("there are {}", labels.join(", "));
                let known = near.first().map_or_else(known, |near| format!("near is {near}"));
                return Err(Error::Usage(format!("there is no task {name:?}; {known}")));
            }
        }
        let is_named = |name: &str| self.only.iter().any(|only| only == name);
        let is_chosen = |(task, label): (&Task, &String)| {
            self.only.is_empty() || is_named(&task.module) || is_named(label)
        };
        Ok(tasks.iter().zip(&labels).map(is_chosen).collect())
    }
}

/// The project file at `path`; its folder is entered, where all its paths begin. Every setting in it is
/// an option of `rampkit pack`.
///
/// # Errors
/// Those of [`Project::read`] and [`Options::check`]; [`Error::Io`].
pub fn entered(path: &Path, talk: &Talk) -> Result<Project, Error> {
    let project = Project::read(path)?;
    let folder = folder_of(path);
    if folder != Path::new(".") {
        env::set_current_dir(folder).at("enter", folder)?;
        talk.report.done("Entered", folder.display());
    }
    Options::of_pack().check(&project)?;
    Ok(project)
}

/// How many jobs are done at once.
///
/// # Errors
/// What else a number is.
pub fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "a number of jobs is a whole number from 1 on".to_owned())
}

/// How many threads can run at once.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
