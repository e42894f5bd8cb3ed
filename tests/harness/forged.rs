//! Zips made byte by byte, in which every field can lie.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A zip. What is `None` is said truly.
#[derive(Clone, Default)]
pub struct Zip {
    /// Bytes before the first entry.
    pub before: Vec<u8>,
    /// The entries, in their order.
    pub entries: Vec<Forged>,
    /// Bytes behind the last header of the directory, which count as its own.
    pub directory_end: Vec<u8>,
    /// The bytes from which all offsets count.
    pub base: u32,
    /// The end record of zip64 and its locator, if there are any.
    pub zip64: Option<End64>,
    /// The numbers of this disk and of that of the directory.
    pub disks: [u16; 2],
    /// How many entries there are on this disk, and on all.
    pub counts: Option<[u16; 2]>,
    /// The size of the directory.
    pub size: Option<u32>,
    /// The offset of the directory.
    pub offset: Option<u32>,
    /// The length of the comment.
    pub comment_length: Option<u16>,
    /// The comment.
    pub comment: Vec<u8>,
    /// Bytes behind the end.
    pub after: Vec<u8>,
}

/// The values of zip64, for the end of an archive. What is `None` is said truly.
#[derive(Clone, Default)]
pub struct End64 {
    pub entries: Option<u64>,
    pub size: Option<u64>,
    pub offset: Option<u64>,
    /// Where the locator says that the record is.
    pub record: Option<u64>,
    /// How many disks it says that there are.
    pub disks: Option<u32>,
}

/// An entry.
#[derive(Clone)]
pub struct Forged {
    /// Bytes before its header.
    pub gap: Vec<u8>,
    /// The header before its bytes.
    pub local: Header,
    /// Its bytes in the archive.
    pub bytes: Vec<u8>,
    /// Bytes behind its bytes: a descriptor.
    pub descriptor: Vec<u8>,
    /// The header in the directory.
    pub central: Header,
    /// The number of its disk.
    pub disk: u16,
    /// The upper half is its mode.
    pub attributes: u32,
    /// Where its first header is.
    pub offset: Option<u32>,
    /// Whether only the directory has it.
    pub is_ghost: bool,
}

/// What both headers have.
#[derive(Clone)]
pub struct Header {
    pub version: u16,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub compressed: u32,
    pub size: u32,
    pub name: Vec<u8>,
    pub extra: Vec<u8>,
}

impl Zip {
    /// A good zip with a deflated entry `NAME` for each name, and its name as its text.
    pub fn of(names: &[&str]) -> Self {
        let mut zip = Self::default();
        names.iter().for_each(|name| {
            zip.add(name, name.as_bytes());
        });
        zip
    }

    /// Adds a good entry, deflated.
    pub fn add(&mut self, name: &str, content: &[u8]) -> &mut Forged {
        let mut deflater = DeflateEncoder::new(Vec::new(), Compression::default());
        deflater.write_all(content).unwrap();
        self.entries.push(Forged::new(name, content, 8, deflater.finish().unwrap()));
        self.entries.last_mut().unwrap()
    }

    /// Adds a good entry, stored.
    pub fn store(&mut self, name: &str, content: &[u8]) -> &mut Forged {
        self.entries.push(Forged::new(name, content, 0, content.to_owned()));
        self.entries.last_mut().unwrap()
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.before.clone();
        let mut offsets = Vec::new();
        for entry in &self.entries {
            if !entry.is_ghost {
                bytes.extend(&entry.gap);
            }
            offsets.push(entry.offset.unwrap_or(bytes.len() as u32 - self.base));
            if !entry.is_ghost {
                bytes.extend(entry.local.bytes(b"PK\x03\x04"));
                bytes.extend([&*entry.local.name, &entry.local.extra, &entry.bytes].concat());
                bytes.extend(&entry.descriptor);
            }
        }
        let start = bytes.len();
        self.entries.iter().zip(offsets).for_each(|(it, offset)| it.directory(offset, &mut bytes));
        bytes.extend(&self.directory_end);
        self.end(start, &mut bytes);
        bytes.extend([&*self.comment, &self.after].concat());
        bytes
    }

    fn end(&self, start: usize, bytes: &mut Vec<u8>) {
        let (size, offset) = ((bytes.len() - start) as u32, start as u32 - self.base);
        let count = self.entries.len() as u16;
        if let Some(wide) = &self.zip64 {
            let record = (bytes.len() as u64) - u64::from(self.base);
            let entries = wide.entries.unwrap_or(count.into());
            bytes.extend(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
            let (size, offset) =
                (wide.size.unwrap_or(size.into()), wide.offset.unwrap_or(offset.into()));
            for it in [entries, entries, size, offset] {
                bytes.extend(it.to_le_bytes());
            }
            bytes.extend(b"PK\x06\x07\0\0\0\0");
            bytes.extend(wide.record.unwrap_or(record).to_le_bytes());
            bytes.extend(wide.disks.unwrap_or(1).to_le_bytes());
        }
        bytes.extend(b"PK\x05\x06");
        let [here, all] = self.counts.unwrap_or([count; 2]);
        for it in [self.disks[0], self.disks[1], here, all] {
            bytes.extend(it.to_le_bytes());
        }
        bytes.extend(self.size.unwrap_or(size).to_le_bytes());
        bytes.extend(self.offset.unwrap_or(offset).to_le_bytes());
        bytes.extend(self.comment_length.unwrap_or(self.comment.len() as u16).to_le_bytes());
    }
}

impl Forged {
    fn new(name: &str, content: &[u8], method: u16, bytes: Vec<u8>) -> Self {
        let mut crc = Crc::new();
        crc.update(content);
        let header = Header {
            version: 20,
            flags: 0,
            method,
            crc: crc.sum(),
            compressed: bytes.len() as u32,
            size: content.len() as u32,
            name: name.as_bytes().to_owned(),
            extra: Vec::new(),
        };
        Self {
            gap: Vec::new(),
            local: header.clone(),
            bytes,
            descriptor: Vec::new(),
            central: header,
            disk: 0,
            attributes: 0,
            offset: None,
            is_ghost: false,
        }
    }

    /// Changes both headers.
    pub fn both(&mut self, change: impl Fn(&mut Header)) -> &mut Self {
        change(&mut self.local);
        change(&mut self.central);
        self
    }

    /// Gives it a mode, with its type.
    pub fn mode(&mut self, mode: u32) -> &mut Self {
        self.attributes = mode << 16;
        self
    }

    /// Gives it sizes and checksum behind its bytes, and none before them.
    pub fn streamed(&mut self, signed: bool, wide: bool) -> &mut Self {
        self.both(|header| header.flags |= 8);
        let Header { crc, compressed, size, .. } = self.central;
        (self.local.crc, self.local.compressed, self.local.size) = (0, 0, 0);
        self.descriptor = if signed { b"PK\x07\x08".to_vec() } else { Vec::new() };
        self.descriptor.extend(crc.to_le_bytes());
        for size in [compressed, size] {
            self.descriptor.extend(size.to_le_bytes());
            self.descriptor.extend(if wide { &[0; 4][..] } else { &[] });
        }
        self
    }

    fn directory(&self, offset: u32, bytes: &mut Vec<u8>) {
        let header = self.central.bytes(b"PK\x01\x02\x14\x03");
        bytes.extend(header);
        bytes.extend([0, 0]);
        bytes.extend(self.disk.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(self.attributes.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend([&*self.central.name, &self.central.extra].concat());
    }
}

impl Header {
    /// Of the year 1980.
    fn bytes(&self, before: &[u8]) -> Vec<u8> {
        let mut bytes = before.to_owned();
        for it in [self.version, self.flags, self.method, 0, 0x21] {
            bytes.extend(it.to_le_bytes());
        }
        for it in [self.crc, self.compressed, self.size] {
            bytes.extend(it.to_le_bytes());
        }
        for it in [&self.name, &self.extra] {
            bytes.extend((it.len() as u16).to_le_bytes());
        }
        bytes
    }
}
