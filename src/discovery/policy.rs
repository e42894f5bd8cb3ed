//! Where a module is loaded: here, in a server, or in both.
//!
//! In: a module and a [`Loading`]. Out: a [`Discovery`]. What was learnt here is trusted unless
//! something raised a doubt; then, and where it failed, a server is asked, if there is one.

use super::compare::differences;
use super::host::{self, Hosted};
use super::server::{self, Served, Server};
use super::{Discovery, Loading, Source, Subject, Way};
use crate::error::{Diagnosis, DiscoveryError, Error};
use crate::warning::Warning;

/// Loads it where it shall be loaded.
///
/// # Errors
/// Those of [`host::discover`] and [`server::discover`]; [`DiscoveryError::Differs`].
pub fn load(subject: &Subject, loading: &Loading) -> Result<Discovery, Error> {
    match loading.way {
        Way::Auto => auto(subject, loading),
        Way::Embedded => Ok(trusted(host(subject, loading)?, loading)),
        Way::Server => Ok(by_server(server(subject, loading)?, None)),
        Way::Both => both(subject, loading),
    }
}

fn host(subject: &Subject, loading: &Loading) -> Result<Hosted, Error> {
    host::discover(subject, loading.profile, loading.timeout)
}

fn server(subject: &Subject, loading: &Loading) -> Result<Served, Error> {
    let program = Server::find(loading.server.as_deref())?;
    let (timeout, redis_args) = (loading.timeout, &loading.redis_args);
    server::discover(subject, &Server { program, timeout, redis_args })
}

/// Whoever wants no server is told of doubts, and not warned.
fn trusted(answer: Hosted, loading: &Loading) -> Discovery {
    let source = Source::Embedded(loading.profile, told(&answer.doubts));
    Discovery { discovered: answer.discovered, source, warnings: Vec::new(), log: answer.log }
}

fn embedded(answer: Hosted, loading: &Loading) -> Discovery {
    let warning = |why| {
        Warning::new(format!("a redis-server might see more or less: {why}"))
            .advise("let one tell: --discovery server --redis-server PATH")
    };
    let warnings = told(&answer.doubts).map(warning).into_iter().collect();
    let source = Source::Embedded(loading.profile, None);
    Discovery { discovered: answer.discovered, source, warnings, log: answer.log }
}

/// All doubts as one text, if there are any; of those that differ in their last word alone, the words
/// before it are told once.
fn told(doubts: &[String]) -> Option<String> {
    let mut told = doubts.first()?.clone();
    for pair in doubts.windows(2).filter(|pair| pair[0] != pair[1]) {
        match [&pair[0], &pair[1]].map(|doubt| doubt.rsplit_once(' ')) {
            [Some((before, _)), Some((kind, what))] if before == kind => {
                told += &format!(", {what}");
            }
            _ => told += &format!("; {}", pair[1]),
        }
    }
    Some(told)
}

fn by_server(Served { discovered, name, log }: Served, why: Option<String>) -> Discovery {
    Discovery { discovered, source: Source::Server { name, why }, warnings: Vec::new(), log }
}

/// The answer of a server that was not asked for. One of another series may show other flags.
fn by_other_server(found: Served, why: String, loading: &Loading) -> Discovery {
    let profile = loading.profile;
    let (major, minor, _) = profile.version;
    let series = format!("{:?} {major}.{minor}", profile.product);
    let warning = format!("{} answers in place of {series}, and may show other flags", found.name);
    let is_other = !found.name.starts_with(&format!("{series}."));
    let mut discovery = by_server(found, Some(why));
    if is_other && loading.redis_args.is_empty() {
        discovery.warnings.push(
            Warning::new(warning).advise("name a server of that version: --redis-server PATH"),
        );
    }
    discovery
}

fn auto(subject: &Subject, loading: &Loading) -> Result<Discovery, Error> {
    match host(subject, loading) {
        Ok(mut answer) => {
            if !loading.redis_args.is_empty() {
                answer.doubts.push("there are options for a redis-server".to_owned());
            }
            match answer.doubts.is_empty() {
                true => Ok(embedded(answer, loading)),
                false => settle(answer, subject, loading),
            }
        }
        Err(Error::Discovery(DiscoveryError::NotHosted(diagnosis))) => {
            after_failure(diagnosis, subject, loading)
        }
        Err(error) => Err(error),
    }
}

/// Lets a server decide what is in doubt. Where none can, the answer stands, with warnings; but options
/// that are for a server are either used or wrong.
fn settle(answer: Hosted, subject: &Subject, loading: &Loading) -> Result<Discovery, Error> {
    let unsettled = match server(subject, loading) {
        Ok(found) => {
            let why = told(&answer.doubts).unwrap_or_default();
            return Ok(by_other_server(found, why, loading));
        }
        Err(Error::Discovery(DiscoveryError::NoServer)) => None,
        Err(error) if !loading.redis_args.is_empty() => return Err(error),
        Err(error) => Some(Warning::new(format!("no redis-server could tell: {error}"))),
    };
    let mut discovery = embedded(answer, loading);
    discovery.warnings.extend(unsettled);
    Ok(discovery)
}

/// Tries a server where loading here failed; where both fail, the diagnosis of ours tells more.
fn after_failure(
    mut diagnosis: Box<Diagnosis>,
    subject: &Subject,
    loading: &Loading,
) -> Result<Discovery, Error> {
    match server(subject, loading) {
        Ok(found) => {
            let why = format!("imitating {} {}", loading.profile, diagnosis.fault);
            Ok(by_other_server(found, why, loading))
        }
        Err(Error::Discovery(DiscoveryError::NoServer)) => {
            Err(DiscoveryError::NotHosted(diagnosis).into())
        }
        Err(error) => {
            diagnosis.server = Some(Err(error.to_string()));
            Err(DiscoveryError::NotHosted(diagnosis).into())
        }
    }
}

fn both(subject: &Subject, loading: &Loading) -> Result<Discovery, Error> {
    let Served { discovered: theirs, name, log } = server(subject, loading)?;
    let ours = match host(subject, loading) {
        Err(Error::Discovery(DiscoveryError::NotHosted(mut diagnosis))) => {
            diagnosis.server = Some(Ok(name));
            return Err(DiscoveryError::NotHosted(diagnosis).into());
        }
        ours => ours?.discovered,
    };
    let table = differences(&ours, &theirs, [&loading.profile.to_string(), &name]);
    match table.is_empty() {
        true => {
            let source = Source::Both(loading.profile, name);
            Ok(Discovery { discovered: ours, source, warnings: Vec::new(), log })
        }
        false => {
            let (module, profile) = (subject.path.to_owned(), loading.profile.to_string());
            Err(DiscoveryError::Differs { module, profile, server: name, table }.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn doubts_of_a_kind_are_told_once() {
        let doubts =
            ["it calls TIME", "it calls TIME", "it calls GET", "it asks for INFO", "a b", "a b c"];
        let doubts = doubts.map(str::to_owned);
        let expected = "it calls TIME, GET; it asks for INFO; a b; a b c";
        assert_eq!(told(&doubts).as_deref(), Some(expected));
        assert_eq!(told(&[]), None);
    }
}
