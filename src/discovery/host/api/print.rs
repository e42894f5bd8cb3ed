//! Functions that take a format and any number of values: the log, and strings.
//!
//! A variadic function cannot be written in Rust. On Linux for x86-64 and AArch64 its arguments lie
//! where those of a function with enough words and eight floating-point numbers lie. So these are
//! declared that way, and what they get goes on, in the same places, to a function of libc that has
//! as many parameters before its values. A word that the caller did not pass is whatever lay there;
//! libc looks only at as many as the format names. Source: the System V ABI for x86-64, AAPCS64.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use crate::discovery::host::foreign::{StringRef, Text, Word};
use crate::discovery::host::journal::log;
use crate::discovery::host::table::{Api, called, functions};

use super::identity;
use super::strings::{self, made};

functions! {
    Log => log_formatted,
    LogIOError => log_formatted,
    CreateStringPrintf => create_formatted,
    _Assert => assertion,
}

/// A server cuts longer messages.
const LONGEST_MESSAGE: usize = 1024;

unsafe extern "C" {
    /// As libc documents it.
    fn asprintf(text: *mut *mut c_char, format: *const c_char, ...) -> c_int;
}

#[rustfmt::skip]
extern "C" fn log_formatted(
    context: *mut c_void, level: Text, format: *const c_char,
    a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word, i: Word, j: Word,
    k: Word, l: Word, m: Word, n: Word, o: Word, p: Word,
    q: f64, r: f64, s: f64, t: f64, u: f64, v: f64, w: f64, x: f64,
) {
    called(Api::Log);
    strings::may_be_null(context, "Log");
    let mut text: [c_char; LONGEST_MESSAGE] = [0; LONGEST_MESSAGE];
    // SAFETY: there is as much room as told, and the API asks for a format and its values.
    let message = unsafe {
        libc::snprintf(
            text.as_mut_ptr(), text.len(), format,
            a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
        );
        CStr::from_ptr(text.as_ptr())
    };
    // Any other level counts as verbose, which a server does not show.
    let seen = [&b"notice"[..], b"warning"];
    let level = level.bytes().unwrap_or_default();
    if seen.iter().any(|seen| level.eq_ignore_ascii_case(seen)) {
        log(&format!("<{}> {}", identity::name_or("module"), message.to_string_lossy()));
    }
}

#[rustfmt::skip]
extern "C" fn create_formatted(
    context: *mut c_void, format: *const c_char,
    a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word, i: Word, j: Word,
    k: Word, l: Word, m: Word, n: Word, o: Word, p: Word,
    q: f64, r: f64, s: f64, t: f64, u: f64, v: f64, w: f64, x: f64,
) -> StringRef {
    called(Api::CreateStringPrintf);
    let mut text: *mut c_char = ptr::null_mut();
    // SAFETY: the API asks for a format and its values; the text is libc's own, until it is freed.
    unsafe {
        let length = asprintf(
            &raw mut text, format,
            a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x,
        );
        if length < 0 {
            return made(context, b"");
        }
        let string = made(context, CStr::from_ptr(text).to_bytes());
        libc::free(text.cast());
        string
    }
}

/// A server ends here too.
extern "C" fn assertion(what: Text, file: Text, line: c_int) {
    called(Api::_Assert);
    log(&format!("assertion failed: {} ({}:{line})", what.lossy(), file.lossy()));
    std::process::abort();
}
