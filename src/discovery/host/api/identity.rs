//! Who the module is, and the context by which it reaches the API.

use std::collections::HashMap;
use std::ffi::{c_int, c_void};
use std::sync::{LazyLock, Mutex, OnceLock};

use crate::discovery::host::foreign::{ERR, OK, Out, Text};
use crate::discovery::host::journal::{Entry, profile, tell};
use crate::discovery::host::table::{Api, Function, ROWS, called, functions};
use crate::discovery::profile::Product;

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

/// The only one, also for threads and timers.
pub static CONTEXT: Context = Context { get_api, nothing: [0; 63] };

/// The address of the context, as the API passes it.
pub fn context() -> *mut c_void {
    (&raw const CONTEXT).cast_mut().cast()
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

/// Looked for and not found, and told once.
static LACKING: Mutex<Vec<String>> = Mutex::new(Vec::new());

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
            let mut lacking = super::lock(&LACKING);
            if !lacking.contains(&asked) {
                tell(&Entry::Lacking(asked.clone()));
                lacking.push(asked);
            }
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
