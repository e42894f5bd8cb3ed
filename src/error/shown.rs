//! Parts of messages that may be missing or many.

use std::path::PathBuf;

use super::Location;

/// A place where one is known.
pub(super) fn shown(location: &Option<Location>, how: fn(&Location) -> String) -> String {
    location.as_ref().map(how).unwrap_or_default()
}

/// Paths, each on a line of its own.
pub(super) fn listed(paths: &[PathBuf]) -> String {
    let lines: Vec<String> = paths.iter().map(|path| format!("  {}", path.display())).collect();
    lines.join("\n")
}
