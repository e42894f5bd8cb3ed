//! What a module did last, kept in a file that outlives its process.
//!
//! In: the calls of the API and the crash, in the process that loads the module, however it will end.
//! Out: a [`Trace`], for the process that wants to know why. The file has its room on the disk before
//! the module is there: nothing that happens later can be too much for it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};

use rustix::mm::{MapFlags, ProtFlags, mmap};

/// Of a longer name the rest is left out.
const LONGEST_NAME: usize = 160;

/// The file, as it lies in memory. All of it zero: nothing has happened yet.
#[repr(C)]
pub struct Trace {
    /// The number of the last function called, plus one.
    call: AtomicU32,
    /// The signal that ends the process.
    pub signal: AtomicU32,
    /// 1: there the stack ended.
    pub stack_overflow: AtomicU32,
    /// 1: a function was called that does not exist.
    pub null_call: AtomicU32,
    /// The file whose code was running.
    pub file: Name,
    /// The function of it; perhaps unknown.
    pub function: Name,
    /// How far in the function, in bytes.
    pub offset: AtomicU64,
    /// The number of the error by which something could not be told.
    pub untold: AtomicU64,
}

/// A text, ended by a zero byte or its length.
#[repr(transparent)]
pub struct Name([AtomicU8; LONGEST_NAME]);

static BEFORE: Trace = Trace::new();
static CURRENT: AtomicPtr<Trace> = AtomicPtr::new(ptr::addr_of!(BEFORE).cast_mut());

/// Notes that the function of this number was called.
pub fn called(function: u16) {
    current().call.store(u32::from(function) + 1, Relaxed);
}

/// The trace of this process.
pub fn current() -> &'static Trace {
    // SAFETY: it points to BEFORE, or to what `start` has mapped for the rest of the process; all of
    // a trace is atomic.
    unsafe { &*CURRENT.load(Relaxed) }
}

/// Makes a file for a trace.
///
/// # Errors
/// Those of the system.
pub fn create(path: &Path) -> io::Result<File> {
    let mut file = File::options().read(true).write(true).create_new(true).open(path)?;
    file.write_all(&[0; size_of::<Trace>()])?;
    Ok(file)
}

/// From now on the trace of this process is `file`, one that [`create`] made.
///
/// # Errors
/// Those of the system: not every file system can share memory.
pub fn start(file: &File) -> io::Result<()> {
    let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
    // SAFETY: a new mapping, which nobody knows of that could unmap it, of a file as long as a trace;
    // should the module cut the file, the process ends by SIGBUS, as by any of its crashes.
    let page = unsafe { mmap(ptr::null_mut(), size_of::<Trace>(), protection, flags, file, 0)? };
    CURRENT.store(page.cast(), Relaxed);
    Ok(())
}

impl Trace {
    /// Of a process that has done nothing yet.
    pub const fn new() -> Self {
        Self {
            call: AtomicU32::new(0),
            signal: AtomicU32::new(0),
            stack_overflow: AtomicU32::new(0),
            null_call: AtomicU32::new(0),
            file: Name([const { AtomicU8::new(0) }; LONGEST_NAME]),
            function: Name([const { AtomicU8::new(0) }; LONGEST_NAME]),
            offset: AtomicU64::new(0),
            untold: AtomicU64::new(0),
        }
    }

    /// The trace of a process that has ended or will do nothing more; empty where it left none.
    pub fn read(path: &Path) -> Self {
        let mut trace = Self::new();
        // SAFETY: any bytes are a trace, and there are no others between its fields.
        let bytes = unsafe {
            std::slice::from_raw_parts_mut(
                ptr::from_mut(&mut trace).cast::<u8>(),
                size_of::<Self>(),
            )
        };
        match File::open(path).and_then(|mut file| file.read_exact(bytes)) {
            Ok(()) => trace,
            Err(_) => Self::new(),
        }
    }

    /// The number of the function that was called last.
    pub fn last_call(&self) -> Option<u32> {
        self.call.load(Relaxed).checked_sub(1)
    }
}

impl Name {
    /// Usable in a signal handler.
    pub fn set(&self, name: &[u8]) {
        self.0.iter().zip(name).for_each(|(to, byte)| to.store(*byte, Relaxed));
    }

    /// Empty: unknown.
    pub fn get(&self) -> String {
        let bytes = self.0.iter().map(|byte| byte.load(Relaxed)).take_while(|byte| *byte != 0);
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    }
}
