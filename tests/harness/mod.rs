//! What every test stands on: a [`Sandbox`] to run rampkit in, and the [`Peer`]s it is held against.

mod docker;
mod forged;
mod git;
mod history;
mod module;
mod origin;
mod peer;
mod relay;
mod sandbox;
mod servers;
mod web;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

pub use docker::{Docked, stop as stop_docker};
pub use forged::{End64, Header, Zip};
pub use git::{Listener, git_daemon, meddled_daemon, never_shallow, sshd, sshd_that};
pub use history::{History, gears, grown, noise};
pub use origin::{Answer, Asked, Origin};
pub use peer::Peer;
pub use relay::Relay;
pub use sandbox::{Run, Sandbox, machine_free};
pub use servers::{REAL_SERVERS, RealServer};
pub use web::{Lighttpd, Tinyproxy};

use libtest_mimic::{Completion, Failed, Trial};
use rustix::time::{ClockId, clock_gettime};

/// How long this thread has computed, on however busy a machine.
pub fn computed() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap())
}

/// The bytes of an entry of a zip.
pub fn read_entry(zip: &Path, entry: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(File::open(zip).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(entry).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The names of a zip's entries, in their order.
pub fn entries(zip: &Path) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(File::open(zip).unwrap()).unwrap();
    let count = archive.len();
    let name = |i| archive.by_index(i).unwrap().name().unwrap().into_owned();
    (0..count).map(name).collect()
}

/// One test: skipped with a word where a peer is missing, failed there under
/// `RAMPKIT_PEERS=required`.
pub fn trial(name: &str, peers: &'static [Peer], body: fn()) -> Trial {
    let name = name.trim_start_matches("rampkit::").to_owned();
    Trial::ignorable_test(name, move || {
        let Some(missing) = peers.iter().find(|peer| peer.path().is_none()) else {
            body();
            return Ok(Completion::Completed);
        };
        let message = format!("needs {missing}");
        match std::env::var("RAMPKIT_PEERS").as_deref() {
            Ok("required") => Err(Failed::from(message)),
            _ => Ok(Completion::ignored_with(message)),
        }
    })
}

/// `test!(a_function)` or `test!(a_function, RedisServer, Ramp)`: a [`Trial`] named as the function.
#[macro_export]
macro_rules! test {
    ($name:ident $(, $peer:ident)*) => {
        $crate::harness::trial(
            concat!(module_path!(), "::", stringify!($name)),
            &[$($crate::harness::Peer::$peer),*],
            $name,
        )
    };
}
