//! Where a bundle can be meant to run, and what differs between these places.
//!
//! One table. Sources, all of Redis' documentation: "Supported platforms" and "Downloads" of the
//! release notes of 7.22.2, 8.0.20 and 8.2.0 for systems and their architectures, "Upgrade a Redis
//! Software database" for versions of databases; for Kubernetes "Upgrade compatibility" (its images
//! are RHEL 9 since 7.8.2-6, and want databases of 7.2 or later) and the release notes of 8.0.18-11
//! (AArch64).

use std::fmt;
use std::str::FromStr;

use crate::platform::{Architecture, NodeSystem};
use crate::wording::listed;

/// A version of Redis Enterprise, or its operator for Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Redis Enterprise 7.22, the last that downloads dependencies.
    Rs722,
    /// Redis Enterprise 8.0.
    Rs80,
    /// Redis Enterprise 8.2.
    Rs82,
    /// The operator for Kubernetes, 8.0.6 or later.
    K8s,
}

/// What a target is like.
struct Place {
    target: Target,
    name: &'static str,
    /// Its own version, where bundles are held against it.
    version: Option<(u64, u64)>,
    systems: &'static [&'static str],
    /// Whether it runs on AArch64 at all, where its systems do.
    aarch64: bool,
    /// Versions of Redis that its databases have.
    databases: &'static [(u64, u64)],
    /// Whether its maintenance releases add to these, as those of 8.0 did.
    gets_databases: bool,
    downloads: bool,
}

const UP_TO_7_4: &[(u64, u64)] = &[(6, 2), (7, 2), (7, 4)];
const UP_TO_8_6: &[(u64, u64)] = &[(6, 2), (7, 2), (7, 4), (8, 0), (8, 2), (8, 4), (8, 6)];
const K8S_DATABASES: &[(u64, u64)] = &[(7, 2), (7, 4), (8, 0), (8, 2), (8, 4), (8, 6)];

static PLACES: [Place; 4] = [
    Place {
        target: Target::Rs722,
        name: "rs-7.22",
        version: Some((7, 22)),
        systems: &["rhel8", "rhel9", "ubuntu20", "ubuntu22", "amzn2"],
        aarch64: false,
        databases: UP_TO_7_4,
        gets_databases: false,
        downloads: true,
    },
    Place {
        target: Target::Rs80,
        name: "rs-8.0",
        version: None,
        systems: &["rhel8", "rhel9", "ubuntu20", "ubuntu22", "amzn2", "amzn2023"],
        aarch64: true,
        databases: UP_TO_8_6,
        gets_databases: true,
        downloads: false,
    },
    Place {
        target: Target::Rs82,
        name: "rs-8.2",
        version: None,
        systems: &["rhel8", "rhel9", "ubuntu20", "ubuntu22", "amzn2023"],
        aarch64: true,
        databases: UP_TO_8_6,
        gets_databases: true,
        downloads: false,
    },
    Place {
        target: Target::K8s,
        name: "k8s",
        version: None,
        systems: &["rhel9"],
        aarch64: true,
        databases: K8S_DATABASES,
        gets_databases: true,
        downloads: false,
    },
];

impl Target {
    /// Every target, the oldest first.
    pub const ALL: [Self; 4] = [Self::Rs722, Self::Rs80, Self::Rs82, Self::K8s];

    fn place(self) -> &'static Place {
        PLACES.iter().find(|place| place.target == self).expect("every target has a place")
    }

    /// As people write it: `rs-8.2`.
    pub fn name(self) -> &'static str {
        self.place().name
    }

    /// The systems of its nodes of an architecture.
    pub fn systems(self, architecture: Architecture) -> impl Iterator<Item = &'static NodeSystem> {
        let Place { systems, aarch64, .. } = self.place();
        let runs = move |system: &&NodeSystem| {
            (architecture == Architecture::X86_64 || *aarch64)
                && system.architectures.contains(&architecture)
        };
        systems.iter().filter_map(|name| NodeSystem::named(name)).filter(runs)
    }

    /// The major and minor versions of Redis that its databases have, the oldest first.
    pub fn databases(self) -> &'static [(u64, u64)] {
        self.place().databases
    }

    /// Whether a maintenance release of it may have databases of newer versions.
    pub fn gets_databases(self) -> bool {
        self.place().gets_databases
    }

    /// Whether it downloads dependencies; a target that does not wants them in the bundle.
    pub fn downloads(self) -> bool {
        self.place().downloads
    }

    /// Its version, where it holds `min_redis_pack_version` against it: up to 7.22.
    pub fn version(self) -> Option<(u64, u64)> {
        self.place().version
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|target| target.name() == text);
        found.ok_or_else(|| {
            format!("{text:?} is none of {}", listed(&Self::ALL.map(Self::name), "and"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_name_of_its_own_and_systems_that_are_known() {
        for target in Target::ALL {
            assert_eq!(target.name().parse(), Ok(target));
            let systems = target.systems(Architecture::X86_64).map(|system| system.name);
            assert_eq!(systems.collect::<Vec<_>>(), target.place().systems);
            assert!(target.databases().is_sorted());
        }
        assert!("rs-9".parse::<Target>().is_err());
        let on_aarch64 =
            |target: Target| target.systems(Architecture::Aarch64).map(|system| system.name);
        assert_eq!(on_aarch64(Target::Rs722).count(), 0);
        assert!(on_aarch64(Target::Rs82).eq(["rhel9", "ubuntu22", "amzn2023"]));
    }
}
