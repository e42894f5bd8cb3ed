//! The same manifest and the same lock from every kind of server, whatever it lets us ask for.

use libtest_mimic::Trial;
use snapbox::str;

use super::with_gears;
use crate::harness::{Lighttpd, Relay, Sandbox, git_daemon, never_shallow, sshd_that};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(from_a_web_server, Lighttpd),
        test!(from_a_web_server_with_tls, Lighttpd),
        test!(from_a_daemon),
        test!(through_ssh, Sshd),
        test!(a_repository_of_other_ids),
    ]
}

/// What a server makes of a wish for version 2 of git's protocol.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Server {
    /// What a server of today does.
    Usual,
    /// It never hears of it.
    Old,
    /// It speaks version 1.
    First,
    /// It says that it cannot cut the history.
    Whole,
}

/// A repository with these settings, at a server of this kind; what its server hears, and nothing
/// else than the way is different.
struct Case {
    name: &'static str,
    config: &'static [&'static str],
    server: Server,
    hears: &'static [&'static str],
}

pub const ALL_FILTERS: &[&str] = &["uploadpack.allowFilter=true"];
pub const NO_TREE_FILTER: &[&str] = &[
    "uploadpack.allowFilter=true",
    "uploadpackfilter.allow=false",
    "uploadpackfilter.blob:none.allow=true",
];
/// They are offered, and refused.
pub const NO_FILTER_AT_ALL: &[&str] =
    &["uploadpack.allowFilter=true", "uploadpackfilter.allow=false"];

const TREES: &str = "fetch deepen 1 tree:0";
const BLOBS: &str = "fetch deepen 1 blob:none";
const COMMIT: &str = "fetch deepen 1";

const CASES: [Case; 9] = {
    use Server::{First, Old, Usual, Whole};
    const fn case(
        name: &'static str,
        config: &'static [&'static str],
        server: Server,
        hears: &'static [&'static str],
    ) -> Case {
        Case { name, config, server, hears }
    }
    [
        case("filters", ALL_FILTERS, Usual, &["v2", "ls-refs", TREES]),
        case("blobs", NO_TREE_FILTER, Usual, &["v2", "ls-refs", TREES, BLOBS]),
        case("none", &[], Usual, &["v2", "ls-refs", COMMIT]),
        case("unwilling", NO_FILTER_AT_ALL, Usual, &["v2", "ls-refs", TREES, BLOBS, COMMIT]),
        case("old", &[], Old, &["v0", COMMIT]),
        case("old-filters", ALL_FILTERS, Old, &["v0", COMMIT]),
        case("first", &[], First, &["v1", COMMIT]),
        case("whole", &[], Whole, &["v2", "ls-refs", "fetch"]),
        case("whole-filters", ALL_FILTERS, Whole, &["v2", "ls-refs", "fetch"]),
    ]
};

/// What of `ramp.lock` does not differ from server to server.
pub const LOCK: &str = "refs/tags/v0.4.0
commit: 7584870bce1a43c356a347b2d696ca06ce185abe
path: ramp.yml
blob: 5970034bc0105f8022674c600686d4a7c9ef32eb
sha256: 512e57216ecab7497d3cf74aa64c12d685e30ebf681382bb80cbcaf4ccaf5754
";

/// Fetches in each case, and once more, from the address that `url` makes of a server and a
/// repository.
fn each(sandbox: &mut Sandbox, more: &str, url: impl Fn(Server, &str) -> String) {
    for Case { name, config, server, hears } in CASES {
        copy(sandbox, name, config);
        sandbox.env("RAMPKIT_CACHE", format!("cache-{name}"));
        let url = url(server, name);
        let shown = sandbox.ok(&format!("echo '{url}'"));
        let fetched =
            format!("   Fetched ramp.yml at tags/v0.4.0 (7584870) of {shown}, 26 bytes\n");
        let warning = match hears.last() {
            Some(&"fetch") => format!(
                "warning: the whole history of v0.4.0 was fetched: {shown} gives out no part of it\n"
            ),
            _ => String::new(),
        };
        let run = |told: &str, hears: &[&str]| {
            forget(sandbox);
            let run = sandbox.sh(&format!("rm -f ramp.*; rampkit fetch -v {url} v0.4.0 {more}"));
            let (said, via) = run.stderr.rsplit_once("       Via ").unwrap_or((&run.stderr, ""));
            assert_eq!((run.code, said), (0, told), "{name}");
            let way = format!("{}, git protocol {}: ", way(hears.last().unwrap()), &hears[0][1..]);
            assert!(via.starts_with(&way), "{name}: {via}, not {way}");
            assert_eq!(heard(sandbox), hears, "{name}");
            assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n", "{name}");
            assert_eq!(sandbox.read("ramp.lock").split_once("\nref: ").unwrap().1, LOCK, "{name}");
        };
        run(&(warning + &fetched), hears);
        // What a tag stands for is asked anew; what it leads to is here.
        let refs = if hears[0] == "v2" { 2 } else { 1 };
        run(&fetched, &hears[..refs]);
    }
}

/// What a person is told of the last request.
fn way(request: &str) -> &str {
    match request {
        TREES => "filter tree:0",
        BLOBS => "filter blob:none",
        COMMIT => "no filter, depth 1",
        "fetch" => "no filter, with the history",
        _ => "all objects from the cache",
    }
}

/// `srv/NAME`, with the commits of `srv/gears` and these settings.
pub fn copy(sandbox: &Sandbox, name: &str, config: &[&str]) {
    sandbox.ok(&format!("cp -r srv/gears srv/{name}"));
    for setting in config {
        let (key, value) = setting.split_once('=').unwrap();
        sandbox.ok(&format!("git -C srv/{name} config {key} {value}"));
    }
}

/// From here on [`heard`] begins anew.
pub fn forget(sandbox: &Sandbox) {
    let _ = std::fs::remove_file(sandbox.path("../heard"));
}

/// What the servers heard: the version of the protocol, then each request with its depth and its
/// filter; those that are alike and follow each other, once.
pub fn heard(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.read("../heard");
    let version = text.split_once("upload-pack> version ").map_or("0", |(_, rest)| &rest[..1]);
    let mut requests = vec![format!("v{version}")];
    let mut is_new = true;
    for (_, line) in text.lines().filter_map(|line| line.split_once("upload-pack< ")) {
        match line.split_once([' ', '=']).unwrap_or((line, "")) {
            ("command", command) => requests.push(command.to_owned()),
            ("want", _) if version != "2" && is_new => requests.push("fetch".to_owned()),
            ("filter", filter) => *requests.last_mut().unwrap() += &format!(" {filter}"),
            ("deepen", depth) => *requests.last_mut().unwrap() += &format!(" deepen {depth}"),
            _ => {}
        }
        is_new = line == "done";
    }
    requests.dedup();
    requests
}

fn from_a_daemon() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let old = not_of_version_2(&mut sandbox, daemon.port);
    let first = |asked: &mut Vec<u8>| replace(asked, "version=2", "version=1");
    let first = Relay::meddling(&mut sandbox, daemon.port, first, |_| {});
    let cannot_cut = |said: &mut Vec<u8>| replace(said, "=shallow", "=_hallow");
    let whole = Relay::meddling(&mut sandbox, daemon.port, |_| {}, cannot_cut);
    each(&mut sandbox, "", |server, name| {
        let port = match server {
            Server::Usual => daemon.port,
            Server::Old => old.port(),
            Server::First => first.port(),
            Server::Whole => whole.port(),
        };
        format!("git://127.0.0.1:{port}/{name}")
    });
}

/// A daemon that is asked for a version which it does not know, and then speaks version 0.
pub fn not_of_version_2(sandbox: &mut Sandbox, port: u16) -> Relay {
    let other = |asked: &mut Vec<u8>| replace(asked, "version=2", "version=9");
    Relay::meddling(sandbox, port, other, |_| {})
}

/// Changes what is found to something of the same length.
pub fn replace(text: &mut [u8], what: &str, by: &str) {
    assert_eq!(what.len(), by.len());
    if let Some(at) = super::git::find(text, what.as_bytes()) {
        text[at..at + by.len()].copy_from_slice(by.as_bytes());
    }
}

fn from_a_web_server() {
    let mut sandbox = with_gears();
    let web = Lighttpd::http(&mut sandbox);
    each(&mut sandbox, "", |server, name| web_address(&web, server, name));
}

fn from_a_web_server_with_tls() {
    let mut sandbox = with_gears();
    let web = Lighttpd::https(&mut sandbox);
    each(&mut sandbox, "--cacert tls/ca.pem", |server, name| web_address(&web, server, name));
}

fn web_address(web: &Lighttpd, server: Server, name: &str) -> String {
    let folder = match server {
        Server::Usual => "git",
        Server::Old => "old",
        Server::First => "first",
        Server::Whole => "whole",
    };
    format!("{}/{folder}/{name}", web.url)
}

fn through_ssh() {
    let mut sandbox = with_gears();
    let cut = never_shallow(&sandbox);
    let mut sshd = |more: &str| sshd_that(&mut sandbox, more);
    let usual = sshd("AcceptEnv GIT_PROTOCOL");
    let old = sshd("");
    let first = sshd("ForceCommand GIT_PROTOCOL=version=1 sh -c \"$SSH_ORIGINAL_COMMAND\"");
    let whole = sshd(&format!(
        "AcceptEnv GIT_PROTOCOL\nForceCommand sh -c \"$SSH_ORIGINAL_COMMAND\" | {cut}"
    ));
    sandbox.ok("git config --global core.sshCommand \"$SSH\"");
    let folder = sandbox.path("srv").display().to_string();
    each(&mut sandbox, "", |server, name| {
        let port = match server {
            Server::Usual => usual.port,
            Server::Old => old.port,
            Server::First => first.port,
            Server::Whole => whole.port,
        };
        format!("ssh://127.0.0.1:{port}{folder}/{name}")
    });
}

fn a_repository_of_other_ids() {
    let mut sandbox = Sandbox::new();
    sandbox.ok("git init -q --object-format=sha256 work && cd work && echo a: b > ramp.yml && \
                git add . && git commit -qm work && git tag v1 && git clone -q --bare . ../srv/other");
    let daemon = git_daemon(&mut sandbox);
    let old = not_of_version_2(&mut sandbox, daemon.port);
    for port in [daemon.port, old.port()] {
        sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{port}/other v1")).fails(
            4,
            str![[r#"
error: git://127.0.0.1:[PORT]/other has SHA-256 object ids, which rampkit cannot read
hint: take the manifest out of a clone; rampkit packs it like any other

"#]],
        );
    }
    assert_eq!(sandbox.list("."), ["srv", "work"]);
}
