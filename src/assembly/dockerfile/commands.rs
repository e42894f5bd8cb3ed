//! The command lines that rampkit gives to the shell of an image.
//!
//! In: packages; files with their digests. Out: the parts of one command line, where to break it.

use super::shell::{power_shell, sh};
use crate::assembly::Packages;
use crate::descriptor::document::Manager;
use crate::wording::typed;

/// Installs packages, all in one, so that no layer has what is needed meanwhile only.
pub fn installing(packages: &Packages) -> Vec<String> {
    let (install, after): (&[&str], &[&str]) = match packages.manager {
        Manager::Apk => (&["apk add --no-cache"], &[]),
        Manager::Yum => (&["yum install -y"], &["&& yum clean all", "&& rm -rf /var/cache/yum"]),
        Manager::Dnf => (
            &["dnf install -y --setopt=install_weak_deps=False"],
            &["&& dnf clean all", "&& rm -rf /var/cache/dnf"],
        ),
        Manager::Microdnf => {
            (&["microdnf install -y --setopt=install_weak_deps=0"], &["&& microdnf clean all"])
        }
        // apt is for people: its own manual says so.
        Manager::Apt | Manager::AptGet => (
            &["apt-get update", "&& apt-get install -y --no-install-recommends"],
            &["&& rm -rf /var/lib/apt/lists/*"],
        ),
    };
    let names = packages.install.iter().map(|name| format!("    {}", typed(name)));
    let text = |line: &&str| (*line).to_owned();
    install.iter().map(text).chain(names).chain(after.iter().map(text)).collect()
}

/// Stops the build where a file has not its digest.
pub fn checked_by_sh(files: &[(String, String)]) -> Vec<String> {
    let line = |(digest, path): &(String, String)| format!("    {digest} {}", sh(path));
    let mut parts = vec![r"printf '%s  %s\n'".to_owned()];
    parts.extend(files.iter().map(line));
    parts.push("| sha256sum -c".to_owned());
    parts
}

/// The same on Windows.
pub fn checked_by_power_shell(files: &[(String, String)]) -> Vec<String> {
    let lines = |(digest, path): &(String, String)| {
        let path = power_shell(path);
        [
            format!("if ((Get-FileHash -Algorithm SHA256 -LiteralPath {path}).Hash -ne"),
            format!("    '{digest}')"),
            format!("    {{ throw 'wrong SHA-256: ' + {path} }};"),
        ]
    };
    files.iter().flat_map(lines).collect()
}
