//! How a container is run.
//!
//! In: `run` of all contributors. Out: each key of the target, else of the last module that has it.

use super::contributor::Contributor;
use crate::descriptor::document::Platform;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Running {
    pub user: Option<String>,
    pub workdir: Option<String>,
    pub entrypoint: Option<Vec<String>>,
    /// The words of its command, before those of modules.
    pub cmd: Option<Vec<String>>,
}

impl Running {
    /// The target comes last.
    pub fn of(all: &[Contributor]) -> Self {
        let mut running = Self::default();
        for who in all {
            let Some(run) = &who.definition.run else { continue };
            running.user = run.user.clone().or(running.user);
            running.workdir = run.workdir.as_ref().map(|path| who.path(path)).or(running.workdir);
            running.entrypoint = run.entrypoint.clone().or(running.entrypoint);
            running.cmd = run.cmd.clone().or(running.cmd);
        }
        let is_windows = all.iter().any(|who| who.platform == Platform::Windows);
        if is_windows && running.cmd.is_none() && running.entrypoint.is_none() {
            running.cmd = Some(vec!["redis-server.exe".to_owned()]);
        }
        running
    }
}
