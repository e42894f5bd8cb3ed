//! What a module and its file can be called.

use crate::archive::zip;
use crate::error::BundleError;

/// Checks what a bundle calls a module and its file.
///
/// # Errors
/// [`BundleError::BadField`].
pub fn check(name: &str, file: &str) -> Result<(), BundleError> {
    module_name(name)?;
    module_file(file)
}

/// Whether `name` can be that of a module: it becomes the name of a folder.
pub fn is_module_name(name: &str) -> bool {
    is_plain(name) && !name.chars().any(char::is_control)
}

fn module_name(name: &str) -> Result<(), BundleError> {
    if is_module_name(name) {
        return Ok(());
    }
    let why = "a module's name becomes the name of a folder on every node";
    Err(BundleError::BadField { name: "module_name", value: name.to_owned(), why })
}

fn module_file(file: &str) -> Result<(), BundleError> {
    let why = match is_plain(file) && file.ends_with(".so") {
        true if zip::is_sound(file) => return Ok(()),
        true => "not every reader takes a file of that name",
        false => "a bundle's module is a file at its root whose name ends in .so",
    };
    Err(BundleError::BadField { name: "module_file", value: file.to_owned(), why })
}

fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\'])
}
