//! Strings, and numbers as strings.
//!
//! Source: the API's documentation; the forms of numbers are those that the servers' own commands
//! write and accept.

use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::discovery::host::foreign::{ERR, Many, OK, Out, StringRef};
use crate::discovery::host::journal::{doubt, profile};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::redis;

use super::identity::needs_context;
use super::number;

functions! {
    AutoMemory => auto_memory,
    CreateString => create,
    CreateStringFromLongLong => from_long_long,
    CreateStringFromULongLong => from_unsigned,
    CreateStringFromDouble => from_double,
    CreateStringFromLongDouble => from_long_double,
    CreateStringFromString => from_string,
    CreateStringFromStreamID => from_stream_id,
    FreeString => free,
    RetainString => retain,
    HoldString => hold,
    StringPtrLen => pointer,
    StringToLongLong => to_long_long,
    StringToULongLong => to_unsigned,
    StringToDouble => to_double,
    StringToLongDouble => to_long_double,
    StringToStreamID => to_stream_id,
    StringCompare => compare,
    StringAppendBuffer => append,
    MallocSizeString => size,
}

/// Strings of a context are freed with it.
static AUTOMATIC: AtomicBool = AtomicBool::new(false);

extern "C" fn auto_memory() {
    called(Api::AutoMemory);
    AUTOMATIC.store(true, Relaxed);
}

/// Strings and log lines need no context, from 5.0 on.
pub fn may_be_null(context: *mut c_void, call: &str) {
    if !profile().has(redis(5, 0)) {
        needs_context(context, call);
    }
}

/// A new string, of a context or, where that is NULL, of nobody.
pub fn made(context: *mut c_void, bytes: &[u8]) -> StringRef {
    may_be_null(context, "a new string");
    let string = StringRef::new(bytes);
    if let Some(mut inner) = string.inner() {
        inner.automatic = !context.is_null() && AUTOMATIC.load(Relaxed);
    }
    string
}

extern "C" fn create(context: *mut c_void, bytes: Many<u8>, length: usize) -> StringRef {
    called(Api::CreateString);
    made(context, bytes.first(length))
}

extern "C" fn from_long_long(context: *mut c_void, number: i64) -> StringRef {
    called(Api::CreateStringFromLongLong);
    made(context, number.to_string().as_bytes())
}

extern "C" fn from_unsigned(context: *mut c_void, number: u64) -> StringRef {
    called(Api::CreateStringFromULongLong);
    made(context, number.to_string().as_bytes())
}

extern "C" fn from_double(context: *mut c_void, number: f64) -> StringRef {
    called(Api::CreateStringFromDouble);
    made(context, number::text(number, profile()).as_bytes())
}

/// No type of Rust is such a number.
extern "C" fn from_long_double() -> StringRef {
    called(Api::CreateStringFromLongDouble);
    doubt("the module writes a long double");
    StringRef::new(b"0")
}

extern "C" fn from_string(context: *mut c_void, string: StringRef) -> StringRef {
    called(Api::CreateStringFromString);
    made(context, &string.bytes())
}

extern "C" fn from_stream_id(context: *mut c_void, id: Many<u64>) -> StringRef {
    called(Api::CreateStringFromStreamID);
    let [milliseconds, sequence] = id.first(2) else { return StringRef::NULL };
    made(context, format!("{milliseconds}-{sequence}").as_bytes())
}

extern "C" fn free(context: *mut c_void, string: StringRef) {
    called(Api::FreeString);
    may_be_null(context, "FreeString");
    if let Some(mut string) = string.inner() {
        string.holders -= 1;
        string.automatic = false;
    }
}

/// Takes it from the context's own, if it is one of those.
extern "C" fn retain(context: *mut c_void, string: StringRef) {
    called(Api::RetainString);
    may_be_null(context, "RetainString");
    if let Some(mut string) = string.inner() {
        match string.automatic && !context.is_null() {
            true => string.automatic = false,
            false => string.holders += 1,
        }
    }
}

extern "C" fn hold(_context: *mut c_void, string: StringRef) -> StringRef {
    called(Api::HoldString);
    if let Some(mut string) = string.inner() {
        string.holders += 1;
    }
    string
}

extern "C" fn pointer(string: StringRef, length: Out<usize>) -> *const c_char {
    called(Api::StringPtrLen);
    length.put(string.bytes().len());
    string.pointer()
}

extern "C" fn to_long_long(string: StringRef, number: Out<i64>) -> c_int {
    called(Api::StringToLongLong);
    answer(number::integer(&string.bytes()), number)
}

extern "C" fn to_unsigned(string: StringRef, number: Out<u64>) -> c_int {
    called(Api::StringToULongLong);
    answer(number::unsigned(&string.bytes()), number)
}

extern "C" fn to_double(string: StringRef, number: Out<f64>) -> c_int {
    called(Api::StringToDouble);
    answer(number::double(&string.bytes()), number)
}

/// No type of Rust is such a number.
extern "C" fn to_long_double() -> c_int {
    called(Api::StringToLongDouble);
    doubt("the module reads a long double");
    ERR
}

/// `1234-5`; `1234` is its first one, `-` the first of all and `+` the last.
extern "C" fn to_stream_id(string: StringRef, id: Out<[u64; 2]>) -> c_int {
    called(Api::StringToStreamID);
    let bytes = string.bytes();
    let found = match bytes.as_slice() {
        b"-" => Some([0, 0]),
        b"+" => Some([u64::MAX, u64::MAX]),
        other => {
            let mut parts = other.splitn(2, |byte| *byte == b'-').map(number::unsigned);
            let first = parts.next().flatten();
            let second = parts.next().unwrap_or(Some(0));
            first.zip(second).map(|(first, second)| [first, second])
        }
    };
    answer(found, id)
}

fn answer<T>(value: Option<T>, place: Out<T>) -> c_int {
    match value {
        Some(value) => {
            place.put(value);
            OK
        }
        None => ERR,
    }
}

extern "C" fn compare(left: StringRef, right: StringRef) -> c_int {
    called(Api::StringCompare);
    left.bytes().cmp(&right.bytes()) as c_int
}

/// Refused where somebody else holds it too.
extern "C" fn append(_: *mut c_void, string: StringRef, more: Many<u8>, length: usize) -> c_int {
    called(Api::StringAppendBuffer);
    // They may be the string's own.
    let more = more.first(length).to_vec();
    match string.inner().filter(|string| string.holders == 1) {
        Some(mut string) => {
            string.append(&more);
            OK
        }
        None => ERR,
    }
}

extern "C" fn size(string: StringRef) -> usize {
    called(Api::MallocSizeString);
    size_of::<StringRef>() + string.bytes().capacity()
}
