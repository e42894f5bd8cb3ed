//! What is wrong with a module.yaml that is read.

use std::path::PathBuf;

use super::Location;

/// All that is wrong with a module.yaml that is read.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub struct DescriptorError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong and where, in the order of the text; there is at least one.
    pub faults: Vec<(String, Location)>,
    /// How many there are behind these.
    pub further: usize,
}

impl DescriptorError {
    /// Each behind its place, the first with its line too.
    fn told(&self) -> String {
        let lines = self.faults.iter().enumerate().map(|(n, (what, location))| {
            let excerpt = if n == 0 { location.excerpt() } else { String::new() };
            format!("{}{}: {what}{excerpt}", self.path.display(), location.suffix())
        });
        let more = (self.further > 0).then(|| format!("and {} more", self.further));
        lines.chain(more).collect::<Vec<_>>().join("\n")
    }
}
