//! What a shared library carries that no program reads: debug sections, tables of all symbols, and
//! the names of its compilers.
//!
//! In: an [`Image`]. Out: [`Strippable`]. A loader never looks at sections, so what is damaged among
//! them is passed over.

use std::collections::BTreeSet;

use object::LittleEndian;
use object::elf::{SHF_ALLOC, SHT_NOBITS, SHT_NOTE, SHT_SYMTAB, SHT_SYMTAB_SHNDX, SectionHeader64};

use super::Strippable;
use super::image::{ENDIAN, Image, printable};

/// How `strip` of binutils knows debug sections.
const DEBUG: [&str; 6] =
    [".debug", ".zdebug", ".gnu.debuglto_.debug_", ".gnu.linkonce.wi.", ".line", ".stab"];

type Header = SectionHeader64<LittleEndian>;

/// The sections that are in the file and not in memory.
pub struct Sections<'i, 'f> {
    image: &'i Image<'f>,
    headers: Vec<Header>,
    /// Where the names of sections lie.
    names: u64,
}

impl<'i, 'f> Sections<'i, 'f> {
    pub fn of(image: &'i Image<'f>) -> Self {
        let header = &image.header;
        let (place, count) = (header.e_shoff.get(ENDIAN), header.e_shnum.get(ENDIAN));
        let is_whole = usize::from(header.e_shentsize.get(ENDIAN)) == size_of::<Header>();
        let headers = image.table(place, count.into()).filter(|_| is_whole).unwrap_or_default();
        let names = headers.get(usize::from(header.e_shstrndx.get(ENDIAN).0));
        let names = names.map_or(u64::MAX, |it: &Header| it.sh_offset.get(ENDIAN));
        Self { image, headers, names }
    }

    /// Those that `strip --strip-unneeded` removes.
    pub fn strippable(&self) -> Strippable {
        let of_symbols = self.tables_of_symbols();
        let mut strippable = Strippable::default();
        for (index, header) in self.headers.iter().enumerate() {
            if header.sh_flags.get(ENDIAN).contains(SHF_ALLOC) {
                continue;
            }
            if of_symbols.contains(&index) {
                strippable.symbols += self.size(header);
            } else if self.is_debug(header) {
                strippable.debug += self.size(header);
            }
        }
        // Sections that overlap are damage.
        strippable.debug = strippable.debug.min(self.image.length);
        strippable.symbols = strippable.symbols.min(self.image.length - strippable.debug);
        strippable
    }

    /// The tables of all symbols, with those of the texts they use.
    fn tables_of_symbols(&self) -> BTreeSet<usize> {
        let mut tables = BTreeSet::new();
        for (index, header) in self.headers.iter().enumerate() {
            match header.sh_type.get(ENDIAN) {
                SHT_SYMTAB => tables.extend([index, header.sh_link.get(ENDIAN) as usize]),
                SHT_SYMTAB_SHNDX => tables.extend([index]),
                _ => {}
            }
        }
        tables.remove(&self.image.header.e_shstrndx.get(ENDIAN).0.into());
        tables
    }

    /// The compilers that worked on it, as they say in `.comment`.
    pub fn compilers(&self) -> Vec<String> {
        let text = self.content(".comment", 1 << 12).unwrap_or_default();
        let lines = text.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        let mut compilers = Vec::new();
        for compiler in lines.map(printable) {
            if !compilers.contains(&compiler) {
                compilers.push(compiler);
            }
        }
        compilers
    }

    /// The content of the section of that name, or as much of its start.
    pub fn content(&self, name: &str, most: u64) -> Option<Vec<u8>> {
        let header = self.headers.iter().find(|header| self.name(header) == name)?;
        self.image.table(header.sh_offset.get(ENDIAN), self.size(header).min(most))
    }

    /// Where notes lie, how many bytes of them, and what they are aligned to.
    pub fn notes(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let notes = self.headers.iter().filter(|header| header.sh_type.get(ENDIAN) == SHT_NOTE);
        notes.map(|header| {
            (header.sh_offset.get(ENDIAN), self.size(header), header.sh_addralign.get(ENDIAN))
        })
    }

    fn is_debug(&self, header: &Header) -> bool {
        let name = self.name(header);
        DEBUG.iter().any(|start| name.starts_with(start)) || name == ".gdb_index"
    }

    fn name(&self, header: &Header) -> String {
        let place = self.names.checked_add(header.sh_name.get(ENDIAN).into());
        place.and_then(|place| self.image.text(place)).unwrap_or_default()
    }

    /// How much of the file it takes.
    fn size(&self, header: &Header) -> u64 {
        let (place, size) = (header.sh_offset.get(ENDIAN), header.sh_size.get(ENDIAN));
        let is_there = place.checked_add(size).is_some_and(|end| end <= self.image.length);
        let in_file = header.sh_type.get(ENDIAN) != SHT_NOBITS && is_there;
        if in_file { size } else { 0 }
    }
}
