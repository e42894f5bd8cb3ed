//! References of images: `redis`, `redis:7`, `quay.io/org/image@sha256:…`.
//!
//! In: a text. Out: a [`Reference`], with what may be left out filled in; or what is wrong with the
//! text. Source of the grammar: the package `reference` of the distribution project, which builders
//! and registries read references with.

use std::str::FromStr;

/// The registry of what names none.
pub const HUB: &str = "docker.io";
/// As long as a name may be, in bytes.
const LONGEST_NAME: usize = 255;
/// As long as a tag may be, in bytes.
const LONGEST_TAG: usize = 128;

/// Which image is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Host, maybe with a port.
    pub registry: String,
    /// Names parted by slashes.
    pub repository: String,
    /// The tag, if one is said.
    pub tag: Option<String>,
    /// Algorithm and hex digits, if they are said.
    pub digest: Option<String>,
}

impl FromStr for Reference {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("it has a space or a line end");
        }
        if text.contains('$') {
            return Err("it has a variable, which nothing gives a value");
        }
        let (rest, digest) = cut(text, text.find('@'));
        // Behind the last slash a colon is that of a tag; before it, that of a port.
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = cut(rest, rest[last..].find(':').map(|colon| last + colon));
        let (registry, repository) = split(name)?;
        tag.map_or(Ok(()), check_tag)?;
        digest.map_or(Ok(()), check_digest)?;
        let (tag, digest) = (tag.map(str::to_owned), digest.map(str::to_owned));
        Ok(Self { registry, repository, tag, digest })
    }
}

/// What stands before a byte, and what behind it.
fn cut(text: &str, at: Option<usize>) -> (&str, Option<&str>) {
    at.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// Registry and repository. What stands before the first slash is a registry where no repository is
/// called so.
fn split(name: &str) -> Result<(String, String), &'static str> {
    let is_registry = |first: &str| {
        first == "localhost"
            || first.contains(['.', ':'])
            || first.contains(|c: char| c.is_ascii_uppercase())
    };
    let (registry, path) = match name.split_once('/') {
        Some((first, path)) if is_registry(first) => (first, path),
        _ => (HUB, name),
    };
    check_registry(registry)?;
    path.split('/').try_for_each(check_component)?;
    let registry = if registry == "index.docker.io" { HUB } else { registry };
    let is_official = registry == HUB && !path.contains('/');
    let repository = if is_official { format!("library/{path}") } else { path.to_owned() };
    match repository.len() <= LONGEST_NAME {
        true => Ok((registry.to_owned(), repository)),
        false => Err("its name is longer than 255 characters"),
    }
}

fn check_registry(registry: &str) -> Result<(), &'static str> {
    // An address of IPv6 has colons in brackets.
    let colon = registry.rfind(':').filter(|colon| registry.rfind(']') < Some(*colon));
    let (host, port) = cut(registry, colon);
    let is_label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty()
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => {
            !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':')
        }
        None => host.split('.').all(is_label),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match is_host && port.is_none_or(is_port) {
        true => Ok(()),
        false => Err("its registry is no name of a host, with or without a port"),
    }
}

/// `[a-z0-9]+`, parted by one dot, one or two underscores, or any dashes.
fn check_component(component: &str) -> Result<(), &'static str> {
    if component.is_empty() {
        return Err("a part of its name is empty");
    }
    if component.contains(|c: char| c.is_uppercase()) {
        return Err("its name has a capital letter");
    }
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator =
        |between: &str| matches!(between, "." | "_" | "__") || between.chars().all(|c| c == '-');
    let ends_well = component.starts_with(is_word) && component.ends_with(is_word);
    match ends_well && component.split(is_word).all(is_separator) {
        true => Ok(()),
        false => {
            Err("its name has more than small letters and digits, parted by `.`, `_`, `__` or `-`")
        }
    }
}

fn check_tag(tag: &str) -> Result<(), &'static str> {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    match tag {
        "" => Err("its tag is empty"),
        _ if tag.len() > LONGEST_TAG => Err("its tag is longer than 128 characters"),
        _ if tag.starts_with(['.', '-']) || !tag.chars().all(is_inner) => Err(
            "its tag has more than letters, digits, `_`, `.` and `-`, or begins with one of the last two",
        ),
        _ => Ok(()),
    }
}

fn check_digest(digest: &str) -> Result<(), &'static str> {
    let is_hex = |hex: &str, digits: usize| {
        hex.len() == digits && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_digest = match digest.split_once(':') {
        Some(("sha256", hex)) => is_hex(hex, 64),
        Some(("sha384", hex)) => is_hex(hex, 96),
        Some(("sha512", hex)) => is_hex(hex, 128),
        _ => false,
    };
    if is_digest { Ok(()) } else { Err("its digest is not sha256: with 64 hex digits") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<[String; 3], &'static str> {
        let Reference { registry, repository, tag, digest } = text.parse()?;
        Ok([registry, repository, tag.or(digest).unwrap_or_default()])
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        for (text, registry, repository, version) in [
            ("redis", "docker.io", "library/redis", ""),
            ("redis:latest", "docker.io", "library/redis", "latest"),
            ("index.docker.io/redis", "docker.io", "library/redis", ""),
            ("redislabs/redis", "docker.io", "redislabs/redis", ""),
            ("docker.io/library/redis:7.2-alpine", "docker.io", "library/redis", "7.2-alpine"),
            ("localhost/a", "localhost", "a", ""),
            ("localhost:5000/a/b:1_2.3-x", "localhost:5000", "a/b", "1_2.3-x"),
            ("h:5000", "docker.io", "library/h", "5000"),
            ("Host/a", "Host", "a", ""),
            ("[::1]:5000/a", "[::1]:5000", "a", ""),
            ("a--b/c__d/e.f_g", "docker.io", "a--b/c__d/e.f_g", ""),
            ("1/2", "docker.io", "1/2", ""),
        ] {
            assert_eq!(read(text).unwrap(), [registry, repository, version], "{text}");
        }
        let digest = format!("sha256:{}", "0a".repeat(32));
        let both: Reference = format!("redis:7@{digest}").parse().unwrap();
        assert_eq!((both.tag.as_deref(), both.digest), (Some("7"), Some(digest)));
    }

    #[test]
    fn what_is_none_is_refused() {
        for (text, why) in [
            ("", "empty"),
            ("redis:", "its tag is empty"),
            ("redis:@", "its tag is empty"),
            ("redis 7", "space"),
            ("redis\n", "space"),
            ("Redis", "capital"),
            ("redislabs/Redis", "capital"),
            ("redis:${RV}", "variable"),
            ("redis:é", "its tag has"),
            ("redis:-1", "its tag has"),
            ("a//b", "empty"),
            ("/a", "empty"),
            ("a/", "empty"),
            ("-a", "its name has"),
            ("a.", "its name has"),
            ("a._b", "its name has"),
            ("a___b", "its name has"),
            ("é", "its name has"),
            ("h:x/a", "its registry"),
            ("-h.x/a", "its registry"),
            ("[::1/a", "its registry"),
            ("redis@sha256:00", "its digest"),
            ("redis@", "its digest"),
            ("https://x/y", "its registry"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(why), "{text:?}: {error}");
        }
        assert!(read(&format!("a:{}", "b".repeat(128))).is_ok());
        assert!(read(&format!("a:{}", "b".repeat(129))).is_err());
        assert!(read(&"a/b".repeat(80)).is_ok());
        assert!(read(&"a/b".repeat(90)).is_err());
    }
}
