//! Reading zips that anybody may have made: each that is wrong gives its finding, and no entry of
//! which something is wrong is read.

mod bundles;
mod damage;
mod ends;
mod entries;
mod names;
mod together;

use libtest_mimic::Trial;
use rampkit::archive::zip::{Archive, ReadError};

use crate::harness::Zip;

pub fn all() -> Vec<Trial> {
    [bundles::all(), damage::all(), ends::all(), entries::all(), names::all(), together::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// What is found in an archive, a line each, and which of its entries are not read.
fn read(bytes: Vec<u8>) -> String {
    let archive = Archive::open(bytes).unwrap();
    let mut lines: Vec<String> = archive.findings.iter().map(ToString::to_string).collect();
    let mut refused = Vec::new();
    for (index, record) in archive.records.iter().enumerate() {
        let mut bytes = Vec::new();
        match archive.read(index, &mut bytes) {
            Ok(()) => assert_eq!(bytes.len() as u64, record.size),
            Err(ReadError::Damaged(finding)) => {
                let start: String = record.name.chars().take(40).collect();
                refused.push(format!("{start:?}"));
                lines.extend(archive.refusal(index).is_none().then(|| finding.to_string()));
            }
            Err(error) => panic!("{error}"),
        }
    }
    if !refused.is_empty() {
        lines.push(format!("not read: {}", refused.join(", ")));
    }
    lines.join("\n")
}

/// A zip, and what is wrong with it.
type Case = (&'static str, fn(&mut Zip));

/// What is found in a good zip with the entries `a` and `b` after each change.
fn report(cases: &[Case]) -> String {
    let mut report = String::new();
    for (what, change) in cases {
        let mut zip = Zip::of(&["a", "b"]);
        change(&mut zip);
        report += &format!("# {what}\n{}\n", read(zip.bytes()));
    }
    report
}
