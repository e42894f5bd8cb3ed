//! The texts that values are, and what may stand in each.
//!
//! In: what stands in a text. Out: the text as it was typed, or what else it means, or a fault that
//! says what is wanted. Whatever ends a line is refused in all that goes into one line of a
//! Dockerfile: no escape can represent it there.

use super::at::At;
use crate::descriptor::document::{Manager, Platform, Protocol};
use crate::digest::Sha256;

/// Any text of several lines, or words of a command: no system takes a NUL.
pub fn text(at: At<'_>) -> Option<String> {
    at.text("a text without NUL", |text| !text.contains('\0'))
}

/// A value: any text of one line, or none at all.
pub fn value(at: At<'_>) -> Option<String> {
    at.text("a text of one line", is_line)
}

fn is_line(text: &str) -> bool {
    !text.contains(['\n', '\r', '\0'])
}

/// A name, an image, an address and the like.
pub fn name(at: At<'_>) -> Option<String> {
    at.text("a text without control characters", |text| {
        !text.trim().is_empty() && !text.contains(char::is_control)
    })
}

/// A path in an image or beside the file.
pub fn path(at: At<'_>) -> Option<String> {
    at.text("a path", |text| !text.is_empty() && is_line(text))
}

/// A path that begins at the root, on Windows with a drive, or with a variable.
pub fn absolute(at: At<'_>) -> Option<String> {
    at.text("an absolute path", |text| {
        let drive = text.split_once(':').filter(|(drive, path)| {
            drive.len() == 1
                && drive.starts_with(|c: char| c.is_ascii_alphabetic())
                && path.starts_with(['/', '\\'])
        });
        is_line(text) && (text.starts_with(['/', '$']) || drive.is_some())
    })
}

/// A word: nothing that a shell or a Dockerfile would end it at.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Who owns or runs something.
pub fn user(at: At<'_>) -> Option<String> {
    at.text("a user as USER or USER:GROUP", |text| {
        let mut parts = text.split(':');
        parts.by_ref().take(2).all(is_word) && parts.next().is_none()
    })
}

/// The name of a variable or a label: it stands before `=` and without quotes.
pub fn key(at: At<'_>) -> Option<String> {
    at.text("a name without blanks, quotes, = $ and \\", |text| {
        is_word(text) && !text.contains(['=', '"', '\'', '$', '\\', '`'])
    })
}

/// The name of a directive of redis.conf.
pub fn directive(at: At<'_>) -> Option<String> {
    at.text("the name of a directive, in one word,", |text| {
        is_word(text) && !text.contains(['#', '"', '\''])
    })
}

/// The mode of a file.
pub fn mode(at: At<'_>) -> Option<String> {
    at.text("a mode of three or four octal digits, as \"0644\",", |text| {
        matches!(text.len(), 3 | 4) && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
    })
}

/// A package, of some version perhaps, as `python3=3.11`.
pub fn package(at: At<'_>) -> Option<String> {
    at.text("a package, in one word of letters, digits and .+:=~_@/-,", |text| {
        let fits = |c: char| c.is_ascii_alphanumeric() || ".+:=~_@/-".contains(c);
        text.starts_with(|c| fits(c) && c != '-') && text.chars().all(fits)
    })
}

/// The number of a port.
pub fn port(at: At<'_>) -> Option<u16> {
    at.text("a port from 1 to 65535", |text| port_of(text).is_some()).and_then(|it| port_of(&it))
}

fn port_of(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_number && *number > 0)
}

/// Ports as an EXPOSE takes them: `6379`, `6380/udp`, `7000-7005`, `$PORT`, parted by blanks.
pub fn exposed(at: At<'_>) -> Option<String> {
    let is_port = |word: &str| {
        let (ports, protocol) = word.split_once('/').unwrap_or((word, "tcp"));
        let mut ends = ports.splitn(2, '-').map(port_of);
        word.starts_with('$')
            || matches!(protocol, "tcp" | "udp") && ends.all(|number| number.is_some())
    };
    at.text("a port as 6379 or 6380/udp", |text| {
        is_line(text) && text.split_whitespace().all(is_port)
    })
}

/// A digest.
pub fn sha256(at: At<'_>) -> Option<Sha256> {
    let digest = at.text("a sha256 of 64 hex digits", |text| text.parse::<Sha256>().is_ok());
    digest?.parse().ok()
}

/// How a port is talked to.
pub fn protocol(at: At<'_>) -> Option<Protocol> {
    one_of(at, "tcp or udp", &Protocol::ALL)
}

/// A kind of containers.
pub fn platform(at: At<'_>) -> Option<Platform> {
    one_of(at, "linux or windows", &Platform::ALL)
}

/// What installs packages.
pub fn manager(at: At<'_>) -> Option<Manager> {
    one_of(at, "apt-get, apt, yum, dnf, microdnf or apk", &Manager::ALL)
}

fn one_of<T: Copy + AsRef<str>>(at: At<'_>, wanted: &str, all: &[T]) -> Option<T> {
    let text = at.text(wanted, |text| all.iter().any(|each| each.as_ref() == text))?;
    all.iter().find(|each| each.as_ref() == text).copied()
}

#[cfg(test)]
mod tests {
    use crate::descriptor::read;

    /// Values that pass, and such that do not, each as `{}` in an entry.
    #[test]
    fn values_are_what_their_keys_want() {
        let target = |rest: &str| format!("kind: Target\n{rest}");
        let module = |rest: &str| format!("name: n\n{rest}");
        for (text, sound, unsound) in [
            (
                "name: {}".to_owned(),
                vec!["n", "a b", "é"],
                vec!["''", "' '", "[]", "\"a\\nb\"", "\"\\e\""],
            ),
            (
                module("envs: [{name: {}}]"),
                vec!["A", "a.b-c", "É"],
                vec!["A=B", "''", "a b", "'\"'", "a$", "\"\\t\""],
            ),
            (
                module("labels: [{name: a, value: {}}]"),
                vec!["''", "\"a\\tb\"", "'\"$\\'", "0", "~"],
                vec!["\"a\\nb\"", "\"\\r\"", "\"\\0\"", "{}"],
            ),
            (
                module("artifacts: [{source: a, mode: {}}]"),
                vec!["0644", "755", "'0000'"],
                vec!["0888", "64", "00644", "u+x"],
            ),
            (
                module("artifacts: [{source: a, user: {}}]"),
                vec!["0", "a:b", "1000:1000"],
                vec!["a b", "':a'", "'a:'", "'a:b:c'", "\"a\\n\""],
            ),
            (module("artifacts: [{source: a, sha256: {}}]"), vec![], vec!["12ab", "''"]),
            (
                module("artifacts: [{source: {}}]"),
                vec!["a b", "$A/*"],
                vec!["''", "~", "\"a\\nb\""],
            ),
            (
                module("ports: [{value: {}}]"),
                vec!["1", "65535", "'6379'"],
                vec!["0", "65536", "-1", "+1", "6379/udp", "1.0"],
            ),
            (module("ports: [{value: 1, protocol: {}}]"), vec!["tcp", "udp"], vec!["UDP", "sctp"]),
            (
                module("volumes: [{path: {}}]"),
                vec!["/a", "$A/b", "'c:/a'", "'C:\\a'"],
                vec!["a", "./a", "c:a", "1:/a", "''"],
            ),
            (
                module("packages: {manager: {}}"),
                vec!["apt-get", "apt", "yum", "dnf", "microdnf", "apk"],
                vec!["pacman", "APT", "''"],
            ),
            (
                module("packages: {install: [{}]}"),
                vec!["a", "python3=3.11", "g++", "a@b:c", "lib~1_2/x"],
                vec!["''", "-y", "a b", "a;b", "$(a)", "a>b", "é"],
            ),
            (module("config: {{}: 1}"), vec!["save", "rename-command"], vec!["a b", "'#a'", "''"]),
            (
                module("config: {a: {}}"),
                vec!["~", "[a, b]", "''"],
                vec!["{b: c}", "[[a]]", "\"a\\nb\""],
            ),
            (module("script: {}"), vec!["\"a\\nb\""], vec!["\"\\0\"", "[a]"]),
            (module("command: {}"), vec!["a b", "[a, 1, \"\\n\"]"], vec!["{a: b}", "[[a]]", "[~]"]),
            (
                target("expose: {}"),
                vec!["6379", "6379 6380/udp", "[7000-7005, $A]"],
                vec!["0", "a", "1/sctp", "1-", "'-'", "[1, b]", "{a: b}"],
            ),
            (target("platform: {}"), vec!["linux", "windows"], vec!["amiga"]),
            (target("run: {workdir: {}}"), vec!["/a b", "a"], vec!["''", "[a]"]),
            (target("modules: {}"), vec!["[]", "{}", "~"], vec!["all", "1"]),
        ] {
            for value in sound {
                let text = text.replacen("{}", value, 1);
                assert!(read(&text).is_ok(), "{text}\n{:?}", read(&text));
            }
            for value in unsound {
                let fault = read(&text.replacen("{}", value, 1)).unwrap_err();
                let said =
                    [" is wanted, here is ", " has no "].iter().any(|it| fault.what.contains(it));
                assert!(said && fault.others.is_empty(), "{fault:?}");
            }
        }
    }
}
