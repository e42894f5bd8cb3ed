//! The text of a Dockerfile, the list for people, and JSON.

use libtest_mimic::Trial;
use proptest::prelude::*;
use rampkit::assembly::dockerfile::instruction::Instruction;
use rampkit::assembly::{Plan, check, dockerfile, instructions, is_ours, outline};
use rampkit::descriptor::document::Platform;
use snapbox::{IntoData as _, str};

use super::plans::{plan, whole, windows};
use crate::properties::holds;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(a_person_can_read_it),
        test!(windows_has_a_dialect),
        test!(a_plan_is_listed_for_people),
        test!(a_plan_is_json),
        test!(a_line_is_an_instruction_and_a_comment_none),
        test!(what_is_ours_is_known),
    ]
}

fn a_person_can_read_it() {
    snapbox::assert_data_eq!(
        dockerfile(&whole()),
        str![[r##"
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of modules.yaml and target.yaml.

# The images that files are copied from.
FROM me/redisgraph:2.4.1 AS redisgraph

# The image to begin with.
FROM redislabs/redis:7.4
ENV REDIS_MODULES /opt/redislabs/lib/modules
WORKDIR /data

# redisgraph 2.4.1
# modules.yaml:3; target.yaml asks for it
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libgomp1 \
        'python3=3.11*' \
    && rm -rf /var/lib/apt/lists/*
ENV A="b"
LABEL org.example.graph="2.4.1"
COPY --from=redisgraph --chown=redislabs:redislabs --chmod=0755 ["/usr/lib/redis/modules/redisgraph.so", "$REDIS_MODULES/"]
RUN printf '%s  %s\n' \
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "$REDIS_MODULES/redisgraph.so" \
    | sha256sum -c

# redisgears
# gears/module.yaml; redisgraph 2.4.1 asks for it
USER redislabs
RUN rm -f $REDIS_MODULES/redisgears.*.zip
COPY --chown=redislabs:redislabs --chmod=0755 ["gears/redisgears.so", "$REDIS_MODULES/"]
RUN printf '%s  %s\n' \
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "$REDIS_MODULES/redisgears.so" \
    | sha256sum -c
COPY ["gears", "/tmp/modules/redisgears/"]
USER root
RUN ["/tmp/modules/redisgears/install.sh"]
USER redislabs
RUN ["sh", "/tmp/modules/redisgears/set up"]
USER root
RUN rm -rf /tmp/modules/redisgears

# The target
ENV GREETING="it's \"5 \$\""

# How it is run.
EXPOSE 6379/tcp 6380/udp
VOLUME ["/data"]
USER redislabs
WORKDIR /data
CMD ["--loadmodule", "/opt/redislabs/lib/modules/redisgraph.so", "THREAD_COUNT", "4", \
    "--loadmodule", "/opt/redislabs/lib/modules/redisgears.so"]

"##]].raw()
    );
}

fn windows_has_a_dialect() {
    snapbox::assert_data_eq!(
        dockerfile(&windows()),
        str![[r##"
# escape=`
# Made by rampkit dockerfile: change what it is made of, not this.
# Made of modules.yaml and target.yaml.

# The images that files are copied from.
FROM me/redisgraph:2.4.1 AS redisgraph

# The image to begin with.
FROM me/redis:windows
SHELL ["powershell", "-Command", `
    "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]
ENV REDIS_MODULES C:/modules

# redisgraph 2.4.1
# modules.yaml:3; target.yaml asks for it
ENV A="b"
LABEL org.example.graph="2.4.1"
COPY --from=redisgraph ["/usr/lib/redis/modules/redisgraph.so", "$REDIS_MODULES/"]
# hadolint shell=powershell
RUN if ((Get-FileHash -Algorithm SHA256 -LiteralPath ($env:REDIS_MODULES + '/redisgraph.so')).Hash -ne `
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') `
        { throw 'wrong SHA-256: ' + ($env:REDIS_MODULES + '/redisgraph.so') };

# redisgears
# gears/module.yaml; redisgraph 2.4.1 asks for it
COPY ["gears/redisgears.so", "$REDIS_MODULES/"]
# hadolint shell=powershell
RUN if ((Get-FileHash -Algorithm SHA256 -LiteralPath ($env:REDIS_MODULES + '/redisgears.so')).Hash -ne `
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') `
        { throw 'wrong SHA-256: ' + ($env:REDIS_MODULES + '/redisgears.so') };
COPY ["gears", "/tmp/modules/redisgears/"]
USER ContainerAdministrator
RUN ["powershell", "-ExecutionPolicy", "Bypass", "-File", "/tmp/modules/redisgears/install.sh.ps1"]
RUN ["powershell", "-ExecutionPolicy", "Bypass", "-File", "/tmp/modules/redisgears/set up.ps1"]
# hadolint shell=powershell
RUN Remove-Item -Recurse -Force '/tmp/modules/redisgears'

# The target
ENV GREETING="it's `"5 `$`""

# How it is run.
EXPOSE 6379/tcp 6380/udp
VOLUME ["C:/data"]
USER ContainerUser
WORKDIR C:/data
CMD ["redis-server.exe", "C:\\redis.conf"]

"##]].raw()
    );
}

fn a_plan_is_listed_for_people() {
    snapbox::assert_data_eq!(
        outline(&whole()),
        str![[r#"
An image that begins with redislabs/redis:7.4
   script   2 instructions of its author

1. redisgraph 2.4.1
   modules.yaml:3; target.yaml asks for it
   image    me/redisgraph:2.4.1
   packages libgomp1 python3=3.11* (apt-get)
   env      A=b
   label    org.example.graph=2.4.1
   copy     /usr/lib/redis/modules/redisgraph.so → $REDIS_MODULES/ (redislabs:redislabs, 0755, sha256 e3b0c44298fc…)

2. redisgears
   gears/module.yaml; redisgraph 2.4.1 asks for it
   script   1 instruction of its author
   copy     gears/redisgears.so → $REDIS_MODULES/ (redislabs:redislabs, 0755, sha256 e3b0c44298fc…)
   execute  install.sh as root
   execute  set up as redislabs

The target
   env      GREETING=it's "5 $"

ports       6379/tcp 6380/udp
volumes     /data
user        redislabs
workdir     /data
command     --loadmodule /opt/redislabs/lib/modules/redisgraph.so THREAD_COUNT 4 --loadmodule /opt/redislabs/lib/modules/redisgears.so

"#]].raw()
    );
    let bare = Plan {
        platform: Platform::Windows,
        modules: Vec::new(),
        ports: Vec::new(),
        volumes: Vec::new(),
        base_user: None,
        workdir: None,
        cmd: None,
        target: Default::default(),
        ..windows()
    };
    snapbox::assert_data_eq!(
        outline(&bare),
        str![[r#"
An image that begins with me/redis:windows, for Windows
   script   1 instruction of its author

"#]]
        .raw()
    );
}

fn a_plan_is_json() {
    let json = serde_json::to_string_pretty(&whole()).unwrap();
    snapbox::assert_data_eq!(
        json,
        str![[r#"
{
  "made_of": [
    "modules.yaml",
    "target.yaml"
  ],
  "platform": "linux",
  "base": "redislabs/redis:7.4",
  "base_user": "redislabs",
  "script": "ENV REDIS_MODULES /opt/redislabs/lib/modules\nWORKDIR /data",
  "modules": [
    {
      "name": "redisgraph",
      "version": "2.4.1",
      "notes": [
        "modules.yaml:3; target.yaml asks for it"
      ],
      "stage": {
        "name": "redisgraph",
        "image": "me/redisgraph:2.4.1"
      },
      "packages": {
        "manager": "apt-get",
        "install": [
          "libgomp1",
          "python3=3.11*"
        ]
      },
      "envs": [
        {
          "name": "A",
          "value": "b"
        }
      ],
      "labels": [
        {
          "name": "org.example.graph",
          "value": "2.4.1"
        }
      ],
      "script": null,
      "copies": [
        {
          "stage": "redisgraph",
          "source": "/usr/lib/redis/modules/redisgraph.so",
          "target": "$REDIS_MODULES/",
          "user": "redislabs:redislabs",
          "mode": "0755",
          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        }
      ],
      "execute": null
    },
    {
      "name": "redisgears",
      "version": null,
      "notes": [
        "gears/module.yaml; redisgraph 2.4.1 asks for it"
      ],
      "stage": null,
      "packages": null,
      "envs": [],
      "labels": [],
      "script": "RUN rm -f $REDIS_MODULES/redisgears.*.zip",
      "copies": [
        {
          "stage": null,
          "source": "gears/redisgears.so",
          "target": "$REDIS_MODULES/",
          "user": "redislabs:redislabs",
          "mode": "0755",
          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        }
      ],
      "execute": {
        "source": "gears",
        "folder": "/tmp/modules/redisgears",
        "scripts": [
          {
            "path": "install.sh",
            "user": "root",
            "executable": true
          },
          {
            "path": "set up",
            "user": "redislabs",
            "executable": false
          }
        ]
      }
    }
  ],
  "target": {
    "name": "The target",
    "version": null,
    "notes": [],
    "stage": null,
    "packages": null,
    "envs": [
      {
        "name": "GREETING",
        "value": "it's \"5 $\""
      }
    ],
    "labels": [],
    "script": null,
    "copies": [],
    "execute": null
  },
  "ports": [
    {
      "value": 6379,
      "protocol": "tcp"
    },
    {
      "value": 6380,
      "protocol": "udp"
    }
  ],
  "volumes": [
    "/data"
  ],
  "user": null,
  "workdir": "/data",
  "entrypoint": null,
  "cmd": [
    "--loadmodule",
    "/opt/redislabs/lib/modules/redisgraph.so",
    "THREAD_COUNT",
    "4",
    "--loadmodule",
    "/opt/redislabs/lib/modules/redisgears.so"
  ]
}
"#]]
        .raw()
    );
}

/// What stands in comments, and nothing else.
fn silent(mut plan: Plan) -> Plan {
    plan.made_of.clear();
    for part in plan.modules.iter_mut().chain([&mut plan.target]) {
        part.name = String::new();
        part.version = None;
        part.notes.clear();
    }
    plan
}

/// Without comments, lines that go on as one; as in the oldest builders.
fn logical_lines(text: &str, platform: Platform) -> Vec<String> {
    let escape = if platform == Platform::Windows { '`' } else { '\\' };
    let (mut lines, mut whole) = (Vec::new(), String::new());
    for line in text.split('\n').filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.trim_end_matches([' ', '\t']).strip_suffix(escape) {
            Some(start) => whole += start,
            None => lines.push(std::mem::take(&mut whole) + line),
        }
    }
    assert_eq!(whole, "", "the last line goes on");
    lines
}

fn a_line_is_an_instruction_and_a_comment_none() {
    holds(400, &plan(), |mut plan| {
        for part in plan.modules.iter_mut().chain([&mut plan.target]) {
            part.script = None;
        }
        plan.script = None;
        prop_assert!(check(&plan).is_ok(), "{:?}", check(&plan));
        let text = dockerfile(&plan);
        let lines = logical_lines(&text, plan.platform);
        let blocks = instructions(&plan);
        let said: Vec<&Instruction> = blocks.iter().flat_map(|block| &block.instructions).collect();
        prop_assert_eq!(lines.len(), said.len(), "{}", text);
        prop_assert_eq!(&lines, &logical_lines(&dockerfile(&silent(plan.clone())), plan.platform));
        prop_assert!(is_ours(&text) && text.ends_with('\n') && !text.contains('\r'));
        let wild = |line: &&str| line.starts_with('#') && line.contains(|c: char| c.is_control());
        prop_assert_eq!(text.lines().find(wild), None);
        prop_assert_eq!(text, dockerfile(&plan));
        Ok(())
    });
}

fn what_is_ours_is_known() {
    let ours = dockerfile(&whole());
    assert!(is_ours(&ours) && is_ours(&dockerfile(&windows())));
    assert!(is_ours(&ours.replace('\n', "\r\n")));
    for other in ["", "FROM redis\n", &format!("FROM redis\nRUN a\n{ours}"), &ours[2..]] {
        assert!(!is_ours(other), "{other}");
    }
}
