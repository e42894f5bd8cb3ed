//! What the file of a module asks of the machine it runs on, and what it carries.
//!
//! In: an open file. Out: [`BinaryFacts`], which are judged elsewhere. Only what is asked for is read,
//! in parts of a few megabytes at most, however large the file is or says it is.

use std::fs::File;

use object::elf::{NT_GNU_BUILD_ID, PF_X, PT_GNU_STACK, PT_NOTE, PT_TLS};
use serde::Serialize;

use super::dynamic::Dynamic;
use super::image::{ENDIAN, Image, Segment};
use super::sections::Sections;
use crate::error::ModuleFault;

/// What a shared library needs, and how it was built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BinaryFacts {
    /// The size of the file in bytes.
    pub size: u64,
    /// The libraries it needs, in the order in which they are searched: `DT_NEEDED`.
    pub needed: Vec<String>,
    /// The versions of their symbols it needs, by library, lowest first.
    pub versions: Vec<RequiredVersion>,
    /// The name it has for other libraries: `DT_SONAME`.
    pub soname: Option<String>,
    /// Where it wants its libraries searched.
    pub run_path: Option<RunPath>,
    /// Whether loading it makes the stack of the whole process executable.
    pub executable_stack: bool,
    /// Whether loading it must change its code.
    pub text_relocations: bool,
    /// The bytes it needs of the small place for thread-local variables that a running program has
    /// left, where it needs any.
    pub static_tls: Option<u64>,
    /// What stripping would remove.
    pub strippable: Strippable,
    /// The hexadecimal digits that tell this build from all others.
    pub build_id: Option<String>,
    /// What compilers say of themselves.
    pub compilers: Vec<String>,
}

/// A version of a library's symbols, as `GLIBC_2.28` of `libc.so.6`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequiredVersion {
    /// The library.
    pub library: String,
    /// The version, with its family: `GLIBC_2.28`.
    pub version: String,
    /// Whether it may be missing.
    pub weak: bool,
    /// The number of symbols of this version that are used.
    pub count: u64,
    /// The first of them.
    pub symbols: Vec<String>,
}

/// Folders in which libraries are searched before those of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunPath {
    /// `DT_RUNPATH` or `DT_RPATH`.
    pub tag: &'static str,
    /// The folders, as they stand there.
    pub folders: Vec<String>,
}

/// The bytes of sections that stripping removes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Strippable {
    /// Of debug information.
    pub debug: u64,
    /// Of the table of all symbols, which loading does not need.
    pub symbols: u64,
}

impl BinaryFacts {
    /// Reads the facts of a shared library.
    ///
    /// # Errors
    /// Why no dynamic linker could load it. What linkers do not read may be damaged.
    pub fn of(file: &File) -> Result<Self, ModuleFault> {
        let image = Image::of(file)?;
        let dynamic = Dynamic::of(&image)?;
        let sections = Sections::of(&image);
        let thread_local = image.segment(PT_TLS).map(|segment| segment.p_memsz.get(ENDIAN));
        Ok(Self {
            size: image.length,
            needed: dynamic.needed()?,
            versions: dynamic.versions()?,
            soname: dynamic.soname()?,
            run_path: dynamic.run_path()?,
            executable_stack: has_executable_stack(&image),
            text_relocations: dynamic.has_text_relocations(),
            static_tls: thread_local.filter(|_| dynamic.has_static_tls()),
            strippable: sections.strippable(),
            build_id: build_id(&image),
            compilers: sections.compilers(),
        })
    }

    /// The highest version of a family (`GLIBC`, `GLIBCXX`, …) that it cannot do without.
    pub fn highest(&self, family: &str) -> Option<&RequiredVersion> {
        let of_family = self.versions.iter().filter(|it| it.family() == family && !it.weak);
        of_family.filter(|it| !it.numbers().is_empty()).max_by_key(|it| it.numbers())
    }
}

impl RequiredVersion {
    /// What it is a version of: `GLIBC`.
    pub fn family(&self) -> &str {
        self.version.rsplit_once('_').map_or(&self.version, |(family, _)| family)
    }

    /// Whether it is later than `version` of its family: `2.28`. A word is not.
    pub fn is_above(&self, version: &str) -> bool {
        self.numbers() > numbers(version)
    }

    /// Its place among the versions of its family; nothing where it is a word.
    pub(super) fn numbers(&self) -> Vec<u32> {
        numbers(self.version.rsplit('_').next().unwrap_or_default())
    }
}

/// The parts of a version as `2.2.5`, to compare it by; nothing for what is none.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().ok()).collect::<Option<_>>().unwrap_or_default()
}

impl Strippable {
    /// All that goes.
    pub fn total(self) -> u64 {
        self.debug + self.symbols
    }
}

/// Without a word about its stack a library for x86_64 gets an executable one, one for AArch64 does
/// not: `DEFAULT_STACK_PERMS` in glibc's stackinfo.h.
fn has_executable_stack(image: &Image) -> bool {
    match image.segment(PT_GNU_STACK) {
        Some(stack) => stack.p_flags.get(ENDIAN).contains(PF_X),
        None => image.is_x86_64(),
    }
}

/// By the notes that are loaded.
pub(super) fn build_id(image: &Image) -> Option<String> {
    let notes = image.segments.iter().filter(|segment| segment.p_type.get(ENDIAN) == PT_NOTE);
    let find = |segment: &Segment| {
        let (place, size) = (segment.p_offset.get(ENDIAN), segment.p_filesz.get(ENDIAN));
        build_id_in(image, place, size, segment.p_align.get(ENDIAN))
    };
    notes.filter_map(find).next().map(|id| hex(&id))
}

/// Two digits for each byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Notes are three numbers (the lengths of name and content, a kind), a name and a content.
pub(super) fn build_id_in(image: &Image, place: u64, size: u64, align: u64) -> Option<Vec<u8>> {
    let align = if align == 8 { 8 } else { 4 };
    let notes: Vec<u8> = image.table(place, size.min(1 << 16))?;
    let mut rest = &notes[..];
    loop {
        let number = |at| rest.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        let (name, content, kind) = (number(0)? as usize, number(4)? as usize, number(8)?);
        let from = 12 + name.next_multiple_of(4);
        let found = rest.get(from..from + content)?;
        if kind == NT_GNU_BUILD_ID.0 && rest[12..from].starts_with(b"GNU\0") {
            return Some(found.to_vec());
        }
        rest = rest.get((from + content).next_multiple_of(align)..)?;
    }
}
