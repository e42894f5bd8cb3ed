//! What a version is said to have, held against the servers themselves.

use std::collections::BTreeSet;

use rampkit::discovery::Profile;

use super::running::Running;
use crate::harness::{REAL_SERVERS, RealServer};
use crate::supervision::sandbox;
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(redis_7_0, Redis70),
        test!(redis_7_4, RedisStack),
        test!(redis_8_2, FalkorDb),
        test!(valkey_9_1, Valkey),
    ]
}

fn redis_7_0() {
    agrees(REAL_SERVERS[0]);
}

fn redis_7_4() {
    agrees(REAL_SERVERS[1]);
}

fn redis_8_2() {
    agrees(REAL_SERVERS[2]);
}

fn valkey_9_1() {
    agrees(REAL_SERVERS[3]);
}

/// The server has just the commands and categories that the profile says. What it has of the module
/// API is compared where modules are loaded, by those that ask for it.
fn agrees(server: RealServer) {
    let profile: Profile = server.version.parse().unwrap();
    let mut sandbox = sandbox();
    sandbox.old_openssl();
    let mut server = Running::start(&sandbox, &server.program(), &[]);
    let names: Vec<String> = server.ask(&["COMMAND", "LIST"]);
    let names = names.into_iter().map(|name| name.to_lowercase()).collect();
    same("commands", names, commands(profile));
    let categories = profile.acl_categories().map(str::to_owned).collect();
    same("categories", server.ask(&["ACL", "CAT"]), categories);
}

#[track_caller]
fn same(what: &str, server: BTreeSet<String>, profile: BTreeSet<String>) {
    let only_server: Vec<_> = server.difference(&profile).collect();
    let only_profile: Vec<_> = profile.difference(&server).collect();
    assert!(
        server == profile,
        "{what} of the server only: {only_server:?}; of the profile only: {only_profile:?}"
    );
}

/// The names of commands and subcommands as `COMMAND LIST` shows them, from 7.0 on.
fn commands(profile: Profile) -> BTreeSet<String> {
    let subcommands = profile.builtin_subcommands();
    let subcommands = subcommands.map(|(command, name)| format!("{command}|{name}"));
    profile.builtins().map(str::to_owned).chain(subcommands).collect()
}
