//! What every test stands on: a [`Sandbox`] to run rampkit in, and the [`Peer`]s it is held against.

mod git;
mod history;
mod module;
mod peer;
mod sandbox;
mod web;

pub use git::{Listener, git_daemon, meddled_daemon, sshd};
pub use history::{History, gears};
pub use peer::Peer;
pub use sandbox::{Run, Sandbox};
pub use web::{Lighttpd, Tinyproxy};

use libtest_mimic::{Completion, Failed, Trial};

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
