//! Versions: the module's own, and those of the Redis it is for.

use semver::Version;
use serde_json::Value;

use super::values::{quoted, shown};
use super::{Rules, Said, Target};
use crate::finding::{Finding, Severity};
use crate::metadata::semantic_version;

/// Major and minor version.
type Series = (u64, u64);

/// What the manifests of Redis' own modules say between releases.
const PLACEHOLDER: Series = (99, 99);

/// All findings about versions.
pub fn judge(said: &Said, rules: Rules) -> Vec<Finding> {
    let text = |name: &str| said.get(name)?.as_str();
    let (minimum, compatible) = (text("min_redis_version"), text("compatible_redis_version"));
    let findings = [
        said.get("version").and_then(|version| module_version(version, rules)),
        text("semantic_version").and_then(|text| semantic(text, said.get("version"))),
        (!said.contains_key("compatible_redis_version")).then(|| no_compatible(rules)),
        compatible.and_then(|text| redis("compatible_redis_version", text, "7.4", 2)),
        minimum.and_then(|text| redis("min_redis_version", text, "7.4 or 7.4.1", 3)),
        compatible.and_then(|text| below_minimum(text, minimum?)),
        compatible.and_then(|text| databases(series(text, 2)?, rules)),
        text("min_redis_pack_version").and_then(|text| pack(text, rules)),
    ];
    findings.into_iter().flatten().collect()
}

/// The number that a version is, also where it is written as a float or a text.
fn number(version: &Value) -> Option<u64> {
    let read = version.as_f64().or_else(|| version.as_str()?.trim().parse().ok());
    let whole = read.filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number));
    version.as_u64().or(whole.map(|number| number as u64))
}

/// The reference packer writes 10203.0, and its unpacker takes a text too; documentation says integer,
/// and there are clients that take nothing else.
fn module_version(version: &Value, rules: Rules) -> Option<Finding> {
    let is = format!("version is {}", shown(version));
    match number(version) {
        None => {
            let message = format!("{is}, and must be a whole number");
            Some(Finding::error("module_version_not_integer", message))
        }
        Some(0) => {
            let message = format!("{is}, which readers take for none");
            Some(Finding::error("module_version_missing", message))
        }
        Some(_) if version.is_u64() => None,
        Some(number) => {
            let message = format!("{is}, and should be the integer {number}");
            Some(rules.strictly(Finding::warning("module_version_form", message)))
        }
    }
}

fn semantic(text: &str, version: Option<&Value>) -> Option<Finding> {
    let Ok(semantic) = Version::parse(text) else {
        let message = format!("semantic_version is {}, and must be as 1.2.3", quoted(text));
        return Some(Finding::warning("semantic_version_form", message));
    };
    let number = number(version?).filter(|number| *number != 0)?;
    let encoded = [(semantic.major, 10_000), (semantic.minor, 100), (semantic.patch, 1)]
        .into_iter()
        .try_fold(0u64, |sum, (part, factor)| sum.checked_add(part.checked_mul(factor)?));
    let message = format!(
        "version {number} is {}, and semantic_version is {}",
        semantic_version(number),
        quoted(text)
    );
    (encoded != Some(number)).then(|| Finding::warning("versions_contradict", message))
}

/// Kubernetes refuses it; elsewhere no module can be chosen for a database without it.
fn no_compatible(rules: Rules) -> Finding {
    let message = "compatible_redis_version is missing; it must equal that of a database";
    let finding = Finding::warning("redis_version_missing", message);
    let finding = finding.advise("give the Redis version of the databases it is for, as 7.4");
    let is_refused = rules.strict || rules.target == Some(Target::K8s);
    Finding { severity: if is_refused { Severity::Error } else { Severity::Warning }, ..finding }
}

/// The series of a version with two to `most` parts.
fn series(text: &str, most: usize) -> Option<Series> {
    let is_number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('.').collect();
    let all_numbers = parts.iter().all(is_number);
    let [major, minor, ..] = parts[..] else { return None };
    let is_formed = all_numbers && parts.len() <= most;
    is_formed.then(|| Some((major.parse().ok()?, minor.parse().ok()?))).flatten()
}

fn redis(name: &str, text: &str, form: &str, most: usize) -> Option<Finding> {
    let is = format!("{name} is {}", quoted(text));
    match series(text, most) {
        None => Some(Finding::error("redis_version_form", format!("{is}, and must be as {form}"))),
        Some(PLACEHOLDER) => {
            let message = format!("{is}, a placeholder that no database has");
            Some(Finding::error("redis_version_placeholder", message))
        }
        Some(_) => None,
    }
}

fn below_minimum(compatible: &str, minimum: &str) -> Option<Finding> {
    let least = series(minimum, 3).filter(|least| *least != PLACEHOLDER)?;
    let message = format!(
        "compatible_redis_version is {}, and min_redis_version is {}",
        quoted(compatible),
        quoted(minimum)
    );
    (series(compatible, 2)? < least).then(|| Finding::warning("redis_versions_contradict", message))
}

fn databases(version: Series, rules: Rules) -> Option<Finding> {
    let lacks = |target: &Target| !target.databases().contains(&version);
    let without: Vec<Target> = Target::ALL.into_iter().filter(lacks).collect();
    let message = format!("databases must run Redis {}.{}", version.0, version.1);
    let is_newer = |target: Target| {
        target.gets_databases() && target.databases().last().is_some_and(|newest| version > *newest)
    };
    let finding = (version != PLACEHOLDER)
        .then(|| rules.audience("redis_version_elsewhere", &message, &without))??;
    match rules.target.is_some_and(is_newer) {
        true => Some(Finding { severity: Severity::Warning, ..finding }),
        false => Some(finding),
    }
}

fn pack(text: &str, rules: Rules) -> Option<Finding> {
    let is = format!("min_redis_pack_version is {}", quoted(text));
    let Some(least) = series(&text.replace('-', "."), 5) else {
        let message = format!("{is}, and must be as 7.2 or 7.2.4");
        return Some(Finding::warning("redis_pack_version_form", message));
    };
    let is_older = |target: &Target| target.version().is_some_and(|version| version < least);
    let older: Vec<Target> = Target::ALL.into_iter().filter(is_older).collect();
    rules.audience("min_redis_pack_version", &is, &older)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_of_versions() {
        for (version, expected) in [
            (json!(10203), Some(10203)),
            (json!(10203.0), Some(10203)),
            (json!("10203"), Some(10203)),
            (json!("10203.0"), Some(10203)),
            (json!(1.5), None),
            (json!(-1), None),
            (json!(1e300), None),
            (json!("inf"), None),
            (json!("1.2.3"), None),
            (json!(true), None),
        ] {
            assert_eq!(number(&version), expected, "{version}");
        }
    }

    #[test]
    fn series_of_versions() {
        for (text, most, expected) in [
            ("7.4", 2, Some((7, 4))),
            ("8.10", 2, Some((8, 10))),
            ("7.4.1", 2, None),
            ("7.4.1", 3, Some((7, 4))),
            ("7", 3, None),
            ("7.", 3, None),
            ("7.4.", 3, None),
            ("", 3, None),
            ("7.x", 3, None),
            ("+7.4", 3, None),
            ("99999999999999999999.1", 3, None),
        ] {
            assert_eq!(series(text, most), expected, "{text}");
        }
    }
}
