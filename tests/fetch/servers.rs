//! The same manifest and the same lock from every kind of server, whatever it lets us ask for.

use libtest_mimic::Trial;

use super::{locked, with_gears};
use crate::harness::{Lighttpd, Relay, Sandbox, git_daemon, grown, never_shallow, sshd_that};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(from_a_web_server, Lighttpd),
        test!(from_a_web_server_with_tls, Lighttpd),
        test!(from_a_daemon),
        test!(through_ssh, Sshd),
        test!(a_long_history_costs_no_more, Lighttpd),
        test!(every_ref_in_every_way),
        test!(an_ssh_that_is_not_openssh, Sshd),
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

/// What a repository allows, at which server; and what its server then hears.
struct Case {
    name: &'static str,
    config: &'static str,
    server: Server,
    hears: &'static [&'static str],
}

const FILTERS: &str = "uploadpack.allowFilter=true";
const NO_TREES: &str = "uploadpack.allowFilter=true uploadpackfilter.allow=false uploadpackfilter.blob:none.allow=true";
const UNWILLING: &str = "uploadpack.allowFilter=true uploadpackfilter.allow=false";

const CASES: [Case; 10] = [
    Case {
        name: "filters",
        config: FILTERS,
        server: Server::Usual,
        hears: &["v2", "ls-refs", "fetch tree:0 deepen 1"],
    },
    Case {
        name: "no-trees",
        config: NO_TREES,
        server: Server::Usual,
        hears: &["v2", "ls-refs", "fetch tree:0 deepen 1", "fetch blob:none deepen 1"],
    },
    Case {
        name: "no-filters",
        config: "",
        server: Server::Usual,
        hears: &["v2", "ls-refs", "fetch deepen 1"],
    },
    Case {
        name: "unwilling",
        config: UNWILLING,
        server: Server::Usual,
        hears: &[
            "v2",
            "ls-refs",
            "fetch tree:0 deepen 1",
            "fetch blob:none deepen 1",
            "fetch deepen 1",
        ],
    },
    Case { name: "old", config: "", server: Server::Old, hears: &["v0", "fetch deepen 1"] },
    Case {
        name: "old-filters",
        config: FILTERS,
        server: Server::Old,
        hears: &["v0", "fetch deepen 1"],
    },
    Case { name: "first", config: "", server: Server::First, hears: &["v1", "fetch deepen 1"] },
    Case { name: "whole", config: "", server: Server::Whole, hears: &["v2", "ls-refs", "fetch"] },
    Case {
        name: "whole-filters",
        config: FILTERS,
        server: Server::Whole,
        hears: &["v2", "ls-refs", "fetch"],
    },
    Case {
        name: "whole-unwilling",
        config: UNWILLING,
        server: Server::Whole,
        hears: &["v2", "ls-refs", "fetch"],
    },
];

/// Fetches in each case from the address that `url` makes of a server and a repository.
fn each(sandbox: &mut Sandbox, more: &str, url: impl Fn(Server, &str) -> String) {
    for Case { name, config, server, hears } in CASES {
        copy(sandbox, name, config);
        sandbox.env("RAMPKIT_CACHE", format!("cache-{name}"));
        let url = url(server, name);
        forget(sandbox);
        let run = sandbox.sh(&format!("rampkit fetch {url} v0.4.0 {more}"));
        let shown = sandbox.ok(&format!("echo '{url}'"));
        let warning = match server {
            Server::Whole => format!(
                "warning: the whole history of v0.4.0 was fetched: {shown} gives out no part of it\n"
            ),
            _ => String::new(),
        };
        let told =
            format!("{warning}   Fetched ramp.yml at tags/v0.4.0 (7584870) of {shown}, 26 bytes\n");
        assert_eq!((run.code, run.stderr), (0, told), "{name}");
        assert_eq!(heard(sandbox), hears, "{name}");
        assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n", "{name}");
        let lock = sandbox.read("ramp.lock");
        assert_eq!(lock.split_once("\nref: ").unwrap().1, LOCK, "{name}");
    }
}

/// What does not differ from server to server.
const LOCK: &str = "refs/tags/v0.4.0
commit: 7584870bce1a43c356a347b2d696ca06ce185abe
path: ramp.yml
blob: 5970034bc0105f8022674c600686d4a7c9ef32eb
sha256: 512e57216ecab7497d3cf74aa64c12d685e30ebf681382bb80cbcaf4ccaf5754
";

/// Another repository with the same commits, and with these settings.
fn copy(sandbox: &Sandbox, name: &str, config: &str) {
    sandbox.ok(&format!("cp -r srv/gears srv/{name}"));
    for setting in config.split_whitespace() {
        let (key, value) = setting.split_once('=').unwrap();
        sandbox.ok(&format!("git -C srv/{name} config {key} {value}"));
    }
}

/// From here on [`heard`] begins anew.
pub fn forget(sandbox: &Sandbox) {
    let _ = std::fs::remove_file(sandbox.path("../heard"));
}

/// What the servers heard: the version of the protocol, then each request with its filter and its
/// depth; those that are alike and follow each other, once.
pub fn heard(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.read("../heard");
    let version = text.split_once("upload-pack> version ").map_or("0", |(_, rest)| &rest[..1]);
    let mut requests = vec![format!("v{version}")];
    let mut is_new = true;
    for line in text.lines().filter_map(|line| line.split_once("upload-pack< ")) {
        match line.1.split_once([' ', '=']).unwrap_or((line.1, "")) {
            ("command", command) => requests.push(command.to_owned()),
            ("want", _) if version != "2" && is_new => requests.push("fetch".to_owned()),
            ("filter", filter) => *requests.last_mut().unwrap() += &format!(" {filter}"),
            ("deepen", depth) => *requests.last_mut().unwrap() += &format!(" deepen {depth}"),
            _ => {}
        }
        is_new = line.1.starts_with("done");
    }
    requests.dedup();
    requests
}

fn from_a_daemon() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let mut relay = |asked, answered| Relay::meddling(&mut sandbox, daemon.port, asked, answered);
    let old = relay(|asked| replace(asked, "version=2", "version=9"), |_| {});
    let first = relay(|asked| replace(asked, "version=2", "version=1"), |_| {});
    let whole = relay(
        |_| {},
        |said| {
            replace(said, " shallow ", " _hallow ");
            replace(said, "=shallow ", "=_hallow ");
        },
    );
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

/// Changes bytes where they are found, to as many others.
fn replace(text: &mut [u8], what: &str, by: &str) {
    if let Some(at) = text.windows(what.len()).position(|part| part == what.as_bytes()) {
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
    let usual = sshd_that(&mut sandbox, "AcceptEnv GIT_PROTOCOL");
    let old = sshd_that(&mut sandbox, "");
    let first = sshd_that(
        &mut sandbox,
        "ForceCommand GIT_PROTOCOL=version=1 sh -c \"$SSH_ORIGINAL_COMMAND\"",
    );
    let whole = format!(
        "AcceptEnv GIT_PROTOCOL\nForceCommand sh -c \"$SSH_ORIGINAL_COMMAND\" | {}",
        never_shallow(&sandbox)
    );
    let whole = sshd_that(&mut sandbox, &whole);
    let folder = sandbox.path("srv").display().to_string();
    sandbox.ok("git config --global core.sshCommand \"$SSH\"");
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

/// 13,000 commits with 2,000 tags, and 10 commits: what goes through, headers and all.
fn a_long_history_costs_no_more() {
    let mut sandbox = Sandbox::new();
    grown(&sandbox, "srv/short", 10, 9);
    grown(&sandbox, "srv/long", 13_000, 1_999);
    assert_eq!(sandbox.ok("git -C srv/long for-each-ref | wc -l"), "2001");
    let web = Lighttpd::http(&mut sandbox);
    let relay = Relay::to(&mut sandbox, web.port);
    for reference in ["v1.0.0", "main", "HEAD", "$(git -C srv/long rev-parse main)"] {
        let mut bytes = Vec::new();
        for name in ["short", "long"] {
            sandbox.ok(&format!(
                "rm -rf cache && git -C srv/{name} config uploadpack.allowFilter true"
            ));
            let reference = reference.replace("long", name);
            sandbox.env("RAMPKIT_CACHE", "cache");
            sandbox.ok(&format!(
                "rampkit --deny-warnings fetch http://127.0.0.1:{}/git/{name} {reference}",
                relay.port()
            ));
            assert_eq!(locked(&sandbox, "path"), "pack/ramp.yml");
            let heard = relay.heard();
            println!(
                "{name} {reference}: {} connections, {} + {} bytes\n{}",
                heard.connections,
                heard.asked.len(),
                heard.answered.len(),
                String::from_utf8_lossy(&heard.asked)
            );
            assert_eq!(heard.connections, 1, "{reference} of {name}");
            bytes.push(heard.bytes());
        }
        assert!(bytes.iter().all(|bytes| *bytes <= 12_000), "{reference}: {bytes:?} bytes");
        assert!(bytes[1] * 10 <= bytes[0] * 11, "{reference}: {bytes:?} bytes");
    }
}

/// Also where manifests lie in folders, in several, and where a tag points at a tag.
fn every_ref_in_every_way() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let old = Relay::meddling(
        &mut sandbox,
        daemon.port,
        |asked| replace(asked, "version=2", "version=9"),
        |_| {},
    );
    let tip = sandbox.ok("git -C srv/gears rev-parse heads/v0.9.0");
    for (way, port, config) in [
        ("filters", daemon.port, FILTERS),
        ("no-trees", daemon.port, NO_TREES),
        ("no-filters", daemon.port, ""),
        ("unwilling", daemon.port, UNWILLING),
        ("old", old.port(), ""),
    ] {
        copy(&sandbox, way, config);
        for (reference, name, path) in [
            ("tags/v0.4.0", "refs/tags/v0.4.0", "ramp.yml"),
            ("stable", "refs/tags/stable", "ramp.yml"),
            ("heads/v0.9.0", "refs/heads/v0.9.0", "ramp.yml"),
            ("tags/v0.9.0", "refs/tags/v0.9.0", "ramp.yml"),
            ("refs/heads/main --path pack/ramp.yml", "refs/heads/main", "pack/ramp.yml"),
            ("HEAD --path build/ramp-python.yml", "refs/heads/main", "build/ramp-python.yml"),
            ("latest --path ramp_python.yml", "refs/tags/v1.2.13", "ramp_python.yml"),
            (&tip, &tip, "ramp.yml"),
            (&tip[..7], &tip, "ramp.yml"),
        ] {
            let url = format!("git://127.0.0.1:{port}/{way}");
            sandbox.ok(&format!(
                "rm -rf cache ramp.* && rampkit --deny-warnings fetch {url} {reference}"
            ));
            let commit = sandbox.ok(&format!("git -C srv/gears rev-parse '{name}^{{commit}}'"));
            let lock = ["ref", "commit", "path"].map(|key| locked(&sandbox, key));
            assert_eq!(lock, [name, &commit, path], "{reference}, {way}");
            let manifest = sandbox.ok(&format!("git -C srv/gears show {commit}:{path}"));
            assert_eq!(sandbox.read("ramp.yml").trim_end(), manifest, "{reference}, {way}");
        }
        let run = sandbox
            .sh(&format!("rm -rf cache ramp.*; rampkit fetch git://127.0.0.1:{port}/{way} latest"));
        let several = "warning: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first\n";
        assert!(run.stderr.starts_with(several), "{way}: {}", run.stderr);
    }
}

/// It is given no option that it may not know, so the server is not told what we wish.
fn an_ssh_that_is_not_openssh() {
    let mut sandbox = with_gears();
    let sshd = sshd_that(&mut sandbox, "AcceptEnv GIT_PROTOCOL");
    let script = "#!/bin/sh\ncase $1 in -p) exec $SSH \"$@\";; *) exit 9;; esac\n";
    sandbox.write("my-ssh", script);
    sandbox.ok("chmod +x my-ssh");
    let fetch = format!("rampkit fetch ssh://127.0.0.1:{}$PWD/srv/gears v0.4.0", sshd.port);
    for variable in ["GIT_SSH=./my-ssh", "GIT_SSH_COMMAND=./my-ssh"] {
        forget(&sandbox);
        sandbox.ok(&format!("rm -rf cache; {variable} {fetch}"));
        assert_eq!(heard(&sandbox), ["v0", "fetch deepen 1"], "{variable}");
    }
    forget(&sandbox);
    sandbox.ok(&format!("rm -rf cache; GIT_SSH_COMMAND=$SSH {fetch}"));
    assert_eq!(heard(&sandbox)[0], "v2");
}

fn a_repository_of_other_ids() {
    let mut sandbox = Sandbox::new();
    sandbox.ok("git init -q --object-format=sha256 w && cd w && echo a > ramp.yml && git add . && git commit -qm a && git tag v1 && git clone -q --bare . ../srv/other");
    let daemon = git_daemon(&mut sandbox);
    let old = Relay::meddling(
        &mut sandbox,
        daemon.port,
        |asked| replace(asked, "version=2", "version=9"),
        |_| {},
    );
    for port in [daemon.port, old.port()] {
        let run = sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{port}/other v1"));
        println!("{}", run.stderr);
        assert_eq!(run.code, 4);
        assert_eq!(sandbox.list("."), ["srv", "w"]);
    }
}
