//! Artifacts: what is copied, from where, and where it lands.
//!
//! In: the artifacts of a [`Contributor`], the stage that has them or the files of this machine. Out:
//! [`Copy`]s, and their [`Landing`]s. An artifact that is on this machine is there, and has its digest.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::context::pattern::is_pattern;
use super::context::{Files, Folder, Found, LINKS, tree};
use super::contributor::Contributor;
use super::variables::Variables;
use crate::assembly::dockerfile::escape::{Escape, literal};
use crate::assembly::{Copy, Stage};
use crate::descriptor::document::Artifact;
use crate::digest::Sha256;
use crate::error::{Error, IoContext};
use crate::input;
use crate::tree::{Content, Entry};
use crate::warning::Warning;

/// A file that comes to lie somewhere in the image.
#[derive(Clone, Debug)]
pub(super) struct Landing {
    /// Whose it is, by its place among all.
    pub who: usize,
    /// What messages call it: `redisgraph.so of redisgraph`.
    pub label: String,
    pub from: From,
    /// Its path as it is written.
    pub written: String,
    /// Its path without variables, from the root on; `None` where that is not known.
    pub path: Option<String>,
}

/// What a file is a copy of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// Of a path of an image.
    Image(String, String),
    /// Of a file of this machine.
    File(PathBuf),
}

/// What is made of the artifacts of one contributor.
#[derive(Debug, Default)]
pub(super) struct Copies {
    pub copies: Vec<Copy>,
    pub landings: Vec<Landing>,
    pub warnings: Vec<Warning>,
}

/// One contributor's artifacts.
pub(super) struct Copying<'a> {
    pub who: Contributor<'a>,
    /// The stage that has them, else the folder of the contributor's file.
    pub stage: Option<&'a Stage>,
    /// Where artifacts go that say nothing.
    pub libdir: Option<&'a str>,
    /// What is known when they are copied.
    pub variables: &'a Variables,
}

/// Where an artifact comes from.
struct Source {
    /// As COPY has it.
    path: String,
    /// What it is here; nothing where a stage has it.
    found: Vec<Found>,
}

impl Copying<'_> {
    /// All of them.
    pub fn all(&self, files: &mut Files) -> Result<Copies, Error> {
        let mut made = Copies::default();
        let artifacts = self.who.definition.artifacts.as_deref().unwrap_or_default();
        let Some(first) = artifacts.first() else { return Ok(made) };
        let folder = match self.stage {
            Some(_) => None,
            None => Some(files.folder(self.who, &first.source)?),
        };
        for artifact in artifacts {
            self.check(artifact)?;
            let source = match &folder {
                Some(folder) => self.in_context(files, folder, artifact)?,
                None => Source { path: self.who.path(&artifact.source), found: Vec::new() },
            };
            let target = self.target(artifact, &source)?;
            let landings = self.landings(artifact, &source, &target)?;
            made.landings.extend(landings);
            made.warnings.extend(self.warnings(artifact));
            made.copies.push(self.copy(artifact, source.path, target));
        }
        made.warnings.extend(self.astray(&made.copies));
        Ok(made)
    }

    /// What a variable leads that nothing here sets; builders take an unknown one for nothing.
    fn astray(&self, copies: &[Copy]) -> Option<Warning> {
        let is_unknown =
            |copy: &&Copy| copy.target.contains('$') && self.variables.path(&copy.target).is_none();
        let Copy { source, target, .. } = copies.iter().find(is_unknown)?;
        let what = format!("{source} goes to {target}, and no instruction before it sets that");
        let advice = "set it by ENV in the target's `script`, unless the base image does";
        Some(self.who.warning(what).advise(advice))
    }

    fn copy(&self, artifact: &Artifact, source: String, target: String) -> Copy {
        let is_linux = !self.who.is_windows();
        Copy {
            stage: self.stage.map(|stage| stage.name.clone()),
            source,
            target,
            user: artifact.user.clone().filter(|_| is_linux),
            mode: artifact.mode.clone().filter(|_| is_linux),
            sha256: artifact.sha256,
        }
    }

    /// A digest is that of one file.
    fn check(&self, Artifact { source, sha256, .. }: &Artifact) -> Result<(), Error> {
        let is_several = is_pattern(source) || source.ends_with('/');
        match sha256.is_some() && is_several {
            true => Err(self
                .who
                .cannot(format!("{source} is not one file, and has a sha256"), ONE_FILE)),
            false => Ok(()),
        }
    }

    fn warnings(&self, artifact: &Artifact) -> Vec<Warning> {
        let Artifact { source, user, mode, .. } = artifact;
        let lost = |what: &str, it: &Option<String>| {
            it.as_ref().filter(|_| self.who.is_windows()).map(|it| {
                let what =
                    format!("{what} {it} of {source} is left out: Windows has none of that kind");
                self.who
                    .warning(what)
                    .advise("take it out, or set it by an instruction in `script`")
            })
        };
        let is_new = mode.is_some() && !self.who.is_windows();
        let new = is_new.then(|| {
            let what = format!("{source} gets a mode, which only BuildKit can give");
            self.who.warning(what).advise("where DOCKER_BUILDKIT=0 is set, take that away")
        });
        let lost = [lost("the owner", user), lost("the mode", mode)];
        lost.into_iter().flatten().chain(new).collect()
    }

    fn in_context(
        &self,
        files: &mut Files,
        folder: &Folder,
        artifact: &Artifact,
    ) -> Result<Source, Error> {
        let source = &artifact.source;
        if is_pattern(source) && !folder.has(source) {
            let (path, found) = files.find_all(folder, source)?;
            return Ok(Source { path: self.literal(&path), found });
        }
        let found = files.find(folder, source)?;
        if let Some(expected) = artifact.sha256 {
            self.check_digest(&found, source, expected)?;
        }
        Ok(Source { path: self.literal(&found.path), found: vec![found] })
    }

    fn literal(&self, path: &str) -> String {
        literal(path, Escape::of(self.who.platform))
    }

    fn check_digest(&self, found: &Found, source: &str, expected: Sha256) -> Result<(), Error> {
        if found.is_folder {
            let what = format!("{source} is a folder, and has a sha256");
            return Err(self.who.cannot(what, ONE_FILE));
        }
        let file = input::open(&found.disk)?;
        let digest = Sha256::of_reader(file).at("read", &found.disk)?;
        match digest == expected {
            true => Ok(()),
            false => Err(self.who.cannot(
                format!("{source} shall have the sha256 {expected}, and has {digest}"),
                "build it anew, or write the sha256 that it has",
            )),
        }
    }

    /// A folder with a slash at its end, or the path itself.
    fn target(&self, artifact: &Artifact, source: &Source) -> Result<String, Error> {
        let libdir = self.libdir.map(|libdir| self.who.path(libdir));
        let folder = |path: &str| format!("{}/", path.trim_end_matches('/'));
        let target = match (artifact.target.as_ref().map(|it| self.who.path(it)), libdir) {
            (None, None) => {
                let what = format!("{} has no target, and there is no `libdir`", artifact.source);
                return Err(self.who.cannot(what, "write `target`, or --libdir PATH"));
            }
            (None, Some(libdir)) => folder(&libdir),
            (Some(path), Some(libdir)) if folder(&path) == folder(&libdir) => folder(&path),
            (Some(path), _) if path.ends_with('/') => folder(&path),
            (Some(path), _) => path,
        };
        match &source.found[..] {
            // What a link leads to may be called otherwise, and builders do not agree on its name.
            [one] if target.ends_with('/') && !one.is_folder && one.is_renamed() => {
                Ok(target + &self.literal(&one.name))
            }
            [_, _, ..] if !target.ends_with('/') => Err(self.who.cannot(
                format!(
                    "several files fit {}, and its target {target} is one path",
                    artifact.source
                ),
                "end the target with a slash",
            )),
            _ => Ok(target),
        }
    }

    /// Each file that lands somewhere, as far as that is known.
    fn landings(
        &self,
        artifact: &Artifact,
        source: &Source,
        target: &str,
    ) -> Result<Vec<Landing>, Error> {
        let label = format!("{} of {}", artifact.source, self.who.shown());
        let landing = |from, written: String| {
            let path = self.variables.path(&written);
            Landing { who: self.who.index, label: label.clone(), from, written, path }
        };
        if let Some(stage) = self.stage {
            let name = source.path.rsplit('/').next().unwrap_or_default();
            let written = match target.ends_with('/') {
                true if name.is_empty() || is_pattern(name) => return Ok(Vec::new()),
                true => format!("{target}{name}"),
                false => target.to_owned(),
            };
            return Ok(vec![landing(
                From::Image(stage.image.clone(), source.path.clone()),
                written,
            )]);
        }
        let mut landings = Vec::new();
        for found in &source.found {
            let below = found.files(target, |what| self.who.cannot(what, LINKS))?;
            let each = |(disk, at): (PathBuf, String)| landing(From::File(disk), at);
            landings.extend(below.into_iter().map(each));
        }
        Ok(landings)
    }
}

const ONE_FILE: &str = "take the sha256 away, or name its files one by one";

impl Found {
    /// Whether the context has it by another name.
    fn is_renamed(&self) -> bool {
        self.path.rsplit('/').next() != Some(&self.name)
    }

    /// The files that it is or has, and where they land.
    fn files(
        &self,
        target: &str,
        refuse: impl Fn(String) -> Error,
    ) -> Result<Vec<(PathBuf, String)>, Error> {
        let escape = Escape::Backslash;
        if !self.is_folder {
            let name = if target.ends_with('/') { &self.name[..] } else { "" };
            return Ok(vec![(self.disk.clone(), format!("{target}{}", literal(name, escape)))]);
        }
        let tree = tree(&self.disk, None, refuse)?;
        let file = |entry: Entry| {
            let (_, below) = entry.path.split_once('/')?;
            let at = format!("{}/{}", target.trim_end_matches('/'), literal(below, escape));
            let is_folder = matches!(entry.content, Content::Folder);
            (!is_folder).then(|| (self.disk.join(below), at))
        };
        Ok(tree.entries.into_iter().filter_map(file).collect())
    }
}

/// The first two files of different origin that land on the same path.
pub(super) fn collision(landings: &[Landing]) -> Option<[&Landing; 2]> {
    let mut seen = BTreeMap::new();
    landings.iter().find_map(|landing| {
        let path = landing.path.as_ref().unwrap_or(&landing.written);
        let first = *seen.entry(path).or_insert(landing);
        (first.from != landing.from).then_some([first, landing])
    })
}
