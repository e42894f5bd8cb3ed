//! `--from`: the modules of a project file that say where their manifests come from → orders.

use std::path::{Path, PathBuf};

use super::Fetch;
use super::order::{Ask, Asked, Order, Place};
use super::pairs::USUAL;
use crate::cli::{Talk, many};
use crate::error::Error;
use crate::project::{Origin, Project, Settings, Task, Value};
use crate::source::{Address, Lock, Wanted};

/// A module that says where its manifest comes from.
struct Module {
    name: String,
    asked: Asked,
    /// Where it goes, each place with the label of a task that packs with it: of each platform it may be
    /// another.
    manifests: Vec<(String, PathBuf)>,
}

impl Fetch {
    /// What the project file at `path` asks for; its folder is entered.
    ///
    /// # Errors
    /// Those of [`many::entered`]; [`Error::Project`]; [`Error::Usage`] for a repository.
    pub(super) fn of_project(&self, path: &Path, talk: &Talk) -> Result<Vec<Order>, Error> {
        if let Some(text) = path.to_str().filter(|text| text.contains("://")) {
            let address: Address = text.parse()?;
            let text = format!("--from takes a project file, and {address} is a repository");
            return Err(Error::Usage(format!("{text}: it stands by itself, as REPO REF")));
        }
        let project = many::entered(path, talk)?;
        let modules = modules(&project)?;
        if modules.is_empty() {
            let what = "no module says where its manifest comes from".to_owned();
            let advice = "write `from: {repository: owner/name, ref: v1.2.3}` below one";
            return Err(project.fault(None, what, Some(advice.to_owned())));
        }
        let order = if self.locked { again } else { now };
        Ok(modules.into_iter().flat_map(order).collect())
    }
}

/// All manifests of a module are the same.
fn now(Module { name, asked, manifests }: Module) -> Vec<Order> {
    let files = manifests.into_iter().map(|(_, path)| path).collect();
    vec![Order { label: Some(name), ask: Ask::Now(asked), place: Place::Files(files) }]
}

/// Each manifest has a lock of its own.
fn again(Module { name, asked, manifests }: Module) -> Vec<Order> {
    let is_alone = manifests.len() == 1;
    let order = |(label, path): (String, PathBuf)| Order {
        label: Some(if is_alone { name.clone() } else { label }),
        ask: Ask::Again(Lock::beside(&path), Some(asked.clone())),
        place: Place::Files(vec![path]),
    };
    manifests.into_iter().map(order).collect()
}

fn modules(project: &Project) -> Result<Vec<Module>, Error> {
    let mut modules: Vec<Module> = Vec::new();
    for task in project.tasks(&Settings::default())? {
        let Some(origin) = &task.origin else { continue };
        let manifest = (task.label(), manifest(project, &task)?);
        match modules.iter_mut().find(|module| module.name == task.module) {
            Some(module) if module.manifests.iter().any(|(_, path)| *path == manifest.1) => {}
            Some(module) => module.manifests.push(manifest),
            None => modules.push(Module {
                asked: asked(project, &task.module, origin)?,
                manifests: vec![manifest],
                name: task.module,
            }),
        }
    }
    Ok(modules)
}

/// Where the manifest of a task is.
fn manifest(project: &Project, task: &Task) -> Result<PathBuf, Error> {
    let Some(setting) = task.settings.get("manifest") else { return Ok(PathBuf::from(USUAL)) };
    let wrong = match &setting.value {
        Value::Nothing => return Ok(PathBuf::from(USUAL)),
        Value::Text { text, .. } if text == "-" => "manifest is a file where it is fetched",
        Value::Text { text, .. } if !text.is_empty() => return Ok(PathBuf::from(text)),
        _ => "manifest takes one value",
    };
    Err(project.fault(setting.at, format!("{}: {wrong}", task.label()), None))
}

/// What the `from` of a module asks for.
fn asked(project: &Project, module: &str, origin: &Origin) -> Result<Asked, Error> {
    let fault = |error: Error| project.fault(Some(origin.at), format!("{module}: {error}"), None);
    Ok(Asked {
        address: origin.repository.parse().map_err(fault)?,
        reference: origin.reference.parse().map_err(fault)?,
        wanted: origin.path.clone().map_or(Wanted::First, Wanted::At),
    })
}
