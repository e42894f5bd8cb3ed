//! `rampkit fetch` over smart HTTP: lighttpd with `git http-backend`, TLS and proxies.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{Lighttpd, Sandbox, Tinyproxy, gears};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(over_http, Lighttpd),
        test!(over_tls, Lighttpd),
        test!(what_http_servers_refuse, Lighttpd),
        test!(through_a_proxy, Lighttpd, Tinyproxy),
        test!(what_speaks_no_tls, Lighttpd),
        test!(a_proxy_that_cannot_be_spoken_to),
    ]
}

pub fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    gears(&sandbox);
    sandbox
}

/// No file here or at home, and no word of `run`, has the secret.
pub fn keeps(sandbox: &Sandbox, secret: &str, command: &str) {
    let run = sandbox.sh(command);
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{}", run.stderr);
    let found = sandbox.sh(&format!("cat ramp.* | grep -e '{secret}'"));
    assert_eq!(found.stdout, "");
}

fn over_http() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.sh(&format!("rampkit fetch {}/git/gears v0.4.0", web.url)).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of http://127.0.0.1:[PORT]/git/gears, 26 bytes

"#]],
    );
    // Only the list of refs can be redirected: a POST that followed would become a GET.
    sandbox.sh(&format!("rampkit fetch {}/moved/gears/ tags/v0.9.0", web.url)).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.9.0 ([HEX]) of http://127.0.0.1:[PORT]/moved/gears/, 26 bytes

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {}/git/gears v1.99.7", web.url)).fails(5, str![[r#"
error: http://127.0.0.1:[PORT]/git/gears has no ref v1.99.7
hint: it has 7 tags, the nearest are v1.2.13, v2.0.0-m1, v0.9.0; no tag begins with v1.99: is this the right repository?

"#]]);
    // A commit that no ref points at any more.
    let id = sandbox.ok("git -C srv/gears rev-parse tags/v0.9.0~1");
    sandbox.ok("git -C srv/gears tag -d v0.4.0 stable");
    sandbox.sh(&format!("rampkit fetch {}/git/gears {id}", web.url)).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at [HEX] of http://127.0.0.1:[PORT]/git/gears, 26 bytes

"#]],
    );
}

fn over_tls() {
    let mut sandbox = sandbox();
    let web = Lighttpd::https(&mut sandbox);
    let fetch = format!("rampkit fetch {}/git/gears v0.4.0", web.url);
    sandbox.sh(&fetch).fails(4, str![[r#"
error: cannot speak to https://127.0.0.1:[PORT] by TLS
caused by: invalid peer certificate: UnknownIssuer
hint: where the host has a certificate of its own authority, name that with --cacert FILE.pem; else install ca-certificates

"#]]);
    sandbox.sh(&format!("SSL_CERT_FILE=/none SSL_CERT_DIR=/none {fetch}")).fails(4, str![[r#"
error: cannot speak to https://127.0.0.1:[PORT] by TLS
caused by: invalid peer certificate: UnknownIssuer
hint: where the host has a certificate of its own authority, name that with --cacert FILE.pem; else install ca-certificates

"#]]);
    sandbox.sh(&format!("{fetch} --cacert none.pem")).fails(
        3,
        str![[r#"
error: cannot read none.pem
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    // It is read where nothing is downloaded, too.
    let local = sandbox.sh("rampkit fetch srv/gears v0.4.0 --cacert none.pem");
    assert!(local.stderr.starts_with("error: cannot read none.pem"), "{}", local.stderr);
    sandbox.sh(&format!("{fetch} --cacert srv/gears/HEAD")).fails(
        2,
        str![[r#"
error: --cacert srv/gears/HEAD: it holds no certificate in PEM form

"#]],
    );
    sandbox.sh(&format!("rampkit fetch {}/plain/gears v0.4.0 --cacert tls/ca.pem", web.url)).fails(
        4,
        str![[r#"
error: cannot follow https://127.0.0.1:[PORT]
caused by: it redirects from https to http
hint: see where the address leads, and name that place itself

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv", "tls", "web"]);
    sandbox.sh(&format!("{fetch} --cacert tls/ca.pem")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of https://127.0.0.1:[PORT]/git/gears, 26 bytes

"#]],
    );
    sandbox.ok(&format!("SSL_CERT_FILE=/none SSL_CERT_DIR=/none {fetch} --cacert tls/ca.pem"));
    sandbox.ok(&format!("SSL_CERT_FILE=tls/ca.pem {fetch}"));
}

fn what_http_servers_refuse() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    let fetch = |path: &str| sandbox.sh(&format!("rampkit fetch {}/{path} v1", web.url));
    fetch("git/graph").fails(
        5,
        str![[r#"
error: http://127.0.0.1:[PORT]/git/graph is not a git repository
caused by: HTTP 404 Not Found
hint: check the address; a git server must answer there, files alone are not enough

"#]],
    );
    fetch("none").fails(
        5,
        str![[r#"
error: http://127.0.0.1:[PORT]/none is not a git repository
caused by: HTTP 404 Not Found
hint: check the address; a git server must answer there, files alone are not enough

"#]],
    );
    fetch("forbidden/gears").fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/forbidden/gears does not let us in: HTTP 403 Forbidden
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    sandbox.ok("git -C srv/gears update-server-info");
    fetch("files/gears").fails(5, str![[r#"
error: http://127.0.0.1:[PORT]/files/gears is not a git repository
caused by: it answers with text/plain, and a git server with application/x-git-upload-pack-advertisement
hint: check the address; a git server must answer there, files alone are not enough

"#]]);
    sandbox.write("srv/page.html", "<html>");
    fetch("login/gears").fails(5, str![[r#"
error: http://127.0.0.1:[PORT]/login/gears is not a git repository
caused by: it answers with text/html, and a git server with application/x-git-upload-pack-advertisement
hint: check the address; a git server must answer there, files alone are not enough

"#]]);
    fetch("locked/gears").fails(4, str![[r#"
error: http://127.0.0.1:[PORT]/locked/gears does not let us in: it wants a login, and there is none
hint: let a git credential helper know the login; `git ls-remote` on that address shows whether one does

"#]]);
    assert_eq!(sandbox.list("."), ["srv", "web"]);
}

fn through_a_proxy() {
    let mut sandbox = sandbox();
    let web = Lighttpd::https(&mut sandbox);
    let proxy = Tinyproxy::start(&mut sandbox, None);
    let fetch = format!("rampkit fetch {}/git/gears v0.4.0 --cacert tls/ca.pem", web.url);
    sandbox.ok(&format!("HTTPS_PROXY={} {fetch}", proxy.url));
    let asked = |sandbox: &Sandbox| sandbox.read("proxy.log").matches("CONNECT 127.0.0.1").count();
    assert_eq!(asked(&sandbox), 1);
    sandbox.ok(&format!("NO_PROXY=127.0.0.1 HTTPS_PROXY={} {fetch}", proxy.url));
    assert_eq!(asked(&sandbox), 1, "NO_PROXY was not heeded");
    sandbox.sh(&format!("HTTPS_PROXY=http://127.0.0.1:1 {fetch}")).fails(
        4,
        str![[r#"
error: cannot reach https://127.0.0.1:[PORT] through the proxy
caused by: Connection refused (os error 111)
hint: check HTTPS_PROXY and its login, or list the host in NO_PROXY

"#]],
    );
    let plain = Lighttpd::http(&mut sandbox);
    sandbox.ok(&format!("HTTP_PROXY={} rampkit fetch {}/git/gears main", proxy.url, plain.url));
    assert!(sandbox.read("proxy.log").contains(&format!("GET {}/git/gears", plain.url)));
    let locked = Tinyproxy::start(&mut sandbox, Some("ann secret"));
    sandbox.sh(&format!("HTTPS_PROXY={} {fetch}", locked.url)).fails(
        4,
        str![[r#"
error: cannot reach https://127.0.0.1:[PORT] through the proxy
caused by: tunnel error: proxy authorization required
hint: check HTTPS_PROXY and its login, or list the host in NO_PROXY

"#]],
    );
    let url = |login: &str| locked.url.replace("//", &format!("//{login}@"));
    sandbox.ok(&format!("HTTPS_PROXY={} {fetch}", url("ann:secret")));
    keeps(&sandbox, "secret", &format!("HTTPS_PROXY={} {fetch}", url("ann:secret")));
    keeps(&sandbox, "hidden", &format!("HTTPS_PROXY={} {fetch}", url("ann:hidden")));
}

fn what_speaks_no_tls() {
    let mut sandbox = sandbox();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.sh(&format!("rampkit fetch https://127.0.0.1:{}/git/gears v0.4.0", web.port)).fails(
        4,
        str![[r#"
error: cannot speak to https://127.0.0.1:[PORT] by TLS
caused by: received corrupt message of type InvalidContentType
hint: nothing there speaks TLS: is it an http address, or another port?

"#]],
    );
}

fn a_proxy_that_cannot_be_spoken_to() {
    let sandbox = sandbox();
    sandbox.sh("ALL_PROXY=socks5://127.0.0.1:1 rampkit fetch https://example.com/r v1").fails(
        4,
        str![[r#"
error: cannot reach https://example.com through the proxy
caused by: unsupported scheme socks5
hint: name a proxy that speaks HTTP in HTTPS_PROXY, or list the host in NO_PROXY

"#]],
    );
}
