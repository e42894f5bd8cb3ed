//! Contexts, what they say of the server's state, and locks.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::time::Duration;

use crate::discovery::host::foreign::{ERR, Handle, OK, set_errno};
use crate::discovery::host::journal::profile;
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::redis;

use super::identity::context;

functions! {
    GetThreadSafeContext => new_context,
    GetDetachedThreadSafeContext => new_context,
    ThreadSafeContextLock => wait_for_lock,
    ThreadSafeContextTryLock => try_lock,
    GetContextFlags => flags,
    GetContextFlagsAll => all_flags,
    GetModuleOptionsAll => all_options,
    GetOpenKeyModesAll => all_open_key_modes,
    GetKeyspaceNotificationFlagsAll => all_notifications,
    GetClientId => client_id,
    CreateModuleUser => new_user,
    OpenKey => open_key,
    SelectDb => select_database,
    GetSelectedDb => selected_database,
}

/// The server is a master, with nothing in it and nothing that it writes.
const MASTER: c_int = 1 << 2;
/// A mode of opening a key.
const WRITE: c_int = 1 << 1;

extern "C" fn new_context() -> *mut c_void {
    called(Api::GetThreadSafeContext);
    context()
}

/// While a module is loaded its server holds the lock, and this process ends before it would not.
extern "C" fn wait_for_lock() {
    called(Api::ThreadSafeContextLock);
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

extern "C" fn try_lock() -> c_int {
    called(Api::ThreadSafeContextTryLock);
    set_errno(libc::EBUSY);
    ERR
}

extern "C" fn flags() -> c_int {
    called(Api::GetContextFlags);
    MASTER
}

extern "C" fn all_flags() -> c_int {
    called(Api::GetContextFlagsAll);
    profile().context_flags_all()
}

extern "C" fn all_options() -> c_int {
    called(Api::GetModuleOptionsAll);
    profile().module_options_all()
}

extern "C" fn all_open_key_modes() -> c_int {
    called(Api::GetOpenKeyModesAll);
    profile().open_key_modes_all()
}

extern "C" fn all_notifications() -> c_int {
    called(Api::GetKeyspaceNotificationFlagsAll);
    profile().keyspace_notifications_all()
}

/// Servers before 6.0 have no client for this.
extern "C" fn client_id() -> u64 {
    called(Api::GetClientId);
    u64::from(profile().has(redis(6, 0)))
}

extern "C" fn new_user() -> Handle {
    called(Api::CreateModuleUser);
    Handle::of(0)
}

/// The database that the context has selected.
static DATABASE: AtomicI32 = AtomicI32::new(0);
/// As many as a server has by default.
const DATABASES: c_int = 16;

extern "C" fn select_database(_context: *mut c_void, number: c_int) -> c_int {
    called(Api::SelectDb);
    if !(0..DATABASES).contains(&number) {
        return ERR;
    }
    DATABASE.store(number, Relaxed);
    OK
}

extern "C" fn selected_database() -> c_int {
    called(Api::GetSelectedDb);
    DATABASE.load(Relaxed)
}

/// There are no keys: only one that shall be written can be opened.
extern "C" fn open_key(_context: *mut c_void, _name: *const c_void, mode: c_int) -> Handle {
    called(Api::OpenKey);
    if mode & WRITE != 0 { Handle::of(0) } else { Handle::NULL }
}
