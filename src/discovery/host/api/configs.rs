//! Configurations: their registration, and their defaults through the setters of the module.

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::discovery::host::foreign::{ERR, OK, Opaque, StringRef, Text, set_errno};
use crate::discovery::host::journal::{profile, refuse};
use crate::discovery::host::table::{Api, called, functions};
use crate::discovery::profile::{redis, valkey};

use super::names::{OTHER_CHARACTERS, resource_name};
use super::{identity, lock};

functions! {
    RegisterStringConfig => register_string,
    RegisterBoolConfig => register_bool,
    RegisterEnumConfig => register_enum,
    RegisterNumericConfig => register_numeric,
    LoadDefaultConfigs => load_defaults,
    LoadConfigs => load,
}

/// What a setter may say about a value it refuses.
type Refusal = *mut *mut c_void;
type SetString = extern "C" fn(*const c_char, StringRef, Opaque, Refusal) -> c_int;
type SetNumber = extern "C" fn(*const c_char, c_int, Opaque, Refusal) -> c_int;
type SetLong = extern "C" fn(*const c_char, i64, Opaque, Refusal) -> c_int;

/// A default, and who wants to know it.
#[derive(Clone, Copy)]
enum Setting {
    String(StringRef, Option<SetString>),
    Bool(c_int, Option<SetNumber>),
    Enum(c_int, Option<SetNumber>),
    Long(i64, Option<SetLong>),
}

#[derive(Clone)]
struct Config {
    /// With a zero byte behind it.
    name: Vec<u8>,
    /// Without the module's name before it.
    unprefixed: bool,
    setting: Setting,
    private: Opaque,
}

static CONFIGS: Mutex<Vec<Config>> = Mutex::new(Vec::new());
/// Every configuration has its default.
static DEFAULTS_SET: AtomicBool = AtomicBool::new(false);
/// LoadConfigs has done its work.
static LOADED: AtomicBool = AtomicBool::new(false);

/// Whether there are configurations that nobody loaded; servers refuse such a module.
pub fn forgotten() -> bool {
    !lock(&CONFIGS).is_empty() && !LOADED.load(Relaxed)
}

/// IMMUTABLE, SENSITIVE, HIDDEN, PROTECTED, DENY_LOADING.
const FOR_ALL: c_uint = 1 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6;
const MEMORY: c_uint = 1 << 7;
const BITFLAGS: c_uint = 1 << 8;
/// UNPREFIXED in Redis from 8.0 on, UNSIGNED in Valkey from 9.1 on.
const LATER: c_uint = 1 << 9;

extern "C" fn register_string(
    _context: *mut c_void,
    name: Text,
    default: Text,
    flags: c_uint,
    _get: *const c_void,
    set: Option<SetString>,
    _apply: *const c_void,
    private: Opaque,
) -> c_int {
    called(Api::RegisterStringConfig);
    let default = default.bytes().map_or(StringRef::NULL, StringRef::new);
    register(name, flags, BITFLAGS, Setting::String(default, set), private)
}

extern "C" fn register_bool(
    _context: *mut c_void,
    name: Text,
    default: c_int,
    flags: c_uint,
    _get: *const c_void,
    set: Option<SetNumber>,
    _apply: *const c_void,
    private: Opaque,
) -> c_int {
    called(Api::RegisterBoolConfig);
    register(name, flags, BITFLAGS | MEMORY, Setting::Bool(default, set), private)
}

extern "C" fn register_enum(
    _context: *mut c_void,
    name: Text,
    default: c_int,
    flags: c_uint,
    _names: *const c_void,
    _values: *const c_void,
    _count: c_int,
    _get: *const c_void,
    set: Option<SetNumber>,
    _apply: *const c_void,
    private: Opaque,
) -> c_int {
    called(Api::RegisterEnumConfig);
    register(name, flags, MEMORY, Setting::Enum(default, set), private)
}

extern "C" fn register_numeric(
    _context: *mut c_void,
    name: Text,
    default: i64,
    flags: c_uint,
    _least: i64,
    _most: i64,
    _get: *const c_void,
    set: Option<SetLong>,
    _apply: *const c_void,
    private: Opaque,
) -> c_int {
    called(Api::RegisterNumericConfig);
    register(name, flags, BITFLAGS, Setting::Long(default, set), private)
}

/// `others`: flags that only configurations of another kind may have.
fn register(name: Text, flags: c_uint, others: c_uint, setting: Setting, private: Opaque) -> c_int {
    let shown = format!("a configuration {:?}", name.lossy());
    let refused = |errno, why: &str| {
        set_errno(errno);
        refuse(&shown, why)
    };
    let bytes = name.bytes().unwrap_or_default();
    if let Err(why) = known_flags(flags, others) {
        return refused(libc::EINVAL, why);
    }
    let unprefixed = flags & LATER != 0 && profile().has(redis(8, 0));
    let well_named = if unprefixed { unprefixed_name(bytes) } else { resource_name(bytes) };
    if !well_named {
        return refused(libc::EINVAL, OTHER_CHARACTERS);
    }
    let mut configs = lock(&CONFIGS);
    // What stands behind a bar is a second name, by which no setter is called.
    let first = bytes.split(|byte| *byte == b'|').next().unwrap_or_default();
    let name = [first, &[0]].concat();
    if configs.iter().any(|config| config.name.eq_ignore_ascii_case(&name)) {
        return refused(libc::EALREADY, "there is one of this name already");
    }
    configs.push(Config { name, unprefixed, setting, private });
    OK
}

fn known_flags(flags: c_uint, others: c_uint) -> Result<(), &'static str> {
    let later = profile().has(redis(8, 0)) || profile().has(valkey(9, 1));
    let known = FOR_ALL | MEMORY | BITFLAGS | if later { LATER } else { 0 };
    match flags {
        _ if flags & !known != 0 => Err("it has a flag that this version does not know"),
        _ if flags & others != 0 => Err("it has a flag of another kind of configuration"),
        _ => Ok(()),
    }
}

/// `name` or `name|alias`, of which each may have a dot.
fn unprefixed_name(bytes: &[u8]) -> bool {
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == b'|').collect();
    let part = |part: &&[u8]| {
        let dots = part.iter().filter(|byte| **byte == b'.').count();
        let rest: Vec<u8> = part.iter().copied().filter(|byte| *byte != b'.').collect();
        dots <= 1 && resource_name(&rest)
    };
    parts.len() <= 2 && parts.iter().all(part)
}

extern "C" fn load_defaults(_context: *mut c_void) -> c_int {
    called(Api::LoadDefaultConfigs);
    if DEFAULTS_SET.load(Relaxed) {
        return ERR;
    }
    set_defaults()
}

extern "C" fn load(context: *mut c_void) -> c_int {
    called(Api::LoadConfigs);
    if context.is_null() {
        return ERR;
    }
    // From 8.0 on defaults are set once only.
    if !(profile().has(redis(8, 0)) && DEFAULTS_SET.load(Relaxed)) && set_defaults() == ERR {
        return ERR;
    }
    LOADED.store(true, Relaxed);
    OK
}

fn set_defaults() -> c_int {
    let configs = lock(&CONFIGS).clone();
    for config in configs {
        if config.set_default() != OK {
            let name = String::from_utf8_lossy(&config.name).replace('\0', "");
            return refuse(
                format!("the default of {name:?}"),
                "the module's own setter refused it",
            );
        }
    }
    DEFAULTS_SET.store(true, Relaxed);
    OK
}

impl Config {
    /// As the setter gets it. From 8.0 on it is what stands behind the first dot of `module.name`; but
    /// the setter of an enumeration gets all of that.
    fn name_for_setter(&self) -> Vec<u8> {
        if self.unprefixed || !profile().has(redis(8, 0)) {
            return self.name.clone();
        }
        let full = [identity::name_or("").as_bytes(), b".", &self.name].concat();
        match self.setting {
            Setting::Enum(..) => full,
            _ => full.splitn(2, |byte| *byte == b'.').last().unwrap_or_default().to_vec(),
        }
    }

    fn set_default(&self) -> c_int {
        let name = self.name_for_setter();
        let (name, private) = (name.as_ptr().cast(), self.private);
        let mut said = std::ptr::null_mut();
        let refusal: Refusal = &raw mut said;
        match self.setting {
            Setting::String(default, Some(set)) => set(name, default, private, refusal),
            Setting::Bool(default, Some(set)) | Setting::Enum(default, Some(set)) => {
                set(name, default, private, refusal)
            }
            Setting::Long(default, Some(set)) => set(name, default, private, refusal),
            _ => OK,
        }
    }
}
