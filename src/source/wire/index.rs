//! The objects of a pack, by their ids, for libgit2 to read (gitformat-pack(5), version 2 of "*.idx").
//!
//! In: a pack as it arrives. Out: the pack and its index, in a repository of ours. libgit2 could make
//! the index too, but goes round for ever, and takes all memory, where a delta makes an object that is
//! there already; and it does not limit what a delta may become.

use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

use git2::{Oid, Repository};

use super::exchange::Failure;
use super::pack::{self, Entry, Limits, Scanned};
use super::resolve;

/// Puts the pack that is all of `from` into `repository`, with each object under the id that it has.
pub(super) fn store(
    from: impl BufRead,
    repository: &Repository,
    limits: &Limits,
) -> Result<(), Failure> {
    let folder = repository.path().join("objects/pack");
    let named = tempfile::Builder::new().prefix("pack-").suffix(".pack").tempfile_in(folder);
    let pack = named.map_err(Failure::Write)?;
    let (scanned, ids) = read(from, pack.as_file(), limits)?;
    let (_, path) = pack.keep().map_err(|error| Failure::Write(error.error))?;
    write(&path.with_extension("idx"), &scanned, &ids).map_err(Failure::Write)?;
    let refreshed = repository.odb().and_then(|odb| odb.refresh());
    refreshed.map_err(|error| Failure::Store(error.into()))
}

/// Reads the pack that is all of `from`, which `pack` then holds, and names each of its objects.
pub(super) fn read(
    from: impl BufRead,
    pack: &File,
    limits: &Limits,
) -> Result<(Scanned, Vec<Oid>), Failure> {
    let scanned = pack::scan(from, BufWriter::with_capacity(1 << 18, pack), limits)?;
    let ids = resolve::all(pack, &scanned.entries, limits)?;
    Ok((scanned, ids))
}

fn write(path: &Path, pack: &Scanned, ids: &[Oid]) -> std::io::Result<()> {
    let mut objects: Vec<(&Oid, &Entry)> = ids.iter().zip(&pack.entries).collect();
    objects.sort_by_key(|(id, _)| **id);
    let mut to = BufWriter::new(File::create_new(path)?);
    to.write_all(b"\xfftOc\0\0\0\x02")?;
    for first in 0..=255 {
        let until = objects.partition_point(|(id, _)| id.as_bytes()[0] <= first);
        to.write_all(&(until as u32).to_be_bytes())?;
    }
    for (id, _) in &objects {
        to.write_all(id.as_bytes())?;
    }
    for (_, entry) in &objects {
        to.write_all(&entry.crc.to_be_bytes())?;
    }
    // What begins behind 2 GB has its place in a table of its own.
    let mut far = Vec::new();
    for (_, entry) in &objects {
        let near = u32::try_from(entry.at).ok().filter(|at| at >> 31 == 0);
        let place = near.unwrap_or_else(|| {
            far.push(entry.at);
            1 << 31 | (far.len() - 1) as u32
        });
        to.write_all(&place.to_be_bytes())?;
    }
    for at in far {
        to.write_all(&at.to_be_bytes())?;
    }
    to.write_all(&pack.trailer)?;
    // The index's own checksum, at which nobody looks who has just written it.
    to.write_all(&[0; 20])?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::{Command, Stdio};

    use super::super::pack::Form;
    use super::*;

    /// Runs git in `folder`; what it prints.
    fn git(folder: &Path, arguments: &str, input: &str) -> Vec<u8> {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(arguments.split(' '));
        let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        git.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = git.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments}");
        output.stdout
    }

    /// Files each of which is much like the one before, as packs of offset deltas and of reference deltas.
    fn packs(folder: &Path) -> [Vec<u8>; 2] {
        git(folder, "init -q", "");
        let ids: String = (0..60)
            .map(|n| {
                let lines = (n..n + 30).map(|line| format!("{} some words\n", line * line * 7919));
                let text: String = lines.collect();
                String::from_utf8(git(folder, "hash-object -w --stdin", &text)).unwrap()
            })
            .collect();
        ["--delta-base-offset", "--no-reuse-delta"].map(|option| {
            git(folder, &format!("pack-objects -q --threads=1 --stdout {option}"), &ids)
        })
    }

    #[test]
    fn every_limit_is_kept() {
        const MANY: Limits = Limits::MANY;
        let folder = tempfile::tempdir().unwrap();
        for pack in packs(folder.path()) {
            for (limits, why) in [
                (Limits { objects: 59, ..MANY }, "it sends a pack with 60 objects"),
                (Limits { received: 100, ..MANY }, "it sends a pack of more than 100 bytes"),
                (
                    Limits { total: 400, ..MANY },
                    "it sends a pack with more than 400 bytes of objects",
                ),
                (
                    Limits { chain: 2, ..MANY },
                    "it sends a pack with more than 2 deltas on each other",
                ),
                (
                    Limits { work: 9000, ..MANY },
                    "it sends a pack with deltas that become more than 9000 bytes",
                ),
            ] {
                let read = read(&pack[..], &tempfile::tempfile().unwrap(), &limits);
                let Err(Failure::Talk(fault)) = read else { panic!("{why}") };
                assert_eq!(fault.to_string(), why);
            }
            let limits = Limits { blob: 100, ..MANY };
            let read = read(&pack[..], &tempfile::tempfile().unwrap(), &limits);
            assert!(matches!(read, Err(Failure::TooLarge { size: 101.. })));
        }
    }

    /// The place of what begins behind 2 GB is that of its place.
    #[test]
    fn what_is_far_has_a_table_of_its_own() {
        let entry = |at| {
            let form = Form::OnEntry(0);
            Entry { at, data: at, end: at, size: 0, crc: 0, form }
        };
        let places = [12, (1 << 31) - 1, 1 << 31, 5 << 30];
        let pack = Scanned { entries: places.map(entry).into(), trailer: [7; 20] };
        let ids: Vec<Oid> = (1..=4).map(|n| Oid::from_bytes(&[n; 20]).unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.idx");
        write(&path, &pack, &ids).unwrap();
        let index = fs::read(path).unwrap();
        let near = &index[8 + 1024 + 4 * 24..][..16];
        let places = [12, 0x7fff_ffff, 0x8000_0000, 0x8000_0001_u32].map(u32::to_be_bytes);
        assert_eq!(near, places.concat());
        let far = &index[8 + 1024 + 4 * 28..][..16];
        assert_eq!(far, [1_u64 << 31, 5 << 30].map(u64::to_be_bytes).concat());
        assert_eq!(index.len(), 8 + 1024 + 4 * 28 + 16 + 40);
    }

    /// A stream of blocks without content is long, and nothing comes of it.
    #[test]
    fn what_is_read_counts_as_what_is_made() {
        let mut pack = b"PACK\0\0\0\x02\0\0\0\x02\x30\x78\x01\x01\0\0\xff\xff\0\0\0\x01".to_vec();
        pack.extend(b"\x62\x0c\x78\x01");
        pack.extend(b"\0\0\0\xff\xff".repeat(1000));
        // The delta that makes nothing of nothing, and its checksum.
        pack.extend(b"\x01\x02\0\xfd\xff\0\0\0\x02\0\x01");
        pack.extend([0; 20]);
        let read = |work| {
            let limits = Limits { work, ..Limits::FEW };
            read(&pack[..], &tempfile::tempfile().unwrap(), &limits).map(|(_, ids)| ids)
        };
        assert!(read(6000).is_ok_and(|ids| ids[0] == ids[1]));
        assert!(matches!(read(5000), Err(Failure::Talk(_))));
    }

    #[test]
    fn the_index_is_that_of_git() {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::init_bare(folder.path().join("ours")).unwrap();
        for pack in packs(folder.path()) {
            fs::write(folder.path().join("its.pack"), &pack).unwrap();
            git(folder.path(), "index-pack its.pack", "");
            let its = fs::read(folder.path().join("its.idx")).unwrap();
            let file = tempfile::tempfile().unwrap();
            let Ok((scanned, ids)) = read(&pack[..], &file, &Limits::MANY) else { panic!() };
            let deltas = scanned
                .entries
                .iter()
                .filter(|entry| !matches!(entry.form, Form::Whole { .. }))
                .count();
            assert!(deltas > 40, "{deltas}");
            let ours = folder.path().join("ours.idx");
            write(&ours, &scanned, &ids).unwrap();
            let ours_bytes = fs::read(&ours).unwrap();
            fs::remove_file(ours).unwrap();
            let checked = its.len() - 20;
            assert_eq!(ours_bytes[..checked], its[..checked]);
            assert!(store(&pack[..], &repository, &Limits::MANY).is_ok());
            let odb = repository.odb().unwrap();
            assert!(ids.iter().all(|id| odb.read(*id).is_ok()));
        }
    }
}
