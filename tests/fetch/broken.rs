//! `rampkit fetch` from servers that break off, lie, or are not there: nothing here is harmed.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};
use snapbox::str;

use super::git::{find, sandbox};
use crate::harness::{Listener, git_daemon, meddled_daemon};
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_connection_that_ends_too_early),
        test!(an_ssh_that_ends_too_early),
        test!(an_ssh_that_takes_its_time_to_end),
        test!(no_room_for_what_is_fetched),
        test!(interrupted_it_leaves_nothing),
        test!(a_pack_that_is_damaged),
        test!(a_hostile_server),
        test!(nobody_there),
    ]
}

/// Nothing at all comes, or it ends amid the refs, or amid the pack.
fn a_connection_that_ends_too_early() {
    ends_too_early(|_, said| said.clear());
    ends_too_early(|before, said| said.truncate(300_usize.saturating_sub(before)));
    ends_too_early(|_, said| {
        if let Some(at) = find(said, b"PACK") {
            said.truncate(at + 50);
        }
    });
}

#[track_caller]
fn ends_too_early(cut: fn(usize, &mut Vec<u8>)) {
    let mut sandbox = sandbox();
    sandbox.write("ramp.yml", "mine\n");
    let daemon = meddled_daemon(&mut sandbox, cut);
    let fetch = format!("rampkit fetch git://127.0.0.1:{}/gears main --force", daemon.port);
    sandbox.sh(&fetch).fails(
        4,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears did not give what it has
caused by: the connection ended too early
hint: try again; nothing was written

"#]],
    );
    assert_eq!(sandbox.list("."), ["ramp.yml", "srv"]);
    assert_eq!(sandbox.read("ramp.yml"), "mine\n");
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

/// ssh is a script here, which runs `git-upload-pack` and ends amid its pack. As a connection would, it
/// takes what it runs along; that has said all and waits for the next request, or still wants to go on.
fn an_ssh_that_ends_too_early() {
    let mut sandbox = sandbox();
    let script = r#"shift $(($# - 1)); cd srv
        sh -c 'echo $$ > ../../pid; eval "exec $0"' "$1" |
            (dd bs=1 count=400 status=none; echo 'power failure' >&2; kill -PIPE $(cat ../../pid))"#;
    let path = sandbox.write("../ssh.sh", script);
    sandbox.env("GIT_SSH_COMMAND", format!("sh {}", path.display()));
    sandbox.sh("rampkit fetch host:gears main").fails(
        4,
        str![[r#"
error: host:gears did not give what it has
caused by: power failure
hint: try again; nothing was written

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

/// What it means stands in its exit code, which comes after the end of its output.
fn an_ssh_that_takes_its_time_to_end() {
    let mut sandbox = sandbox();
    let script = "#!/bin/sh\necho 'fatal: no such thing' >&2; exec <&- >&-; sleep 3; exit 128\n";
    let path = sandbox.write("../ssh", script);
    sandbox.ok("chmod +x ../ssh");
    sandbox.env("GIT_SSH", path.display().to_string());
    sandbox.sh("rampkit fetch host:gears main").fails(
        5,
        str![[r#"
error: host:gears is not a git repository
caused by: fatal: no such thing
hint: check the path, and whether your key may read that repository

"#]],
    );
}

fn no_room_for_what_is_fetched() {
    let mut sandbox = sandbox();
    let daemon = git_daemon(&mut sandbox);
    let fetch = format!("rampkit fetch git://127.0.0.1:{}/gears main", daemon.port);
    sandbox.sh(&format!("TMPDIR=/none {fetch}")).fails(
        3,
        str![[r#"
error: cannot make a folder in /none
caused by: No such file or directory (os error 2) at path "/none/rampkit-[..]"
hint: check the spelling; a folder must be there already

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

/// Ctrl-C, `kill`, or a terminal that is closed while the pack arrives: no temporary repository stays.
fn interrupted_it_leaves_nothing() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        assert_eq!(ended_amid("", &[signal]), Some(signal.as_raw()));
    }
    // What is ignored stays ignored, as with nohup.
    let ended = ended_amid("trap '' HUP;", &[Signal::HUP, Signal::TERM]);
    assert_eq!(ended, Some(Signal::TERM.as_raw()));
}

/// The signal that ends a fetch, of those that are sent to it amid the pack.
fn ended_amid(before: &str, signals: &[Signal]) -> Option<i32> {
    let mut sandbox = sandbox();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let daemon = meddled_daemon(&mut sandbox, move |_, said| {
        if find(said, b"PACK").is_some() {
            let _ = wait.recv();
        }
    });
    // Whatever fails below, the daemon does not wait for ever.
    let go_on = go_on;
    let line = format!("{before} exec rampkit fetch git://127.0.0.1:{}/gears main", daemon.port);
    let mut rampkit = sandbox.command(&line).stderr(Stdio::null()).spawn().unwrap();
    eventually(|| !sandbox.list("../tmp").is_empty());
    for signal in signals {
        kill_process(Pid::from_child(&rampkit), *signal).unwrap();
    }
    let ended = rampkit.wait().unwrap();
    drop(go_on);
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
    assert_eq!(sandbox.list("."), ["srv"]);
    ended.signal()
}

fn a_pack_that_is_damaged() {
    let mut sandbox = sandbox();
    let daemon = meddled_daemon(&mut sandbox, |_, said| {
        if let Some(at) = find(said, b"PACK") {
            said[at + 40] ^= 0xff;
        }
    });
    let fetch = format!("rampkit fetch git://127.0.0.1:{}/gears main", daemon.port);
    sandbox.sh(&fetch).fails(
        4,
        str![[r#"
error: git://127.0.0.1:[PORT]/gears did not give what it has
caused by: it sends a pack with a damaged zlib stream
hint: try again; nothing was written

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
    assert_eq!(sandbox.list("../tmp"), [""; 0]);
}

fn a_hostile_server() {
    let sandbox = sandbox();
    let long = "x".repeat(70_000);
    for (answer, expected) in [
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            str![[r#"
error: git://127.0.0.1:[PORT]/r did not give what it has
caused by: a line of git's protocol begins with its length
hint: try again; nothing was written

"#]],
        ),
        (
            "0003",
            str![[r#"
error: git://127.0.0.1:[PORT]/r did not give what it has
caused by: a line of git's protocol is at least 4 bytes long
hint: try again; nothing was written

"#]],
        ),
        (
            "fffe",
            str![[r#"
error: git://127.0.0.1:[PORT]/r did not give what it has
caused by: the connection ended too early
hint: try again; nothing was written

"#]],
        ),
        (
            "0010hello world\n",
            str![[r#"
error: git://127.0.0.1:[PORT]/r did not give what it has
caused by: "hello" is no line of a list of refs
hint: try again; nothing was written

"#]],
        ),
        (
            "0019ERR \u{1b}[31mgo away\u{1b}[0m\n",
            str![[r#"
error: git://127.0.0.1:[PORT]/r is not a git repository
caused by:  [31mgo away [0m
hint: check the path, and whether the server exports that repository

"#]],
        ),
        (
            long.as_str(),
            str![[r#"
error: git://127.0.0.1:[PORT]/r did not give what it has
caused by: a line of git's protocol begins with its length
hint: try again; nothing was written

"#]],
        ),
    ] {
        let answer = answer.to_owned();
        let server = Listener::hostile(move |mut socket| {
            let _ = socket.read(&mut [0; 1000]);
            let _ = socket.write_all(answer.as_bytes());
            let _ = socket.shutdown(Shutdown::Both);
        });
        let run = sandbox.sh(&format!("rampkit fetch git://127.0.0.1:{}/r v1", server.port));
        let shown = run.stderr.replace(&server.port.to_string(), "[PORT]");
        snapbox::assert_data_eq!(shown, expected);
        assert!(matches!(run.code, 4 | 5), "{}", run.stderr);
    }
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn nobody_there() {
    let sandbox = sandbox();
    // Port 1 of this machine is not listened on.
    sandbox.sh("rampkit fetch git://127.0.0.1:1/r v1").fails(
        4,
        str![[r#"
error: cannot reach git://127.0.0.1:1/r
caused by: Connection refused (os error 111)
hint: check the name and the network

"#]],
    );
    sandbox.sh("rampkit fetch http://127.0.0.1:1/r v1").fails(4, str![[r#"
error: cannot reach http://127.0.0.1:1
caused by: Connection refused (os error 111)
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
    sandbox.sh("rampkit fetch https://ann:secret@127.0.0.1:1/r v1").fails(4, str![[r#"
error: cannot reach https://127.0.0.1:1
caused by: Connection refused (os error 111)
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
    sandbox.sh("rampkit fetch git://no-such-host.invalid/r v1").fails(
        4,
        str![[r#"
error: cannot reach git://no-such-host.invalid/r
caused by: failed to lookup address information: [..]
hint: check the name and the network

"#]],
    );
    sandbox.sh("rampkit fetch https://no-such-host.invalid/r v1").fails(4, str![[r#"
error: cannot reach https://no-such-host.invalid
caused by: failed to lookup address information: [..]
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
    sandbox.sh("GIT_SSH=/none/ssh rampkit fetch host:r v1").fails(
        4,
        str![[r#"
error: cannot reach host:r
caused by: cannot run /none/ssh: No such file or directory (os error 2)
hint: install ssh (openssh-client), or name a program that is there: GIT_SSH_COMMAND, core.sshCommand of git's configuration, or GIT_SSH

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}
