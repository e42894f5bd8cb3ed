//! Where the files of a run lie.
//!
//! In: an order and its bundle. Out: the paths of what is written, or what stands in the way.

use std::path::{Path, PathBuf};

use super::{Order, name};
use crate::bundle::Bundle;
use crate::discovery::Method;
use crate::error::{BundleError, Error};
use crate::platform;
use crate::source::Lock;
use crate::staged;

impl Order {
    /// The file that the bundle shall be: beside the module under its default name, unless the order
    /// names a folder or a template for its name.
    ///
    /// # Errors
    /// [`BundleError::BadOutputName`].
    pub fn bundle_path(&self, bundle: &Bundle) -> Result<PathBuf, BundleError> {
        let module = &self.request.module;
        let stem = module.file_stem().unwrap_or_default().to_string_lossy();
        let mut further = vec![("stem", &*stem)];
        let systems: Vec<String> = bundle.metadata.read("operating_systems");
        let nick = systems.first().map(|system| platform::nick_of(system));
        further.extend(nick.as_deref().map(|nick| ("osnick", nick)));
        let expand = |template: &str| name::expand(template, &bundle.metadata, &further);
        match self.names.output.as_deref() {
            Some("-") => Err(BundleError::BadOutputName {
                template: "-".to_owned(),
                why: "a bundle is a file, and not written to stdout".to_owned(),
            }),
            Some(folder) if Path::new(folder).is_dir() || folder.ends_with('/') => {
                Ok(Path::new(folder).join(expand(name::DEFAULT)?))
            }
            Some(template) => expand(template).map(PathBuf::from),
            None => Ok(module.with_file_name(expand(name::DEFAULT)?)),
        }
    }
}

/// Nothing that is written may take the place of something that is read, or of each other; `target` is
/// the bundle's.
pub(super) fn check(order: &Order, bundle: &Bundle, target: &Path) -> Result<(), Error> {
    let module_yaml = order.module_yaml.as_ref().map(|yaml| yaml.beside(target));
    if module_yaml.as_deref().is_some_and(|path| staged::is_same(path, target)) {
        let path = target.display();
        return Err(Error::Usage(format!("{path} cannot be both bundle and module.yaml")));
    }
    let request = &order.request;
    let lock = request.manifest.as_deref().map(Lock::beside);
    let commands = match &request.discovery {
        Method::File(path) => Some(path),
        Method::Load(_) => None,
    };
    let inputs = [Some(&request.module), request.manifest.as_ref(), lock.as_ref(), commands];
    for output in [Some(target), module_yaml.as_deref()].into_iter().flatten() {
        if inputs.into_iter().flatten().any(|input| staged::is_same(input, output)) {
            return Err(Error::IsAnInput { path: output.to_owned() });
        }
        bundle.check_apart(output)?;
    }
    Ok(())
}
