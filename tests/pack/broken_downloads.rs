//! `rampkit pack --embed-deps` from servers that break off, lie, or wait: what has arrived is used
//! again, and nothing wrong gets into a bundle.

use std::process::Stdio;
use std::time::Duration;

use libtest_mimic::Trial;
use snapbox::str;

use super::downloads::{dependency, digest, needs};
use super::{PACK, harmless, sample};
use crate::harness::{Answer, Asked, Origin, Sandbox, read_entry};
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_download_that_breaks_off_goes_on),
        test!(the_next_run_goes_on),
        test!(a_server_that_does_not_go_on),
        test!(a_beginning_of_another_file),
        test!(a_server_that_fails_for_a_while),
        test!(a_download_that_never_ends_well),
        test!(a_slow_server),
        test!(redirects),
        test!(a_file_that_is_too_large),
    ]
}

/// Bytes that differ from place to place.
fn file(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n / 7 % 251) as u8).collect()
}

/// A sandbox whose module needs `content` from a server that answers so.
fn needing(
    content: &[u8],
    answer: impl Fn(&Asked) -> Answer + Send + 'static,
) -> (Sandbox, Origin) {
    let mut sandbox = sample();
    let origin = Origin::start(&mut sandbox, answer);
    let p = dependency(&sandbox, &format!("{}/p.tgz", origin.url), content);
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    (sandbox, origin)
}

const EMBED: &str = "--embed-deps -o x.zip";

/// Where the beginning of a file is kept.
fn partial(sandbox: &Sandbox, content: &[u8]) -> String {
    format!("../home/.cache/rampkit/partial/{}", digest(sandbox, content))
}

fn a_download_that_breaks_off_goes_on() {
    let content = file(100_000);
    let bytes = content.clone();
    let (sandbox, origin) = needing(&content, move |asked| match asked.number {
        0 => Answer::of(&bytes, asked).cut(60_000),
        1 => Answer::of(&bytes, asked).cut(0),
        _ => Answer::of(&bytes, asked),
    });
    sandbox.sh(&format!("{PACK} {EMBED}")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
Downloaded p from http://127.0.0.1:[PORT]/p.tgz, 100000 bytes
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
    assert_eq!(
        origin.asked(),
        [
            "/p.tgz: 200, 60000 bytes",
            "/p.tgz from 60000: 206, 0 bytes",
            "/p.tgz from 60000: 206, 40000 bytes"
        ]
    );
    assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), content);
}

/// Killed in the middle, and started again.
fn the_next_run_goes_on() {
    let content = file(100_000);
    let bytes = content.clone();
    let (sandbox, origin) = needing(&content, move |asked| match asked.number {
        0 => Answer::of(&bytes, asked).cut(70_000).waiting(),
        _ => Answer::of(&bytes, asked),
    });
    let line = format!("exec {PACK} {EMBED}");
    let mut rampkit = sandbox.command(&line).stderr(Stdio::null()).spawn().unwrap();
    let partial = partial(&sandbox, &content);
    eventually(|| sandbox.path(&partial).metadata().is_ok_and(|it| it.len() == 70_000));
    rampkit.kill().unwrap();
    rampkit.wait().unwrap();
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(origin.asked(), ["/p.tgz: 200, 70000 bytes", "/p.tgz from 70000: 206, 30000 bytes"]);
    assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), content);
    assert_eq!(sandbox.list("../home/.cache/rampkit/partial"), [""; 0]);
}

/// One that gives all of it again, one that has nothing there, one that gives another part.
fn a_server_that_does_not_go_on() {
    type Odd = fn(&[u8]) -> Answer;
    let all: (Odd, _) = (|bytes| Answer::whole(bytes), "/p.tgz from 9: 200, 100000 bytes");
    let nothing: (Odd, _) = (
        |_| Answer::new("416 Range Not Satisfiable", "Content-Length: 0\n", b""),
        "/p.tgz from 9: 416, 0 bytes",
    );
    let part: (Odd, _) = (
        |_| {
            let headers = "Content-Length: 3\nContent-Range: bytes 7-9/100000\n";
            Answer::new("206 Partial Content", headers, b"abc")
        },
        "/p.tgz from 9: 206, 3 bytes",
    );
    for (odd, first) in [all, nothing, part] {
        let content = file(100_000);
        let bytes = content.clone();
        let (sandbox, origin) = needing(&content, move |asked| match asked.from {
            Some(_) => odd(&bytes),
            None => Answer::whole(&bytes),
        });
        sandbox.write(partial(&sandbox, &content), &content[..9]);
        sandbox.ok(&format!("{PACK} {EMBED}"));
        assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), content);
        let asked = origin.asked();
        assert_eq!(asked[0], first);
        assert!(asked[1..].iter().all(|line| line == "/p.tgz: 200, 100000 bytes"), "{asked:?}");
    }
}

/// The end fits the beginning only by its length: all of it is downloaded once more.
fn a_beginning_of_another_file() {
    let content = file(100_000);
    let bytes = content.clone();
    let (sandbox, origin) = needing(&content, move |asked| Answer::of(&bytes, asked));
    sandbox.write(partial(&sandbox, &content), [7; 50_000]);
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), content);
    assert_eq!(
        origin.asked(),
        ["/p.tgz from 50000: 206, 50000 bytes", "/p.tgz: 200, 100000 bytes"]
    );
    // Whole, and never given its name: nobody needs to be asked.
    sandbox.ok("rm -r ../home/.cache");
    sandbox.write(partial(&sandbox, &content), &content);
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(origin.asked(), [""; 0]);
}

fn a_server_that_fails_for_a_while() {
    let busy = || Answer::new("503 Service Unavailable", "Content-Length: 0\n", b"");
    let (sandbox, origin) = needing(b"p", move |asked| match asked.number {
        0 => busy(),
        1 => Answer::nothing(),
        _ => Answer::whole(b"p"),
    });
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(
        origin.asked(),
        ["/p.tgz: 503, 0 bytes", "/p.tgz: no answer, 0 bytes", "/p.tgz: 200, 1 bytes"]
    );
    let (sandbox, origin) = needing(b"p", move |_| busy());
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/p.tgz cannot be downloaded
caused by: HTTP 503 Service Unavailable
hint: try again later, or give the file with --dep NAME=FILE

"#]],
    );
    assert_eq!(origin.asked(), ["/p.tgz: 503, 0 bytes"; 3]);
    let (sandbox, origin) =
        needing(b"p", |_| Answer::new("418 I'm a teapot", "Content-Length: 0\n", b""));
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/p.tgz cannot be downloaded
caused by: HTTP 418 I'm a teapot
hint: try again later, or give the file with --dep NAME=FILE

"#]],
    );
    assert_eq!(origin.asked().len(), 1);
}

fn a_download_that_never_ends_well() {
    let content = file(3000);
    let bytes = content.clone();
    let (sandbox, origin) = needing(&content, move |asked| match asked.from {
        None => Answer::whole(&bytes).cut(1000),
        Some(_) => Answer::of(&bytes, asked).cut(0),
    });
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/p.tgz broke off after 1000 bytes
caused by: end of file before message length reached
hint: try again later, or give the file with --dep NAME=FILE

"#]],
    );
    assert_eq!(origin.asked().len(), 3);
    assert_eq!(sandbox.path(partial(&sandbox, &content)).metadata().unwrap().len(), 1000);
    // Without a length nobody can tell the end from a broken connection, but for the digest.
    let bytes = content.clone();
    let (sandbox, _origin) = needing(&content, move |_| Answer::new("200 OK", "", &bytes[..1000]));
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(
        11,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/p.tgz is another file
  expected sha256 [HEX]
     found sha256 [HEX], 1000 bytes
hint: ask its author which one is right, before you write another sha256

"#]],
    );
    let (sandbox, _origin) = needing(&content, |_| Answer::new("200 OK\u{1b}[31m", "a b c", b""));
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(4, str![[r#"
error: cannot get dependency p
caused by: cannot reach http://127.0.0.1:[PORT]
caused by: invalid HTTP status-code parsed
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
}

/// A little at a time is no silence.
fn a_slow_server() {
    let content = file(1000);
    let bytes = content.clone();
    let rest = Duration::from_millis(50);
    let (sandbox, origin) =
        needing(&content, move |asked| Answer::of(&bytes, asked).slow(100, rest));
    sandbox.ok(&format!("{PACK} {EMBED}"));
    assert_eq!(origin.asked().len(), 1);
}

/// A login goes to its own host only, and nothing is followed that is not http or https.
fn redirects() {
    let mut sandbox = sample();
    let has = Origin::start(&mut sandbox, |asked| match asked.has_login {
        true => Answer::new("403 Forbidden", "Content-Length: 0\n", b""),
        false => Answer::whole(b"p"),
    });
    let there = format!("{}/q.tgz", has.url);
    let leads = Origin::start(&mut sandbox, move |asked| {
        let to = match asked.path.as_str() {
            "/p.tgz" if asked.has_login => &there,
            "/r.tgz" => "file:///etc/passwd",
            _ => "http://",
        };
        Answer::new("302 Found", &format!("Location: {to}\nContent-Length: 0\n"), b"")
    });
    let pack = |path: &str| {
        let url = format!("{}/{path}", leads.url.replace("//", "//ann:secret@"));
        needs(&sandbox, &format!("dependencies: {{p: {}}}", dependency(&sandbox, &url, b"p")));
        sandbox.sh(&format!("{PACK} -q {EMBED}"))
    };
    assert_eq!(pack("p.tgz").code, 0);
    assert_eq!(has.asked(), ["/q.tgz: 200, 1 bytes"]);
    assert_eq!(leads.asked(), ["/p.tgz: 302, 0 bytes"]);
    sandbox.ok("rm -r x.zip module.yaml ../home/.cache");
    pack("r.tgz").fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/r.tgz cannot be downloaded
caused by: HTTP 302 Found
hint: try again later, or give the file with --dep NAME=FILE

"#]],
    );
    pack("s.tgz").fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/s.tgz cannot be downloaded
caused by: HTTP 302 Found
hint: try again later, or give the file with --dep NAME=FILE

"#]],
    );
}

/// Refused by its length, before it comes.
fn a_file_that_is_too_large() {
    let (sandbox, origin) =
        needing(b"p", |_| Answer::new("200 OK", "Content-Length: 524288001\n", b"p").waiting());
    harmless(&sandbox, &format!("{PACK} {EMBED}")).fails(
        11,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/p.tgz is larger than 500 MB
hint: Redis Enterprise takes no bundle of that size

"#]],
    );
    assert_eq!(origin.asked().len(), 1);
    assert_eq!(sandbox.list("../home/.cache/rampkit/partial"), [""; 0]);
}
