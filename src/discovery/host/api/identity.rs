//! Who the module is, and the context by which it reaches the API.

use std::collections::HashMap;
use std::ffi::{c_int, c_void};
use std::sync::{LazyLock, OnceLock};

use crate::discovery::host::foreign::{ERR, OK, Out, Text};
use crate::discovery::host::journal::{Entry, profile, refuse, tell};
use crate::discovery::host::table::{Api, Function, ROWS, called, functions};
use crate::discovery::profile::{Product, redis};

functions! {
    SetModuleAttribs => set_module_attributes,
    GetServerVersion => server_version,
}

/// What a module gets as context: behind its first word it finds the API, behind the others nothing.
#[repr(C)]
pub struct Context {
    get_api: extern "C" fn(Text, Out<*const c_void>) -> c_int,
    nothing: [usize; 63],
}

/// The one of OnLoad, and the one of threads, which has a client of its own.
static CONTEXTS: [Context; 2] = [const { Context { get_api, nothing: [0; 63] } }; 2];

/// The address of the context of OnLoad, as the API passes it.
pub fn context() -> *mut c_void {
    (&raw const CONTEXTS[0]).cast_mut().cast()
}

/// That of a context for threads.
pub fn thread_context() -> *mut c_void {
    (&raw const CONTEXTS[1]).cast_mut().cast()
}

/// Ends the process as a server does that looks behind a context of NULL.
pub fn needs_context(context: *mut c_void, call: &str) {
    if context.is_null() {
        ends_server(call, "its context is NULL");
    }
}

/// The same of the client of a context, which that of OnLoad has from 6.0 on.
pub fn needs_client(context: *mut c_void, call: &str) {
    needs_context(context, call);
    if context == self::context() && !profile().has(redis(6, 0)) {
        ends_server(
            call,
            "servers before 6.0 need a client, and have none while a module is loaded",
        );
    }
}

/// Ends the process where a server would end itself.
pub fn ends_server(call: &str, why: impl ToString) -> ! {
    refuse(call, why);
    std::process::abort();
}

/// Name and version that the module gave itself; only the first call counts.
static IDENTITY: OnceLock<(String, c_int)> = OnceLock::new();

/// Name and version, once they are told.
pub fn identity() -> Option<&'static (String, c_int)> {
    IDENTITY.get()
}

/// The module's name, or what is said in its place before it is told.
pub fn name_or(instead: &'static str) -> &'static str {
    identity().map_or(instead, |(name, _)| name)
}

/// The functions that this version has, by their names.
static FUNCTIONS: LazyLock<HashMap<&str, Function>> = LazyLock::new(|| {
    let here = ROWS.iter().filter(|row| profile().has(row.since));
    here.map(|row| (row.name, super::function(row.api).unwrap_or(row.stub))).collect()
});

extern "C" fn get_api(name: Text, place: Out<*const c_void>) -> c_int {
    let asked = name.lossy();
    let own = asked.strip_prefix("RedisModule_").or_else(|| match profile().product {
        Product::Redis => None,
        Product::Valkey => asked.strip_prefix("ValkeyModule_"),
    });
    match own.and_then(|name| FUNCTIONS.get(name)) {
        Some(function) => {
            place.put(function.0);
            OK
        }
        None => {
            tell(&Entry::Lacking(asked));
            ERR
        }
    }
}

extern "C" fn set_module_attributes(_: *mut c_void, name: Text, version: c_int, _api: c_int) {
    called(Api::SetModuleAttribs);
    let _ = IDENTITY.set((name.lossy(), version));
}

/// 0x00MMmmpp
extern "C" fn server_version() -> c_int {
    called(Api::GetServerVersion);
    let (major, minor, patch) = profile().version;
    c_int::from(major) << 16 | c_int::from(minor) << 8 | c_int::from(patch)
}
