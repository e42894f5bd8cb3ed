//! Events and filters: nothing of it ever happens here.

use std::ffi::{c_int, c_void};

use crate::discovery::host::foreign::{ERR, Handle, OK};
use crate::discovery::host::journal::{self, doubt, refuse};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::{self, redis};

functions! {
    SubscribeToServerEvent => subscribe,
    IsSubEventSupported => is_supported,
    EventLoopAddOneShot => add_one_shot,
    RegisterCommandFilter => register_filter,
}

/// A kind of event, as the API passes it by value.
#[repr(C)]
struct Event {
    id: u64,
    data_version: u64,
}

fn known(event: &Event) -> Option<profile::Event> {
    journal::profile().events().find(|known| known.id == event.id)
}

extern "C" fn subscribe(context: *mut c_void, event: Event, _callback: *const c_void) -> c_int {
    called(Api::SubscribeToServerEvent);
    if context.is_null() {
        return ERR;
    }
    let later =
        |known: profile::Event| known.data_version.is_some_and(|it| event.data_version > it);
    let why = match known(&event) {
        None => "there is none of this number",
        Some(known) if later(known) => "its data has a later version than is known",
        Some(_) => return OK,
    };
    refuse(format!("the event {}", event.id), why)
}

extern "C" fn is_supported(event: Event, subevent: i64) -> c_int {
    called(Api::IsSubEventSupported);
    c_int::from(known(&event).is_some_and(|known| subevent < known.subevents))
}

/// Before 7.2 a module may register commands later than in its OnLoad.
pub fn later(what: &str) {
    if !journal::profile().has(redis(7, 2)) {
        doubt(format!("it does something later: {what}"));
    }
}

extern "C" fn add_one_shot() -> c_int {
    called(Api::EventLoopAddOneShot);
    later("a one-shot event");
    OK
}

extern "C" fn register_filter() -> Handle {
    called(Api::RegisterCommandFilter);
    Handle::of(0)
}
