//! Timers, none of which is ever due: the process ends before.

use std::ffi::{c_int, c_void};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::discovery::host::foreign::{ERR, OK, Opaque, Out};
use crate::discovery::host::table::{Api, called, functions};

use super::events::later;
use super::identity::needs_client;
use super::lock;

functions! {
    CreateTimer => create,
    StopTimer => stop,
    GetTimerInfo => info,
}

struct Timer {
    due: Instant,
    data: Opaque,
}

/// The number of a timer is its place here plus one; one that was stopped is gone.
static TIMERS: Mutex<Vec<Option<Timer>>> = Mutex::new(Vec::new());

extern "C" fn create(
    context: *mut c_void,
    milliseconds: i64,
    _callback: *const c_void,
    data: Opaque,
) -> u64 {
    called(Api::CreateTimer);
    needs_client(context, "CreateTimer");
    later("a timer");
    let period = Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default());
    let mut timers = lock(&TIMERS);
    timers.push(Instant::now().checked_add(period).map(|due| Timer { due, data }));
    timers.len() as u64
}

/// What `work` makes of a timer, if there is one of this number.
fn with(number: u64, work: impl FnOnce(&mut Option<Timer>)) -> c_int {
    let mut timers = lock(&TIMERS);
    let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    match index.and_then(|index| timers.get_mut(index)).filter(|timer| timer.is_some()) {
        Some(timer) => {
            work(timer);
            OK
        }
        None => ERR,
    }
}

extern "C" fn stop(_context: *mut c_void, number: u64, data: Out<Opaque>) -> c_int {
    called(Api::StopTimer);
    with(number, |timer| {
        if let Some(timer) = timer.take() {
            data.put(timer.data);
        }
    })
}

extern "C" fn info(
    _context: *mut c_void,
    number: u64,
    remaining: Out<u64>,
    data: Out<Opaque>,
) -> c_int {
    called(Api::GetTimerInfo);
    with(number, |timer| {
        if let Some(timer) = timer {
            let left = timer.due.saturating_duration_since(Instant::now());
            remaining.put(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
            data.put(timer.data);
        }
    })
}
