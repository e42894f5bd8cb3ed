//! `rampkit inspect`.

mod hostile;
mod screen;

use std::fs::File;
use std::io::Write as _;

use libtest_mimic::Trial;
use serde_json::{Map, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::harness::{Sandbox, read_entry};
use crate::pack::{PACK, sample};

pub fn all() -> Vec<Trial> {
    [screen::all(), hostile::all()].into_iter().flatten().collect()
}

/// A sandbox with the sample's bundle as `old.zip`, and the module it was packed from.
pub fn packed() -> Sandbox {
    let sandbox = sample();
    sandbox.ok(&format!("{PACK} -o old.zip --no-module-yaml"));
    sandbox
}

/// Makes a bundle by hand, stored: the sample's module, a `module.json` and further entries.
pub fn by_hand(sandbox: &Sandbox, name: &str, metadata: &Value, further: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(File::create(sandbox.path(name)).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let module = std::fs::read(sandbox.path("hello.so")).unwrap();
    let further = further.iter().map(|(path, content)| (*path, content.as_bytes().to_vec()));
    let json = metadata.to_string().into_bytes();
    for (path, content) in [("module.json", json), ("hello.so", module)].into_iter().chain(further)
    {
        zip.start_file(path, options).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.finish().unwrap();
}

/// What `old.zip` says of the module.
pub fn said(sandbox: &Sandbox) -> Map<String, Value> {
    serde_json::from_slice(&read_entry(&sandbox.path("old.zip"), "module.json")).unwrap()
}
