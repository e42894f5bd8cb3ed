//! Git over HTTP (gitprotocol-http(5), the smart kind).
//!
//! In: the URL of a repository. Out: the body that holds its refs, and a [`Session`] to ask for
//! objects by. A login is tried only after a 401, and is then used for the whole session. Where the
//! list of refs was redirected, the request follows to that place, as git does.

use std::io::{BufReader, Read};
use std::path::Path;

use reqwest::blocking::Response;
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url};

use super::packet::{self, Fault, Packet};
use crate::error::{Error, Said, SourceError};
use crate::http::{Client, Login, without_login};
use crate::source::credentials::{self, Source};

const REFS: &str = "/info/refs";
const SERVICE: &str = "service=git-upload-pack";
const REFS_TYPE: &str = "application/x-git-upload-pack-advertisement";
const REQUEST_TYPE: &str = "application/x-git-upload-pack-request";
const RESULT_TYPE: &str = "application/x-git-upload-pack-result";

/// A repository that answered, and the login it wanted.
pub(super) struct Session {
    client: Client,
    base: Url,
    login: Option<Login>,
    shown: String,
}

impl Session {
    /// Asks for the refs.
    pub fn open(
        typed: &Url,
        shown: &str,
        cacert: Option<&Path>,
    ) -> Result<(Self, impl Read), Error> {
        let client = Client::new(cacert)?;
        let base = without_login(typed);
        let mut response = client.get(&refs_of(&base), None)?;
        let mut login = None;
        if response.status() == StatusCode::UNAUTHORIZED {
            let asked = base_of(response.url()).unwrap_or(base);
            (response, login) = log_in(&client, &asked, typed, shown)?;
        }
        check(&response, shown, REFS_TYPE)?;
        let base = base_of(response.url()).ok_or_else(|| {
            not_a_repository(&response, shown, "it redirects to another page".to_owned())
        })?;
        Ok((Self { client, base, login, shown: shown.to_owned() }, BufReader::new(response)))
    }

    /// Asks for objects.
    pub fn request(&self, body: String) -> Result<impl Read, Error> {
        let url = below(&self.base, "/git-upload-pack");
        let types = (REQUEST_TYPE, RESULT_TYPE);
        let response = self.client.post(&url, self.login.as_ref(), types, body)?;
        check(&response, &self.shown, RESULT_TYPE)?;
        Ok(BufReader::new(response))
    }
}

/// The line and the flush that stand before the refs, over HTTP only.
pub(super) fn skip_service(body: &mut impl Read) -> Result<(), Fault> {
    match (packet::read(body)?, packet::read(body)?) {
        (Packet::Data(line), Packet::Flush) if line.starts_with(b"# service=") => Ok(()),
        _ => Err(Fault::nonsense("it does not begin with the name of the service")),
    }
}

/// Tries one login after the other until one is taken.
fn log_in(
    client: &Client,
    asked: &Url,
    typed: &Url,
    shown: &str,
) -> Result<(Response, Option<Login>), Error> {
    let mut tried = Vec::new();
    for source in credentials::sources(asked, typed) {
        let Some(login) = source.login(asked) else { continue };
        let response = client.get(&refs_of(asked), Some(&login))?;
        let taken = response.status() != StatusCode::UNAUTHORIZED;
        if let Source::Helper { .. } = source {
            credentials::tell_helper(asked, &login, taken);
        }
        if taken {
            return Ok((response, Some(login)));
        }
        tried.push(source.to_string());
    }
    let why = match tried.as_slice() {
        [] => "it wants a login, and there is none".to_owned(),
        tried => format!("it does not take the login from {}", tried.join(", nor from ")),
    };
    let advice = credentials::advice(asked);
    Err(Error::from(SourceError::Refused { place: shown.to_owned(), why, advice }))
}

fn check(response: &Response, shown: &str, wanted: &str) -> Result<(), Error> {
    let place = shown.to_owned();
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    match status {
        StatusCode::OK if kind == Some(wanted) => Ok(()),
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
