//! Discovery from a file, for a module that cannot be loaded here.
//!
//! In: JSON with a name, a version and commands, such as `rampkit commands --json` prints; a
//! `module.json` will do as well, and its semantic version counts. Out: [`Discovered`].

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Unexpected};

use super::Discovered;
use crate::error::{Error, IoContext};

/// Reads the file; other fields of it are left alone.
///
/// # Errors
/// [`Error::Io`]; [`Error::BadText`] with line and column.
pub(super) fn read(path: &Path) -> Result<Discovered, Error> {
    let text = fs::read(path).at("read", path)?;
    let mut discovered: Discovered =
        serde_json::from_slice(&text).map_err(|error| Error::json(path, &text, &error))?;
    discovered.commands.sort_by(|a, b| a.command_name.cmp(&b.command_name));
    Ok(discovered)
}

/// A name that says something.
pub(super) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.is_empty() {
        return Err(D::Error::invalid_value(Unexpected::Str(""), &"the module's name"));
    }
    Ok(name)
}

/// A whole number, also where RAMP wrote it as 10203.0.
pub(super) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    let whole =
        number.as_f64().filter(|value| value.fract() == 0.0 && (0.0..=MOST).contains(value));
    // Exact: whole and small enough.
    number.as_u64().or(whole.map(|value| value as u64)).ok_or_else(|| {
        D::Error::custom(format!("invalid version {number}, expected a whole number such as 10203"))
    })
}

/// Up to here an f64 holds every whole number.
const MOST: f64 = 9_007_199_254_740_992.0;
