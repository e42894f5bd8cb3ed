//! Functions that modules offer each other.

use std::collections::HashMap;
use std::ffi::{c_int, c_void};
use std::sync::{LazyLock, Mutex};

use crate::discovery::host::foreign::{ERR, OK, Opaque, Text};
use crate::discovery::host::journal::doubt;
use crate::discovery::host::table::{Api, called, functions};

use super::lock;

functions! {
    ExportSharedAPI => export,
    GetSharedAPI => get,
}

static EXPORTED: LazyLock<Mutex<HashMap<String, Opaque>>> = LazyLock::new(Mutex::default);

extern "C" fn export(_context: *mut c_void, name: Text, function: Opaque) -> c_int {
    called(Api::ExportSharedAPI);
    let mut exported = lock(&EXPORTED);
    if exported.contains_key(&name.lossy()) {
        return ERR;
    }
    exported.insert(name.lossy(), function);
    OK
}

/// Its own; no other module is here.
extern "C" fn get(_context: *mut c_void, name: Text) -> Opaque {
    called(Api::GetSharedAPI);
    let found = lock(&EXPORTED).get(&name.lossy()).copied();
    found.unwrap_or_else(|| {
        doubt(format!("it looks for another module's {}", name.lossy()));
        Opaque(std::ptr::null_mut())
    })
}
