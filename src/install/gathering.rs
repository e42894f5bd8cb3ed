//! From what a command line names to what is installed.
//!
//! In: [`Asked`]: files with modules, targets and bundles, and what options say. Out: [`Gathered`]: one
//! target and its modules in install order. Who wins: an option over files, a target's file over what
//! is usual; for a module an option over the module. Of targets a later one wins, key by key.

use std::path::Path;

use super::inputs::{Input, read};
use super::repository::repositories;
use super::{
    Candidate, Catalogue, Installation, Loader, Origin, Wish, bundle, choose, later_wins, usual,
};
use crate::descriptor::Placed;
use crate::descriptor::document::{Definition, Entry, Found, Modules, Platform, Target};
use crate::error::{AssemblyError, Error};
use crate::manifest::Place;
use crate::nearest::nearest;
use crate::scratch::Scratch;
use crate::source::Access;
use crate::warning::Warning;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Files with modules and targets, and bundles.
    pub files: Vec<Place>,
    /// What options say of the target, with the modules that they ask for.
    pub options: Target,
    /// Names of modules that shall stay out.
    pub excluded: Vec<String>,
    /// Images of modules, by name.
    pub images: Vec<(String, String)>,
    /// Who loads what comes in bundles; else the base image tells.
    pub loader: Option<Loader>,
    /// How git repositories are reached.
    pub access: Access,
}

/// A target, and what is installed into it.
pub struct Gathered {
    /// From what it was made, for people.
    pub made_of: Vec<String>,
    /// The target.
    pub target: Target,
    /// Where it comes from; of several files that whose artifacts or scripts it has.
    pub origin: Origin,
    /// The modules.
    pub installation: Installation,
    /// What their user should know.
    pub warnings: Vec<Warning>,
    /// Temporary folders that files of modules lie in.
    pub folders: Vec<Scratch>,
}

/// What is asked for, in the end.
///
/// # Errors
/// Those of reading files, bundles and repositories, and of [`choose`].
pub fn gather(asked: &Asked) -> Result<Gathered, Error> {
    let mut gathering = Gathering::default();
    let mut inputs = Vec::new();
    for place in &asked.files {
        inputs.extend(read(place, &mut gathering.warnings)?);
    }
    let (target, origin) = target(&inputs, asked)?;
    for input in inputs {
        gathering.take(input, &target, asked)?;
    }
    if let Some(Modules::Found(found)) = &asked.options.modules {
        let names = gathering.find(found, &Origin::here("the command line"), asked)?;
        gathering.repositories = names;
    }
    gathering.finish(asked, target, origin)
}

/// What comes together, file by file.
#[derive(Default)]
struct Gathering {
    /// What files define.
    defined: Vec<Candidate>,
    /// What repositories have.
    found: Vec<Candidate>,
    /// What shall be installed.
    asked: Vec<Asking>,
    /// What repositories of options are called.
    repositories: Vec<String>,
    warnings: Vec<Warning>,
    folders: Vec<Scratch>,
}

/// What is asked for: a module that a file defines, by its name, or one of a repository.
enum Asking {
    For(String),
    Wish(Wish),
}

impl Gathering {
    fn take(&mut self, input: Input, target: &Target, asked: &Asked) -> Result<(), Error> {
        match input {
            Input::Bundle(path) => self.unpack(&path, target, asked.loader),
            Input::Entry(entry, origin) => match *entry {
                Entry::Module(module) => {
                    self.add(Candidate { module: *module, origin });
                    Ok(())
                }
                Entry::Target(target) => match target.modules {
                    None => Ok(()),
                    Some(Modules::Found(found)) => self.find(&found, &origin, asked).map(drop),
                    Some(Modules::List(modules)) => {
                        for Placed { entry: module, location } in modules {
                            let origin = origin.at(&location);
                            self.add(Candidate { module, origin });
                        }
                        Ok(())
                    }
                },
            },
        }
    }

    fn unpack(
        &mut self,
        path: &Path,
        target: &Target,
        loader: Option<Loader>,
    ) -> Result<(), Error> {
        if target.platform == Some(Platform::Windows) {
            return Err(bundle::unloadable(path));
        }
        let base = target.baseimage.as_deref().unwrap_or_default();
        let loader = loader.or_else(|| Loader::of(base)).unwrap_or_else(|| {
            self.warnings.push(unknown_loader(path, base));
            Loader::Enterprise
        });
        let modules = target.libdir.as_deref().unwrap_or_default();
        let bundled = bundle::read(path, loader, modules)?;
        bundled.check_spares(path, &self.defined)?;
        self.warnings.extend(bundled.warnings);
        self.folders.extend(bundled.folder);
        self.add(bundled.candidate);
        Ok(())
    }

    /// Reads repositories; what they are called.
    fn find(
        &mut self,
        found: &Found,
        origin: &Origin,
        asked: &Asked,
    ) -> Result<Vec<String>, Error> {
        let read = repositories(&found.repositories, origin, &asked.access)?;
        self.found.extend(read.candidates);
        self.warnings.extend(read.warnings);
        self.folders.extend(read.folders);
        let wish = |wanted| Asking::Wish(Wish::new(wanted, origin.name.clone()).pinning());
        self.asked.extend(found.install.iter().map(wish));
        Ok(read.names)
    }

    /// A module that a file defines is one that the file asks for.
    fn add(&mut self, candidate: Candidate) {
        self.asked.push(Asking::For(candidate.module.name.clone()));
        self.defined.push(candidate);
    }

    fn finish(mut self, asked: &Asked, target: Target, origin: Origin) -> Result<Gathered, Error> {
        let (defined, replaced) = later_wins(std::mem::take(&mut self.defined));
        self.defined = defined;
        self.warnings.extend(replaced);
        for (name, image) in &asked.images {
            self.give(name, image);
        }
        for name in &asked.excluded {
            if !self.names().any(|it| it == name) {
                self.warnings.push(self.nobody("--exclude", name));
            }
        }
        let wishes = self.wishes();
        let mut catalogue = Catalogue::default();
        self.defined.into_iter().chain(self.found).try_for_each(|it| catalogue.add(it))?;
        let installation = choose(&catalogue, &wishes, &asked.excluded)?;
        let Self { warnings, folders, repositories, .. } = self;
        let files = asked.files.iter().map(|place| place.name().display().to_string());
        let made_of = files.chain(repositories).collect();
        Ok(Gathered { made_of, target, origin, installation, warnings, folders })
    }

    /// Gives all modules of a name another image.
    fn give(&mut self, name: &str, image: &str) {
        let mut named = 0;
        for candidate in self.defined.iter_mut().chain(&mut self.found) {
            if candidate.module.name == name {
                candidate.module.image = Some(image.to_owned());
                named += 1;
            }
        }
        if named == 0 {
            self.warnings.push(self.nobody("--module-image", name));
        }
    }

    /// What is asked for; of what a file defines exactly that.
    fn wishes(&self) -> Vec<Wish> {
        let of = |asking: &Asking| match asking {
            Asking::Wish(wish) => Some(wish.clone()),
            Asking::For(name) => {
                let defined = self.defined.iter().find(|it| it.module.name == *name)?;
                let version = defined.module.version.clone();
                let by = defined.origin.name.clone();
                Some(Wish { name: name.clone(), version, by, pins: false })
            }
        };
        self.asked.iter().filter_map(of).collect()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.defined.iter().chain(&self.found).map(|it| it.module.name.as_str())
    }

    /// A name behind an option that no module has.
    fn nobody(&self, option: &str, name: &str) -> Warning {
        let warning = Warning::new(format!("{option} {name}: there is no module of that name"));
        match nearest(name, self.names(), 1).first() {
            Some(near) => warning.advise(format!("did you mean {near}?")),
            None => warning,
        }
    }
}

fn unknown_loader(path: &Path, base: &str) -> Warning {
    let message = format!(
        "{}: {base} is taken for an image of Redis Enterprise, which loads bundles",
        path.display()
    );
    Warning::new(message).advise("say --for enterprise, or --for server where modules are loaded")
}

/// What is usual, then files, then options.
fn target(inputs: &[Input], asked: &Asked) -> Result<(Target, Origin), Error> {
    let of_files = inputs.iter().filter_map(|input| match input {
        Input::Entry(entry, origin) => match &**entry {
            Entry::Target(target) => Some((&**target, origin)),
            Entry::Module(_) => None,
        },
        Input::Bundle(_) => None,
    });
    let of_files: Vec<(&Target, &Origin)> = of_files.collect();
    let platform = of_files.iter().rev().find_map(|(target, _)| target.platform);
    let base = of_files.iter().rev().find_map(|(target, _)| target.baseimage.as_ref());
    let base = asked.options.baseimage.as_ref().or(base).map(String::as_str);
    let usual = usual::target(platform.unwrap_or(Platform::Linux), base);
    let fold = |sum: Target, (later, _): &(&Target, &Origin)| sum.overridden_by((*later).clone());
    let said = of_files.iter().fold(usual, fold);
    let origin = origin(&of_files, &said.definition)?;
    Ok((said.overridden_by(asked.options.clone()), origin))
}

/// The place of a target that several files make: in its folder lie the files that it names.
fn origin(of_files: &[(&Target, &Origin)], said: &Definition) -> Result<Origin, Error> {
    let last = |has: fn(&Definition) -> bool| {
        let mut those = of_files.iter().rev().filter(|(target, _)| has(&target.definition));
        those.next().filter(|_| has(said)).map(|(_, origin)| *origin)
    };
    let copied = last(|it| it.artifacts.is_some());
    let executed = last(|it| it.execute.is_some());
    if let (Some(one), Some(other)) = (copied, executed)
        && one.folder != other.folder
    {
        let what = format!("its scripts lie in another folder than the artifacts of {}", one.name);
        let advice = "name both in one file: what it names lies in its folder".to_owned();
        return Err(AssemblyError::Unbuildable { origin: other.name.clone(), what, advice }.into());
    }
    let first = of_files.first().map(|(_, origin)| *origin);
    Ok(copied.or(executed).or(first).cloned().unwrap_or_else(|| Origin::here("the target")))
}
