#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rampkit_fuzz::git(bytes));
