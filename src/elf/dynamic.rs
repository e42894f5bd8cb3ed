//! What a shared library asks of the dynamic linker: other libraries, versions of their symbols,
//! folders to search, special treatment.
//!
//! In: an [`Image`]. Out: [`Dynamic`]. It is read as the linker reads it, from segments; sections may
//! be missing or wrong. (ELF gABI chapter 5; symbol versions as in the Linux Standard Base.)

use std::collections::HashMap;

use object::LittleEndian;
use object::elf::{
    DF_STATIC_TLS, DF_TEXTREL, DT_FLAGS, DT_GNU_HASH, DT_HASH, DT_NEEDED, DT_NULL, DT_RPATH,
    DT_RUNPATH, DT_SONAME, DT_STRTAB, DT_SYMTAB, DT_TEXTREL, DT_VERNEED, DT_VERSYM, Dyn64,
    DynamicFlags, DynamicTag, GnuHashHeader, HashHeader, PT_DYNAMIC, SHN_UNDEF, Sym64,
    VER_FLG_WEAK, Vernaux, Verneed, VersionIndex, Versym,
};
use object::pod::Pod;

use super::image::{ENDIAN, Image, damaged};
use super::{RequiredVersion, RunPath};
use crate::error::ModuleFault;

/// More libraries or versions than this in one file are damage.
const MANY: usize = 1024;
/// How many symbols are read at once, …
const SYMBOLS: u64 = 1 << 16;
/// … and at all: no program comes near.
const ALL_SYMBOLS: u64 = 1 << 20;
/// How many symbols of a version are named.
const NAMED: usize = 3;

type Entry = Dyn64<LittleEndian>;

/// The dynamic segment.
pub struct Dynamic<'i, 'f> {
    pub(super) image: &'i Image<'f>,
    entries: Vec<Entry>,
    /// Where its texts lie in the file.
    strings: u64,
}

impl<'i, 'f> Dynamic<'i, 'f> {
    /// # Errors
    /// [`ModuleFault::Damaged`].
    pub fn of(image: &'i Image<'f>) -> Result<Self, ModuleFault> {
        let segment =
            image.segment(PT_DYNAMIC).ok_or_else(|| damaged("it has no dynamic segment"))?;
        let count = segment.p_filesz.get(ENDIAN) / size_of::<Entry>() as u64;
        let entries = image.table::<Entry>(segment.p_offset.get(ENDIAN), count);
        let mut entries = entries.ok_or_else(|| damaged("its dynamic segment cannot be read"))?;
        let end = entries.iter().position(|entry| entry.d_tag.get(ENDIAN) == DT_NULL);
        entries.truncate(end.unwrap_or(entries.len()));
        let mut dynamic = Self { image, entries, strings: 0 };
        let strings = dynamic.place(DT_STRTAB);
        dynamic.strings = strings.ok_or_else(|| damaged("its dynamic segment has no texts"))?;
        Ok(dynamic)
    }

    /// The values of a tag, in order.
    fn values(&self, tag: DynamicTag) -> impl Iterator<Item = u64> {
        let values = self.entries.iter().filter(move |entry| entry.d_tag.get(ENDIAN) == tag);
        values.map(|entry| entry.d_val.get(ENDIAN))
    }

    fn value(&self, tag: DynamicTag) -> Option<u64> {
        self.values(tag).next()
    }

    /// Where in the file lies the table whose address a tag gives.
    pub(super) fn place(&self, tag: DynamicTag) -> Option<u64> {
        self.image.place(self.value(tag)?)
    }

    pub(super) fn text(&self, offset: u64) -> Result<String, ModuleFault> {
        let text = self.strings.checked_add(offset).and_then(|place| self.image.text(place));
        text.ok_or_else(|| damaged("its dynamic segment names what is not there"))
    }

    /// The libraries it needs, in order: `DT_NEEDED`.
    pub fn needed(&self) -> Result<Vec<String>, ModuleFault> {
        if self.values(DT_NEEDED).count() > MANY {
            return Err(damaged("it needs more than a thousand libraries"));
        }
        self.values(DT_NEEDED).map(|offset| self.text(offset)).collect()
    }

    /// Its own name: `DT_SONAME`.
    pub fn soname(&self) -> Result<Option<String>, ModuleFault> {
        self.value(DT_SONAME).map(|offset| self.text(offset)).transpose()
    }

    /// The folders it wants searched: `DT_RUNPATH`, else `DT_RPATH`, which counts only without.
    pub fn run_path(&self) -> Result<Option<RunPath>, ModuleFault> {
        for (tag, name) in [(DT_RUNPATH, "DT_RUNPATH"), (DT_RPATH, "DT_RPATH")] {
            if let Some(offset) = self.value(tag) {
                let text = self.text(offset)?;
                let folders = text.split(':').map(str::to_owned).collect();
                return Ok(Some(RunPath { tag: name, folders }));
            }
        }
        Ok(None)
    }

    /// Whether code must be changed while it is loaded.
    pub fn has_text_relocations(&self) -> bool {
        self.value(DT_TEXTREL).is_some() || self.has_flag(DF_TEXTREL)
    }

    /// Whether its thread-local variables must lie where those of the program lie.
    pub fn has_static_tls(&self) -> bool {
        self.has_flag(DF_STATIC_TLS)
    }

    fn has_flag(&self, flag: DynamicFlags) -> bool {
        self.value(DT_FLAGS).is_some_and(|flags| flags & flag.0 != 0)
    }

    /// The versions of other libraries' symbols that it wants, by library and version, with some of
    /// the symbols.
    pub fn versions(&self) -> Result<Vec<RequiredVersion>, ModuleFault> {
        let mut wanted = self.version_needs()?;
        self.find_symbols(&mut wanted);
        let mut versions = wanted
            .into_iter()
            .map(|need| {
                let names = need.named.iter().filter_map(|offset| self.text(*offset).ok());
                RequiredVersion { symbols: names.collect(), ..need.version }
            })
            .collect::<Vec<_>>();
        versions.sort_by_cached_key(|it| (it.library.clone(), it.numbers(), it.version.clone()));
        Ok(versions)
    }

    fn version_needs(&self) -> Result<Vec<Need>, ModuleFault> {
        let mut needs = Vec::new();
        let Some(mut place) = self.place(DT_VERNEED) else { return Ok(needs) };
        loop {
            let head: Verneed<LittleEndian> = self.need_entry(place)?;
            let library = self.text(head.vn_file.get(ENDIAN).into())?;
            self.versions_of(&library, place + u64::from(head.vn_aux.get(ENDIAN)), &mut needs)?;
            match head.vn_next.get(ENDIAN) {
                0 => return Ok(needs),
                next => place += u64::from(next),
            }
        }
    }

    /// The versions it needs of a library, from the first one's place on.
    fn versions_of(
        &self,
        library: &str,
        mut place: u64,
        needs: &mut Vec<Need>,
    ) -> Result<(), ModuleFault> {
        loop {
            let entry: Vernaux<LittleEndian> = self.need_entry(place)?;
            let version = self.text(entry.vna_name.get(ENDIAN).into())?;
            needs.push(Need::new(&entry, library.to_owned(), version));
            if needs.len() > MANY {
                return Err(damaged("it needs more than a thousand versions of symbols"));
            }
            match entry.vna_next.get(ENDIAN) {
                0 => return Ok(()),
                next => place += u64::from(next),
            }
        }
    }

    fn need_entry<T: Pod>(&self, place: u64) -> Result<T, ModuleFault> {
        let entry = self.image.entry(place);
        entry.ok_or_else(|| damaged("the versions of symbols it needs cannot be read"))
    }

    /// Counts the undefined symbols of each version. Damage only loses names.
    fn find_symbols(&self, needs: &mut [Need]) {
        let (Some(symbols), Some(versions)) = (self.place(DT_SYMTAB), self.place(DT_VERSYM)) else {
            return;
        };
        let by_index = needs.iter().enumerate().map(|(position, need)| (need.index.0, position));
        let by_index: HashMap<u16, usize> = by_index.collect();
        let end = self.undefined_symbols().min(ALL_SYMBOLS);
        for first in (1..end).step_by(SYMBOLS as usize) {
            let count = SYMBOLS.min(end - first);
            let symbols = self.image.table::<Sym64<LittleEndian>>(symbols + first * 24, count);
            let versions = self.image.table::<Versym<LittleEndian>>(versions + first * 2, count);
            let (Some(symbols), Some(versions)) = (symbols, versions) else { return };
            for (symbol, version) in symbols.iter().zip(versions) {
                let need = by_index.get(&version.0.get(ENDIAN).index().0);
                if let (SHN_UNDEF, Some(need)) = (symbol.st_shndx.get(ENDIAN), need) {
                    needs[*need].count(symbol.st_name.get(ENDIAN).into());
                }
            }
        }
    }

    /// The number of symbols before those that others can find, among which are all undefined ones;
    /// of all, where there is only the old kind of hash table.
    fn undefined_symbols(&self) -> u64 {
        let new = self.place(DT_GNU_HASH).and_then(|place| self.image.entry(place));
        let new = new.map(|head: GnuHashHeader<LittleEndian>| head.symbol_base.get(ENDIAN));
        let old = || self.place(DT_HASH).and_then(|place| self.image.entry(place));
        let old = || old().map(|head: HashHeader<LittleEndian>| head.chain_count.get(ENDIAN));
        new.or_else(old).unwrap_or(0).into()
    }
}

/// A version on its way to be named.
struct Need {
    index: VersionIndex,
    version: RequiredVersion,
    named: Vec<u64>,
}

impl Need {
    fn new(entry: &Vernaux<LittleEndian>, library: String, version: String) -> Self {
        let index = entry.vna_other(ENDIAN).index();
        let weak = entry.vna_flags.get(ENDIAN).contains(VER_FLG_WEAK);
        let version = RequiredVersion { library, version, weak, count: 0, symbols: Vec::new() };
        Self { index, version, named: Vec::new() }
    }

    fn count(&mut self, name: u64) {
        self.version.count += 1;
        if self.named.len() < NAMED {
            self.named.push(name);
        }
    }
}
