//! `rampkit fetch --list` of servers: what they tell, and what they do not.

use std::io::{Read as _, Write as _};

use libtest_mimic::Trial;
use snapbox::str;

use super::git::find;
use super::list::oddly_tagged;
use super::with_gears;
use crate::harness::{Lighttpd, Listener, Sandbox, gears, git_daemon, grown, meddled_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(tags_of_a_server, Lighttpd),
        test!(very_many_tags),
        test!(dates_that_do_not_come),
        test!(tags_of_a_liar),
        test!(how_a_list_came_here),
    ]
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

fn how_a_list_came_here() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let list = format!("rampkit fetch -v --list git://127.0.0.1:{}/gears", daemon.port);
    let told = |line: &str| {
        let run = sandbox.sh(line);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr
    };
    snapbox::assert_data_eq!(
        told(&list),
        str![[r#"
    Listed 7 tags of git://127.0.0.1:[PORT]/gears
       Via the list of refs, git protocol 2: 2 requests, [..] sent, [..] received, [..] ms

"#]]
    );
    sandbox.ok("git -C srv/gears config uploadpack.allowFilter true");
    snapbox::assert_data_eq!(
        told(&format!("{list} --json")),
        str![[r#"
    Listed 7 tags of git://127.0.0.1:[PORT]/gears
       Via filter tree:0, git protocol 2: 3 requests, [..] sent, [..] received, [..] ms

"#]]
    );
    snapbox::assert_data_eq!(
        told("rampkit fetch --list srv/gears --verbose"),
        str![[r#"
    Listed 7 tags of srv/gears
       Via no network: it was read in place

"#]]
    );
}
