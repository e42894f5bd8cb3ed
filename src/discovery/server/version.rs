//! Which server a program is.
//!
//! In: a program. Out: its name and version as it tells them, or that it is no server.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

use super::{Server, late, private_folder, server_failed};
use crate::error::{DiscoveryError, Error, IoContext};
use crate::process::Supervised;

/// What a server says of itself.
pub struct Version {
    /// "Redis 7.0.15", "Valkey 9.1.2".
    pub name: String,
    /// Servers of one behave alike.
    pub major: u32,
}

impl Version {
    /// Asks the program by `--version`.
    pub fn of(server: &Server, deadline: Instant) -> Result<Self, Error> {
        let option = [OsString::from("--version")];
        let mut asked = Supervised::start(&server.program, &option, private_folder())?;
        let Some(ended) = asked.ended(deadline) else { return Err(late(server).into()) };
        let output = asked.output(0);
        Self::parse(&output).ok_or_else(|| server_failed(server, ended, &output).into())
    }

    /// `Redis server v=7.0.15 sha=…`
    fn parse(output: &str) -> Option<Self> {
        let (product, rest) = output.trim().split_once(" server v=")?;
        let version = rest.split_whitespace().next()?;
        let major = version.split('.').next()?.parse().ok()?;
        Some(Self { name: format!("{product} {version}"), major })
    }

    /// Servers from 6.0 on refuse a module that is not executable, older ones do not care.
    pub fn wants_executable(&self, module: &Path) -> Result<(), Error> {
        let mode = fs::metadata(module).at("read", module)?.permissions().mode();
        if self.major >= 6 && mode & 0o111 == 0 {
            let (module, server) = (module.to_owned(), self.name.clone());
            return Err(DiscoveryError::ModuleNotExecutable { module, server }.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions() {
        let of = |output| Version::parse(output).map(|version| (version.name, version.major));
        let redis = of("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64\n");
        assert_eq!(redis, Some(("Redis 7.0.15".to_owned(), 7)));
        let valkey = of("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64\n");
        assert_eq!(valkey, Some(("Valkey 9.1.2".to_owned(), 9)));
        assert_eq!(of("redis-cli 7.0.15"), None);
    }
}
