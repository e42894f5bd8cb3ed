//! Logins for repositories over HTTP.
//!
//! In: the URL of a repository that asked for a login. Out: where one may come from, in the order to
//! try: the address itself, a token of the environment, the user's git and its helpers. A login is
//! only for the host it belongs to, and a token only for https. Secrets go nowhere but into a
//! [`Login`].

use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::Url;

use crate::http::{Login, decoded, host_of};

/// Where a login may come from.
pub(super) enum Source {
    /// The address itself.
    Address(Login),
    /// A variable of the environment.
    Token(&'static str, Login),
    /// `git credential`.
    Helper { user: Option<String> },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(_) => f.write_str("the address"),
            Self::Token(variable, _) => f.write_str(variable),
            Self::Helper { .. } => f.write_str("git's credential helper"),
        }
    }
}

impl Source {
    /// The login, if there is one; a helper is asked only now.
    pub fn login(&self, asked: &Url) -> Option<Login> {
        match self {
            Self::Address(login) | Self::Token(_, login) => Some(login.clone()),
            Self::Helper { user } => fill(asked, user.as_deref()),
        }
    }
}

/// A host whose tokens have a variable of their own.
struct Forge {
    name: &'static str,
    variable: &'static str,
    user: &'static str,
    /// Variables that name a host of one's own, as the forge's CI sets them.
    own_host: fn() -> Option<String>,
}

const FORGES: [Forge; 2] = [
    Forge {
        name: "github.com",
        variable: "GITHUB_TOKEN",
        user: "x-access-token",
        own_host: || Some(host_of(&Url::parse(&variable("GITHUB_SERVER_URL")?).ok()?)),
    },
    Forge {
        name: "gitlab.com",
        variable: "GITLAB_TOKEN",
        user: "oauth2",
        own_host: || {
            let host = variable("CI_SERVER_HOST")?;
            let port = variable("CI_SERVER_PORT").filter(|port| port != "443");
            Some(port.map_or(host.clone(), |port| format!("{host}:{port}")))
        },
    },
];

impl Forge {
    fn of(asked: &Url) -> Option<&'static Self> {
        let host = host_of(asked);
        let is_its = |forge: &&Self| host == forge.name || (forge.own_host)() == Some(host.clone());
        FORGES.iter().find(is_its)
    }
}

/// The places to try for `asked`, which may be another host than the one `typed` names.
pub(super) fn sources(asked: &Url, typed: &Url) -> Vec<Source> {
    let own = asked.origin() == typed.origin();
    let user = Some(decoded(typed.username())).filter(|user| own && !user.is_empty());
    let mut sources = Vec::new();
    if let Some(password) = typed.password().filter(|_| own) {
        let user = user.clone().unwrap_or_default();
        sources.push(Source::Address(Login { user, password: decoded(password) }));
    }
    let forge = Forge::of(asked).filter(|_| asked.scheme() == "https");
    if let Some((forge, token)) = forge.and_then(|forge| Some((forge, variable(forge.variable)?))) {
        let login = Login { user: forge.user.to_owned(), password: token };
        sources.push(Source::Token(forge.variable, login));
    }
    sources.push(Source::Helper { user });
    sources
}

/// What to do where a login is missing or not taken.
pub(super) fn advice(asked: &Url) -> String {
    match Forge::of(asked) {
        Some(Forge { variable, .. }) => format!(
            "check the address, a missing repository looks the same; for a private one set \
             {variable}, or let a git credential helper know the login"
        ),
        None => {
            "let a git credential helper know the login; `git ls-remote` on that address shows \
                 whether one does"
                .to_owned()
        }
    }
}

/// What to do where there seems to be no repository.
pub(super) fn advice_if_missing(asked: &Url) -> String {
    match Forge::of(asked) {
        Some(Forge { variable, .. }) => format!(
            "check the address; a private repository looks the same to who may not read it: set \
             {variable}"
        ),
        None => "check the address; it must be one that git can clone from".to_owned(),
    }
}

/// Tells the helpers whether the login they gave was taken, so that they keep or forget it.
pub(super) fn tell_helper(asked: &Url, login: &Login, taken: bool) {
    let verb = if taken { "approve" } else { "reject" };
    git_credential(
        verb,
        &format!("{}password={}\n", asking(asked, Some(&login.user)), login.password),
    );
}

fn fill(asked: &Url, user: Option<&str>) -> Option<Login> {
    let answer = git_credential("fill", &asking(asked, user))?;
    let value = |name: &str| {
        answer
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    Some(Login { user: value("username")?, password: value("password")? })
}

/// What `git credential` reads (git-credential(1)), one `name=value` a line.
fn asking(asked: &Url, user: Option<&str>) -> String {
    let path = decoded(asked.path().trim_start_matches('/'));
    let mut lines =
        vec![("protocol", asked.scheme().to_owned()), ("host", host_of(asked)), ("path", path)];
    lines.extend(user.map(|user| ("username", user.to_owned())));
    let one_line = |(_, value): &(&str, String)| !value.contains(['\n', '\r', '\0']);
    lines
        .iter()
        .filter(|line| one_line(line))
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect()
}

/// The answer of the user's git, which must ask nobody. No git, or no answer, is no login.
fn git_credential(verb: &str, input: &str) -> Option<String> {
    let mut child = Command::new("git")
        .args(["credential", verb])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("GCM_INTERACTIVE", "never")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    (output.status.success() && matches!(written, Some(Ok(()))))
        .then(|| String::from_utf8(output.stdout).ok())?
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
