//! Every way in which a module makes its discovery fail where no server loads it, and those in which it
//! tries in vain.

use snapbox::str;

use crate::supervision::{run, sandbox};
use crate::test;

pub fn all() -> Vec<libtest_mimic::Trial> {
    vec![
        test!(a_module_that_crashes),
        test!(a_stack_without_end),
        test!(a_module_that_aborts),
        test!(a_crash_behind_a_call_that_others_are_made_of),
        test!(a_module_that_exits),
        test!(a_thread_that_exits),
        test!(a_module_that_hangs),
        test!(a_module_that_computes_without_end),
        test!(a_module_that_kills_its_group),
        test!(a_constructor_that_crashes),
        test!(a_function_that_the_version_lacks),
        test!(a_call_without_a_client),
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
        test!(an_exception_that_nobody_catches),
        test!(a_thread_that_crashes_while_the_linker_waits),
        test!(a_crash_of_a_copy),
        test!(files_that_are_used_up),
        test!(refusals_without_number),
        test!(a_library_that_servers_have_and_a_function_of_theirs),
        test!(an_imitation_that_fails),
        test!(a_string_appended_to_itself),
    ]
}

fn a_module_that_crashes() {
    let sandbox = sandbox();
    sandbox.module("crash");
    run(&sandbox, "rampkit commands --discovery embedded crash.so").fails(8, str![[r#"
error: [ROOT]/crash.so does not load (imitating Redis 7.4.11): it crashed in crash.so, RedisModule_OnLoad+0x[..] (signal 11, SIGSEGV)
  | <crash> about to build the index
  last call of the module API: Log
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_stack_without_end() {
    let sandbox = sandbox();
    sandbox.module("stack_overflow");
    run(&sandbox, "rampkit commands --discovery embedded stack_overflow.so").fails(8, str![[r#"
error: [ROOT]/stack_overflow.so does not load (imitating Redis 7.4.11): it crashed in stack_overflow.so (signal 11, SIGSEGV): its stack has no end
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_that_aborts() {
    let sandbox = sandbox();
    sandbox.module("abort");
    run(&sandbox, "rampkit commands --discovery embedded abort.so").fails(8, str![[r#"
error: [ROOT]/abort.so does not load (imitating Redis 7.4.11): it crashed in [..] (signal 6, SIGABRT)
  | [..]Assertion `heap == sane' failed.
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// The call that is told is the module's own, not one by which rampkit does it.
fn a_crash_behind_a_call_that_others_are_made_of() {
    let sandbox = sandbox();
    for (function, call) in
        [("Milliseconds", "()"), ("Strdup", "(\"x\")"), ("PoolAlloc", "(ctx, 1)")]
    {
        sandbox.module_that("last", &format!("{function}{call}; *(volatile int *)0 = 1;"));
        let run = run(&sandbox, "rampkit commands --discovery embedded last.so");
        let last = format!("last call of the module API: {function}\n");
        assert!(run.stderr.contains(&last), "{}", run.stderr);
    }
}

fn a_module_that_exits() {
    let sandbox = sandbox();
    sandbox.module("exits");
    run(&sandbox, "rampkit commands --discovery embedded exits.so").fails(8, str![[r#"
error: [ROOT]/exits.so does not load (imitating Redis 7.4.11): it ended the process with exit code 3
  | fatal: no GPU
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_thread_that_exits() {
    let sandbox = sandbox();
    sandbox.module("thread_exits");
    run(&sandbox, "rampkit commands --discovery embedded thread_exits.so").fails(8, str![[r#"
error: [ROOT]/thread_exits.so does not load (imitating Redis 7.4.11): it ended the process with exit code 4
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_module_that_hangs() {
    let sandbox = sandbox();
    sandbox.module("hang");
    run(&sandbox, "rampkit commands --discovery embedded hang.so --timeout 3").fails(
        8,
        str![[r#"
error: [ROOT]/hang.so does not load (imitating Redis 7.4.11): it had not loaded within 3 s
  | <hang> waiting for a licence server
  last call of the module API: Log
hint: --timeout SECONDS gives it more time; rampkit pack --commands FILE packs it without loading it

"#]],
    );
}

fn a_module_that_computes_without_end() {
    let sandbox = sandbox();
    sandbox.module("spins");
    run(&sandbox, "rampkit commands --discovery embedded spins.so --timeout 3").fails(
        8,
        str![[r#"
error: [ROOT]/spins.so does not load (imitating Redis 7.4.11): it had not loaded within 3 s
  last call of the module API: SetModuleAttribs
hint: --timeout SECONDS gives it more time; rampkit pack --commands FILE packs it without loading it

"#]],
    );
}

fn a_module_that_kills_its_group() {
    let sandbox = sandbox();
    sandbox.module("kills_group");
    run(&sandbox, "rampkit commands --discovery embedded kills_group.so").fails(8, str![[r#"
error: [ROOT]/kills_group.so does not load (imitating Redis 7.4.11): it was ended by signal 9, SIGKILL
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_constructor_that_crashes() {
    let sandbox = sandbox();
    sandbox.module("constructor_crash");
    run(&sandbox, "rampkit commands --discovery embedded constructor_crash.so").fails(8, str![[r#"
error: [ROOT]/constructor_crash.so does not load (imitating Redis 7.4.11): it crashed in constructor_crash.so (signal 11, SIGSEGV)
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

fn a_function_that_the_version_lacks() {
    let sandbox = sandbox();
    sandbox.module("missing_function");
    run(&sandbox, "rampkit commands --discovery embedded missing_function.so").fails(8, str![[r#"
error: [ROOT]/missing_function.so does not load (imitating Redis 7.4.11): it crashed in missing_function.so, RedisModule_OnLoad+0x[..] (signal 11, SIGSEGV): it called a function that is NULL; it has asked for RedisModule_FromTheFuture, which this version lacks
  last call of the module API: SetModuleAttribs
hint: if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// Redis 5.0.14 crashes likewise; it has a client in a context for threads.
fn a_call_without_a_client() {
    let sandbox = sandbox();
    sandbox.module("one_call");
    let load = |version: &str, arguments: &str| {
        let embedded = format!("rampkit commands --discovery embedded --redis-version {version}");
        run(&sandbox, &format!("{embedded} one_call.so {arguments}"))
    };
    load("5.0", "call").fails(8, str![[r#"
error: [ROOT]/one_call.so does not load (imitating Redis 5.0.14): it crashed in [..] (signal 6, SIGABRT)
  refused: Call: servers before 6.0 need a client, and have none while a module is loaded
  last call of the module API: Call
hint: if it needs arguments, [..]

"#]]);
    assert_eq!(load("5.0", "call thread").code, 0);
    assert_eq!(load("6.0", "call").code, 0);
    assert_eq!(load("4.0", "call-unknown").code, 0);
    assert_eq!(load("5.0", "call-unknown").code, 8);
    assert_eq!([load("4.0", "log null").code, load("5.0", "log null").code], [8, 0]);
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
hint: this is a module for Valkey alone; Redis asks for RedisModule_OnLoad

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
error: [ROOT]/declared.so does not load (imitating Redis 7.4.11): the dynamic linker says [ROOT]/declared.so: undefined symbol: RedisModule_CreateCommand
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

/// As C++ has them: whoever throws is told that nobody catches, and says so.
fn an_exception_that_nobody_catches() {
    let sandbox = sandbox();
    sandbox.module("throws");
    run(&sandbox, "rampkit commands --discovery embedded throws.so").fails(8, str![[r#"
error: [ROOT]/throws.so does not load (imitating Redis 7.4.11): it crashed in [..] (signal 6, SIGABRT)
  | terminate called: no index here
  last call of the module API: SetModuleAttribs
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// Where the crash is said to be takes a lock of the linker's, which it holds until the thread ends.
fn a_thread_that_crashes_while_the_linker_waits() {
    let sandbox = sandbox();
    sandbox.module("constructor_thread");
    run(&sandbox, "rampkit commands --discovery embedded constructor_thread.so").fails(8, str![[r#"
error: [ROOT]/constructor_thread.so does not load (imitating Redis 7.4.11): it crashed (signal 11, SIGSEGV)
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
}

/// A module may try in another process what may crash; that is not its own end.
fn a_crash_of_a_copy() {
    let sandbox = sandbox();
    sandbox.module_that(
        "tries",
        "extern int fork(void), wait(int *), pause(void);
         if (fork() == 0) *(volatile int *)0 = 1;
         wait(NULL);
         pause();",
    );
    let run = run(&sandbox, "rampkit commands --timeout 1 --discovery embedded tries.so");
    assert!(run.stderr.contains("it had not loaded within 1 s"), "{}", run.stderr);
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

/// Its words are among the module's, without those about rampkit's own frames.
fn an_imitation_that_fails() {
    let mut sandbox = sandbox();
    sandbox.module_that("asks", "GetRandomBytes(NULL, (size_t)-1);");
    sandbox.env("RUST_BACKTRACE", "1");
    let run = run(&sandbox, "rampkit commands --discovery embedded asks.so");
    assert!(run.stderr.contains("\n  | rampkit panicked at "), "{}", run.stderr);
    assert!(run.stderr.contains("\n  | capacity overflow\n"), "{}", run.stderr);
    assert!(run.stderr.lines().count() < 10, "{}", run.stderr);
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
