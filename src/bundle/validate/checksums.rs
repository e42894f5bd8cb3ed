//! The module's checksum, and how large Redis Enterprise lets it be.

use serde_json::Value;

use super::Opened;
use super::values::quoted;
use crate::bundle::SIZE_LIMIT;
use crate::digest::Sha256;
use crate::finding::Finding;

/// The `sha256` that `module.json` gives, against that of the module.
pub fn judge(opened: &Opened) -> Option<Finding> {
    let said = match opened.metadata.get("sha256") {
        None => return Some(Finding::warning("sha256_missing", "sha256 is missing")),
        Some(Value::String(text)) => text,
        Some(_) => return None,
    };
    let Ok(said) = said.parse::<Sha256>() else {
        let message = format!("sha256 is {}, and must be 64 hex digits", quoted(said));
        return Some(Finding::error("sha256_invalid", message));
    };
    let actual = opened.digests[opened.module?]?;
    let message = format!("sha256 is {said}, and that of the module {actual}");
    (said != actual).then(|| Finding::error("sha256_contradicts", message))
}

/// The bundle's size and the module's against the limit.
pub fn sizes(opened: &Opened) -> Vec<Finding> {
    let module = opened.module.map(|index| opened.archive.records[index].size);
    let sizes = [("the bundle", Some(opened.size)), ("the module", module)];
    sizes.into_iter().filter_map(|(what, size)| too_large(what, size?)).collect()
}

fn too_large(what: &str, size: u64) -> Option<Finding> {
    let message = format!("{what} has {size} bytes, and Redis Enterprise takes 500 MB");
    (size > SIZE_LIMIT).then(|| Finding::error("size_limit_exceeded", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_500_mb_is_too_large() {
        assert_eq!(too_large("the module", SIZE_LIMIT), None);
        let finding = too_large("the module", SIZE_LIMIT + 1).unwrap();
        assert_eq!(
            finding.to_string(),
            "error size_limit_exceeded the module has 524288001 bytes, and Redis Enterprise takes 500 MB"
        );
    }
}
