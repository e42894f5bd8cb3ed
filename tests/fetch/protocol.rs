//! What `rampkit fetch` says to servers of git's protocol, as it stands on the wire, and what they may
//! say.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::mpsc;

use libtest_mimic::Trial;
use snapbox::str;

use super::forged::{Pack, Said};
use super::{locked, with_gears};
use crate::harness::{Lighttpd, Listener, Relay, Sandbox, git_daemon};
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(one_connection_for_all_requests, Lighttpd),
        test!(one_stream_for_all_commands),
        test!(who_led_here_is_not_told, Lighttpd),
        test!(version_2_is_wished_for_through_ssh),
        test!(what_a_web_server_says_instead),
        test!(what_no_server_of_version_2_says),
        test!(who_does_not_heed_a_filter_is_asked_without),
        test!(what_ssh_says_beside_an_answer),
    ]
}

/// All that goes through a relay, as text.
fn asked(relay: &Relay, end: &str) -> (String, usize) {
    let (mut asked, mut connections) = (String::new(), 0);
    // The last words may be on their way when rampkit has ended.
    eventually(|| {
        let heard = relay.heard();
        asked += &String::from_utf8_lossy(&heard.asked);
        connections += heard.connections;
        asked.ends_with(end)
    });
    (asked, connections)
}

/// Bodies are read to their end, also that of a 401: each question goes over the same connection.
fn one_connection_for_all_requests() {
    let mut sandbox = with_gears();
    let web = Lighttpd::http(&mut sandbox);
    let relay = Relay::to(&mut sandbox, web.port);
    for (login, path, questions) in [("", "git", 1), ("ann:open%20sesame@", "locked", 2)] {
        let url = format!("http://{login}127.0.0.1:{}/{path}/gears", relay.port());
        sandbox.ok(&format!("rampkit --deny-warnings fetch {url} v0.4.0"));
        assert_eq!(locked(&sandbox, "commit"), "7584870bce1a43c356a347b2d696ca06ce185abe");
        let (asked, connections) = asked(&relay, "0000");
        assert_eq!(connections, 1, "{asked}");
        assert_eq!(asked.matches("GET /").count(), questions, "{asked}");
        let posts = asked.matches(&format!("POST /{path}/gears/git-upload-pack ")).count();
        assert!(posts > 1, "{asked}");
        assert_eq!(asked.matches("git-protocol: version=2\r\n").count(), questions + posts);
        assert!(asked.contains("command=ls-refs") && asked.contains("command=fetch"), "{asked}");
        sandbox.ok("rm -r ramp.* && rm -rf ../home/.cache");
    }
}

fn one_stream_for_all_commands() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let relay = Relay::to(&mut sandbox, daemon.port);
    let port = relay.port();
    sandbox.ok(&format!("rampkit --deny-warnings fetch git://127.0.0.1:{port}/gears v0.4.0"));
    // A flush ends the last command, and another the conversation.
    let (asked, connections) = asked(&relay, "00000000");
    assert_eq!(connections, 1, "{asked}");
    let line = format!("git-upload-pack /gears\0host=127.0.0.1:{port}\0\0version=2\0");
    assert!(asked[4..].starts_with(&line), "{asked:?}");
    assert!(asked.contains("command=ls-refs") && asked.contains("command=fetch"), "{asked}");
}

/// The address that led to another may be a secret of its own.
fn who_led_here_is_not_told() {
    let mut sandbox = with_gears();
    let web = Lighttpd::http(&mut sandbox);
    let relay = Relay::to(&mut sandbox, web.port);
    let there = format!("http://127.0.0.1:{}/git/gears/info/refs", relay.port());
    let here = Listener::hostile(move |mut socket| {
        request(&mut socket);
        let query = "?service=git-upload-pack";
        let head = format!("HTTP/1.1 302 Found\r\nLocation: {there}{query}\r\n");
        let _ = socket.write_all((head + "Content-Length: 0\r\n\r\n").as_bytes());
    });
    let url = format!("http://ann:secret@127.0.0.1:{}/secret", here.port);
    sandbox.ok(&format!("rampkit --deny-warnings fetch {url} v0.4.0"));
    let (asked, _) = asked(&relay, "0000");
    assert!(asked.contains("GET /git/gears/info/refs"), "{asked}");
    let asked = asked.to_lowercase();
    let told = ["referer", "authorization", "secret"].into_iter().find(|it| asked.contains(it));
    assert_eq!(told, None, "{asked}");
}

/// The script tells what it was called with; only OpenSSH knows what `-o` means.
fn version_2_is_wished_for_through_ssh() {
    let mut sandbox = with_gears();
    let script = "#!/bin/sh\necho \"$GIT_PROTOCOL $*\" >> ../called\nshift $(($# - 1)); cd srv; exec sh -c \"$1\"\n";
    sandbox.write("../bin/ssh", script);
    sandbox.ok("chmod +x ../bin/ssh && cp ../bin/ssh ../bin/other");
    sandbox.env("RAMPKIT_CACHE", "../cache");
    for (name, arguments) in [
        ("GIT_SSH=../bin/ssh", "-o SendEnv=GIT_PROTOCOL "),
        ("GIT_SSH=../bin/other", ""),
        ("GIT_SSH_COMMAND=\"'$PWD/../bin/ssh' -4\"", "-4 -o SendEnv=GIT_PROTOCOL "),
        ("GIT_SSH_COMMAND='sh ../bin/ssh'", ""),
    ] {
        sandbox.ok(&format!("{name} rampkit fetch ann@host:gears v0.4.0 && rm ramp.*"));
        let called = sandbox.read("../called");
        assert_eq!(called, format!("version=2 {arguments}ann@host git-upload-pack 'gears'\n"));
        sandbox.ok("rm -rf ../called ../cache");
    }
}

/// What a server says to each kind of request; nothing where it hangs up.
#[derive(Clone)]
struct Answers {
    greeting: String,
    refs: String,
    fetch: String,
}

impl Answers {
    /// Those of a server that has one tag and no more to say.
    fn new() -> Self {
        let refs = lines(&[&format!("{} refs/tags/v1\n", "1".repeat(40))]);
        let greeting = lines(&["version 2\n", "ls-refs\n", "fetch=shallow\n"]);
        Self { greeting, refs, fetch: String::new() }
    }

    fn to(&self, request: &str) -> &str {
        match request {
            _ if request.contains("command=ls-refs") => &self.refs,
            _ if request.contains("command=fetch") => &self.fetch,
            _ => &self.greeting,
        }
    }
}

/// Lines of git's protocol and a flush.
fn lines(lines: &[&str]) -> String {
    let line = |line: &&str| format!("{:04x}{line}", line.len() + 4);
    lines.iter().map(line).collect::<String>() + "0000"
}

/// A request over a stream, or over HTTP; nothing where the other side has hung up.
pub fn request(socket: &mut impl Read) -> String {
    let (mut asked, mut buffer) = (String::new(), [0; 4096]);
    let is_whole = |asked: &str| {
        let is_get = asked.starts_with("GET") && asked.ends_with("\r\n\r\n");
        is_get || asked.ends_with("0000") || asked.ends_with('\0')
    };
    while let Ok(length @ 1..) = socket.read(&mut buffer) {
        asked += &String::from_utf8_lossy(&buffer[..length]);
        if is_whole(&asked) {
            return asked;
        }
    }
    String::new()
}

fn what_no_server_of_version_2_says() {
    let sandbox = Sandbox::new();
    let usual = Answers::new();
    let greeting = |greeting: &[&str]| Answers { greeting: lines(greeting), ..usual.clone() };
    let refs = |refs: &[&str]| Answers { refs: lines(refs), ..usual.clone() };
    let fetch = |fetch: &[&str]| Answers { fetch: lines(fetch), ..usual.clone() };
    for (answers, expected) in [
        (
            greeting(&["version 3\n"]),
            r#"it speaks "version 3" of git's protocol, and rampkit 0, 1 and 2"#,
        ),
        (greeting(&["version 2\n", "fetch=shallow\n"]), "it does not offer ls-refs"),
        (greeting(&["version 2\n", "ls-refs\n"]), "it does not offer fetch"),
        (refs(&["hello\n"]), r#""hello" is no line of a list of refs"#),
        (refs(&["ERR \u{1b}[31mgo away\u{9b}2J\n"]), " [31mgo away 2J"),
        (Answers { refs: String::new(), ..usual.clone() }, "the connection ended too early"),
        (usual.clone(), "the connection ended too early"),
        (fetch(&[]), "its answer has no pack"),
        (fetch(&["ERR no\u{7}idea\n"]), "no idea"),
        (fetch(&["packfile\n", "PACK what"]), "a line of a pack has no known band"),
        (fetch(&["packfile\n", "\u{3}power off\n"]), "power off"),
    ] {
        let shown = format!("{expected}: {}", answers.fetch);
        let server = Listener::hostile(move |mut socket| {
            loop {
                let asked = request(&mut socket);
                if asked.is_empty() || answers.to(&asked).is_empty() {
                    break;
                }
                let _ = socket.write_all(answers.to(&asked).as_bytes());
            }
            let _ = socket.shutdown(Shutdown::Both);
        });
        let run = sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/r v1", server.port));
        let place = format!("git://127.0.0.1:{}/r did not give what it has", server.port);
        let expected = format!(
            "error: {place}\ncaused by: {expected}\nhint: try again; nothing was written\n"
        );
        assert_eq!((run.code, run.stderr), (4, expected), "{shown}");
    }
    assert_eq!(sandbox.list("."), [""; 0]);
}

/// A web server that tells refs, and fails at any request for objects, is asked in every way.
fn what_a_web_server_says_instead() {
    let sandbox = Sandbox::new();
    let (told, ways) = mpsc::channel();
    let greeting = lines(&["version 2\n", "ls-refs\n", "fetch=shallow filter\n"]);
    let answers = Answers { greeting, ..Answers::new() };
    let server = Listener::hostile(move |mut socket| {
        let asked = request(&mut socket);
        let way = ["tree:0", "blob:none", "deepen 1", "done"].into_iter();
        let _ = told.send(way.filter(|way| asked.contains(way)).collect::<Vec<_>>().join(" "));
        let (status, kind) = match answers.to(&asked) {
            "" => ("500 Internal Server Error", "x"),
            _ if asked.starts_with("GET") => ("200 OK", "advertisement"),
            _ => ("200 OK", "result"),
        };
        let body = answers.to(&asked);
        let _ = socket.write_all(
            format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/x-git-upload-pack-{kind}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
        let _ = socket.shutdown(Shutdown::Both);
    });
    let run = sandbox.sh(&format!("rampkit fetch http://127.0.0.1:{}/r v1", server.port));
    let place = format!("http://127.0.0.1:{}/r did not give what it has", server.port);
    let expected = format!(
        "error: {place}\ncaused by: HTTP 500 Internal Server Error\nhint: try again; nothing was written\n"
    );
    assert_eq!((run.code, run.stderr), (4, expected));
    drop(server);
    let ways: Vec<String> = ways.iter().collect();
    let ways: Vec<&str> = ways.iter().map(String::as_str).filter(|way| !way.is_empty()).collect();
    assert_eq!(ways, ["tree:0 deepen 1 done", "blob:none deepen 1 done", "deepen 1 done", "done"]);
}

/// It gives nothing, or hangs up: where it does not read on, it resets the connection.
fn who_does_not_heed_a_filter_is_asked_without() {
    let mut pack = Pack::new();
    let tip = pack.commit(b"display_name: x\n");
    for hangs_up in [true, false] {
        let sandbox = Sandbox::new();
        let said = Said::new(tip, None, &pack.end());
        let nothing = Said::new(tip, None, &Pack::new().end()).objects;
        let greeting = lines(&["version 2\n", "ls-refs\n", "fetch=shallow filter\n"]);
        let server = Listener::hostile(move |mut socket| {
            request(&mut socket);
            let _ = socket.write_all(greeting.as_bytes());
            let mut asked = [0; 4096];
            // A look takes nothing away: what was asked is unread when the socket closes.
            while let Ok(length @ 1..) = socket.peek(&mut asked) {
                let is_filtered = String::from_utf8_lossy(&asked[..length]).contains("filter");
                if is_filtered && hangs_up {
                    return;
                }
                let answer = match request(&mut socket) {
                    asked if asked.contains("ls-refs") => &said.refs,
                    asked if asked.contains("filter") => &nothing,
                    _ => &said.objects,
                };
                let _ = socket.write_all(answer);
            }
        });
        sandbox.ok(&format!("rampkit fetch git://127.0.0.1:{}/r v1", server.port));
        assert_eq!(sandbox.read("ramp.yml"), "display_name: x\n");
    }
}

/// A key that is new, a banner: not why a pack is none.
fn what_ssh_says_beside_an_answer() {
    let mut sandbox = Sandbox::new();
    let Answers { greeting, refs, .. } = Answers::new();
    let fetch = lines(&["packfile\n", "PACK what"]);
    sandbox.write("../said", &(greeting + &refs + &fetch));
    let script = "#!/bin/sh\necho 'Warning: the key is new' >&2\ncat ../said -\n";
    sandbox.write("../bin/ssh", script);
    sandbox.ok("chmod +x ../bin/ssh");
    sandbox.env("GIT_SSH", "../bin/ssh");
    sandbox.sh("rampkit fetch ann@host:r v1").fails(
        4,
        str![[r#"
error: ann@host:r did not give what it has
caused by: a line of a pack has no known band
hint: try again; nothing was written

"#]],
    );
}
