//! `rampkit fetch` through the user's own ssh, from a real sshd.

use libtest_mimic::Trial;
use snapbox::str;

use super::locked;
use super::servers::{forget, heard};
use crate::harness::{Listener, Sandbox, gears, sshd, sshd_that};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(through_a_real_sshd, Sshd),
        test!(every_way_to_name_the_ssh, Sshd),
        test!(what_is_not_openssh_gets_none_of_its_options, Sshd),
        test!(ssh_says_why_not, Sshd),
        test!(programs_that_are_not_there, Sshd),
    ]
}

fn sandbox() -> (Sandbox, Listener) {
    let mut sandbox = Sandbox::new();
    gears(&sandbox);
    let sshd = sshd(&mut sandbox);
    (sandbox, sshd)
}

fn through_a_real_sshd() {
    let (sandbox, sshd) = sandbox();
    sandbox.ok("cp -r srv/gears \"srv/it's a repo\"");
    let user = sandbox.ok("id -un");
    let url = format!("ssh://{user}:password@127.0.0.1:{}", sshd.port);
    sandbox
        .sh(&format!("GIT_SSH_COMMAND=$SSH rampkit fetch {url}$PWD/srv/gears v0.4.0"))
        .prints(str![[r#"
ramp.yml

"#]], str![[r#"
   Fetched ramp.yml at tags/v0.4.0 ([HEX]) of ssh://[USER]@127.0.0.1:[PORT][ROOT]/srv/gears, 26 bytes

"#]]);
    assert_eq!(sandbox.read("ramp.yml"), "display_name: gears 0.4.0\n");
    assert!(!sandbox.read("ramp.lock").contains("password"));
    let scp = format!("GIT_SSH_COMMAND=\"$SSH -p {}\" rampkit fetch", sshd.port);
    sandbox.ok(&format!("{scp} \"{user}@127.0.0.1:$PWD/srv/it's a repo\" heads/v0.9.0"));
    assert_eq!(sandbox.read("ramp.yml"), "display_name: a branch\n");
    assert!(locked(&sandbox, "repository").ends_with("/srv/it's a repo"));
}

fn every_way_to_name_the_ssh() {
    let (sandbox, sshd) = sandbox();
    let fetch = format!("rampkit fetch ssh://127.0.0.1:{}$PWD/srv/gears v0.4.0", sshd.port);
    sandbox.ok(&format!("GIT_SSH_COMMAND=$SSH {fetch}"));
    sandbox.ok("printf '#!/bin/sh\nexec %s \"$@\"\n' \"$SSH\" > my-ssh && chmod +x my-ssh");
    sandbox.ok(&format!("GIT_SSH=./my-ssh {fetch}"));
    sandbox.ok(&format!("git config --global core.sshCommand \"$SSH\" && {fetch}"));
    // The variable wins over the configuration.
    assert_eq!(sandbox.sh(&format!("GIT_SSH_COMMAND=false {fetch}")).code, 4);
}

/// So the server cannot be told which version of the protocol we wish for.
fn what_is_not_openssh_gets_none_of_its_options() {
    let (mut sandbox, _) = sandbox();
    let sshd = sshd_that(&mut sandbox, "AcceptEnv GIT_PROTOCOL");
    let script = "#!/bin/sh\nif test \"$1\" = -p; then exec $SSH \"$@\"; else exit 9; fi\n";
    sandbox.write("my-ssh", script);
    sandbox.ok("chmod +x my-ssh && mkdir openssh && ln -s \"$(command -v ssh)\" openssh/ssh");
    let fetch = format!("rampkit fetch ssh://127.0.0.1:{}$PWD/srv/gears v0.4.0", sshd.port);
    for (variable, version) in [
        ("GIT_SSH=./my-ssh", "v0"),
        ("GIT_SSH_COMMAND=./my-ssh", "v0"),
        ("GIT_SSH_COMMAND=$SSH", "v2"),
        ("GIT_SSH_COMMAND=\"./openssh/$SSH\"", "v2"),
        ("GIT_SSH_COMMAND=\"'./openssh/ssh' ${SSH#ssh}\"", "v2"),
    ] {
        forget(&sandbox);
        sandbox.ok(&format!("{variable} {fetch}"));
        assert_eq!(heard(&sandbox)[0], version, "{variable}");
    }
}

fn ssh_says_why_not() {
    let (sandbox, sshd) = sandbox();
    let fetch = format!("rampkit fetch ssh://127.0.0.1:{}", sshd.port);
    let known = "GIT_SSH_COMMAND=$SSH";
    sandbox.sh(&format!("{known} {fetch}/no/such/repository v1")).fails(
        5,
        str![[r#"
error: ssh://127.0.0.1:[PORT]/no/such/repository is not a git repository
caused by: fatal: '/no/such/repository' does not appear to be a git repository
hint: check the path, and whether your key may read that repository

"#]],
    );
    sandbox
        .sh(&format!("GIT_SSH_COMMAND=\"$SSH -o PubkeyAuthentication=no\" {fetch}/x v1"))
        .fails(4, str![[r#"
error: ssh://127.0.0.1:[PORT]/x does not let us in: [USER]@127.0.0.1: Permission denied (publickey).
hint: try that address with `ssh -T`: the key must be known to an agent or lie in ~/.ssh, and rampkit asks for no password

"#]]);
    sandbox.sh(&format!("{known} rampkit fetch ssh://127.0.0.1:1/x v1")).fails(
        4,
        str![[r#"
error: cannot reach ssh://127.0.0.1:1/x
caused by: ssh: connect to host 127.0.0.1 port 1: Connection refused
hint: check the name and the network

"#]],
    );
    sandbox.write("ssh/known", "");
    sandbox.sh(&format!("{known} {fetch}/x v1")).fails(
        4,
        str![[r#"
error: ssh://127.0.0.1:[PORT]/x does not let us in: Host key verification failed.
hint: ssh to that host once by hand: it shows the key, and keeps it if you accept it

"#]],
    );
    assert_eq!(sandbox.list("."), ["srv", "ssh"]);
}

/// Neither here nor there.
fn programs_that_are_not_there() {
    let mut sandbox = Sandbox::new();
    sandbox.sh("GIT_SSH_COMMAND=/none/ssh rampkit fetch host:r v1").fails(4, str![[r#"
error: cannot reach host:r
caused by: [..]/none/ssh[..]
hint: install ssh (openssh-client), or name a program that is there: GIT_SSH_COMMAND, core.sshCommand of git's configuration, or GIT_SSH

"#]]);
    let without_git = "ForceCommand PATH=/none /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"";
    let sshd = sshd_that(&mut sandbox, without_git);
    sandbox
        .sh(&format!("GIT_SSH_COMMAND=$SSH rampkit fetch ssh://127.0.0.1:{}/r v1", sshd.port))
        .fails(
            4,
            str![[r#"
error: cannot reach ssh://127.0.0.1:[PORT]/r
caused by: [..]git-upload-pack[..]
hint: git must be installed on that host, where its ssh finds it

"#]],
        );
    assert_eq!(sandbox.list("."), ["ssh"]);
}
