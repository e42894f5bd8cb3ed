//! What hosts want, or cannot do, that is not so with git's own server.

use std::io::Write;
use std::net::Shutdown;

use libtest_mimic::Trial;
use snapbox::str;

use super::forged::{Pack, Said, answer, line};
use super::git::find;
use super::hostile::is_broken;
use super::protocol::request;
use super::servers::{ALL_FILTERS, LOCK, copy, forget, heard, replace};
use super::{locked, with_gears};
use crate::harness::{Lighttpd, Listener, Relay, Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(one_that_answers_git_alone, Lighttpd),
        test!(one_that_wants_acknowledgments, Lighttpd),
        test!(one_that_can_do_little, Lighttpd),
        test!(one_that_names_a_charset, Lighttpd),
        test!(one_that_gives_what_its_refs_point_at),
        test!(one_that_is_not_asked_again),
    ]
}

/// Fetches `v0.4.0` without a warning.
#[track_caller]
fn fetch(sandbox: &Sandbox, url: &str) {
    sandbox
        .ok(&format!("rm -rf ../home/.cache ramp.*; rampkit --deny-warnings fetch {url} v0.4.0"));
    assert_eq!(sandbox.read("ramp.lock").split_once("\nref: ").unwrap().1, LOCK);
}

/// As GitHub, Bitbucket and Azure DevOps: who is no git is a person, who shall see a page.
fn one_that_answers_git_alone() {
    let mut sandbox = with_gears();
    let people = "$REQUEST_HEADER[\"User-Agent\"] !~ \"^git/[2-9]\" { url.access-deny = (\"\") }\n";
    let web = Lighttpd::http_that(&mut sandbox, people);
    fetch(&sandbox, &format!("{}/git/gears", web.url));
}

/// As Azure DevOps, which speaks version 0, and takes no question of who cannot do `multi_ack`.
fn one_that_wants_acknowledgments() {
    let mut sandbox = with_gears();
    let web = Lighttpd::http(&mut sandbox);
    let wants = |asked: &mut Vec<u8>| {
        if find(asked, b" multi_ack").is_none() {
            replace(asked, "want ", "wish ");
        }
    };
    let relay = Relay::meddling(&mut sandbox, web.port, wants, |_| {});
    fetch(&sandbox, &format!("http://127.0.0.1:{}/old/gears", relay.port()));
    let plain = |said: &mut Vec<u8>| replace(said, "multi_ack_detailed", "multi_ack_xxxxxxxx");
    let relay = Relay::meddling(&mut sandbox, web.port, wants, plain);
    fetch(&sandbox, &format!("http://127.0.0.1:{}/old/gears", relay.port()));
}

/// As CodeCommit: version 0 without offsets, without a word on what `HEAD` stands for, and with talk.
fn one_that_can_do_little() {
    let mut sandbox = with_gears();
    sandbox.ok("git -C srv/gears config uploadpack.allowReachableSHA1InWant true");
    let web = Lighttpd::http(&mut sandbox);
    let little = |said: &mut Vec<u8>| {
        for word in ["ofs-delta", "symref=", "no-progress", "agent=", "object-format="] {
            replace(said, word, &word.to_uppercase());
        }
    };
    let relay = Relay::meddling(&mut sandbox, web.port, |_| {}, little);
    let url = format!("http://127.0.0.1:{}/old/gears", relay.port());
    fetch(&sandbox, &url);
    sandbox.ok(&format!("rampkit fetch {url} HEAD --path pack/ramp.yml --force"));
    let main = sandbox.ok("git -C srv/gears rev-parse main");
    assert_eq!((locked(&sandbox, "ref"), locked(&sandbox, "commit")), ("HEAD".to_owned(), main));
    let inner = sandbox
        .ok("git -C srv/gears tag -d v0.4.0 stable >&2; git -C srv/gears rev-parse v0.9.0~1");
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {inner}"));
    assert_eq!(locked(&sandbox, "commit"), inner);
    let asked = String::from_utf8_lossy(&relay.heard().asked).into_owned();
    assert!(!asked.contains("ofs-delta") && !asked.contains("agent="), "{asked}");
}

/// As web servers that are told to do so for everything.
fn one_that_names_a_charset() {
    let mut sandbox = with_gears();
    let web = Lighttpd::http(&mut sandbox);
    let charset = |said: &mut Vec<u8>| {
        for (kind, by) in [("-advertisement", "-Advertisement"), ("-result", "-result")] {
            let end = format!("x-git-upload-pack{kind}\r\n");
            if let Some(at) = find(said, end.as_bytes()) {
                let by = format!("x-git-upload-pack{by}; charset=utf-8\r\n");
                said.splice(at..at + end.len(), by.into_bytes());
            }
        }
    };
    let relay = Relay::meddling(&mut sandbox, web.port, |_| {}, charset);
    fetch(&sandbox, &format!("http://127.0.0.1:{}/git/gears", relay.port()));
    let said = String::from_utf8_lossy(&relay.heard().answered).into_owned();
    assert!(
        said.contains("-Advertisement; charset=utf-8") && said.contains("-result; charset=utf-8")
    );
}

/// As Gerrit over ssh: the commit of a tag is given with the tag alone.
fn one_that_gives_what_its_refs_point_at() {
    let mut sandbox = with_gears();
    copy(&sandbox, "filters", ALL_FILTERS);
    let daemon = git_daemon(&mut sandbox);
    let tag = |asked: &mut Vec<u8>| {
        let is_tag = find(asked, b"want cc599dc606dfad22").is_some();
        if let Some(at) = find(asked, b"want ").filter(|_| !is_tag) {
            asked[at + 5..at + 15].copy_from_slice(b"0123456789");
        }
    };
    let relay = Relay::meddling(&mut sandbox, daemon.port, tag, |_| {});
    let id = "7584870bce1a43c356a347b2d696ca06ce185abe";
    for (name, first) in [("gears", "fetch deepen 1"), ("filters", "fetch deepen 1 tree:0")] {
        sandbox.ok(&format!("rm -f ramp.*; git -C srv/{name} tag -d stable"));
        let url = format!("git://127.0.0.1:{}/{name}", relay.port());
        forget(&sandbox);
        sandbox.ok(&format!("rampkit --deny-warnings fetch {url} {id}"));
        assert_eq!(heard(&sandbox), ["v2", first, "ls-refs", "fetch deepen 1"]);
        assert_eq!((locked(&sandbox, "commit"), locked(&sandbox, "ref")), (id.into(), id.into()));
        sandbox.ok("rm -r ../home/.cache && rampkit --deny-warnings fetch --locked");
        let none = "1".repeat(40);
        sandbox.sh(&format!("rm ramp.*; rampkit fetch {url} {none}")).fails(
            5,
            str![[r#"
error: git://127.0.0.1:[PORT]/[..] has no commit [HEX]
hint: check the id, and whether that commit was pushed to this repository

"#]],
        );
    }
}

/// What broke off, or is more than a commit may be, is not asked for in another way, which would be
/// more.
fn one_that_is_not_asked_again() {
    let said = || Said::new(Pack::new().commit(b"display_name: x\n"), None, &[]);
    let much = answer(&Pack::new().end_of(2_000_001));
    for (said, objects, why) in [
        (said().filtering(), line("packfile\n"), "the connection ended too early"),
        (said(), much, "it sends a pack with 2000001 objects"),
    ] {
        let mut sandbox = Sandbox::new();
        let server = Listener::hostile(move |mut socket| {
            for answer in [&said.greeting, &said.refs, &objects] {
                request(&mut socket);
                let _ = socket.write_all(answer);
            }
            let _ = socket.shutdown(Shutdown::Both);
        });
        sandbox.alias(server.port, "[PORT]");
        let run = sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/r v1", server.port));
        is_broken(&run, why);
    }
}
