//! Where the bytes of an entry are, by the header before them, held against the central directory.
//!
//! In: the source and the entries of the directory. Out: a [`Place`] for each, and a finding for all in
//! which the two headers differ: a reader that goes from entry to entry sees the one, others see the
//! other.

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

/// Finds each of the entries. What begins in another entry is not read at all: a small archive could
/// have all of its entries share large headers.
///
/// # Errors
/// Those of reading.
pub fn places(
    source: &Source,
    directory: &Directory,
    entries: &[Central],
    found: &mut Findings,
) -> io::Result<Vec<Option<Place>>> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].offset);
    let mut places = vec![None; entries.len()];
    let mut reached = (0, 0);
    for index in order {
        let start = directory.base.saturating_add(entries[index].offset);
        let (before, end) = reached;
        if start < end {
            let [one, other] = [before, index].map(|index| shown(&entries[index].header.name));
            let overlap = Finding::error("overlap", format!("{one} and {other} share bytes"));
            found.refuse(before, &overlap);
            found.of(index, overlap);
            continue;
        }
        let (place, end) = find(source, directory, start, &entries[index], &mut |finding| {
            found.of(index, finding);
        })?;
        places[index] = place;
        reached = (index, end);
    }
    Ok(places)
}

/// The place of the entry whose header is at `start`, and up to where its bytes are its own.
fn find(
    source: &Source,
    directory: &Directory,
    start: u64,
    entry: &Central,
    add: &mut impl FnMut(Finding),
) -> io::Result<(Option<Place>, u64)> {
    let name = shown(&entry.header.name);
    let first = source.bytes(start, LOCAL)?;
    let header = match Header::local_rest(&first) {
        Some(rest) => source.bytes(start, LOCAL + rest)?,
        None => first,
    };
    let Some(local) = Header::local(&header) else {
        let text = format!("{name} is said to be at byte {start}, where no entry begins");
        add(Finding::error("no_header", text));
        return Ok((None, start.saturating_add(LOCAL)));
    };
    let known = entry::extras(&entry.header);
    let extras = entry::extras(&local).into_iter().filter(|finding| !known.contains(finding));
    extras.chain(differences(entry, &local)).for_each(&mut *add);
    let bytes = start + header.len() as u64;
    let Some(end) = bytes.checked_add(entry.header.compressed).filter(|it| *it <= directory.start)
    else {
        let text = format!(
            "{name} has {} bytes from byte {bytes} on, and the directory begins at byte {}",
            entry.header.compressed, directory.start
        );
        add(Finding::error("overlap", text));
        return Ok((None, bytes));
    };
    let next = match descriptor(&source.bytes(end, (directory.start - end).min(24))?, entry) {
        Some(length) => end + length,
        None => {
            let text = format!("{name} is not followed by its sizes and its checksum");
            add(Finding::error("headers_differ", text));
            end
        }
    };
    Ok((Some(Place { start, bytes, end, next }), next))
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

#[cfg(test)]
mod tests {
    use super::super::Archive;

    #[test]
    fn a_header_that_entries_share_is_read_once_and_judged_once() {
        let names = b"\x75\x70\0\0".repeat(16_383);
        let local = [b"PK\x03\x04", &[0; 22][..], &[1, 0], &[0xfc, 0xff], b"a", &names].concat();
        let central = [b"PK\x01\x02", &[0; 24][..], &[1, 0], &[0; 16], b"a"].concat();
        let (count, length) = (3_u16, local.len() as u32);
        let directory = central.repeat(count.into());
        let mut bytes = [&local[..], &directory, b"PK\x05\x06\0\0\0\0"].concat();
        [count, count].iter().for_each(|it| bytes.extend(it.to_le_bytes()));
        [directory.len() as u32, length, 0].iter().for_each(|it| bytes.extend(it.to_le_bytes()));
        bytes.truncate(bytes.len() - 2);
        let archive = Archive::open(bytes).unwrap();
        let found = |code| archive.findings.iter().filter(|it| it.code == code).count();
        assert_eq!((archive.records.len(), found("headers_differ")), (3, 1));
        assert!((0..3).all(|index| archive.refusal(index).is_some()));
    }
}
