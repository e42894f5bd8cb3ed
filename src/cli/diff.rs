//! `rampkit diff`: what an upgrade changes.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::changes::{count, lines};
use super::discovery::LoadingOptions;
use super::{Exit, Talk, subject, text};
use crate::bundle::diff::{Change, diff};
use crate::bundle::inspect::{Kind, Portrait};
use crate::digest::Sha256;
use crate::error::Error;
use crate::warning::Warning;
use crate::wording::tame;

/// Show what an upgrade from one bundle to another changes
///
/// The exit code is 0 where they are the same, 1 where they differ, and greater where that cannot be told.
#[derive(Args)]
pub struct Diff {
    /// The bundle that is in use, or the module's .so
    old: PathBuf,

    /// The bundle that shall take its place, or the module's .so
    new: PathBuf,

    /// Print the changes as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    loading: LoadingOptions,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    /// Of its form: greater where a name was taken away or means something else.
    version: u32,
    old: Side<'a>,
    new: Side<'a>,
    same: bool,
    breaking: bool,
    changes: &'a [Change],
}

/// One of the two files.
#[derive(Serialize)]
struct Side<'a> {
    path: &'a str,
    kind: Kind,
    size: u64,
    sha256: Sha256,
}

impl Diff {
    pub fn run(self, talk: &Talk) -> Result<Exit, Error> {
        let read = |path| subject::portrait(path, &[], &self.loading, talk);
        let (old, new) = (read(&self.old)?, read(&self.new)?);
        let sides = [(&self.old, &old), (&self.new, &new)];
        talk.warn(&sides.iter().filter_map(|(path, side)| unread(path, side)).collect::<Vec<_>>())?;
        let changes = diff(&old, &new);
        let names = format!("{} with {}", name(&old), name(&new));
        talk.report.done("Compared", format!("{names}: {}", count(&changes)));
        match self.json {
            true => talk.line(&self.json(&old, &new, &changes))?,
            false => talk.coloured(&lines(&changes))?,
        }
        Ok(if changes.is_empty() { Exit::DONE } else { Exit::NO })
    }

    fn json(&self, old: &Portrait, new: &Portrait, changes: &[Change]) -> String {
        let paths = [&self.old, &self.new].map(|path| path.to_string_lossy());
        let side = |path, portrait: &Portrait| {
            let Portrait { kind, size, sha256, .. } = *portrait;
            Side { path, kind, size, sha256 }
        };
        text::json(&Document {
            version: 1,
            old: side(&paths[0], old),
            new: side(&paths[1], new),
            same: changes.is_empty(),
            breaking: changes.iter().any(|change| change.breaking),
            changes,
        })
    }
}

/// "hello 1.2.3"
fn name(portrait: &Portrait) -> String {
    let said = ["module_name", "semantic_version"].map(|field| portrait.text(field));
    match said.into_iter().flatten().reduce(|name, version| format!("{name} {version}")) {
        Some(name) => tame(&name),
        None => "a module without a name".to_owned(),
    }
}

/// Of a bundle that cannot be read as a whole, which would look like one that has less.
fn unread(path: &Path, side: &Portrait) -> Option<Warning> {
    let is_whole = !side.metadata.is_empty() && side.entries.iter().all(|it| it.sha256.is_some());
    let path = tame(&path.to_string_lossy());
    let message =
        format!("{path} cannot be read as a whole, and what is not read counts as missing");
    (!is_whole).then(|| Warning::new(message).advise(format!("rampkit validate {path} says why")))
}
