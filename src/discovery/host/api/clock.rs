//! Time and chance.

use std::fs::File;
use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use rustix::time::{ClockId, clock_gettime};

use crate::discovery::host::foreign::Space;
use crate::discovery::host::table::{Api, called, functions};

functions! {
    Milliseconds => milliseconds,
    Microseconds => microseconds,
    CachedMicroseconds => microseconds,
    MonotonicMicroseconds => monotonic_microseconds,
    GetRandomBytes => random_bytes,
    GetRandomHexChars => random_hex,
}

extern "C" fn milliseconds() -> i64 {
    called(Api::Milliseconds);
    now() / 1000
}

extern "C" fn microseconds() -> i64 {
    called(Api::Microseconds);
    now()
}

/// In microseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or_default()
}

extern "C" fn monotonic_microseconds() -> u64 {
    called(Api::MonotonicMicroseconds);
    let time = clock_gettime(ClockId::Monotonic);
    u64::try_from(time.tv_sec * 1_000_000 + time.tv_nsec / 1000).unwrap_or_default()
}

extern "C" fn random_bytes(to: Space<u8>, length: usize) {
    called(Api::GetRandomBytes);
    to.fill(&random(length));
}

extern "C" fn random_hex(to: Space<u8>, length: usize) {
    called(Api::GetRandomHexChars);
    let digit = |byte: u8| b"0123456789abcdef"[usize::from(byte & 15)];
    to.fill(&random(length).into_iter().map(digit).collect::<Vec<u8>>());
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let _ = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    bytes
}
