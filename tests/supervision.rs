//! Whatever happens to rampkit or to the server it started: no process is left, and no file.

use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use snapbox::str;

use crate::harness::{Peer, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(a_long_temporary_folder, RedisServer),
        test!(no_temporary_folder, RedisServer),
        test!(a_daemon_is_not_left_behind, RedisServer),
        test!(killed_it_leaves_nothing, RedisServer),
        test!(interrupted_it_leaves_nothing, RedisServer),
        test!(without_its_supervisor_it_leaves_nothing, RedisServer),
        test!(killed_with_its_supervisor_it_leaves_no_process, RedisServer),
    ]
}

/// Both ways of loading a module, each with a supervisor.
const WAYS: [&str; 2] = ["embedded", "server"];

/// A sandbox with a temporary folder that must be empty whenever rampkit has ended.
pub fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let temporary = sandbox.path("tmp");
    fs::create_dir(&temporary).unwrap();
    sandbox.env("TMPDIR", temporary.to_str().unwrap());
    if let Some(server) = Peer::RedisServer.path() {
        sandbox.env("REDIS_PATH", server.to_str().unwrap());
    }
    sandbox
}

/// Runs a command line that must leave nothing in the temporary folder.
#[track_caller]
pub fn run(sandbox: &Sandbox, line: &str) -> Run {
    let run = sandbox.sh(line);
    assert_eq!(sandbox.list("tmp"), [""; 0]);
    run
}

fn a_long_temporary_folder() {
    let mut sandbox = sandbox();
    sandbox.module("hello");
    let long = sandbox.path("long".repeat(30));
    fs::create_dir(&long).unwrap();
    sandbox.env("TMPDIR", long.to_str().unwrap());
    for way in WAYS {
        let line = format!("rampkit commands hello.so --discovery {way}");
        assert_eq!(sandbox.ok(&line).lines().count(), 1 + 3);
    }
}

fn no_temporary_folder() {
    let mut sandbox = sandbox();
    sandbox.module("hello");
    let gone = sandbox.path("gone");
    sandbox.env("TMPDIR", gone.to_str().unwrap());
    sandbox.sh("rampkit commands hello.so").fails(
        3,
        str![[r#"
error: cannot make a temporary folder in [ROOT]/gone
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn a_daemon_is_not_left_behind() {
    let sandbox = sandbox();
    sandbox.module("daemon");
    let pid = sandbox.path("pid");
    for way in WAYS {
        let line = format!("rampkit commands daemon.so {} --discovery {way}", pid.display());
        assert_eq!(run(&sandbox, &line).code, 0);
        assert!(!lives(pid_in(&sandbox)));
        fs::remove_file(&pid).unwrap();
    }
}

fn killed_it_leaves_nothing() {
    for mut hanging in WAYS.map(Hanging::start) {
        hanging.end(|rampkit| rampkit.kill().unwrap());
        hanging.left_nothing();
    }
}

/// Ctrl-C reaches all processes of the group in the foreground.
fn interrupted_it_leaves_nothing() {
    let interrupt = |rampkit: &mut Child| {
        kill_process_group(Pid::from_child(rampkit), Signal::INT).unwrap();
    };
    for mut hanging in WAYS.map(Hanging::start) {
        assert_eq!(hanging.end(interrupt).signal(), Some(Signal::INT.as_raw()));
        hanging.left_nothing();
    }
}

/// Someone kills the supervisor, too: rampkit says what it can and clears up.
fn without_its_supervisor_it_leaves_nothing() {
    for mut hanging in WAYS.map(Hanging::start) {
        let supervisor = hanging.supervisor;
        let ended = hanging.end(|_| kill_process(supervisor, Signal::KILL).unwrap());
        assert_eq!(ended.code(), Some(8));
        hanging.left_nothing();
    }
}

/// Both at once: the folder stays then, but no process does.
fn killed_with_its_supervisor_it_leaves_no_process() {
    for mut hanging in WAYS.map(Hanging::start) {
        let supervisor = hanging.supervisor;
        hanging.end(|rampkit| {
            rampkit.kill().unwrap();
            kill_process(supervisor, Signal::KILL).unwrap();
        });
        eventually(|| !hanging.any_lives());
    }
}

/// rampkit while a module hangs in the process that loads it.
struct Hanging {
    sandbox: Sandbox,
    rampkit: Child,
    supervisor: Pid,
    loader: Pid,
}

impl Hanging {
    fn start(way: &str) -> Self {
        let sandbox = sandbox();
        sandbox.module("hang");
        let pid = sandbox.path("pid");
        let pid_file = pid.display();
        let line =
            format!("exec rampkit commands hang.so {pid_file} --timeout 50 --discovery {way}");
        let mut command = sandbox.command(&line);
        let rampkit = command.process_group(0).stderr(Stdio::null()).spawn().unwrap();
        eventually(|| pid.exists() && sandbox.read("pid").ends_with('\n'));
        let loader = pid_in(&sandbox);
        let hanging = Self { supervisor: parent(loader), sandbox, rampkit, loader };
        assert!(lives(hanging.loader) && lives(hanging.supervisor));
        hanging
    }

    /// Waits for rampkit after `kill` was done to it.
    fn end(&mut self, kill: impl FnOnce(&mut Child)) -> ExitStatus {
        assert_eq!(self.sandbox.list("tmp").len(), 1);
        kill(&mut self.rampkit);
        self.rampkit.wait().unwrap()
    }

    fn any_lives(&self) -> bool {
        lives(self.loader) || lives(self.supervisor)
    }

    fn left_nothing(&self) {
        eventually(|| !self.any_lives());
        eventually(|| self.sandbox.list("tmp").is_empty());
    }
}

impl Drop for Hanging {
    fn drop(&mut self) {
        let _ = self.rampkit.kill();
        let _ = self.rampkit.wait();
    }
}

fn pid_in(sandbox: &Sandbox) -> Pid {
    Pid::from_raw(sandbox.read("pid").trim().parse().unwrap()).unwrap()
}

/// State and parent of a process; a zombie is no process any more.
fn stat(pid: Pid) -> Option<(String, i32)> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

fn lives(pid: Pid) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z" && state != "X")
}

fn parent(pid: Pid) -> Pid {
    Pid::from_raw(stat(pid).unwrap().1).unwrap()
}

/// Waits for what must happen soon.
#[track_caller]
pub fn eventually(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "it did not happen within a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}
