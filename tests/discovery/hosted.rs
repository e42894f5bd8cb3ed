//! Every way in which a module that runs to its end is refused where no server loads it, and those in
//! which it tries in vain.

use snapbox::str;

use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(a_module_that_refuses),
        test!(a_module_that_prints_why),
        test!(a_flag_that_is_none),
        test!(a_module_without_a_name),
        test!(configurations_that_nobody_loads),
        test!(a_setter_that_refuses),
        test!(a_function_that_nobody_has),
        test!(a_variable_that_nobody_has),
        test!(a_module_for_valkey),
        test!(functions_of_the_api_that_are_only_declared),
        test!(modules_that_try_in_vain),
        test!(lists_whose_entries_have_no_length),
        test!(a_module_that_is_not_executable),
        test!(a_module_without_its_library),
        test!(a_library_that_is_too_old),
        test!(files_that_are_used_up),
        test!(refusals_without_number),
        test!(a_library_that_servers_have_and_a_function_of_theirs),
        test!(a_string_appended_to_itself),
    ]
}

fn a_module_that_refuses() {
    let sandbox = sandbox();
    sandbox.module("refuse");
    run(&sandbox, "rampkit commands --discovery embedded refuse.so").fails(8, str![[r#"
error: [ROOT]/refuse.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  | <refuse> cannot open the dictionary: no such file
  last call of the module API: Log
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_that_prints_why() {
    let sandbox = sandbox();
    sandbox.module("prints_and_refuses");
    run(&sandbox, "rampkit commands --discovery embedded prints_and_refuses.so").fails(8, str![[r#"
error: [ROOT]/prints_and_refuses.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  | no GPU: giving up
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_flag_that_is_none() {
    let sandbox = sandbox();
    sandbox.module("bad_flag");
    run(&sandbox, "rampkit commands --discovery embedded bad_flag.so").fails(8, str![[r#"
error: [ROOT]/bad_flag.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  refused: the command "bad_flag.second": unknown flag "quick"
  last call of the module API: CreateCommand
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_without_a_name() {
    let sandbox = sandbox();
    sandbox.module("no_init");
    run(&sandbox, "rampkit commands --discovery embedded no_init.so").fails(8, str![[r#"
error: [ROOT]/no_init.so does not load (imitating Redis 7.4.11): its OnLoad never told its name (RedisModule_Init)
hint: no server loads such a module; mend its OnLoad

"#]]);
}

fn configurations_that_nobody_loads() {
    let sandbox = sandbox();
    sandbox.module("configs_not_loaded");
    run(&sandbox, "rampkit commands --discovery embedded configs_not_loaded.so").fails(8, str![[r#"
error: [ROOT]/configs_not_loaded.so does not load (imitating Redis 7.4.11): it registered configurations and never called RedisModule_LoadConfigs
  last call of the module API: CreateCommand
hint: no server loads such a module; call it at the end of OnLoad

"#]]);
}

fn a_setter_that_refuses() {
    let sandbox = sandbox();
    sandbox.module("config_refused");
    run(&sandbox, "rampkit commands --discovery embedded config_refused.so").fails(8, str![[r#"
error: [ROOT]/config_refused.so does not load (imitating Redis 7.4.11): its OnLoad returned an error
  refused: the default of "gpu": the module's own setter refused it
  last call of the module API: CreateCommand
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_function_that_nobody_has() {
    let sandbox = sandbox();
    sandbox.module("undefined_function");
    run(&sandbox, "rampkit commands --discovery embedded undefined_function.so").fails(8, str![[r#"
error: [ROOT]/undefined_function.so does not load (imitating Redis 7.4.11): it needs symbols that nobody has: frobnicate_the_index
hint: link it with the library that has what is missing; a redis-server may load it: --discovery server --redis-server PATH

"#]]);
}

fn a_variable_that_nobody_has() {
    let sandbox = sandbox();
    sandbox.module("undefined_data");
    run(&sandbox, "rampkit commands --discovery embedded undefined_data.so").fails(8, str![[r#"
error: [ROOT]/undefined_data.so does not load (imitating Redis 7.4.11): the dynamic linker says undefined symbol: index_of_everything
hint: link it with the library that has what is missing; a redis-server may load it: --discovery server --redis-server PATH

"#]]);
}

/// Nothing but a Valkey loads it, under names of its own.
fn a_module_for_valkey() {
    let sandbox = sandbox();
    let hello = concat!(env!("CARGO_MANIFEST_DIR"), "/modules/hello");
    sandbox.ok(&format!(
        "sed 's/RedisModule_/ValkeyModule_/' {hello}/api.h > api.h; \
         sed 's/RedisModule_/ValkeyModule_/' {hello}/hello.c > hello.c; \
         cc -shared -fPIC -o hello.so hello.c"
    ));
    let commands = "rampkit commands --discovery embedded hello.so";
    run(&sandbox, commands).fails(8, str![[r#"
error: [ROOT]/hello.so does not load (imitating Redis 7.4.11): it has no RedisModule_OnLoad, only Valkey's
hint: it is a module for Valkey: --redis-version valkey-9.1 imitates one

"#]]);
    let valkey = run(&sandbox, &format!("{commands} --redis-version valkey-9.1"));
    assert_eq!(valkey.stdout.lines().count(), 1 + 3, "{}", valkey.stderr);
    run(&sandbox, "rampkit pack hello.so --redis-version valkey-9.1").fails(
        7,
        str![[r#"
error: hello.so is no Redis module: it exports ValkeyModule_OnLoad, but not RedisModule_OnLoad
hint: this is a module for Valkey alone; Redis Enterprise calls RedisModule_OnLoad

"#]],
    );
}

fn functions_of_the_api_that_are_only_declared() {
    let sandbox = sandbox();
    let source = "extern int (*RedisModule_CreateCommand)(void *);\n\
        int RedisModule_OnLoad(void *ctx) { return RedisModule_CreateCommand(ctx); }\n";
    sandbox.write("declared.c", source);
    sandbox.ok("cc -shared -fPIC -o declared.so declared.c");
    run(&sandbox, "rampkit commands --discovery embedded declared.so").fails(8, str![[r#"
error: [ROOT]/declared.so does not load (imitating Redis 7.4.11): the dynamic linker says undefined symbol: RedisModule_CreateCommand
hint: #define REDISMODULE_MAIN in one of its files before redismodule.h is included

"#]]);
}

fn lists_whose_entries_have_no_length() {
    let sandbox = sandbox();
    let what = "static KeySpec specs[1] = {{.flags = RO, .begin = BEGIN_INDEX}};\n\
        static Argument arguments[1] = {{.name = \"x\", .type = 8, .arguments = arguments}};\n\
        static InfoVersion version = {1, 0, 0, 0};\n\
        CommandInfo info = {.version = &version, .key_specs = specs, .arguments = arguments};\n\
        CreateCommand(ctx, \"endless.command\", it, \"\", 0, 0, 0);\n\
        SetCommandInfo(GetCommand(ctx, \"endless.command\"), &info);";
    sandbox.module_that("endless", what);
    let run = run(&sandbox, "rampkit commands --discovery embedded endless.so");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// Threads without number, closed files, a flood of words, a look at stdin, functions of a server that
/// are only named, a library that servers have, a symbol that need not be there.
fn modules_that_try_in_vain() {
    let sandbox = sandbox();
    for (module, command) in [
        ("thread_bomb", "thread_bomb.done"),
        ("closes_files", "closes_files.done"),
        ("floods", "floods.done"),
        ("reads_stdin", "read.0"),
        ("server_symbol", "server_symbol.done"),
        ("needs_libm", "log2.3"),
        ("undefined_weak", "weak.absent"),
    ] {
        sandbox.module(module);
        let line = format!("echo unread | rampkit commands --discovery embedded {module}.so");
        let run = run(&sandbox, &line);
        let row = run.stdout.lines().nth(1).unwrap_or_default();
        assert_eq!(row.split(' ').next(), Some(command), "{}", run.stderr);
    }
}

fn a_module_that_is_not_executable() {
    let sandbox = sandbox();
    sandbox.module("hello");
    sandbox.ok("chmod -x hello.so");
    let line = "rampkit commands --discovery embedded hello.so";
    run(&sandbox, line).fails(
        8,
        str![[r#"
error: [ROOT]/hello.so is not executable, and Redis 7.4.11 loads no such module
hint: chmod +x [ROOT]/hello.so

"#]],
    );
    // Old servers do not care.
    let old = run(&sandbox, &format!("{line} --redis-version 5.0"));
    assert_eq!(old.stdout.lines().count(), 1 + 3, "{}", old.stderr);
}

/// With its folder on LD_LIBRARY_PATH the library is found.
fn a_module_without_its_library() {
    let mut sandbox = sandbox();
    super::modules::needs_a_library(&sandbox);
    let line = "rampkit commands --discovery embedded needs.so";
    run(&sandbox, line).fails(8, str![[r#"
error: [ROOT]/needs.so does not load (imitating Redis 7.4.11): the dynamic linker says libgreeting.so.2: cannot open shared object file: No such file or directory
hint: install the package that has libgreeting.so.2, or put the absolute path of its folder on LD_LIBRARY_PATH

"#]]);
    let lib = sandbox.path("lib");
    sandbox.env("LD_LIBRARY_PATH", lib.to_str().unwrap());
    assert_eq!(run(&sandbox, line).code, 0);
}

/// As on a machine with an older C library than the module was built with.
fn a_library_that_is_too_old() {
    let sandbox = sandbox();
    super::modules::needs_a_newer_library(&sandbox);
    run(&sandbox, "rampkit commands --discovery embedded needs.so").fails(8, str![[r#"
error: [ROOT]/needs.so does not load (imitating Redis 7.4.11): the dynamic linker says [..]/libc.so.6: version `GLIBC_2.99' not found (required by [ROOT]/needs.so)
hint: it was built beside newer libraries than are here: load it where it was built; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn files_that_are_used_up() {
    let sandbox = sandbox();
    sandbox.module_that("takes_files", "extern int dup(int); while (dup(0) >= 0);");
    let line = "ulimit -n 64; rampkit commands --discovery embedded takes_files.so";
    let all = run(&sandbox, line);
    assert_eq!((all.stdout.lines().count(), all.stderr.lines().count()), (1 + 1, 1));
    // Then not even a doubt can be told, which is one.
    sandbox.module_that(
        "takes_all_files",
        "extern int dup(int); while (dup(0) >= 0); void *none = GetSharedAPI(ctx, \"x\");",
    );
    let line = "ulimit -n 64; rampkit commands --discovery embedded takes_all_files.so";
    let lost = run(&sandbox, line);
    assert!(lost.stderr.contains("a note of what it did was lost"), "{}", lost.stderr);
    assert_eq!(lost.stdout.lines().count(), 1 + 1);
}

/// Few of them are shown, and not the same one twice.
fn refusals_without_number() {
    let sandbox = sandbox();
    sandbox.module_that(
        "refused",
        "for (int i = 0; i < 20000; i++) {
            char name[20];
            snprintf(name, sizeof name, \"a %d\", i % 100);
            CreateCommand(ctx, name, it, \"\", 0, 0, 0);
        }
        return ERR;",
    );
    let run = run(&sandbox, "rampkit commands --discovery embedded refused.so");
    assert_eq!(run.stderr.matches("\n  refused: the command").count(), 20, "{}", run.stderr);
    assert!(run.stderr.contains("\"a 99\""), "{}", run.stderr);
}

fn a_library_that_servers_have_and_a_function_of_theirs() {
    let sandbox = sandbox();
    sandbox.module_that(
        "both",
        "extern double log2(double);
         extern char *sdsnew(const char *);
         volatile double one = 1;
         if (log2(one) != 0) sdsnew(\"text\");",
    );
    assert_eq!(run(&sandbox, "rampkit commands --discovery embedded both.so").code, 0);
}

fn a_string_appended_to_itself() {
    let sandbox = sandbox();
    sandbox.module_that(
        "appends",
        "String *text = CreateString(ctx, \"ab\", 2);
         for (int i = 0; i < 3; i++) {
             size_t length;
             const char *bytes = StringPtrLen(text, &length);
             StringAppendBuffer(ctx, text, bytes, length);
         }
         answer(ctx, \"%s\", StringPtrLen(text, NULL));",
    );
    let run = run(&sandbox, "rampkit commands --discovery embedded appends.so");
    assert!(run.stdout.contains(&"ab".repeat(8)), "{}{}", run.stdout, run.stderr);
}
