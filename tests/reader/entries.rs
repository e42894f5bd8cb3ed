//! Entries of which something is wrong.

use libtest_mimic::Trial;
use snapbox::{assert_data_eq, str};

use super::{read, report};
use crate::harness::Zip;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_no_reader_of_bundles_knows),
        test!(kinds),
        test!(headers_that_differ),
        test!(sizes_behind_the_bytes),
        test!(contents_that_are_not_what_is_said),
        test!(bombs),
        test!(fields_of_zip64),
    ]
}

fn what_no_reader_of_bundles_knows() {
    let report = report(&[
        ("encrypted", |zip| {
            zip.entries[0].both(|it| it.flags = 1);
        }),
        ("strongly encrypted", |zip| {
            zip.entries[0].both(|it| it.flags = 1 | 1 << 6);
        }),
        ("masked", |zip| {
            zip.entries[0].both(|it| it.flags = 1 << 13);
        }),
        ("patched", |zip| {
            zip.entries[0].both(|it| it.flags = 1 << 5);
        }),
        ("bzip2", |zip| {
            zip.entries[0].both(|it| it.method = 12);
        }),
        ("AES", |zip| {
            zip.entries[0].both(|it| (it.flags, it.method) = (1, 99));
        }),
        ("a later version", |zip| {
            zip.entries[0].both(|it| it.version = 64);
        }),
        ("effort", |zip| {
            zip.entries[0].both(|it| it.flags = 0b110);
        }),
        ("half an extra field", |zip| {
            zip.entries[0].both(|it| it.extra = b"UT\x09\0".to_vec());
        }),
        ("padding", |zip| {
            zip.entries[0].both(|it| it.extra = b"\0\0\0".to_vec());
        }),
        ("another name in an extra field", |zip| {
            zip.entries[0].both(|it| it.extra = b"up\x06\0\x01\0\0\0\0b".to_vec());
        }),
        ("its own name in an extra field", |zip| {
            zip.entries[0].both(|it| it.extra = b"up\x06\0\x01\0\0\0\0a".to_vec());
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# encrypted
error encrypted "a" is encrypted
not read: "a"
# strongly encrypted
error encrypted "a" is encrypted
not read: "a"
# masked
error encrypted "a" is encrypted
not read: "a"
# patched
error unknown_flags "a" has the flags 0x0020, which no reader knows
not read: "a"
# bzip2
error unknown_method "a" is compressed by method 12, all readers know only 0 and 8
not read: "a"
# AES
error encrypted "a" is encrypted
error unknown_method "a" is compressed by method 99, all readers know only 0 and 8
not read: "a"
# a later version
error unknown_version "a" needs version 64 of zip, there are 63
not read: "a"
# effort

# half an extra field
error extra_damaged "a" has extra fields that end in the middle of one
not read: "a"
# padding

# another name in an extra field
error headers_differ "a" is named "b" by an extra field
not read: "a"
# its own name in an extra field


"##]]
    );
}

fn kinds() {
    let report = report(&[
        ("a file", |zip| {
            zip.entries[0].mode(0o100_644);
        }),
        ("a link", |zip| {
            zip.entries[0].mode(0o120_777);
        }),
        ("a pipe", |zip| {
            zip.entries[0].mode(0o010_644);
        }),
        ("a device", |zip| {
            zip.entries[0].mode(0o060_644);
        }),
        ("a socket", |zip| {
            zip.entries[0].mode(0o140_644);
        }),
        ("a folder without a slash", |zip| {
            zip.entries[0].mode(0o040_755);
        }),
        ("a folder of MS-DOS without a slash", |zip| zip.entries[0].attributes = 0x10),
        ("a file with a slash", |zip| {
            zip.store("c/", b"").mode(0o100_644);
        }),
        ("a folder with bytes", |zip| {
            zip.add("c/", b"c");
        }),
        ("a folder", |zip| {
            zip.add("c/", b"");
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# a file

# a link
error link "a" is a symbolic link
not read: "a"
# a pipe
error special_file "a" is a device, a pipe or a socket
not read: "a"
# a device
error special_file "a" is a device, a pipe or a socket
not read: "a"
# a socket
error special_file "a" is a device, a pipe or a socket
not read: "a"
# a folder without a slash
error kind_wrong "a" is named as a file and marked as a folder
not read: "a"
# a folder of MS-DOS without a slash
error kind_wrong "a" is named as a file and marked as a folder
not read: "a"
# a file with a slash
error kind_wrong "c/" is named as a folder and marked as a file
not read: "c/"
# a folder with bytes
error folder_with_bytes "c/" is a folder and has bytes
not read: "c/"
# a folder


"##]]
    );
}

fn headers_that_differ() {
    let report = report(&[
        ("name", |zip| zip.entries[0].local.name = b"c".to_vec()),
        ("flags", |zip| zip.entries[0].local.flags = 1),
        ("method", |zip| zip.entries[0].local.method = 0),
        ("checksum", |zip| zip.entries[0].local.crc = 1),
        ("sizes", |zip| (zip.entries[0].local.size, zip.entries[0].local.compressed) = (9, 9)),
        ("extra fields", |zip| zip.entries[0].local.extra = b"UT\0\0".to_vec()),
        ("another name in an extra field", |zip| {
            zip.entries[0].local.extra = b"up\x06\0\x01\0\0\0\0b".to_vec();
        }),
        ("no header there", |zip| zip.entries[0].offset = Some(1)),
        ("behind the end", |zip| zip.entries[0].offset = Some(1 << 30)),
        ("bytes into the directory", |zip| {
            zip.entries[1].both(|it| it.compressed = 100);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# name
error headers_differ "a" has a header of its own that says the name "c"
not read: "a"
# flags
error headers_differ "a" has a header of its own that says the flags 0x0001, the directory says 0x0000
not read: "a"
# method
error headers_differ "a" has a header of its own that says the method 0, the directory says 8
not read: "a"
# checksum
error headers_differ "a" has a header of its own that says the checksum 00000001, the directory says e8b7be43
not read: "a"
# sizes
error headers_differ "a" has a header of its own that says the size 9, the directory says 1
error headers_differ "a" has a header of its own that says the size in the archive 9, the directory says 3
not read: "a"
# extra fields

# another name in an extra field
error headers_differ "a" is named "b" by an extra field
not read: "a"
# no header there
error no_header "a" is said to be at byte 1, where no entry begins
not read: "a"
# behind the end
error no_header "a" is said to be at byte 1073741824, where no entry begins
not read: "a"
# bytes into the directory
error overlap "b" has 100 bytes from byte 65 on, and the directory begins at byte 68
not read: "b"

"##]]
    );
}

fn sizes_behind_the_bytes() {
    for (signed, wide) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut zip = Zip::of(&["a", "b", "c"]);
        zip.store("d", b"");
        zip.entries.iter_mut().for_each(|entry| {
            entry.streamed(signed, wide);
        });
        assert_eq!(read(zip.bytes()), "", "{signed} {wide}");
    }
    let report = report(&[
        ("said twice", |zip| {
            let header = zip.entries[0].local.clone();
            zip.entries[0].streamed(true, false);
            zip.entries[0].local = crate::harness::Header { flags: 8, ..header };
        }),
        ("not there", |zip| zip.entries[0].streamed(true, false).descriptor.clear()),
        ("wrong", |zip| zip.entries[0].streamed(true, false).descriptor[4] ^= 1),
        ("wrong before the bytes", |zip| zip.entries[0].streamed(true, false).local.crc = 1),
        ("too few before the directory", |zip| {
            zip.entries[1].streamed(true, true).descriptor.truncate(12);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# said twice

# not there
error headers_differ "a" is not followed by its sizes and its checksum
not read: "a"
# wrong
error headers_differ "a" is not followed by its sizes and its checksum
warning gap 16 bytes after "a" belong to no entry
not read: "a"
# wrong before the bytes
error headers_differ "a" has a header of its own that says the checksum 00000001, the directory says e8b7be43
not read: "a"
# too few before the directory
error headers_differ "b" is not followed by its sizes and its checksum
warning gap 12 bytes after "b" belong to no entry
not read: "b"

"##]]
    );
}

fn contents_that_are_not_what_is_said() {
    let report = report(&[
        ("more bytes", |zip| {
            zip.entries[0].both(|it| it.size = 0);
        }),
        ("fewer bytes", |zip| {
            zip.entries[0].both(|it| it.size = 2);
        }),
        ("another checksum", |zip| {
            zip.entries[0].both(|it| it.crc = 1);
        }),
        ("stored, of two sizes", |zip| {
            zip.store("c", b"c").both(|it| it.size = 2);
        }),
        ("stored, another checksum", |zip| {
            zip.store("c", b"c").both(|it| it.crc = 1);
        }),
        ("bytes behind the last block", |zip| {
            zip.entries[0].bytes.extend(b"hidden");
            zip.entries[0].both(|it| it.compressed += 6);
        }),
        ("no last block", |zip| {
            zip.entries[0].bytes = b"\0\x01\0\xfe\xffa".to_vec();
            zip.entries[0].both(|it| it.compressed = 6);
        }),
        ("cut off", |zip| {
            zip.entries[0].bytes.pop();
            zip.entries[0].both(|it| it.compressed -= 1);
        }),
        ("nothing at all", |zip| {
            zip.entries[0].bytes.clear();
            zip.entries[0].both(|it| it.compressed = 0);
        }),
        ("no DEFLATE", |zip| {
            zip.entries[0].bytes = b"hello".to_vec();
            zip.entries[0].both(|it| it.compressed = 5);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# more bytes
error size_wrong "a" has more than the 0 bytes it is said to have
not read: "a"
# fewer bytes
error size_wrong "a" has 1 bytes and is said to have 2
not read: "a"
# another checksum
error checksum_wrong "a" has the checksum e8b7be43 and is said to have 00000001
not read: "a"
# stored, of two sizes
error size_wrong "c" is stored, in 1 bytes, and has 2
not read: "c"
# stored, another checksum
error checksum_wrong "c" has the checksum 06b9df6f and is said to have 00000001
not read: "c"
# bytes behind the last block
error compressed_size_wrong "a" ends after 3 of its 9 bytes in the archive
not read: "a"
# no last block
error cut_off "a" ends in the middle of its bytes
not read: "a"
# cut off
error cut_off "a" ends in the middle of its bytes
not read: "a"
# nothing at all
error cut_off "a" ends in the middle of its bytes
not read: "a"
# no DEFLATE
error damaged "a" cannot be inflated
not read: "a"

"##]]
    );
}

fn bombs() {
    let report = report(&[
        ("up to 64 MiB it does no harm", |zip| {
            zip.entries[0].both(|it| it.size = 64 << 20);
        }),
        ("above it does", |zip| {
            zip.entries[0].both(|it| it.size = (64 << 20) + 1);
        }),
        ("a hundred times its size may be", |zip| {
            zip.entries[0].bytes = vec![0xff; 1 << 20];
            zip.entries[0].both(|it| (it.compressed, it.size) = (1 << 20, 100 << 20));
        }),
        ("more may not", |zip| {
            zip.entries[0].bytes = vec![0xff; 1 << 20];
            zip.entries[0].both(|it| (it.compressed, it.size) = (1 << 20, 101 << 20));
        }),
        ("4 GiB together", |zip| {
            zip.entries.iter_mut().for_each(|it| {
                it.both(|it| it.size = u32::MAX - 1);
            });
        }),
        ("more than is said", |zip| {
            zip.add("c", &vec![0; 1 << 20]).both(|it| it.size = 1000);
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# up to 64 MiB it does no harm
error size_wrong "a" has 1 bytes and is said to have 67108864
not read: "a"
# above it does
error zip_bomb "a" unpacks from 3 to 67108865 bytes, 22369621 times; at most 100 are taken
not read: "a"
# a hundred times its size may be
error damaged "a" cannot be inflated
not read: "a"
# more may not
error zip_bomb "a" unpacks from 1048576 to 105906176 bytes, 101 times; at most 100 are taken
not read: "a"
# 4 GiB together
error zip_bomb "a" unpacks from 3 to 4294967294 bytes, 1431655764 times; at most 100 are taken
error zip_bomb "b" unpacks from 3 to 4294967294 bytes, 1431655764 times; at most 100 are taken
error zip_bomb the entries unpack to 8589934588 bytes together, more than 4294967296
not read: "a", "b"
# more than is said
error size_wrong "c" has more than the 1000 bytes it is said to have
not read: "c"

"##]]
    );
}

/// Its header: the length of all that follows.
fn fields_of_zip64() {
    let report = report(&[
        ("where they are needed", |zip| {
            zip.entries[0].both(|it| {
                it.extra = [&b"\x01\0\x10\0"[..], &wide(it.size), &wide(it.compressed)].concat();
                (it.size, it.compressed) = (u32::MAX, u32::MAX);
            });
        }),
        ("where they are missing", |zip| {
            zip.entries[0].both(|it| it.size = u32::MAX);
        }),
        ("where they are too short", |zip| {
            zip.entries[0].both(|it| {
                it.extra = b"\x01\0\x04\0\x01\0\0\0".to_vec();
                it.size = u32::MAX;
            });
        }),
        ("where they are not needed", |zip| {
            zip.entries[0].both(|it| it.extra = [&b"\x01\0\x08\0"[..], &wide(it.size)].concat());
        }),
        ("where they are twice", |zip| {
            zip.entries[0].both(|it| {
                let field = [&b"\x01\0\x08\0"[..], &wide(it.size)].concat();
                (it.extra, it.size) = (field.repeat(2), u32::MAX);
            });
        }),
        ("where they say something else", |zip| {
            zip.entries[0].local.extra = [&b"\x01\0\x08\0"[..], &wide(2)].concat();
            zip.entries[0].local.size = u32::MAX;
        }),
    ]);
    assert_data_eq!(
        report,
        str![[r##"
# where they are needed

# where they are missing
error zip64_wrong "a" has no zip64 field, or more than one, where it needs one
error zip_bomb "a" unpacks from 3 to 4294967295 bytes, 1431655765 times; at most 100 are taken
not read: "a"
# where they are too short
error zip64_wrong "a" has no zip64 field, or more than one, where it needs one
error zip_bomb "a" unpacks from 3 to 4294967295 bytes, 1431655765 times; at most 100 are taken
not read: "a"
# where they are not needed
note zip64_unneeded entries have fields of zip64 that no value needs
# where they are twice
error zip64_wrong "a" has no zip64 field, or more than one, where it needs one
not read: "a"
# where they say something else
error headers_differ "a" has a header of its own that says the size 2, the directory says 1
not read: "a"

"##]]
    );
}

fn wide(size: u32) -> [u8; 8] {
    u64::from(size).to_le_bytes()
}
