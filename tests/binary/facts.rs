//! Facts of libraries that were built to have them.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use rampkit::elf::{BinaryFacts, ElfFacts, RequiredVersion, RunPath};

use super::{build, facts};
use crate::harness::Sandbox;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_plain_library),
        test!(versions_and_the_symbols_that_want_them),
        test!(run_paths_of_both_kinds),
        test!(stacks),
        test!(text_relocations),
        test!(static_thread_local_variables),
        test!(debug_sections),
        test!(without_sections),
        test!(control_characters_in_names),
        test!(no_library_at_all),
        test!(exports_are_found_by_either_hash_table),
        test!(facts_are_json),
    ]
}

const SOURCE: &str = "int puts(const char *);\nint f(void) { return puts(\"f\"); }\n";

fn a_plain_library() {
    let sandbox = Sandbox::new();
    let flags = ["-Wl,-soname,mine.so.1", "-Wl,--build-id=0xc0ffee", "-s"];
    let library = build(&sandbox, "plain", SOURCE, &flags);
    let facts = facts(&library);
    assert_eq!(facts.size, fs::metadata(library).unwrap().len());
    assert_eq!(facts.needed, ["libc.so.6"]);
    assert_eq!(facts.soname.as_deref(), Some("mine.so.1"));
    assert_eq!(facts.build_id.as_deref(), Some("c0ffee"));
    assert_eq!(facts.run_path, None);
    assert_eq!(facts.strippable.total(), 0);
    assert_eq!(facts.static_tls, None);
    assert!(!facts.executable_stack && !facts.text_relocations);
    let [compiler] = &facts.compilers[..] else { panic!("{:?}", facts.compilers) };
    assert!(compiler.contains("GCC") || compiler.contains("clang"), "{compiler}");
}

/// A library with two versions, of which the older one has the longer number.
fn versions_and_the_symbols_that_want_them() {
    let sandbox = Sandbox::new();
    sandbox.write("map", "OWN_1.9 { global: a; b; c; d; };\nOWN_1.10 { global: e; f; } OWN_1.9;\n");
    let own = "int a, b, c, d;\nint e(void) { return 1; }\nint f(void) { return 2; }\n";
    build(&sandbox, "libown", own, &["-Wl,--version-script=map", "-Wl,-soname,libown.so"]);
    let user = "extern int a, b, c, d; int e(void); int f(void) __attribute__((weak));\n\
                int it(void) { return a + b + c + d + e() + f(); }\n";
    let library = build(&sandbox, "user", user, &["-L.", "-lown"]);
    let facts = facts(&library);
    assert_eq!(facts.needed[0], "libown.so");
    let own = facts.versions.iter().filter(|it| it.library == "libown.so").collect::<Vec<_>>();
    let [old, new] = own[..] else { panic!("{own:?}") };
    assert_eq!((old.version.as_str(), old.count, old.symbols.len()), ("OWN_1.9", 4, 3));
    assert!(old.symbols.iter().all(|symbol| ["a", "b", "c", "d"].contains(&symbol.as_str())));
    assert_eq!((new.version.as_str(), new.count), ("OWN_1.10", 2));
    assert_eq!(facts.highest("OWN").map(|it| it.version.as_str()), Some("OWN_1.10"));
    assert!(new.is_above("1.9") && !new.is_above("1.10") && !new.is_above("1.10.1"));
    assert_eq!(facts.highest("MINE"), None);
    assert_eq!(without_need(&library, "OWN_1.10").highest("OWN"), Some(old));
}

/// The facts of a library that can do without a version.
fn without_need(library: &Path, version: &str) -> BinaryFacts {
    let mut bytes = fs::read(library).unwrap();
    let hash = object::elf::hash(version.as_bytes()).to_le_bytes();
    let need = bytes.windows(4).position(|it| it == hash).expect("a needed version");
    bytes[need + 4] = 2; // VER_FLG_WEAK
    fs::write(library, bytes).unwrap();
    facts(library)
}

fn run_paths_of_both_kinds() {
    let sandbox = Sandbox::new();
    let folders = "$ORIGIN/deps:/home/ann/lib::lib";
    for (flag, tag) in [("--enable-new-dtags", "DT_RUNPATH"), ("--disable-new-dtags", "DT_RPATH")] {
        let flags = [format!("-Wl,-rpath,{folders}"), format!("-Wl,{flag}")];
        let library = build(&sandbox, "paths", SOURCE, &flags.each_ref().map(String::as_str));
        let folders = folders.split(':').map(str::to_owned).collect();
        assert_eq!(facts(&library).run_path, Some(RunPath { tag, folders }));
    }
}

fn stacks() {
    let sandbox = Sandbox::new();
    let stack = |flag| facts(&build(&sandbox, "stack", SOURCE, &[flag])).executable_stack;
    assert!(stack("-Wl,-z,execstack"));
    assert!(!stack("-Wl,-z,noexecstack"));
    let library = build(&sandbox, "stack", SOURCE, &[]);
    hide_segment(&library, 0x6474_e551);
    assert_eq!(facts(&library).executable_stack, cfg!(target_arch = "x86_64"));
}

/// Gives the segment of a kind one that nobody knows.
fn hide_segment(library: &Path, kind: u32) {
    let mut bytes = fs::read(library).unwrap();
    let mut headers = bytes[64..].chunks_exact_mut(56);
    let header = headers.find(|header| header[..4] == kind.to_le_bytes()).expect("a segment");
    header[..4].copy_from_slice(b"none");
    fs::write(library, bytes).unwrap();
}

fn text_relocations() {
    let sandbox = Sandbox::new();
    let source = "__asm__(\".text\\n.quad f\\n\");\nint f(void) { return 1; }\n";
    let library = build(&sandbox, "text", source, &["-Wl,-z,notext"]);
    assert!(facts(&library).text_relocations);
}

fn static_thread_local_variables() {
    let sandbox = Sandbox::new();
    let source = "__thread char own[200];\nchar *f(void) { return own; }\n";
    let library = build(&sandbox, "local", source, &["-ftls-model=initial-exec"]);
    assert_eq!(facts(&library).static_tls, Some(200));
    let library = build(&sandbox, "local", source, &[]);
    assert_eq!(facts(&library).static_tls, None);
}

fn debug_sections() {
    let sandbox = Sandbox::new();
    let debug = facts(&build(&sandbox, "debug", SOURCE, &["-g"])).strippable;
    assert!(debug.debug > 100 && debug.symbols > 100, "{debug:?}");
    let plain = facts(&build(&sandbox, "debug", SOURCE, &[])).strippable;
    assert!(plain.debug == 0 && plain.symbols > 100, "{plain:?}");
    let bare = facts(&build(&sandbox, "debug", SOURCE, &["-s"])).strippable;
    assert_eq!(bare.total(), 0);
}

/// A linker never looks at them.
fn without_sections() {
    let sandbox = Sandbox::new();
    let flags = ["-g", "-Wl,-rpath,/opt", "-Wl,--no-as-needed", "-lm"];
    let library = build(&sandbox, "bare", SOURCE, &flags);
    let whole = facts(&library);
    let mut bytes = fs::read(&library).unwrap();
    bytes[0x28..0x30].fill(0); // e_shoff
    bytes[0x3c..0x40].fill(0); // e_shnum, e_shstrndx
    fs::write(&library, bytes).unwrap();
    let bare = facts(&library);
    assert_eq!(bare.strippable.total(), 0);
    assert!(bare.compilers.is_empty() && !bare.needed.is_empty());
    let same =
        BinaryFacts { strippable: whole.strippable, compilers: whole.compilers.clone(), ..bare };
    assert_eq!(same, whole);
}

/// They would move the cursor of who reads a message.
fn control_characters_in_names() {
    let sandbox = Sandbox::new();
    let library = build(&sandbox, "esc", SOURCE, &["-Wl,-soname,a\u{1b}[2Jb"]);
    assert_eq!(facts(&library).soname.as_deref(), Some("a\u{fffd}[2Jb"));
}

fn no_library_at_all() {
    let sandbox = Sandbox::new();
    let fault = |bytes: &[u8]| {
        let path = sandbox.write("it.so", bytes);
        BinaryFacts::of(&fs::File::open(path).unwrap()).unwrap_err().to_string()
    };
    assert_eq!(fault(b""), "it is damaged (its header is cut off)");
    assert_eq!(fault(&[b'x'; 100]), "it is no ELF file of 64 bits");
    build(&sandbox, "whole", SOURCE, &[]);
    let whole = fs::read(sandbox.path("whole.so")).unwrap();
    assert_eq!(fault(&whole[..64]), "it is damaged (its segments cannot be read)");
    assert_eq!(fault(&whole[..1000]), "it is damaged (it ends before its segments do)");
    hide_segment(&sandbox.path("whole.so"), 2);
    let hidden = fs::read(sandbox.path("whole.so")).unwrap();
    assert_eq!(fault(&hidden), "it is damaged (it has no dynamic segment)");
}

/// As a server finds them; without sections too.
fn exports_are_found_by_either_hash_table() {
    let sandbox = Sandbox::new();
    let many: String = (0..2000).map(|n| format!("int f{n}(void) {{ return {n}; }}\n")).collect();
    for style in ["gnu", "sysv", "both"] {
        let flag = format!("-Wl,--hash-style={style}");
        for name in ["RedisModule_OnLoad", "ValkeyModule_OnLoad", "RedisModule_OnUnload"] {
            let source = format!("{many}int {name}(void) {{ return 0; }}\n");
            let library = build(&sandbox, "exports", &source, &[&flag]);
            let mut bytes = fs::read(&library).unwrap();
            bytes[0x28..0x30].fill(0); // e_shoff
            bytes[0x3c..0x40].fill(0); // e_shnum, e_shstrndx
            fs::write(&library, bytes).unwrap();
            let facts = ElfFacts::read(&library).ok().map(|facts| facts.for_valkey);
            let expected = match name {
                "RedisModule_OnLoad" => Some(false),
                "ValkeyModule_OnLoad" => Some(true),
                _ => None,
            };
            assert_eq!(facts, expected, "{style} {name}");
        }
    }
    // Wanted from others is not there.
    let source = "int RedisModule_OnLoad(void);\nint f(void) { return RedisModule_OnLoad(); }\n";
    assert!(ElfFacts::read(&build(&sandbox, "wants", source, &[])).is_err());
}

fn facts_are_json() {
    let version = RequiredVersion {
        library: "libc.so.6".to_owned(),
        version: "GLIBC_2.28".to_owned(),
        weak: false,
        count: 2,
        symbols: vec!["fcntl64".to_owned()],
    };
    let run_path = RunPath { tag: "DT_RUNPATH", folders: vec!["$ORIGIN".to_owned()] };
    let facts = BinaryFacts {
        needed: vec!["libc.so.6".to_owned()],
        versions: vec![version],
        run_path: Some(run_path),
        ..BinaryFacts::default()
    };
    snapbox::assert_data_eq!(
        serde_json::to_string_pretty(&facts).unwrap(),
        snapbox::str![[r#"
{
  "size": 0,
  "needed": [
    "libc.so.6"
  ],
  "versions": [
    {
      "library": "libc.so.6",
      "version": "GLIBC_2.28",
      "weak": false,
      "count": 2,
      "symbols": [
        "fcntl64"
      ]
    }
  ],
  "soname": null,
  "run_path": {
    "tag": "DT_RUNPATH",
    "folders": [
      "$ORIGIN"
    ]
  },
  "executable_stack": false,
  "text_relocations": false,
  "static_tls": null,
  "strippable": {
    "debug": 0,
    "symbols": 0
  },
  "build_id": null,
  "compilers": []
}
"#]]
    );
}
