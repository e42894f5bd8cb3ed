//! What to do about an error: one sentence, or nothing where the error already says it.

use std::io::ErrorKind;

use super::Error;

impl Error {
    /// What the person who sees this error can do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Io { source, .. } => return io_hint(source.kind()).map(str::to_owned),
            Self::IsAFolder { .. } => "name a file in it".to_owned(),
            Self::WouldOverwrite { .. } => {
                "keep it by another --output, or overwrite it with --force".to_owned()
            }
            Self::ModuleYaml { .. } => {
                "mend it there, write another file with --module-yaml PATH, \
                                        or none with --no-module-yaml; it is as it was"
                    .to_owned()
            }
            Self::NotUtf8 { .. } => "choose another --output, or --no-module-yaml".to_owned(),
            Self::NoServer => NO_SERVER.to_owned(),
            Self::UnusableServer { .. } => {
                "check --redis-server or $REDIS_PATH; without either, the one on PATH is used"
                    .to_owned()
            }
            Self::ServerFailed { log, .. } => match missing_library(log) {
                Some(library) => install(library),
                None => "check --redis-server or $REDIS_PATH, and the server's options".to_owned(),
            },
            Self::ServerTimeout { .. } => {
                "check --redis-server or $REDIS_PATH; --timeout SECONDS gives more time".to_owned()
            }
            Self::ServerRefused { .. } => {
                "it must be 4.0 or later, and its options must not ask for a password".to_owned()
            }
            Self::ModuleNotExecutable { module, .. } => format!("chmod +x {}", module.display()),
            Self::ModuleRefused { log, .. } => return refused(log),
            Self::ModuleCrashed { .. } | Self::ModuleExited { .. } => {
                format!("{ARGUMENTS}; {OTHER_SERVER}; {FROM_FILE}")
            }
            Self::DiscoveryTimeout { .. } => {
                format!("--timeout SECONDS gives it more time; {FROM_FILE}")
            }
            Self::UnclearModule { .. } => FROM_FILE.to_owned(),
            Self::CommandsFile { .. } => {
                "rampkit commands MODULE.so --json prints such a file; a module.json will do"
                    .to_owned()
            }
            Self::Unreachable { place, .. } if place.starts_with("http") => {
                "check the name and the network; behind a proxy set \
                 HTTPS_PROXY, and NO_PROXY for hosts without it"
                    .to_owned()
            }
            Self::Unreachable { .. } => "check the name and the network".to_owned(),
            Self::Tls { .. } => {
                "where the host has a certificate of its own authority, name that with --cacert \
                          FILE.pem; else install ca-certificates"
                    .to_owned()
            }
            Self::Proxy { .. } => {
                "check HTTPS_PROXY and its login, or list the host in NO_PROXY".to_owned()
            }
            Self::Broken { .. } => "try again; nothing was written".to_owned(),
            Self::UnsafeOwner { path } => {
                format!(
                    "if you trust it: git config --global --add safe.directory {}",
                    path.display()
                )
            }
            Self::Refused { advice, .. }
            | Self::NotARepository { advice, .. }
            | Self::UnknownRef { advice, .. }
            | Self::NoManifest { advice, .. }
            | Self::NotAFile { advice, .. } => advice.clone(),
            Self::AmbiguousCommit { .. } => "give more digits".to_owned(),
            Self::NotACommit { .. } => {
                "it points at a file or a folder; name a ref that points at a commit".to_owned()
            }
            Self::Lock { .. } => "move it away, or let it be overwritten with --force".to_owned(),
            Self::Git { .. } => return None,
            Self::Usage(_) => "rampkit help shows what there is".to_owned(),
            Self::DeniedWarnings(_) => {
                "mend what they name, or leave --deny-warnings out; nothing was written".to_owned()
            }
        };
        Some(hint)
    }
}

const NO_SERVER: &str = "install one (Debian: apt-get install redis-server) or name one by \
    --redis-server or $REDIS_PATH; rampkit pack --commands FILE does without";
const ARGUMENTS: &str = "if it needs arguments, give them behind its path";
const OTHER_SERVER: &str = "if it needs another version of the server, name one by --redis-server";
const FROM_FILE: &str = "rampkit pack --commands FILE packs it without loading it";

/// By how far the server came: to the module's own code or not.
fn refused(log: &[String]) -> Option<String> {
    let says = |words| log.iter().any(|line| line.contains(words));
    match missing_library(log) {
        Some(library) => Some(install(library)),
        None if says("initialization failed") => Some(format!("{ARGUMENTS}; {OTHER_SERVER}")),
        None if says("undefined symbol") => Some(OTHER_SERVER.to_owned()),
        None => None,
    }
}

/// The library without which the dynamic linker did not load the server or the module. A module may
/// log such a message about a library of its own choice: that is not meant.
fn missing_library(log: &[String]) -> Option<&str> {
    log.iter().find_map(|line| {
        let (before, _) = line.split_once(": cannot open shared object file")?;
        let linkers = ["error while loading shared libraries: ", "failed to load: "];
        linkers.iter().find_map(|linker| before.split_once(linker)).map(|(_, library)| library)
    })
}

fn install(library: &str) -> String {
    format!(
        "install the package that has {library}, or put the absolute path of its folder on \
         LD_LIBRARY_PATH"
    )
}

fn io_hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "check the spelling, and that its folder exists",
        ErrorKind::PermissionDenied => "check its owner and mode, and those of its folder",
        ErrorKind::ReadOnlyFilesystem => "choose a writable place with --output",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room, or choose another place with --output; nothing was left behind"
        }
        _ => return None,
    })
}
