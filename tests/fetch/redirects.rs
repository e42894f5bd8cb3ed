//! Where `rampkit fetch` follows a server over HTTP, and that no login goes to another than it is for.

use libtest_mimic::Trial;
use snapbox::str;

use super::{locked, with_gears};
use crate::harness::{Lighttpd, Run, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_login_stays_where_it_was_asked_for, Lighttpd),
        test!(a_login_of_another_host_is_not_given, Lighttpd),
        test!(each_host_has_its_own_login, Lighttpd),
        test!(a_token_stays_where_it_was_asked_for, Lighttpd),
        test!(a_request_that_is_redirected, Lighttpd),
    ]
}

/// Lines for a server whose `/locked/away/` leads to `there`, as far as `what` goes, with this status.
fn leading(there: &str, what: &str, status: u16) -> String {
    format!(
        "$HTTP[\"url\"] =~ \"^/locked/away/\" {{ url.redirect = (\"^/locked/away/(.*{what}.*)\" => \"{there}/$1\") \
         url.redirect-code = {status} }}\n"
    )
}

/// Fetches from `/locked/away/gears` of a server, with a login in the address.
fn fetch(sandbox: &Sandbox, web: &Lighttpd) -> Run {
    let url = web.url.replace("//", "//ann:open%20sesame@");
    sandbox.sh(&format!("rampkit fetch {url}/locked/away/gears v0.4.0"))
}

/// Who asked where everybody may.
fn told(sandbox: &Sandbox) -> Vec<String> {
    let lines = std::fs::read_to_string(sandbox.path("../told")).unwrap_or_default();
    lines.lines().map(|line| line.trim_end().to_owned()).collect()
}

fn a_login_stays_where_it_was_asked_for() {
    let mut sandbox = with_gears();
    let there = Lighttpd::http(&mut sandbox);
    for status in [301, 302, 307, 308] {
        let leads = leading(&format!("{}/told", there.url), "info/refs", status);
        let web = Lighttpd::http_that(&mut sandbox, &leads);
        let run = fetch(&sandbox, &web);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(locked(&sandbox, "ref"), "refs/tags/v0.4.0");
        let asked = told(&sandbox);
        assert!(
            asked.len() > 1 && asked.iter().all(|one| one == "GET" || one == "POST"),
            "{asked:?}"
        );
        sandbox.ok("rm ../told ramp.*");
    }
}

/// The other server wants a login too, and would take the same.
fn a_login_of_another_host_is_not_given() {
    let mut sandbox = with_gears();
    let there = Lighttpd::http(&mut sandbox);
    let leads = leading(&format!("{}/asked", there.url), "info/refs", 302);
    let web = Lighttpd::http_that(&mut sandbox, &leads);
    fetch(&sandbox, &web).fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/asked/gears does not let us in: it wants a login, and there is none
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    assert_eq!(told(&sandbox), [""; 0]);
}

fn each_host_has_its_own_login() {
    let mut sandbox = with_gears();
    let there = Lighttpd::http(&mut sandbox);
    let leads = leading(&format!("{}/asked", there.url), "info/refs", 302);
    let web = Lighttpd::http_that(&mut sandbox, &leads);
    sandbox.write("web/passwords", "ann:open sesame\nbob:knock\n");
    sandbox.ok("git config --global credential.helper store");
    let login = |web: &Lighttpd, login| web.url.replace("//", &format!("//{login}@"));
    let logins = format!("{}\n{}\n", login(&web, "ann:open%20sesame"), login(&there, "bob:knock"));
    std::fs::write(sandbox.path("../home/.git-credentials"), logins).unwrap();
    // Nor is the user of one the user of the other.
    for user in ["", "ann@"] {
        let url = web.url.replace("//", &format!("//{user}"));
        sandbox.ok(&format!(
            "rm -rf ../home/.cache; rampkit fetch {url}/locked/away/gears v0.4.0 --force"
        ));
    }
    let kept = sandbox.read("../home/.git-credentials");
    assert!(kept.contains("//ann:") && kept.contains("//bob:"), "one was rejected: {kept}");
    let bob = sandbox.ok("printf bob:knock | base64");
    let asked = told(&sandbox);
    assert!(asked.len() > 1 && asked.iter().all(|one| one.ends_with(&bob)), "{asked:?}");
}

fn a_token_stays_where_it_was_asked_for() {
    let mut sandbox = with_gears();
    let there = Lighttpd::https(&mut sandbox);
    let leads = leading(&format!("{}/told", there.url), "info/refs", 302);
    let web = Lighttpd::https_that(&mut sandbox, &leads);
    sandbox.write("web/passwords", "x-access-token:gh-secret\n");
    sandbox.env("GITHUB_TOKEN", "gh-secret").env("GITHUB_SERVER_URL", web.url.clone());
    let fetch = format!("rampkit fetch --cacert tls/ca.pem {}/locked/away/gears v0.4.0", web.url);
    sandbox.ok(&fetch);
    let asked = told(&sandbox);
    assert!(asked.len() > 1 && asked.iter().all(|one| one == "GET" || one == "POST"), "{asked:?}");
}

/// The refs are here, and who asks for objects is led away: with what was asked, or without.
fn a_request_that_is_redirected() {
    let mut sandbox = with_gears();
    sandbox.ok("mkdir srv/away && cp -r srv/gears srv/away");
    let there = Lighttpd::http(&mut sandbox);
    for status in [307, 308] {
        let leads = leading(&format!("{}/told", there.url), "/git-upload-pack$", status);
        let web = Lighttpd::http_that(&mut sandbox, &leads);
        assert_eq!(fetch(&sandbox, &web).code, 0);
        let asked = told(&sandbox);
        assert!(!asked.is_empty() && asked.iter().all(|one| one == "POST"), "{status}: {asked:?}");
        sandbox.ok("rm -r ../told ../home/.cache ramp.*");
    }
    for status in [301, 302] {
        let leads = leading(&format!("{}/told", there.url), "/git-upload-pack$", status);
        let web = Lighttpd::http_that(&mut sandbox, &leads);
        fetch(&sandbox, &web).fails(4, str![[r#"
error: cannot follow http://127.0.0.1:[PORT]/locked/away/gears
caused by: it redirects questions to http://127.0.0.1:[PORT]/told/gears/git-upload-pack, which says HTTP 405 Method Not Allowed
hint: see where the address leads, and name that place itself

"#]]);
        assert!(told(&sandbox).iter().all(|one| one == "GET"));
    }
    assert_eq!(sandbox.list("."), ["srv", "web"]);
}
