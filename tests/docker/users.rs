//! Each thing is run by whom it shall be, in the folder of its module, and nothing of it is left.

use libtest_mimic::Trial;
use rampkit::assembly::{Copy, Execute, Part, Plan, Script, check, dockerfile};
use rampkit::descriptor::document::{Platform, Port, Protocol};
use rampkit::digest::Sha256;
use serde_json::{Value, json};

use crate::harness::Docked;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![test!(each_is_run_by_whom_it_shall_be, Docker)]
}

fn plan() -> Plan {
    let script = |path: &str, user: &str, is_executable| Script {
        path: path.to_owned(),
        user: user.to_owned(),
        is_executable,
    };
    let module = Part {
        name: "module".to_owned(),
        script: Some("RUN id -un >/tmp/third".to_owned()),
        copies: vec![Copy {
            stage: None,
            source: "a file".to_owned(),
            target: "$REDIS_MODULES/".to_owned(),
            user: Some("nobody:nogroup".to_owned()),
            mode: None,
            sha256: Some(Sha256::of(b"text")),
        }],
        execute: Some(Execute {
            source: "run".to_owned(),
            folder: "/tmp/modules/it's $5".to_owned(),
            scripts: vec![script("a b.sh", "nobody", true), script("$c.sh", "root", false)],
        }),
        ..Part::default()
    };
    let port = |value, protocol| Port { value, protocol, description: None };
    Plan {
        made_of: Vec::new(),
        platform: Platform::Linux,
        base: "local/debian".to_owned(),
        base_user: Some("root".to_owned()),
        script: Some(
            "ENV REDIS_MODULES \"/opt/m $\"\nRUN mkdir -p \"$REDIS_MODULES\"\nUSER www-data"
                .to_owned(),
        ),
        modules: vec![module],
        target: Part::default(),
        ports: vec![port(6379, None), port(6380, Some(Protocol::Udp))],
        volumes: vec!["$REDIS_MODULES/v".to_owned()],
        user: None,
        workdir: Some("$REDIS_MODULES".to_owned()),
        entrypoint: None,
        cmd: None,
    }
}

fn each_is_run_by_whom_it_shall_be() {
    let docked = Docked::new();
    docked.write("a file", "text");
    docked.write("run/a b.sh", "#!/bin/sh\nid -un >/tmp/first\n");
    docked.write("run/$c.sh", "cd \"${0%/*}\" && ls >/tmp/second && id -un >>/tmp/second\n");
    docked.ok("chmod 755 run/*");
    check(&plan()).unwrap();
    docked.write("Dockerfile", dockerfile(&plan()));
    for buildkit in [0, 1] {
        docked.ok(&format!("DOCKER_BUILDKIT={buildkit} docker build --tag users/all ."));
        let said = docked.ok("docker inspect --format '{{json .Config}}' users/all");
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["User"], "www-data");
        assert_eq!(said["WorkingDir"], "/opt/m $");
        assert_eq!(said["Volumes"], json!({ "/opt/m $/v": {} }));
        assert_eq!(said["ExposedPorts"], json!({ "6379/tcp": {}, "6380/udp": {} }));
        let look = "cat /tmp/first /tmp/second /tmp/third; ls -A /tmp/modules; stat -c %U:%G *file";
        assert_eq!(
            docked.ok(&format!("docker run --rm users/all sh -c '{look}'")),
            "nobody\n$c.sh\na b.sh\nroot\nwww-data\nnobody:nogroup"
        );
    }
    docked.write("a file", "other");
    assert_ne!(docked.sh("docker build --tag users/none .").code, 0);
}
