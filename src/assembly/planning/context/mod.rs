//! Files of this machine that a build needs, and where its context has them.
//!
//! In: paths below the folder of a [`Contributor`]. Out: [`Found`] files, and what must be collected.
//! What is not there, or leads out of that folder, is an error before anything is written. The name of
//! a folder that is made up is one that every file system takes.

mod ignored;
pub(super) mod pattern;

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::assembly::planning::contributor::Contributor;
use crate::assembly::planning::stage::{Taken, folder_name};
use crate::assembly::{Collected, Content, Context};
use crate::error::{BundleError, Error, IoContext};
use crate::tree::Tree;
use crate::warning::Warning;
use ignored::hides;
use pattern::{is_pattern, matches};

/// What to do where the context lacks something.
const COLLECT: &str = "collect what the build needs in a folder with --context FOLDER";

/// The build context.
#[derive(Debug)]
pub(super) struct Files {
    /// The folder that is used in place, without links.
    root: Option<PathBuf>,
    /// The folder of each contributor where they are collected.
    folders: Vec<String>,
    /// What keeps some of it from the builder.
    ignored: Option<String>,
    /// What must be collected.
    pub collected: Vec<Collected>,
    pub warnings: Vec<Warning>,
}

/// The folder that the files of a contributor lie in.
#[derive(Debug)]
pub(super) struct Folder<'a> {
    who: Contributor<'a>,
    /// Without links.
    disk: PathBuf,
    /// What it is called in the context where it is collected.
    within: String,
}

/// A file or folder that the context has, or will have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it is, without links.
    pub disk: PathBuf,
    /// Its path in the context.
    pub path: String,
    /// What its contributor calls it.
    pub name: String,
    pub is_folder: bool,
}

impl Files {
    /// # Errors
    /// [`Error::Io`].
    pub fn new(context: &Context, all: &[Contributor]) -> Result<Self, Error> {
        let root = match context {
            Context::InPlace(root) => Some(fs::canonicalize(root).at("find", root)?),
            Context::Collected => None,
        };
        let mut taken = Taken::default();
        let folders = all.iter().map(|who| collected_as(who, &mut taken)).collect();
        let ignored = root.as_deref().and_then(ignored::read);
        Ok(Self { root, folders, ignored, collected: Vec::new(), warnings: Vec::new() })
    }

    /// The folder of a contributor; `wanted` is what lies in it.
    pub fn folder<'a>(&self, who: Contributor<'a>, wanted: &str) -> Result<Folder<'a>, Error> {
        let Some(folder) = &who.origin.folder else {
            let what = format!("{wanted} lies in no folder: this was read from stdin");
            return Err(who.cannot(what, "name the file, and not stdin"));
        };
        if self.root.is_some() && who.origin.is_passing {
            let what = format!("{wanted} is on this machine for the time of this run only");
            return Err(who.cannot(what, COLLECT));
        }
        let disk = fs::canonicalize(folder).at("find", folder)?;
        let within = self.folders[who.index].clone();
        Ok(Folder { who, disk, within })
    }

    /// A file or folder; collected where that is wanted.
    pub fn find(&mut self, folder: &Folder, source: &str) -> Result<Found, Error> {
        let below = folder.below(source)?;
        let disk = folder.resolve(&below, source)?;
        let path = self.path(folder, &disk, &below)?;
        self.take(folder, &below, disk, path)
    }

    /// All that fits a pattern, and the pattern in the context.
    pub fn find_all(
        &mut self,
        folder: &Folder,
        pattern: &str,
    ) -> Result<(String, Vec<Found>), Error> {
        let below = folder.below(pattern)?;
        let whole = self.path(folder, &folder.disk, Path::new(""))?;
        let mut found = Vec::new();
        for each in matches(&folder.disk, pattern) {
            let disk = folder.resolve(&each, &each.to_string_lossy())?;
            let path = join(&whole, &each);
            found.push(self.take(folder, &each, disk, path)?);
        }
        match found.is_empty() {
            true => Err(folder.who.cannot(
                format!("nothing in {} fits {pattern}", folder.disk.display()),
                "check the pattern, or build what it names first",
            )),
            false => Ok((join(&whole, &below), found)),
        }
    }

    fn take(
        &mut self,
        folder: &Folder,
        below: &Path,
        disk: PathBuf,
        path: String,
    ) -> Result<Found, Error> {
        if self.ignored.as_ref().is_some_and(|ignored| hides(ignored, &path)) {
            let what = format!(".dockerignore hides {path} from the builder");
            let advice = format!("add a line with !{path} at its end");
            self.warnings.push(folder.who.warning(what).advise(advice));
        }
        let is_folder = disk.is_dir();
        if is_folder && self.root.is_none() {
            tree(&disk, None, |what| folder.who.cannot(what, LINKS))?;
        }
        self.collect(&path, Content::Of(disk.clone()));
        Ok(Found { disk, path, name: name(below), is_folder })
    }

    /// A text that the context shall have.
    pub fn generate(&mut self, who: Contributor, path: &str, text: String) -> Result<(), Error> {
        if self.root.is_some() {
            return Err(who.cannot(
                format!("{path} is made by rampkit, and must lie in the build context"),
                COLLECT,
            ));
        }
        self.collect(path, Content::Text(text));
        Ok(())
    }

    /// Its path in the context.
    fn path(&self, folder: &Folder, disk: &Path, below: &Path) -> Result<String, Error> {
        let who = folder.who;
        let Some(root) = &self.root else {
            return Ok(join(&folder.within, below));
        };
        let Ok(path) = disk.strip_prefix(root) else {
            let what =
                format!("{} is not below {}, the build context", disk.display(), root.display());
            return Err(who.cannot(what, COLLECT));
        };
        match path.to_str() {
            Some("") => Ok(".".to_owned()),
            Some(path) if is_copyable(path) => Ok(path.to_owned()),
            _ => Err(uncopyable(who, &path.to_string_lossy(), COLLECT)),
        }
    }

    fn collect(&mut self, path: &str, content: Content) {
        let new = Collected { path: path.to_owned(), content };
        if self.root.is_none() && !self.collected.contains(&new) {
            self.collected.push(new);
        }
    }
}

impl Folder<'_> {
    /// The path as typed, without needless parts.
    fn below(&self, source: &str) -> Result<PathBuf, Error> {
        let who = self.who;
        let path = who.path(source);
        let parts = Path::new(&path).components();
        let is_inside = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
        if !parts.clone().all(is_inside) {
            let no = if source.starts_with('/') { "not relative to" } else { "no path below" };
            let what = format!("{source} is {no} {}", self.disk.display());
            return Err(who.cannot(what, self.advice(source, INSIDE)));
        }
        let below: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
        let is_typed = is_pattern(&path) && !self.disk.join(&below).exists();
        match is_typed || is_copyable(&path) {
            true => Ok(below),
            false => Err(uncopyable(who, source, "give it another name")),
        }
    }

    /// What to do: a path that looks like one of an image is meant to be one.
    fn advice(&self, source: &str, otherwise: &'static str) -> &'static str {
        let is_of_image = source.starts_with('/') || source.contains('$');
        if is_of_image && !self.who.is_target { NO_IMAGE } else { otherwise }
    }

    /// Whether there is something that is called so, letter for letter.
    pub fn has(&self, source: &str) -> bool {
        self.disk.join(source).exists()
    }

    /// A file of the folder; its path is that below the folder.
    pub fn file(&self, source: &str) -> Result<Found, Error> {
        let below = self.below(source)?;
        let disk = self.resolve(&below, source)?;
        if !disk.is_file() {
            return Err(self.who.cannot(format!("{source} is not a file"), BUILD));
        }
        let path = below.to_string_lossy().into_owned();
        Ok(Found { disk, path, name: name(&below), is_folder: false })
    }

    /// Where it is, without links.
    fn resolve(&self, below: &Path, shown: &str) -> Result<PathBuf, Error> {
        let who = self.who;
        let Ok(disk) = fs::canonicalize(self.disk.join(below)) else {
            let what = format!("there is no {shown} in {}", self.disk.display());
            return Err(who.cannot(what, self.advice(shown, BUILD)));
        };
        match disk.starts_with(&self.disk) {
            true => Ok(disk),
            false => {
                let what = format!("{shown} is a link that leads out of {}", self.disk.display());
                Err(who.cannot(what, INSIDE))
            }
        }
    }
}

const BUILD: &str = "check its spelling, or build it first";
const INSIDE: &str = "what is copied must lie in the folder of the file that names it";
const NO_IMAGE: &str = "without `image`, what a module has lies in the folder of its file; an image is \
                        given by `image`, or --module-image NAME IMAGE";

/// Whether all builders take the path for no more than that.
fn is_copyable(path: &str) -> bool {
    !is_pattern(path) && !path.contains(|c: char| c == '\\' || c.is_control())
}

fn uncopyable(who: Contributor, path: &str, advice: &str) -> Error {
    let what = format!(
        "{path} has a character (one of * ? [ \\ or a control character) in its name that builders take for something else"
    );
    who.cannot(what, advice)
}

/// What a folder holds, without what git keeps of it; and without `other`, a folder that may lie in
/// it. Links stay, where they stay in it.
pub(in crate::assembly) fn tree(
    folder: &Path,
    other: Option<&Path>,
    refuse: impl Fn(String) -> Error,
) -> Result<Tree, Error> {
    let is_wanted = |path: &Path| path.file_name() != Some(".git".as_ref()) && Some(path) != other;
    Tree::of_wanted(folder, is_wanted).map_err(|error| match error {
        Error::Bundle(BundleError::CannotArchive { path, why }) => {
            refuse(format!("{}: {why}", path.display()))
        }
        other => other,
    })
}

pub(in crate::assembly) const LINKS: &str =
    "leave it out, or put a copy of what it leads to in its place";

/// Where the files of a contributor are collected.
fn collected_as(who: &Contributor, taken: &mut Taken) -> String {
    if who.is_target {
        return "target".to_owned();
    }
    let name = taken.unique(folder_name(who.name));
    let version = who.version.map(|version| format!("/{}", folder_name(version)));
    format!("modules/{name}{}", version.unwrap_or_default())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn join(within: &str, below: &Path) -> String {
    let parts = below.iter().map(|part| part.to_string_lossy());
    let parts = [within.into()].into_iter().filter(|it| *it != ".").chain(parts);
    parts.collect::<Vec<_>>().join("/")
}
