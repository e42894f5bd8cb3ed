//! The headers of a zip, byte by byte: facts, which nobody has judged.
//!
//! In: bytes. Out: a header of the central directory or one before an entry's bytes, with the values
//! of zip64 in their places, or nothing where the bytes are no such header. Section numbers are those
//! of PKWARE's APPNOTE.

/// The largest value of four bytes: the real one stands in the field of zip64 (4.4.8).
pub const NARROW: u64 = u32::MAX as u64;
/// The bytes of a header before an entry's bytes, without its name and extra fields (4.3.7).
pub const LOCAL: u64 = 30;

const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
/// The extra field of zip64 (4.5.3).
const ZIP64: u16 = 1;

/// Little-endian numbers, one after the other.
#[derive(Clone, Copy)]
pub struct Numbers<'a>(pub &'a [u8]);

impl<'a> Numbers<'a> {
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}

/// How the field of zip64 fits the header it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zip64 {
    /// It is not there, and nothing asks for it.
    Absent,
    /// It has the values that are asked for, and no others.
    Used,
    /// It has values that nothing asks for.
    Unneeded,
    /// A value is asked for that it does not have, or it is there twice.
    Wrong,
}

/// What both headers of an entry say.
#[derive(Clone, Debug)]
pub struct Header {
    /// The version of the format that is needed, times ten (4.4.3).
    pub version: u16,
    /// 4.4.4.
    pub flags: u16,
    /// 4.4.5.
    pub method: u16,
    /// The checksum of the bytes, unpacked.
    pub crc: u32,
    /// The number of the bytes in the archive.
    pub compressed: u64,
    /// The number of the bytes, unpacked.
    pub size: u64,
    /// The name, as it stands there.
    pub name: Vec<u8>,
    /// The extra fields, as they stand there.
    pub extra: Vec<u8>,
    /// How the field of zip64 fits.
    pub zip64: Zip64,
}

/// A header of the central directory (4.3.12).
#[derive(Clone, Debug)]
pub struct Central {
    pub header: Header,
    /// The disk on which the entry begins.
    pub disk: u16,
    /// The upper half is Unix's mode (4.4.15).
    pub attributes: u32,
    /// Where the other header is, counted from the start of the archive.
    pub offset: u64,
}

impl Central {
    pub const SIGNATURE: &[u8] = b"PK\x01\x02";

    /// Reads the header with which `bytes` begin, and moves behind it.
    pub fn parse(bytes: &mut Numbers) -> Option<Self> {
        let mut at = *bytes;
        let is_one = at.take(4)? == Self::SIGNATURE;
        let _made_by = at.u16()?;
        let (header, [names, extras]) = Header::parse(&mut at).filter(|_| is_one)?;
        let comments = at.u16()?;
        let disk = at.u16()?;
        let _internal_attributes = at.u16()?;
        let attributes = at.u32()?;
        let mut offset = u64::from(at.u32()?);
        let header = header.with(&mut at, names, extras, Some(&mut offset))?;
        at.take(comments.into())?;
        *bytes = at;
        Some(Self { header, disk, attributes, offset })
    }
}

impl Header {
    /// The header before an entry's bytes (4.3.7).
    pub fn local(bytes: &[u8]) -> Option<Self> {
        let mut at = Numbers(bytes);
        let is_one = at.take(4)? == LOCAL_SIGNATURE;
        let (header, [names, extras]) = Self::parse(&mut at).filter(|_| is_one)?;
        header.with(&mut at, names, extras, None)
    }

    /// The length of the name and extra fields behind the [`LOCAL`] bytes of such a header.
    pub fn local_rest(bytes: &[u8]) -> Option<u64> {
        let mut at = Numbers(bytes);
        let is_one = at.take(4)? == LOCAL_SIGNATURE;
        let (_, [names, extras]) = Self::parse(&mut at).filter(|_| is_one)?;
        Some(u64::from(names) + u64::from(extras))
    }

    /// What stands in the same order in both headers, and the lengths of name and extra fields.
    fn parse(at: &mut Numbers) -> Option<(Self, [u16; 2])> {
        let (version, flags, method) = (at.u16()?, at.u16()?, at.u16()?);
        let _time_and_date = at.u32()?;
        let crc = at.u32()?;
        let (compressed, size) = (at.u32()?.into(), at.u32()?.into());
        let lengths = [at.u16()?, at.u16()?];
        let (name, extra, zip64) = (Vec::new(), Vec::new(), Zip64::Absent);
        let header = Self { version, flags, method, crc, compressed, size, name, extra, zip64 };
        Some((header, lengths))
    }

    /// The same with its name, its extra fields, and what those of zip64 say.
    fn with(
        mut self,
        at: &mut Numbers,
        names: u16,
        extras: u16,
        offset: Option<&mut u64>,
    ) -> Option<Self> {
        self.name = at.take(names.into())?.to_owned();
        self.extra = at.take(extras.into())?.to_owned();
        let values = [Some(&mut self.size), Some(&mut self.compressed), offset];
        self.zip64 = widen(&self.extra, values.into_iter().flatten());
        Some(self)
    }
}

/// The extra fields: an id and its bytes each; the last one is nothing where they do not end with
/// their last field.
pub fn fields(extra: &[u8]) -> impl Iterator<Item = Option<(u16, &[u8])>> {
    let mut at = Numbers(extra);
    std::iter::from_fn(move || {
        // Fewer bytes than a field has are padding, and taken so by all readers.
        if at.0.len() < 4 {
            return None;
        }
        let (id, length) = (at.u16()?, at.u16()?);
        let field = at.take(length.into());
        if field.is_none() {
            at.0 = &[];
        }
        Some(field.map(|bytes| (id, bytes)))
    })
}

/// Replaces the values that are too large for four bytes by those of the field of zip64.
fn widen<'a>(extra: &[u8], values: impl Iterator<Item = &'a mut u64>) -> Zip64 {
    let mut found = fields(extra).flatten().filter(|(id, _)| *id == ZIP64);
    let (field, further) = (found.next(), found.next());
    let mut at = Numbers(field.map_or(&[], |(_, bytes)| bytes));
    let mut asked = 0;
    for value in values.filter(|value| **value == NARROW) {
        let Some(wide) = at.u64() else { return Zip64::Wrong };
        *value = wide;
        asked += 1;
    }
    match (field, further) {
        (_, Some(_)) => Zip64::Wrong,
        (None, _) => Zip64::Absent,
        (Some(_), _) if asked > 0 && at.0.is_empty() => Zip64::Used,
        (Some(_), _) => Zip64::Unneeded,
    }
}
