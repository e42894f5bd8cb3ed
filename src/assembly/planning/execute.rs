//! Scripts that are run while an image is built.
//!
//! In: `execute` of a [`Contributor`]. Out: the scripts, which are there, and the folder that they lie
//! in, which is copied as a whole.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::context::Files;
use super::contributor::Contributor;
use super::stage::folder_name;
use crate::assembly::dockerfile::escape::{Escape, literal};
use crate::assembly::{Execute, Script};
use crate::error::{Error, IoContext};
use crate::input;

/// The scripts of a contributor.
pub(super) fn execute(
    who: &Contributor,
    files: &mut Files,
    base: &str,
) -> Result<Option<Execute>, Error> {
    let wanted = who.definition.execute.as_deref().unwrap_or_default();
    let Some(first) = wanted.first() else { return Ok(None) };
    if base == "scratch" {
        let what =
            format!("{} shall be run, and there is nothing in scratch to run it", first.script);
        return Err(who.cannot(what, "begin with an image that has a shell"));
    }
    let folder = files.folder(*who, &first.script)?;
    let whole = files.find(&folder, ".")?;
    let mut scripts = Vec::new();
    for script in wanted {
        let found = folder.file(&script.script)?;
        let root = if who.is_windows() { "ContainerAdministrator" } else { "root" };
        let user = script.user.clone().unwrap_or_else(|| root.to_owned());
        let is_executable = is_executable(&found.disk)?;
        scripts.push(Script { path: found.path, user, is_executable });
    }
    let source = literal(&whole.path, Escape::of(who.platform));
    Ok(Some(Execute { source, folder: place(who), scripts }))
}

/// Where it lies in the image while it is needed.
fn place(who: &Contributor) -> String {
    let temporary = if who.is_windows() { "C:/tmp" } else { "/tmp" };
    let name = folder_name(who.name);
    let version = who.version.map(|version| format!("-{}", folder_name(version)));
    format!("{temporary}/modules/{name}{}", version.unwrap_or_default())
}

/// Whether a system runs it by itself: it may be run, and says by what.
fn is_executable(path: &Path) -> Result<bool, Error> {
    let mut start = Vec::new();
    let file = input::open(path)?;
    file.take(4).read_to_end(&mut start).at("read", path)?;
    let mode = fs::metadata(path).at("read", path)?.permissions().mode();
    Ok(mode & 0o111 != 0 && (start.starts_with(b"#!") || start == b"\x7fELF"))
}
