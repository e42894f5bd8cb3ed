//! The server's settings, as the functions of the API tell them that Redis has from 8.2 on.

use std::ffi::{c_int, c_void};

use crate::discovery::host::foreign::{ERR, Handle, OK, Out, StringRef, Text};
use crate::discovery::host::journal::{doubt, profile};
use crate::discovery::host::table::{Api, called, functions};

use super::number;
use super::strings::made;

functions! {
    ConfigGet => get,
    ConfigGetBool => get_bool,
    ConfigGetEnum => get_enum,
    ConfigGetNumeric => get_number,
    ConfigGetType => get_type,
    ConfigIteratorCreate => iterate,
    ConfigSet => set,
    ConfigSetBool => set,
    ConfigSetEnum => set,
    ConfigSetNumeric => set,
}

/// What kind of value a setting has, by the numbers of the API.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text = 0,
    Choice = 1,
    Number = 2,
    Bool = 3,
}

/// Of the settings that are known, those with a choice of words.
const CHOICES: [&str; 16] = [
    "acl-pubsub-default",
    "appendfsync",
    "cluster-preferred-endpoint-type",
    "enable-debug-command",
    "enable-module-command",
    "enable-protected-configs",
    "loglevel",
    "maxmemory-policy",
    "oom-score-adj",
    "propagation-error-behavior",
    "repl-diskless-load",
    "shutdown-on-sigint",
    "shutdown-on-sigterm",
    "supervised",
    "syslog-facility",
    "tls-auth-clients",
];
/// The only number that is written with the base 8.
const OCTAL: &str = "unixsocketperm";

/// The setting's kind, and its value as text.
fn setting(name: Text) -> Option<(Kind, &'static str)> {
    let Some((name, value)) = profile().setting(&name.lossy()) else {
        doubt(format!("it asks for the configuration {}", name.lossy()));
        return None;
    };
    let kind = match value {
        _ if CHOICES.contains(&name) => Kind::Choice,
        "yes" | "no" => Kind::Bool,
        _ if name == OCTAL || number::integer(value.as_bytes()).is_some() => Kind::Number,
        _ => Kind::Text,
    };
    Some((kind, value))
}

/// Answers with what `value` makes of a setting, if it is of that kind.
fn answer<T>(name: Text, kind: Kind, value: impl Fn(&str) -> Option<T>, to: Out<T>) -> c_int {
    let found = setting(name).filter(|found| found.0 == kind);
    match found.and_then(|(_, text)| value(text)) {
        Some(value) => {
            to.put(value);
            OK
        }
        None => ERR,
    }
}

extern "C" fn get(context: *mut c_void, name: Text, value: Out<StringRef>) -> c_int {
    called(Api::ConfigGet);
    let Some((_, text)) = setting(name) else { return ERR };
    value.put(made(context, text.as_bytes()));
    OK
}

extern "C" fn get_bool(_context: *mut c_void, name: Text, value: Out<c_int>) -> c_int {
    called(Api::ConfigGetBool);
    answer(name, Kind::Bool, |text| Some(c_int::from(text == "yes")), value)
}

extern "C" fn get_enum(context: *mut c_void, name: Text, value: Out<StringRef>) -> c_int {
    called(Api::ConfigGetEnum);
    answer(name, Kind::Choice, |text| Some(made(context, text.as_bytes())), value)
}

extern "C" fn get_number(_context: *mut c_void, name: Text, value: Out<i64>) -> c_int {
    called(Api::ConfigGetNumeric);
    let is_octal = name.lossy().eq_ignore_ascii_case(OCTAL);
    let base = if is_octal { 8 } else { 10 };
    answer(name, Kind::Number, |text| i64::from_str_radix(text, base).ok(), value)
}

extern "C" fn get_type(name: Text, kind: Out<c_int>) -> c_int {
    called(Api::ConfigGetType);
    let Some((found, _)) = setting(name) else { return ERR };
    kind.put(found as c_int);
    OK
}

/// Over nothing: not all settings are known here.
extern "C" fn iterate() -> Handle {
    called(Api::ConfigIteratorCreate);
    doubt("it looks through the configuration");
    Handle::of(0)
}

extern "C" fn set(_context: *mut c_void, name: Text) -> c_int {
    called(Api::ConfigSet);
    doubt(format!("it sets the configuration {}", name.lossy()));
    OK
}
