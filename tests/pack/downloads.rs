//! `rampkit pack --embed-deps` from real servers: lighttpd, TLS and a proxy.

use libtest_mimic::Trial;
use snapbox::str;

use super::{PACK, harmless, metadata, sample};
use crate::harness::{Lighttpd, Sandbox, Tinyproxy, entries, read_entry};
use crate::supervision::eventually;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(dependencies_are_downloaded_and_embedded, Lighttpd),
        test!(a_real_server_gives_the_rest, Lighttpd),
        test!(over_tls, Lighttpd),
        test!(through_a_proxy, Lighttpd, Tinyproxy),
        test!(a_login_in_a_url, Lighttpd),
        test!(a_dry_run_downloads_nothing, Lighttpd),
    ]
}

/// A manifest with these dependencies, in YAML.
pub fn needs(sandbox: &Sandbox, dependencies: &str) {
    let manifest = include_str!("../../modules/hello/ramp.yml");
    sandbox.write("ramp.yml", format!("{manifest}\n{dependencies}\n"));
}

/// `{url: …, sha256: …}` for a file with this content.
pub fn dependency(sandbox: &Sandbox, url: &str, content: &[u8]) -> String {
    let digest = digest(sandbox, content);
    format!("{{url: '{url}', sha256: {digest}}}")
}

/// The digest of `content`, as sha256sum has it.
pub fn digest(sandbox: &Sandbox, content: &[u8]) -> String {
    let file = sandbox.write("../content", content);
    sandbox.ok(&format!("sha256sum < {} | cut -d' ' -f1", file.display()))
}

fn dependencies_are_downloaded_and_embedded() {
    let mut sandbox = sample();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.write("srv/plugin.1.2.tgz", "the plugin");
    sandbox.write("srv/one.bin", "one");
    sandbox.write("srv/far.tgz", "far");
    let at = |path: &str, content: &str| {
        dependency(&sandbox, &format!("{}/{path}", web.url), content.as_bytes())
    };
    needs(
        &sandbox,
        &format!(
            "dependencies:\n  plugin: {}\n  one: {}\noptional-dependencies:\n  far: {}",
            at("elsewhere/plugin.1.2.tgz?x=1", "the plugin"),
            at("files/one.bin", "one"),
            at("files/far.tgz", "far"),
        ),
    );
    sandbox.sh(&format!("{PACK} --embed-deps -o x.zip")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
Downloaded one from http://127.0.0.1:[PORT]/files/one.bin, 3 bytes
Downloaded plugin from http://127.0.0.1:[PORT]/elsewhere/plugin.1.2.tgz?..., 10 bytes
    Packed hello 1.2.3: 3 commands, 2 dependencies

"#]],
    );
    let x = sandbox.path("x.zip");
    let names = ["hello.so", "module.json", "deps/one.bin", "deps/plugin.1.2.tgz"];
    assert_eq!(entries(&x), names);
    assert_eq!(read_entry(&x, "deps/plugin.1.2.tgz"), b"the plugin");
    assert_eq!(read_entry(&x, "deps/one.bin"), b"one");
    sandbox.ok(&format!("{PACK} -q --embed-deps=none -o named.zip"));
    assert_eq!(metadata(&sandbox, "x.zip"), metadata(&sandbox, "named.zip"));
    sandbox.sh(&format!("{PACK} --embed-deps=all -o all.zip")).prints(
        str![[r#"
all.zip

"#]],
        str![[r#"
      Read ../commands.json
    Cached one, 3 bytes
    Cached plugin, 10 bytes
Downloaded far from http://127.0.0.1:[PORT]/files/far.tgz, 3 bytes
warning: module.yaml names another bundle of hello too: [ROOT]/x.zip
   hint: remove it, unless the image shall have both
    Packed hello 1.2.3: 3 commands, 3 dependencies

"#]],
    );
    assert_eq!(read_entry(&sandbox.path("all.zip"), "deps/far.tgz"), b"far");
    // The server writes its log at its leisure.
    eventually(|| sandbox.read("web/log").lines().count() == 4);
    assert_eq!(
        sandbox.read("web/log"),
        "/files/one.bin 200 3\n/elsewhere/plugin.1.2.tgz 301 0\n/files/plugin.1.2.tgz 200 10\n/files/far.tgz 200 3\n"
    );
}

fn a_real_server_gives_the_rest() {
    let mut sandbox = sample();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.write("srv/p.tgz", "p".repeat(1000));
    let content = "p".repeat(1000).into_bytes();
    let url = format!("{}/elsewhere/p.tgz", web.url);
    needs(&sandbox, &format!("dependencies: {{p: {}}}", dependency(&sandbox, &url, &content)));
    let partial = format!("../home/.cache/rampkit/partial/{}", digest(&sandbox, &content));
    sandbox.write(partial, &content[..400]);
    sandbox.ok(&format!("{PACK} --embed-deps -o x.zip"));
    assert_eq!(read_entry(&sandbox.path("x.zip"), "deps/p.tgz"), content);
    eventually(|| sandbox.read("web/log").lines().count() == 2);
    assert_eq!(sandbox.read("web/log"), "/elsewhere/p.tgz 301 0\n/files/p.tgz 206 600\n");
}

fn over_tls() {
    let mut sandbox = sample();
    let web = Lighttpd::https(&mut sandbox);
    sandbox.write("srv/p.tgz", "p");
    let need = |path: &str| {
        let p = dependency(&sandbox, &format!("{}/{path}", web.url), b"p");
        needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    };
    need("files/p.tgz");
    harmless(&sandbox, &format!("{PACK} --embed-deps")).fails(4, str![[r#"
error: cannot get dependency p
caused by: cannot speak to https://127.0.0.1:[PORT] by TLS
caused by: invalid peer certificate: UnknownIssuer
hint: where the host has a certificate of its own authority, name that with --cacert FILE.pem; else install ca-certificates

"#]]);
    harmless(&sandbox, &format!("{PACK} --embed-deps --cacert ramp.yml")).fails(
        2,
        str![[r#"
error: --cacert ramp.yml: it holds no certificate in PEM form

"#]],
    );
    let trusting = format!("{PACK} --embed-deps --cacert tls/ca.pem");
    sandbox.sh(&trusting).prints(
        str![[r#"
hello.Linux-[ARCH].1.2.3.zip

"#]],
        str![[r#"
      Read ../commands.json
Downloaded p from https://127.0.0.1:[PORT]/files/p.tgz, 1 bytes
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
    sandbox.ok("rm -r ../home/.cache");
    need("plain/p.tgz");
    harmless(&sandbox, &trusting).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: cannot follow https://127.0.0.1:[PORT]
caused by: it redirects from https to http
hint: see where the address leads, and name that place itself

"#]],
    );
}

fn through_a_proxy() {
    let mut sandbox = sample();
    let web = Lighttpd::https(&mut sandbox);
    sandbox.write("srv/p.tgz", "p");
    let p = dependency(&sandbox, &format!("{}/files/p.tgz", web.url), b"p");
    needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    let pack = format!("{PACK} --embed-deps --cacert tls/ca.pem");
    let proxy = Tinyproxy::start(&mut sandbox, None);
    harmless(&sandbox, &format!("HTTPS_PROXY=http://127.0.0.1:1 {pack}")).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: cannot reach https://127.0.0.1:[PORT] through the proxy
caused by: Connection refused (os error 111)
hint: check HTTPS_PROXY and its login, or list the host in NO_PROXY

"#]],
    );
    sandbox.ok(&format!("HTTPS_PROXY={} {pack}", proxy.url));
    assert_eq!(sandbox.read("proxy.log").matches("CONNECT 127.0.0.1").count(), 1);
}

/// It is used, it is shown nowhere but in the bundle, and a warning says that it is there.
fn a_login_in_a_url() {
    let mut sandbox = sample();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.write("srv/p.tgz", "p");
    let need = |login: &str, path: &str| {
        let url = format!("{}/{path}?token=sesame", web.url.replace("//", &format!("//{login}@")));
        let p = dependency(&sandbox, &url, b"p");
        needs(&sandbox, &format!("dependencies: {{p: {p}}}"));
    };
    need("ann:wrong%20sesame", "private/p.tgz");
    harmless(&sandbox, &format!("{PACK} --embed-deps")).fails(
        4,
        str![[r#"
error: cannot get dependency p
caused by: http://127.0.0.1:[PORT]/private/p.tgz?... does not let us in
caused by: HTTP 401 Unauthorized
hint: download it yourself, and give it with --dep NAME=FILE

"#]],
    );
    need("ann:open%20sesame", "private/none.tgz");
    harmless(&sandbox, &format!("{PACK} --embed-deps")).fails(5, str![[r#"
error: cannot get dependency p
caused by: there is no file at http://127.0.0.1:[PORT]/private/none.tgz?...
caused by: HTTP 404 Not Found
hint: check the url; a private file looks the same to who may not read it: download that yourself, and give it with --dep NAME=FILE

"#]]);
    need("ann:open%20sesame", "private/p.tgz");
    sandbox
        .sh(&format!("{PACK} --embed-deps --dry-run | grep -e deps -e sesame"))
        .prints(str![[r#"
    download  deps/p.tgz  from http://127.0.0.1:[PORT]/private/p.tgz?...
  dependencies               manifest      {"p":{"sha256":"[HEX]","url":"http://127.0.0.1:[PORT]/private/p.tgz?token=sesame"}}

"#]], str![[r#"
      Read ../commands.json
warning: dependency p: its url holds a login, and whoever has the bundle has it too
   hint: leave it out, and give the file with --dep
Would pack hello 1.2.3: 3 commands, 1 dependency

"#]]);
    sandbox.sh(&format!("{PACK} --embed-deps -o x.zip")).prints(
        str![[r#"
x.zip

"#]],
        str![[r#"
      Read ../commands.json
Downloaded p from http://127.0.0.1:[PORT]/private/p.tgz?..., 1 bytes
warning: dependency p: its url holds a login, and whoever has the bundle has it too
   hint: leave it out, and give the file with --dep
    Packed hello 1.2.3: 3 commands, 1 dependency

"#]],
    );
}

fn a_dry_run_downloads_nothing() {
    let mut sandbox = sample();
    let web = Lighttpd::http(&mut sandbox);
    sandbox.write("srv/p.tgz", "p");
    sandbox.write("srv/q.tgz", "q");
    let [p, q] = ["p", "q"].map(|name| {
        dependency(&sandbox, &format!("{}/files/{name}.tgz", web.url), name.as_bytes())
    });
    needs(&sandbox, &format!("dependencies: {{p: {p}, q: {q}}}"));
    let dry = format!("{PACK} --embed-deps --dry-run");
    let run = harmless(&sandbox, &dry);
    snapbox::assert_data_eq!(
        run.stderr,
        str![[r#"
      Read ../commands.json
Would pack hello 1.2.3: 3 commands, 2 dependencies

"#]]
    );
    let plan: Vec<&str> = run.stdout.lines().collect();
    snapbox::assert_data_eq!(
        plan[3..5].join("\n"),
        str![[r#"
    download  deps/p.tgz  from http://127.0.0.1:[PORT]/files/p.tgz
    download  deps/q.tgz  from http://127.0.0.1:[PORT]/files/q.tgz
"#]]
    );
    snapbox::assert_data_eq!(
        plan[plan.len() - 1],
        str!["the bundle's sha256, and so module.yaml, are known when it has all of it"]
    );
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.ok(&format!("{dry} --json"))).unwrap();
    assert_eq!((&json["sha256"], &json["module_yaml"]), (&().into(), &().into()));
    assert_eq!(sandbox.read("web/log"), "");
    // What the cache has is no secret any more.
    sandbox.ok(&format!("{PACK} --embed-deps -o x.zip --no-module-yaml"));
    let planned = sandbox.ok(&format!("{dry} --json -o x.zip"));
    let json: serde_json::Value = serde_json::from_str(&planned).unwrap();
    assert_eq!(json["sha256"], sandbox.ok("sha256sum < x.zip | cut -d' ' -f1"));
}
