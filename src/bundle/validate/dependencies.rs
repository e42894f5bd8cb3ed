//! Dependencies: what `module.json` says of them, and what lies in `deps/`.
//!
//! Redis Enterprise up to 7.22 downloads each from its url; from 8.0 on it looks for an entry that is
//! named as the file of the url. The reference packer names entries after the dependency.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::values::{quoted, shown};
use super::{Opened, Rules, Said, Target};
use crate::archive::zip::Kind;
use crate::bundle::dependency::{FIELDS, REQUIRED, entry_path, entry_paths, sound_url};
use crate::digest::Sha256;
use crate::finding::{Finding, Severity};
use crate::http::login_of;
use crate::manifest::Dependency;

/// The files in `deps/`, with their digests as far as these are known.
pub type Embedded<'a> = BTreeMap<&'a str, Option<Sha256>>;

/// Those of a bundle.
pub fn embedded(opened: &Opened) -> Embedded<'_> {
    let files = opened.dependencies().filter(|(record, _)| record.kind == Kind::File);
    files.map(|(record, digest)| (record.name.as_str(), digest)).collect()
}

/// All findings about dependencies.
pub fn judge(said: &Said, embedded: &Embedded, rules: Rules) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for field in FIELDS {
        let is_optional = field != REQUIRED;
        let named = said.get(field).and_then(Value::as_object);
        for (name, value) in named.into_iter().flatten() {
            let Some(said) = value.as_object() else {
                findings.push(not_a_mapping(name, value));
                continue;
            };
            let one = One { name, said, embedded, rules };
            used.extend(one.entry());
            let found = one.judge().into_iter();
            findings.extend(found.map(|it| if is_optional { milder(it) } else { it }));
        }
    }
    findings
        .extend(embedded.keys().filter(|name| !used.contains(**name)).map(|name| unnamed(name)));
    findings
}

fn not_a_mapping(name: &str, value: &Value) -> Finding {
    let message = format!("dependency {} is {}, and must be a mapping", quoted(name), shown(value));
    Finding::error("dependency_type_wrong", message)
}

/// A module works without it; bytes that are not those which were meant stay an error.
fn milder(finding: Finding) -> Finding {
    let severity = match finding.severity {
        Severity::Error if finding.code != "dependency_sha256_contradicts" => Severity::Warning,
        Severity::Warning => Severity::Note,
        severity => severity,
    };
    Finding { severity, ..finding }
}

/// What lies in `deps/` and is no dependency.
fn unnamed(entry: &str) -> Finding {
    let message = format!("{} is the file of no dependency", quoted(entry));
    Finding::warning("dependency_unnamed", message).advise("nothing will use it")
}

/// One dependency, and what lies in `deps/` of its bundle.
struct One<'a> {
    name: &'a str,
    said: &'a Said,
    embedded: &'a Embedded<'a>,
    rules: Rules,
}

impl One<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.said.get(key)?.as_str()
    }

    fn message(&self, is: &str) -> String {
        format!("dependency {} {is}", quoted(self.name))
    }

    fn error(&self, code: &'static str, is: &str) -> Finding {
        Finding::error(code, self.message(is))
    }

    /// Where Redis Enterprise 8 looks for it.
    fn place(&self) -> Option<String> {
        let url = self.text("url").map(str::to_owned);
        entry_path(self.name, &Dependency { url, ..Dependency::default() }).ok()
    }

    /// Where it is.
    fn entry(&self) -> Option<String> {
        entry_paths(self.name, self.text("url"))
            .find(|place| self.embedded.contains_key(place.as_str()))
    }

    fn judge(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = ["url", "sha256"]
            .into_iter()
            .filter_map(|key| self.wrong_type(key))
            .chain(self.unknown_keys())
            .collect();
        findings.extend([self.url(), self.sha256(), self.embedded()].into_iter().flatten());
        findings
    }

    fn wrong_type(&self, key: &str) -> Option<Finding> {
        let value = self.said.get(key).filter(|value| !value.is_string())?;
        let is = format!("has the {key} {}, and must have a text", shown(value));
        Some(self.error("dependency_type_wrong", &is))
    }

    fn unknown_keys(&self) -> impl Iterator<Item = Finding> {
        let unknown = self.said.keys().filter(|key| !["url", "sha256"].contains(&key.as_str()));
        unknown.map(|key| {
            let is = format!("has {}, which is not known", quoted(key));
            Finding::warning("dependency_field_unknown", self.message(&is))
        })
    }

    fn url(&self) -> Option<Finding> {
        let Some(url) = self.said.get("url") else {
            let is = "has no url, from which others than Redis Enterprise 8 would download it";
            return Some(match self.entry() {
                Some(_) => Finding::note("dependency_url_missing", self.message(is)),
                None => self.error("dependency_url_missing", "has no url, and is not embedded"),
            });
        };
        let url = url.as_str()?;
        match sound_url(url) {
            Err(why) => {
                let is = format!("has the url {}: {why}", quoted(url));
                Some(self.error("dependency_url_invalid", &is))
            }
            Ok(url) if login_of(&url).is_some() => {
                let is = "has a login in its url, which everybody can read who has the bundle";
                let finding = Finding::warning("dependency_url_login", self.message(is));
                Some(finding.advise("leave it out, and embed the file"))
            }
            Ok(_) => None,
        }
    }

    fn sha256(&self) -> Option<Finding> {
        let Some(said) = self.said.get("sha256") else {
            return Some(self.error("dependency_sha256_missing", "has no sha256"));
        };
        let text = said.as_str()?;
        let Ok(said) = text.parse::<Sha256>() else {
            let is = format!("has the sha256 {}, and must have 64 hex digits", quoted(text));
            return Some(self.error("dependency_sha256_invalid", &is));
        };
        let place = self.entry()?;
        let actual = (*self.embedded.get(place.as_str())?)?;
        let is = format!("has the sha256 {said}, and that of {} is {actual}", quoted(&place));
        (said != actual).then(|| self.error("dependency_sha256_contradicts", &is))
    }

    /// Whether it is where Redis Enterprise 8 looks for it.
    fn embedded(&self) -> Option<Finding> {
        let place = self.place().filter(|_| self.text("url").is_some())?;
        let looks = |target: &Target| !target.downloads();
        let looking: Vec<Target> = Target::ALL.into_iter().filter(looks).collect();
        match self.entry() {
            Some(there) if there == place => None,
            Some(there) => {
                let is = format!("is {}, and looked for as {}", quoted(&there), quoted(&place));
                self.rules.demand("dependency_misnamed", &self.message(&is), &looking)
            }
            None => {
                let is = self.message(&format!("is not embedded as {}", quoted(&place)));
                let finding = self.rules.demand("dependency_not_embedded", &is, &looking);
                let advice = "embed it: rampkit pack --embed-deps";
                let downloaded = || Finding::note("dependency_not_embedded", is.clone());
                Some(finding.map_or_else(downloaded, |finding| finding.advise(advice)))
            }
        }
    }
}
