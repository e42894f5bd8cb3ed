//! What `rampkit fetch` shows on a terminal while it waits.

use std::sync::mpsc;
use std::thread::sleep;
use std::time::Duration;

use libtest_mimic::Trial;

use super::many::two;
use crate::harness::{Listener, Sandbox};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(one_bar_for_all, Script)]
}

/// What is shown where one of two comes at once, and the other, from that server, never.
fn shown(sandbox: &Sandbox, slow: &Listener, options: &str, then: impl FnOnce()) -> String {
    let url = format!("git://127.0.0.1:{}/slow", slow.port);
    let fetch = format!("rampkit fetch srv/json v1 {url} v1 {options}");
    let run = sandbox.sh_on_terminal(&fetch, "1 of 2: slow", then);
    assert_eq!(run.code, 4, "{}", run.stdout);
    run.stdout
}

fn one_bar_for_all() {
    let sandbox = two();
    // The server hangs up once the bar has been seen.
    let (seen, wait) = mpsc::channel::<()>();
    let slow = Listener::hostile(move |_| wait.recv().unwrap_or_default());
    let shown_to_all = shown(&sandbox, &slow, "", || drop(seen));
    assert!(
        shown_to_all.contains("Fetching") && shown_to_all.contains("1 of 2: slow"),
        "{shown_to_all:?}"
    );
    // It would be there after half a second.
    let slow = Listener::hostile(|_| sleep(Duration::from_secs(2)));
    assert!(!shown(&sandbox, &slow, "--quiet", || {}).contains(" of 2: "));
}
