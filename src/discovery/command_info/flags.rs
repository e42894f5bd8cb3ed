//! The flags of a command: as a module asks for them and as the server shows them.
//!
//! In: the flags' text of `CreateCommand`. Out: [`Flags`], and their names in the order of the
//! answer. The rules are those of `commandFlagsFromString` (module.c) and
//! `addReplyFlagsForCommand` (server.c) of Redis and Valkey.

use crate::discovery::profile::{Product, Profile, Since, redis, valkey};

/// One property of a command. The number is its place in [`Flags`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Write,
    ReadOnly,
    DenyOom,
    Module,
    Admin,
    PubSub,
    NoScript,
    Random,
    Blocking,
    Loading,
    Stale,
    SkipMonitor,
    SkipSlowlog,
    Fast,
    NoAuth,
    MayReplicate,
    NoMandatoryKeys,
    MovableKeys,
    AllowBusy,
    GetKeys,
    GetChannels,
    NoCluster,
    AllDatabases,
    Internal,
}

/// What a module may write, the first version that understands it, and what it means.
const ASKED: [(&str, Product, (u8, u8), Flag); 23] = [
    ("write", Product::Redis, (4, 0), Flag::Write),
    ("readonly", Product::Redis, (4, 0), Flag::ReadOnly),
    ("admin", Product::Redis, (4, 0), Flag::Admin),
    ("deny-oom", Product::Redis, (4, 0), Flag::DenyOom),
    ("deny-script", Product::Redis, (4, 0), Flag::NoScript),
    ("allow-loading", Product::Redis, (4, 0), Flag::Loading),
    ("pubsub", Product::Redis, (4, 0), Flag::PubSub),
    ("random", Product::Redis, (4, 0), Flag::Random),
    ("allow-stale", Product::Redis, (4, 0), Flag::Stale),
    ("no-monitor", Product::Redis, (4, 0), Flag::SkipMonitor),
    ("fast", Product::Redis, (4, 0), Flag::Fast),
    ("getkeys-api", Product::Redis, (4, 0), Flag::GetKeys),
    ("no-cluster", Product::Redis, (4, 0), Flag::NoCluster),
    ("no-slowlog", Product::Redis, (6, 0), Flag::SkipSlowlog),
    ("no-auth", Product::Redis, (6, 0), Flag::NoAuth),
    ("may-replicate", Product::Redis, (6, 2), Flag::MayReplicate),
    ("blocking", Product::Redis, (7, 0), Flag::Blocking),
    ("getchannels-api", Product::Redis, (7, 0), Flag::GetChannels),
    ("no-mandatory-keys", Product::Redis, (7, 0), Flag::NoMandatoryKeys),
    ("allow-busy", Product::Redis, (7, 0), Flag::AllowBusy),
    ("internal", Product::Redis, (8, 0), Flag::Internal),
    ("no-commandlog", Product::Valkey, (8, 1), Flag::SkipSlowlog),
    ("all-dbs", Product::Valkey, (9, 1), Flag::AllDatabases),
];

const ALWAYS: Since = redis(4, 0);
const FROM_7: Since = redis(7, 0);
const NEVER_ENDS: Since = valkey(u8::MAX, 0);

/// What the answer shows, in its order: from the first version on, until before the second. The
/// flags that are not here are never shown.
const SHOWN: [(Flag, &str, Since, Since); 20] = [
    (Flag::Write, "write", ALWAYS, NEVER_ENDS),
    (Flag::ReadOnly, "readonly", ALWAYS, NEVER_ENDS),
    (Flag::DenyOom, "denyoom", ALWAYS, NEVER_ENDS),
    (Flag::Module, "module", FROM_7, NEVER_ENDS),
    (Flag::Admin, "admin", ALWAYS, NEVER_ENDS),
    (Flag::PubSub, "pubsub", ALWAYS, NEVER_ENDS),
    (Flag::NoScript, "noscript", ALWAYS, NEVER_ENDS),
    (Flag::Random, "random", ALWAYS, FROM_7),
    (Flag::Blocking, "blocking", FROM_7, NEVER_ENDS),
    (Flag::Loading, "loading", ALWAYS, NEVER_ENDS),
    (Flag::Stale, "stale", ALWAYS, NEVER_ENDS),
    (Flag::SkipMonitor, "skip_monitor", ALWAYS, NEVER_ENDS),
    (Flag::SkipSlowlog, "skip_slowlog", ALWAYS, valkey(8, 1)),
    (Flag::SkipSlowlog, "skip_commandlog", valkey(8, 1), NEVER_ENDS),
    (Flag::Fast, "fast", ALWAYS, NEVER_ENDS),
    (Flag::NoAuth, "no_auth", ALWAYS, NEVER_ENDS),
    (Flag::MayReplicate, "may_replicate", ALWAYS, FROM_7),
    (Flag::NoMandatoryKeys, "no_mandatory_keys", FROM_7, NEVER_ENDS),
    (Flag::MovableKeys, "movablekeys", ALWAYS, NEVER_ENDS),
    (Flag::AllowBusy, "allow_busy", FROM_7, NEVER_ENDS),
];

/// Every name of a flag that any version shows.
pub fn flag_names() -> impl Iterator<Item = &'static str> {
    SHOWN.iter().map(|(_, name, ..)| *name)
}

/// A set of [`Flag`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u32);

/// Why a text of flags is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFlag {
    /// No version knows it.
    #[error("unknown flag {0:?}")]
    Unknown(String),
    /// Nothing stands before, behind or between spaces.
    #[error("empty flag: two spaces side by side, or one at the beginning or the end")]
    Empty,
    /// Other versions know it.
    #[error("flag {flag:?} is known from {product:?} {major}.{minor} on")]
    Later {
        /// As the module wrote it.
        flag: String,
        /// Whose server.
        product: Product,
        /// Its first version that knows the flag.
        major: u8,
        /// Likewise.
        minor: u8,
    },
}

impl Flags {
    /// Reads what stands between single spaces, without regard to case. No text and the empty text
    /// mean no flag.
    ///
    /// # Errors
    /// The first flag that `profile` does not understand.
    pub fn parse(text: Option<&[u8]>, profile: Profile) -> Result<Self, BadFlag> {
        let text = text.unwrap_or_default();
        let words = text.split(|byte| *byte == b' ').filter(|_| !text.is_empty());
        words
            .map(|word| flag(word, profile))
            .try_fold(Self::default(), |all, one| Ok(all.with(one?)))
    }

    /// These and `flag`.
    pub fn with(self, flag: Flag) -> Self {
        Self(self.0 | 1 << flag as u32)
    }

    /// Whether `flag` is one of these.
    pub fn has(self, flag: Flag) -> bool {
        self.0 & 1 << flag as u32 != 0
    }

    /// Their names in `COMMAND INFO`, in its order.
    pub fn shown(self, profile: Profile) -> Vec<String> {
        let shown = |(flag, _, from, until): &&(Flag, &str, Since, Since)| {
            self.has(*flag) && profile.has(*from) && !profile.has(*until)
        };
        SHOWN.iter().filter(shown).map(|(_, name, ..)| (*name).to_owned()).collect()
    }
}

fn flag(word: &[u8], profile: Profile) -> Result<Flag, BadFlag> {
    let written = String::from_utf8_lossy(word).into_owned();
    let known = ASKED.iter().find(|(name, ..)| name.as_bytes().eq_ignore_ascii_case(word));
    let (product, (major, minor), flag) = match known {
        Some((_, product, first, flag)) => (*product, *first, *flag),
        None if word.is_empty() => return Err(BadFlag::Empty),
        None => return Err(BadFlag::Unknown(written)),
    };
    let since = match product {
        Product::Redis => redis(major, minor),
        Product::Valkey => valkey(major, minor),
    };
    match profile.has(since) {
        true => Ok(flag),
        false => Err(BadFlag::Later { flag: written, product, major, minor }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REDIS_6_2: Profile = Profile { product: Product::Redis, version: (6, 2, 14) };
    const REDIS_8_2: Profile = Profile { product: Product::Redis, version: (8, 2, 3) };
    const VALKEY_9_1: Profile = Profile { product: Product::Valkey, version: (9, 1, 2) };

    fn shown(text: &str, profile: Profile) -> String {
        match Flags::parse(Some(text.as_bytes()), profile) {
            Ok(flags) => flags.with(Flag::Module).shown(profile).join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn texts_of_flags() {
        assert_eq!(Flags::parse(None, REDIS_8_2), Ok(Flags::default()));
        assert_eq!(Flags::parse(Some(b""), REDIS_8_2), Ok(Flags::default()));
        for (text, profile, expected) in [
            ("fast WRITE deny-oom", REDIS_8_2, "write denyoom module fast"),
            ("random may-replicate getkeys-api", REDIS_6_2, "random may_replicate"),
            ("random may-replicate internal", REDIS_8_2, "module"),
            ("no-slowlog", REDIS_8_2, "module skip_slowlog"),
            ("no-slowlog all-dbs", VALKEY_9_1, "module skip_commandlog"),
            ("reed-only", REDIS_8_2, "unknown flag \"reed-only\""),
            ("Blocking", REDIS_6_2, "flag \"Blocking\" is known from Redis 7.0 on"),
            ("internal", VALKEY_9_1, "flag \"internal\" is known from Redis 8.0 on"),
            ("no-commandlog", REDIS_8_2, "flag \"no-commandlog\" is known from Valkey 8.1 on"),
        ] {
            assert_eq!(shown(text, profile), expected);
        }
        for text in [" ", "write ", " write", "write  fast"] {
            assert_eq!(Flags::parse(Some(text.as_bytes()), REDIS_8_2), Err(BadFlag::Empty));
        }
    }
}
