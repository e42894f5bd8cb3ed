//! What a bundle changes in the documents of a module.yaml.
//!
//! In: a [`Module`] and the documents. Out: an [`Intent`], or a [`Misfit`]. The bundle's entry is the
//! last module of its name (to dockerfile.py a later one replaces an earlier one). Of its artifacts
//! the bundle's own is the one with the same source; else the last whose file name differs from the
//! bundle's in nothing but the version, so that bundles for other platforms stay. Nothing else is
//! touched. How the text is changed is not known here.

use serde_yaml::{Mapping, Value};

use super::find::{Misfit, Room, entries, members, misfit, room};
use super::intent::{Change, Intent, Place, Step, below};
use super::{Artifact, DEFAULT_USER, Module};
use crate::warning::Warning;

/// The keys of a module and of an artifact, in the order in which they are written.
const KEYS: [&str; 10] = [
    "kind",
    "name",
    "version",
    "image",
    "script",
    "artifacts",
    "source",
    "target",
    "user",
    "sha256",
];

/// What shall become of the documents.
pub(super) struct Merged {
    pub intent: Intent,
    /// The place of the bundle's entry; the root, where that is new.
    pub entry: Place,
    pub warnings: Vec<Warning>,
}

/// What `module` changes in `documents`.
pub(super) fn merge(module: &Module, documents: Vec<Value>) -> Result<Merged, Misfit> {
    let mut intent = Intent::new(documents);
    let mut places = entries(&intent, &module.name)?;
    let mut warnings: Vec<Warning> =
        (places.len() > 1).then(|| several(module, places.len())).into_iter().collect();
    let entry = places.pop();
    match &entry {
        Some(entry) => {
            warnings.extend(another(&intent, entry, module)?);
            renew(&mut intent, entry, module)?;
        }
        None => add(&mut intent, module)?,
    }
    Ok(Merged { intent, entry: entry.unwrap_or_default(), warnings })
}

fn several(module: &Module, count: usize) -> Warning {
    let name = &module.name;
    Warning::new(format!("module.yaml has {count} modules named {name}; the last one is renewed"))
        .advise("only the last one counts: remove the others")
}

/// A bundle that is new to an entry which has one already: for another platform, or a leftover of
/// another name. Only a person can tell.
fn another(intent: &Intent, entry: &Place, module: &Module) -> Result<Option<Warning>, Misfit> {
    if own(intent, entry, module)?.is_some() {
        return Ok(None);
    }
    let artifacts = members(intent, &below(entry, Step::Key("artifacts")))?;
    let bundle = |place: Place| {
        let artifact = intent.value(&place);
        let source = artifact.get("source")?.as_str()?;
        (source.ends_with(".zip") && artifact.get("sha256").is_some()).then_some(source)
    };
    Ok(artifacts.into_iter().find_map(bundle).map(|source| {
        let message = format!("module.yaml names another bundle of {} too: {source}", module.name);
        Warning::new(message).advise("remove it, unless the image shall have both")
    }))
}

fn add(intent: &mut Intent, module: &Module) -> Result<(), Misfit> {
    let value = new_entry(module)?;
    match room(intent) {
        Room::List(list) => append(intent, list, value),
        Room::Document => append(intent, Place::new(), value),
        Room::Beside(other) => {
            intent.change(Change::Wrap { at: other.clone() });
            append(intent, other, value);
        }
    }
    Ok(())
}

/// The entry of a module that is not there yet: an entry without anything, renewed.
fn new_entry(module: &Module) -> Result<Value, Misfit> {
    let name = [("kind", "Module"), ("name", &module.name)];
    let bare: Mapping = name.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    let mut alone = Intent::new(vec![Value::Mapping(bare)]);
    let place = vec![Step::Index(0)];
    renew(&mut alone, &place, module)?;
    Ok(alone.value(&place).clone())
}

fn renew(intent: &mut Intent, entry: &Place, module: &Module) -> Result<(), Misfit> {
    put(intent, entry, "version", Some(&module.version))?;
    put(intent, entry, "image", module.image.as_ref())?;
    let bundle = own(intent, entry, module)?;
    put_artifact(intent, entry, bundle, &module.bundle, Some(module.sha256.to_string()))?;
    for artifact in &module.artifacts {
        let found = with_source(intent, entry, &artifact.source)?;
        put_artifact(intent, entry, found, artifact, None)?;
    }
    Ok(())
}

/// The artifact that is this bundle, or an earlier one of the same module and platform.
fn own(intent: &Intent, entry: &Place, module: &Module) -> Result<Option<Place>, Misfit> {
    let same = with_source(intent, entry, &module.bundle.source)?;
    let earlier = || {
        let artifacts = members(intent, &below(entry, Step::Key("artifacts"))).unwrap_or_default();
        let is_earlier = |place: &Place| {
            intent.value(place).get("source").and_then(Value::as_str).is_some_and(|source| {
                differs_in_version(source, &module.bundle.source, &module.version)
            })
        };
        artifacts.into_iter().rev().find(is_earlier)
    };
    Ok(same.or_else(earlier))
}

/// Is `old` named as `new` is, but for another version where `version` stands in `new`?
fn differs_in_version(old: &str, new: &str, version: &str) -> bool {
    let file_name = |path: &'_ str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let new = file_name(new);
    let Some((before, after)) = new.rsplit_once(version) else { return false };
    file_name(old)
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
        .is_some_and(|other| other.starts_with(|first: char| first.is_ascii_digit()))
}

/// The artifact with that source.
fn with_source(intent: &Intent, entry: &Place, source: &str) -> Result<Option<Place>, Misfit> {
    let artifacts = members(intent, &below(entry, Step::Key("artifacts")))?;
    for place in artifacts {
        match intent.value(&place).as_mapping() {
            None => return misfit(place, "an artifact is a mapping with a `source`"),
            Some(artifact) if artifact.get("source").and_then(Value::as_str) == Some(source) => {
                return Ok(Some(place));
            }
            Some(_) => {}
        }
    }
    Ok(None)
}

/// Renews the artifact that was found, or adds one.
fn put_artifact(
    intent: &mut Intent,
    entry: &Place,
    found: Option<Place>,
    artifact: &Artifact,
    sha256: Option<String>,
) -> Result<(), Misfit> {
    let Some(place) = found else {
        append_artifact(intent, entry, new_artifact(artifact, sha256));
        return Ok(());
    };
    put(intent, &place, "source", Some(&artifact.source))?;
    put(intent, &place, "target", artifact.target.as_ref())?;
    put(intent, &place, "user", artifact.user.as_ref())?;
    put(intent, &place, "sha256", sha256.as_ref())
}

fn new_artifact(artifact: &Artifact, sha256: Option<String>) -> Value {
    let user = artifact.user.as_deref().unwrap_or(DEFAULT_USER).to_owned();
    let keys = [
        ("source", Some(artifact.source.clone())),
        ("target", artifact.target.clone()),
        ("user", Some(user)),
        ("sha256", sha256),
    ];
    let given = keys.into_iter().filter_map(|(key, value)| Some((key.into(), value?.into())));
    Value::Mapping(given.collect())
}

fn append_artifact(intent: &mut Intent, entry: &Place, artifact: Value) {
    let list = below(entry, Step::Key("artifacts"));
    match intent.value(entry).get("artifacts") {
        Some(_) => append(intent, list, artifact),
        None => insert(intent, entry, "artifacts", Value::Sequence(vec![artifact])),
    }
}

/// Adds an item to a list that is there, be it empty.
fn append(intent: &mut Intent, list: Place, item: Value) {
    let empty = intent.value(&list).as_sequence().is_none_or(Vec::is_empty);
    intent.change(match empty && !list.is_empty() {
        true => Change::Set { at: list, value: Value::Sequence(vec![item]) },
        false => Change::Push { at: list, value: item },
    });
}

/// Gives a key a text, if there is one to give and the key does not have it.
fn put(
    intent: &mut Intent,
    owner: &Place,
    key: &'static str,
    text: Option<&String>,
) -> Result<(), Misfit> {
    let Some(text) = text else { return Ok(()) };
    let place = below(owner, Step::Key(key));
    match intent.value(owner).get(key) {
        None => insert(intent, owner, key, text.clone().into()),
        Some(Value::String(now)) if now == text => {}
        Some(Value::Mapping(_) | Value::Sequence(_)) => {
            return misfit(place, format!("`{key}` is not a text"));
        }
        Some(_) => intent.change(Change::Set { at: place, value: text.clone().into() }),
    }
    Ok(())
}

/// Gives a mapping a new key, behind the last of those that stand before it in [`KEYS`].
fn insert(intent: &mut Intent, owner: &Place, key: &'static str, value: Value) {
    let has = |key: &&&str| intent.value(owner).get(**key).is_some();
    let behind = KEYS.iter().take_while(|known| **known != key).filter(has).last();
    let behind = behind.copied().unwrap_or("name");
    intent.change(Change::Insert { at: owner.clone(), behind, key, value });
}

#[cfg(test)]
mod tests {
    use super::differs_in_version;

    #[test]
    fn an_earlier_bundle_of_the_same_platform() {
        let new = "$REDIS_MODULES/hello.Linux-x86_64.1.2.3.zip";
        for (old, is_earlier) in [
            ("$REDIS_MODULES/hello.Linux-x86_64.1.2.2.zip", true),
            ("/usr/lib/redis/modules/hello.Linux-x86_64.0.9.10-rc.1.zip", true),
            ("hello.Linux-x86_64.1.2.3.zip", true),
            ("$REDIS_MODULES/hello.Linux-aarch64.1.2.2.zip", false),
            ("$REDIS_MODULES/hello.Linux-x86_64.debug.1.2.2.zip", false),
            ("$REDIS_MODULES/hello2.Linux-x86_64.1.2.2.zip", false),
            ("$REDIS_MODULES/hello.so", false),
        ] {
            assert_eq!(differs_in_version(old, new, "1.2.3"), is_earlier, "{old}");
        }
        assert!(!differs_in_version("module.zip", "other.zip", "1.2.3"));
    }
}
