//! Which functions others find in a shared library, by its hash tables as a dynamic linker does.
//!
//! In: a [`Dynamic`] and a name. Out: whether it is there. (Both kinds of tables are described in
//! elf.h's `gnu_hash` and in ELF gABI chapter 5.)

use object::elf::{
    DT_GNU_HASH, DT_HASH, DT_SYMTAB, GnuHashHeader, HashHeader, SHN_UNDEF, Sym64, gnu_hash, hash,
};
use object::{LittleEndian, U32};

use super::dynamic::Dynamic;
use super::image::ENDIAN;

/// More symbols than this of one hash are damage.
const ALIKE: u32 = 1 << 12;

impl Dynamic<'_, '_> {
    /// Whether others find `name` in it.
    pub fn exports(&self, name: &str) -> bool {
        match self.place(DT_GNU_HASH) {
            Some(table) => self.is_in_new(table, name).unwrap_or(false),
            None => self.is_in_old(name).unwrap_or(false),
        }
    }

    /// GNU's: a header, a filter, a first symbol for each remainder of the hash; and for each symbol
    /// its hash, whose lowest bit ends those of the same remainder.
    fn is_in_new(&self, table: u64, name: &str) -> Option<bool> {
        let head: GnuHashHeader<LittleEndian> = self.image.entry(table)?;
        let (base, buckets) = (head.symbol_base.get(ENDIAN), head.bucket_count.get(ENDIAN));
        let remainders = table + 16 + 8 * u64::from(head.bloom_count.get(ENDIAN));
        let hashes = remainders + 4 * u64::from(buckets);
        let wanted = gnu_hash(name.as_bytes());
        let first = self.number(remainders, wanted.checked_rem(buckets)?)?;
        for index in first.checked_sub(base)?..first.saturating_add(ALIKE) - base {
            let hash = self.number(hashes, index)?;
            if hash | 1 == wanted | 1 && self.defines(base + index, name)? {
                return Some(true);
            }
            if hash & 1 == 1 {
                break;
            }
        }
        Some(false)
    }

    /// The old kind: a first symbol for each remainder of the hash, and for each symbol the next.
    fn is_in_old(&self, name: &str) -> Option<bool> {
        let table = self.place(DT_HASH)?;
        let head: HashHeader<LittleEndian> = self.image.entry(table)?;
        let buckets = head.bucket_count.get(ENDIAN);
        let nexts = table + 8 + 4 * u64::from(buckets);
        let mut index = self.number(table + 8, hash(name.as_bytes()).checked_rem(buckets)?)?;
        for _ in 0..ALIKE {
            if index == 0 {
                return Some(false);
            }
            if self.defines(index, name)? {
                return Some(true);
            }
            index = self.number(nexts, index)?;
        }
        Some(false)
    }

    fn number(&self, table: u64, index: u32) -> Option<u32> {
        let number: U32<LittleEndian> = self.image.entry(table + 4 * u64::from(index))?;
        Some(number.get(ENDIAN))
    }

    fn defines(&self, index: u32, name: &str) -> Option<bool> {
        let place = self.place(DT_SYMTAB)? + u64::from(index) * 24;
        let symbol: Sym64<LittleEndian> = self.image.entry(place)?;
        let is_defined = symbol.st_shndx.get(ENDIAN) != SHN_UNDEF;
        Some(is_defined && self.text(symbol.st_name.get(ENDIAN).into()).is_ok_and(|it| it == name))
    }
}
