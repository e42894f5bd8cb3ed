//! What an upgrade changes, each kind of change, and whether it can break those who use the old one.

use libtest_mimic::Trial;
use serde_json::{Map, Value, json};
use snapbox::str;

use super::{changed, differs};
use crate::harness::Peer;
use crate::inspect::{by_hand, packed, said};
use crate::pack::sample;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(an_upgrade),
        test!(an_upgrade_as_json),
        test!(each_change_by_itself),
        test!(the_module_itself),
        test!(what_the_module_asks_of_its_node),
        test!(dependencies),
        test!(a_module_json_that_says_nothing),
        test!(what_cannot_be_read_as_a_whole),
        test!(colours_are_ours),
        test!(what_cannot_be_compared),
        test!(a_bundle_of_the_reference_packer, RampPacker, RedisServer),
    ]
}

/// The next release of the sample.
fn upgrade(said: &mut Map<String, Value>) {
    said["version"] = json!(20000);
    said["semantic_version"] = json!("2.0.0");
    said["min_redis_version"] = json!("7.2");
    said["compatible_redis_version"] = json!("7.4");
    said["capabilities"] =
        json!(["types", "replica_of", "failover_migrate", "persistence_rdb", "asm"]);
    said["operating_systems"] = json!(["rhel9", "ubuntu22"]);
    said["commands"][0]["command_arity"] = json!(2);
    said["commands"][1]["flags"] = json!(["write", "denyoom", "module", "noscript"]);
    said["commands"][2] = json!({"command_name": "hello.mget", "command_arity": -2,
        "flags": ["readonly", "module"], "first_key": 1, "last_key": -1, "step": 1});
    said["description"] = json!("Says hello to many");
    said["email"] = json!("");
}

fn an_upgrade() {
    let sandbox = packed();
    changed(&sandbox, upgrade);
    differs(
        &sandbox.sh("rampkit diff old.zip new.zip"),
        str![[r#"
~ field        version                   10203 → 20000
~ field        semantic_version          1.2.3 → 2.0.0
- field        email                     ann@example.com
~ field        description               Says hello; a sample for packing → Says hello to many
~ requirement  min_redis_version         6.0 → 7.2  (breaking)
~ requirement  compatible_redis_version  7.2 → 7.4  (breaking)
- system       rhel8  (breaking)
+ system       rhel9
+ capability   asm
- capability   clustering  (breaking)
~ command      hello.get                 arity -1 → 2  (breaking)
+ command      hello.mget                arity -2, flags readonly module, keys 1 -1 1
~ command      hello.set                 flags write denyoom module → write denyoom module noscript  (breaking)
- command      hello.world               arity -1, flags readonly module fast, keys none  (breaking)
~ bundle       size                      [..]

"#]],
        str![[r#"
  Compared hello 1.2.3 with hello 2.0.0: 15 changes, 7 breaking

"#]],
    );
}

fn an_upgrade_as_json() {
    let sandbox = packed();
    changed(&sandbox, |said| {
        said["version"] = json!(20000);
        said["commands"][0]["flags"] = json!(["write"]);
        said["commands"].as_array_mut().unwrap().pop();
        said["capabilities"].as_array_mut().unwrap().push(json!("asm"));
    });
    differs(
        &sandbox.sh("rampkit diff --json old.zip new.zip"),
        str![[r#"
{
  "version": 1,
  "old": {
    "path": "old.zip",
    "kind": "bundle",
    "size": [..],
    "sha256": "[HEX]"
  },
  "new": {
    "path": "new.zip",
    "kind": "bundle",
    "size": [..],
    "sha256": "[HEX]"
  },
  "same": false,
  "breaking": true,
  "changes": [
    {
      "change": "changed",
      "subject": "field",
      "name": "version",
      "part": null,
      "old": 10203,
      "new": 20000,
      "breaking": false
    },
    {
      "change": "added",
      "subject": "capability",
      "name": "asm",
      "part": null,
      "old": null,
      "new": "asm",
      "breaking": false
    },
    {
      "change": "changed",
      "subject": "command",
      "name": "hello.get",
      "part": "flags",
      "old": [
        "readonly",
        "module"
      ],
      "new": [
        "write"
      ],
      "breaking": true
    },
    {
      "change": "removed",
      "subject": "command",
      "name": "hello.world",
      "part": null,
      "old": {
        "command_arity": -1,
        "first_key": 0,
        "flags": [
          "readonly",
          "module",
          "fast"
        ],
        "last_key": 0,
        "step": 0
      },
      "new": null,
      "breaking": true
    },
    {
      "change": "changed",
      "subject": "bundle",
      "name": "size",
      "part": null,
      "old": [..],
      "new": [..],
      "breaking": false
    }
  ]
}

"#]],
        str![[r#"
  Compared hello 1.2.3 with hello 1.2.3: 5 changes, 2 breaking

"#]],
    );
}

/// The line that tells of a change, and the change.
type Told = (&'static str, fn(&mut Map<String, Value>));

fn each_change_by_itself() {
    let told: &[Told] = &[
        ("~ field module_name hello → other (breaking)", |s| s["module_name"] = json!("other")),
        ("~ field author Ann Author → Bob", |s| s["author"] = json!("Bob")),
        ("- field author Ann Author", |s| drop(s.remove("author"))),
        ("+ field further 1", |s| drop(s.insert("further".into(), json!(1)))),
        ("~ field version 10203 → 10203.5", |s| s["version"] = json!(10203.5)),
        ("~ requirement min_redis_version 6.0 → 6.2 (breaking)", |s| {
            s["min_redis_version"] = json!("6.2");
        }),
        ("~ requirement min_redis_version 6.0 → 5.0", |s| s["min_redis_version"] = json!("5.0")),
        ("- requirement min_redis_pack_version 6.0", |s| drop(s.remove("min_redis_pack_version"))),
        ("~ requirement compatible_redis_version 7.2 → 7.0 (breaking)", |s| {
            s["compatible_redis_version"] = json!("7.0");
        }),
        ("- system rhel8 (breaking)", |s| s["operating_systems"] = json!(["ubuntu22"])),
        ("+ system rhel9", |s| s["operating_systems"] = json!(["ubuntu22", "rhel8", "rhel9"])),
        ("+ capability asm", |s| s["capabilities"].as_array_mut().unwrap().push(json!("asm"))),
        ("- capability clustering (breaking)", |s| {
            s["capabilities"].as_array_mut().unwrap().pop();
        }),
        ("~ command hello.get arity -1 → -2 (breaking)", |s| {
            s["commands"][0]["command_arity"] = json!(-2);
        }),
        ("~ command hello.get arity -1 → nothing (breaking)", |s| {
            s["commands"][0].as_object_mut().unwrap().remove("command_arity");
        }),
        ("~ command hello.get first_key 1 → 2", |s| s["commands"][0]["first_key"] = json!(2)),
        ("~ command hello.get last_key 1 → -1", |s| s["commands"][0]["last_key"] = json!(-1)),
        ("~ command hello.get step 1 → -2", |s| s["commands"][0]["step"] = json!(-2)),
        ("~ command hello.get flags readonly module → readonly module fast", |s| {
            s["commands"][0]["flags"] = json!(["readonly", "module", "fast"]);
        }),
        ("~ command hello.get flags readonly module → module (breaking)", |s| {
            s["commands"][0]["flags"] = json!(["module"]);
        }),
        ("- command hello.get arity -1, flags readonly module, keys 1 1 1 (breaking)", |s| {
            s["commands"].as_array_mut().unwrap().remove(0);
        }),
        ("+ command hello.get arity -1, flags readonly module, keys 1 1 1", |s| {
            let again = s["commands"][0].clone();
            s["commands"].as_array_mut().unwrap().push(again);
        }),
    ];
    let sandbox = packed();
    by_hand(&sandbox, "old.zip", &said(&sandbox).into(), &[]);
    for (line, change) in told {
        changed(&sandbox, change);
        let shown = sandbox.sh("rampkit diff old.zip new.zip");
        let lines: Vec<String> = shown
            .stdout
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.starts_with("~ bundle size"))
            .collect();
        assert_eq!((lines, shown.code), (vec![(*line).to_owned()], 1));
    }
}

fn the_module_itself() {
    let sandbox = packed();
    // Other bytes behind its end: the same module for whoever loads it.
    sandbox
        .ok("printf 0123456789 >>hello.so && rampkit pack --commands ../commands.json -o new.zip");
    differs(
        &sandbox.sh("rampkit diff old.zip new.zip"),
        str![[r#"
~ module  sha256  [..]… → [..]…
~ module  size    [..]
~ bundle  size    [..]

"#]],
        str![[r#"
  Compared hello 1.2.3 with hello 1.2.3: 3 changes

"#]],
    );
    // What module.json says of it is compared with nothing else.
    sandbox.ok("cp old.zip new.zip");
    let mut lies = said(&sandbox);
    lies["sha256"] = json!("0".repeat(64));
    lies["architecture"] = json!("sparc");
    sandbox.ok("head -c -10 hello.so >cut && mv cut hello.so");
    by_hand(&sandbox, "new.zip", &lies.into(), &[]);
    differs(
        &sandbox.sh("rampkit diff old.zip new.zip"),
        str![[r#"
~ field   architecture  [ARCH] → sparc
~ field   sha256        [..]… → 000000000000…
~ bundle  size          [..]

"#]],
        str![[r#"
  Compared hello 1.2.3 with hello 1.2.3: 3 changes

"#]],
    );
}

fn what_the_module_asks_of_its_node() {
    let sandbox = packed();
    let root = env!("CARGO_MANIFEST_DIR");
    // As libm.so.6 is on every node, and libfoo.so.1 is not.
    sandbox.ok("cc -shared -Wl,-soname,libfoo.so.1 -o libfoo.so -x c /dev/null");
    sandbox.ok("echo 'double pow(double, double), (*p)(double, double) = pow;' >pow.c");
    sandbox.ok(&format!(
        "cc -shared -fPIC -g -z execstack -Wl,-rpath,'$ORIGIN/a:$ORIGIN/b' -Wl,--no-as-needed \
         -I{root}/modules/hello -o hello.so {root}/modules/hello/hello.c pow.c -L. -lm -lfoo"
    ));
    sandbox.ok("rampkit pack --commands ../commands.json -o new.zip hello.so");
    let words = "run_path|stack|debug|GLIBC |libfoo|libm";
    let run =
        sandbox.sh(&format!("rampkit diff -q old.zip new.zip | grep -E '{words}' | tr -s ' '"));
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r#"
+ module run_path $ORIGIN/a:$ORIGIN/b
+ module executable_stack true (breaking)
~ module debug_sections 0 → [..]
[..] symbols GLIBC [..] (breaking)
+ library libfoo.so.1 (breaking)
+ library libm.so.6

"#]]
    );
    let run =
        sandbox.sh(&format!("rampkit diff -q new.zip old.zip | grep -E '{words}' | tr -s ' '"));
    snapbox::assert_data_eq!(
        run.stdout,
        str![[r#"
- module run_path $ORIGIN/a:$ORIGIN/b
- module executable_stack true
~ module debug_sections [..] → 0
[..] symbols GLIBC [..]
- library libfoo.so.1
- library libm.so.6

"#]]
    );
}

fn dependencies() {
    let sandbox = packed();
    // The digests of "good" and "evil".
    let good = "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c";
    let evil = "b5c1fb2efc6d6b4674c2fdcc48ce01b43a3b7c03763c0c3355de0099ee0f8c73";
    let with = |name: &str, dependencies: Value, further: &[(&str, &str)]| {
        let mut said = said(&sandbox);
        said["dependencies"] = dependencies;
        by_hand(&sandbox, name, &said.into(), further);
    };
    let of = |file: &str, sha256: &str| json!({"url": format!("https://example.com/{file}"), "sha256": sha256});
    with(
        "before.zip",
        json!({"gone": of("g.tgz", good), "moved": of("m.1.tgz", good), "left": of("l.tgz", good),
            "swapped": of("s.tgz", good)}),
        &[
            ("deps/m.1.tgz", "good"),
            ("deps/l.tgz", "good"),
            ("deps/s.tgz", "good"),
            ("old.txt", "x"),
        ],
    );
    with(
        "after.zip",
        json!({"come": of("c.tgz", good), "moved": of("m.2.tgz", evil), "left": of("l.tgz", good),
            "swapped": of("s.tgz", good), "beside": of("b.tgz", good)}),
        &[
            ("deps/m.2.tgz", "evil"),
            ("deps/s.tgz", "evil"),
            ("deps/b.tgz", "good"),
            ("new.txt", "x"),
        ],
    );
    differs(
        &sandbox.sh("rampkit diff before.zip after.zip"),
        str![[r#"
+ dependency  beside   entry deps/b.tgz, sha256 770e607624d6…, url https://example.com/b.tgz
+ dependency  come     sha256 770e607624d6…, url https://example.com/c.tgz  (breaking)
- dependency  gone     sha256 770e607624d6…, url https://example.com/g.tgz
~ dependency  left     entry deps/l.tgz → nothing  (breaking)
~ dependency  moved    entry deps/m.1.tgz → deps/m.2.tgz
~ dependency  moved    sha256 770e607624d6… → b5c1fb2efc6d…
~ dependency  moved    url https://example.com/m.1.tgz → https://example.com/m.2.tgz
~ dependency  swapped  found_sha256 nothing → b5c1fb2efc6d…
+ entry       new.txt  sha256 2d711642b726…, size 1
- entry       old.txt  sha256 2d711642b726…, size 1
~ bundle      size     [..]

"#]],
        str![[r#"
  Compared hello 1.2.3 with hello 1.2.3: 11 changes, 2 breaking

"#]],
    );
}

fn a_module_json_that_says_nothing() {
    let sandbox = packed();
    by_hand(&sandbox, "old.zip", &json!("one"), &[]);
    by_hand(&sandbox, "new.zip", &json!("two"), &[]);
    differs(
        &sandbox.sh("rampkit diff old.zip new.zip"),
        str![[r#"
~ entry  module.json  sha256 49e9fcfb5617… → b85d38dc71a8…

"#]],
        str![[r#"
warning: old.zip cannot be read as a whole, and what is not read counts as missing
   hint: rampkit validate old.zip says why
warning: new.zip cannot be read as a whole, and what is not read counts as missing
   hint: rampkit validate new.zip says why
  Compared a module without a name with a module without a name: 1 change

"#]],
    );
}

/// What is damaged would look like something that is gone.
fn what_cannot_be_read_as_a_whole() {
    let sandbox = packed();
    sandbox.ok(
        "cp old.zip new.zip && printf X | dd of=new.zip bs=1 seek=200 conv=notrunc 2>/dev/null",
    );
    differs(
        &sandbox.sh("rampkit diff old.zip new.zip"),
        str![[r#"
- module  architecture  [ARCH]  (breaking)
- module  sha256        [..]…

"#]],
        str![[r#"
warning: new.zip cannot be read as a whole, and what is not read counts as missing
   hint: rampkit validate new.zip says why
  Compared hello 1.2.3 with hello 1.2.3: 2 changes, 1 breaking

"#]],
    );
    sandbox.sh("rampkit diff old.zip new.zip --deny-warnings").fails(
        10,
        str![[r#"
warning: new.zip cannot be read as a whole, and what is not read counts as missing
   hint: rampkit validate new.zip says why
error: there were warnings, and --deny-warnings was given
hint: mend what they name, or leave --deny-warnings out; nothing was written

"#]],
    );
}

fn colours_are_ours() {
    let sandbox = packed();
    changed(&sandbox, |said| {
        said["author"] = json!("\x1b[5mBob");
        said["capabilities"] = json!(["types", "asm"]);
    });
    let shown = sandbox.sh("CLICOLOR_FORCE=1 rampkit diff -q old.zip new.zip");
    let shown = shown.stdout.replace('\x1b', "^[");
    snapbox::assert_data_eq!(
        shown,
        str![[r#"
^[[33m~ field       author            Ann Author → /u{1b}[5mBob^[[0m
^[[32m+ capability  asm^[[0m
^[[31m- capability  clustering^[[0m  ^[[1m^[[31m(breaking)^[[0m
^[[31m- capability  failover_migrate^[[0m  ^[[1m^[[31m(breaking)^[[0m
^[[31m- capability  persistence_rdb^[[0m  ^[[1m^[[31m(breaking)^[[0m
^[[31m- capability  replica_of^[[0m  ^[[1m^[[31m(breaking)^[[0m
^[[33m~ bundle      size              [..] → [..]^[[0m

"#]]
    );
}

fn what_cannot_be_compared() {
    let sandbox = packed();
    sandbox.write("text", "no zip");
    sandbox.sh("rampkit diff old.zip text").fails(
        7,
        str![[r#"
error: text is neither a bundle nor a module: it is a text
hint: name a bundle, or a module's .so

"#]],
    );
    sandbox.sh("rampkit diff none.zip old.zip").fails(
        3,
        str![[r#"
error: cannot read none.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
    assert_eq!(sandbox.sh("rampkit diff old.zip").code, 2);
}

fn a_bundle_of_the_reference_packer() {
    let sandbox = sample();
    let packer = Peer::RampPacker.found().with_file_name("ramp");
    sandbox.ok(&format!("'{}' pack -m ramp.yml -o theirs.zip hello.so", packer.display()));
    sandbox.ok("rampkit pack -o ours.zip --no-module-yaml");
    let run = sandbox.sh("rampkit diff theirs.zip ours.zip");
    assert_eq!((run.stdout.as_str(), run.code), ("", 0), "{}", run.stderr);
}
