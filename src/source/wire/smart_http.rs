//! Git over HTTP (gitprotocol-http(5), the smart kind).
//!
//! In: the URL of a repository. Out: the body that greets us, and a [`Session`] to ask for refs and
//! objects by. A login is tried only after a 401, and is then used for the whole session, at the origin
//! that asked for it and nowhere else. Where the first question was redirected, the others follow to
//! that place, as git does.

use std::io::{BufRead, BufReader};
use std::path::Path;

use reqwest::blocking::Response;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, USER_AGENT};
use reqwest::{StatusCode, Url};

use super::exchange::Failure;
use super::greeting::WISH;
use super::paced::{Paced, drain};
use super::packet::Fault;
use crate::error::{Error, Said, SourceError};
use crate::http::{self, Client, Login, without_login};
use crate::source::credentials::{self, Source};

const REFS: &str = "/info/refs";
const SERVICE: &str = "service=git-upload-pack";
const REFS_TYPE: &str = "application/x-git-upload-pack-advertisement";
const REQUEST_TYPE: &str = "application/x-git-upload-pack-request";
const RESULT_TYPE: &str = "application/x-git-upload-pack-result";
/// What tells a server which version of git's protocol we wish for.
const PROTOCOL: HeaderName = HeaderName::from_static("git-protocol");
/// Who asks: hosts that have pages for people too answer only whose name begins like that of git, and
/// some not that of an old one. GitHub and Bitbucket have no repository for others, and Azure DevOps leads
/// them to a page to sign in at.
const AGENT: &str = concat!("git/2.0 (rampkit/", env!("CARGO_PKG_VERSION"), ")");

/// As many hosts may want a login, one after the other.
const LOGINS: usize = 3;

/// A repository that answered, and the login it wanted.
pub(super) struct Session {
    client: Client,
    base: Url,
    login: Option<Granted>,
    shown: String,
}

/// A login, and who asked for it: no other origin sees it.
struct Granted {
    login: Login,
    asked: Url,
}

impl Granted {
    /// The login, where `url` is of the origin it is for.
    fn to<'a>(granted: Option<&'a Self>, url: &Url) -> Option<&'a Login> {
        let granted = granted.filter(|granted| granted.asked.origin() == url.origin());
        granted.map(|granted| &granted.login)
    }
}

impl Session {
    /// Asks for the refs, or for what can be asked.
    pub fn open(
        typed: &Url,
        shown: &str,
        cacert: Option<&Path>,
    ) -> Result<(Self, Response), Error> {
        let client = Client::new(cacert)?;
        let typed_base = without_login(typed);
        let mut response = get_refs(&client, &typed_base, None)?;
        let mut login = None;
        // Who asks for a login may lead to another who does.
        for _ in 0..LOGINS {
            if response.status() != StatusCode::UNAUTHORIZED {
                break;
            }
            let asked = base_of(response.url()).unwrap_or_else(|| typed_base.clone());
            drain(&mut BufReader::new(Paced::new(response)));
            let (answered, granted) = log_in(&client, &asked, typed, shown)?;
            (response, login) = (answered, Some(granted));
        }
        check(&response, shown, REFS_TYPE)?;
        let base = base_of(response.url()).ok_or_else(|| {
            not_a_repository(&response, shown, "it redirects to another page".to_owned())
        })?;
        Ok((Self { client, base, login, shown: shown.to_owned() }, response))
    }

    /// Says `request`, and lets `hear` have the answer; also how many bytes came.
    pub fn ask<T>(
        &self,
        request: &str,
        hear: impl FnOnce(&mut dyn BufRead) -> Result<T, Failure>,
    ) -> (Result<T, Failure>, u64) {
        let mut answer = match self.post(request) {
            Ok(answer) => BufReader::new(Paced::new(answer)),
            Err(failure) => return (Err(failure), 0),
        };
        let heard = hear(&mut answer);
        if let Ok(_) | Err(Failure::Talk(Fault::Said(_))) = heard {
            drain(&mut answer);
        }
        (heard, answer.get_ref().received())
    }

    fn post(&self, body: &str) -> Result<Response, Failure> {
        let url = below(&self.base, "/git-upload-pack");
        let headers = [
            (CONTENT_TYPE, REQUEST_TYPE),
            (ACCEPT, RESULT_TYPE),
            (PROTOCOL, WISH),
            (USER_AGENT, AGENT),
        ];
        let login = Granted::to(self.login.as_ref(), &url);
        let response = self.client.post(&url, login, headers, body.to_owned())?;
        // Where it is 301 or 302 that led away, what was asked was lost on the way, as HTTP has it.
        let is_away = *response.url() != url;
        match response.status() {
            StatusCode::BAD_REQUEST
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::NOT_IMPLEMENTED
                if !is_away =>
            {
                Err(Fault::said(format!("HTTP {}", response.status()).as_bytes()).into())
            }
            _ => {
                let checked = check(&response, &self.shown, RESULT_TYPE);
                checked.map_err(|error| match is_away {
                    true => led_away(&response, &self.shown),
                    false => error,
                })?;
                Ok(response)
            }
        }
    }
}

/// A question was redirected to who does not answer it.
fn led_away(response: &Response, shown: &str) -> Error {
    let (there, status) = (http::shown(response.url()), response.status());
    let source = format!("it redirects questions to {there}, which says HTTP {status}");
    Error::from(SourceError::Astray { place: shown.to_owned(), source: Said::new(source) })
}

fn get_refs(client: &Client, base: &Url, login: Option<&Login>) -> Result<Response, Error> {
    client.get(&refs_of(base), login, [(PROTOCOL, WISH), (USER_AGENT, AGENT)])
}

/// Tries one login after the other until one is taken. What answers then may be another host, which
/// wants a login of its own.
fn log_in(
    client: &Client,
    asked: &Url,
    typed: &Url,
    shown: &str,
) -> Result<(Response, Granted), Error> {
    let mut tried = Vec::new();
    for source in credentials::sources(asked, typed) {
        let Some(login) = source.login(asked) else { continue };
        let response = get_refs(client, asked, Some(&login))?;
        let is_elsewhere = response.url().origin() != asked.origin();
        let taken = is_elsewhere || response.status() != StatusCode::UNAUTHORIZED;
        if let Source::Helper { .. } = source {
            credentials::tell_helper(asked, &login, taken);
        }
        if taken {
            return Ok((response, Granted { login, asked: asked.clone() }));
        }
        tried.push(source.to_string());
    }
    let why = match tried.as_slice() {
        [] => "it wants a login, and there is none".to_owned(),
        tried => format!("it does not take the login from {}", tried.join(", nor from ")),
    };
    let advice = credentials::advice(asked);
    let place = match asked.origin() == typed.origin() {
        true => shown.to_owned(),
        false => http::shown(asked),
    };
    Err(Error::from(SourceError::Refused { place, why, advice }))
}

fn check(response: &Response, shown: &str, wanted: &str) -> Result<(), Error> {
    let place = shown.to_owned();
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    match status {
        StatusCode::OK if kind.is_some_and(|kind| is_type(kind, wanted)) => Ok(()),
        StatusCode::OK => {
            let kind = kind.unwrap_or("a page of no type");
            let why = format!("it answers with {kind}, and a git server with {wanted}");
            Err(not_a_repository(response, shown, why))
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Err(not_a_repository(response, shown, format!("HTTP {status}")))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let advice = credentials::advice(response.url());
            Err(Error::from(SourceError::Refused { place, why: format!("HTTP {status}"), advice }))
        }
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(Error::from(SourceError::Proxy {
            place,
            source: Said::new(format!("HTTP {status}")),
        })),
        _ => Err(Error::from(SourceError::Unreachable {
            place,
            source: Said::new(format!("HTTP {status}")),
        })),
    }
}

/// Is a content type the one that is `wanted`, whatever the web server adds, as a charset?
fn is_type(kind: &str, wanted: &str) -> bool {
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

fn not_a_repository(response: &Response, shown: &str, why: String) -> Error {
    Error::from(SourceError::NotARepository {
        place: shown.to_owned(),
        source: Said::new(why),
        advice: credentials::advice_if_missing(response.url()),
    })
}

fn refs_of(base: &Url) -> Url {
    let mut url = below(base, REFS);
    url.set_query(Some(SERVICE));
    url
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// The repository whose refs lie at `url`.
fn base_of(url: &Url) -> Option<Url> {
    let mut base = without_login(url);
    let path = url.path().strip_suffix(REFS).filter(|_| url.query() == Some(SERVICE))?;
    base.set_path(path);
    base.set_query(None);
    Some(base)
}
