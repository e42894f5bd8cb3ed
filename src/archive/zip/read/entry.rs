//! What is wrong with an entry by itself, as the central directory has it.
//!
//! In: its header. Out: findings, of which every error keeps the entry from being read.

use super::findings::{Findings, shown};
use super::header::{Central, Header, Zip64, fields};
use super::{Kind, name};
use crate::archive::limits::{HARMLESS, RATIO, TOTAL};
use crate::finding::Finding;

/// The bytes are as they are.
pub const STORED: u16 = 0;
/// DEFLATE.
pub const DEFLATED: u16 = 8;
/// Sizes and checksum stand behind the bytes too, and need not stand before them (4.4.4, bit 3).
pub const DESCRIPTOR: u16 = 1 << 3;
/// The name is UTF-8 (4.4.4, bit 11).
const UTF8: u16 = 1 << 11;
/// Encryption of the usual, the strong, and the directory's kind (4.4.4, bits 0, 6, 13).
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// How much effort the compressor made (4.4.4, bits 1 and 2).
const EFFORT: u16 = 0b110;
/// Version 6.3, the newest there is; the reference packer's reader takes no newer one.
const NEWEST: u16 = 63;
/// Info-ZIP's field with a name in Unicode, which replaces the other one there (4.6.9).
const UNICODE_NAME: u16 = 0x7075;

/// Judges each entry by its header alone.
pub fn judge(entries: &[Central], found: &mut Findings) {
    for (index, entry) in entries.iter().enumerate() {
        name::judge(&entry.header.name, entry.header.flags & UTF8 != 0)
            .into_iter()
            .chain(faults(entry))
            .for_each(|finding| found.of(index, finding));
    }
    let total = entries.iter().fold(0_u64, |sum, it| sum.saturating_add(it.header.size));
    if total > TOTAL {
        let text = format!("the entries unpack to {total} bytes together, more than {TOTAL}");
        let bomb = Finding::error("zip_bomb", text);
        (0..entries.len()).for_each(|index| found.refuse(index, &bomb));
        found.add(bomb);
    }
}

fn faults(entry: &Central) -> Vec<Finding> {
    let Header { version, flags, method, compressed, size, .. } = entry.header;
    let name = shown(&entry.header.name);
    let mut faults = extras(&entry.header);
    let mut fault = |is_one: bool, code, what: String| {
        if is_one {
            faults.push(Finding::error(code, format!("{name} {what}")));
        }
    };
    let (newest, needed) = (NEWEST, version & 0xff);
    fault(
        needed > newest,
        "unknown_version",
        format!("needs version {needed} of zip, there are {newest}"),
    );
    fault(flags & ENCRYPTED != 0, "encrypted", "is encrypted".to_owned());
    let unknown = flags & !(ENCRYPTED | DESCRIPTOR | UTF8 | EFFORT);
    fault(
        unknown != 0,
        "unknown_flags",
        format!("has the flags {unknown:#06x}, which no reader knows"),
    );
    let known = matches!(method, STORED | DEFLATED);
    let text = format!("is compressed by method {method}, all readers know only 0 and 8");
    fault(!known, "unknown_method", text);
    fault(entry.disk != 0, "several_disks", format!("is on another disk ({})", entry.disk));
    let text = format!("is stored, in {compressed} bytes, and has {size}");
    fault(method == STORED && flags & ENCRYPTED == 0 && compressed != size, "size_wrong", text);
    let ratio = size / compressed.max(1);
    let text = format!(
        "unpacks from {compressed} to {size} bytes, {ratio} times; at most {RATIO} are taken"
    );
    fault(size > HARMLESS && ratio > RATIO, "zip_bomb", text);
    faults.extend(kind_faults(entry));
    faults
}

/// What is wrong with the extra fields of either header.
pub fn extras(header: &Header) -> Vec<Finding> {
    let name = shown(&header.name);
    let mut faults = Vec::new();
    let other_name = fields(&header.extra).flatten().find_map(|(id, data)| {
        let name = data.get(5..).unwrap_or_default();
        (id == UNICODE_NAME && name != header.name).then_some(name)
    });
    if let Some(other) = other_name {
        let text = format!("{name} is named {} by an extra field", shown(other));
        faults.push(Finding::error("headers_differ", text));
    }
    if fields(&header.extra).any(|field| field.is_none()) {
        let text = format!("{name} has extra fields that end in the middle of one");
        faults.push(Finding::error("extra_damaged", text));
    }
    if header.zip64 == Zip64::Wrong {
        let text = format!("{name} has no zip64 field, or more than one, where it needs one");
        faults.push(Finding::error("zip64_wrong", text));
    }
    faults
}

/// The kind of an entry: by its mode, else by its name.
pub fn kind(entry: &Central) -> Kind {
    match entry.attributes >> 16 & 0o170_000 {
        0 if is_folder(entry) => Kind::Folder,
        0 | 0o100_000 => Kind::File,
        0o040_000 => Kind::Folder,
        0o120_000 => Kind::Link,
        _ => Kind::Special,
    }
}

/// Whether its name is a folder's, or the attributes of MS-DOS say so.
fn is_folder(entry: &Central) -> bool {
    entry.header.name.ends_with(b"/") || entry.attributes & 0x10 != 0
}

fn kind_faults(entry: &Central) -> Option<Finding> {
    let name = shown(&entry.header.name);
    let is_named_folder = entry.header.name.ends_with(b"/");
    let (code, what) = match kind(entry) {
        Kind::Link => ("link", "is a symbolic link"),
        Kind::Special => ("special_file", "is a device, a pipe or a socket"),
        Kind::File if is_named_folder => {
            ("kind_wrong", "is named as a folder and marked as a file")
        }
        Kind::Folder if !is_named_folder => {
            ("kind_wrong", "is named as a file and marked as a folder")
        }
        Kind::Folder if entry.header.size > 0 => ("folder_with_bytes", "is a folder and has bytes"),
        Kind::File | Kind::Folder => return None,
    };
    Some(Finding::error(code, format!("{name} {what}")))
}
