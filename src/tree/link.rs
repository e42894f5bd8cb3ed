//! Where a symbolic link of a folder leads.
//!
//! In: a folder, the path of a link in it, the link's target. Out: why the link cannot be kept. It is
//! followed as a system would follow it where the folder is unpacked: through the folder's other
//! links, and with nothing above the folder.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// As many links as Linux follows on its way to one file.
const FOLLOWED: u32 = 40;

/// Why the link at `link`, a path below `folder`, cannot be kept. One that leads to nothing, or in a
/// circle, can.
pub fn refusal(folder: &Path, link: &Path, target: &Path) -> Option<&'static str> {
    if target.is_absolute() {
        return Some("it is a link to an absolute path, which is another one elsewhere");
    }
    let read = |path: &Path| fs::read_link(folder.join(path)).ok();
    leads_out(link, target, read).then_some("it is a link that leads out of the folder")
}

/// Whether the link at `link` leads above the folder that its path is below; `read` says where other
/// links below that folder lead.
pub fn leads_out(
    link: &Path,
    target: &Path,
    mut read: impl FnMut(&Path) -> Option<PathBuf>,
) -> bool {
    let mut here = link.parent().unwrap_or(link).to_owned();
    let mut ahead = backwards(target);
    let mut followed = 0;
    while let Some(part) = ahead.pop() {
        if part == OsStr::new("..") {
            if !here.pop() {
                return true;
            }
            continue;
        }
        here.push(part);
        if followed < FOLLOWED
            && let Some(further) = read(&here)
            && further.is_relative()
        {
            followed += 1;
            here.pop();
            ahead.extend(backwards(&further));
        }
    }
    false
}

/// The parts of a path, the first one at the end.
fn backwards(path: &Path) -> Vec<OsString> {
    let counts = |part: &Component| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().rev().filter(counts).map(|part| part.as_os_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_that_leave_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("d/e")).unwrap();
        for (target, link) in [
            ("../..", "d/e/top"),
            ("d/e", "deep"),
            ("round", "round"),
            ("two", "one"),
            ("one", "two"),
        ] {
            symlink(target, folder.path().join(link)).unwrap();
        }
        for (link, target, stays) in [
            ("a", "b", true),
            ("lib/a", "../b", true),
            ("lib/a", "../../b", false),
            ("a", "..", false),
            ("a", ".", true),
            ("a", "b/../../c", false),
            ("a", "/etc/passwd", false),
            // By the letters these stay inside, or leave: it is the links in them that count.
            ("a", "d/e/top/..", false),
            ("a", "d/e/top/../missing", false),
            ("a", "d/e/top/d", true),
            ("a", "deep/../../../x", false),
            ("a", "deep/../..", true),
            ("d/e/top", "../..", true),
            ("round", "round", true),
            ("a", "one/x", true),
        ] {
            let refused = refusal(folder.path(), Path::new(link), Path::new(target));
            assert_eq!(refused.is_none(), stays, "{link} -> {target}: {refused:?}");
        }
        // An absolute one is the same link elsewhere, but not the same file.
        let inside = folder.path().join("d");
        assert!(refusal(folder.path(), Path::new("a"), &inside).is_some());
    }
}
