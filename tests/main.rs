//! The tests of rampkit as a person runs it: one binary, each test a session.
//!
//! `cargo test` needs Rust, a C compiler and git. A test whose peer is missing says which and is
//! counted as ignored; with `RAMPKIT_PEERS=required` it fails.

mod discovery;
mod fetch;
mod fetch_broken;
mod fetch_commits;
mod fetch_git;
mod fetch_http;
mod fetch_login;
mod fetch_manifest;
mod fetch_refs;
mod fetch_ssh;
mod harness;
mod module_yaml;
mod supervision;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(module_yaml::all());
    trials.extend(discovery::all());
    trials.extend(supervision::all());
    trials.extend(fetch::all());
    trials.extend(fetch_broken::all());
    trials.extend(fetch_commits::all());
    trials.extend(fetch_git::all());
    trials.extend(fetch_http::all());
    trials.extend(fetch_login::all());
    trials.extend(fetch_manifest::all());
    trials.extend(fetch_refs::all());
    trials.extend(fetch_ssh::all());
    libtest_mimic::run(&arguments, trials).exit_code()
}
