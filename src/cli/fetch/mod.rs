//! `rampkit fetch`: repositories and refs → manifests, and a lock beside each.
//!
//! All are fetched and checked before the first is written: several manifests are one product.

mod access;
mod list;
mod order;
mod pairs;
mod project;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use self::access::AccessOptions;
use self::order::{Order, Place, check_apart};
use super::many;
use super::together::together;
use super::{Exit, Talk};
use crate::error::Error;
use crate::progress::Tasks;
use crate::source::{Fetched, Folders, Locked, Locks, Manner, Overwrite, Wanted, save};

/// How many repositories are asked at once, if there are as many.
const AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).expect("more than 0");

/// Options that a list of tags has no use for.
const NOT_LISTED: [&str; 7] =
    ["path", "all_manifests", "output", "force", "jobs", "from", "locked"];

/// The ways to say what is wanted.
const USAGE: &str = "rampkit fetch [OPTIONS] <REPO> <REF> [<REPO> <REF>]...
       rampkit fetch [OPTIONS] --from <FILE>
       rampkit fetch [OPTIONS] --locked
       rampkit fetch [OPTIONS] --list <REPO>";

/// Fetch a module's ramp.yml as a tag, a branch or a commit has it, and a ramp.lock that says so
#[derive(Args)]
#[command(override_usage = USAGE)]
pub struct Fetch {
    /// A repository: an https, http, ssh, git or file address, `host:path`, a local folder, or
    /// `owner/name` on GitHub. And what of it: tags/v1.2.3, v1.2.3, heads/x, a branch, a commit id, or
    /// `latest` for the highest release. Repeatable
    #[arg(value_name = "REPO REF", required_unless_present_any = ["from", "locked"])]
    operands: Vec<String>,

    /// Print the tags of REPO instead, the highest last, with date and commit
    #[arg(long, conflicts_with_all = NOT_LISTED)]
    list: bool,

    /// Print the list as JSON
    #[arg(long, requires = "list", conflicts_with_all = NOT_LISTED)]
    json: bool,

    /// Fetch for each module of this project file that says `from`, to where its `manifest` is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["operands", "path", "output"])]
    from: Option<PathBuf>,

    /// Fetch what the lock beside the manifest says (ramp.lock beside ramp.yml), exactly that or nothing
    #[arg(long, conflicts_with_all = ["operands", "path"])]
    locked: bool,

    /// The manifest's path in the repository [default: the first of the known places]
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new())]
    path: Option<String>,

    /// Fetch the manifests at all known places, each to FOLDER/<its path in the repository>
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["path", "output", "from", "locked"])]
    all_manifests: Option<PathBuf>,

    /// Where to write the manifest, `-` for stdout, without ramp.lock [default: ramp.yml]. Of several
    /// the folder, for each as <name of the repository>/ramp.yml [default: the current one]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Overwrite a manifest that was edited by hand
    #[arg(long)]
    force: bool,

    /// How many repositories to ask at once
    #[arg(long, value_name = "N", default_value_t = AT_ONCE, value_parser = many::jobs)]
    jobs: NonZeroUsize,

    /// Say how each came here: the way that its server allowed, requests, bytes and time
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    access: AccessOptions,
}

impl Fetch {
    /// Fetches what is asked for; stdout is the paths, or the manifest.
    pub(super) fn run(&self, talk: &Talk) -> Result<Exit, Error> {
        if self.list {
            self.list(talk)?;
            return Ok(Exit::DONE);
        }
        let orders = self.orders(talk)?;
        check_apart(&orders, &self.inputs())?;
        let access = self.access.access()?;
        let tasks = Tasks::new("Fetching", orders.iter().map(Order::name).collect());
        let fetched =
            together(&tasks, self.jobs.get(), talk, |number| orders[number].fetch(&access));
        match kept(&orders, fetched, talk)? {
            Ok(fetched) => self.finish(&orders, &fetched, talk),
            Err(exit) => Ok(exit),
        }
    }

    fn orders(&self, talk: &Talk) -> Result<Vec<Order>, Error> {
        match &self.from {
            Some(project) => self.of_project(project, talk),
            None if self.locked => self.of_lock(),
            None => self.of_pairs(),
        }
    }

    /// The files that are read.
    fn inputs(&self) -> Vec<&Path> {
        // The folder of the project file was entered.
        let project = self.from.as_deref().and_then(Path::file_name).map(Path::new);
        self.access.files().into_iter().chain(project).collect()
    }

    /// Has the manifests appear, and says so.
    fn finish(&self, orders: &[Order], fetched: &[Fetched], talk: &Talk) -> Result<Exit, Error> {
        let mut files = Vec::new();
        for (order, fetched) in orders.iter().zip(fetched) {
            files.extend(order.place.paths(&fetched.manifests));
        }
        let files: Vec<(&Path, &Locked)> =
            files.iter().map(|(path, manifest)| (path.as_path(), *manifest)).collect();
        save(&files, self.manner(orders))?;
        for (order, fetched) in orders.iter().zip(fetched) {
            order.tell(fetched, self.verbose, &order.talk(talk))?;
        }
        Ok(Exit::DONE)
    }

    fn manner(&self, orders: &[Order]) -> Manner {
        let is_named = matches!(orders, [Order { label: None, place: Place::Files(_), .. }]);
        Manner {
            overwrite: if self.force { Overwrite::Force } else { Overwrite::Refuse },
            locks: if self.locked { Locks::Kept } else { Locks::Written },
            // The folder of a file that is named itself must be there, as for every command.
            folders: if is_named { Folders::Asked } else { Folders::Made },
        }
    }

    fn wanted(&self) -> Wanted {
        match (&self.all_manifests, &self.path) {
            (Some(_), _) => Wanted::All,
            (_, Some(path)) => Wanted::At(path.clone()),
            _ => Wanted::First,
        }
    }
}

/// What came of the orders, its warnings told; how the run ends where not all can be had. The error of
/// an order that is alone is that of the run.
fn kept(
    orders: &[Order],
    fetched: Vec<Result<Fetched, Error>>,
    talk: &Talk,
) -> Result<Result<Vec<Fetched>, Exit>, Error> {
    let (mut kept, mut exit) = (Vec::new(), Exit::DONE);
    for (order, fetched) in orders.iter().zip(fetched) {
        let talk = order.talk(talk);
        match fetched.and_then(|it| talk.warn(&it.warnings).map(|()| it)) {
            Ok(fetched) => kept.push(fetched),
            Err(error) if order.label.is_none() => return Err(error),
            Err(error) => exit = exit.max(talk.fails(&error)),
        }
    }
    if exit == Exit::DONE {
        return Ok(Ok(kept));
    }
    if orders.len() > 1 {
        let count = format!("{} of {}", kept.len(), orders.len());
        talk.report.done("Fetched", format!("{count}; they belong together, so none is written"));
    }
    Ok(Err(exit))
}
