//! One dependency after the other, each from the source that it has.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use reqwest::Url;

use super::local::{self, Verified};
use super::remote::{Got, Remote};
use super::{Awaited, Embed, Embedded, Obtained, REQUIRED, entry_path, sound_url};
use crate::bundle::Request;
use crate::digest::Sha256;
use crate::error::{BundleError, DependencyError, Error, IoContext};
use crate::http::{login_of, shown};
use crate::manifest::{Dependency, expand};
use crate::tree::{Content, Entry};
use crate::warning::Warning;

/// Embeds, and keeps what has come of it.
pub struct Embedder<'a> {
    embedded: Embedded,
    folder: &'a Path,
    request: &'a Request,
    remote: Remote<'a>,
    digests: BTreeMap<String, Sha256>,
    left_out: Vec<LeftOut>,
}

/// A dependency that is only named.
struct LeftOut {
    field: &'static str,
    name: String,
    path: Option<String>,
    sha256: Sha256,
}

impl<'a> Embedder<'a> {
    pub fn new(folder: &'a Path, request: &'a Request) -> Self {
        Self {
            embedded: Embedded::default(),
            folder,
            request,
            remote: Remote::new(&request.sources.network, &request.meter),
            digests: BTreeMap::new(),
            left_out: Vec::new(),
        }
    }

    /// Embeds a dependency of that field, if it shall be, and settles what is said of it.
    pub fn embed(
        &mut self,
        field: &'static str,
        name: &str,
        dependency: &mut Dependency,
    ) -> Result<(), Error> {
        self.embedded.warnings.extend(login_for_all(name, dependency));
        let given = self.request.sources.given.iter().find(|(given, _)| given == name);
        let local = dependency.local_path.take();
        match (given, local, &dependency.url, dependency.sha256) {
            (Some((_, path)), ..) => {
                let verified = local::given(path, dependency.sha256, self.request);
                let verified = verified.map_err(|error| unobtainable(name, error))?;
                self.embedded.inputs.push(path.clone());
                self.put(name, dependency, verified)
            }
            (None, Some(local), ..) => self.archive(name, dependency, &local),
            (None, None, Some(url), Some(sha256)) if self.request.sources.embed.wants(field) => {
                let url = usable(name, url)?;
                self.download(name, dependency, &url, sha256)
            }
            (None, None, Some(_), Some(sha256)) => {
                let path = entry_path(name, dependency).ok();
                self.left_out.push(LeftOut { field, name: name.to_owned(), path, sha256 });
                Ok(())
            }
            _ => Err(bad(name, "it needs a url and a sha256, or a local_path to embed")),
        }
    }

    /// What has come of all of them.
    pub fn finish(mut self) -> Result<Embedded, Error> {
        let mut missed = Vec::new();
        for LeftOut { field, name, path, sha256 } in &self.left_out {
            let is_there = match path {
                Some(path) => self.is_there(name, path, *sha256)?,
                None => false,
            };
            if !is_there && *field == REQUIRED {
                missed.push(name.as_str());
            }
        }
        if self.request.sources.embed == Embed::Unsaid && !missed.is_empty() {
            self.embedded.warnings.push(not_embedded(&missed));
        }
        Ok(self.embedded)
    }

    fn archive(
        &mut self,
        name: &str,
        dependency: &mut Dependency,
        local: &str,
    ) -> Result<(), Error> {
        let place = format!("the local_path of dependency {name}");
        let local = expand(local).map_err(|name| BundleError::NoVariable { name, place })?;
        let local = self.folder.join(local);
        if let Err(error) = fs::metadata(&local)
            && error.kind() == ErrorKind::NotFound
        {
            return Err(bad(name, format!("there is no {}, its local_path", local.display())));
        }
        let verified = local::archive(&local, self.request)?;
        if let Some(said) = dependency.sha256.filter(|said| *said != verified.sha256) {
            let message = format!(
                "dependency {name}: its local_path is packed with another sha256 than {said}"
            );
            let advice = "where there is a local_path the manifest needs no sha256";
            self.embedded.warnings.push(Warning::new(message).advise(advice));
        }
        self.embedded.inputs.push(local);
        self.put(name, dependency, verified)
    }

    fn download(
        &mut self,
        name: &str,
        dependency: &mut Dependency,
        url: &Url,
        sha256: Sha256,
    ) -> Result<(), Error> {
        let path = entry_path(name, dependency).map_err(|why| bad(name, why))?;
        if self.is_there(name, &path, sha256)? {
            return Ok(());
        }
        let from = shown(url);
        let got = self.remote.get(url, sha256).map_err(|error| unobtainable(name, error))?;
        let (file, url) = match got {
            Got::Awaited => {
                self.embedded.awaited.push(Awaited { path: path.clone(), url: from });
                self.digests.insert(path, sha256);
                return Ok(());
            }
            Got::Cached(file) => (file, None),
            Got::Downloaded { file, damaged } => {
                let damaged = damaged.map(|path| in_the_way(name, &path));
                self.embedded.warnings.extend(damaged);
                (file, Some(from))
            }
        };
        let size = file.metadata().at("read", &path)?.len();
        self.embedded.obtained.push(Obtained { name: name.to_owned(), url, size });
        self.put(name, dependency, Verified { file, sha256 })
    }

    fn put(
        &mut self,
        name: &str,
        dependency: &mut Dependency,
        Verified { file, sha256 }: Verified,
    ) -> Result<(), Error> {
        dependency.sha256 = Some(sha256);
        let path = entry_path(name, dependency).map_err(|why| bad(name, why))?;
        if !self.is_there(name, &path, sha256)? {
            self.check_entry(name, &path)?;
            self.digests.insert(path.clone(), sha256);
            let content = Content::Unnamed(file);
            self.embedded.entries.push(Entry { path, content, executable: false });
        }
        Ok(())
    }

    /// What not every reader of bundles would take for the dependency's entry.
    fn check_entry(&self, name: &str, path: &str) -> Result<(), Error> {
        if path.ends_with(".so") {
            let why = "and in a bundle only the module's name ends in .so; give it as a .tgz";
            return Err(bad(name, format!("it would be embedded as {path}, {why}")));
        }
        let meets = |there: &&String| there.to_lowercase() == path.to_lowercase();
        self.digests.keys().find(meets).map_or(Ok(()), |there| Err(taken(name, there)))
    }

    /// Whether another dependency has embedded the same file already.
    fn is_there(&self, name: &str, path: &str, sha256: Sha256) -> Result<bool, Error> {
        match self.digests.get(path) {
            None => Ok(false),
            Some(there) if *there == sha256 => Ok(true),
            Some(_) => Err(taken(name, path)),
        }
    }
}

fn bad(name: &str, why: impl Into<String>) -> Error {
    BundleError::BadDependency { name: name.to_owned(), why: why.into() }.into()
}

fn taken(name: &str, path: &str) -> Error {
    let advice = "give it a url with a file name of its own";
    bad(name, format!("another one is embedded as {path} already; {advice}"))
}

fn unobtainable(name: &str, source: Error) -> Error {
    match source {
        options @ Error::Usage(_) => options,
        source => {
            DependencyError::Unobtainable { name: name.to_owned(), source: Box::new(source) }.into()
        }
    }
}

/// The url of the dependency.
pub fn usable(name: &str, url: &str) -> Result<Url, Error> {
    sound_url(url).map_err(|why| bad(name, format!("its url cannot be used: {why}")))
}

/// The module may do without those of the other field.
fn not_embedded(names: &[&str]) -> Warning {
    let message = format!(
        "Redis Enterprise 8 and later will not download what is not embedded: {}",
        names.join(", ")
    );
    Warning::new(message)
        .advise("embed it with --embed-deps; if it is meant so, say --embed-deps=none")
}

/// A login in a url goes into the bundle with it.
fn login_for_all(name: &str, dependency: &Dependency) -> Option<Warning> {
    login_of(&Url::parse(dependency.url.as_deref()?).ok()?)?;
    let message =
        format!("dependency {name}: its url holds a login, and whoever has the bundle has it too");
    Some(Warning::new(message).advise("leave it out, and give the file with --dep"))
}

fn in_the_way(name: &str, path: &Path) -> Warning {
    let message = format!("{} was damaged: dependency {name} was downloaded anew", path.display());
    Warning::new(message).advise("the cache has it again; if that recurs, check the disk")
}
