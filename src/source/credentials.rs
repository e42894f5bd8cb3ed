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

/// A host whose tokens have variables of their own.
struct Forge {
    name: &'static str,
    tokens: &'static [Token],
    /// Variables that name a host of one's own, as the forge's CI sets them.
    own_host: fn() -> Option<String>,
}

/// A variable for a token, and the user it goes with.
struct Token {
    variable: &'static str,
    user: &'static str,
    /// Whether the forge's CI sets it itself, so that it is for the host which that CI names alone.
    is_of_ci: bool,
}

const FORGES: [Forge; 2] = [
    Forge {
        name: "github.com",
        tokens: &[Token { variable: "GITHUB_TOKEN", user: "x-access-token", is_of_ci: false }],
        own_host: || Some(host_of(&Url::parse(&variable("GITHUB_SERVER_URL")?).ok()?)),
    },
    Forge {
        name: "gitlab.com",
        tokens: &[
            Token { variable: "GITLAB_TOKEN", user: "oauth2", is_of_ci: false },
            Token { variable: "CI_JOB_TOKEN", user: "gitlab-ci-token", is_of_ci: true },
        ],
        own_host: || {
            let host = variable("CI_SERVER_HOST")?;
            let port = variable("CI_SERVER_PORT").filter(|port| port != "443");
            Some(port.map_or(host.clone(), |port| format!("{host}:{port}")))
        },
    },
];

impl Forge {
    fn of(asked: &Url) -> Option<&'static Self> {
        FORGES.iter().find(|forge| host_of(asked) == forge.name || forge.is_own(asked))
    }

    fn is_own(&self, asked: &Url) -> bool {
        (self.own_host)() == Some(host_of(asked))
    }

    /// The logins that its variables hold for `asked`.
    fn logins(&self, asked: &Url) -> Vec<Source> {
        let login = |token: &Token| {
            let (user, password) = (token.user.to_owned(), variable(token.variable)?);
            Some(Source::Token(token.variable, Login { user, password }))
        };
        self.tokens(self.is_own(asked)).filter_map(login).collect()
    }

    /// Those for its usual host, or for that of one's own.
    fn tokens(&self, is_own: bool) -> impl Iterator<Item = &'static Token> {
        self.tokens.iter().filter(move |token| is_own || !token.is_of_ci)
    }

    /// The variable that a person sets.
    fn variable(&self) -> &'static str {
        self.tokens[0].variable
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
    sources.extend(forge.map(|forge| forge.logins(asked)).unwrap_or_default());
    sources.push(Source::Helper { user });
    sources
}

/// What to do where a login is missing or not taken.
pub(super) fn advice(asked: &Url) -> String {
    match Forge::of(asked) {
        Some(forge) => format!(
            "check the address, a missing repository looks the same; for a private one set {}, or \
             let a git credential helper know the login",
            forge.variable()
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
        Some(forge) => format!(
            "check the address; a private repository looks the same to who may not read it: set {}",
            forge.variable()
        ),
        None => "check the address; a git server must answer there, files alone are not enough"
            .to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_job_is_for_the_host_that_made_it() {
        let [_, gitlab] = &FORGES;
        let variables = |is_own| gitlab.tokens(is_own).map(|token| token.variable);
        assert!(variables(false).eq(["GITLAB_TOKEN"]));
        assert!(variables(true).eq(["GITLAB_TOKEN", "CI_JOB_TOKEN"]));
    }

    /// A line more would have a helper look for the login of another host.
    #[test]
    fn an_address_is_no_more_than_a_line_of_each_kind() {
        let url = |text: &str| Url::parse(text).unwrap();
        let plain = asking(&url("https://ann@h:81/a%20b/c.git"), Some("ann"));
        assert_eq!(plain, "protocol=https\nhost=h:81\npath=a b/c.git\nusername=ann\n");
        for end in ["%0A", "%0D", "%00"] {
            let asked = asking(&url(&format!("https://h/a{end}host=other")), None);
            assert_eq!(asked, "protocol=https\nhost=h\n");
            let user = decoded(&format!("ann{end}host=other"));
            assert_eq!(asking(&url("https://h"), Some(&user)), "protocol=https\nhost=h\npath=\n");
        }
    }
}
