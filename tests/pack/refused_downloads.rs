//! `rampkit pack --embed-deps` where a real server does not give a file, and where none can be asked.

use libtest_mimic::Trial;
use snapbox::str;

use super::downloads::{dependency, needs};
use super::{PACK, harmless, sample};
use crate::harness::Lighttpd;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(what_servers_refuse, Lighttpd), test!(urls_that_cannot_be_downloaded)]
}

fn what_servers_refuse() {
    let mut sandbox = sample();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.write("srv/page.html", "<html>");
    sandbox.write("srv/p.tgz", "replaced");
    let pack = |path: &str| {
        let p = dependency(&sandbox, &format!("{}/{path}", web.url), b"p");
        needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
        harmless(&sandbox, &format!("{PACK} --embed-deps"))
    };
    pack("files/none.tgz").fails(5, str![[r#"
error: cannot get dependency p
caused by: there is no file at http://127.0.0.1:[PORT]/files/none.tgz
caused by: HTTP 404 Not Found
hint: check the url; a private file looks the same to who may not read it: download that yourself, and give it with --dep NAME=FILE

"#]]);
    pack("private/p.tgz").fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/private/p.tgz does not let us in
caused by: HTTP 401 Unauthorized
hint: download it yourself, and give it with --dep NAME=FILE

"#]],
    );
    pack("forbidden/p.tgz").fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/forbidden/p.tgz does not let us in
caused by: HTTP 403 Forbidden
hint: download it yourself, and give it with --dep NAME=FILE

"#]],
    );
    pack("login/p.tgz").fails(
        11,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/login/p.tgz is another file: a web page
  expected sha256 [HEX]
     found sha256 [HEX], 6 bytes
hint: download it yourself, and give it with --dep NAME=FILE

"#]],
    );
    pack("files/p.tgz").fails(
        11,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/files/p.tgz is another file
  expected sha256 [HEX]
     found sha256 [HEX], 8 bytes
hint: ask its author which one is right, before you write another sha256

"#]],
    );
    pack("circle/p.tgz").fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: cannot follow http://127.0.0.1:[PORT]
caused by: it redirects too often
hint: see where the address leads, and name that place itself

"#]],
    );
    drop(web);
    sandbox.write("srv/p.tgz", "p");
    harmless(&sandbox, &format!("{PACK} --embed-deps")).fails(4, str![[r#"
error: cannot get dependency p
caused by: cannot reach http://127.0.0.1:[PORT]
caused by: Connection refused (os error 111)
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
    // What is of no use to a later run does not stay.
    assert_eq!(sandbox.list("../home/.cache/rampkit/partial"), [""; 0]);
}

fn urls_that_cannot_be_downloaded() {
    let sandbox = sample();
    let pack = |url: &str| {
        let p = dependency(&sandbox, url, b"p");
        needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
        harmless(&sandbox, &format!("{PACK} --embed-deps"))
    };
    pack("ftp://ann:sesame@example.com/p.tgz").fails(
        6,
        str![[r#"
error: dependency p: its url cannot be used: it must be http or https

"#]],
    );
    pack("example.com/p.tgz").fails(
        6,
        str![[r#"
error: dependency p: its url cannot be used: relative URL without a base

"#]],
    );
    pack("http://").fails(
        6,
        str![[r#"
error: dependency p: its url cannot be used: empty host

"#]],
    );
    pack("http://example.com/").fails(
        6,
        str![[r#"
error: dependency p: its url cannot be used: it does not end with the name of a file

"#]],
    );
    pack("http://no-such-host.invalid/p.tgz").fails(4, str![[r#"
error: cannot get dependency p
caused by: cannot reach http://no-such-host.invalid
caused by: failed to lookup address information: [..]
hint: check the name and the network; behind a proxy set HTTPS_PROXY, and NO_PROXY for hosts without it

"#]]);
}
