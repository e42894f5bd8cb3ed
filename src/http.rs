//! An HTTP client: TLS with the system's roots and those of a file, proxies from the environment.
//!
//! In: URLs, and a login where one is wanted. Out: responses whatever their status, or an error
//! that says which part failed: the host, TLS, or the proxy. It knows nothing of git, chooses no
//! login, and puts neither a URL's login nor a proxy's into an error.

use std::error::Error as StdError;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use reqwest::blocking::{ClientBuilder, RequestBuilder, Response};
use reqwest::header::{HeaderName, RANGE};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Url};

use crate::error::{Error, IoContext, Said, SourceError};

/// How long to wait for a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may say nothing.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

const REDIRECTS: usize = 5;

/// A client; connections are kept for later requests.
pub struct Client {
    inner: reqwest::blocking::Client,
}

/// A user and a password, for basic authentication; the password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password, or a token.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(..)")
    }
}

impl Client {
    /// A client that also trusts the certificates of `cacert`, a PEM file.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Usage`] for `cacert`.
    pub fn new(cacert: Option<&Path>) -> Result<Self, Error> {
        Self::with_idle_timeout(cacert, IDLE_TIMEOUT)
    }

    /// The same, for servers that may say nothing for so long.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_idle_timeout(cacert: Option<&Path>, idle: Duration) -> Result<Self, Error> {
        // Only the first call installs it; every later one is told so, which is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let inner = match cacert {
            Some(path) => builder(idle)
                .tls_certs_merge(certificates(path)?)
                .build()
                .map_err(|_| no_certificate(path)),
            // Without any roots the builder fails, but plain http needs none; https will then say
            // that the certificate is not trusted.
            None => builder(idle)
                .build()
                .or_else(|_| builder(idle).tls_certs_only([]).build())
                .map_err(|error| failed(&error, "the network")),
        }?;
        Ok(Self { inner })
    }

    /// Gets `url`, with further headers.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`], [`SourceError::Tls`], [`SourceError::Proxy`],
    /// [`SourceError::Astray`]; a status is no error.
    pub fn get<const N: usize>(
        &self,
        url: &Url,
        login: Option<&Login>,
        headers: [(HeaderName, &str); N],
    ) -> Result<Response, Error> {
        send(with(self.inner.get(url.clone()), headers), url, login)
    }

    /// Gets what is at `url` from the byte `from` on; a server may give all of it all the same.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn get_from(&self, url: &Url, login: Option<&Login>, from: u64) -> Result<Response, Error> {
        let builder = self.inner.get(url.clone());
        let builder = match from {
            0 => builder,
            _ => builder.header(RANGE, format!("bytes={from}-")),
        };
        send(builder, url, login)
    }

    /// Posts `body` to `url`, with further headers.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn post<const N: usize>(
        &self,
        url: &Url,
        login: Option<&Login>,
        headers: [(HeaderName, &str); N],
        body: String,
    ) -> Result<Response, Error> {
        send(with(self.inner.post(url.clone()), headers).body(body), url, login)
    }
}

fn with<const N: usize>(
    builder: RequestBuilder,
    headers: [(HeaderName, &str); N],
) -> RequestBuilder {
    headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}

/// `host` or `host:port` of a URL: what an error may show of it.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A URL as an error may show it: without a login, and without a query, which may be one.
pub fn shown(url: &Url) -> String {
    let mut url = without_login(url);
    url.set_fragment(None);
    if url.query().is_some() {
        url.set_query(Some("..."));
    }
    url.into()
}

/// The URL without the login it may hold.
pub fn without_login(url: &Url) -> Url {
    let mut url = url.clone();
    // Only a URL without a host refuses this, and that has no login.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// The login that a URL holds.
pub fn login_of(url: &Url) -> Option<Login> {
    let login = Login {
        user: decoded(url.username()),
        password: decoded(url.password().unwrap_or_default()),
    };
    (!login.user.is_empty() || !login.password.is_empty()).then_some(login)
}

/// Text of a URL without its percent signs.
pub fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What went wrong while a response's body was read.
pub fn body_failure(error: &io::Error) -> Said {
    Said::new(root_cause(error))
}

fn builder(idle: Duration) -> ClientBuilder {
    reqwest::blocking::Client::builder()
        .user_agent(concat!("rampkit/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(idle)
        // An address may be a secret between two hosts; the next one does not learn of it.
        .referer(false)
        .redirect(Policy::custom(|attempt| match refusal(&attempt) {
            Some(why) => attempt.error(why),
            None => attempt.follow(),
        }))
}

fn refusal(attempt: &Attempt<'_>) -> Option<&'static str> {
    let from = attempt.previous().last().map(Url::scheme);
    match attempt.url().scheme() {
        "http" if from == Some("https") => Some("it redirects from https to http"),
        _ if attempt.previous().len() > REDIRECTS => Some("it redirects too often"),
        _ => None,
    }
}

/// The certificates in a PEM file.
///
/// # Errors
/// [`Error::Io`]; [`Error::Usage`] where it has none.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let pem = fs::read(path).at("read", path)?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(no_certificate(path)),
    }
}

fn no_certificate(path: &Path) -> Error {
    Error::Usage(format!("--cacert {}: it holds no certificate in PEM form", path.display()))
}

fn send(builder: RequestBuilder, url: &Url, login: Option<&Login>) -> Result<Response, Error> {
    let builder = match login {
        Some(login) => builder.basic_auth(&login.user, Some(&login.password)),
        None => builder,
    };
    builder.send().map_err(|error| failed(&error, &url.origin().ascii_serialization()))
}

fn failed(error: &reqwest::Error, place: &str) -> Error {
    let (place, source) = (place.to_owned(), Said::new(root_cause(error)));
    if chain(error).any(is_tls) {
        Error::from(SourceError::Tls { place, source })
    } else if chain(error).any(is_of_proxy) {
        Error::from(SourceError::Proxy { place, source })
    } else if error.is_redirect() {
        Error::from(SourceError::Astray { place, source })
    } else {
        Error::from(SourceError::Unreachable { place, source })
    }
}

type Below<'a> = &'a (dyn StdError + 'static);

/// The error and all below it. [`io::Error`] hides the error it wraps from `source()`.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = Below<'a>> {
    std::iter::successors(Some(error), |error| below(*error))
}

fn below(error: Below<'_>) -> Option<Below<'_>> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as Below<'_>).or_else(|| error.source())
}

fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    error.is::<rustls::Error>()
}

/// It cannot be spoken to, or not in the way that its variable says.
fn is_of_proxy(error: &(dyn StdError + 'static)) -> bool {
    let said = error.to_string();
    said.starts_with("tunnel error") || said.starts_with("unsupported scheme socks")
}

fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}
