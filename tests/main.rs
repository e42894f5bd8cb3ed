//! The tests of rampkit as a person runs it: one binary, each test a session.
//!
//! `cargo test` needs Rust, a C compiler and git. A test whose peer is missing says which and is
//! counted as ignored; with `RAMPKIT_PEERS=required` it fails.

mod architecture;
mod binary;
mod corpus;
mod diagram;
mod diff;
mod discovery;
mod docker;
mod dockerfile;
mod fetch;
mod harness;
mod init;
mod inspect;
mod install;
mod manifests;
mod module_yaml;
mod pack;
mod parity;
mod portable;
mod project;
mod properties;
mod ramp;
mod reader;
mod readme;
mod ready;
mod redis_conf;
mod rendering;
mod schema;
mod shells;
mod supervision;
mod unpack;
mod validate;
mod yaml;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_default;

/// A signal that is ignored here would be ignored by all that is started here, as by what a script
/// starts in the background. A handler is inherited by none, even one that does the usual.
fn hear_signals() {
    for signal in [SIGINT, SIGTERM] {
        register_conditional_default(signal, Arc::new(AtomicBool::new(true))).unwrap();
    }
}

fn main() -> ExitCode {
    hear_signals();
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = Vec::new();
    trials.extend(architecture::all());
    trials.extend(binary::all());
    trials.extend(diagram::all());
    trials.extend(diff::all());
    trials.extend(corpus::all());
    trials.extend(discovery::all());
    trials.extend(docker::all());
    trials.extend(dockerfile::all());
    trials.extend(init::all());
    trials.extend(inspect::all());
    trials.extend(install::all());
    trials.extend(manifests::all());
    trials.extend(module_yaml::all());
    trials.extend(pack::all());
    trials.extend(parity::all());
    trials.extend(portable::all());
    trials.extend(project::all());
    trials.extend(properties::all());
    trials.extend(ramp::all());
    trials.extend(reader::all());
    trials.extend(readme::all());
    trials.extend(ready::all());
    trials.extend(redis_conf::all());
    trials.extend(rendering::all());
    trials.extend(schema::all());
    trials.extend(shells::all());
    trials.extend(supervision::all());
    trials.extend(validate::all());
    trials.extend(unpack::all());
    trials.extend(yaml::all());
    trials.extend(fetch::all());
    let conclusion = libtest_mimic::run(&arguments, trials);
    harness::stop_docker();
    conclusion.exit_code()
}
