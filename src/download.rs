//! A file of the network whose digest is known beforehand.
//!
//! In: a URL, a digest, and a file that may hold the beginning from an earlier time. Out: the file
//! with the whole of it, verified, or an error that says which side is to blame. Since the digest is
//! known no server has to say whether its file is still the same: what was put together from two
//! downloads and does not fit is downloaded once more as a whole.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderMap};
use reqwest::{StatusCode, Url};

use crate::digest::Sha256;
use crate::error::{DependencyError, Error, IoContext, Said, SourceError};
use crate::http::{Client, body_failure, login_of, shown, without_login};
use crate::progress::Meter;

/// What to download.
pub struct Wanted<'a> {
    /// Where it is; may hold a login.
    pub url: &'a Url,
    /// What it must be.
    pub sha256: Sha256,
    /// How many bytes it may have.
    pub limit: u64,
}

/// How often one place is asked in vain.
const TRIES: u32 = 3;
/// The first pause between two tries; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(300);
/// Who has waited so long for nothing waits no longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// A try that brought so many bytes was not in vain.
const PROGRESS: u64 = 1 << 20;

/// What a try that got to the end has brought.
struct Got {
    /// A web page, says the server.
    is_page: bool,
    /// All of it, and not only what was missing.
    whole: bool,
}

/// Why a try has ended early.
enum Trouble {
    /// Another try may go better.
    Passing(Error),
    /// It will not.
    Lasting(Error),
}

impl Wanted<'_> {
    /// Downloads into `file` what it does not hold yet.
    ///
    /// # Errors
    /// [`DependencyError`], [`SourceError`] where the server cannot be reached, [`Error::Io`].
    pub fn download(&self, client: &Client, file: &mut File, meter: &Meter) -> Result<(), Error> {
        let before = self.end(file)?;
        if before > 0 && self.verify(file, false).is_ok() {
            return Ok(());
        }
        let got = self.complete(client, file, meter)?;
        let mut verified = self.verify(file, got.is_page);
        if verified.is_err() && !got.whole {
            self.empty(file)?;
            let got = self.complete(client, file, meter)?;
            verified = self.verify(file, got.is_page);
        }
        if verified.is_err() {
            self.empty(file)?;
        }
        verified
    }

    /// Tries until all of it is there.
    fn complete(&self, client: &Client, file: &mut File, meter: &Meter) -> Result<Got, Error> {
        let (mut tries, mut since) = (0, Instant::now());
        loop {
            let from = self.end(file)?;
            let error = match self.attempt(client, file, from, meter) {
                Ok(got) => return Ok(got),
                Err(Trouble::Lasting(error)) => return Err(error),
                Err(Trouble::Passing(error)) => error,
            };
            if self.end(file)? >= from + PROGRESS {
                (tries, since) = (0, Instant::now());
            }
            tries += 1;
            if tries >= TRIES || since.elapsed() > PATIENCE {
                return Err(error);
            }
            thread::sleep(PAUSE * 2_u32.pow(tries - 1));
        }
    }

    fn attempt(
        &self,
        client: &Client,
        file: &mut File,
        from: u64,
        meter: &Meter,
    ) -> Result<Got, Trouble> {
        let login = login_of(self.url);
        let asked = client.get_from(&without_login(self.url), login.as_ref(), from);
        let response = asked.map_err(|error| match error {
            Error::Source(SourceError::Unreachable { .. }) => Trouble::Passing(error),
            error => Trouble::Lasting(error),
        })?;
        match response.status() {
            StatusCode::PARTIAL_CONTENT if first_byte(response.headers()) == Some(from) => {}
            StatusCode::OK => self.empty(file).map_err(Trouble::Lasting)?,
            status => {
                // Whatever it has there, it does not go on where we are.
                if matches!(status.as_u16(), 206 | 416) {
                    self.empty(file).map_err(Trouble::Lasting)?;
                }
                return Err(self.trouble(status));
            }
        }
        self.receive(response, file, meter)
    }

    fn receive(
        &self,
        mut response: Response,
        file: &mut File,
        meter: &Meter,
    ) -> Result<Got, Trouble> {
        let mut size = self.end(file).map_err(Trouble::Lasting)?;
        let got = Got { is_page: is_page(&response), whole: size == 0 };
        let total = response.content_length().map(|rest| size.saturating_add(rest));
        self.within_limit(total.unwrap_or_default(), file)?;
        meter.begin("Downloading", name_of(self.url), total);
        meter.add(size);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = match response.read(&mut buffer) {
                Ok(0) => return Ok(got),
                Ok(count) => count,
                Err(error) => {
                    let (url, source) = (shown(self.url), body_failure(&error));
                    let broke_off = DependencyError::BrokeOff { url, received: size, source };
                    return Err(Trouble::Passing(broke_off.into()));
                }
            };
            size += count as u64;
            self.within_limit(size, file)?;
            let written = file.write_all(&buffer[..count]);
            written.at("write", self.place()).map_err(Trouble::Lasting)?;
            meter.add(count as u64);
        }
    }

    fn within_limit(&self, size: u64, file: &mut File) -> Result<(), Trouble> {
        if size <= self.limit {
            return Ok(());
        }
        self.empty(file).map_err(Trouble::Lasting)?;
        let (url, limit) = (shown(self.url), self.limit);
        Err(Trouble::Lasting(DependencyError::TooLarge { url, limit }.into()))
    }

    /// What an answer without the file means.
    fn trouble(&self, status: StatusCode) -> Trouble {
        let (url, source) = (shown(self.url), Said::new(format!("HTTP {status}")));
        match status.as_u16() {
            404 | 410 => Trouble::Lasting(DependencyError::NoFile { url, source }.into()),
            401 | 403 => Trouble::Lasting(DependencyError::Refused { url, source }.into()),
            407 => Trouble::Lasting(SourceError::Proxy { place: url, source }.into()),
            206 | 408 | 416 | 429 | 500.. => {
                Trouble::Passing(DependencyError::Failed { url, source }.into())
            }
            _ => Trouble::Lasting(DependencyError::Failed { url, source }.into()),
        }
    }

    /// Holds what is there against the digest.
    fn verify(&self, file: &mut File, is_page: bool) -> Result<(), Error> {
        let read = file.rewind().and_then(|()| Sha256::of_reader(&mut *file));
        let found = read.at("read back", self.place())?;
        if found == self.sha256 {
            return Ok(());
        }
        let (place, size) = (shown(self.url), self.end(file)?);
        let expected = self.sha256;
        Err(DependencyError::WrongDigest { place, expected, found, size, is_page }.into())
    }

    fn empty(&self, file: &mut File) -> Result<(), Error> {
        file.set_len(0).and_then(|()| file.rewind()).at("write", self.place())
    }

    /// Goes to the end of what is there.
    fn end(&self, file: &mut File) -> Result<u64, Error> {
        file.seek(SeekFrom::End(0)).at("write", self.place())
    }

    /// What an error calls a file that has no name yet.
    fn place(&self) -> String {
        format!("the download of {}", shown(self.url))
    }
}

/// The file's name: what a person knows it by.
fn name_of(url: &Url) -> String {
    url.path().rsplit('/').next().unwrap_or_default().to_owned()
}

/// Where the part begins that a server gives: `Content-Range: bytes 5-9/10`.
fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// What comes of a server that says `answer` and then nothing.
    fn silent(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://ann:secret@{}/p.tgz?t=secret", listener.local_addr().unwrap());
        thread::spawn(move || {
            let mut sockets = Vec::new();
            for socket in listener.incoming().flatten() {
                let _ = (&socket).read(&mut [0; 1000]);
                (&socket).write_all(answer.as_bytes()).unwrap();
                sockets.push(socket);
            }
        });
        let client = Client::with_idle_timeout(None, Duration::from_millis(100)).unwrap();
        let url = Url::parse(&url).unwrap();
        let wanted = Wanted { url: &url, sha256: Sha256::of(b""), limit: 1000 };
        let mut file = tempfile::tempfile().unwrap();
        let error = wanted.download(&client, &mut file, &Meter::default()).unwrap_err();
        let cause = std::error::Error::source(&error);
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        format!("{error}{cause}").replace(url.port().unwrap().to_string().as_str(), "PORT")
    }

    #[test]
    fn a_silent_server_is_an_error() {
        assert_eq!(silent(""), "cannot reach http://127.0.0.1:PORT: operation timed out");
        assert_eq!(
            silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
            "http://127.0.0.1:PORT/p.tgz?... broke off after 4 bytes: operation timed out"
        );
    }

    #[test]
    fn a_server_that_does_not_stop_is_an_error() {
        // The limit is 1000 bytes.
        let endless = "0123456789".repeat(101);
        let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{endless}");
        let said = silent(answer.leak());
        assert_eq!(said, "http://127.0.0.1:PORT/p.tgz?... is larger than 0 MB");
    }

    #[test]
    fn where_a_part_begins() {
        for (range, first) in [
            ("bytes 5-9/10", Some(5)),
            ("bytes 5-9/*", Some(5)),
            ("bytes */10", None),
            ("lines 5-9/10", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_RANGE, range.parse().unwrap())]);
            assert_eq!(first_byte(&headers), first, "{range}");
        }
    }
}
