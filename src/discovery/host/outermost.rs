//! The call of a module's OnLoad, beyond which no exception of the module goes.
//!
//! In: the function and its arguments. Out: what it returns. An exception that nobody catches looks for
//! somebody up the stack, and would find Rust, which ends the process without a word about it. A frame
//! that does not say how to leave it is where the search ends: so the module's own language ends the
//! process, with the exception's text, as it does in a server.

use std::arch::naked_asm;
use std::ffi::{c_int, c_void};

use super::foreign::StringRef;

/// What a module has under the name of `RedisModule_OnLoad`.
pub type OnLoad = extern "C" fn(*mut c_void, *const StringRef, c_int) -> c_int;

/// Calls the fourth argument; the other three lie where it expects them, and so does the answer.
#[cfg(target_arch = "x86_64")]
macro_rules! call_fourth {
    () => {
        "push rbp; mov rbp, rsp; call rcx; pop rbp; ret"
    };
}
#[cfg(target_arch = "aarch64")]
macro_rules! call_fourth {
    () => {
        "stp x29, x30, [sp, #-16]!; mov x29, sp; blr x3; ldp x29, x30, [sp], #16; ret"
    };
}

/// What `on_load` returns for the other arguments.
#[unsafe(naked)]
pub extern "C" fn call_alone(
    context: *mut c_void,
    arguments: *const StringRef,
    count: c_int,
    on_load: OnLoad,
) -> c_int {
    naked_asm!(call_fourth!())
}
