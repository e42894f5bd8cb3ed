//! The redis.conf of an image.
//!
//! In: `config` of all contributors, and the text to begin from. Out: its text, and where it lies. What
//! a server reads is known by [`redis_conf`](crate::redis_conf).

use super::command::landed;
use super::contributor::Contributor;
use super::copies::{From, Landing};
use super::variables::Variables;
use crate::assembly::{Copy, Request};
use crate::descriptor::document::Directive;
use crate::error::Error;
use crate::redis_conf::{Changes, Fault, RedisConf};
use crate::warning::Warning;

/// What it is called in the build context.
pub(super) const IN_CONTEXT: &str = "redis.conf";

/// A redis.conf.
pub(super) struct Config {
    pub text: String,
    /// Where it lies in the image.
    pub path: &'static str,
    pub warnings: Vec<Warning>,
}

impl Config {
    /// How it comes there.
    pub fn copy(&self) -> Copy {
        Copy {
            stage: None,
            source: IN_CONTEXT.to_owned(),
            target: self.path.to_owned(),
            user: None,
            mode: None,
            sha256: None,
        }
    }

    /// Where it comes to lie.
    pub fn landing(&self, target: &Contributor) -> Landing {
        Landing {
            who: target.index,
            label: "the redis.conf of `config`".to_owned(),
            from: From::File(IN_CONTEXT.into()),
            written: self.path.to_owned(),
            path: Some(self.path.to_owned()),
        }
    }
}

/// The redis.conf; none where nobody has directives, and there is no text to begin from.
///
/// # Errors
/// What no server reads.
pub(super) fn config(
    request: &Request,
    all: &[Contributor],
    landings: &[Landing],
    variables: &Variables,
) -> Result<Option<Config>, Error> {
    let (mut changes, mut warnings) = (Changes::default(), Vec::new());
    for (index, who) in all.iter().enumerate() {
        let own: Vec<&Landing> =
            landings.iter().filter(|landing| landing.who == index || who.is_target).collect();
        let mut asked = Changes::default();
        for directive in who.definition.config.iter().flatten() {
            let lines = lines(who, directive, &own, variables, &mut warnings);
            asked.set(&directive.name, &lines).map_err(|fault| refused(who, &fault))?;
        }
        changes = changes.then(asked);
    }
    if changes.is_empty() && request.redis_conf.is_none() {
        return Ok(None);
    }
    let target = Contributor::target(request);
    let before = request.redis_conf.as_deref().unwrap_or_default();
    let before = RedisConf::parse(before).map_err(|fault| refused(&target, &fault))?;
    let conf = before.with(&changes);
    warnings.extend(conf.warnings());
    let path = if target.is_windows() { "C:/redis/redis.conf" } else { "/etc/redis/redis.conf" };
    Ok(Some(Config { text: conf.to_string(), path, warnings }))
}

/// What stands behind a directive; a module where its artifact lands.
fn lines(
    who: &Contributor,
    directive: &Directive,
    landings: &[&Landing],
    variables: &Variables,
    warnings: &mut Vec<Warning>,
) -> Vec<String> {
    if !directive.name.eq_ignore_ascii_case("loadmodule") {
        return directive.values.clone();
    }
    let line = |value: &String| {
        let (path, rest) = value.split_at(value.find(char::is_whitespace).unwrap_or(value.len()));
        if path.contains(['"', '\'']) {
            return value.clone();
        }
        let (path, warning) = landed(who, path.to_owned(), landings, variables);
        warnings.extend(warning);
        path + rest
    };
    directive.values.iter().map(line).collect()
}

fn refused(who: &Contributor, fault: &Fault) -> Error {
    who.cannot(format!("config: {fault}"), fault.hint())
}
