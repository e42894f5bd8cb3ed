//! What the file of a module is, read from its ELF header and its dynamic symbols.
//!
//! In: a path. Out: [`ElfFacts`], or the [`ModuleFault`] for which no server would load the file; and
//! [`BinaryFacts`]: what it asks of the machine it runs on. The file is never loaded here, only the
//! parts that matter are read, and nothing is judged that depends on where the module shall run.

mod binary;
mod debug;
mod dynamic;
mod exports;
mod image;
mod sections;

use std::fs::File;
use std::path::Path;

use object::elf::{EM_AARCH64, EM_X86_64, ET_DYN, FileHeader64};
use object::read::elf::FileHeader as _;
use object::{Endianness, FileKind, ReadCache};

use crate::error::{BundleError, Error, ModuleFault, ON_LOAD, VALKEY_ON_LOAD};
use crate::input;
use crate::platform::Architecture;
use dynamic::Dynamic;
use image::Image;

pub use binary::{BinaryFacts, RequiredVersion, RunPath, Strippable};
pub use debug::DebugFacts;

/// What is known of a module's file.
#[derive(Clone, Debug)]
pub struct ElfFacts {
    /// The architecture it was built for.
    pub architecture: Architecture,
    /// Whether only Valkey loads it: it exports no OnLoad of Redis.
    pub for_valkey: bool,
}

impl ElfFacts {
    /// Reads the facts of the module at `path`.
    ///
    /// # Errors
    /// [`Error::Io`], and [`BundleError::NotAModule`] for a file that no server would load.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let file = input::open(path)?;
        let path = path.to_owned();
        Self::of(file).map_err(|fault| BundleError::NotAModule { path, fault }.into())
    }

    /// Reads the facts of a module that is open.
    ///
    /// # Errors
    /// Why no server would load it.
    pub fn of(file: File) -> Result<Self, ModuleFault> {
        facts(file)
    }
}

fn facts(file: File) -> Result<ElfFacts, ModuleFault> {
    let damaged = |error: object::read::Error| ModuleFault::Damaged(error.to_string());
    has_64_bits(&file)?;
    let cache = ReadCache::new(&file);
    let header = FileHeader64::<Endianness>::parse(&cache).map_err(damaged)?;
    let endian = header.endian().map_err(damaged)?;
    let architecture = match header.e_machine(endian) {
        EM_X86_64 if endian == Endianness::Little => Architecture::X86_64,
        EM_AARCH64 if endian == Endianness::Little => Architecture::Aarch64,
        other => return Err(ModuleFault::Machine(other.0)),
    };
    match header.e_type(endian) {
        ET_DYN => {}
        other => return Err(ModuleFault::NotShared(other.0)),
    }
    let image = Image::of(&file)?;
    let dynamic = Dynamic::of(&image)?;
    let for_valkey = !dynamic.exports(ON_LOAD);
    if for_valkey && !dynamic.exports(VALKEY_ON_LOAD) {
        return Err(ModuleFault::NoOnLoad);
    }
    // No linker looks there; who packs a file that was cut off wants to know.
    let sections = 64 * u64::from(header.e_shnum(endian));
    if header.e_shoff(endian).saturating_add(sections) > image.length {
        return Err(image::damaged("it ends before its sections do"));
    }
    Ok(ElfFacts { architecture, for_valkey })
}

/// Whether it is an ELF file of 64 bits, and else what it is.
fn has_64_bits(file: &File) -> Result<(), ModuleFault> {
    if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Err(ModuleFault::Empty);
    }
    let cache = ReadCache::new(file);
    match FileKind::parse(&cache) {
        Ok(FileKind::Elf64) => Ok(()),
        Ok(FileKind::Elf32) => Err(ModuleFault::ThirtyTwoBits),
        _ => Err(ModuleFault::NotElf(kind_of(&cache))),
    }
}

/// What a file that is no ELF file starts like.
fn kind_of(cache: &ReadCache<&File>) -> &'static str {
    use object::ReadRef as _;
    let start = cache.read_bytes_at(0, 4).unwrap_or_default();
    match start {
        [b'P', b'K', ..] => "a zip archive",
        [0xcf | 0xce, 0xfa, 0xed, 0xfe] | [0xca, 0xfe, 0xba, 0xbe] => "a macOS library",
        [b'M', b'Z', ..] => "a Windows library",
        [b'!', b'<', b'a', b'r'] => "a static library",
        _ if start.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) => {
            "a text"
        }
        _ => "no ELF file",
    }
}
