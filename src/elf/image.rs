//! The parts of an ELF file that a dynamic linker reads, as they stand in the file.
//!
//! In: an open file. Out: its segments, and tables and texts at a place of the file or of memory. The
//! file may lie about everything: a read beyond its end or a table of more than a few megabytes is a
//! fault, so neither memory nor time grows with what it claims.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use object::LittleEndian;
use object::elf::{EM_X86_64, FileHeader64, PT_LOAD, ProgramHeader64, ProgramType};
use object::pod::{self, Pod};
use object::read::elf::FileHeader as _;

use crate::error::ModuleFault;
use crate::wording::is_wild;

/// The byte order of both architectures.
pub const ENDIAN: LittleEndian = LittleEndian;
/// The largest table that is read at once: as many section headers as a file can have.
const TABLE: u64 = 4 << 20;
/// The longest text: a path.
const TEXT: usize = 4096;

/// A segment, as its header says.
pub type Segment = ProgramHeader64<LittleEndian>;

/// An ELF file of 64 bits.
pub struct Image<'f> {
    file: &'f File,
    /// The size of the file in bytes.
    pub length: u64,
    /// Its header.
    pub header: FileHeader64<LittleEndian>,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// What is wrong with an image.
pub fn damaged(what: &str) -> ModuleFault {
    ModuleFault::Damaged(what.to_owned())
}

impl<'f> Image<'f> {
    /// Reads the headers of `file`, of which all is there that is loaded.
    ///
    /// # Errors
    /// [`ModuleFault::NotElf`], [`ModuleFault::Damaged`].
    pub fn of(file: &'f File) -> Result<Self, ModuleFault> {
        let image = Self::headers(file)?;
        let end = |it: &Segment| it.p_offset.get(ENDIAN).checked_add(it.p_filesz.get(ENDIAN));
        let loaded = image.segments.iter().filter(|segment| is_loaded(segment));
        match loaded.map(end).all(|end| end.is_some_and(|end| end <= image.length)) {
            true => Ok(image),
            false => Err(damaged("it ends before its segments do")),
        }
    }

    /// Reads the headers of `file`.
    ///
    /// # Errors
    /// [`ModuleFault::NotElf`], [`ModuleFault::Damaged`].
    pub fn headers(file: &'f File) -> Result<Self, ModuleFault> {
        let length = file.metadata().map_err(|error| damaged(&error.to_string()))?.len();
        let mut bytes = [0; size_of::<FileHeader64<LittleEndian>>()];
        let not_elf = |_| ModuleFault::NotElf("no ELF file of 64 bits");
        file.read_exact_at(&mut bytes, 0).map_err(|_| damaged("its header is cut off"))?;
        let header = *FileHeader64::<LittleEndian>::parse(&bytes[..]).map_err(not_elf)?;
        let mut image = Self { file, length, header, segments: Vec::new() };
        let (place, count) = (header.e_phoff.get(ENDIAN), header.e_phnum.get(ENDIAN));
        let is_whole = usize::from(header.e_phentsize.get(ENDIAN)) == size_of::<Segment>();
        let segments = image.table(place, count.into()).filter(|_| is_whole);
        image.segments = segments.ok_or_else(|| damaged("its segments cannot be read"))?;
        Ok(image)
    }

    /// Whether it is for x86_64, by the header.
    pub fn is_x86_64(&self) -> bool {
        self.header.e_machine.get(ENDIAN) == EM_X86_64
    }

    /// The first segment of a kind.
    pub fn segment(&self, kind: ProgramType) -> Option<&Segment> {
        self.segments.iter().find(|segment| segment.p_type.get(ENDIAN) == kind)
    }

    /// Where in the file lies what a program sees at `address`.
    pub fn place(&self, address: u64) -> Option<u64> {
        self.segments.iter().filter(|segment| is_loaded(segment)).find_map(|segment| {
            let within = address.checked_sub(segment.p_vaddr.get(ENDIAN))?;
            let is_there = within < segment.p_filesz.get(ENDIAN);
            is_there.then(|| segment.p_offset.get(ENDIAN) + within)
        })
    }

    /// `count` entries of a table at `place` of the file; `None` where they are not all there, or
    /// too many.
    pub fn table<T: Pod>(&self, place: u64, count: u64) -> Option<Vec<T>> {
        let size = count.checked_mul(size_of::<T>() as u64)?;
        if size > TABLE || place.checked_add(size)? > self.length {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(size).ok()?];
        self.file.read_exact_at(&mut bytes, place).ok()?;
        pod::slice_from_all_bytes(&bytes).ok().map(<[T]>::to_vec)
    }

    /// The entry at `place` of the file.
    pub fn entry<T: Pod>(&self, place: u64) -> Option<T> {
        self.table(place, 1)?.pop()
    }

    /// The text at `place` of the file that ends with a zero, or with the longest that a path can be.
    pub fn text(&self, place: u64) -> Option<String> {
        let mut text = Vec::new();
        let end = self.length.min(place.checked_add(TEXT as u64)?);
        while place + (text.len() as u64) < end {
            let from = text.len();
            text.resize((from + 128).min((end - place) as usize), 0);
            self.file.read_exact_at(&mut text[from..], place + from as u64).ok()?;
            if let Some(zero) = text[from..].iter().position(|byte| *byte == 0) {
                text.truncate(from + zero);
                return Some(printable(&text));
            }
        }
        (text.len() == TEXT).then(|| printable(&text))
    }
}

fn is_loaded(segment: &Segment) -> bool {
    segment.p_type.get(ENDIAN) == PT_LOAD
}

/// A text as it stands in the file, without what a terminal would obey.
pub fn printable(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars().map(|c| if is_wild(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
