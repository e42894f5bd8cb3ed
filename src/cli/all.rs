//! `rampkit pack`: one module, or with `--all` all tasks of a project file, several at once.
//!
//! Every task is checked before the first is packed; they are packed in any order, and appear and are
//! told in that of the file.

use std::error::Error as _;
use std::iter;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::many::{self, ManyOptions, processors};
use super::pack::Pack;
use super::settings::{Options, Typed};
use super::text::{self, Align, table};
use super::together::together;
use super::{Exit, Talk};
use crate::archive::MOST_THREADS;
use crate::bundle::{self, Bundle};
use crate::error::Error;
use crate::packages::{ModuleYaml, Order, Package, Ready, Run, check_apart};
use crate::progress::Tasks;
use crate::wording::{self, plural, tame};

/// Pack a module into a RAMP bundle, and point a module.yaml at it
#[derive(Args)]
pub struct OneOrAll {
    // The first: what is read of the command line is no longer there for who comes later.
    #[command(flatten)]
    typed: Typed,

    #[command(flatten)]
    pack: Pack,

    #[command(flatten)]
    many: ManyOptions,
}

/// A task that can be packed.
struct Job {
    label: String,
    pack: Pack,
    order: Order,
}

/// A bundle that is packed, and the files that are made of it.
struct Made {
    bundle: Bundle,
    ready: Result<Ready, Error>,
}

/// What is told of a task that is over: as a row, and for a program.
struct Told {
    row: [String; 5],
    json: Value,
}

impl OneOrAll {
    pub fn run(self, talk: &Talk) -> Result<Exit, Error> {
        match self.many.are_wanted() {
            true => self.all(talk),
            false => self.pack.run(talk),
        }
    }

    /// Packs all tasks; stdout is a table of them.
    fn all(&self, talk: &Talk) -> Result<Exit, Error> {
        let jobs = match ordered(self.checked(talk)?, talk) {
            Ok(jobs) => jobs,
            Err(exit) => return Ok(exit),
        };
        let tasks = Tasks::new("Packing", jobs.iter().map(|job| job.label.clone()).collect());
        let made = together(&tasks, self.many.at_once(), talk, |number| jobs[number].make());
        apart(&jobs, &made, self.many.project())?;
        let (mut exit, mut packed) = (Exit::DONE, jobs.len());
        let mut told = Vec::new();
        for (job, made) in jobs.iter().zip(made) {
            let talk = talk.about(&job.label);
            told.push(job.finish(made, &talk).unwrap_or_else(|error| {
                packed -= 1;
                exit = exit.max(talk.fails(&error));
                job.failed(&error)
            }));
        }
        let summary = format!("{packed} of {}", plural(jobs.len(), "task", "tasks"));
        talk.report.done(if self.pack.dry_run { "Would pack" } else { "Packed" }, summary);
        self.tell(talk, told)?;
        Ok(exit)
    }

    /// The tasks that are wanted, as they would be asked for one by one.
    fn checked(&self, talk: &Talk) -> Result<Vec<(String, Pack)>, Error> {
        let project = many::entered(self.many.project(), talk)?;
        let options = Options::of_pack();
        let tasks = project.tasks(&self.typed.0)?;
        let chosen = self.many.chosen(&tasks)?;
        let threads =
            processors() / self.many.at_once().min(chosen.iter().filter(|it| **it).count());
        let mut words = vec![format!("--threads={}", threads.clamp(1, MOST_THREADS))];
        words.extend(self.pack.dry_run.then(|| "--dry-run".to_owned()));
        let mut packs = Vec::new();
        for (task, is_chosen) in tasks.iter().zip(chosen) {
            let pack = options.pack(&project, task, &words)?;
            packs.extend(is_chosen.then(|| (task.label(), pack)));
        }
        Ok(packs)
    }

    /// Prints what was asked for.
    fn tell(&self, talk: &Talk, told: Vec<Told>) -> Result<(), Error> {
        let (rows, json): (Vec<_>, Vec<_>) = told.into_iter().map(|it| (it.row, it.json)).unzip();
        if self.pack.json {
            return talk.line(&text::json(&json));
        }
        let head = ["task", "state", "version", "size", "path"].map(str::to_owned);
        let columns = [Align::Left, Align::Left, Align::Left, Align::Right, Align::Left];
        talk.line(&table(columns, &[vec![head], rows].concat()).join("\n"))
    }
}

/// The tasks with what each asks for; how it ends where one asks for what cannot be.
fn ordered(tasks: Vec<(String, Pack)>, talk: &Talk) -> Result<Vec<Job>, Exit> {
    let mut exit = Exit::DONE;
    let mut jobs = Vec::new();
    for (label, pack) in tasks {
        let talk = talk.about(&label);
        match order(&pack, &talk) {
            Ok(order) => jobs.push(Job { label, pack, order }),
            Err(error) => exit = exit.max(talk.fails(&error)),
        }
    }
    if exit == Exit::DONE { Ok(jobs) } else { Err(exit) }
}

/// What is asked for by a task. Several platforms would end in one module.yaml: there is one where it
/// has a name.
fn order(pack: &Pack, talk: &Talk) -> Result<Order, Error> {
    if pack.stdin_files() > 0 {
        let text = "where several are packed, none has its manifest or values from stdin";
        return Err(Error::Usage(text.to_owned()));
    }
    let mut order = pack.order(talk)?;
    order.request.variables.shared = true;
    if let Some(ModuleYaml { path: None, image, user, artifacts }) = &order.module_yaml {
        if image.is_some() || user.is_some() || !artifacts.is_empty() {
            let text =
                "image, user and artifact are said in a module.yaml: name it with module-yaml";
            return Err(Error::Usage(text.to_owned()));
        }
        order.module_yaml = None;
    }
    Ok(order)
}

/// Nothing that is written takes the place of anything else, nor of the `project` file.
fn apart(jobs: &[Job], made: &[Result<Made, Error>], project: &Path) -> Result<(), Error> {
    let runs = jobs.iter().zip(made).filter_map(|(Job { label, order, .. }, made)| {
        let Made { bundle, ready } = made.as_ref().ok()?;
        Some(Run { label, order, bundle, ready: ready.as_ref().ok()? })
    });
    let read: Vec<PathBuf> = jobs.iter().flat_map(|job| job.order.inputs()).collect();
    // Its folder was entered.
    let project = project.file_name().map(Path::new);
    let read: Vec<&Path> = read.iter().map(PathBuf::as_path).chain(project).collect();
    check_apart(&runs.collect::<Vec<_>>(), &read)
}

impl Job {
    fn make(&self) -> Result<Made, Error> {
        let bundle = bundle::pack(&self.order.request)?;
        let ready = Ready::stage(&self.order, &bundle);
        Ok(Made { bundle, ready })
    }

    /// Has it appear, and says so.
    fn finish(&self, made: Result<Made, Error>, talk: &Talk) -> Result<Told, Error> {
        let Made { bundle, ready } = made?;
        self.pack.say_learnt(talk, &self.order, &bundle);
        let packed = self.pack.finish(talk, &self.order, &bundle, ready?)?;
        self.pack.telling.say_metadata(talk, &packed);
        let Package { path, size, .. } = &packed.outcome.packages[0];
        let size = size.map(wording::size).unwrap_or_default();
        let version = bundle.metadata.text("semantic_version").unwrap_or_default();
        let state = if self.pack.dry_run { "planned" } else { "packed" };
        let path = path.display().to_string();
        let mut json = packed.json();
        json["task"] = self.label.as_str().into();
        let row = [&self.label, state, version, &size, &path].map(tame);
        Ok(Told { row, json })
    }

    fn failed(&self, error: &Error) -> Told {
        let row = [&self.label, "failed", "", "", ""].map(str::to_owned);
        let causes = iter::successors(error.source(), |cause| (*cause).source());
        let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
        Told { row, json: json!({"task": self.label, "error": text, "hint": error.hint()}) }
    }
}
