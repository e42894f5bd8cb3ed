//! `rampkit man`: manual pages.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man as Page;

use super::{Talk, visible};
use crate::error::{Error, IoContext};
use crate::staged::Staged;

/// Print the manual page, or write those of all commands
#[derive(Args)]
pub struct Man {
    /// The folder for them, made where it is not there; without it rampkit's own is printed
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl Man {
    pub fn run(self, talk: &Talk) -> Result<(), Error> {
        let command = visible::command();
        let Some(folder) = self.directory else {
            return talk.product(&text(page(command)).at("write", "the manual page")?);
        };
        fs::create_dir_all(&folder).at("make", &folder)?;
        let verbs = command.get_subcommands().cloned();
        let pages = [command.clone()].into_iter().chain(verbs).map(page);
        let paths = pages.map(|page| write(page, &folder)).collect::<Result<Vec<_>, _>>()?;
        let lines: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        talk.line(&lines.join("\n"))
    }
}

fn page(command: Command) -> Page {
    let source = concat!("rampkit ", env!("CARGO_PKG_VERSION"));
    Page::new(command).source(source).manual("rampkit")
}

fn text(page: Page) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    // An empty date would vanish, and what stands behind it would be the date.
    let text = String::from_utf8_lossy(&text).replacen(" 1  ", " 1 \"\" ", 1);
    Ok(text.into_bytes())
}

fn write(page: Page, folder: &Path) -> Result<PathBuf, Error> {
    let path = folder.join(page.get_filename());
    let mut staged = Staged::new(&path)?;
    let text = text(page).at("write", &path)?;
    staged.file().write_all(&text).at("write", &path)?;
    staged.publish()?;
    Ok(path)
}
