//! A member by itself: what it is, and what is wrong with it.
//!
//! In: its header, and what was said of it before. Out: a [`Member`] and findings. Nodes are Linux
//! machines: what only other systems understand otherwise is not judged.

use std::collections::BTreeMap;

use tar::{EntryType, Header};

use super::extension::Said;
use super::{Contents, Kind, Member, together};
use crate::archive::findings::{Findings, shown};
use crate::archive::name::{faults, parts};
use crate::finding::Finding;

/// As many members are held, and compared with each other; ten times those of any dependency seen.
const MOST: usize = 100_000;
/// As many bytes of their names and of what links lead to.
const MOST_BYTES: usize = 32 << 20;
/// Set-user-id and set-group-id.
const SET_ID: u32 = 0o6000;
/// What harms on other systems only.
const ELSEWHERE: [&str; 3] = ["name_backslash", "name_blank_part", "name_drive"];

/// The members so far.
#[derive(Default)]
pub struct Members {
    /// How many there are.
    pub count: u64,
    files: u64,
    /// The bytes of all files together.
    pub size: u64,
    list: Vec<Member>,
    /// Where links lead, by their index.
    targets: BTreeMap<usize, String>,
    held: usize,
}

impl Members {
    /// What they are together.
    pub fn finish(self, found: &mut Findings) -> Contents {
        let (there, seen) = (self.count, self.list.len());
        together::judge(&self.list, &self.targets, found);
        if there > seen as u64 {
            let text =
                format!("has {there} members, of which {seen} were compared with each other");
            found.add(Finding::warning("too_many_entries", text));
        }
        Contents { files: self.files, size: self.size, unpacked: 0, members: self.list }
    }

    fn push(&mut self, member: Member, target: &[u8]) {
        self.count += 1;
        self.files += u64::from(member.kind == Kind::File);
        self.size = self.size.saturating_add(member.size);
        self.held += member.path.len() + target.len();
        if self.list.len() < MOST && self.held <= MOST_BYTES {
            if matches!(member.kind, Kind::Link | Kind::HardLink) {
                let target = String::from_utf8_lossy(target).into_owned();
                self.targets.insert(self.list.len(), target);
            }
            self.list.push(member);
        }
    }
}

/// Adds a member; returns how many bytes follow its header, which says `size`.
pub fn add(
    header: &Header,
    size: u64,
    said: Said,
    members: &mut Members,
    found: &mut Findings,
) -> u64 {
    let name = said.path.clone().unwrap_or_else(|| header.path_bytes().into_owned());
    let target = said.target.clone().or_else(|| header.link_name_bytes().map(|it| it.into_owned()));
    let kind = kind(header, &name);
    let stored = said.stored.unwrap_or(size);
    names(&name, found);
    headers(header, &name, size, stored, found);
    kinds(header, &name, kind, stored, found);
    let is_file = kind == Kind::File;
    let real = header.as_gnu().filter(|_| header.entry_type().is_gnu_sparse());
    let real = said.size.or_else(|| real.and_then(|it| it.real_size().ok()));
    let size = if is_file { real.unwrap_or(stored) } else { 0 };
    members.push(Member { path: plain(&name), kind, size }, &target.unwrap_or_default());
    if is_file { stored } else { 0 }
}

/// A path without parts that mean nothing.
fn plain(name: &[u8]) -> String {
    let parts: Vec<&[u8]> = parts(name).filter(|part| !matches!(*part, b"" | b".")).collect();
    String::from_utf8_lossy(&parts.join(&b'/')).into_owned()
}

fn names(name: &[u8], found: &mut Findings) {
    for (code, what) in faults(name).into_iter().filter(|(code, _)| !ELSEWHERE.contains(code)) {
        found.add(Finding::error(code, format!("the name {} {what}", shown(name))));
    }
}

/// In the oldest archives a folder is a file with a name like one.
fn kind(header: &Header, name: &[u8]) -> Kind {
    let is_oldest = header.as_old().linkflag[0] == 0;
    match header.entry_type() {
        EntryType::Directory => Kind::Folder,
        EntryType::Regular if is_oldest && name.ends_with(b"/") => Kind::Folder,
        EntryType::Symlink => Kind::Link,
        EntryType::Link => Kind::HardLink,
        EntryType::Char | EntryType::Block | EntryType::Fifo => Kind::Special,
        _ => Kind::File,
    }
}

/// Where one reader understands something else than another.
fn headers(header: &Header, name: &[u8], size: u64, stored: u64, found: &mut Findings) {
    let name = shown(name);
    if size != stored {
        let text = format!("{name} has {size} bytes by one header, {stored} by another");
        found.add(Finding::error("headers_differ", text));
    }
    // Where ustar has the first part of a long name, GNU's format has times in incremental archives;
    // Python takes them for one, and unpacks the member there.
    if header.as_gnu().is_some() && header.as_bytes()[345] != 0 {
        let text =
            format!("{name} has times that some readers take for the first part of its path");
        found.add(Finding::error("headers_differ", text));
    }
}

fn kinds(header: &Header, name: &[u8], kind: Kind, stored: u64, found: &mut Findings) {
    let mut fault = |is_one: bool, code, what: &str| {
        if is_one {
            found.add(Finding::error(code, format!("{} {what}", shown(name))));
        }
    };
    let is_file = matches!(kind, Kind::File | Kind::HardLink);
    fault(kind == Kind::Special, "special_file", "is a device or a pipe");
    let is_named_folder = name.ends_with(b"/");
    let text = "is named as a folder and marked as a file";
    fault(is_file && is_named_folder, "kind_wrong", text);
    let text = "is no file and has bytes, which not all readers skip";
    fault(kind != Kind::File && stored > 0, "folder_with_bytes", text);
    let sets_id = header.mode().is_ok_and(|mode| mode & SET_ID != 0);
    let text = "runs as the user or the group who owns it, whoever starts it";
    fault(is_file && sets_id, "set_user_id", text);
    let known = matches!(
        header.as_old().linkflag[0],
        0 | b'0'..=b'7' | b'S' // The last one has holes.
    );
    if !known {
        let letter = shown(&header.as_old().linkflag);
        let text =
            format!("{} is of the kind {letter}, which readers take for a file", shown(name));
        found.add(Finding::warning("unknown_kind", text));
    }
}
