//! Programs that cannot outlive us.
//!
//! In: a program, its arguments, and a folder to make for it. Out: [`Supervised`], by which its end
//! and its output are learnt; dropping it ends the program, all it started, and the folder.
//!
//! Between us and the program stands a supervisor: this executable again, in a session of its own,
//! running a hidden verb. A pipe tells it that we have ended, even where SIGKILL ended us. Whoever
//! uses this module from another executable has to give it these verbs: those of [`supervisor`], and
//! each that is started by [`Supervised::start_rampkit`].

pub mod supervisor;

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use signal_hook::consts::SIGXFSZ;

use crate::error::{Error, IoContext};
use crate::staged::folder_of;

/// The verb of the command line that leads to [`supervisor::supervise`].
pub const SUPERVISE: &str = "supervise";
/// The verb of the command line that leads to [`supervisor::guard`].
pub const GUARD: &str = "guard";
/// What the program writes to stdout and stderr goes to this file of its folder.
pub const OUTPUT: &str = "output";
/// Output is read from its end: a program may write more than anyone wants to read.
const MOST_OUTPUT: u64 = 256 * 1024;

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Killed(i32),
}

/// A running program; it ends at the latest when this is dropped.
pub struct Supervised {
    supervisor: Child,
    lifeline: Option<ChildStdin>,
    messages: BufReader<ChildStdout>,
    folder: PathBuf,
    ended: Option<Ended>,
}

/// Has a file that grows longer than `ulimit -f` allows be an error, which can be told and cleared up
/// after, and not the end of this process. Programs that it starts know nothing of it.
pub fn survive_long_files() {
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Has as many files be open at once as the system allows: by default it is content with fewer, so that
/// old programs are safe.
pub fn allow_open_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be, what needs more will say so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// A name for a folder that nobody has yet, where `TMPDIR` says.
pub fn new_folder() -> PathBuf {
    let root = tempfile::env::temp_dir();
    new_folder_in(&std::path::absolute(&root).unwrap_or(root))
}

/// The same in `root`.
pub fn new_folder_in(root: &Path) -> PathBuf {
    root.join(format!("rampkit-{:016x}", RandomState::new().hash_one(std::process::id())))
}

impl Supervised {
    /// Starts `program` with `folder`, which must not exist yet, as its own; nobody else can enter
    /// it.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made or no process can be started. That `program`
    /// itself cannot be run shows in how it ends and in its output.
    pub fn start(program: &Path, arguments: &[OsString], folder: PathBuf) -> Result<Self, Error> {
        let words = ["--".as_ref(), program.as_os_str()].map(OsString::from);
        Self::start_rampkit(SUPERVISE, &[&words, arguments].concat(), folder)
    }

    /// Starts what a hidden verb of rampkit starts by [`supervisor::supervise`]; the verb's first word
    /// is the folder, `words` are the others.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be made or no process can be started.
    pub fn start_rampkit(verb: &str, words: &[OsString], folder: PathBuf) -> Result<Self, Error> {
        let spawn = |mut rampkit: Command| {
            rampkit
                .arg(verb)
                .arg(&folder)
                .args(words)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
        };
        let mut supervisor = this_executable().and_then(spawn).at("run", "rampkit itself")?;
        let lifeline = supervisor.stdin.take();
        let messages = BufReader::new(supervisor.stdout.take().expect("a pipe"));
        let mut running = Self { supervisor, lifeline, messages, folder, ended: None };
        running.begun()?;
        Ok(running)
    }

    /// The first message says that the program runs, or the number of the error.
    fn begun(&mut self) -> Result<(), Error> {
        let refused =
            |message: &[u8]| Err(number(message).map_or_else(died, io::Error::from_raw_os_error));
        let (action, done) = match self.message().as_deref() {
            Ok([]) => return Ok(()),
            Ok([b'-', message @ ..]) => ("run a process with files in", refused(message)),
            Ok(message) => ("make a temporary folder in", refused(message)),
            Err(_) => ("make a temporary folder in", Err(died())),
        };
        done.at(action, folder_of(&self.folder))
    }

    /// How the program ended, or `None` if it still runs at `deadline`.
    pub fn ended(&mut self, deadline: Instant) -> Option<Ended> {
        if self.ended.is_none() && self.has_message(deadline) {
            // Without a message someone killed the supervisor; the program dies with it.
            let killed = Ended::Killed(Signal::KILL.as_raw());
            self.ended = Some(self.message().map_or(killed, |it| Ended::from_message(&it)));
        }
        self.ended
    }

    /// Waits until there is a message, or none will ever come.
    fn has_message(&self, deadline: Instant) -> bool {
        let look = || {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).ok();
            poll(&mut [PollFd::new(self.messages.get_ref(), PollFlags::IN)], left.as_ref())
        };
        !self.messages.buffer().is_empty() || retry_on_intr(look) != Ok(0)
    }

    /// What the supervisor says next, up to its zero byte.
    fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut message = Vec::new();
        self.messages.read_until(0, &mut message)?;
        message.pop_if(|last| *last == 0).map(|_| message).ok_or_else(died)
    }

    /// The folder, which is there as long as this is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many bytes the program has written so far.
    pub fn written(&self) -> u64 {
        fs::metadata(self.folder.join(OUTPUT)).map_or(0, |file| file.len())
    }

    /// What the program has written from byte `start` on, to stdout and stderr; of very much only
    /// the end.
    pub fn output(&self, start: u64) -> String {
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(self.folder.join(OUTPUT))?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(start.max(length.saturating_sub(MOST_OUTPUT))))?;
            let mut bytes = Vec::new();
            file.take(MOST_OUTPUT).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.lifeline.take();
        // It may have been stopped, and could not see that.
        let _ = kill_process(Pid::from_child(&self.supervisor), Signal::CONT);
        let ended = self.supervisor.wait();
        if !ended.is_ok_and(|status| status.success()) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn number(message: &[u8]) -> Option<i32> {
    std::str::from_utf8(message).ok()?.parse().ok()
}

fn died() -> io::Error {
    io::Error::other("the supervisor died")
}

/// This very executable: also when its file was replaced meanwhile, and where there is no `/proc`.
fn this_executable() -> io::Result<Command> {
    let running = Path::new("/proc/self/exe");
    let called = std::env::args_os().next().unwrap_or_default();
    let program = match running.exists() {
        true => Some(running.to_owned()),
        false => find_program(Path::new(&called)),
    };
    let mut command = Command::new(program.ok_or(io::ErrorKind::NotFound)?);
    command.arg0(called);
    Ok(command)
}

/// The file a shell would run for `name`: a path as it is, a bare name from `PATH`.
pub fn find_program(name: &Path) -> Option<PathBuf> {
    if name.components().count() != 1 || name.is_absolute() {
        return is_program(name).then(|| name.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file))
}

fn is_program(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    path.is_file() && access(path, Access::EXEC_OK).is_ok()
}

impl Ended {
    fn from_message(message: &[u8]) -> Self {
        match message.split_first() {
            Some((b'-', signal)) => Self::Killed(number(signal).unwrap_or_default()),
            _ => Self::Exited(number(message).unwrap_or_default()),
        }
    }

    fn to_message(self) -> String {
        match self {
            Self::Exited(code) => code.to_string(),
            Self::Killed(signal) => format!("-{signal}"),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signal = match self {
            Self::Exited(code) => return write!(f, "exit code {code}"),
            Self::Killed(signal) => signal,
        };
        match NAMES.iter().find(|(number, _)| number == signal) {
            Some((_, name)) => write!(f, "signal {signal}, {name}"),
            None => write!(f, "signal {signal}"),
        }
    }
}

/// The signals that end programs; these numbers are those of every Linux that rampkit runs on.
const NAMES: [(i32, &str); 9] = [
    (4, "SIGILL"),
    (5, "SIGTRAP"),
    (6, "SIGABRT"),
    (7, "SIGBUS"),
    (8, "SIGFPE"),
    (9, "SIGKILL"),
    (11, "SIGSEGV"),
    (15, "SIGTERM"),
    (25, "SIGXFSZ"),
];
