//! What the server says of itself: `INFO`, as text and as fields.

use std::ffi::{c_char, c_int, c_void};
use std::sync::Mutex;

use crate::discovery::host::foreign::{Handle, Out, StringRef, Text};
use crate::discovery::host::journal::{doubt, profile};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::Product;

use super::{lock, number};

functions! {
    GetServerInfo => get,
    FreeServerInfo => free,
    ServerInfoGetField => field,
    ServerInfoGetFieldC => c_field,
    ServerInfoGetFieldSigned => signed,
    ServerInfoGetFieldUnsigned => unsigned,
    ServerInfoGetFieldDouble => double,
}

/// A section with its heading, as lines of fields.
type Section = fn() -> Vec<(&'static str, String)>;

/// Those that are the same in every server just started.
static SECTIONS: [(&str, Section); 4] =
    [("Server", server), ("Memory", memory), ("Replication", replication), ("Cluster", cluster)];
/// Words that stand for all sections.
const ALL: [&str; 3] = ["all", "default", "everything"];

/// The text of the sections asked for; of all of them where none is.
pub fn info(sections: &[String]) -> String {
    let is_all = |asked: &String| ALL.iter().any(|word| word.eq_ignore_ascii_case(asked));
    let all = sections.is_empty() || sections.iter().any(is_all);
    let wanted = |section: &&(&str, Section)| {
        all || sections.iter().any(|asked| asked.eq_ignore_ascii_case(section.0))
    };
    let known = |asked: &String| SECTIONS.iter().any(|it| it.0.eq_ignore_ascii_case(asked));
    if let Some(other) = sections.iter().find(|asked| !known(asked) && !is_all(asked)) {
        doubt(format!("it asks for INFO {other}"));
    }
    let text = |(heading, section): &(&str, Section)| {
        let lines = section().into_iter().map(|(name, value)| format!("{name}:{value}\r\n"));
        format!("# {heading}\r\n{}", lines.collect::<String>())
    };
    SECTIONS.iter().filter(wanted).map(text).collect::<Vec<_>>().join("\r\n")
}

fn server() -> Vec<(&'static str, String)> {
    let (major, minor, patch) = profile().version;
    let version = format!("{major}.{minor}.{patch}");
    let mut fields = match profile().product {
        Product::Redis => {
            vec![("redis_version", version), ("redis_mode", "standalone".to_owned())]
        }
        Product::Valkey => vec![
            ("redis_version", "7.2.4".to_owned()),
            ("server_name", "valkey".to_owned()),
            ("valkey_version", version),
            ("server_mode", "standalone".to_owned()),
        ],
    };
    let rest = [
        ("redis_git_sha1", "00000000"),
        ("redis_git_dirty", "0"),
        ("redis_build_id", "0"),
        ("os", "Linux"),
        ("arch_bits", "64"),
        ("monotonic_clock", "POSIX clock_gettime"),
        ("multiplexing_api", "epoll"),
        ("tcp_port", "0"),
        ("uptime_in_seconds", "0"),
        ("uptime_in_days", "0"),
        ("hz", "10"),
        ("configured_hz", "10"),
        ("executable", "redis-server"),
        ("config_file", ""),
    ];
    fields.extend(rest.map(|(name, value)| (name, value.to_owned())));
    fields.push(("process_id", std::process::id().to_string()));
    fields
}

fn memory() -> Vec<(&'static str, String)> {
    let fields = [
        ("used_memory", "1048576"),
        ("used_memory_peak", "1048576"),
        ("used_memory_rss", "8388608"),
        ("maxmemory", "0"),
        ("maxmemory_policy", "noeviction"),
        ("mem_allocator", "libc"),
    ];
    fields.map(|(name, value)| (name, value.to_owned())).to_vec()
}

fn replication() -> Vec<(&'static str, String)> {
    vec![("role", "master".to_owned()), ("connected_slaves", "0".to_owned())]
}

fn cluster() -> Vec<(&'static str, String)> {
    vec![("cluster_enabled", "0".to_owned())]
}

/// Texts that the module asked for and has.
static GIVEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

extern "C" fn get(_context: *mut c_void, section: Text) -> Handle {
    called(Api::GetServerInfo);
    let sections: Vec<String> = section.bytes().map(|_| section.lossy()).into_iter().collect();
    let text = info(&sections);
    let mut given = lock(&GIVEN);
    given.push(text);
    Handle::of(given.len() - 1)
}

extern "C" fn free(_context: *mut c_void, _info: Handle) {
    called(Api::FreeServerInfo);
}

fn value(info: Handle, field: Text) -> Option<String> {
    let given = lock(&GIVEN);
    let field = field.lossy();
    let mut lines = given.get(info.index()?)?.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(name, _)| *name == field).map(|(_, value)| value.to_owned())
}

extern "C" fn field(_context: *mut c_void, info: Handle, field: Text) -> StringRef {
    called(Api::ServerInfoGetField);
    value(info, field).map_or(StringRef::NULL, |value| StringRef::new(value.as_bytes()))
}

extern "C" fn c_field(info: Handle, field: Text) -> *const c_char {
    called(Api::ServerInfoGetFieldC);
    let text = value(info, field).map(|value| StringRef::new(value.as_bytes()).pointer());
    text.unwrap_or(std::ptr::null())
}

extern "C" fn signed(info: Handle, field: Text, error: Out<c_int>) -> i64 {
    called(Api::ServerInfoGetFieldSigned);
    answer(value(info, field).and_then(|value| number::integer(value.as_bytes())), error)
}

extern "C" fn unsigned(info: Handle, field: Text, error: Out<c_int>) -> u64 {
    called(Api::ServerInfoGetFieldUnsigned);
    answer(value(info, field).and_then(|value| number::unsigned(value.as_bytes())), error)
}

extern "C" fn double(info: Handle, field: Text, error: Out<c_int>) -> f64 {
    called(Api::ServerInfoGetFieldDouble);
    answer(value(info, field).and_then(|value| number::double(value.as_bytes())), error)
}

fn answer<T: Default>(value: Option<T>, error: Out<c_int>) -> T {
    error.put(c_int::from(value.is_none()));
    value.unwrap_or_default()
}
