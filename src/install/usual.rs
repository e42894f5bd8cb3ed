//! What a target is where nobody says otherwise.
//!
//! Source: the ancestor of such files, for Linux. A Windows image has no usual base.

use crate::descriptor::document::{Platform, Target, Words};

/// Where the usual target has its modules; the ancestor's.
const SCRIPT: &str = "\
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data
";

/// The same where nothing runs: COPY makes the folder.
const SCRATCH: &str = "\
ENV REDIS_MODULES /opt/redislabs/lib/modules
WORKDIR /data
";

/// The usual target for a kind of containers that begin with `base`, if that is said.
pub fn target(platform: Platform, base: Option<&str>) -> Target {
    let common = Target { expose: Some(Words::Text("6379".to_owned())), ..Target::default() };
    match platform {
        Platform::Linux => {
            let mut target = Target {
                baseimage: Some("redis:latest".to_owned()),
                libdir: Some("$REDIS_MODULES/".to_owned()),
                ..common
            };
            target.definition.script =
                Some(if base == Some("scratch") { SCRATCH } else { SCRIPT }.to_owned());
            target
        }
        Platform::Windows => Target { libdir: Some("C:/redis/modules/".to_owned()), ..common },
    }
}
