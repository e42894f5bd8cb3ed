//! `rampkit fetch --list`: the tags of a repository, the highest last.

use std::io::{Read as _, Write as _};

use libtest_mimic::Trial;
use snapbox::str;

use super::git::find;
use super::with_gears;
use crate::harness::{
    History, Lighttpd, Listener, Sandbox, gears, git_daemon, grown, meddled_daemon,
};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(tags_of_a_folder),
        test!(tags_in_order),
        test!(a_tag_has_its_own_date),
        test!(tags_of_a_server, Lighttpd),
        test!(very_many_tags),
        test!(dates_that_do_not_come),
        test!(no_tags),
        test!(tags_of_a_liar),
        test!(lists_that_there_cannot_be),
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
fn oddly_tagged() -> Sandbox {
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

/// Where a server leaves out folders and files it tells as much as a folder of this machine does.
fn tags_of_a_server() {
    let mut sandbox = oddly_tagged();
    gears(&sandbox);
    let daemon = git_daemon(&mut sandbox);
    let web = Lighttpd::http(&mut sandbox);
    let places = [
        format!("git://127.0.0.1:{}", daemon.port),
        format!("{}/git", web.url),
        format!("{}/old", web.url),
    ];
    for place in &places {
        let list = format!("rampkit --deny-warnings fetch --list {place}/gears");
        sandbox.sh(&list).prints(
            str![[r#"
note       -  [HEX]
stable     -  [HEX]
v0.1.0     -  [HEX]
v0.4.0     -  [HEX]
v0.9.0     -  [HEX]
v1.2.13    -  [HEX]
v2.0.0-m1  -  [HEX]

"#]],
            str![[r#"
    Listed 7 tags of [..]/gears

"#]],
        );
    }
    for repository in ["gears", "r"] {
        sandbox.ok(&format!("git -C srv/{repository} config uploadpack.allowFilter true"));
        let here = sandbox.ok(&format!("rampkit fetch --list srv/{repository}"));
        for place in &places[..2] {
            let list = format!("rampkit --deny-warnings fetch --list {place}/{repository}");
            assert_eq!(sandbox.ok(&list), here);
        }
    }
    // Where only files may be left out, folders would come too: that is not cheap.
    sandbox.ok("git -C srv/gears config uploadpackfilter.allow false");
    sandbox.ok("git -C srv/gears config uploadpackfilter.blob:none.allow true");
    for place in &places {
        let list = sandbox.ok(&format!("rampkit --deny-warnings fetch --list {place}/gears"));
        assert!(list.lines().all(|line| line.contains("  -  ")), "{list}");
    }
}

/// Of very many tags only the highest are asked for their dates.
fn very_many_tags() {
    let mut sandbox = Sandbox::new();
    grown(&sandbox, "srv/r", 1199, 1199);
    sandbox.ok("git -C srv/r config uploadpack.allowFilter true");
    let daemon = git_daemon(&mut sandbox);
    let list = sandbox.ok(&format!("rampkit fetch --list git://127.0.0.1:{}/r", daemon.port));
    let lines: Vec<&str> = list.lines().collect();
    let (undated, dated) = lines.split_at(200);
    assert_eq!(lines.len(), 1200);
    assert!(undated.iter().all(|line| line.contains("  -  ")), "{undated:?}");
    assert!(dated.iter().all(|line| line.contains("  2020-09-13  ")), "{dated:?}");
}

/// The list is as good without.
fn dates_that_do_not_come() {
    let mut sandbox = with_gears();
    sandbox.ok("git -C srv/gears config uploadpack.allowFilter true");
    let daemon = meddled_daemon(&mut sandbox, |_, said| {
        if let Some(at) = find(said, b"PACK") {
            said.truncate(at + 50);
        }
    });
    let list = format!("fetch --list git://127.0.0.1:{}/gears", daemon.port);
    sandbox.sh(&format!("rampkit {list}")).prints(str![[r#"
note       -  [HEX]
stable     -  [HEX]
v0.1.0     -  [HEX]
v0.4.0     -  [HEX]
v0.9.0     -  [HEX]
v1.2.13    -  [HEX]
v2.0.0-m1  -  [HEX]

"#]], str![[r#"
warning: the dates of the tags did not come: git://127.0.0.1:[PORT]/gears did not give what it has: the connection ended too early
    Listed 7 tags of git://127.0.0.1:[PORT]/gears

"#]]);
    sandbox.sh(&format!("rampkit --deny-warnings {list}")).fails(10, str![[r#"
warning: the dates of the tags did not come: git://127.0.0.1:[PORT]/gears did not give what it has: the connection ended too early
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]]);
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

/// Names that git does not allow; a terminal does not obey them.
fn tags_of_a_liar() {
    let mut sandbox = Sandbox::new();
    let liar = Listener::hostile(|mut socket| {
        let _ = socket.read(&mut [0; 1000]);
        let id = "0123456789012345678901234567890123456789";
        let capabilities = "\0side-band-64k\n";
        let names = ["refs/tags/\u{9b}31m", "refs/tags/\u{202e}v1.0.0", "refs/tags/"];
        for (name, end) in names.into_iter().zip([capabilities, "\n", "\n"]) {
            let line = format!("{id} {name}{end}");
            let _ = write!(socket, "{:04x}{line}", line.len() + 4);
        }
        let _ = write!(socket, "0000");
    });
    sandbox.alias(liar.port, "[PORT]");
    let url = format!("git://127.0.0.1:{}/r", liar.port);
    sandbox.sh(&format!("rampkit fetch --list {url}")).prints(
        str![[r#"
                -  [HEX]
/u{9b}31m       -  [HEX]
/u{202e}v1.0.0  -  [HEX]

"#]],
        str![[r#"
    Listed 3 tags of git://127.0.0.1:[PORT]/r

"#]],
    );
    sandbox.sh(&format!("rampkit fetch --list {url} --json")).prints(
        str![[r#"
{
  "version": 1,
  "repository": "git://127.0.0.1:[PORT]/r",
  "tags": [
    {
      "tag": "",
      "commit": "[HEX]",
      "date": null,
      "annotated": false
    },
    {
      "tag": "/u009b31m",
      "commit": "[HEX]",
      "date": null,
      "annotated": false
    },
    {
      "tag": "/u202ev1.0.0",
      "commit": "[HEX]",
      "date": null,
      "annotated": false
    }
  ]
}

"#]],
        str![[r#"
    Listed 3 tags of git://127.0.0.1:[PORT]/r

"#]],
    );
}

fn lists_that_there_cannot_be() {
    let sandbox = with_gears();
    sandbox.sh("rampkit fetch --list").fails(
        2,
        str![[r#"
error: the following required arguments were not provided:
  <REPO REF>...

Usage: rampkit fetch --list <REPO REF>...

For more information, try '--help'.

"#]],
    );
    sandbox.sh("rampkit fetch --list srv/gears v0.4.0").fails(
        2,
        str![[r#"
error: --list takes one REPO, and no REF

"#]],
    );
    sandbox.sh("rampkit fetch --list srv/gears --path ramp.yml").fails(
        2,
        str![[r#"
error: the argument '--list' cannot be used with '--path <PATH>'

Usage: rampkit fetch --list <REPO REF>...

For more information, try '--help'.

"#]],
    );
    for operands in ["srv/gears", "srv/gears v0.4.0"] {
        sandbox.sh(&format!("rampkit fetch --json {operands}")).fails(
            2,
            str![[r#"
error: the following required arguments were not provided:
  --list

Usage: rampkit fetch --list --json <REPO REF>...

For more information, try '--help'.

"#]],
        );
    }
    sandbox.sh("rampkit fetch srv/gears").fails(
        2,
        str![[r#"
error: behind srv/gears stands no REF: a tag, a branch, a commit id, or `latest`; --list shows the tags

"#]],
    );
    sandbox.sh("rampkit fetch --list ./none").fails(
        5,
        str![[r#"
error: ./none is not a git repository
caused by: there is no folder of this name
hint: name an address, a folder, or `owner/name` for a repository of GitHub

"#]],
    );
    sandbox.sh("rampkit fetch --list --offline git://127.0.0.1/gears").fails(
        4,
        str![[r#"
error: the tags of git://127.0.0.1/gears cannot be listed offline
hint: leave --offline out: a list is never kept, as tags may come and go

"#]],
    );
    sandbox.ok("rampkit fetch --list --offline srv/gears");
    sandbox.sh("rampkit fetch --list srv").fails(
        5,
        str![[r#"
error: srv is not a git repository
caused by: it holds neither a .git folder nor a bare repository
hint: name the top folder of a work tree, or a bare repository

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}
