//! Contexts, what they say of the server's state, and locks.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::time::Duration;

use crate::discovery::host::foreign::{ERR, Handle, OK, StringRef, Text, set_errno};
use crate::discovery::host::journal::{doubt, profile};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::redis;

use super::commands;
use super::identity::{context, ends_server, needs_client, needs_context, thread_context};

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
    GetModuleUserFromUserName => user,
    WrongArity => wrong_arity,
    Replicate => replicate,
    ReplicateVerbatim => replicate_verbatim,
    ScanCursorCreate => new_cursor,
    Fork => fork,
}

/// The server is a master, with nothing in it and nothing that it writes.
const MASTER: c_int = 1 << 2;
/// A mode of opening a key.
const WRITE: c_int = 1 << 1;

extern "C" fn new_context() -> *mut c_void {
    called(Api::GetThreadSafeContext);
    thread_context()
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

extern "C" fn flags(context: *mut c_void) -> c_int {
    called(Api::GetContextFlags);
    if !profile().has(redis(6, 0)) {
        needs_context(context, "GetContextFlags");
    }
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

/// Servers before 6.0 have no client while a module is loaded.
extern "C" fn client_id(own: *mut c_void) -> u64 {
    called(Api::GetClientId);
    needs_context(own, "GetClientId");
    u64::from(profile().has(redis(6, 0)) || own != context())
}

extern "C" fn new_user() -> Handle {
    called(Api::CreateModuleUser);
    Handle::of(0)
}

/// The database that the context has selected.
static DATABASE: AtomicI32 = AtomicI32::new(0);
/// As many as a server has by default.
const DATABASES: c_int = 16;

extern "C" fn select_database(context: *mut c_void, number: c_int) -> c_int {
    called(Api::SelectDb);
    needs_client(context, "SelectDb");
    if !(0..DATABASES).contains(&number) {
        return ERR;
    }
    DATABASE.store(number, Relaxed);
    OK
}

extern "C" fn selected_database(context: *mut c_void) -> c_int {
    called(Api::GetSelectedDb);
    needs_client(context, "GetSelectedDb");
    DATABASE.load(Relaxed)
}

/// There are no keys: only one that shall be written can be opened.
extern "C" fn open_key(context: *mut c_void, _name: *const c_void, mode: c_int) -> Handle {
    called(Api::OpenKey);
    needs_client(context, "OpenKey");
    if mode & WRITE != 0 { Handle::of(0) } else { Handle::NULL }
}

/// The one that every server has.
extern "C" fn user(name: StringRef) -> Handle {
    called(Api::GetModuleUserFromUserName);
    if name.bytes() == b"default" { Handle::of(0) } else { Handle::NULL }
}

/// There is no command whose arity could be wrong, and every server looks for its name.
extern "C" fn wrong_arity() -> c_int {
    called(Api::WrongArity);
    ends_server("WrongArity", "while a module is loaded there is no command")
}

extern "C" fn replicate(context: *mut c_void, command: Text) -> c_int {
    called(Api::Replicate);
    let name = command.lossy().to_ascii_lowercase();
    if !profile().is_builtin(name.as_bytes()) && !commands::exists(&name) {
        return ERR;
    }
    needs_client(context, "Replicate");
    OK
}

extern "C" fn replicate_verbatim(context: *mut c_void) -> c_int {
    called(Api::ReplicateVerbatim);
    needs_client(context, "ReplicateVerbatim");
    OK
}

extern "C" fn new_cursor() -> Handle {
    called(Api::ScanCursorCreate);
    Handle::of(0)
}

/// 0 would tell the module that it is the child.
extern "C" fn fork() -> c_int {
    called(Api::Fork);
    doubt("it forks");
    -1
}
