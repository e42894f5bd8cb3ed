//! Where a text goes that a verb makes: to stdout, or to a file that is named.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Talk;
use crate::error::{Error, IoContext};
use crate::staged::{Staged, is_same};

#[derive(Args)]
pub struct OutputOptions {
    /// Where to write it; - for stdout, which is the default
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace a file, whoever wrote it
    #[arg(long)]
    pub force: bool,
}

impl OutputOptions {
    /// The file, where it is none but stdout.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| path.as_os_str() != "-")
    }

    /// It is none of the files that are read, which not even `force` means.
    ///
    /// # Errors
    /// [`Error::IsAnInput`].
    pub fn check_apart<'a>(&self, mut inputs: impl Iterator<Item = &'a Path>) -> Result<(), Error> {
        match self.file() {
            Some(path) if inputs.any(|input| is_same(input, path)) => {
                Err(Error::IsAnInput { path: path.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Writes the text; what stands there is replaced where it `is_ours`, or on demand. stdout is the
    /// text, or the path.
    ///
    /// # Errors
    /// [`Error::WouldOverwrite`], [`Error::NotText`], [`Error::Io`].
    pub fn write(&self, talk: &Talk, text: &str, is_ours: fn(&str) -> bool) -> Result<(), Error> {
        let Some(path) = self.file() else { return talk.product(text.as_bytes()) };
        let mut staged = Staged::new(path)?;
        if !self.force {
            check(path, text, is_ours)?;
        }
        staged.file().write_all(text.as_bytes()).at("write", path)?;
        staged.publish()?;
        talk.line(&path.display().to_string())
    }
}

/// Nothing stands there that is another's.
fn check(path: &Path, text: &str, is_ours: fn(&str) -> bool) -> Result<(), Error> {
    let there = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read.at("read", path)?,
    };
    let is_free = there == text.as_bytes() || str::from_utf8(&there).is_ok_and(is_ours);
    let why = "it was not written by this command".to_owned();
    match is_free {
        true => Ok(()),
        false => Err(Error::WouldOverwrite { path: path.to_owned(), why }),
    }
}
