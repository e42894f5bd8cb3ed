//! The members of an archive together: names that meet, and where links lead.
//!
//! In: members, and the targets of links. Out: findings.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::{Kind, Member};
use crate::archive::findings::{Findings, shown};
use crate::archive::name::{LONGEST, parts};
use crate::finding::Finding;
use crate::tree::leads_out;

/// As many bytes of paths are looked up for links that lead through others…
const EFFORT: usize = 64 << 20;
/// … where each path counts as so many more.
const EACH: usize = 32;

/// All that is wrong with them; `targets` are those of links, by their index.
pub fn judge(members: &[Member], targets: &BTreeMap<usize, String>, found: &mut Findings) {
    names(members, found);
    links(members, targets, found);
}

/// Names that stand twice, and what needs a folder where there is none.
fn names(members: &[Member], found: &mut Findings) {
    let mut sorted: Vec<&Member> = members.iter().collect();
    // Part by part, so that what lies in a folder follows it; what is none comes first.
    let of = |member: &Member| (member.kind == Kind::Folder, member.kind == Kind::File);
    sorted.sort_by(|a, b| {
        parts(a.path.as_bytes()).cmp(parts(b.path.as_bytes())).then(of(a).cmp(&of(b)))
    });
    let mut before: Option<&Member> = None;
    for member in sorted {
        let Some(one) = before.filter(|one| lies_in(&member.path, &one.path)) else {
            before = Some(member).filter(|member| member.kind != Kind::Folder);
            continue;
        };
        let [first, name] = [one, member].map(|it| shown(it.path.as_bytes()));
        found.add(if one.path == member.path && member.kind != Kind::Folder {
            Finding::error("duplicate_name", format!("{name} stands in the archive twice"))
        } else if one.kind == Kind::Link {
            Finding::error("through_link", format!("{name} is unpacked through the link {first}"))
        } else {
            let text = format!("{first} is a file, and {name} needs a folder there");
            Finding::error("file_and_folder", text)
        });
    }
}

fn lies_in(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other);
    other.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Links that lead out of the folder that the archive is unpacked to.
fn links(members: &[Member], targets: &BTreeMap<usize, String>, found: &mut Findings) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        first.entry(&member.path).or_insert(index);
    }
    let mut effort = EFFORT;
    let mut read = |path: &Path| {
        let path = path.to_str()?;
        effort = effort.saturating_sub(EACH + path.len());
        let index = first.get(path).filter(|_| effort > 0 && path.len() <= LONGEST)?;
        let target = targets.get(index).filter(|_| members[*index].kind == Kind::Link);
        target.map(PathBuf::from)
    };
    for (index, target) in targets {
        let member = &members[*index];
        let goes_out = match member.kind {
            Kind::Link => {
                target.starts_with('/')
                    || leads_out(Path::new(&member.path), Path::new(target), &mut read)
            }
            _ => !is_before(target, *index, &first),
        };
        if goes_out {
            let [name, target] = [&member.path, target].map(|it| shown(it.as_bytes()));
            let text = format!("{name} is a link to {target}, out of the archive");
            found.add(Finding::error("link_escapes", text));
        }
    }
    if effort == 0 {
        let text = "has links that lead through more others than were followed";
        found.add(Finding::error("link_escapes", text));
    }
}

/// Whether a hard link leads to what was unpacked before it.
fn is_before(target: &str, index: usize, first: &HashMap<&str, usize>) -> bool {
    let parts: Vec<&str> = target.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    !target.starts_with('/') && first.get(&*parts.join("/")).is_some_and(|before| *before < index)
}
