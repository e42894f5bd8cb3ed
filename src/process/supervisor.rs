//! The other end of [`Supervised`](super::Supervised): what runs in the processes between rampkit
//! and the program.
//!
//! In: the words of the hidden verbs, and how to start the program. Out: messages on stdout, each ended by a zero byte: first
//! nothing, or the number of an error; then how the program ended. stdin is never read from: its end
//! is the message that rampkit has ended.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use rustix::io::Errno;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, getppid,
    kill_process, kill_process_group, set_child_subreaper, set_parent_process_death_signal,
    setrlimit, setsid, wait, waitid, waitpid,
};

use super::{Ended, GUARD, OUTPUT};
use crate::error::{Error, IoContext};

/// No program under supervision may write a longer file.
const LONGEST_FILE: u64 = 1 << 30;
/// The exit code of a program for which there is no process, as in a shell.
const NOT_STARTED: i32 = 126;

/// Makes `folder`, runs what `start` starts with the file for its output, and stays until stdin ends;
/// then nothing of the three is left. What is started leads a process group of its own.
pub fn supervise(folder: &Path, start: impl FnOnce(File) -> io::Result<Pid>) {
    // Out of reach of a terminal's Ctrl-C, and the parent of every orphan below us. Where either is
    // refused the rest still works.
    let _ = setsid();
    let _ = set_child_subreaper(Some(getpid()));
    if let Err(refused) = DirBuilder::new().mode(0o700).create(folder) {
        return say(&errno(&refused));
    }
    say("");
    let output = folder.join(OUTPUT);
    match File::options().create_new(true).append(true).open(&output).and_then(start) {
        Ok(program) => watch(program),
        Err(refused) => {
            let _ = fs::write(output, refused.to_string());
            say(&Ended::Exited(NOT_STARTED).to_message());
            rampkit_ended();
        }
    }
    let _ = fs::remove_dir_all(folder);
}

/// Becomes `program`, which will die with `parent` and leaves no core file.
///
/// # Errors
/// [`Error::Io`] where `program` cannot be run.
pub fn guard(parent: i32, program: &Path, arguments: &[OsString]) -> Result<Infallible, Error> {
    let become_it = || Err(Command::new(program).args(arguments).exec());
    die_with(parent).and_then(|()| become_it()).at("run", program)
}

/// This process will die with `parent`, leaves no core file, and writes no endless one.
///
/// # Errors
/// Those of the system; also where `parent` has died already.
pub fn die_with(parent: i32) -> io::Result<()> {
    let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    let _ = setrlimit(Resource::Core, most(0));
    let _ = setrlimit(Resource::Fsize, most(LONGEST_FILE));
    set_parent_process_death_signal(Some(Signal::KILL))?;
    match getppid().map(Pid::as_raw_pid) == Some(parent) {
        true => Ok(()),
        false => Err(io::Error::other("the supervisor died")),
    }
}

/// Returns when rampkit has ended or wants no more.
fn rampkit_ended() {
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
}

/// A message to rampkit; that it is gone is seen elsewhere.
fn say(message: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout.write_all(message.as_bytes()).and_then(|()| stdout.write_all(&[0]));
    let _ = stdout.flush();
}

fn errno(error: &io::Error) -> String {
    error.raw_os_error().unwrap_or(Errno::IO.raw_os_error()).to_string()
}

/// Starts the guard of `program`, whose output goes to `output`.
///
/// # Errors
/// Those of the system.
pub fn start_program(program: &Path, arguments: &[OsString], output: File) -> io::Result<Pid> {
    let guard = super::this_executable()?
        .arg(GUARD)
        .arg(getpid().as_raw_pid().to_string())
        .arg("--")
        .arg(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(output.try_clone()?)
        .stdout(output)
        .process_group(0)
        .spawn()?;
    Ok(Pid::from_child(&guard))
}

/// Until rampkit ends, whatever the program does; afterwards no process is left.
fn watch(program: Pid) {
    let events = events(program);
    let first = events.recv().ok().flatten();
    // The group is killed before its leader is reaped: until then its number is surely ours.
    let _ = kill_process_group(program, Signal::KILL);
    let _ = waitpid(Some(program), WaitOptions::empty());
    end_orphans();
    if let Some(ended) = first {
        say(&ended.to_message());
        // The output stays readable until rampkit has closed the pipe.
        while let Ok(Some(_)) = events.recv() {}
    }
}

/// `Some` when the program has ended, `None` when rampkit has.
fn events(program: Pid) -> Receiver<Option<Ended>> {
    let (send, receive) = channel();
    let send_end = send.clone();
    std::thread::spawn(move || {
        rampkit_ended();
        let _ = send_end.send(None);
    });
    std::thread::spawn(move || {
        let ended = waitid(WaitId::Pid(program), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        let Ok(Some(status)) = ended else { return };
        let code = status.exit_status().map(Ended::Exited);
        let ended = code.or(status.terminating_signal().map(Ended::Killed));
        let _ = send.send(ended.or(Some(Ended::Exited(0))));
    });
    receive
}

/// Kills what the program has left behind, in whatever group or session: as the reaper of orphans
/// we are the parent of all of it, generation by generation.
fn end_orphans() {
    loop {
        let children = match wait(WaitOptions::NOHANG) {
            Ok(Some(_)) | Err(Errno::INTR) => continue,
            Ok(None) => children(),
            Err(_) => return,
        };
        if children.is_empty() {
            return; // There is no /proc to find them by.
        }
        children.into_iter().for_each(|child| {
            let _ = kill_process(child, Signal::KILL);
        });
        let _ = wait(WaitOptions::empty());
    }
}

/// All processes whose parent is this one.
fn children() -> Vec<Pid> {
    let this = getpid();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter_map(Pid::from_raw).filter(|pid| parent(*pid) == Some(this)).collect()
}

fn parent(pid: Pid) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    // pid (name) state parent …, and a name may hold anything.
    let (_, behind_name) = stat.rsplit_once(')')?;
    Pid::from_raw(behind_name.split_whitespace().nth(1)?.parse().ok()?)
}
