//! What a redis.conf would make of a server that nobody wants.
//!
//! In: a [`RedisConf`]. Out: warnings. Source: when a server refuses strangers, in `networking.c`:
//! in protected mode, and while its user `default` needs no password.

use super::{RedisConf, directive};
use crate::nearest::nearest;
use crate::warning::Warning;
use crate::wording::tame;

impl RedisConf {
    /// What its user should know.
    pub fn warnings(&self) -> Vec<Warning> {
        let open = self.is_open().then(|| {
            Warning::new(
                "redis.conf lets anyone who reaches the server do anything: it has `protected-mode \
                 no`, binds to every address, and asks for no password",
            )
            .advise(
                "set requirepass or a `user default` with a password, bind to addresses that only \
                 trusted clients reach, or leave protected-mode on",
            )
        });
        open.into_iter().chain(self.misspelled()).collect()
    }

    /// Whether strangers are let in.
    fn is_open(&self) -> bool {
        let is = |name, value: &[u8]| self.last(name).is_some_and(|words| words == [value]);
        is("protected-mode", b"no")
            && self.last("bind").is_none_or(|addresses| addresses.iter().any(|it| is_any(it)))
            && !self.asks_for_a_password()
    }

    fn asks_for_a_password(&self) -> bool {
        let is_default = |words: &&[Vec<u8>]| words.first().is_some_and(|name| name == b"default");
        match self.values("user").filter(is_default).last() {
            Some(words) => !needs_no_password(&words[1..]),
            None => {
                let password = self.last("requirepass").and_then(<[Vec<u8>]>::first);
                password.is_some_and(|it| !it.is_empty()) || self.last("aclfile").is_some()
            }
        }
    }

    /// The words of the line that a server heeds.
    fn last(&self, directive: &str) -> Option<&[Vec<u8>]> {
        self.values(directive).last()
    }

    /// Directives that are not known, where a known one looks much like them; others may be a
    /// module's own.
    fn misspelled(&self) -> impl Iterator<Item = Warning> {
        let names = self.lines.iter().filter_map(|line| Some(&line.sets.as_ref()?.0));
        names.filter_map(|name| {
            let is_known = name.contains('.') || directive::known().any(|it| it == name);
            let meant = *nearest(name, directive::known(), 1).first().filter(|_| !is_known)?;
            let (name, close) = (tame(name), strsim::damerau_levenshtein(name, meant) <= 2);
            close.then(|| {
                Warning::new(format!("no server is known that has the directive {name}")).advise(
                    format!(
                        "is {meant} meant? A server does not start where it has no such directive"
                    ),
                )
            })
        })
    }
}

/// Whether an address stands for all; a `-` before it allows that it is not there.
fn is_any(address: &[u8]) -> bool {
    let address = address.strip_prefix(b"-").unwrap_or(address);
    [&b"*"[..], b"0.0.0.0", b"::"].contains(&address)
}

/// Whether these rules, which begin from nothing, end with a user who needs no password.
fn needs_no_password(rules: &[Vec<u8>]) -> bool {
    let (mut on, mut no_password) = (false, false);
    for rule in rules {
        match rule.to_ascii_lowercase().as_slice() {
            b"on" => on = true,
            b"off" => on = false,
            b"nopass" => no_password = true,
            b"resetpass" | [b'>' | b'#', ..] => no_password = false,
            b"reset" => (on, no_password) = (false, false),
            _ => {}
        }
    }
    on && no_password
}
