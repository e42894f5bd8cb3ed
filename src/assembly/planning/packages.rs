//! Packages of an image's system, and who installs them.
//!
//! In: what contributors want, and what is known of the base image. Out: for each of them its packages;
//! all of one image by the same manager.

use super::contributor::Contributor;
use crate::assembly::Packages;
use crate::descriptor::document::Manager;
use crate::error::Error;

/// The manager of the image, which not everybody must say.
///
/// # Errors
/// Two are said.
pub(super) fn manager(all: &[Contributor]) -> Result<Option<Manager>, Error> {
    let mut first: Option<(&Contributor, Manager)> = None;
    for who in all {
        let said = who.definition.packages.as_ref().and_then(|packages| packages.manager);
        match (first, said.map(plain)) {
            (None, Some(said)) => first = Some((who, said)),
            (Some((other, before)), Some(said)) if said != before => {
                let what = format!(
                    "it wants packages by {}, and {} by {}: an image has one manager of packages",
                    said.as_ref(),
                    other.shown(),
                    before.as_ref()
                );
                return Err(who.cannot(what, "write the one that the base image has in both"));
            }
            _ => {}
        }
    }
    Ok(first.map(|(_, manager)| manager))
}

/// The one program behind two names.
fn plain(manager: Manager) -> Manager {
    if manager == Manager::Apt { Manager::AptGet } else { manager }
}

/// The packages of one contributor; `manager` is that of the image, if it is known.
pub(super) fn packages(
    who: &Contributor,
    manager: Option<Manager>,
    base: &str,
) -> Result<Option<Packages>, Error> {
    let install = who.definition.packages.as_ref().map(|packages| packages.install.clone());
    let install = install.unwrap_or_default();
    let Some(first) = install.first() else { return Ok(None) };
    if who.is_windows() {
        let what = format!("it wants the package {first}, and Windows has no manager of packages");
        return Err(who.cannot(what, "install what is needed by instructions in `script`"));
    }
    if base == "scratch" {
        let what =
            format!("it wants the package {first}, and there is nothing in scratch to install it");
        return Err(who.cannot(what, "begin with an image that has a manager of packages"));
    }
    let Some(manager) = manager else {
        let what = format!(
            "it wants the package {first}, and it is not known what installs packages in {base}"
        );
        let advice = "write `packages: {manager: …}` in one of the files, with apt-get, apk, dnf, \
                      microdnf or yum";
        return Err(who.cannot(what, advice));
    };
    Ok(Some(Packages { manager, install }))
}
