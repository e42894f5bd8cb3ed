//! Writing a zip whose entries are all deflated.

use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::header::{self, Header};
use crate::archive::deflate::{Deflater, Pool};
use crate::archive::{Deflated, Settings, exactly};
use crate::digest::{Hashing, Sha256};
use crate::error::{BundleError, Error, IoContext};
use crate::progress::Meter;
use crate::tree::{Entry, Tree};

/// The path and the digest of an entry's bytes.
pub type Sealed = (String, Sha256);

/// Writes the files of `tree` to `to`, which errors call `place`, in its order; returns what was
/// written, and counts the bytes of each.
///
/// # Errors
/// [`Error::Io`], for a file that cannot be read, or an archive that cannot be written;
/// [`BundleError::Changed`] for a file that changes meanwhile; [`BundleError::CannotArchive`].
pub fn write(
    tree: &Tree,
    settings: &Settings,
    meter: &Meter,
    to: impl Write + Seek,
    place: &Path,
) -> Result<Vec<Sealed>, Error> {
    let pool = Pool::new(settings.threads);
    let mut archive = Writer { to, place, pool, settings, meter, entries: Vec::new(), at: 0 };
    let sealed = tree.entries.iter().filter_map(|entry| archive.append(entry).transpose());
    let sealed = sealed.collect::<Result<_, _>>()?;
    archive.finish().at("write", place)?;
    Ok(sealed)
}

struct Writer<'a, W> {
    to: W,
    place: &'a Path,
    pool: Pool,
    settings: &'a Settings,
    meter: &'a Meter,
    entries: Vec<Header<'a>>,
    /// How much was written.
    at: u64,
}

impl<'a, W: Write + Seek> Writer<'a, W> {
    /// Writes a file; nothing for what is none.
    fn append(&mut self, entry: &'a Entry) -> Result<Option<Sealed>, Error> {
        if entry.path.len() > usize::from(u16::MAX) {
            let (path, why) = (entry.path.clone().into(), "a zip has no place for so long a name");
            return Err(BundleError::CannotArchive { path, why }.into());
        }
        let meter = self.meter;
        let Some((mut bytes, announced)) = exactly::open(entry, meter)? else { return Ok(None) };
        meter.begin("Packing", &entry.path, Some(announced));
        let digest = self.deflate(entry, &mut bytes, announced);
        let digest = exactly::copied(digest, &bytes, entry, self.place)?;
        Ok(Some((entry.path.clone(), digest)))
    }

    fn deflate(
        &mut self,
        entry: &'a Entry,
        bytes: &mut impl io::Read,
        announced: u64,
    ) -> io::Result<Sha256> {
        let mut header = Header {
            path: &entry.path,
            mode: entry.mode(),
            time: self.settings.time,
            announced,
            content: Deflated::default(),
            offset: self.at,
        };
        self.to.write_all(&header.local())?;
        let mut deflater = Deflater::new(&mut self.pool, self.settings.level, &mut self.to);
        let mut hashing = Hashing::new(&mut deflater);
        io::copy(bytes, &mut hashing)?;
        let digest = hashing.finish();
        (_, header.content) = deflater.finish()?;

        // Sizes and checksum are known now.
        let local = header.local();
        self.to.seek(SeekFrom::Start(self.at))?;
        self.to.write_all(&local)?;
        self.at += local.len() as u64 + header.content.compressed;
        self.to.seek(SeekFrom::Start(self.at))?;
        self.entries.push(header);
        Ok(digest)
    }

    fn finish(mut self) -> io::Result<()> {
        let directory: Vec<u8> = self.entries.iter().flat_map(Header::central).collect();
        let end = header::end(self.entries.len() as u64, self.at, directory.len() as u64);
        self.to.write_all(&directory)?;
        self.to.write_all(&end)?;
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::tree::Content;

    /// Other programs read that file in the tests of `pack`.
    #[test]
    fn an_entry_of_zip64_is_what_others_read() {
        let content = Content::Bytes(b"hello\n".to_vec());
        let entry = Entry { path: "hello.so".to_owned(), content, executable: true };
        let (settings, meter) = (Settings::default(), Meter::default());
        let mut zip = io::Cursor::new(Vec::new());
        let mut writer = Writer {
            to: &mut zip,
            place: Path::new("x.zip"),
            pool: Pool::new(NonZeroUsize::MIN),
            settings: &settings,
            meter: &meter,
            entries: Vec::new(),
            at: 0,
        };
        writer.deflate(&entry, &mut &b"hello\n"[..], 4 << 30).unwrap();
        writer.finish().unwrap();
        let expected = include_bytes!("../../../fixtures/bundles/zip64.zip");
        assert!(zip.into_inner() == expected);
    }
}
