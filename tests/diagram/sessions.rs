//! Sessions of `rampkit graph`.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::Sandbox;
use crate::pack::{PACK, sample};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(formats),
        test!(a_format_that_is_none),
        test!(what_somebody_else_wrote_stays),
        test!(options_of_dockerfile),
        test!(a_ring_is_not_drawn),
    ]
}

fn two() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("b.yaml", "name: b\nversion: '2.0'\nmodules: {install: [{name: a}]}\n");
    sandbox.write("a.yaml", "name: a\n");
    sandbox
}

fn formats() {
    let sandbox = two();
    sandbox.sh("rampkit graph b.yaml a.yaml").prints(str![[r##"
digraph modules {
  graph [labelloc=t, fontname="sans-serif", bgcolor=transparent];
  node [shape=box, style="rounded,filled", fontname="sans-serif", color="#64748b", fillcolor="#f8fafc"];
  edge [color="#64748b"];
  n1 [label="redis:latest", color="#334155", fillcolor="#334155", fontcolor="#ffffff"];
  n2 [label="1. a"];
  n3 [label="2. b/n2.0"];
  n1 -> n3;
  n3 -> n2;
}
// Made by rampkit graph

"##]], "");
    sandbox.sh("rampkit graph b.yaml a.yaml -o m.mmd && cat m.mmd").prints(
        str![[r#"
m.mmd
flowchart TB
  n1("redis:latest"):::target
  n2("1 · a")
  n3("2 · b<br/>2.0")
  n1 --> n3
  n3 --> n2
  classDef target fill:#334155,stroke:#334155,color:#ffffff
%% Made by rampkit graph

"#]],
        "",
    );
    sandbox.ok("rampkit graph b.yaml a.yaml -o m.svg && grep -q '^<svg ' m.svg");
    sandbox.ok("rampkit graph b.yaml a.yaml -o m.dot && grep -q '^digraph ' m.dot");
    sandbox.ok("rampkit graph b.yaml a.yaml -o m.svg --format dot && grep -q '^digraph ' m.svg");
}

fn a_format_that_is_none() {
    let sandbox = two();
    sandbox.sh("rampkit graph a.yaml -o m.png").fails(
        2,
        str![[r#"
error: no format is known by .png: name the file .svg, .dot or .mmd, or give --format

"#]],
    );
    assert_eq!(sandbox.list("."), ["a.yaml", "b.yaml"]);
}

fn what_somebody_else_wrote_stays() {
    let sandbox = two();
    sandbox.write("m.svg", "<svg/>\n");
    sandbox.sh("rampkit graph a.yaml -o m.svg").fails(
        9,
        str![[r#"
error: m.svg would be overwritten: it was not written by this command
hint: move it away to keep it, or overwrite it with --force

"#]],
    );
    assert_eq!(sandbox.read("m.svg"), "<svg/>\n");
    sandbox.ok("rampkit graph a.yaml -o m.svg --force && rampkit graph b.yaml a.yaml -o m.svg");
}

/// With them a command line is that of the Dockerfile, but for its verb.
fn options_of_dockerfile() {
    let sandbox = sample();
    sandbox.ok(PACK);
    sandbox.write("a.yaml", "name: a\n");
    let line = "rampkit graph a.yaml *.zip --baseimage me/redis:1 --module-image a me/a:1";
    sandbox.sh(line).prints(str![[r##"
digraph modules {
  graph [labelloc=t, fontname="sans-serif", bgcolor=transparent];
  node [shape=box, style="rounded,filled", fontname="sans-serif", color="#64748b", fillcolor="#f8fafc"];
  edge [color="#64748b"];
  n1 [label="me/redis:1", color="#334155", fillcolor="#334155", fontcolor="#ffffff"];
  n2 [label="1. a/nme/a:1"];
  n3 [label="2. hello/n1.2.3"];
  n1 -> n2;
  n1 -> n3;
}
// Made by rampkit graph

"##]], str![[r#"
warning: hello.Linux-[ARCH].1.2.3.zip: me/redis:1 is taken for an image of Redis Enterprise, which loads bundles
   hint: say --for enterprise, or --for server where modules are loaded

"#]]);
    sandbox.sh(&format!("{line} --for server >server")).prints("", "");
    sandbox.ok("grep me/redis:1 server && grep me/a:1 server");
}

fn a_ring_is_not_drawn() {
    let sandbox = two();
    sandbox.write("a.yaml", "name: a\nmodules: {install: [{name: b}]}\n");
    sandbox.sh("rampkit graph b.yaml a.yaml -o m.svg").fails(
        12,
        str![[r#"
error: modules ask for each other: b → a → b
hint: take one of these out of the other's modules.install

"#]],
    );
    assert_eq!(sandbox.list("."), ["a.yaml", "b.yaml"]);
}
