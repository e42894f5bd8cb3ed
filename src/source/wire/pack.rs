//! A pack as it arrives (gitformat-pack(5)), read to its end before anything is made of it.
//!
//! In: a stranger's bytes, and [`Limits`]. Out: the same bytes, written on, and the [`Entry`] of each
//! object: every header understood, every stream inflated to just the size that it claims. Nothing
//! is held in memory but one object without a delta at a time.

use std::fmt::Display;
use std::io::{self, BufRead, ErrorKind, Read, Write};

use flate2::Crc;
use git2::{ObjectType, Oid};

use super::exchange::Failure;
use super::inflate::Inflater;
use super::packet::Fault;
use crate::wording::size;

/// The most that a pack may hold, and that may be done with it.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct Limits {
    /// How many objects.
    pub objects: u32,
    /// The bytes of one blob.
    pub blob: u64,
    /// The bytes of one commit, tree or tag.
    pub other: u64,
    /// The bytes of all objects and deltas as they stand there, inflated.
    pub total: u64,
    /// The bytes of the pack itself.
    pub received: u64,
    /// How many deltas may stand on each other; git makes no more than 4095.
    pub chain: u32,
    /// The bytes that may be read and made while deltas are resolved.
    pub work: u64,
}

impl Limits {
    /// For an answer of single objects, or of commits and trees alone.
    pub const FEW: Self = Self {
        objects: 200_000,
        blob: 2 << 20,
        other: 16 << 20,
        total: 256 << 20,
        received: 64 << 20,
        chain: 4095,
        work: 2 << 30,
    };

    /// For a commit with all its files, or a whole history.
    pub const MANY: Self = Self {
        objects: 2_000_000,
        blob: 512 << 20,
        other: 64 << 20,
        total: 32 << 30,
        received: 4 << 30,
        chain: 4095,
        work: 64 << 30,
    };

    /// Is an object of this kind allowed to be so large?
    pub(super) fn check(&self, kind: ObjectType, bytes: u64) -> Result<(), Failure> {
        match kind {
            ObjectType::Blob if bytes > self.blob => Err(Failure::TooLarge { size: bytes }),
            ObjectType::Blob => Ok(()),
            _ if bytes > self.other => Err(too_much(format!("a {kind} of {}", size(bytes)))),
            _ => Ok(()),
        }
    }
}

/// One object of a pack.
pub(super) struct Entry {
    /// Where it begins.
    pub at: u64,
    /// Where its zlib stream begins.
    pub data: u64,
    /// Where it ends.
    pub end: u64,
    /// How long that stream is, inflated.
    pub size: u64,
    /// The checksum of all that stands there.
    pub crc: u32,
    pub form: Form,
}

/// How an object stands in a pack.
pub(super) enum Form {
    Whole {
        kind: ObjectType,
        id: Oid,
    },
    /// As a delta on an earlier entry, counted from 0.
    OnEntry(u32),
    /// As a delta on the object of this id, wherever that stands.
    OnObject(Oid),
}

/// What a pack says before and after its objects.
pub(super) struct Scanned {
    pub entries: Vec<Entry>,
    /// The last 20 bytes: a checksum, which says no more than the objects' ids.
    pub trailer: [u8; 20],
}

/// Reads the pack that is all of `from`, and writes it on.
pub(super) fn scan(
    from: impl BufRead,
    to: impl Write,
    limits: &Limits,
) -> Result<Scanned, Failure> {
    let flow = Flow { from, to, at: 0, crc: Crc::new(), most: limits.received, failed: None };
    let mut scan = Scan { flow, limits, inflater: Inflater::default(), total: 0, entries: vec![] };
    let trailer = scan.all();
    match scan.flow.failed.take().or_else(|| scan.flow.to.flush().err()) {
        Some(error) => Err(Failure::Write(error)),
        None => Ok(Scanned { trailer: trailer?, entries: scan.entries }),
    }
}

/// What is wrong with a pack: it comes with `what`.
pub(super) fn wrong(what: impl Display) -> Failure {
    Fault::nonsense(format!("it sends a pack with {what}")).into()
}

/// The same of what the limits do not allow.
pub(super) fn too_much(what: impl Display) -> Failure {
    Fault::too_much(format!("it sends a pack with {what}")).into()
}

struct Scan<'a, R, W> {
    flow: Flow<R, W>,
    limits: &'a Limits,
    inflater: Inflater,
    total: u64,
    entries: Vec<Entry>,
}

impl<R: BufRead, W: Write> Scan<'_, R, W> {
    fn all(&mut self) -> Result<[u8; 20], Failure> {
        for _ in 0..self.count()? {
            let entry = self.entry()?;
            self.entries.push(entry);
        }
        let trailer = self.flow.array()?;
        match self.flow.fill_buf().map_err(Fault::from)? {
            [] => Ok(trailer),
            _ => Err(wrong("something after its end")),
        }
    }

    /// How many objects there shall be.
    fn count(&mut self) -> Result<u32, Failure> {
        let (magic, version) = (self.flow.array()?, u32::from_be_bytes(self.flow.array()?));
        match (&magic, version, u32::from_be_bytes(self.flow.array()?)) {
            (b"PACK", 2 | 3, count) if count <= self.limits.objects => Ok(count),
            (b"PACK", 2 | 3, count) => Err(too_much(format!("{count} objects"))),
            (b"PACK", ..) => Err(wrong(format!("the unknown version {version}"))),
            _ => Err(Fault::nonsense("what it sends is no pack").into()),
        }
    }

    fn entry(&mut self) -> Result<Entry, Failure> {
        let at = self.flow.at;
        self.flow.crc.reset();
        let (code, size) = self.code_and_size()?;
        self.total = self.total.saturating_add(size);
        if self.total > self.limits.total {
            let most = self::size(self.limits.total);
            return Err(too_much(format!("more than {most} of objects")));
        }
        let (form, data) = match code {
            1 => self.whole(ObjectType::Commit, size)?,
            2 => self.whole(ObjectType::Tree, size)?,
            3 => self.whole(ObjectType::Blob, size)?,
            4 => self.whole(ObjectType::Tag, size)?,
            6 => {
                let base = self.earlier(at)?;
                (Form::OnEntry(base), self.delta(size)?)
            }
            7 => {
                let base = oid(&self.flow.array::<20>()?);
                (Form::OnObject(base), self.delta(size)?)
            }
            _ => return Err(wrong(format!("an object of the unknown kind {code}"))),
        };
        Ok(Entry { at, data, end: self.flow.at, size, crc: self.flow.crc.sum(), form })
    }

    /// An entry's first bytes: 3 bits of kind, 4 bits of size, and more of those by 7.
    fn code_and_size(&mut self) -> Result<(u8, u64), Failure> {
        let [first] = self.flow.array()?;
        let (mut size, mut shift, mut byte) = (u64::from(first & 0xf), 4, first);
        while byte & 0x80 != 0 {
            if shift > 56 {
                return Err(wrong("an object of a size without an end"));
            }
            [byte] = self.flow.array()?;
            size |= u64::from(byte & 0x7f) << shift;
            shift += 7;
        }
        Ok(((first >> 4) & 7, size))
    }

    fn whole(&mut self, kind: ObjectType, size: u64) -> Result<(Form, u64), Failure> {
        self.limits.check(kind, size)?;
        let data = self.flow.at;
        let bytes = self.inflater.all(&mut self.flow, size)?;
        Ok((Form::Whole { kind, id: id_of(kind, &bytes)? }, data))
    }

    /// The entry that stands so many bytes before the one at `at`; each 7 bits more begin to count
    /// where those before end.
    fn earlier(&mut self, at: u64) -> Result<u32, Failure> {
        let [mut byte] = self.flow.array()?;
        let mut back = u64::from(byte & 0x7f);
        while byte & 0x80 != 0 && back < 1 << 48 {
            [byte] = self.flow.array()?;
            back = ((back + 1) << 7) | u64::from(byte & 0x7f);
        }
        let base = at
            .checked_sub(back)
            .and_then(|base| self.entries.binary_search_by_key(&base, |entry| entry.at).ok());
        base.map(|base| base as u32).ok_or_else(|| wrong("a delta on what is no object"))
    }

    /// Where the stream of a delta begins.
    fn delta(&mut self, size: u64) -> Result<u64, Failure> {
        let data = self.flow.at;
        if size > self.limits.blob.max(self.limits.other) {
            return Err(too_much(format!("a delta of {}", self::size(size))));
        }
        self.inflater.each(&mut self.flow, size, |_| {})?;
        Ok(data)
    }
}

/// The id of an object.
pub(super) fn id_of(kind: ObjectType, bytes: &[u8]) -> Result<Oid, Failure> {
    Oid::hash_object(kind, bytes).map_err(|error| Failure::Store(error.into()))
}

fn oid(bytes: &[u8; 20]) -> Oid {
    Oid::from_bytes(bytes).expect("20 bytes are an id")
}

/// Bytes on their way: what is consumed is counted, summed up, and written on.
struct Flow<R, W> {
    from: R,
    to: W,
    at: u64,
    crc: Crc,
    most: u64,
    /// Why nothing could be written on.
    failed: Option<io::Error>,
}

impl<R: BufRead, W: Write> Flow<R, W> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes).map_err(Fault::from)?;
        Ok(bytes)
    }
}

impl<R: BufRead, W: Write> Read for Flow<R, W> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead, W: Write> BufRead for Flow<R, W> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.failed.is_some() {
            return Err(ErrorKind::WriteZero.into());
        }
        if self.at > self.most {
            let what = format!("it sends a pack of more than {}", size(self.most));
            return Err(Fault::too_much(what).into());
        }
        self.from.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The reader has just shown these very bytes.
        let written = self.from.fill_buf().and_then(|bytes| {
            self.crc.update(&bytes[..amount]);
            self.to.write_all(&bytes[..amount])
        });
        self.failed = written.err();
        self.at += amount as u64;
        self.from.consume(amount);
    }
}
