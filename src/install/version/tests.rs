//! The order of many.

use super::Version;

/// From the lowest to the highest; what stands in one line is equal.
const ORDER: &[&[&str]] = &[
    &["latest", "LATEST"],
    &["main"],
    &["0", "0.0"],
    &["1.0~~"],
    &["1.0~"],
    &["1.0~rc1"],
    &["1.0.dev", "1.0-dev.0", "1.0-SNAPSHOT", "1-nightly"],
    &["1.0.dev1"],
    &["1.0a1.dev2"],
    &["1.0a1", "1.0-alpha.1", "1.0.ALPHA1", "v1.0_a_1"],
    &["1.0-alpha.beta"],
    &["1.0-beta"],
    &["1.0-beta.2"],
    &["1.0-beta.11"],
    &["1.0-m1", "1.0.milestone-1"],
    &["1.0rc1", "1.0-c1", "1.0-pre1", "1.0.preview.1", "1.0-CR1"],
    &["1.0rc1-1", "1.0rc1.post1"],
    &["1.0rc2"],
    &["1.0", "1.0.0", "v1", "V1.00", " 1.0 "],
    &["1.0+build"],
    &["1.0+build.2"],
    &["1.0+build.10"],
    &["1.0+1"],
    &["1.0.post1.dev1"],
    &["1.0-1", "1.0.post1", "1.0-r1", "1.0.rev1", "1.0post1"],
    &["1.0-4.el8"],
    &["1.0-10.el8"],
    &["v1.0-rh3-rc1"],
    &["v1.0-rh3"],
    &["v1.0-rh12"],
    &["1.0.1"],
    &["1.9"],
    &["1.10"],
    &["1.99999999999999999999999"],
    &["1.100000000000000000000000"],
    &["2.0.dev1"],
    &["2.0"],
    &["1!0.1"],
];

#[test]
fn the_order_of_many() {
    for (n, equal) in ORDER.iter().enumerate() {
        for text in *equal {
            let version = Version::new(text);
            for (m, others) in ORDER.iter().enumerate() {
                for other in *others {
                    assert_eq!(version.cmp(&Version::new(other)), n.cmp(&m), "{text} {other}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_release() {
    for text in [
        "latest",
        "",
        "main",
        "2.0.dev1",
        "1.0-rc1",
        "1.0a1",
        "1.0-beta.2",
        "1.0-SNAPSHOT",
        "v2.0.0-m1",
        "1.0~x",
        "1.0-rh3-rc1",
        "1.0.post1.dev1",
        "rc1",
        "1.0rc1+build",
    ] {
        assert!(Version::new(text).is_prerelease(), "{text}");
    }
    for text in [
        "1.0",
        "v1",
        "1.0-rh3",
        "1.0+rc1",
        "1.0-1",
        "1.0.post1",
        "2.6.9-4.el8",
        "0",
        "r5",
        "1.0-alphabet",
        "9.0.1-macos",
        "1.0-é",
        "1!1",
    ] {
        assert!(!Version::new(text).is_prerelease(), "{text}");
    }
}
