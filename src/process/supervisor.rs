//! The other end of [`Supervised`](super::Supervised): what runs in the processes between rampkit
//! and the program.
//!
//! In: the words of the hidden verbs, and how to start the program. Out: messages on stdout, each
//! ended by a zero byte: first nothing, or the number of an error, behind a minus sign where the folder
//! is there; then how the program ended. What comes on stdin means nothing: its end is the message that
//! rampkit has ended.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::Mode;
use rustix::io::Errno;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, getppid, getrlimit,
    kill_process, kill_process_group, set_child_subreaper, set_parent_process_death_signal,
    setrlimit, setsid, umask, wait, waitid, waitpid,
};
use signal_hook::consts::SIGCHLD;

use super::{Ended, GUARD, OUTPUT};
use crate::error::{Error, IoContext};

/// No program under supervision may write a longer file.
const LONGEST_FILE: u64 = 1 << 30;
/// Where stacks have no end, this is the end of the program's: else one recursion takes all memory.
const LONGEST_STACK: u64 = 64 << 20;
/// So often a look is taken at the program, should the signal of its end be blocked.
const AT_LEAST: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// No process has a higher number (PID_MAX_LIMIT).
const HIGHEST_PID: i32 = 1 << 22;

/// Makes `folder`, runs what `start` starts with the file for its output, and stays until stdin ends;
/// then nothing of the three is left. What is started leads a process group of its own.
pub fn supervise(folder: &Path, start: impl FnOnce(File) -> io::Result<Pid>) {
    // Out of reach of a terminal's Ctrl-C, and the parent of every orphan below us. Where either is
    // refused the rest still works.
    let _ = setsid();
    let _ = set_child_subreaper(Some(getpid()));
    // The folder is for us, whatever files usually are for.
    umask(Mode::RWXG | Mode::RWXO);
    if let Err(refused) = DirBuilder::new().mode(0o700).create(folder) {
        return say(&errno(&refused));
    }
    match begin(folder, start) {
        Ok((program, changes)) => {
            say("");
            watch(program, changes);
        }
        Err(refused) => say(&format!("-{}", errno(&refused))),
    }
    let _ = fs::remove_dir_all(folder);
}

fn begin(folder: &Path, start: impl FnOnce(File) -> io::Result<Pid>) -> io::Result<(Pid, Changes)> {
    let changes = Changes::new()?;
    let output = File::options().create_new(true).append(true).open(folder.join(OUTPUT))?;
    Ok((start(output)?, changes))
}

/// Becomes `program`, which will die with `parent` and leaves no core file.
///
/// # Errors
/// [`Error::Io`] where `program` cannot be run.
pub fn guard(parent: i32, program: &Path, arguments: &[OsString]) -> Result<Infallible, Error> {
    let become_it = || Err(Command::new(program).args(arguments).exec());
    die_with(parent).and_then(|()| become_it()).at("run", program)
}

/// This process will die with `parent`, leaves no core file, writes no endless one, and its stack has
/// an end.
///
/// # Errors
/// Those of the system; also where `parent` has died already.
pub fn die_with(parent: i32) -> io::Result<()> {
    let most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    let _ = setrlimit(Resource::Core, most(0));
    let _ = setrlimit(Resource::Fsize, most(LONGEST_FILE));
    let stack = getrlimit(Resource::Stack);
    if stack.current.is_none() {
        let _ = setrlimit(Resource::Stack, Rlimit { current: Some(LONGEST_STACK), ..stack });
    }
    set_parent_process_death_signal(Some(Signal::KILL))?;
    match getppid().map(Pid::as_raw_pid) == Some(parent) {
        true => Ok(()),
        false => Err(io::Error::other("the supervisor died")),
    }
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
fn watch(program: Pid, mut changes: Changes) {
    let ended = changes.until(|| ended(program));
    // The group is killed before its leader is reaped: until then its number is surely ours. The
    // program itself may have joined another group.
    let _ = kill_process_group(program, Signal::KILL);
    let _ = kill_process(program, Signal::KILL);
    let _ = waitpid(Some(program), WaitOptions::empty());
    end_orphans();
    if let Some(ended) = ended {
        say(&ended.to_message());
        // The output stays readable until rampkit has closed the pipe.
        changes.until(|| None::<Ended>);
    }
}

/// How the program ended, if it has; it stays unreaped.
fn ended(program: Pid) -> Option<Ended> {
    let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let status = waitid(WaitId::Pid(program), how).ok()??;
    let code = status.exit_status().map(Ended::Exited);
    code.or(status.terminating_signal().map(Ended::Killed))
}

/// Tells when something has happened to a child. Whoever made us may ignore the signal of that, with
/// which the system would forget how children ended: this ends it.
struct Changes(UnixStream);

impl Changes {
    fn new() -> io::Result<Self> {
        let (changes, signal) = UnixStream::pair()?;
        changes.set_nonblocking(true)?;
        signal_hook::low_level::pipe::register(SIGCHLD, signal)?;
        Ok(Self(changes))
    }

    /// What `look` finds, now or after a change; nothing once rampkit has ended or wants no more.
    fn until<T>(&mut self, look: impl Fn() -> Option<T>) -> Option<T> {
        let stdin = rustix::stdio::stdin();
        loop {
            if let Some(found) = look() {
                return Some(found);
            }
            let mut both =
                [&stdin, &self.0.as_fd()].map(|it| PollFd::from_borrowed_fd(*it, PollFlags::IN));
            match poll(&mut both, Some(&AT_LEAST)) {
                Err(Errno::INTR) => continue,
                Err(_) => return None,
                Ok(_) => {}
            }
            let [rampkit, change] = both.map(|it| !it.revents().is_empty());
            if rampkit && matches!(rustix::io::read(stdin, &mut [0; 64]), Ok(0) | Err(_)) {
                return None;
            }
            if change {
                let _ = self.0.read(&mut [0; 64]);
            }
        }
    }
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
            return; // They have just ended, all of them.
        }
        children.into_iter().for_each(|child| {
            let _ = kill_process(child, Signal::KILL);
        });
        let _ = wait(WaitOptions::empty());
    }
}

/// All processes whose parent is this one. /proc tells where to look, unless it is missing or that of
/// another PID namespace.
fn children() -> Vec<Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let listed = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let those_of = |numbers: &mut dyn Iterator<Item = i32>| -> Vec<Pid> {
        numbers.filter_map(Pid::from_raw).filter(|pid| is_child(*pid)).collect()
    };
    match those_of(&mut listed.filter(|number| *number > 0)) {
        none if none.is_empty() => those_of(&mut (1..=HIGHEST_PID)),
        some => some,
    }
}

fn is_child(pid: Pid) -> bool {
    let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(pid), how).is_ok()
}
