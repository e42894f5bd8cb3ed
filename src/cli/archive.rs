//! Options that say how archives are written.

use std::num::NonZeroUsize;

use clap::Args;

use crate::archive::{MOST_THREADS, Settings};
use crate::error::Error;

/// The last second of the year 9999: what is behind it was not meant as seconds.
const LAST: u64 = 253_402_300_799;

#[derive(Args)]
#[command(next_help_heading = "How archives are written")]
pub struct ArchiveOptions {
    /// How hard to compress: 0 not at all, 9 most [default: 5]
    #[arg(long, value_name = "0..9", value_parser = level)]
    level: Option<u32>,

    /// How many threads compress, 1 to 16; the bytes are the same
    /// [default: one per processor, at most 12]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZeroUsize>,
}

impl ArchiveOptions {
    /// What they and SOURCE_DATE_EPOCH ask for.
    ///
    /// # Errors
    /// [`Error::Usage`] where SOURCE_DATE_EPOCH is no time.
    pub fn settings(&self) -> Result<Settings, Error> {
        let usual = Settings::default();
        Ok(Settings {
            level: self.level.unwrap_or(usual.level),
            threads: self.threads.unwrap_or(usual.threads),
            time: source_date_epoch()?.unwrap_or(usual.time),
        })
    }
}

fn level(text: &str) -> Result<u32, String> {
    let level = text.parse().ok().filter(|level| *level <= 9);
    level.ok_or_else(|| "a level is a number from 0 to 9".to_owned())
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.parse().ok().filter(|it: &NonZeroUsize| it.get() <= MOST_THREADS);
    threads.ok_or_else(|| format!("a number of threads is one from 1 to {MOST_THREADS}"))
}

/// The time that <https://reproducible-builds.org/specs/source-date-epoch> gives; an empty variable
/// says nothing.
fn source_date_epoch() -> Result<Option<u64>, Error> {
    let Some(text) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let seconds = text.to_str().and_then(|text| text.parse().ok()).filter(|it| *it <= LAST);
    let no_time = || format!("SOURCE_DATE_EPOCH is {text:?}, and not a time in seconds since 1970");
    seconds.map(Some).ok_or_else(|| Error::Usage(no_time()))
}
