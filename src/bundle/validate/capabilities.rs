//! Capabilities: known or not, each once. A cluster has a list of its own, so an unknown one is no
//! error.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Said;
use super::values::quoted;
use crate::finding::Finding;
use crate::metadata::capabilities;

/// All findings about capabilities.
pub fn judge(said: &Said) -> Vec<Finding> {
    let items = said.get("capabilities").and_then(Value::as_array);
    let names = items.into_iter().flatten().filter_map(Value::as_str);
    let mut seen = BTreeSet::new();
    let finding = |name| match (seen.insert(name), capabilities::meaning(name)) {
        (false, _) => Some(repeated(name)),
        (true, None) => Some(unknown(name)),
        (true, Some(_)) => None,
    };
    names.filter_map(finding).collect()
}

fn repeated(name: &str) -> Finding {
    let message = format!("capabilities has {} more than once", quoted(name));
    Finding::note("capability_repeated", message)
}

fn unknown(name: &str) -> Finding {
    let message = format!("capabilities has {}, which is not known", quoted(name));
    let finding = Finding::warning("capability_unknown", message);
    match capabilities::near(name) {
        Some(near) => finding.advise(format!("did you mean {near}?")),
        None => finding,
    }
}
