//! The package of a module's debug symbols.
//!
//! In: the file of symbols, and the module. Out: a .tgz of it, with the same bytes each time; or why
//! debuggers would not take it for the module's.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::write;
use crate::archive::tgz;
use crate::bundle::Request;
use crate::digest::Sha256;
use crate::elf::DebugFacts;
use crate::error::{BundleError, Error, IoContext};
use crate::input;
use crate::progress::Meter;
use crate::staged::Staged;
use crate::tree::{Content, Tree};
use crate::warning::Warning;

/// Symbols that are the module's, as far as that can be told.
pub struct DebugSymbols {
    /// What their author should know.
    pub warnings: Vec<Warning>,
    tree: Tree,
}

impl DebugSymbols {
    /// The symbols in `file`, for the module of `request`.
    ///
    /// # Errors
    /// [`BundleError::NotItsSymbols`]; [`Error::Io`]; [`Error::Usage`] for a name that is no text.
    pub fn of(file: &Path, request: &Request) -> Result<Self, Error> {
        let not_its = |why: String| BundleError::NotItsSymbols { path: file.to_owned(), why };
        let no_elf = |fault| not_its(format!("{fault}"));
        let facts = DebugFacts::of(&input::open(file)?).map_err(no_elf)?;
        // It was read before, and is no file to complain of here.
        let module = DebugFacts::of(&input::open(&request.module)?).unwrap_or_default();
        let is_linked = match module.link {
            Some(wanted) => Some(wanted == crc(file, &request.meter)?),
            None => None,
        };
        let warnings = judge(file, &facts, &module, is_linked).map_err(not_its)?;
        Ok(Self { warnings, tree: tree(file)? })
    }

    /// Writes the package for `target` and reads it back; returns its digest as well.
    ///
    /// # Errors
    /// [`Error::Io`]; [`BundleError::Changed`], [`BundleError::NotWhatWasWritten`].
    pub fn stage(&self, target: &Path, request: &Request) -> Result<(Staged, Sha256), Error> {
        let Request { settings, meter, .. } = request;
        let mut staged = Staged::new(target)?;
        meter.begin("Archiving", target.display().to_string(), Some(self.tree.size()?));
        let sha256 = tgz::write(&self.tree, settings, meter, staged.file(), target)?;
        write::read_back(&mut staged, sha256, target, meter)?;
        Ok((staged, sha256))
    }
}

/// Beside the bundle at `path`: `<bundle without .zip>.debug.tgz`.
pub fn beside(path: &Path) -> PathBuf {
    let is_zip = path.extension().is_some_and(|extension| extension == "zip");
    let stem = if is_zip { path.file_stem() } else { path.file_name() };
    let mut name = stem.unwrap_or_default().to_owned();
    name.push(".debug.tgz");
    path.with_file_name(name)
}

/// What is odd about the symbols in `file`; `is_linked` says whether it has the checksum by which the
/// module names the file of its symbols, if it names one.
///
/// # Errors
/// Why they are not the module's.
fn judge(
    file: &Path,
    symbols: &DebugFacts,
    module: &DebugFacts,
    is_linked: Option<bool>,
) -> Result<Vec<Warning>, String> {
    if symbols.architecture != module.architecture {
        return Err("they are of another architecture".to_owned());
    }
    let shown = file.display();
    let mut warnings: Vec<Warning> = doubt(file, symbols, module, is_linked)?.into_iter().collect();
    if symbols.symbols.debug == 0 {
        let message = format!("{shown} has no debug sections");
        warnings.push(Warning::new(message).advise(
            "compile with -g, and name the module as it was before it was stripped, or what \
             objcopy --only-keep-debug kept of it",
        ));
    }
    Ok(warnings)
}

/// Why debuggers might not take the symbols for the module's, if they might not: they go by the build
/// id, else by the checksum.
fn doubt(
    file: &Path,
    symbols: &DebugFacts,
    module: &DebugFacts,
    is_linked: Option<bool>,
) -> Result<Option<Warning>, String> {
    let shown = file.display();
    let without = match (&symbols.build_id, &module.build_id, is_linked) {
        (Some(theirs), Some(ours), _) if theirs != ours => {
            return Err(format!("their build id is {theirs}, and the module's {ours}"));
        }
        (Some(_), Some(_), Some(false)) => {
            let message = format!("{shown} is not the file that the module's .gnu_debuglink means");
            let warning = Warning::new(message)
                .advise("its checksum differs: name the file that --add-gnu-debuglink was given");
            return Ok(Some(warning));
        }
        (Some(_), Some(_), _) | (_, _, Some(true)) => return Ok(None),
        (_, _, Some(false)) => {
            return Err("the module's .gnu_debuglink has another checksum".to_owned());
        }
        (None, None, None) => "neither has a build id",
        (None, Some(_), None) => "it has no build id",
        (Some(_), None, None) => "the module has no build id",
    };
    let message = format!("nobody can tell whether {shown} is of this module: {without}");
    Ok(Some(Warning::new(message).advise("link the module with -Wl,--build-id")))
}

/// The CRC-32 of a whole file, which `.gnu_debuglink` goes by.
fn crc(path: &Path, meter: &Meter) -> Result<u32, Error> {
    let file = input::open(path)?;
    let size = file.metadata().at("read", path)?.len();
    meter.begin("Reading", path.display().to_string(), Some(size));
    let mut crc = flate2::CrcReader::new(meter.counting(file));
    io::copy(&mut crc.by_ref(), &mut io::sink()).at("read", path)?;
    Ok(crc.crc().sum())
}

/// The file under its own name.
fn tree(file: &Path) -> Result<Tree, Error> {
    let name = file.file_name().and_then(|name| name.to_str());
    let not_text = || Error::Usage(format!("{}: its name is not UTF-8", file.display()));
    let on_disk = fs::canonicalize(file).at("read", file)?;
    let mut tree = Tree::default();
    tree.push(name.ok_or_else(not_text)?, Content::File(on_disk), false);
    Ok(tree)
}
