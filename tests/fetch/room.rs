//! No room for what is fetched, or for what is said.

use libtest_mimic::Trial;
use snapbox::str;

use super::with_gears;
use crate::harness::git_daemon;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(files_that_may_not_grow), test!(help_that_cannot_be_written)]
}

fn files_that_may_not_grow() {
    let mut sandbox = with_gears();
    let daemon = git_daemon(&mut sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    for command in [format!("{url} v0.4.0"), format!("--list {url}")] {
        sandbox.sh(&format!("ulimit -f 0; rampkit fetch {command}")).fails(
            3,
            str![[r#"
error: cannot make a temporary repository for git://127.0.0.1:[PORT]/gears
caused by: failed to initialize repository with template [..]: File too large
hint: files may not be so long here: see ulimit -f

"#]],
        );
    }
    sandbox.sh("ulimit -f 0; rampkit fetch srv/gears v0.4.0").fails(
        3,
        str![[r#"
error: cannot write ramp.yml
caused by: File too large (os error 27)
hint: files may not be so long here: see ulimit -f

"#]],
    );
    // Help is printed before anything else is done.
    for command in ["--list srv/gears >list", "--help >help"] {
        sandbox.sh(&format!("ulimit -f 0; rampkit fetch {command}")).fails(
            3,
            str![[r#"
error: cannot write to stdout
caused by: File too large (os error 27)
hint: files may not be so long here: see ulimit -f

"#]],
        );
    }
    assert_eq!(sandbox.sh("ulimit -f 0; rampkit fetch 2>said").code, 2);
    assert_eq!(sandbox.list("."), ["help", "list", "said", "srv"]);
}

fn help_that_cannot_be_written() {
    let sandbox = with_gears();
    sandbox.ok("ln -s \"$(command -v rampkit)\" ramp");
    for help in ["rampkit fetch --help", "rampkit --version", "./ramp pack --help"] {
        sandbox.sh(&format!("{help} >/dev/full")).fails(
            3,
            str![[r#"
error: cannot write to stdout
caused by: No space left on device (os error 28)
hint: make room, or choose another place

"#]],
        );
        // A reader that has gone away is no error.
        assert_eq!(sandbox.sh(&format!("{help} | true; exec {help} >&-")).stderr, "", "{help}");
    }
}
