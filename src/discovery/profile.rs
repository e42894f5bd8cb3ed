//! The versions of Redis and Valkey that discovery can imitate.
//!
//! In: a version as people write it. Out: a [`Profile`], which knows what that version has. A thing
//! of the module API has a [`Since`]: the versions that brought it.

mod commands;
mod features;
mod settings;

use std::fmt;
use std::str::FromStr;

pub use features::Event;

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Redis, from 4.0 on.
    Redis,
    /// Valkey, which continues Redis 7.2.
    Valkey,
}

/// A version of a server. What it has is that of its series' newest patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose.
    pub product: Product,
    /// Major, minor and patch number.
    pub version: (u8, u8, u8),
}

/// The newest patches of the series that are known, the oldest series first.
const REDIS: [(u8, u8, u8); 13] = [
    (4, 0, 14),
    (5, 0, 14),
    (6, 0, 20),
    (6, 2, 24),
    (7, 0, 15),
    (7, 2, 16),
    (7, 4, 11),
    (8, 0, 6),
    (8, 2, 9),
    (8, 4, 6),
    (8, 6, 6),
    (8, 8, 2),
    (8, 10, 1),
];
const VALKEY: [(u8, u8, u8); 5] = [(7, 2, 14), (8, 0, 10), (8, 1, 9), (9, 0, 5), (9, 1, 2)];

/// The first versions that have something; a product without one never has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    redis: Option<(u8, u8)>,
    valkey: Option<(u8, u8)>,
}

/// What Redis has from `major.minor` on; Valkey has all that Redis 7.2 had.
pub const fn redis(major: u8, minor: u8) -> Since {
    let inherited = major < 7 || (major == 7 && minor <= 2);
    Since { redis: Some((major, minor)), valkey: if inherited { Some((7, 2)) } else { None } }
}

/// What only Valkey has, from `major.minor` on.
pub const fn valkey(major: u8, minor: u8) -> Since {
    Since { redis: None, valkey: Some((major, minor)) }
}

impl Since {
    /// The same, and Valkey has it from `major.minor` on.
    pub const fn and_valkey(self, major: u8, minor: u8) -> Self {
        Self { redis: self.redis, valkey: Some((major, minor)) }
    }

    /// The same, and Valkey has not inherited it.
    pub const fn not_valkey(self) -> Self {
        Self { redis: self.redis, valkey: None }
    }
}

impl Profile {
    /// What discovery imitates unless told otherwise: the version that `compatible_redis_version`
    /// has by default in the reference packer. Fixed, so that a bundle does not depend on who packs.
    pub const DEFAULT: Self = Self { product: Product::Redis, version: (7, 4, 11) };

    /// Whether this version has it.
    pub fn has(self, since: Since) -> bool {
        let first = match self.product {
            Product::Redis => since.redis,
            Product::Valkey => since.valkey,
        };
        let (major, minor, _) = self.version;
        first.is_some_and(|first| (major, minor) >= first)
    }
}

/// "Redis 7.4.11"
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.version;
        write!(f, "{:?} {major}.{minor}.{patch}", self.product)
    }
}

/// `7.4`, `7.4.1`, `8`, `redis-7.2`, `valkey-8.0`: a number that is left out is the highest known.
impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let (product, numbers) = match lower.split_once('-') {
            Some(("valkey", numbers)) => (Product::Valkey, numbers),
            Some(("redis", numbers)) => (Product::Redis, numbers),
            Some(_) => return Err(unknown()),
            None => (Product::Redis, lower.as_str()),
        };
        let version = version(product, numbers).ok_or_else(unknown)?;
        Ok(Self { product, version })
    }
}

/// The newest version of a known series that begins with these numbers, which may name a patch.
fn version(product: Product, text: &str) -> Option<(u8, u8, u8)> {
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = |digits: &str| digits.parse().ok().filter(|_| plain(digits));
    let numbers: Vec<u8> = text.split('.').map(number).collect::<Option<_>>()?;
    let begins = |(major, minor): (u8, u8)| {
        numbers.iter().zip([major, minor]).all(|(number, known)| *number == known)
    };
    let mut newest_first = series(product).iter().rev();
    let (major, minor, newest) = *newest_first.find(|known| begins((known.0, known.1)))?;
    match numbers[..] {
        [_] | [_, _] => Some((major, minor, newest)),
        [_, _, patch] => Some((major, minor, patch)),
        _ => None,
    }
}

fn series(product: Product) -> &'static [(u8, u8, u8)] {
    match product {
        Product::Redis => &REDIS,
        Product::Valkey => &VALKEY,
    }
}

/// What to say to a version that is none of these.
fn unknown() -> String {
    let list = |product| {
        let names = series(product).iter().map(|(major, minor, _)| format!("{major}.{minor}"));
        names.collect::<Vec<_>>().join(", ")
    };
    format!(
        "known are Redis {}, and as valkey-VERSION Valkey {}",
        list(Product::Redis),
        list(Product::Valkey)
    )
}

#[cfg(test)]
mod tests {
    use super::{Profile, redis, valkey};

    fn shown(text: &str) -> String {
        text.parse::<Profile>().unwrap().to_string()
    }

    #[test]
    fn as_people_write_it() {
        assert_eq!(shown("7.4"), "Redis 7.4.11");
        assert_eq!(shown("7.4.1"), "Redis 7.4.1");
        assert_eq!(shown("8"), "Redis 8.10.1");
        assert_eq!(shown("Redis-7.2"), "Redis 7.2.16");
        assert_eq!(shown("valkey-8"), "Valkey 8.1.9");
        assert_eq!(shown("VALKEY-8.0"), "Valkey 8.0.10");
        assert_eq!(shown("valkey-8.0.1"), "Valkey 8.0.1");
        assert_eq!(shown("valkey-9"), "Valkey 9.1.2");
    }

    #[test]
    fn no_version() {
        let texts = [
            "",
            "3.2",
            "6.1",
            "7.4.",
            "7.4.1.2",
            "+7",
            "7.x",
            "valkey-7.4",
            "valkey",
            "keydb-6",
            "300",
        ];
        for text in texts {
            let error = text.parse::<Profile>().unwrap_err();
            assert_eq!(
                error,
                "known are Redis 4.0, 5.0, 6.0, 6.2, 7.0, 7.2, 7.4, 8.0, 8.2, 8.4, 8.6, 8.8, 8.10, \
                 and as valkey-VERSION Valkey 7.2, 8.0, 8.1, 9.0, 9.1",
                "{text}"
            );
        }
    }

    #[test]
    fn the_default_is_a_newest_patch() {
        assert_eq!("7.4".parse(), Ok(Profile::DEFAULT));
    }

    #[test]
    fn valkey_has_what_redis_7_2_had() {
        let has = |text: &str, since| text.parse::<Profile>().unwrap().has(since);
        assert!(has("valkey-7.2", redis(4, 0)));
        assert!(!has("valkey-9.1", redis(7, 4)));
        assert!(has("valkey-8.0", redis(7, 4).and_valkey(8, 0)));
        assert!(!has("8", valkey(8, 0)));
        assert!(has("8.10", redis(8, 8)));
        assert!(!has("valkey-8.0", redis(6, 2).not_valkey()));
        assert!(has("6.2", redis(6, 2).not_valkey()));
    }
}
