//! Operating systems, by the names that people, files and images give them.
//!
//! In: a name as `jammy`, `ubuntu:22.04`, `rocky8.9`, `centos7`; or what os-release says. Out: a
//! [`Platform`]. Sources: the table of build hosts that the reference packer maps, the releases of
//! Ubuntu and Debian, and the os-release files of real systems.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use super::NODE_SYSTEMS;
use super::os_release::assignments;
use crate::input;
use crate::nearest::nearest;

/// An operating system, as `module.json` and file names call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// As in `operating_systems`: a name and a major version, `ubuntu22`, `rhel8`.
    pub system: String,
    /// As in file names: `ubuntu22.04`, `rhel8`.
    pub nick: String,
}

/// Code names, with the distribution and its version.
#[rustfmt::skip]
static CODE_NAMES: [(&str, &str, &str); 14] = [
    ("trusty", "ubuntu", "14.04"), ("xenial", "ubuntu", "16.04"), ("bionic", "ubuntu", "18.04"),
    ("focal", "ubuntu", "20.04"), ("jammy", "ubuntu", "22.04"), ("noble", "ubuntu", "24.04"),
    ("jessie", "debian", "8"), ("stretch", "debian", "9"), ("buster", "debian", "10"),
    ("bullseye", "debian", "11"), ("bookworm", "debian", "12"), ("trixie", "debian", "13"),
    ("forky", "debian", "14"), ("duke", "debian", "15"),
];

/// What is Red Hat Enterprise Linux by another name, or rebuilt from it, …
const REBUILT: [&str; 11] = [
    "alma",
    "almalinux",
    "centos",
    "centosstream",
    "ol",
    "oracle",
    "oraclelinux",
    "redhat",
    "rocky",
    "rockylinux",
    "ubi",
];
/// … in these versions, which are its own.
const REBUILDS: [&str; 4] = ["7", "8", "9", "10"];

/// Other names, each with the one that `operating_systems` has.
const OTHERWISE: [(&str, &str); 4] =
    [("al", "amzn"), ("amazon", "amzn"), ("amazonlinux", "amzn"), ("opensuse-leap", "opensuse")];

/// What is longer, in bytes, is no such file.
const LONGEST: u64 = 1 << 16;

impl Platform {
    /// The machine rampkit runs on; `None` where it does not say what it is.
    pub fn host() -> Option<Self> {
        let os_release = read("/etc/os-release").or_else(|| read("/usr/lib/os-release"));
        let devcontainer = read("/etc/devcontainer").unwrap_or_default();
        Self::of_files(&devcontainer, &os_release.unwrap_or_default())
    }

    /// From the texts of `/etc/devcontainer`, which wins where it names a system, and `os-release`.
    fn of_files(devcontainer: &str, os_release: &str) -> Option<Self> {
        let said = assignments(devcontainer).remove("DISTRO").and_then(|name| name.parse().ok());
        said.or_else(|| Self::of_release(&assignments(os_release)))
    }

    /// A distribution that is not known counts as the one it is like: Ubuntu's derivatives name its
    /// release, and what is rebuilt from Red Hat's has its versions.
    fn of_release(said: &BTreeMap<&str, String>) -> Option<Self> {
        let text = |key| said.get(key).map(String::as_str).filter(|text| !text.is_empty());
        let like =
            |name| text("ID_LIKE").unwrap_or_default().split_whitespace().any(|it| it == name);
        let id = text("ID")?.to_ascii_lowercase();
        if let Some(code) = text("UBUNTU_CODENAME").filter(|_| id != "ubuntu" && like("ubuntu")) {
            return code.parse().ok();
        }
        match text("VERSION_ID") {
            Some(version) if like("rhel") && is_rebuild(version) => Self::of("rhel", version),
            Some(version) => Self::of(&id, version),
            None => text("VERSION_CODENAME")?.parse().ok(),
        }
    }

    /// A distribution and its version: `rocky`, `8.9`.
    fn of(id: &str, version: &str) -> Option<Self> {
        let is_version = |c: char| c.is_ascii_digit() || c == '.';
        let major = major(version);
        if id.is_empty() || major.is_empty() || !version.chars().all(is_version) {
            return None;
        }
        let otherwise = OTHERWISE.iter().find(|(other, _)| *other == id).map(|(_, name)| *name);
        let name = match otherwise.unwrap_or(id) {
            name if REBUILT.contains(&name) && is_rebuild(version) => "rhel".to_owned(),
            name => name.replace(|c| !is_letter(c), "_"),
        };
        let nick = match version.contains('.') {
            _ if name != "ubuntu" => format!("{name}{major}"),
            true => format!("{name}{version}"),
            false => format!("{name}{version}.04"),
        };
        Some(Self { system: format!("{name}{major}"), nick })
    }
}

impl FromStr for Platform {
    type Err = String;

    /// From what people call it; case, and what parts name and version, are no matter.
    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let code = CODE_NAMES.iter().find(|(code, ..)| *code == lower);
        let (id, version) = match code {
            Some((_, id, version)) => (*id, *version),
            None => {
                let end = lower.find(|c| !is_letter(c)).unwrap_or(lower.len());
                let (id, version) = lower.split_at(end);
                (id, version.strip_prefix(['-', ':', ' ']).unwrap_or(version))
            }
        };
        Self::of(id, version).ok_or_else(|| {
            let known = NODE_SYSTEMS.into_iter().chain(CODE_NAMES.iter().map(|(code, ..)| *code));
            let near = nearest(text, known, 4).join(", ");
            let near = if near.is_empty() { near } else { format!("; near are {near}") };
            format!("an operating system is a name and a major version, as rhel8{near}")
        })
    }
}

/// What file names call the operating system `system` of `module.json`: the host's own nick where it
/// is the host, else the same name; Ubuntu's has a minor version.
pub fn nick_of(system: &str) -> String {
    let is_meant = |it: &Platform| it.system == system;
    let platform =
        Platform::host().filter(is_meant).or_else(|| system.parse().ok().filter(is_meant));
    platform.map_or_else(|| system.to_owned(), |platform| platform.nick)
}

/// What can stand in the name of a system, without its version.
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

fn is_rebuild(version: &str) -> bool {
    REBUILDS.contains(&major(version))
}

fn read(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    input::open(Path::new(path)).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What os-release files of real systems say of their name and version, as far as it matters.
    #[rustfmt::skip]
    const RELEASES: [(&str, &str, &str); 26] = [
        ("NAME=\"CentOS Linux\"\nVERSION=\"7 (Core)\"\nID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"7\"\n", "rhel7", "rhel7"),
        ("ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"8\"\nPLATFORM_ID=\"platform:el8\"\n", "rhel8", "rhel8"),
        ("NAME=\"CentOS Stream\"\nID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"10\"\n", "rhel10", "rhel10"),
        ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"8.9\"\n", "rhel8", "rhel8"),
        ("ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\n", "rhel9", "rhel9"),
        ("ID=\"ol\"\nID_LIKE=\"fedora\"\nVARIANT=\"Server\"\nVERSION_ID=\"9.3\"\n", "rhel9", "rhel9"),
        ("ID=\"ol\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"7.9\"\n", "rhel7", "rhel7"),
        ("ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"8.10\"\n", "rhel8", "rhel8"),
        ("ID=\"rhel\"\nID_LIKE=\"centos fedora\"\nVERSION_ID=\"10.0\"\n", "rhel10", "rhel10"),
        ("NAME=\"EuroLinux\"\nID=\"eurolinux\"\nID_LIKE=\"rhel fedora centos\"\nVERSION_ID=\"8.8\"\n", "rhel8", "rhel8"),
        ("NAME=\"CentOS\"\nID=centos\nVERSION_ID=6\n", "centos6", "centos6"),
        ("NAME=\"Amazon Linux\"\nID=\"amzn\"\nID_LIKE=\"centos rhel fedora\"\nVERSION_ID=\"2\"\n", "amzn2", "amzn2"),
        ("NAME=\"Amazon Linux\"\nID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\n", "amzn2023", "amzn2023"),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"16.04\"\nUBUNTU_CODENAME=xenial\n", "ubuntu16", "ubuntu16.04"),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"\nUBUNTU_CODENAME=jammy\n", "ubuntu22", "ubuntu22.04"),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"23.10\"\nUBUNTU_CODENAME=mantic\n", "ubuntu23", "ubuntu23.10"),
        ("NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"21.3\"\nUBUNTU_CODENAME=jammy\n", "ubuntu22", "ubuntu22.04"),
        ("ID=pop\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"20.04\"\nUBUNTU_CODENAME=focal\n", "ubuntu20", "ubuntu20.04"),
        ("VERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n", "debian12", "debian12"),
        ("PRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\nVERSION_CODENAME=trixie\nID=debian\n", "debian13", "debian13"),
        ("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.19.1\n", "alpine3", "alpine3"),
        ("NAME=\"Fedora Linux\"\nID=fedora\nVERSION_ID=40\n", "fedora40", "fedora40"),
        ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nVERSION_ID=\"15.5\"\n", "opensuse15", "opensuse15"),
        ("ID=\"sles\"\nID_LIKE=\"suse\"\nVERSION_ID=\"15.4\"\n", "sles15", "sles15"),
        ("NAME=\"openEuler\"\nID=\"openEuler\"\nVERSION_ID=\"22.03\"\n", "openeuler22", "openeuler22"),
        ("NAME=\"Alibaba Cloud Linux\"\nID=\"alinux\"\nID_LIKE=\"rhel fedora centos anolis\"\nVERSION_ID=\"3\"\n", "alinux3", "alinux3"),
    ];

    fn shown(platform: &Platform) -> (&str, &str) {
        (&platform.system, &platform.nick)
    }

    #[test]
    fn build_hosts_have_the_names_nodes_know() {
        for (os_release, system, nick) in RELEASES {
            let platform = Platform::of_files("", os_release).unwrap();
            assert_eq!(shown(&platform), (system, nick), "{os_release}");
        }
        let nothing = [
            "",
            "ID=arch\n",
            "VERSION_ID=8\n",
            "ID=x\nVERSION_ID=rolling\n",
            "ID=x\nVERSION_ID=.1\n",
        ];
        for os_release in nothing {
            assert_eq!(Platform::of_files("", os_release), None, "{os_release}");
        }
    }

    #[test]
    fn a_development_container_says_what_it_is_for() {
        let debian = "ID=debian\nVERSION_ID=\"12\"\n";
        for (devcontainer, system) in [
            ("DISTRO=focal\n", "ubuntu20"),
            ("# ours\nVERSION=1\nDISTRO=\"jammy\"\n", "ubuntu22"),
            ("DISTRO='noble'", "ubuntu24"),
            ("DISTRO=rocky9", "rhel9"),
            ("DISTRO=", "debian12"),
            ("DISTRO=ours", "debian12"),
            ("VERSION=1", "debian12"),
        ] {
            assert_eq!(Platform::of_files(devcontainer, debian).unwrap().system, system);
        }
    }

    #[test]
    fn names_that_people_give() {
        for (name, system, nick) in [
            ("xenial", "ubuntu16", "ubuntu16.04"),
            ("bionic", "ubuntu18", "ubuntu18.04"),
            ("Jammy", "ubuntu22", "ubuntu22.04"),
            ("buster", "debian10", "debian10"),
            ("trixie", "debian13", "debian13"),
            ("ubuntu22", "ubuntu22", "ubuntu22.04"),
            ("ubuntu22.04", "ubuntu22", "ubuntu22.04"),
            ("Ubuntu-22.04", "ubuntu22", "ubuntu22.04"),
            ("ubuntu:20.04", "ubuntu20", "ubuntu20.04"),
            ("ubuntu23.10", "ubuntu23", "ubuntu23.10"),
            ("centos7", "rhel7", "rhel7"),
            ("rockylinux:8.9", "rhel8", "rhel8"),
            ("rocky10", "rhel10", "rhel10"),
            ("oracle9", "rhel9", "rhel9"),
            ("rhel8.10", "rhel8", "rhel8"),
            ("amazonlinux2023", "amzn2023", "amzn2023"),
            ("amzn2", "amzn2", "amzn2"),
            ("my_os1", "my_os1", "my_os1"),
        ] {
            assert_eq!(shown(&name.parse().unwrap()), (system, nick), "{name}");
        }
        for wrong in [
            "", "rhel", "8", "8rhel", "rhel--8", "rhel8a", "rhel8/9", "rhel8 9", "rhelé8", "jammyy",
        ] {
            assert!(wrong.parse::<Platform>().is_err(), "{wrong}");
        }
        let error = "jamy".parse::<Platform>().unwrap_err();
        assert_eq!(
            error,
            "an operating system is a name and a major version, as rhel8; near are jammy"
        );
    }

    #[test]
    fn every_system_of_nodes_is_its_own_name() {
        for system in NODE_SYSTEMS {
            assert_eq!(system.parse::<Platform>().unwrap().system, system);
        }
        for (code, ..) in CODE_NAMES {
            assert!(code.parse::<Platform>().is_ok(), "{code}");
        }
        assert_eq!(nick_of("ubuntu18"), "ubuntu18.04");
        assert_eq!(nick_of("Ubuntu-18"), "Ubuntu-18");
    }
}
