//! The process that loads the module.
//!
//! In: a folder of its own, a module, its arguments and a version to imitate. Out: entries of the
//! [journal](super::journal), the last of which says what came of it; then the process ends at once,
//! so that nothing of the module runs any longer. It is a fork of the supervisor, whose only thread
//! it continues.

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::ptr;

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, getpid, setpgid};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::api::{commands, configs, identity};
use super::foreign::{ERR, StringRef};
use super::journal::{self, Entry, tell_last};
use super::library::Library;
use super::outermost::{OnLoad, call_alone};
use super::{TRACE, crash, trace};
use crate::discovery::Discovered;
use crate::discovery::profile::{Product, Profile};
use crate::error::HostFault;
use crate::process::supervisor;

/// What to load, and how.
pub struct Job {
    /// The process's own; it is its working folder.
    pub folder: PathBuf,
    /// An absolute path.
    pub module: PathBuf,
    /// What the module is loaded with.
    pub arguments: Vec<Vec<u8>>,
    /// The version to imitate.
    pub profile: Profile,
}

impl Job {
    /// Starts a process for it, which leads a group of its own and whose output goes to `output`.
    ///
    /// # Errors
    /// Those of the system.
    pub fn start(&self, output: File) -> io::Result<Pid> {
        let parent = getpid().as_raw_pid();
        let trace = trace::create(&self.folder.join(TRACE))?;
        // SAFETY: this process has one thread, so that its copy lacks nothing.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => self.run(parent, &output, &trace),
            child => Ok(Pid::from_raw(child).expect("a process")),
        }
    }

    fn run(&self, parent: i32, output: &File, trace: &File) -> ! {
        let done = self.isolate(parent, output);
        if let Err(refused) = done {
            journal::log(&format!("cannot prepare the process: {refused}"));
            end(1);
        }
        // Without it less is known of a crash, and nothing else.
        let _ = trace::start(trace);
        crash::watch();
        let own = getpid();
        let entry = match self.load() {
            Ok(discovered) => Entry::Loaded(discovered),
            Err(failure) => Entry::Failed(failure),
        };
        // A copy of the process that the module made has nothing to tell.
        if getpid() == own {
            tell_last(&entry);
        }
        end(0)
    }

    fn isolate(&self, parent: i32, output: &File) -> io::Result<()> {
        setpgid(None, None)?;
        supervisor::die_with(parent)?;
        usual_signals();
        journal::start(&self.folder, self.profile);
        let nothing = OFlags::RDWR | OFlags::CLOEXEC;
        dup2_stdin(rustix::fs::open("/dev/null", nothing, Mode::empty())?)?;
        dup2_stdout(output)?;
        dup2_stderr(output)?;
        print_at_once();
        std::env::set_current_dir(&self.folder)?;
        rustix::thread::set_no_new_privs(true)?;
        // Where the imitation itself fails, a line of the log says so.
        std::panic::set_hook(Box::new(|panic| journal::log(&format!("rampkit {panic}"))));
        Ok(())
    }

    fn load(&self) -> Result<Discovered, HostFault> {
        let library = Library::load(&self.module)?;
        let on_load = self.on_load(&library).ok_or(HostFault::NoOnLoad)?;
        let arguments: Vec<StringRef> =
            self.arguments.iter().map(|it| StringRef::new(it)).collect();
        let count = c_int::try_from(arguments.len()).unwrap_or(c_int::MAX);
        if call_alone(identity::context(), arguments.as_ptr(), count, on_load) == ERR {
            return Err(HostFault::OnLoad);
        }
        let (name, version) = identity::identity().ok_or(HostFault::NoName)?;
        if configs::forgotten() {
            return Err(HostFault::NoLoadConfigs);
        }
        let version = u64::try_from(*version)
            .map_err(|_| HostFault::NegativeVersion { version: *version })?;
        let (name, commands) = (name.clone(), commands::registered());
        Ok(Discovered { name, version, semantic_version: None, commands })
    }

    /// The function that servers of this product look for.
    fn on_load(&self, library: &Library) -> Option<OnLoad> {
        let valkey = match self.profile.product {
            Product::Redis => None,
            Product::Valkey => library.symbol(c"ValkeyModule_OnLoad"),
        };
        let address = valkey.or_else(|| library.symbol(c"RedisModule_OnLoad"))?;
        // SAFETY: a function of this name is one of this type, as the API asks.
        Some(unsafe { std::mem::transmute::<*mut c_void, OnLoad>(address) })
    }
}

/// Signals that the supervisor handles, or that whoever started rampkit has blocked, do here what they
/// do in a server that has just been started.
fn usual_signals() {
    // SAFETY: no handler is installed by this; all zero is a set, which is made empty.
    unsafe {
        for signal in [libc::SIGCHLD, libc::SIGXFSZ] {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, ptr::null_mut());
    }
}

unsafe extern "C" {
    /// As libc documents it.
    static stdout: *mut libc::FILE;
}

/// From now on what the module prints is in its place at the end of each line, as nobody is left to
/// write it when the process ends.
fn print_at_once() {
    // SAFETY: nothing has been printed yet, and libc makes a buffer of its own.
    unsafe { libc::setvbuf(stdout, ptr::null_mut(), libc::_IOLBF, 0) };
}

/// Ends the process without a word to anybody: no destructor of the module runs.
fn end(code: c_int) -> ! {
    // SAFETY: nothing is left to do.
    unsafe { libc::_exit(code) }
}
