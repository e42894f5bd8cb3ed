//! What is asked for where a server allows filters, what that costs, and servers that do something
//! else than they say.

use libtest_mimic::Trial;
use snapbox::str;

use super::servers::{
    ALL_FILTERS, LOCK, NO_FILTER_AT_ALL, NO_TREE_FILTER, copy, forget, heard, not_of_version_2,
    replace,
};
use super::{locked, with_gears};
use crate::harness::{Lighttpd, Relay, Sandbox, git_daemon, grown, sshd_that};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(no_more_than_leads_to_the_manifest),
        test!(a_long_history_costs_no_more, Lighttpd),
        test!(every_ref_in_every_way),
        test!(a_server_that_gives_more),
        test!(a_server_that_gives_what_refs_point_at, Lighttpd),
        test!(a_server_that_ends_each_connection, Lighttpd),
        test!(a_server_that_names_its_service, Lighttpd),
        test!(one_ssh_for_all, Sshd),
    ]
}

/// `srv/filters`, which allows all filters.
fn sandbox() -> Sandbox {
    let mut sandbox = with_gears();
    copy(&sandbox, "filters", ALL_FILTERS);
    sandbox.env("RAMPKIT_CACHE", "cache");
    sandbox
}

/// Fetches `v0.4.0` without a warning; what the servers then have heard.
#[track_caller]
fn fetch(sandbox: &Sandbox, url: &str) -> Vec<String> {
    forget(sandbox);
    sandbox.ok(&format!("rm -rf cache ramp.*; rampkit --deny-warnings fetch {url} v0.4.0"));
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
    assert_eq!(sandbox.read("ramp.lock").split_once("\nref: ").unwrap().1, LOCK);
    heard(sandbox)
}

/// The tag, its commit, the tree, the folder that may hold the manifest, the manifest.
fn no_more_than_leads_to_the_manifest() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    forget(&sandbox);
    sandbox.ok(&format!("rampkit fetch git://127.0.0.1:{}/filters v1.2.13", daemon.port));
    assert_eq!(locked(&sandbox, "path"), "pack/ramp.yml");
    let heard = sandbox.read("../heard");
    let says = |line: &&str| {
        let words = ["command", "ref-prefix", "deepen", "filter", "want"];
        words.iter().any(|word| line.starts_with(word))
    };
    let asked = heard.lines().filter_map(|line| line.split("upload-pack< ").nth(1)).filter(says);
    snapbox::assert_data_eq!(
        asked.collect::<Vec<_>>().join("\n") + "\n",
        str![[r#"
command=ls-refs
ref-prefix refs/v1.2.13
ref-prefix refs/tags/v1.2.13
ref-prefix refs/heads/v1.2.13
ref-prefix refs/remotes/v1.2.13
command=fetch
deepen 1
filter tree:0
want 8084e359e2c8ac9a25ad6917945c544f9eed2ba2
command=fetch
deepen 1
filter tree:0
want a1df3338e2d042a0933eafc41f9e9d90065ab61d
command=fetch
deepen 1
filter tree:0
want e4adbb266a54387b043c86e78859dd16567c95a7
command=fetch
deepen 1
filter tree:0
want ef8c30f9d2c004869eb2949c32bd471edd0a7fed

"#]]
    );
}

/// 13,000 commits with 2,000 tags, and 10 commits: what goes through, headers and all.
fn a_long_history_costs_no_more() {
    let mut sandbox = Sandbox::new();
    grown(&sandbox, "srv/short", 10, 9);
    grown(&sandbox, "srv/long", 13_000, 1_999);
    assert_eq!(sandbox.ok("git -C srv/long rev-list main | wc -l"), "13000");
    assert_eq!(sandbox.ok("git -C srv/long tag | wc -l"), "2000");
    let web = Lighttpd::http(&mut sandbox);
    let relay = Relay::to(&mut sandbox, web.port);
    sandbox.env("RAMPKIT_CACHE", "cache");
    for reference in ["v1.0.0", "main", "HEAD", "$(git -C srv/NAME rev-parse main)"] {
        let bytes = ["short", "long"].map(|name| {
            let url = format!("http://127.0.0.1:{}/git/{name}", relay.port());
            sandbox.ok(&format!(
                "rm -rf cache && git -C srv/{name} config uploadpack.allowFilter true && \
                 rampkit --deny-warnings fetch {url} {}",
                reference.replace("NAME", name)
            ));
            assert_eq!(locked(&sandbox, "path"), "pack/ramp.yml");
            relay.heard().bytes()
        });
        // A limit for all servers is 12,000; what this one adds is known.
        assert!(bytes.iter().all(|bytes| *bytes < 6_000), "{reference}: {bytes:?} bytes");
        assert!(bytes[1] * 10 <= bytes[0] * 11, "{reference}: {bytes:?} bytes");
    }
}

/// Also where manifests lie in folders, in several, and where a tag points at a tag.
fn every_ref_in_every_way() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    let old = not_of_version_2(&mut sandbox, daemon.port);
    let tip = sandbox.ok("git -C srv/gears rev-parse heads/v0.9.0");
    for (way, port, config) in [
        ("all", daemon.port, ALL_FILTERS),
        ("blobs", daemon.port, NO_TREE_FILTER),
        ("none", daemon.port, &[]),
        ("unwilling", daemon.port, NO_FILTER_AT_ALL),
        ("old", old.port(), &[]),
    ] {
        copy(&sandbox, way, config);
        let fetch = format!("rm -rf cache ramp.*; rampkit fetch git://127.0.0.1:{port}/{way}");
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
            let run = sandbox.sh(&format!("{fetch} {reference}"));
            assert!(run.code == 0 && !run.stderr.contains("warning"), "{way}: {}", run.stderr);
            let commit = sandbox.ok(&format!("git -C srv/gears rev-parse '{name}^{{commit}}'"));
            let lock = ["ref", "commit", "path"].map(|key| locked(&sandbox, key));
            assert_eq!(lock, [name, &commit, path], "{reference}, {way}");
            let manifest = sandbox.ok(&format!("git -C srv/gears show {commit}:{path}"));
            assert_eq!(sandbox.read("ramp.yml").trim_end(), manifest, "{reference}, {way}");
        }
        let run = sandbox.sh(&format!("{fetch} latest"));
        let several = "warning: there are several manifests: pack/ramp.yml, ramp_python.yml; took the first\n";
        assert!(run.stderr.starts_with(several), "{way}: {}", run.stderr);
        assert_eq!(run.stderr.matches("warning").count(), 1, "{way}: {}", run.stderr);
    }
}

/// The trees and the files come with the commit, and are not asked for again.
fn a_server_that_gives_more() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    let more = |asked: &mut Vec<u8>| replace(asked, "tree:0", "tree:9");
    let more = Relay::meddling(&mut sandbox, daemon.port, more, |_| {});
    let heard = fetch(&sandbox, &format!("git://127.0.0.1:{}/filters", more.port()));
    assert_eq!(heard, ["v2", "ls-refs", "fetch deepen 1 tree:9"]);
    assert_eq!(sandbox.read("../heard").matches("upload-pack< want ").count(), 1);
}

/// A server may know no id but those of its refs, which git's own does not do in version 2.
fn a_server_that_gives_what_refs_point_at() {
    let mut sandbox = sandbox();
    let (daemon, web) = (git_daemon(&mut sandbox), Lighttpd::http(&mut sandbox));
    let tips = |asked: &mut Vec<u8>| {
        // `v0.4.0`, and its commit.
        let tips = ["want cc599dc606dfad22", "want 7584870bce1a43c3"];
        if tips.iter().all(|tip| super::git::find(asked, tip.as_bytes()).is_none())
            && let Some(at) = super::git::find(asked, b"want ")
        {
            asked[at + 5..at + 15].copy_from_slice(b"0123456789");
        }
    };
    let git = Relay::meddling(&mut sandbox, daemon.port, tips, |_| {});
    let http = Relay::meddling(&mut sandbox, web.port, tips, |_| {});
    for url in [
        format!("git://127.0.0.1:{}/filters", git.port()),
        format!("http://127.0.0.1:{}/git/filters", http.port()),
    ] {
        let ways = ["fetch deepen 1 tree:0", "fetch deepen 1 blob:none", "fetch deepen 1"];
        assert_eq!(fetch(&sandbox, &url), [&["v2", "ls-refs"], &ways[..]].concat(), "{url}");
    }
}

fn a_server_that_ends_each_connection() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http_that(&mut sandbox, "server.max-keep-alive-requests = 0\n");
    let relay = Relay::to(&mut sandbox, web.port);
    let heard = fetch(&sandbox, &format!("http://127.0.0.1:{}/git/filters", relay.port()));
    assert_eq!(heard, ["v2", "ls-refs", "fetch deepen 1 tree:0"]);
    assert_eq!(relay.heard().connections, 5);
}

/// As GitHub does, and unlike git's own: the line `# service=` stands before version 2 too.
fn a_server_that_names_its_service() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    let heard = fetch(&sandbox, &format!("{}/named/filters", web.url));
    assert_eq!(heard, ["v2", "ls-refs", "fetch deepen 1 tree:0"]);
}

/// As many questions as need be go through it.
fn one_ssh_for_all() {
    let mut sandbox = sandbox();
    let sshd = sshd_that(&mut sandbox, "AcceptEnv GIT_PROTOCOL");
    let relay = Relay::to(&mut sandbox, sshd.port);
    let host = format!("-o HostKeyAlias=[127.0.0.1]:{}", sshd.port);
    sandbox.ok(&format!("git config --global core.sshCommand \"$SSH {host}\""));
    let folder = sandbox.path("srv").display().to_string();
    let heard = fetch(&sandbox, &format!("ssh://127.0.0.1:{}{folder}/filters", relay.port()));
    assert_eq!(heard, ["v2", "ls-refs", "fetch deepen 1 tree:0"]);
    assert_eq!(relay.heard().connections, 1);
}
