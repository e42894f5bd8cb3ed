//! The records of a zip that say where its entries are and what they are, as bytes.
//!
//! Section numbers are those of PKWARE's APPNOTE 6.3.10. Sizes and checksum stand in the local
//! header itself, so that whoever reads the zip as a stream knows them. An entry that may reach
//! 4 GiB, or lies behind as much, has its numbers in an extra field of zip64 (4.5.3).

use crate::archive::Deflated;
use crate::calendar::Utc;

/// "Unpacks with 2.0": it is deflated (4.4.3).
const PLAIN: u16 = 20;
/// "Unpacks with 4.5": it has numbers of zip64.
const ZIP64: u16 = 45;
/// Made on a Unix, whose modes are in the upper half of the external attributes (4.4.2).
const UNIX: u16 = 3 << 8;
/// A regular file, in a Unix mode.
const REGULAR: u32 = 0o100_000;
const DEFLATE: u16 = 8;
/// The name is UTF-8 (4.4.4, bit 11).
const UTF8: u16 = 1 << 11;
/// Instead of a number that stands elsewhere.
const ELSEWHERE: u32 = u32::MAX;
/// From this size on an entry is one of zip64, whether or not it compresses: room is left for one
/// that grows by an eighth, as the fastest level may let it.
const LARGE: u64 = 0xe000_0000;

/// An entry, as both of its headers say it.
pub struct Header<'a> {
    /// Its path.
    pub path: &'a str,
    /// The permission bits.
    pub mode: u32,
    /// Seconds since 1970.
    pub time: u64,
    /// The size it is announced with.
    pub announced: u64,
    /// What was written; zeros as long as nothing was.
    pub content: Deflated,
    /// Where its local header is.
    pub offset: u64,
}

impl Header<'_> {
    /// The local header (4.3.7): it has the same length before and after the entry was written.
    pub fn local(&self) -> Vec<u8> {
        let sizes = [self.content.size, self.content.compressed];
        let large = self.announced >= LARGE;
        let mut record = Record::new(b"PK\x03\x04");
        record.u16(if large { ZIP64 } else { PLAIN });
        self.common(&mut record, if large { &sizes } else { &[] });
        record.bytes(self.path.as_bytes());
        record.zip64(if large { &sizes } else { &[] })
    }

    /// The header in the central directory (4.3.12).
    pub fn central(&self) -> Vec<u8> {
        let Deflated { size, compressed, .. } = self.content;
        let numbers = [size, compressed, self.offset];
        let large = self.announced >= LARGE || self.offset >= u64::from(ELSEWHERE);
        let numbers: &[u64] = if large { &numbers } else { &[] };
        let version = if large { ZIP64 } else { PLAIN };
        let mut record = Record::new(b"PK\x01\x02");
        record.u16(UNIX | version).u16(version);
        self.common(&mut record, numbers);
        // Comment, disk, internal attributes.
        record.u16(0).u16(0).u16(0);
        record.u32((REGULAR | self.mode) << 16);
        record.u32(if large { ELSEWHERE } else { self.offset as u32 });
        record.bytes(self.path.as_bytes());
        record.zip64(numbers)
    }

    /// What both headers have in common, but for the `numbers` that stand elsewhere.
    fn common(&self, record: &mut Record, numbers: &[u64]) {
        let (date, time) = dos_time(self.time);
        let number = |number: u64| if numbers.is_empty() { number as u32 } else { ELSEWHERE };
        record.u16(if self.path.is_ascii() { 0 } else { UTF8 }).u16(DEFLATE);
        record.u16(time).u16(date);
        record.u32(self.content.crc);
        record.u32(number(self.content.compressed)).u32(number(self.content.size));
        record.u16(self.path.len() as u16).u16(zip64_length(numbers));
    }
}

/// The end of a zip whose directory is at `offset`, with the records of zip64 where a number needs
/// them (4.3.14 to 4.3.16).
pub fn end(entries: u64, offset: u64, length: u64) -> Vec<u8> {
    let plain = entries < 0xffff && offset < u64::from(ELSEWHERE) && length < u64::from(ELSEWHERE);
    let mut record = match plain {
        true => Record::default(),
        false => end_of_zip64(entries, offset, length),
    };
    record.bytes(b"PK\x05\x06").u32(0);
    let entries = entries.min(0xffff) as u16;
    let number = |number: u64| number.min(u64::from(ELSEWHERE)) as u32;
    record.u16(entries).u16(entries).u32(number(length)).u32(number(offset)).u16(0);
    record.0
}

fn end_of_zip64(entries: u64, offset: u64, length: u64) -> Record {
    let mut record = Record::new(b"PK\x06\x06");
    // The length of what follows this number.
    record.u64(44).u16(UNIX | ZIP64).u16(ZIP64).u32(0).u32(0);
    record.u64(entries).u64(entries).u64(length).u64(offset);
    // Where it is: on disk 0 of 1.
    record.bytes(b"PK\x06\x07").u32(0).u64(offset + length).u32(1);
    record
}

fn zip64_length(numbers: &[u64]) -> u16 {
    if numbers.is_empty() { 0 } else { 4 + 8 * numbers.len() as u16 }
}

/// Seconds since 1970 as date and time of MS-DOS (4.4.6), in UTC: those outside of what it can say,
/// 1980 to 2107, are the nearest that it can. It counts seconds by twos.
fn dos_time(seconds: u64) -> (u16, u16) {
    let Utc { year, month, day, hour, minute, second } =
        Utc::at(seconds.clamp(315_532_800, 4_354_819_199) as i64);
    let date = ((year - 1980) << 9) | (month << 5) | day;
    let time = (hour << 11) | (minute << 5) | (second / 2);
    (date as u16, time as u16)
}

/// Numbers in the order of their bytes on disk: the least first.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn new(signature: &[u8; 4]) -> Self {
        Self(signature.to_vec())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(&mut self, number: u16) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u32(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u64(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    /// The extra field of zip64, where there are numbers for it; then the record is whole.
    fn zip64(mut self, numbers: &[u64]) -> Vec<u8> {
        if !numbers.is_empty() {
            self.u16(1).u16(8 * numbers.len() as u16);
            numbers.iter().for_each(|number| {
                self.u64(*number);
            });
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::zip::Archive;

    /// Small numbers in the places of large ones.
    #[test]
    fn the_reader_finds_the_numbers_of_zip64() {
        let (stored, crc) = (b"\x01\x03\x00\xfc\xffabc", 0x352441c2);
        let content = Deflated { size: 3, compressed: stored.len() as u64, crc };
        let (path, announced) = ("é", LARGE);
        let header = Header { path, mode: 0o755, time: 0, announced, content, offset: 0 };
        let entry = [&*header.local(), stored].concat();
        let directory = header.central();
        let end = end(1, entry.len() as u64, directory.len() as u64);
        let archive = Archive::open([entry, directory, end].concat()).unwrap();
        assert_eq!(archive.findings, []);
        let record = &archive.records[0];
        assert_eq!((&*record.name, record.size, record.mode), ("é", 3, 0o755));
        let mut bytes = Vec::new();
        archive.read(0, &mut bytes).unwrap();
        assert_eq!(bytes, b"abc");
    }

    #[test]
    fn what_is_far_is_found_by_zip64() {
        let offset = 5 << 32;
        let content = Deflated::default();
        let header = Header { path: "a", mode: 0o644, time: 0, announced: 0, content, offset };
        let central = header.central();
        assert_eq!(central[42..46], [0xff; 4]);
        assert_eq!(central[central.len() - 8..], u64::to_le_bytes(offset));
        let end = end(70_000, offset, 8);
        assert_eq!(end[24..32], u64::to_le_bytes(70_000));
        assert_eq!(end[40..56], [u64::to_le_bytes(8), u64::to_le_bytes(offset)].concat());
        // The locator, which says where all this is, and the old record, which cannot.
        assert_eq!(end[64..72], u64::to_le_bytes(offset + 8));
        assert_eq!(end[76 + 8..76 + 12], [0xff; 4]);
        assert_eq!(end.len(), 56 + 20 + 22);
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, date, time) in [
            (0, (1980, 1, 1), (0, 0, 0)),
            (951_827_696, (2000, 2, 29), (12, 34, 56)),
            (1_735_689_599, (2024, 12, 31), (23, 59, 58)),
            (4_107_542_400, (2100, 3, 1), (0, 0, 0)),
            (u64::MAX, (2107, 12, 31), (23, 59, 58)),
        ] {
            let date = ((date.0 - 1980) << 9) | (date.1 << 5) | date.2;
            let time = (time.0 << 11) | (time.1 << 5) | (time.2 / 2);
            assert_eq!(dos_time(seconds), (date, time), "{seconds}");
        }
    }
}
