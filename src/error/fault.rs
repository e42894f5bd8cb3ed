//! Why a file is no Redis module.

use std::fmt;

/// The function that a Redis server calls first.
pub const ON_LOAD: &str = "RedisModule_OnLoad";
/// The same of a module for Valkey alone.
pub const VALKEY_ON_LOAD: &str = "ValkeyModule_OnLoad";

/// Why a file is no Redis module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleFault {
    /// It has no bytes.
    Empty,
    /// It is something else; what, where that is known.
    NotElf(&'static str),
    /// It was built for a 32-bit machine.
    ThirtyTwoBits,
    /// It was built for a machine that Redis Enterprise does not run on: ELF's `e_machine`.
    Machine(u16),
    /// It is an object file or a program, no shared library: ELF's `e_type`.
    NotShared(u16),
    /// It exports neither `RedisModule_OnLoad` nor Valkey's.
    NoOnLoad,
    /// It exports Valkey's OnLoad alone.
    ForValkey,
    /// Its headers are damaged, or it was cut off.
    Damaged(String),
}

impl fmt::Display for ModuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::NotElf(kind) => write!(f, "it is {kind}"),
            Self::ThirtyTwoBits => write!(f, "it was built for a 32-bit machine"),
            Self::Machine(machine) => {
                write!(
                    f,
                    "it was built for machine {machine}, neither x86_64 (62) nor aarch64 (183)"
                )
            }
            Self::NotShared(kind) => write!(f, "it is no shared library (ELF type {kind})"),
            Self::ForValkey => {
                write!(f, "it exports {VALKEY_ON_LOAD}, but not {ON_LOAD}")
            }
            Self::NoOnLoad => write!(f, "it does not export {ON_LOAD}"),
            Self::Damaged(what) => write!(f, "it is damaged ({what})"),
        }
    }
}

impl ModuleFault {
    /// What the author of the file can do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty | Self::Damaged(_) => "was its build or its download cut off?",
            Self::NotElf(_) => "name the .so that the module's build made on Linux",
            Self::ThirtyTwoBits | Self::Machine(_) => {
                "build it for x86_64 or aarch64, which Redis Enterprise runs on"
            }
            Self::NotShared(_) => "link it with -shared -fPIC",
            Self::ForValkey => {
                "this is a module for Valkey alone; Redis Enterprise calls RedisModule_OnLoad"
            }
            Self::NoOnLoad => {
                "check that it is the module and not a library of it, and that the symbol is not \
                 hidden (-fvisibility=hidden, or a missing extern \"C\" in C++)"
            }
        }
    }
}
