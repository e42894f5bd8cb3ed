//! What readers of texts say, with the place where they say it.

use std::path::Path;

use super::{Error, Location};

impl Error {
    /// What the YAML reader found wrong in the `text` of the file at `path`.
    pub fn yaml(path: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let location = error.location().map(|at| Location::new(text, at.line(), at.column()));
        Self::bad_text(path, &error.to_string(), location)
    }

    /// What the JSON reader found wrong in the `text` of the file at `path`.
    pub fn json(path: &Path, text: &[u8], error: &serde_json::Error) -> Self {
        let location = Location::new(&String::from_utf8_lossy(text), error.line(), error.column());
        Self::bad_text(path, &error.to_string(), Some(location))
    }

    fn bad_text(path: &Path, message: &str, location: Option<Location>) -> Self {
        let what =
            location.as_ref().map_or(message.to_owned(), |location| location.out_of(message));
        Self::BadText { path: path.to_owned(), what, location }
    }
}
