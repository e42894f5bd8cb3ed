//! The machines modules are built for and run on: architectures, operating systems, their nicks.
//!
//! In: the words people and files use for them. Out: the words of `module.json`. Sources: the table
//! of build hosts that the reference packer maps, and the operating systems that Redis Enterprise
//! names in its support matrix.

mod library;
mod node;

use std::fmt;
use std::fs;
use std::str::FromStr;

pub use library::{Package, is_everywhere};
pub use node::{NODE_SYSTEMS, NODES, NodeSystem, Packages, Update};

/// Where images keep modules, in the order in which they are searched.
pub static MODULE_FOLDERS: [&str; 3] =
    ["/usr/lib/redis/modules", "/opt/redislabs/lib/modules", "/var/opt/redislabs/lib/modules"];

/// An instruction set that Redis Enterprise runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// `x86_64`, also called amd64 and x64.
    X86_64,
    /// `aarch64`, also called arm64 and arm64v8.
    Aarch64,
}

impl Architecture {
    /// The architecture rampkit itself runs on, where it is one of the two.
    pub fn host() -> Option<Self> {
        std::env::consts::ARCH.parse().ok()
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        })
    }
}

impl FromStr for Architecture {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "x86_64" | "amd64" | "x64" => Ok(Self::X86_64),
            "aarch64" | "arm64" | "arm64v8" => Ok(Self::Aarch64),
            _ => Err(format!("architecture {text:?} is neither x86_64 nor aarch64")),
        }
    }
}

/// A build host, as `module.json` and file names call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// As in `operating_systems`: a name and a major version, `ubuntu22`, `rhel8`.
    pub system: String,
    /// As in file names: `ubuntu22.04`, `rhel8`.
    pub nick: String,
}

impl Platform {
    /// The machine rampkit runs on; `None` where it does not say what it is.
    pub fn host() -> Option<Self> {
        let devcontainer = fs::read_to_string("/etc/devcontainer").unwrap_or_default();
        let os_release = fs::read_to_string("/etc/os-release")
            .or_else(|_| fs::read_to_string("/usr/lib/os-release"))
            .unwrap_or_default();
        Self::from_files(&devcontainer, &os_release)
    }

    /// From the texts of `/etc/devcontainer`, which wins where it names a distribution, and
    /// `/etc/os-release`.
    fn from_files(devcontainer: &str, os_release: &str) -> Option<Self> {
        match value_of(devcontainer, "DISTRO") {
            Some("focal") => return Some(Self::new("ubuntu", "20.04")),
            Some("jammy") => return Some(Self::new("ubuntu", "22.04")),
            Some("noble") => return Some(Self::new("ubuntu", "24.04")),
            _ => {}
        }
        Some(Self::new(value_of(os_release, "ID")?, value_of(os_release, "VERSION_ID")?))
    }

    fn new(id: &str, version: &str) -> Self {
        let major = version.split('.').next().unwrap_or_default();
        let name = match id {
            "centos" | "rocky" | "almalinux" | "ol" | "oracle" => "rhel",
            other => other,
        };
        let system = format!("{name}{major}");
        let nick = if id == "ubuntu" { format!("ubuntu{version}") } else { system.clone() };
        Self { system, nick }
    }
}

/// What file names call the operating system `system` of `module.json`: the host's own nick where it
/// is the host, else the same name; Ubuntu's has a minor version.
pub fn nick_of(system: &str) -> String {
    match (Platform::host(), system.strip_prefix("ubuntu")) {
        (Some(host), _) if host.system == system => host.nick,
        (_, Some(major)) if !major.contains('.') => format!("ubuntu{major}.04"),
        _ => system.to_owned(),
    }
}

/// The value of `key` in a file of KEY=VALUE lines, without its quotes.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.trim().split_once('='))
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.trim_matches(['"', '\'']))
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_hosts_have_the_names_nodes_know() {
        for (devcontainer, os_release, system, nick) in [
            ("", "ID=ubuntu\nVERSION_ID=\"22.04\"\n", "ubuntu22", "ubuntu22.04"),
            ("", "ID=\"rocky\"\nVERSION_ID=\"8.9\"\n", "rhel8", "rhel8"),
            ("", "ID=\"ol\"\nVERSION_ID=\"9.3\"\n", "rhel9", "rhel9"),
            ("", "ID=\"centos\"\nVERSION_ID=\"7\"\n", "rhel7", "rhel7"),
            ("", "ID=\"amzn\"\nVERSION_ID=\"2023\"\n", "amzn2023", "amzn2023"),
            ("", "VERSION_ID='12'\nID=debian\n", "debian12", "debian12"),
            ("DISTRO=jammy\n", "ID=debian\nVERSION_ID=\"12\"\n", "ubuntu22", "ubuntu22.04"),
        ] {
            let platform = Platform::from_files(devcontainer, os_release).unwrap();
            assert_eq!((platform.system.as_str(), platform.nick.as_str()), (system, nick));
        }
        assert_eq!(Platform::from_files("", "ID=arch\n"), None);
    }
}
