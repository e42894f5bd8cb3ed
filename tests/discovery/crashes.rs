//! Ends of the process in which a module is loaded without a server: crashes, exits, hangs.

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
        test!(an_exception_that_nobody_catches),
        test!(a_thread_that_crashes_while_the_linker_waits),
        test!(a_crash_of_a_copy),
        test!(an_imitation_that_fails),
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
hint: if it needs arguments: rampkit commands MODULE.so ARGUMENTS, rampkit pack --run-args ARGS; if it needs another version of Redis, name it by --redis-version; a redis-server may load it: --discovery server --redis-server PATH; rampkit pack --commands FILE packs it without loading it

"#]]);
    assert_eq!(load("5.0", "call thread").code, 0);
    assert_eq!(load("6.0", "call").code, 0);
    assert_eq!(load("4.0", "call-unknown").code, 0);
    assert_eq!(load("5.0", "call-unknown").code, 8);
    assert_eq!([load("4.0", "log null").code, load("5.0", "log null").code], [8, 0]);
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
