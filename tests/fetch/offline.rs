//! `rampkit fetch --offline`: what is on this machine or in the cache, and nobody is asked.

use libtest_mimic::Trial;
use snapbox::str;

use super::{locked, with_gears};
use crate::harness::{Sandbox, git_daemon};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(what_was_fetched_before),
        test!(what_was_not),
        test!(a_ref_is_the_servers_to_know),
        test!(a_repository_of_this_machine),
    ]
}

/// A repository that was fetched from, whose daemon would tell if it were asked again.
fn fetched(sandbox: &mut Sandbox) -> (String, String) {
    sandbox.ok("git config --global uploadpack.allowFilter true");
    let daemon = git_daemon(sandbox);
    let url = format!("git://127.0.0.1:{}/gears", daemon.port);
    sandbox.ok(&format!("rampkit fetch {url} heads/main --path pack/ramp.yml"));
    let id = locked(sandbox, "commit");
    sandbox.ok("rm ramp.yml ramp.lock");
    (url, id)
}

fn what_was_fetched_before() {
    let mut sandbox = with_gears();
    let (url, id) = fetched(&mut sandbox);
    sandbox.sh(&format!("rampkit fetch --offline {url} {id} --path pack/ramp.yml")).prints(
        str![[r#"
ramp.yml

"#]],
        str![[r#"
   Fetched pack/ramp.yml at [HEX] of git://127.0.0.1:[PORT]/gears, 27 bytes

"#]],
    );
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 1.2.13\n");
    assert_eq!((locked(&sandbox, "ref"), locked(&sandbox, "commit")), (id.clone(), id));
}

fn what_was_not() {
    let mut sandbox = with_gears();
    let (url, id) = fetched(&mut sandbox);
    let other = sandbox.ok("git -C srv/gears rev-parse tags/v0.9.0");
    sandbox.sh(&format!("rampkit fetch --offline {url} {other}")).fails(
        4,
        str![[r#"
error: the cache does not have all that is needed of [HEX] of git://127.0.0.1:[PORT]/gears
hint: fetch it once without --offline

"#]],
    );
    // The commit is there, and not this file of it.
    sandbox.sh(&format!("rampkit fetch --offline {url} {id} --path build/ramp-python.yml")).fails(
        4,
        str![[r#"
error: the cache does not have all that is needed of [HEX] of git://127.0.0.1:[PORT]/gears
hint: fetch it once without --offline

"#]],
    );
    // It is known that there is none, and not what there is.
    sandbox.sh(&format!("rampkit fetch --offline {url} {id} --path pack/ramp-x.yml")).fails(
        5,
        str![[r#"
error: there is no pack/ramp-x.yml at [HEX] of git://127.0.0.1:[PORT]/gears
hint: check the path; it counts from the top

"#]],
    );
    sandbox.ok("for file in $(find ../home/.cache -type f); do echo >> $file; done");
    sandbox.sh(&format!("rampkit fetch --offline {url} {id} --path pack/ramp.yml")).fails(
        4,
        str![[r#"
error: the cache does not have all that is needed of [HEX] of git://127.0.0.1:[PORT]/gears
hint: fetch it once without --offline

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn a_ref_is_the_servers_to_know() {
    let mut sandbox = with_gears();
    let (url, id) = fetched(&mut sandbox);
    for reference in ["heads/main", "latest", &id[..8]] {
        let run = sandbox.sh(&format!("rampkit fetch --offline {url} {reference}"));
        assert_eq!(
            (run.code, run.stderr),
            (
                4,
                format!(
                    "error: {reference} of git://127.0.0.1:[PORT]/gears cannot be looked up offline\n\
                     hint: give the full commit id, or fetch with --locked what the lock beside the manifest says\n"
                )
            )
        );
    }
    assert_eq!(sandbox.list("."), ["srv"]);
}

fn a_repository_of_this_machine() {
    let sandbox = with_gears();
    sandbox.ok("rampkit --deny-warnings fetch --offline srv/gears v0.4.0");
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
}
