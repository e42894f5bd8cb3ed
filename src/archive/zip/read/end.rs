//! The end of a zip, where reading one begins: its end record, with that of zip64, says where the
//! directory is.
//!
//! In: the source. Out: a [`Directory`], or nothing where none can be trusted; a finding for all that
//! readers do not agree on. The reference packer's reader, Python's `zipfile`, takes the last end
//! record and expects the directory right before it; so does this one, and says where others would
//! look elsewhere.

use std::io;

use super::findings::Findings;
use super::header::{Central, NARROW, Numbers};
use super::source::Source;
use crate::finding::Finding;

/// What a directory may have: as many entries as a zip without zip64, of which a bundle needs a few.
const MOST_ENTRIES: u64 = 65_535;
/// The directory is held in memory: 256 bytes for each of the most entries.
const LARGEST_DIRECTORY: u64 = 16 << 20;

const END: u64 = 22;
const LOCATOR: u64 = 20;
const END64: u64 = 56;
/// How far from its end a zip can have its end record: its comment has two bytes for its length.
const FARTHEST: u64 = END + u16::MAX as u64;

/// Where the directory is.
#[derive(Debug, PartialEq, Eq)]
pub struct Directory {
    /// The offset in the file of its first header.
    pub start: u64,
    /// How many bytes it has.
    pub size: u64,
    /// How many entries it is said to have.
    pub entries: u64,
    /// The offset in the file from which the archive counts its offsets.
    pub base: u64,
}

/// What both kinds of end record say (4.3.14, 4.3.16).
struct End {
    disks: [u64; 2],
    entries_here: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

/// Finds the directory.
///
/// # Errors
/// Those of reading.
pub fn locate(source: &Source, found: &mut Findings) -> io::Result<Option<Directory>> {
    let length = source.size()?;
    let before = length.saturating_sub(FARTHEST);
    let tail = source.bytes(before, FARTHEST)?;
    let whole = tail.len().saturating_sub(END as usize - 4);
    let Some(at) = tail[..whole].windows(4).rposition(|four| four == b"PK\x05\x06") else {
        found.add(not_a_zip(&source.bytes(0, 4)?));
        return Ok(None);
    };
    behind(&tail, at, found);
    let end = narrow(Numbers(&tail[at..]));
    let position = before + at as u64;
    let head = position.min(LOCATOR + END64);
    let head = source.bytes(position - head, head)?;
    let Some((end, head)) = end.and_then(|end| with_zip64(end, &head, position, found)) else {
        return Ok(None);
    };
    let directory = directory(&end, head, found);
    if let Some(directory) = &directory {
        another(source, directory, end.offset, found)?;
    }
    Ok(directory)
}

fn not_a_zip(start: &[u8]) -> Finding {
    match start {
        [] => Finding::error("not_a_zip", "the file is empty"),
        b"PK\x03\x04" => {
            let text = "the file begins as a zip and has no end record where one must be";
            Finding::error("cut_off", text).advise("was its download or its build cut off?")
        }
        _ => {
            let text = "the file neither begins nor ends as a zip does";
            Finding::error("not_a_zip", text).advise("name a bundle, as rampkit pack makes it")
        }
    }
}

/// What stands behind the end record, and whether another reader would take another one for it.
fn behind(tail: &[u8], at: usize, found: &mut Findings) {
    let comment = |at: usize| usize::from(u16::from_le_bytes([tail[at + 20], tail[at + 21]]));
    let end = |at: usize| at + END as usize + comment(at);
    let signature = |at: &usize| tail[*at..].starts_with(b"PK\x05\x06");
    let fits = |other: &usize| signature(other) && end(*other) == tail.len();
    let (here, announced) = (tail.len() - at - END as usize, comment(at));
    if (0..at).any(|other| fits(&other)) || (at + 4..tail.len()).any(|other| signature(&other)) {
        let text = "the file has more than one end record, and readers differ in which they take";
        found.add(Finding::error("several_end_records", text));
    }
    if here < announced {
        let text =
            format!("the archive's comment has {announced} bytes, of which {here} are there");
        found.add(Finding::error("cut_off", text));
    } else if here > announced {
        let text = format!("{} bytes follow the end of the archive", here - announced);
        found.add(Finding::warning("trailing_data", text));
    }
    if announced > 0 {
        let text = format!("the archive has a comment of {announced} bytes");
        found.add(Finding::note("archive_comment", text));
    }
}

fn narrow(mut at: Numbers) -> Option<End> {
    at.u32()?;
    Some(End {
        disks: [at.u16()?.into(), at.u16()?.into()],
        entries_here: at.u16()?.into(),
        entries: at.u16()?.into(),
        size: at.u32()?.into(),
        offset: at.u32()?.into(),
    })
}

/// The end record with the values of zip64, and where the directory must end: `head` are the bytes
/// before the end record at `position`.
fn with_zip64(end: End, head: &[u8], position: u64, found: &mut Findings) -> Option<(End, u64)> {
    let locator = head.split_last_chunk::<{ LOCATOR as usize }>();
    let Some((record, locator)) = locator.filter(|(_, it)| it.starts_with(b"PK\x06\x07")) else {
        return Some((end, position));
    };
    let wrong = |what: &str| Finding::error("zip64_wrong", what);
    let Some((wide, offset)) = wide(Numbers(record), Numbers(locator)) else {
        found.add(wrong("the end record of zip64 is not right before its locator"));
        return None;
    };
    let pairs = [
        (end.entries_here, wide.entries_here, u16::MAX.into()),
        (end.entries, wide.entries, u16::MAX.into()),
        (end.size, wide.size, NARROW),
        (end.offset, wide.offset, NARROW),
    ];
    if pairs.iter().any(|(narrow, wide, most)| narrow != most && narrow != wide) {
        found.add(wrong("the end records with and without zip64 say different things"));
    } else if pairs.iter().all(|(narrow, _, most)| narrow != most) {
        let text = "the end record has a second one for zip64, and no value that needs it";
        found.add(Finding::note("zip64_unneeded", text));
    }
    let at = position - LOCATOR - END64;
    let base = at.checked_sub(offset);
    if base.is_none()
        || base != (at.checked_sub(wide.size)).and_then(|it| it.checked_sub(wide.offset))
    {
        found.add(wrong("the locator of zip64 says another place than where its end record is"));
    }
    Some((wide, at))
}

/// The end record of zip64, and where its locator says that it is (4.3.14, 4.3.15).
fn wide(mut at: Numbers, mut locator: Numbers) -> Option<(End, u64)> {
    let signature = at.u32()? == 0x0606_4b50;
    let size = at.u64()? == END64 - 12;
    let _versions = at.u32()?;
    let disks = [at.u32()?.into(), at.u32()?.into()];
    let (entries_here, entries) = (at.u64()?, at.u64()?);
    let (directory_size, offset) = (at.u64()?, at.u64()?);
    let _signature = locator.u32()?;
    let (disk, record, all) = (locator.u32()?, locator.u64()?, locator.u32()?);
    let disks = if (disk, all) == (0, 1) { disks } else { [all.into(), disk.into()] };
    let end = End { disks, entries_here, entries, size: directory_size, offset };
    (signature && size).then_some((end, record))
}

/// The directory that ends at `head`.
fn directory(end: &End, head: u64, found: &mut Findings) -> Option<Directory> {
    let End { disks, entries_here, entries, size, offset } = *end;
    let mut refuse = |code, text: String| {
        found.add(Finding::error(code, text));
        None
    };
    if disks != [0, 0] || entries_here != entries {
        let text = "the archive is one of several parts, and a bundle is one file".to_owned();
        return refuse("several_disks", text);
    }
    if entries > MOST_ENTRIES {
        let text = format!("the archive has {entries} entries, more than {MOST_ENTRIES}");
        return refuse("too_many_entries", text);
    }
    if size > LARGEST_DIRECTORY {
        let text = format!("the directory has {size} bytes, more than {LARGEST_DIRECTORY}");
        return refuse("directory_too_large", text);
    }
    let Some(start) = head.checked_sub(size) else {
        let text = format!("the directory has {size} bytes, and only {head} stand before its end");
        return refuse("cut_off", text);
    };
    let Some(base) = start.checked_sub(offset) else {
        let text = format!("the directory begins at byte {start}, and must at {offset}");
        return refuse("cut_off", text);
    };
    Some(Directory { start, size, entries, base })
}

/// A reader that trusts the offset of the directory may find another one there.
fn another(
    source: &Source,
    directory: &Directory,
    offset: u64,
    found: &mut Findings,
) -> io::Result<()> {
    if directory.base > 0 && source.bytes(offset, 4)? == Central::SIGNATURE {
        let text =
            format!("there is a directory at byte {offset}, and another one before the end record");
        found.add(Finding::error("several_directories", text));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_zip64_do_not_share_bytes_with_the_end_record() {
        // One of zip64, and right behind it an end record that would be the rest of a locator.
        let mut record = [0; END64 as usize];
        record[..12].copy_from_slice(b"PK\x06\x06\x2c\0\0\0\0\0\0\0");
        let mut end = [0; END as usize];
        end[..4].copy_from_slice(b"PK\x05\x06");
        let bytes = [&record[..], b"PK\x06\x07", &end].concat();
        let mut found = Findings::default();
        let directory = locate(&Source::Bytes(bytes), &mut found).unwrap();
        assert_eq!(directory, Some(Directory { start: 60, size: 0, entries: 0, base: 60 }));
        assert_eq!(found.finish().0, []);
    }
}
