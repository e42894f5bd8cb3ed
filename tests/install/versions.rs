//! The order of versions: total, as semver.org has it and as PEP 440 has it.

use std::cmp::Ordering;
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rampkit::install::Version;

use crate::harness::Peer;
use crate::properties::{holds, some};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(the_order_is_total), test!(the_order_of_semver), test!(the_order_of_pep_440, Cekit)]
}

/// Texts made of what versions are made of, and of what they are not.
fn texts() -> impl Strategy<Value = String> {
    let pieces = "0 1 2 10 007 . . . - - _ ~ + ! v a b rc alpha beta dev SNAPSHOT post r rh el x é"
        .split_whitespace()
        .collect::<Vec<_>>();
    vec(select(pieces), 0..9).prop_map(|pieces| pieces.concat())
}

fn the_order_is_total() {
    holds(20_000, &(texts(), texts(), texts()), |(a, b, c)| {
        let [x, y, z] = [&a, &b, &c].map(|text| Version::new(text));
        prop_assert_eq!(x.cmp(&y), y.cmp(&x).reverse());
        prop_assert_eq!(x.cmp(&y) == Ordering::Equal, x == y);
        prop_assert!(!(x <= y && y <= z) || x <= z, "{} {} {}", a, b, c);
        prop_assert!(!(x == y && y == z) || x == z);
        // A pre-release is below what it is one of, a distribution's suffix above; case does not count.
        if a.starts_with(|c: char| c.is_ascii_digit()) && !a.contains(['+', '!']) {
            let with = |suffix: &str| Version::new(&[&a, suffix].concat());
            prop_assert!(with("-rc1") < x || x.is_prerelease(), "{}", a);
            prop_assert!(with("~") < x, "{}", a);
            prop_assert!(with("-rh1") > x, "{}", a);
            prop_assert!(with("+build") > x, "{}", a);
            prop_assert_eq!(Version::new(&["v", &a.to_uppercase()].concat()), x);
        }
        Ok(())
    });
}

fn the_order_of_semver() {
    let word = select(vec!["alpha", "beta", "rc", "alpha.beta", "beta.x"]);
    let pre = option::of((word, option::of(1..12u32)));
    let number = || select(vec![0u64, 1, 2, 9, 10, 11]);
    let version = (number(), number(), number(), pre).prop_map(|(a, b, c, pre)| {
        let pre = pre.map(|(word, n)| n.map_or(format!("-{word}"), |n| format!("-{word}.{n}")));
        format!("{a}.{b}.{c}{}", pre.unwrap_or_default())
    });
    holds(10_000, &(version.clone(), version), |(a, b)| {
        let parsed = |text: &str| semver::Version::parse(text).unwrap();
        let (ours, theirs) = (Version::new(&a).cmp(&Version::new(&b)), parsed(&a).cmp(&parsed(&b)));
        prop_assert_eq!(ours, theirs, "{} {}", a, b);
        prop_assert_eq!(Version::new(&a).is_prerelease(), !parsed(&a).pre.is_empty());
        Ok(())
    });
}

const WORDS: &str = " v a b c rc alpha beta pre preview post rev r dev";

/// Texts as PEP 440 allows them, the unusual ones too.
fn pep_440() -> impl Strategy<Value = String> {
    let number = || select(vec!["0", "1", "2", "10", "01", "9"]);
    let separator = || select(vec!["", ".", "-", "_"]);
    let word = |words: &'static [&'static str]| {
        (separator(), select(words), separator(), option::of(number())).prop_map(
            |(before, word, between, number)| match number {
                Some(number) => format!("{before}{word}{between}{number}"),
                None => format!("{before}{word}"),
            },
        )
    };
    let pre = word(&["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC"]);
    let post = word(&["post", "rev", "r", "Post"]);
    let post = prop_oneof![post, number().prop_map(|n| format!("-{n}"))];
    let segment = select(vec!["1", "2", "10", "a", "ubuntu", "deb12u1", "0"]);
    let local = (vec((segment, select(vec![".", "-", "_"])), 1..4)).prop_map(|all| {
        let text: String = all.iter().flat_map(|(segment, between)| [*segment, *between]).collect();
        format!("+{}", &text[..text.len() - 1])
    });
    let parts = (option::weighted(0.5, pre), option::weighted(0.3, post));
    let more = (option::weighted(0.3, word(&["dev", "DEV"])), option::weighted(0.2, local));
    let epoch = option::weighted(0.1, select(vec!["0!", "1!"]));
    let release = vec(number(), 1..4).prop_map(|all| all.join("."));
    let texts = (select(vec!["", "", "v"]), epoch, release, parts, more).prop_map(
        |(v, epoch, release, (pre, post), (dev, local))| {
            let rest = [pre, post, dev, local].map(Option::unwrap_or_default).concat();
            format!("{v}{}{release}{rest}", epoch.unwrap_or_default())
        },
    );
    // Two words that nothing parts are one word to us, as `previewpost`.
    texts.prop_filter("words are parted", |text| {
        let public = text.to_lowercase();
        let public = public.split('+').next().unwrap_or_default();
        let mut words = public.split(|c: char| !c.is_alphabetic());
        words.all(|word| WORDS.split(' ').any(|known| known == word))
    })
}

const SCRIPT: &str = "
import json, sys
from packaging.version import parse
for line in sys.stdin:
    a, b = map(parse, json.loads(line))
    print((a > b) - (a < b), int(a.is_prerelease))
";

fn the_order_of_pep_440() {
    let pairs = some(20_000, &(pep_440(), pep_440()));
    let mut python = Command::new(Peer::Cekit.found());
    python.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String =
        pairs.iter().map(|pair| serde_json::to_string(pair).unwrap() + "\n").collect();
    let writer =
        std::thread::spawn(move || std::io::Write::write_all(&mut input, lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), pairs.len());
    for ((a, b), theirs) in pairs.iter().zip(text.lines()) {
        let (x, y) = (Version::new(a), Version::new(b));
        let ours = format!("{} {}", x.cmp(&y) as i8, u8::from(x.is_prerelease()));
        assert_eq!(ours, theirs, "{a} {b}");
    }
}
