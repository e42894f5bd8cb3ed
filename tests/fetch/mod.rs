//! `rampkit fetch`, against real servers of git's protocol.

mod again;
mod all_manifests;
mod bar;
mod bombs;
mod broken;
mod cache;
mod commits;
mod filters;
mod forged;
mod git;
mod hostile;
mod hosts;
mod http;
mod list;
mod list_servers;
mod local;
mod locked;
mod login;
mod manifest;
mod many;
mod many_refused;
mod no_files;
mod objects;
mod offline;
mod options;
mod project;
mod project_refused;
mod protocol;
mod redirects;
mod refs;
mod room;
mod servers;
mod ssh;

use libtest_mimic::Trial;

use crate::harness::{Sandbox, gears};

pub fn all() -> Vec<Trial> {
    [
        again::all(),
        all_manifests::all(),
        bar::all(),
        bombs::all(),
        broken::all(),
        cache::all(),
        commits::all(),
        filters::all(),
        git::all(),
        hostile::all(),
        hosts::all(),
        http::all(),
        list::all(),
        list_servers::all(),
        local::all(),
        locked::all(),
        login::all(),
        manifest::all(),
        many::all(),
        many_refused::all(),
        no_files::all(),
        objects::all(),
        offline::all(),
        options::all(),
        project::all(),
        project_refused::all(),
        protocol::all(),
        redirects::all(),
        refs::all(),
        room::all(),
        servers::all(),
        ssh::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The value of a key of ramp.lock.
pub fn locked(sandbox: &Sandbox, key: &str) -> String {
    let lock = sandbox.read("ramp.lock");
    let line = lock.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {key} in {lock}")).trim_matches(['\'', '"']).to_owned()
}

/// A sandbox with a repository as RedisGears' is.
pub fn with_gears() -> Sandbox {
    let sandbox = Sandbox::new();
    gears(&sandbox);
    sandbox
}
