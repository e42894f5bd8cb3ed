//! Where the bytes of an entry are, by the header before them, held against the central directory.
//!
//! In: the source and an entry of the directory. Out: a [`Place`], and a finding for all in which the
//! two headers differ: a reader that goes from entry to entry sees the one, others see the other.

use std::io;

use super::end::Directory;
use super::entry::{self, DESCRIPTOR};
use super::findings::{Findings, shown};
use super::header::{Central, Header, LOCAL, Numbers};
use super::source::Source;
use crate::finding::Finding;

/// Where an entry is: offsets in the file.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Of its header.
    pub start: u64,
    /// Of its bytes.
    pub bytes: u64,
    /// Of what follows its bytes.
    pub end: u64,
    /// Of what follows the entry: behind the descriptor, where it has one.
    pub next: u64,
}

/// Finds the entry, the `index`th of the directory.
///
/// # Errors
/// Those of reading.
pub fn find(
    source: &Source,
    directory: &Directory,
    index: usize,
    entry: &Central,
    found: &mut Findings,
) -> io::Result<Option<Place>> {
    let name = shown(&entry.header.name);
    let start = directory.base.saturating_add(entry.offset);
    let first = source.bytes(start, LOCAL)?;
    let header = match Header::local_rest(&first) {
        Some(rest) => source.bytes(start, LOCAL + rest)?,
        None => first,
    };
    let Some(local) = Header::local(&header) else {
        let text = format!("{name} is said to be at byte {start}, where no entry begins");
        found.of(index, Finding::error("no_header", text));
        return Ok(None);
    };
    let known = entry::extras(&entry.header);
    let extras = entry::extras(&local).into_iter().filter(|finding| !known.contains(finding));
    extras.chain(differences(entry, &local)).for_each(|finding| found.of(index, finding));
    let bytes = start + header.len() as u64;
    let Some(end) = bytes.checked_add(entry.header.compressed).filter(|it| *it <= directory.start)
    else {
        let text = format!(
            "{name} has {} bytes from byte {bytes} on, and the directory begins at byte {}",
            entry.header.compressed, directory.start
        );
        found.of(index, Finding::error("overlap", text));
        return Ok(None);
    };
    let next = match descriptor(&source.bytes(end, (directory.start - end).min(24))?, entry) {
        Some(length) => end + length,
        None => {
            let text = format!("{name} is not followed by its sizes and its checksum");
            found.of(index, Finding::error("headers_differ", text));
            end
        }
    };
    Ok(Some(Place { start, bytes, end, next }))
}

fn differences(entry: &Central, local: &Header) -> Vec<Finding> {
    let (central, name) = (&entry.header, shown(&entry.header.name));
    let is_later = local.flags & DESCRIPTOR != 0;
    let is_said = |here: u64, there: u64| here == there || (is_later && here == 0);
    let number = |what, here, there| {
        (!is_said(here, there)).then(|| format!("{what} {here}, the directory says {there}"))
    };
    let differences = [
        (central.name != local.name).then(|| format!("the name {}", shown(&local.name))),
        (central.flags != local.flags).then(|| {
            format!("the flags {:#06x}, the directory says {:#06x}", local.flags, central.flags)
        }),
        (central.method != local.method)
            .then(|| format!("the method {}, the directory says {}", local.method, central.method)),
        number("the size", local.size, central.size),
        number("the size in the archive", local.compressed, central.compressed),
        (!is_said(local.crc.into(), central.crc.into())).then(|| {
            format!("the checksum {:08x}, the directory says {:08x}", local.crc, central.crc)
        }),
    ];
    let finding = |what| {
        Finding::error("headers_differ", format!("{name} has a header of its own that says {what}"))
    };
    differences.into_iter().flatten().map(finding).collect()
}

/// The length of the descriptor behind an entry's bytes (4.3.9), 0 where it has none: four kinds are
/// written. Nothing where none of them says what the directory says.
fn descriptor(bytes: &[u8], entry: &Central) -> Option<u64> {
    let Header { flags, crc, compressed, size, .. } = entry.header;
    let fits = |(signed, wide): (bool, bool)| {
        let mut at = Numbers(bytes);
        if signed && at.take(4)? != b"PK\x07\x08" {
            return None;
        }
        let mut number = |wide| if wide { at.u64() } else { at.u32().map(u64::from) };
        let said = [number(false)?, number(wide)?, number(wide)?];
        let length = 12 + 4 * u64::from(signed) + 8 * u64::from(wide);
        (said == [crc.into(), compressed, size]).then_some(length)
    };
    match flags & DESCRIPTOR {
        0 => Some(0),
        _ => {
            [(true, true), (true, false), (false, true), (false, false)].into_iter().find_map(fits)
        }
    }
}
