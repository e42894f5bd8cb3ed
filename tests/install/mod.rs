//! Which modules are installed, and in which order: by the library alone.

mod beside;
pub mod graph;
mod order;
mod repositories;
mod sessions;
mod versions;

use std::path::Path;

use libtest_mimic::Trial;
use rampkit::descriptor::document::{Entry, Modules};
use rampkit::descriptor::read;
use rampkit::error::Error;
use rampkit::install::{self, Catalogue, Installation, Origin, Repositories, Wish};
use rampkit::source::Access;

pub fn all() -> Vec<Trial> {
    [beside::all(), order::all(), repositories::all(), sessions::all(), versions::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// What the target in a file has in its repositories, and what it asks for.
fn found(file: &Path) -> Result<(Repositories, Vec<Wish>), Error> {
    let text = std::fs::read_to_string(file).unwrap();
    let entry = read(&text).unwrap().remove(0).entry;
    let Entry::Target(target) = entry else { panic!("no target: {text}") };
    let Some(Modules::Found(found)) = target.modules else { panic!("no repositories: {text}") };
    let name = file.file_name().unwrap().to_str().unwrap();
    let origin = Origin::of_line(name, 1, file.parent().map(Path::to_owned));
    let wish = |wanted| Wish::new(wanted, &*origin.name).pinning();
    let wishes = found.install.iter().map(wish).collect();
    let repositories = install::repositories(&found.repositories, &origin, &Access::default())?;
    Ok((repositories, wishes))
}

/// What is installed for the target in a file.
fn installed(file: &Path) -> Result<Installation, Error> {
    let (repositories, wishes) = found(file)?;
    let mut catalogue = Catalogue::default();
    for candidate in repositories.candidates {
        catalogue.add(candidate)?;
    }
    install::choose(&catalogue, &wishes, &[])
}

/// The modules in their order, as `NAME VERSION`.
fn labels(installation: &Installation) -> Vec<String> {
    installation.modules.iter().map(|chosen| chosen.candidate.label()).collect()
}
