//! Commands: what the module registers.
//!
//! What is accepted, and what becomes of it, is [`command_info`](crate::discovery::command_info)'s.

use std::ffi::{c_int, c_void};
use std::sync::{LazyLock, Mutex};

use crate::discovery::Command;
use crate::discovery::command_info::{CommandId, Refused, Request, Table};
use crate::discovery::host::foreign::{Handle, Many, OK, Text, set_errno};
use crate::discovery::host::journal::{profile, refuse};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::Profile;

use super::command_layout::read;
use super::identity::ends_server;
use super::lock;

functions! {
    CreateCommand => create,
    GetCommand => get,
    CreateSubcommand => create_subcommand,
    SetCommandInfo => set_info,
}

static TABLE: LazyLock<Mutex<Table>> =
    LazyLock::new(|| Mutex::new(Table::new(profile(), is_built_in)));

/// The commands of the module, sorted by name.
pub fn registered() -> Vec<Command> {
    lock(&TABLE).commands()
}

/// Whether the module has registered a command of this name.
pub fn exists(name: &str) -> bool {
    lock(&TABLE).get(name.as_bytes()).is_some()
}

extern "C" fn create(
    _context: *mut c_void,
    name: Text,
    function: *const c_void,
    flags: Text,
    first_key: c_int,
    last_key: c_int,
    step: c_int,
) -> c_int {
    called(Api::CreateCommand);
    let keys = (first_key, last_key, step);
    let made = lock(&TABLE).create(&request(name, function, flags, keys));
    answer(made, || format!("the command {:?}", name.lossy()))
}

extern "C" fn create_subcommand(
    parent: Handle,
    name: Text,
    function: *const c_void,
    flags: Text,
    first_key: c_int,
    last_key: c_int,
    step: c_int,
) -> c_int {
    called(Api::CreateSubcommand);
    let what = || format!("the subcommand {:?}", name.lossy());
    let Some(parent) = parent.index() else { return refuse(what(), "its parent is NULL") };
    let keys = (first_key, last_key, step);
    let request = request(name, function, flags, keys);
    let made = lock(&TABLE).create_subcommand(CommandId(parent), &request);
    answer(made, what)
}

fn request<'a>(
    name: Text,
    function: *const c_void,
    flags: Text,
    (first_key, last_key, step): (c_int, c_int, c_int),
) -> Request<'a> {
    let name = name.bytes().unwrap_or_default();
    let (has_function, flags) = (!function.is_null(), flags.bytes());
    Request { name, has_function, flags, first_key, last_key, step }
}

extern "C" fn get(_context: *mut c_void, name: Text) -> Handle {
    called(Api::GetCommand);
    let found = lock(&TABLE).get(name.bytes().unwrap_or_default());
    found.map_or(Handle::NULL, |CommandId(index)| Handle::of(index))
}

extern "C" fn set_info(command: Handle, info: Many<u8>) -> c_int {
    called(Api::SetCommandInfo);
    let what = || "the info of a command".to_owned();
    let Some(command) = command.index() else { return refuse(what(), "the command is NULL") };
    let set = lock(&TABLE).set_info(CommandId(command), &read(info));
    match set {
        Err(Refused::Invalid(_)) => set_errno(libc::EINVAL),
        Err(Refused::AlreadySet) => set_errno(libc::EEXIST),
        _ => {}
    }
    answer(set, what)
}

/// A server that would end itself is imitated in that too.
fn answer<T>(done: Result<T, Refused>, what: impl Fn() -> String) -> c_int {
    match done {
        Ok(_) => OK,
        Err(why @ Refused::Fatal(_)) => ends_server(&what(), why),
        Err(why) => refuse(what(), why),
    }
}

/// A command that the server has without the module, or `command|subcommand` of one.
fn is_built_in(profile: Profile, name: &[u8]) -> bool {
    let bar = name.iter().position(|byte| *byte == b'|');
    profile.is_builtin(name)
        || bar.is_some_and(|bar| profile.is_builtin_subcommand(&name[..bar], &name[bar + 1..]))
}
