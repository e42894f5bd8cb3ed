//! Types of values that a module adds.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::discovery::host::foreign::{Handle, Many, Text};
use crate::discovery::host::journal::{profile, refuse};
use crate::discovery::host::table::{Api, called, functions};

use super::names::{OTHER_CHARACTERS, resource_name};

functions! {
    CreateDataType => create,
    GetTypeMethodVersion => method_version,
}

/// All names of types have this length.
const NAME_LENGTH: usize = 9;
const HIGHEST_ENCODING: c_int = 1023;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A server compares the name with those of other modules only.
extern "C" fn create(_: *mut c_void, name: Text, encoding: c_int, methods: Many<i64>) -> Handle {
    called(Api::CreateDataType);
    let bytes = name.bytes().unwrap_or_default();
    let why = match () {
        () if bytes.len() != NAME_LENGTH => "its name has not 9 characters",
        () if !resource_name(bytes) => OTHER_CHARACTERS,
        () if !(0..=HIGHEST_ENCODING).contains(&encoding) => "its encoding is not 0 to 1023",
        // Both together are a number, which must not be 0.
        () if bytes == b"AAAAAAAAA" && encoding == 0 => "its name and encoding stand for nothing",
        () if methods.at::<i64>(0).unwrap_or_default() == 0 => "its methods have version 0",
        () => return Handle::of(COUNT.fetch_add(1, Relaxed)),
    };
    refuse(format!("the type {:?}", name.lossy()), why);
    Handle::NULL
}

extern "C" fn method_version() -> c_int {
    called(Api::GetTypeMethodVersion);
    profile().type_method_version()
}
