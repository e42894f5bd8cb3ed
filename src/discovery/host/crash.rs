//! The last words of a process whose module crashes.
//!
//! In: a signal. Out: in the [trace](super::trace), where it happened; then the process dies of it. The
//! handlers have a stack of their own, so that a stack without end is seen too. Copies of the process
//! that the module makes have no last words: theirs are not its end.

use std::ffi::{CStr, c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

use rustix::process::getpid;

use super::trace::current;

const SIGNALS: [c_int; 6] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT, libc::SIGTRAP];
const STACK: usize = 64 * 1024;
/// An access this near to the end of the stack, in bytes, is one to the stack.
const NEAR: u64 = 1 << 20;

/// In seconds, how long the search for the place may take: it waits for a lock of the dynamic linker,
/// whose holder may wait for the thread that crashed.
const SEARCH: u32 = 1;

/// The process that is watched.
static WATCHED: AtomicI32 = AtomicI32::new(0);

/// Installs the handlers. Only the thread that calls it gets the stack.
pub fn watch() {
    WATCHED.store(getpid().as_raw_pid(), Relaxed);
    let stack = Box::leak(vec![0_u8; STACK].into_boxed_slice());
    let stack = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: STACK };
    // SAFETY: the stack stays for ever; all zero is an action; the handler is of the type that goes
    // with SA_SIGINFO, and has a reason of its own for all that a handler must not do.
    unsafe {
        libc::sigaltstack(&raw const stack, ptr::null_mut());
        let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
        action.sa_sigaction = note as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESETHAND;
        for signal in SIGNALS {
            libc::sigaction(signal, &raw const action, ptr::null_mut());
        }
    }
}

extern "C" fn note(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    if getpid().as_raw_pid() == WATCHED.load(Relaxed) {
        describe(signal, info, context);
    }
    // SAFETY: the handler is gone, so that the signal does what it usually does once this returns.
    unsafe { libc::raise(signal) };
}

fn describe(signal: c_int, info: *const libc::siginfo_t, context: *const c_void) {
    let trace = current();
    trace.signal.store(signal.unsigned_abs(), Relaxed);
    // SAFETY: the system passes both to a handler that asked for them.
    let (address, registers) =
        unsafe { ((*info).si_addr().addr() as u64, Registers::of(&*context.cast())) };
    if matches!(signal, libc::SIGSEGV | libc::SIGBUS) {
        let overflow = address.abs_diff(registers.stack) < NEAR;
        trace.stack_overflow.store(u32::from(overflow), Relaxed);
    }
    let null_call = signal == libc::SIGSEGV && registers.instruction == 0;
    trace.null_call.store(u32::from(null_call), Relaxed);
    // SAFETY: all that this asks for is that the process ends.
    unsafe {
        libc::signal(libc::SIGALRM, libc::SIG_DFL);
        libc::alarm(SEARCH);
    }
    place(if null_call { registers.caller() } else { registers.instruction });
}

/// Notes whose code lies at `address`.
fn place(address: u64) {
    let trace = current();
    let mut found = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: dladdr writes what it finds, and the texts it points at stay as long as the library. It
    // takes a lock, which a handler must not: see SEARCH.
    unsafe {
        if libc::dladdr(ptr::with_exposed_provenance(address as usize), found.as_mut_ptr()) == 0 {
            return;
        }
        let found = found.assume_init();
        if !found.dli_fname.is_null() {
            trace.file.set(CStr::from_ptr(found.dli_fname).to_bytes());
        }
        if !found.dli_sname.is_null() {
            trace.function.set(CStr::from_ptr(found.dli_sname).to_bytes());
            trace.offset.store(address - found.dli_saddr.addr() as u64, Relaxed);
        }
    }
}

/// What matters of the processor's state.
struct Registers {
    instruction: u64,
    stack: u64,
    #[cfg(target_arch = "aarch64")]
    link: u64,
}

#[cfg(target_arch = "x86_64")]
impl Registers {
    fn of(context: &libc::ucontext_t) -> Self {
        let register = |number: c_int| context.uc_mcontext.gregs[number as usize].cast_unsigned();
        Self { instruction: register(libc::REG_RIP), stack: register(libc::REG_RSP) }
    }

    /// Where a function was called that does not exist: the address lies on the stack.
    fn caller(&self) -> u64 {
        let stack = ptr::with_exposed_provenance::<u64>(self.stack as usize);
        // SAFETY: the processor has just written it there, or whoever jumped; where it did not, that is
        // one crash more, which ends the process.
        unsafe { stack.read() }
    }
}

#[cfg(target_arch = "aarch64")]
impl Registers {
    fn of(context: &libc::ucontext_t) -> Self {
        let state = &context.uc_mcontext;
        Self { instruction: state.pc, stack: state.sp, link: state.regs[30] }
    }

    /// Where a function was called that does not exist.
    fn caller(&self) -> u64 {
        self.link
    }
}
