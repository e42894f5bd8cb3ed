//! The user's own ssh: which program, called how, and what its end means.
//!
//! In: whom to log in as, and the path of a repository there. Out: a command that speaks to
//! `git-upload-pack` on its stdin and stdout. The choice of the program is git's (git(1)):
//! `$GIT_SSH_COMMAND`, `core.sshCommand`, `$GIT_SSH`, `ssh`.

use std::ffi::OsString;
use std::process::Command;

use crate::error::{Error, Said, SourceError};
use crate::wording::quoted;

/// The command that runs `git-upload-pack` for `path` on the host of `login`, which may be
/// `user@host`. `version` is the wish for a version of the protocol: OpenSSH passes it on where it is
/// told to, and the server lets it in where its `AcceptEnv` says so.
pub(super) fn command(login: &str, port: Option<u16>, path: &str, version: &str) -> Command {
    let (mut command, is_openssh) = program();
    command.env("GIT_PROTOCOL", version);
    if is_openssh {
        command.args(["-o", "SendEnv=GIT_PROTOCOL"]);
    }
    if let Some(port) = port {
        command.arg("-p").arg(port.to_string());
    }
    command.arg(login).arg(format!("git-upload-pack {}", quoted(path)));
    command
}

/// The program, and whether it takes OpenSSH's options.
fn program() -> (Command, bool) {
    let configured = || git2::Config::open_default().ok()?.get_string("core.sshCommand").ok();
    let line = std::env::var_os("GIT_SSH_COMMAND").filter(|line| !line.is_empty());
    if let Some(line) = line.or_else(|| configured().map(OsString::from)) {
        let text = line.to_string_lossy();
        let program = text.split_ascii_whitespace().next().unwrap_or_default();
        return (by_shell(&line), is_openssh(program.trim_matches(['"', '\''])));
    }
    if let Some(program) = std::env::var_os("GIT_SSH").filter(|program| !program.is_empty()) {
        let is_openssh = is_openssh(&program.to_string_lossy());
        return (Command::new(program), is_openssh);
    }
    let mut command = Command::new("ssh");
    command.args(["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]);
    (command, true)
}

/// Other programs that can be set in its place (plink, a script) do not know what `-o` means.
fn is_openssh(program: &str) -> bool {
    program.rsplit('/').next() == Some("ssh")
}

/// `sh -c 'LINE "$@"' LINE`, to which arguments can be added.
fn by_shell(line: &OsString) -> Command {
    let mut script = line.clone();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(line);
    command
}

/// What it means that ssh ended without a word of git's protocol. ssh itself ends with 255; any
/// other code is that of the program on the other side.
pub(super) fn explain(code: Option<i32>, errors: &str, shown: &str) -> Error {
    let lines: Vec<&str> = errors.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let said = Said::new(lines.join("; "));
    let place = shown.to_owned();
    if code == Some(255) && said.contains("Permission denied") {
        let advice = "try that address with `ssh -T`: the key must be known to an agent or lie in \
                      ~/.ssh, and rampkit asks for no password";
        return Error::from(SourceError::Refused {
            place,
            why: said.to_string(),
            advice: advice.to_owned(),
        });
    }
    if said.contains("Host key verification failed") {
        let advice =
            "ssh to that host once by hand: it shows the key, and keeps it if you accept it";
        return Error::from(SourceError::Refused {
            place,
            why: said.to_string(),
            advice: advice.to_owned(),
        });
    }
    match code {
        _ if lines.is_empty() => {
            let code = code.map_or_else(|| "no code".to_owned(), |code| format!("code {code}"));
            let source = Said::new(format!("ssh ended with {code} and without a word"));
            Error::from(SourceError::Unreachable { place, source })
        }
        // What a shell ends with where there is no such program (POSIX, 2.8.2).
        Some(127) if said.contains("git-upload-pack") => {
            let advice = "git must be installed on that host, where its ssh finds it".to_owned();
            Error::from(SourceError::NotRun { place, source: said, advice })
        }
        Some(127) => not_run(&said.to_string(), shown),
        None | Some(255) => Error::from(SourceError::Unreachable { place, source: said }),
        Some(_) => {
            let advice = "check the path, and whether your key may read that repository";
            Error::from(SourceError::NotARepository {
                place,
                source: said,
                advice: advice.to_owned(),
            })
        }
    }
}

/// There is no ssh.
pub(super) fn not_run(why: &str, shown: &str) -> Error {
    let advice = "install ssh (openssh-client), or name a program that is there: GIT_SSH_COMMAND, \
                  core.sshCommand of git's configuration, or GIT_SSH";
    Error::from(SourceError::NotRun {
        place: shown.to_owned(),
        source: Said::new(why),
        advice: advice.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_openssh_takes_its_options() {
        assert!(is_openssh("ssh") && is_openssh("/usr/bin/ssh"));
        for other in ["", "sh", "plink", "/opt/ssh/wrapper", "ssh.sh", "TortoisePlink.exe"] {
            assert!(!is_openssh(other), "{other}");
        }
    }
}
