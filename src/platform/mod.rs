//! The machines modules are built for and run on: architectures, operating systems, their nicks.
//!
//! In: the words people and files use for them. Out: the words of `module.json`, and what nodes of
//! such a system bring.

mod library;
mod node;
mod os_release;
mod system;

use std::fmt;
use std::str::FromStr;

pub use library::{Package, is_everywhere};
pub use node::{NODE_SYSTEMS, NODES, NodeSystem, Packages, Update};
pub use system::{Platform, is_letter, nick_of};

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
