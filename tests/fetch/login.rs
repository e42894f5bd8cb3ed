//! Logins of `rampkit fetch` over HTTP: where they come from, whom they go to, and that they are kept.

use libtest_mimic::Trial;
use snapbox::str;

use super::http::{keeps, sandbox};
use crate::harness::Lighttpd;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_login_in_the_address, Lighttpd),
        test!(a_login_from_gits_helper, Lighttpd),
        test!(a_login_by_instead_of, Lighttpd),
        test!(a_token_goes_to_its_own_host_only, Lighttpd),
        test!(the_token_of_a_job_of_gitlab, Lighttpd),
    ]
}

fn a_login_in_the_address() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    let url =
        |login: &str| format!("{}/locked/gears", web.url.replace("//", &format!("//{login}@")));
    let fetch = format!("rampkit fetch {} v0.4.0", url("ann:open%20sesame"));
    sandbox.sh(&fetch).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of http://127.0.0.1:[PORT]/locked/gears, 26 bytes

"#]],
    );
    keeps(&sandbox, "sesame", &fetch);
    sandbox.sh(&format!("rampkit fetch {} v0.4.0", url("ann:wrong"))).fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears does not let us in: it does not take the login from the address
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    sandbox.sh(&format!("rampkit fetch {} v1.99.7", url("ann:open%20sesame"))).fails(5, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears has no ref v1.99.7
hint: it has 7 tags, the nearest are v1.2.13, v2.0.0-m1, v0.9.0; no tag begins with v1.99: is this the right repository?

"#]]);
}

fn a_login_from_gits_helper() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    let fetch = format!("rampkit fetch {}/locked/gears v0.4.0", web.url);
    sandbox.ok("git config --global credential.helper store");
    // Neither a terminal nor a window is asked.
    sandbox.write("../bin/ask", "#!/bin/sh\ntouch asked\n");
    sandbox.ok("chmod +x ../bin/ask");
    sandbox
        .sh(&format!("GIT_ASKPASS=$PWD/../bin/ask SSH_ASKPASS=$PWD/../bin/ask {fetch}"))
        .fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears does not let us in: it wants a login, and there is none
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    let store = |password: &str| {
        let login = format!("//ann:{password}@");
        let line = web.url.replace("//", &login);
        std::fs::write(sandbox.path("../home/.git-credentials"), line + "\n").unwrap();
    };
    store("open%20sesame");
    sandbox.sh(&fetch).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of http://127.0.0.1:[PORT]/locked/gears, 26 bytes

"#]],
    );
    keeps(&sandbox, "sesame", &fetch);
    assert!(sandbox.read("../home/.git-credentials").contains("sesame"), "it was approved");
    store("wrong");
    sandbox.sh(&fetch).fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears does not let us in: it does not take the login from git's credential helper
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    assert_eq!(sandbox.read("../home/.git-credentials"), "", "it was rejected");
    assert_eq!(sandbox.list("."), ["ramp.lock", "ramp.yml", "srv", "web"]);
}

fn a_login_by_instead_of() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    let base = web.url.replace("//", "//ann:open%20sesame@");
    sandbox
        .ok(&format!("git config --global url.{base}/locked/.insteadOf https://github.com/acme/"));
    sandbox.sh("rampkit fetch acme/gears v0.4.0").prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of https://github.com/acme/gears, 26 bytes

"#]],
    );
    assert!(sandbox.read("ramp.lock").contains("repository: https://github.com/acme/gears\n"));
    keeps(&sandbox, "sesame", "rampkit fetch https://github.com/acme/gears v0.4.0");
    keeps(&sandbox, "sesame", "rampkit fetch acme/none v0.4.0");
    sandbox.sh("rampkit fetch acme/none v0.4.0").fails(
        5,
        str![[r#"
error: https://github.com/acme/none is not a git repository
caused by: HTTP 404 Not Found
hint: check the address; a git server must answer there, files alone are not enough

"#]],
    );
}

fn a_token_goes_to_its_own_host_only() {
    let mut sandbox = sandbox();
    let (plain, web) = (Lighttpd::http(&mut sandbox), Lighttpd::https(&mut sandbox));
    sandbox.write("web/passwords", "x-access-token:gh-secret\noauth2:gl-secret\n");
    sandbox.env("GITHUB_TOKEN", "gh-secret").env("GITLAB_TOKEN", "gl-secret");
    let fetch = |variables: &str, web: &Lighttpd| {
        format!("{variables} rampkit fetch {}/locked/gears v0.4.0 --cacert tls/ca.pem", web.url)
    };
    let github = |url: &str| format!("GITHUB_SERVER_URL={url}");
    sandbox.sh(&fetch(&github(&web.url), &web)).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of https://127.0.0.1:[PORT]/locked/gears, 26 bytes

"#]],
    );
    keeps(&sandbox, "gh-secret", &fetch(&github(&web.url), &web));
    let port = web.url.rsplit(':').next().unwrap();
    sandbox.ok(&fetch(&format!("CI_SERVER_HOST=127.0.0.1 CI_SERVER_PORT={port}"), &web));
    // Another host, and the right host without TLS.
    sandbox.sh(&fetch("", &web)).fails(4, str![[r#"
error: https://127.0.0.1:[PORT]/locked/gears does not let us in: it wants a login, and there is none
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    sandbox.sh(&fetch(&github(&plain.url), &plain)).fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears does not let us in: it wants a login, and there is none
hint: check the address, a missing repository looks the same; for a private one set GITHUB_TOKEN, or let a git credential helper know the login

"#]]);
    // The right host, and the wrong token.
    let wrong = format!("GITHUB_TOKEN=gh-wrong {}", github(&web.url));
    sandbox.sh(&fetch(&wrong, &web)).fails(4, str![[r#"
error: https://127.0.0.1:[PORT]/locked/gears does not let us in: it does not take the login from GITHUB_TOKEN
hint: check the address, a missing repository looks the same; for a private one set GITHUB_TOKEN, or let a git credential helper know the login

"#]]);
    keeps(&sandbox, "gh-wrong", &fetch(&wrong, &web));
}

fn the_token_of_a_job_of_gitlab() {
    let mut sandbox = sandbox();
    let web = Lighttpd::https(&mut sandbox);
    sandbox.write("web/passwords", "gitlab-ci-token:job-secret\n");
    sandbox.env("CI_JOB_TOKEN", "job-secret");
    let fetch = format!("rampkit fetch {}/locked/gears v0.4.0 --cacert tls/ca.pem", web.url);
    let job = format!("CI_SERVER_HOST=127.0.0.1 CI_SERVER_PORT={}", web.port);
    sandbox.ok(&format!("{job} {fetch}"));
    keeps(&sandbox, "job-secret", &format!("{job} {fetch}"));
    sandbox.sh(&format!("{job} CI_JOB_TOKEN=old {fetch}")).fails(4, str![[r#"
error: https://127.0.0.1:[PORT]/locked/gears does not let us in: it does not take the login from CI_JOB_TOKEN
hint: check the address, a missing repository looks the same; for a private one set GITLAB_TOKEN, or let a git credential helper know the login

"#]]);
    // It is of no use elsewhere, and so nobody else gets it.
    sandbox.sh(&format!("CI_SERVER_HOST=127.0.0.2 {fetch}")).fails(4, str![[r#"
error: https://127.0.0.1:[PORT]/locked/gears does not let us in: it wants a login, and there is none
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
}
