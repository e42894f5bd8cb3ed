//! What ties debug symbols to the file they are of.
//!
//! In: an open ELF file: a library, stripped or not, or what was kept of it for debuggers. Out:
//! [`DebugFacts`]. A file of symbols alone has the headers of all that was taken out of it, so nothing
//! is looked for but sections.

use std::fs::File;

use object::elf::{EM_AARCH64, EM_X86_64};

use super::Strippable;
use super::binary::{build_id, build_id_in, hex};
use super::image::{ENDIAN, Image};
use super::sections::Sections;
use crate::error::ModuleFault;
use crate::platform::Architecture;

/// The longest `.gnu_debuglink`, in bytes: a path.
const LONGEST: u64 = 4096 + 8;

/// What debuggers go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugFacts {
    /// What it was built for; nothing for another machine.
    pub architecture: Option<Architecture>,
    /// The hexadecimal digits that tell this build from all others.
    pub build_id: Option<String>,
    /// The CRC-32 that the file of its symbols must have: `.gnu_debuglink`.
    pub link: Option<u32>,
    /// What it has for debuggers.
    pub symbols: Strippable,
}

impl DebugFacts {
    /// Reads the facts of an ELF file of 64 bits.
    ///
    /// # Errors
    /// Why it is none.
    pub fn of(file: &File) -> Result<Self, ModuleFault> {
        super::has_64_bits(file)?;
        let image = Image::headers(file)?;
        let sections = Sections::of(&image);
        let in_note = |(place, size, align)| build_id_in(&image, place, size, align);
        let in_section = sections.notes().find_map(in_note).map(|id| hex(&id));
        Ok(Self {
            architecture: match image.header.e_machine.get(ENDIAN) {
                EM_X86_64 => Some(Architecture::X86_64),
                EM_AARCH64 => Some(Architecture::Aarch64),
                _ => None,
            },
            build_id: in_section.or_else(|| build_id(&image)),
            link: sections.content(".gnu_debuglink", LONGEST).as_deref().and_then(crc),
            symbols: sections.strippable(),
        })
    }
}

/// What stands behind the name of the other file: filled up with zeros to four bytes, then its CRC-32.
fn crc(link: &[u8]) -> Option<u32> {
    let name = link.iter().position(|byte| *byte == 0)?;
    let from = (name + 1).next_multiple_of(4);
    link.get(from..from + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_may_be_damaged() {
        assert_eq!(crc(b"abc\0\x01\0\0\x80"), Some(0x8000_0001));
        assert_eq!(crc(b"abcd\0\0\0\0\x02\0\0\0\0\0"), Some(2));
        for damaged in [&b""[..], b"abc", b"abc\0", b"abcd\0\x01\0\0\0"] {
            assert_eq!(crc(damaged), None);
        }
    }
}
