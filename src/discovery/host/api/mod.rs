//! The functions of the module API that do more than note that they were called.
//!
//! A function is here where a module can tell in its OnLoad whether it did anything: because of what
//! it answers, or because of what `COMMAND INFO` shows later. All others answer 0, which is OK, false
//! and NULL. Source of what they do: the API's documentation, and what servers were seen to answer.

mod call;
mod clock;
mod command_layout;
pub mod commands;
pub mod configs;
mod context;
mod dictionaries;
mod events;
pub mod identity;
mod memory;
mod names;
mod number;
mod print;
mod reply;
mod server_info;
mod settings;
mod shared;
mod strings;
mod timers;
mod types;

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::table::{Api, Function};

/// The function that does what `api` does in a server, where it is one of those above.
fn function(api: Api) -> Option<Function> {
    let files = [
        call::function,
        clock::function,
        commands::function,
        configs::function,
        context::function,
        dictionaries::function,
        events::function,
        identity::function,
        memory::function,
        names::function,
        print::function,
        reply::function,
        server_info::function,
        settings::function,
        shared::function,
        strings::function,
        timers::function,
        types::function,
    ];
    files.iter().find_map(|file| file(api))
}

/// What one file of the API keeps between calls; a module may call from many threads.
fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
