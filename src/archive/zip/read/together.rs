//! What is wrong with the entries of an archive together: names that meet, and bytes that belong to
//! nobody.

use super::end::Directory;
use super::findings::{Findings, shown};
use super::header::Central;
use super::local::Place;
use super::name::parts;
use crate::finding::Finding;

/// Names that stand twice, of which one needs a folder where another is a file, or that are one on
/// systems that do not tell cases apart.
pub fn names(entries: &[Central], found: &mut Findings) {
    let mut sorted: Vec<(&[u8], bool, usize)> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let name = &*entry.header.name;
        let body = name.strip_suffix(b"/").unwrap_or(name);
        sorted.push((body, body.len() < name.len(), index));
    }
    // Part by part, so that what lies in a folder follows it.
    sorted.sort_by(|a, b| parts(a.0).cmp(parts(b.0)).then((a.1, a.2).cmp(&(b.1, b.2))));
    for pair in sorted.windows(2) {
        let [(one, is_folder, a), (other, is_other_folder, b)] = pair else { continue };
        let name = shown(&entries[*b].header.name);
        let finding = if one == other && is_folder == is_other_folder {
            Finding::error("duplicate_name", format!("{name} stands in the archive twice"))
        } else if !is_folder && lies_in(other, one) {
            let first = shown(&entries[*a].header.name);
            let text = format!("{first} is a file, and {name} needs a folder there");
            Finding::error("file_and_folder", text)
        } else {
            continue;
        };
        found.refuse(*a, &finding);
        found.of(*b, finding);
    }
    cases(entries, found);
}

/// Whether a name is that of a folder, or of something in it.
fn lies_in(name: &[u8], folder: &[u8]) -> bool {
    name.strip_prefix(folder).is_some_and(|rest| matches!(rest, [] | [b'/', ..]))
}

fn cases(entries: &[Central], found: &mut Findings) {
    let lower = |entry: &Central| String::from_utf8_lossy(&entry.header.name).to_lowercase();
    let mut sorted: Vec<(String, &[u8])> =
        entries.iter().map(|entry| (lower(entry), &*entry.header.name)).collect();
    sorted.sort();
    for pair in sorted.windows(2) {
        if pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1 {
            let [one, other] = [pair[0].1, pair[1].1].map(shown);
            let text = format!("{one} and {other} differ only by case");
            found.add(Finding::warning("names_differ_by_case", text));
        }
    }
}

/// Bytes that belong to no entry. Where an entry has no place nobody can tell.
pub fn gaps(
    places: &[Option<Place>],
    entries: &[Central],
    directory: &Directory,
    found: &mut Findings,
) {
    let placed = places.iter().zip(entries).map(|(place, entry)| Some(((*place)?, entry)));
    let Some(mut sorted) = placed.collect::<Option<Vec<_>>>() else { return };
    sorted.sort_by_key(|(place, _)| place.start);
    let starts = sorted.iter().map(|(place, _)| place.start).chain([directory.start]);
    let befores = [None].into_iter().chain(sorted.iter().map(Some));
    for (before, start) in befores.zip(starts) {
        let end = before.map_or(0, |(place, _)| place.next);
        match before {
            _ if start <= end => {}
            None => prepended(start, directory, found),
            Some((_, entry)) => {
                let (bytes, name) = (start - end, shown(&entry.header.name));
                let text = format!("{bytes} bytes after {name} belong to no entry");
                found.add(Finding::warning("gap", text));
            }
        }
    }
}

fn prepended(bytes: u64, directory: &Directory, found: &mut Findings) {
    let counted = match directory.base {
        0 => String::new(),
        base => format!("; offsets count from byte {base}, which not all readers see"),
    };
    let text = format!("{bytes} bytes stand before the first entry{counted}");
    found.add(Finding::warning("prepended_data", text));
}
