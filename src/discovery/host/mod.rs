//! The module API, as a module sees it.
//!
//! In: a version. Out: the names of its functions.

#[expect(dead_code, reason = "the functions themselves are not here yet")]
mod table;

use super::profile::Profile;

/// The names of the API's functions in that version, behind `RedisModule_` or `ValkeyModule_`.
pub fn api_names(profile: Profile) -> impl Iterator<Item = &'static str> {
    let had = table::ROWS.iter().filter(move |row| profile.has(row.since));
    had.map(|row| row.name)
}
