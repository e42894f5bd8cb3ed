//! What the operating systems of Redis Enterprise nodes bring: a table.
//!
//! In: the name of a system as in `operating_systems`. Out: its row. Sources: for versions the
//! symbols that the libraries in images of these systems export, as the PEP 600 compliance project
//! lists them, and GCC's ABI manual for what each of its releases added; for architectures the table
//! of hardware requirements in the manual of Redis Software. A row says what the first release of a
//! system has, since nobody knows how far a node is updated; what updates brought was reported to
//! the projects spack (51888), fluent-package-builder (1088) and amazonlinux/container-images (132).

use super::Architecture::{self, Aarch64, X86_64};

/// An operating system that a node runs, now or in a supported past.
#[derive(Debug)]
pub struct NodeSystem {
    /// As in `operating_systems`.
    pub name: &'static str,
    /// What Redis Enterprise runs on there.
    pub architectures: &'static [Architecture],
    /// Who installs packages there.
    pub packages: Packages,
    /// The highest version of `GLIBC_…` symbols.
    pub glibc: &'static str,
    /// The highest version of `GLIBCXX_…` symbols, of libstdc++.
    pub glibcxx: &'static str,
    /// The highest version of `CXXABI_…` symbols, of libstdc++.
    pub cxxabi: &'static str,
    /// The release of GCC that libgcc_s is of: `GCC_…` symbols are named after releases.
    pub gcc: &'static str,
    /// What follows `libssl.so.` and `libcrypto.so.` in the names of its OpenSSL.
    pub openssl: &'static str,
    /// Further libraries that it always has, beside [`super::is_everywhere`].
    pub libraries: &'static [&'static str],
    /// What an update brought.
    pub later: &'static [Update],
}

/// A version of symbols that a system got after its first release.
#[derive(Debug)]
pub struct Update {
    /// The library that has them.
    pub library: &'static str,
    /// What it is a version of: `GLIBC`.
    pub family: &'static str,
    /// The highest version since: `2.35`.
    pub version: &'static str,
    /// The release of the system that brought it: `9.7`.
    pub since: &'static str,
}

/// The two ways to install a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packages {
    /// Ubuntu's.
    Apt,
    /// That of Red Hat and Amazon, dnf included.
    Yum,
}

const BOTH: &[Architecture] = &[X86_64, Aarch64];
/// A row of Ubuntu's; versions are given by each.
const APT: NodeSystem = NodeSystem {
    name: "",
    architectures: &[X86_64],
    packages: Packages::Apt,
    glibc: "",
    glibcxx: "",
    cxxabi: "",
    gcc: "",
    openssl: "",
    libraries: &["libcrypt.so.1", "libbz2.so.1.0"],
    later: &[],
};
/// A row of Red Hat's and Amazon's until their libcrypt.so.2.
const YUM: NodeSystem =
    NodeSystem { packages: Packages::Yum, libraries: &["libcrypt.so.1", "libbz2.so.1"], ..APT };
/// A row of theirs since.
const DNF: NodeSystem = NodeSystem { libraries: &["libcrypt.so.2", "libbz2.so.1"], ..YUM };

const RHEL9: Update = update("libc.so.6", "GLIBC", "2.35", "9.7");
const RHEL10: Update = update("libc.so.6", "GLIBC", "2.40", "10.2");
/// The libraries of GCC 14, beside GCC 11.
const AMZN2023: [Update; 3] = [
    update("libstdc++.so.6", "GLIBCXX", "3.4.33", "2023.7"),
    update("libstdc++.so.6", "CXXABI", "1.3.15", "2023.7"),
    update("libgcc_s.so.1", "GCC", "14.2", "2023.7"),
];

const fn update(
    library: &'static str,
    family: &'static str,
    version: &'static str,
    since: &'static str,
) -> Update {
    Update { library, family, version, since }
}

/// All of them.
#[rustfmt::skip]
pub static NODES: [NodeSystem; 11] = [
    NodeSystem { name: "rhel7", glibc: "2.17", glibcxx: "3.4.19", cxxabi: "1.3.7",
        gcc: "4.8.5", openssl: "10", ..YUM },
    NodeSystem { name: "rhel8", glibc: "2.28", glibcxx: "3.4.25", cxxabi: "1.3.11",
        gcc: "8.2", openssl: "1.1", ..YUM },
    NodeSystem { name: "rhel9", glibc: "2.34", glibcxx: "3.4.29", cxxabi: "1.3.13",
        gcc: "11.2", openssl: "3", architectures: BOTH, later: &[RHEL9], ..DNF },
    NodeSystem { name: "rhel10", glibc: "2.39", glibcxx: "3.4.33", cxxabi: "1.3.15",
        gcc: "14.2", openssl: "3", later: &[RHEL10], ..DNF },
    NodeSystem { name: "ubuntu16", glibc: "2.23", glibcxx: "3.4.21", cxxabi: "1.3.9",
        gcc: "5.4", openssl: "1.0.0", ..APT },
    NodeSystem { name: "ubuntu18", glibc: "2.27", glibcxx: "3.4.25", cxxabi: "1.3.11",
        gcc: "8.4", openssl: "1.1", ..APT },
    NodeSystem { name: "ubuntu20", glibc: "2.31", glibcxx: "3.4.28", cxxabi: "1.3.12",
        gcc: "10.2", openssl: "1.1", ..APT },
    NodeSystem { name: "ubuntu22", glibc: "2.35", glibcxx: "3.4.30", cxxabi: "1.3.13",
        gcc: "12.1", openssl: "3", architectures: BOTH, ..APT },
    NodeSystem { name: "ubuntu24", glibc: "2.39", glibcxx: "3.4.33", cxxabi: "1.3.15",
        gcc: "14.1", openssl: "3", ..APT },
    NodeSystem { name: "amzn2", glibc: "2.26", glibcxx: "3.4.24", cxxabi: "1.3.11",
        gcc: "7.3.1", openssl: "10", ..YUM },
    NodeSystem { name: "amzn2023", glibc: "2.34", glibcxx: "3.4.29", cxxabi: "1.3.13",
        gcc: "11.3", openssl: "3", architectures: BOTH, later: &AMZN2023, ..DNF },
];

/// The names of [`NODES`], in its order.
pub const NODE_SYSTEMS: [&str; NODES.len()] = {
    let mut names = [""; NODES.len()];
    let mut row = 0;
    while row < NODES.len() {
        names[row] = NODES[row].name;
        row += 1;
    }
    names
};

impl NodeSystem {
    /// The row of the system that `operating_systems` calls `name`; `None` for one that no node runs.
    pub fn named(name: &str) -> Option<&'static Self> {
        NODES.iter().find(|system| system.name == name)
    }

    /// The highest version of symbols of `family` (`GLIBC`, `GLIBCXX`, `CXXABI`, `GCC`) that every
    /// such node has.
    pub fn highest(&self, family: &str) -> Option<&'static str> {
        match family {
            "GLIBC" => Some(self.glibc),
            "GLIBCXX" => Some(self.glibcxx),
            "CXXABI" => Some(self.cxxabi),
            "GCC" => Some(self.gcc),
            _ => None,
        }
    }
}
