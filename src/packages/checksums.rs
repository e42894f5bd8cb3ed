//! Files that `sha256sum -c` reads.
//!
//! In: packages whose digests are known. Out: a file beside each that wants one.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::{Package, write};
use crate::digest::Sha256;
use crate::error::Error;
use crate::staged::Staged;

/// The file with the checksum of the package at `path`: `<package>.sha256`.
pub fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".sha256");
    name.into()
}

/// Writes those that are wanted.
///
/// # Errors
/// [`Error::Io`].
pub fn stage(packages: &[Package]) -> Result<Vec<Staged>, Error> {
    let wanted =
        packages.iter().filter_map(|it| Some((it, it.checksum_file.as_ref()?, it.sha256?)));
    wanted.map(|(package, file, sha256)| write::text(file, &line(&package.path, sha256))).collect()
}

/// A line as sha256sum of GNU's coreutils writes it: a name with a backslash or the end of a line in it
/// is escaped, and a backslash before the line says so.
fn line(path: &Path, sha256: Sha256) -> Vec<u8> {
    let name = path.file_name().unwrap_or_default().as_bytes();
    let mut escaped = Vec::new();
    for byte in name {
        match byte {
            b'\\' => escaped.extend(b"\\\\"),
            b'\n' => escaped.extend(b"\\n"),
            b'\r' => escaped.extend(b"\\r"),
            byte => escaped.push(*byte),
        }
    }
    let mark = if escaped == name { "" } else { "\\" };
    let mut line = format!("{mark}{sha256}  ").into_bytes();
    line.extend(escaped);
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_the_file_and_not_its_folder() {
        let sha256 = Sha256::of(b"");
        let shown = |name| String::from_utf8(line(Path::new(name), sha256)).unwrap();
        assert_eq!(shown("out/a b.zip"), format!("{sha256}  a b.zip\n"));
        assert_eq!(shown("a\\b\n.zip"), format!("\\{sha256}  a\\\\b\\n.zip\n"));
    }
}
