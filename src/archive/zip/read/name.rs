//! What is wrong with the name of an entry.
//!
//! In: its bytes. Out: findings.

use super::findings::shown;
use crate::archive::name::faults;
pub use crate::archive::name::parts;
use crate::finding::Finding;

/// All that is wrong with `name`; `is_utf8` where its header says that it is UTF-8.
pub fn judge(name: &[u8], is_utf8: bool) -> Vec<Finding> {
    let wrong = |(code, what): &(&'static str, String)| {
        Finding::error(code, format!("the name {} {what}", shown(name)))
    };
    let mut findings: Vec<Finding> = faults(name).iter().map(wrong).collect();
    if !is_utf8 && !name.is_ascii() && std::str::from_utf8(name).is_ok() {
        let name = shown(name);
        let text = format!("the name {name} is not marked as UTF-8, and read otherwise elsewhere");
        findings.push(Finding::warning("name_unmarked", text));
    }
    findings
}

/// Whether nothing is wrong with `name`.
pub fn is_sound(name: &str) -> bool {
    judge(name.as_bytes(), true).is_empty()
}
