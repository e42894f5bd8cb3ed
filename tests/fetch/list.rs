//! `rampkit fetch --list`: the tags of a repository, the highest last.

use libtest_mimic::Trial;
use snapbox::str;

use super::with_gears;
use crate::harness::{History, Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(tags_of_a_folder),
        test!(tags_in_order),
        test!(a_tag_has_its_own_date),
        test!(no_tags),
    ]
}

fn tags_of_a_folder() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch --list srv/gears").prints(
        str![[r#"
note       2020-09-13  -
stable     2020-09-13  [HEX]
v0.1.0     2020-09-13  [HEX]
v0.4.0     2020-09-13  [HEX]
v0.9.0     2020-09-13  [HEX]
v1.2.13    2020-09-13  [HEX]
v2.0.0-m1  2020-09-13  [HEX]

"#]],
        str![[r#"
    Listed 7 tags of srv/gears

"#]],
    );
    sandbox.sh("rampkit fetch srv/gears --list --json --quiet").prints(
        str![[r#"
{
  "version": 1,
  "repository": "srv/gears",
  "tags": [
    {
      "tag": "note",
      "commit": null,
      "date": "2020-09-13T12:26:40Z",
      "annotated": true
    },
    {
      "tag": "stable",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:40Z",
      "annotated": true
    },
    {
      "tag": "v0.1.0",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:41Z",
      "annotated": false
    },
    {
      "tag": "v0.4.0",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:40Z",
      "annotated": true
    },
    {
      "tag": "v0.9.0",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:44Z",
      "annotated": false
    },
    {
      "tag": "v1.2.13",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:40Z",
      "annotated": true
    },
    {
      "tag": "v2.0.0-m1",
      "commit": "[HEX]",
      "date": "2020-09-13T12:26:45Z",
      "annotated": false
    }
  ]
}

"#]],
        str![],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

/// A repository with just these tags, each of the same commit.
fn tagged(tags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let mut history = History::default();
    history.commit("main", &[("ramp.yml", "")]);
    for tag in tags {
        history.point(&format!("refs/tags/{tag}"), "refs/heads/main");
    }
    history.write(&sandbox, "srv/r");
    sandbox
}

fn tags_in_order() {
    let sorted = [
        "1.2.3.4",
        "2.0",
        "10.0",
        "build-9",
        "build-10",
        "ä",
        "1.9.0",
        "v1.10.0-rc.2",
        "v1.10.0-rc.10",
        "1.10.0",
        "v1.10.0",
        "V2.0.0",
        "v10.0.0",
    ];
    let mut tags = sorted;
    tags.sort();
    assert_ne!(tags, sorted);
    let sandbox = tagged(&tags);
    let listed = sandbox.ok("rampkit fetch --list srv/r");
    let names: Vec<&str> = listed.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, sorted);
}

/// Tags with and without a date, of commits and of files, and one that leads nowhere.
pub fn oddly_tagged() -> Sandbox {
    let sandbox = tagged(&["v1.0.0"]);
    sandbox.ok("cd srv/r
        export GIT_COMMITTER_DATE='2024-02-29 23:30:00 -0100'
        git tag -a -m of v1.1.0 main
        GIT_COMMITTER_DATE='2025-01-01 00:00:00 +0000' git tag -a -m of v1.2.0 v1.1.0
        printf 'object %s\\ntype commit\\ntag v1.3.0\\n\\nof\\n' $(git rev-parse main) >tag
        git tag v1.3.0 $(git hash-object -t tag -w --literally tag)
        git cat-file commit main | sed 's/^committer.*/committer A <a> 999999999999999 +0000/' >commit
        git tag v1.4.0 $(git hash-object -t commit -w --literally commit)
        git tag v1.5.0 main:ramp.yml
        git tag -a -m of v1.6.0 main:ramp.yml
        git symbolic-ref refs/tags/v1.7.0 refs/tags/v1.1.0
        git symbolic-ref refs/tags/v1.8.0 refs/tags/none");
    sandbox
}

/// That of the tag where it is annotated and says when, else that of the commit.
fn a_tag_has_its_own_date() {
    let sandbox = oddly_tagged();
    sandbox.sh("rampkit fetch --list srv/r").prints(
        str![[r#"
v1.0.0  2020-09-13  [HEX]
v1.1.0  2024-03-01  [HEX]
v1.2.0  2025-01-01  [HEX]
v1.3.0  2020-09-13  [HEX]
v1.4.0  -           [HEX]
v1.5.0  -           -
v1.6.0  2024-03-01  -
v1.7.0  2024-03-01  [HEX]

"#]],
        str![[r#"
    Listed 8 tags of srv/r

"#]],
    );
    let dates = "rampkit fetch --list --json srv/r | grep -A2 -e v1.1 -e v1.4 -e v1.5";
    sandbox.sh(dates).prints(
        str![[r#"
      "tag": "v1.1.0",
      "commit": "[HEX]",
      "date": "2024-03-01T00:30:00Z",
--
      "tag": "v1.4.0",
      "commit": "[HEX]",
      "date": null,
--
      "tag": "v1.5.0",
      "commit": null,
      "date": null,

"#]],
        str![[r#"
    Listed 8 tags of srv/r

"#]],
    );
}

fn no_tags() {
    let mut sandbox = tagged(&[]);
    sandbox.ok("git init -q srv/empty");
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}", daemon.port);
    for place in ["srv/r", "srv/empty", &format!("{url}/r"), &format!("{url}/empty")] {
        let run = sandbox.sh(&format!("rampkit fetch --list {place}"));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""));
        assert!(run.stderr.starts_with("    Listed 0 tags of "), "{}", run.stderr);
    }
    sandbox.sh("rampkit fetch --list --json srv/empty").prints(
        str![[r#"
{
  "version": 1,
  "repository": "srv/empty",
  "tags": []
}

"#]],
        str![[r#"
    Listed 0 tags of srv/empty

"#]],
    );
}
