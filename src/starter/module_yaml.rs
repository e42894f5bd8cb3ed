//! The module.yaml of a module that was not packed yet: one that packing renews.
//!
//! In: what is [`Known`]. Out: its text. The bundle in it has the name that it will have, and no digest.

use std::path::Path;

use super::Known;
use crate::descriptor::{DEFAULT_USER, REDIS_MODULES, yaml_text};
use crate::manifest::Layer;
use crate::metadata::{Metadata, Origin};
use crate::packages::name;
use crate::wording::{tame, typed};

/// The text of the module.yaml.
pub fn text(known: &Known) -> String {
    let image = yaml_text(&known.packed());
    let folder = if known.folder == REDIS_MODULES { "$REDIS_MODULES" } else { &known.folder };
    let bundle = yaml_text(&format!("{folder}/{}", bundle(known)));
    let module = yaml_text(&format!("{folder}/{}", known.file));
    let name = yaml_text(&known.discovered.name);
    let version = yaml_text(&known.version());
    let older = format!("\"$REDIS_MODULES\"/{}.*.zip", typed(&tame(&stem(known))));
    let load = serde_json::json!(["--loadmodule", format!("{REDIS_MODULES}/{}", known.file)]);
    format!(
        "\
# For the Dockerfile that installs {name}. rampkit pack renews the version and the bundle; what is added
# by hand (script, command, artifacts, comments) stays.
kind: Module
name: {name}
version: {version}
# The image that holds what shall be copied.
image: {image}
artifacts:
  - source: {bundle}
    user: {DEFAULT_USER}
# What else shall be copied; without a target it goes to the module folder, as the bundle does.
# A server that is no Redis Enterprise needs the module itself, and to be told to load it.
#  - source: {module}
# Instructions that stand before the copying; these remove older bundles.
#script: |
#  RUN rm -f {older}
# Packages of the image's system that it needs.
#packages: {{manager: apt-get, install: [libgomp1]}}
# What the image to come adds to the command line of its server.
#command: {load}
"
    )
}

/// What the bundle will be called.
fn bundle(known: &Known) -> String {
    let mut layer = Layer::default();
    layer.put("os", "Linux");
    layer.put("architecture", known.architecture.to_string());
    layer.put("semantic_version", known.version());
    let mut metadata = Metadata::new();
    metadata.add(Origin::File, layer);
    let further = [("stem", Ok(stem(known))), ("variant", Ok(String::new()))];
    name::expand(name::DEFAULT, &metadata, &further).expect("all of them are given")
}

fn stem(known: &Known) -> String {
    Path::new(&known.file).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
