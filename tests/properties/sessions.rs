//! Packing, validating, unpacking, and packing again what was unpacked.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use rampkit::archive::Settings;
use rampkit::bundle::{
    self, Bundle, Naming, Opened, Request, Rules, Sources, Unpacking, Wanted, extract, validate,
};
use rampkit::discovery::Method;
use rampkit::error::Error;
use rampkit::finding::Severity;
use rampkit::manifest::{Dependencies, Layer, Variables};
use rampkit::progress::Meter;
use serde_json::{Map, Value};

use super::holds;
use super::manifest::{assignments, manifest, registered};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(what_was_packed_is_valid_and_packs_again)]
}

/// What is packed: a manifest, what the module registers, and values that are set.
type Case = (Map<String, Value>, Value, Vec<String>);

const CASES: u32 = 150;

/// In what pack writes validate finds the errors that pack has warned of, and no other; and from what
/// it is unpacked to the same file is packed again.
fn what_was_packed_is_valid_and_packs_again() {
    let sandbox = Sandbox::new();
    sandbox.module("hello");
    sandbox.ok("echo 1 >one.tgz; echo 2 >two; mkdir -p folder/sub; ln -s sub folder/link");
    let packed = Cell::new(0);
    let cases = (manifest(), registered(), assignments());
    holds(CASES, &cases, |case| packs_again(&sandbox, &case, &packed));
    assert!(packed.get() > CASES / 2, "only {} of them could be packed", packed.get());
}

fn packs_again(sandbox: &Sandbox, case: &Case, packed: &Cell<u32>) -> TestCaseResult {
    let (manifest, registered, assignments) = case;
    let one = sandbox.path("one.zip");
    sandbox.ok("rm -rf one.zip two.zip out");
    // What cannot be packed is not of interest here.
    let Ok(options) = Layer::from_assignments(assignments) else { return Ok(()) };
    let request = Request {
        module: sandbox.path("hello.so"),
        manifest: Some(sandbox.write("ramp.yml", serde_yaml::to_string(manifest).unwrap()).into()),
        options,
        discovery: Method::File(sandbox.write("commands.json", registered.to_string())),
        ..plain(Vec::new())
    };
    let Ok(bundle) = pack(&request, &one) else { return Ok(()) };
    packed.set(packed.get() + 1);

    let opened = Opened::read(&one).unwrap();
    let found = validate(&opened, Rules::default()).into_iter();
    let errors: BTreeSet<String> = found
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.message)
        .collect();
    let warned: BTreeSet<String> =
        bundle.warnings.into_iter().map(|warning| warning.message).collect();
    prop_assert!(errors.is_subset(&warned), "{errors:#?} and not {warned:#?}");

    let out = sandbox.path("out");
    let naming = Naming::AsItIs;
    let unpacking =
        Unpacking { bundle: &one, wanted: Wanted::All, folder: &out, naming, force: false };
    extract(&unpacking).and_then(|files| files.publish()).unwrap();
    let json = out.join("module.json");
    let again = Request {
        module: out.join(bundle.metadata.text("module_file").unwrap()),
        manifest: Some(json.clone().into()),
        discovery: Method::File(json),
        ..plain(embedded(&opened.metadata, &out))
    };
    let two = sandbox.path("two.zip");
    let bundle = pack(&again, &two).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
    let is_same = fs::read(&one).unwrap() == fs::read(&two).unwrap();
    prop_assert!(is_same, "{}", String::from_utf8_lossy(&bundle.metadata.to_bytes()));
    Ok(())
}

/// Nothing but how.
pub fn plain(given: Vec<(String, PathBuf)>) -> Request {
    Request {
        module: PathBuf::new(),
        manifest: None,
        variables: Variables::default(),
        strict: true,
        folder: None,
        options: Layer::default(),
        git_sha: None,
        discovery: Method::File(PathBuf::new()),
        settings: Settings { threads: NonZeroUsize::MIN, ..Settings::default() },
        sources: Sources { given, ..Sources::default() },
        meter: Meter::default(),
    }
}

fn pack(request: &Request, target: &Path) -> Result<Bundle, Error> {
    let bundle = bundle::pack(request)?;
    bundle.stage(target, request)?.0.publish()?;
    Ok(bundle)
}

/// The files of dependencies that were unpacked, for `--dep`.
fn embedded(said: &Map<String, Value>, out: &Path) -> Vec<(String, PathBuf)> {
    let all = ["dependencies", "optional-dependencies"]
        .map(|field| serde_json::from_value::<Dependencies>(said[field].clone()).unwrap());
    let file = |(name, dependency): (String, _)| -> Option<_> {
        let rampkit::manifest::Dependency { url, .. } = dependency;
        let file = match &url {
            None => format!("{name}.tgz"),
            Some(url) => url.split(['?', '#']).next()?.rsplit('/').next()?.to_owned(),
        };
        Some((name, out.join("deps").join(file))).filter(|(_, path)| path.is_file())
    };
    all.into_iter().flatten().filter_map(file).collect()
}
