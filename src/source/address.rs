//! Where a repository lies.
//!
//! In: what a person types for REPO. Out: an [`Address`]: the place to go to, and the text to show.
//! An existing local path wins over every other reading. What is shown never holds a password, a
//! token, or the user of an http address; the user of an ssh address is part of the name and stays.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use crate::error::Error;
use crate::http::decoded;

/// A repository as a person named it.
#[derive(Clone)]
pub struct Address {
    shown: String,
    full: String,
    place: Place,
}

/// Where to go, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A repository of this machine, opened in place.
    Local(PathBuf),
    /// Smart HTTP, with TLS or without; may hold a user and a password.
    Http(Url),
    /// A `git daemon`.
    Daemon { host: String, port: u16, path: String },
    /// `git-upload-pack` through the user's own ssh.
    Ssh { user: Option<String>, host: String, port: Option<u16>, path: String },
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        if typed.is_empty() {
            return Err(Error::Usage("\"\" is not the address of a repository".to_owned()));
        }
        let local = PathBuf::from(typed);
        if local.exists() {
            return Ok(Self {
                shown: typed.into(),
                full: typed.into(),
                place: Place::Local(local),
            });
        }
        let full = match is_shorthand(typed) {
            true => format!("https://github.com/{typed}"),
            false => typed.to_owned(),
        };
        let place = Place::parse(&full)?;
        Ok(Self { shown: redacted(&full), full, place })
    }
}

impl Address {
    /// What the repository is called: the last part of its path, without `.git`. None where no folder
    /// can have that name.
    pub fn name(&self) -> Option<String> {
        let path = match &self.place {
            Place::Local(folder) => match folder.file_name() {
                Some(_) => folder.to_str()?.to_owned(),
                // `.` or `..`
                None => folder.canonicalize().ok()?.to_str()?.to_owned(),
            },
            Place::Http(url) => decoded(url.path()),
            Place::Daemon { path, .. } | Place::Ssh { path, .. } => path.clone(),
        };
        let path = path.trim_end_matches('/');
        let name = path.strip_suffix("/.git").unwrap_or(path).rsplit('/').next()?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let is_name = !["", ".", ".."].contains(&name) && !name.contains(char::is_control);
        is_name.then(|| name.to_owned())
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The same repository at the place that `rewrite` makes of its address; shown as before.
    pub(super) fn rewritten(&self, rewrite: impl Fn(&str) -> String) -> Result<Self, Error> {
        if matches!(self.place, Place::Local(_)) {
            return Ok(self.clone());
        }
        let full = rewrite(&self.full);
        let place = Place::parse(&full)?;
        Ok(Self { shown: self.shown.clone(), full, place })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

impl Place {
    fn parse(text: &str) -> Result<Self, Error> {
        if let Some((scheme, _)) = text.split_once("://") {
            return from_url(scheme, text);
        }
        if text.contains("::") && !text.contains('[') {
            return Err(usage(text, "git's remote helpers are not used"));
        }
        match text.split_once(':') {
            Some((host, _)) if !host.contains('/') => scp_like(text),
            _ => Ok(Self::Local(PathBuf::from(text))),
        }
    }
}

fn from_url(scheme: &str, text: &str) -> Result<Place, Error> {
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "file" {
        return Ok(Place::Local(PathBuf::from(decoded(&text["file://".len()..]))));
    }
    let url = Url::parse(text).map_err(|e| usage(text, &e.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(usage(text, "the address of a repository has no ? or # part"));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let path = decoded(url.path());
    match scheme.as_str() {
        "http" | "https" => Ok(Place::Http(url)),
        "git" => checked(text, Place::Daemon { host, port: url.port().unwrap_or(9418), path }),
        "ssh" | "git+ssh" | "ssh+git" => {
            let user = Some(decoded(url.username())).filter(|user| !user.is_empty());
            // As git: a path below a home folder is written /~name/path.
            let path = path.strip_prefix('/').filter(|p| p.starts_with('~')).unwrap_or(&path);
            let path = path.to_owned();
            checked(text, Place::Ssh { user, host, port: url.port(), path })
        }
        _ => Err(usage(text, "known are https, http, ssh, git and file")),
    }
}

/// `[user@]host:path`, with an IPv6 address or `host:port` in brackets where need be.
fn scp_like(text: &str) -> Result<Place, Error> {
    let (user, rest) = match text.split_once('@') {
        Some((user, rest)) if !user.contains([':', '[']) => (Some(user.to_owned()), rest),
        _ => (None, text),
    };
    let bracketed = rest.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
    let Some((host, path)) = bracketed.or_else(|| rest.split_once(':')) else {
        return Err(usage(text, "a colon is missing between host and path"));
    };
    let (host, port) = match host.split_once(':') {
        Some((name, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => return Err(usage(text, "the port is not a number")),
        },
        _ => (host, None),
    };
    checked(text, Place::Ssh { user, host: host.to_owned(), port, path: path.to_owned() })
}

/// Refuses what another program would take for an option or for two lines.
fn checked(text: &str, place: Place) -> Result<Place, Error> {
    let (user, host, path) = match &place {
        Place::Daemon { host, path, .. } => ("", host, path),
        Place::Ssh { user, host, path, .. } => (user.as_deref().unwrap_or_default(), host, path),
        Place::Local(_) | Place::Http(_) => return Ok(place),
    };
    let parts = [user, host, path];
    if parts.iter().any(|part| part.starts_with('-') || part.contains(char::is_control)) {
        return Err(usage(text, "no part of it may begin with - or hold control characters"));
    }
    match host.is_empty() || path.trim_matches('/').is_empty() {
        true => Err(usage(text, "it needs a host and a path")),
        false => Ok(place),
    }
}

/// An address that cannot be read may hold a secret anywhere before an `@`.
fn usage(text: &str, why: &str) -> Error {
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let shown = if scheme.is_empty() { rest.to_owned() } else { format!("{scheme}://{rest}") };
    Error::Usage(format!("{shown:?} is not the address of a repository: {why}"))
}

/// `owner/name`: a repository of GitHub.
fn is_shorthand(text: &str) -> bool {
    let word = |word: &str, more: &str| {
        word.starts_with(|c: char| c.is_ascii_alphanumeric() || (c == '_' && !more.is_empty()))
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || more.contains(c))
    };
    text.split_once('/').is_some_and(|(owner, name)| word(owner, "") && word(name, "._"))
}

fn redacted(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Some((login, host)) = authority.rsplit_once('@') else { return text.to_owned() };
    match login.split(':').next() {
        Some(user) if scheme.contains("ssh") => format!("{scheme}://{user}@{host}{path}"),
        _ => format!("{scheme}://{host}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ssh(user: Option<&str>, host: &str, port: Option<u16>, path: &str) -> Place {
        Place::Ssh { user: user.map(str::to_owned), host: host.into(), port, path: path.into() }
    }

    #[test]
    fn every_form_of_address() {
        let http = |url: &str| Place::Http(Url::parse(url).unwrap());
        let daemon = |host: &str, port, path: &str| Place::Daemon {
            host: host.into(),
            port,
            path: path.into(),
        };
        for (typed, place, shown) in [
            ("o/n.js", http("https://github.com/o/n.js"), "https://github.com/o/n.js"),
            ("https://a:b@h/r.git", http("https://a:b@h/r.git"), "https://h/r.git"),
            ("git://h/r%20s", daemon("h", 9418, "/r s"), "git://h/r%20s"),
            ("git://[::1]:7/r", daemon("::1", 7, "/r"), "git://[::1]:7/r"),
            ("ssh://g:p@h:22/~a/r", ssh(Some("g"), "h", Some(22), "~a/r"), "ssh://g@h:22/~a/r"),
            ("git@h:o/r.git", ssh(Some("git"), "h", None, "o/r.git"), "git@h:o/r.git"),
            ("g@[::1]:r", ssh(Some("g"), "::1", None, "r"), "g@[::1]:r"),
            ("[h:22]:r", ssh(None, "h", Some(22), "r"), "[h:22]:r"),
            ("file:///a%20b", Place::Local("/a b".into()), "file:///a%20b"),
            ("/no/such:folder", Place::Local("/no/such:folder".into()), "/no/such:folder"),
            ("src", Place::Local("src".into()), "src"),
        ] {
            let address: Address = typed.parse().unwrap();
            assert_eq!((address.place(), address.to_string().as_str()), (&place, shown));
        }
    }

    #[test]
    fn what_a_repository_is_called() {
        for (typed, name) in [
            ("o/n.js", Some("n.js")),
            ("https://h/a/r.git/", Some("r")),
            ("https://h/a%2Fr%20s", Some("r s")),
            ("git://h/r.git", Some("r")),
            ("git@h:r", Some("r")),
            ("ssh://h/~ann", Some("~ann")),
            ("file:///x/r/.git", Some("r")),
            ("./src/", Some("src")),
            ("/", None),
            ("https://h", None),
            ("https://h/.git", None),
            ("https://h/a%0Ab", None),
            ("git@h:a/..", None),
        ] {
            assert_eq!(typed.parse::<Address>().unwrap().name().as_deref(), name, "{typed}");
        }
        let here = std::env::current_dir().unwrap();
        let name = here.file_name().and_then(|name| name.to_str());
        assert_eq!(".".parse::<Address>().unwrap().name().as_deref(), name);
    }

    #[test]
    fn what_is_no_address_shows_no_secret() {
        for typed in [
            "https://ann:se/cret@",
            "https://ann:secret@h/r?t=secret",
            "ssh://-oProxyCommand=x/r",
            "-oProxyCommand=x:r",
            "ext::sh -c secret@h",
            "ftp://ann:secret@h/r",
            "git://h",
        ] {
            let error = typed.parse::<Address>().unwrap_err();
            assert!(matches!(error, Error::Usage(_)) && !error.to_string().contains("cret"));
        }
    }
}
