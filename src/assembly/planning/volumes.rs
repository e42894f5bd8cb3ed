//! Folders that outlive a container, and what is written below them.
//!
//! In: `volumes` of all contributors, where their artifacts land. Out: each volume once; a warning
//! where what is in the image would not be seen in a volume that somebody brings.

use super::contributor::Contributor;
use super::copies::Landing;
use super::variables::Variables;
use crate::warning::Warning;

/// Who writes where.
#[derive(Debug, Default)]
pub(super) struct Writes(Vec<Write>);

/// A path that a contributor writes to.
#[derive(Debug)]
struct Write {
    who: usize,
    path: String,
    /// A folder that an instruction makes, where it is not there.
    is_workdir: bool,
}

impl Writes {
    /// The working folders and the files of one contributor.
    pub fn add(&mut self, who: usize, folders: Vec<String>, landings: &[Landing]) {
        let folders = folders.into_iter().map(|path| Write { who, path, is_workdir: true });
        self.0.extend(folders);
        let file = |path: &String| Write { who, path: path.clone(), is_workdir: false };
        self.0.extend(landings.iter().filter_map(|landing| landing.path.as_ref()).map(file));
    }
}

/// The volumes of all, in their order.
pub(super) fn volumes(
    all: &[Contributor],
    writes: &Writes,
    variables: &Variables,
) -> (Vec<String>, Vec<Warning>) {
    let (mut each, mut warnings) = (Vec::new(), Vec::new());
    for (index, who) in all.iter().enumerate() {
        for volume in who.definition.volumes.iter().flatten() {
            let path = who.path(&volume.path);
            if each.contains(&path) {
                continue;
            }
            if let Some(known) = variables.path(&path) {
                warnings.extend(below(all, index, &known, writes));
            }
            each.push(path);
        }
    }
    (each, warnings)
}

/// The first that somebody writes below a volume.
fn below(all: &[Contributor], owner: usize, volume: &str, writes: &Writes) -> Option<Warning> {
    let folder = format!("{}/", volume.trim_end_matches('/'));
    let is_lost = |write: &&Write| {
        write.path.starts_with(&folder) && (!write.is_workdir || write.who > owner)
    };
    let write = writes.0.iter().find(is_lost)?;
    let what = format!(
        "{} lies below {volume}, a volume of {}: who brings an own volume does not see it",
        write.path, all[owner].name
    );
    Some(all[write.who].warning(what).advise("copy it to another folder"))
}
