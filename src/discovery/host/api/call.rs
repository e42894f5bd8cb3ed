//! Commands that a module calls while it is loaded.
//!
//! `INFO`, `PING` and `CONFIG GET` answer as a server does that has just been started with nothing in
//! it. An unknown command is refused as servers refuse it; any other one is a doubt.

use std::ffi::{c_int, c_void};

use crate::discovery::host::foreign::{Handle, Many, StringRef, Text, Word, set_errno};
use crate::discovery::host::journal::{doubt, profile};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::{Since, redis, valkey};

use super::commands;
use super::identity::needs_client;
use super::reply::Reply;
use super::server_info::info;

functions! {
    Call => call,
}

/// A variadic function; see `print` for why this is its equal. None of its values is a floating-point
/// number.
#[rustfmt::skip]
extern "C" fn call(
    context: *mut c_void, command: Text, format: Text,
    a: Word, b: Word, c: Word, d: Word, e: Word, f: Word, g: Word, h: Word, i: Word, j: Word,
    k: Word, l: Word,
) -> Handle {
    called(Api::Call);
    let values = [a, b, c, d, e, f, g, h, i, j, k, l];
    let name = command.lossy().to_ascii_lowercase();
    // 4.0 looks for the command first.
    if profile().has(redis(5, 0)) || known(&name) {
        needs_client(context, "Call");
    }
    match Request::read(format.bytes().unwrap_or_default(), &values) {
        Ok(request) => request.answer(&name, &command.lossy()),
        Err(Unread::Format) => {
            if profile().has(redis(6, 0)) {
                set_errno(libc::EBADF);
            }
            Handle::NULL
        }
        Err(Unread::TooMany) => {
            doubt(format!("it calls {} with many values", name.to_ascii_uppercase()));
            Handle::NULL
        }
    }
}

/// Why it is not known what a call asks for.
enum Unread {
    /// This version does not know its format.
    Format,
    /// It has more values than are looked at here.
    TooMany,
}

fn known(name: &str) -> bool {
    profile().is_builtin(name.as_bytes()) || commands::exists(name)
}

/// What a format and its values say.
#[derive(Default)]
struct Request {
    arguments: Vec<String>,
    /// Errors are answers instead of NULL.
    errors: bool,
    /// Answers are in RESP3.
    resp3: bool,
    /// Run as the user of the context, which has none while a module is loaded.
    as_user: bool,
}

impl Request {
    fn read(format: &[u8], values: &[Word]) -> Result<Self, Unread> {
        let mut values = values.iter().copied();
        let mut next = || values.next().ok_or(Unread::TooMany);
        let mut read = Self::default();
        for letter in format {
            match letter {
                b'c' => read.arguments.push(Text::from_word(next()?).lossy()),
                b's' => read.push(&StringRef::from_word(next()?).bytes()),
                b'b' => read.push(Many::from_word(next()?).first(next()?)),
                b'l' => read.arguments.push((next()?.cast_signed()).to_string()),
                b'v' => {
                    let strings = Many::<StringRef>::from_word(next()?);
                    strings.first(next()?).iter().for_each(|it| read.push(&it.bytes()));
                }
                b'!' => {}
                letter if since(*letter).is_some_and(|since| profile().has(since)) => {
                    read.errors |= *letter == b'E';
                    read.resp3 |= *letter == b'3';
                    read.as_user |= *letter == b'C';
                }
                _ => return Err(Unread::Format),
            }
        }
        Ok(read)
    }

    fn push(&mut self, argument: &[u8]) {
        self.arguments.push(String::from_utf8_lossy(argument).into_owned());
    }

    /// `name` is the command in lower case, `given` as the module wrote it.
    fn answer(&self, name: &str, given: &str) -> Handle {
        match (name, self.arguments.as_slice()) {
            _ if self.as_user => self.refused(libc::ENOTSUP, "cannot run as user, there is none"),
            ("ping", []) => Reply::status("PONG").give(),
            ("ping", [text]) => Reply::string(text).give(),
            ("info", sections) => Reply::string(&info(sections)).give(),
            ("config", [get, names @ ..]) if get.eq_ignore_ascii_case("get") => self.config(names),
            ("config", []) => self.refused(libc::EINVAL, "ERR wrong number of arguments"),
            _ if known(name) => {
                doubt(format!("it calls {}", name.to_ascii_uppercase()));
                self.refused(libc::ENOENT, "ERR not known here")
            }
            _ => {
                let all: String = self.arguments.iter().map(|it| format!("'{it}' ")).collect();
                self.refused(
                    if profile().has(redis(6, 0)) { libc::ENOENT } else { libc::EINVAL },
                    &format!("ERR unknown command '{given}', with args beginning with: {all}"),
                )
            }
        }
    }

    fn refused(&self, errno: c_int, text: &str) -> Handle {
        set_errno(errno);
        if self.errors { Reply::error(text).give() } else { Handle::NULL }
    }

    /// Names and values, of those that are asked for and known.
    fn config(&self, names: &[String]) -> Handle {
        let known = |name: &String| {
            let found = profile().setting(name);
            if found.is_none() {
                doubt(format!("it asks for the configuration {name}"));
            }
            found
        };
        let found = names.iter().filter_map(known);
        let pairs = found.map(|(name, value)| (Reply::string(name), Reply::string(value)));
        match self.resp3 {
            true => Reply::Map(pairs.collect()).give(),
            false => Reply::Array(pairs.flat_map(|(name, value)| [name, value]).collect()).give(),
        }
    }
}

/// The versions that know a letter which stands for no value.
fn since(letter: u8) -> Option<Since> {
    match letter {
        b'A' | b'R' => Some(redis(5, 0)),
        b'3' | b'0' | b'C' | b'S' | b'W' | b'M' | b'E' => Some(redis(7, 0)),
        b'D' | b'K' => Some(redis(7, 2)),
        b'X' => Some(valkey(9, 1)),
        _ => None,
    }
}
