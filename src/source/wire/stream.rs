//! A byte stream to a `git-upload-pack`: over TCP to a `git daemon`, or through the user's ssh.
//!
//! In: a place. Out: a [`Stream`] to read from and to write to, which ends with an error where the
//! other side says nothing for too long.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::exchange::Failure;
use super::greeting::WISH;
use super::paced::Paced;
use super::packet::{self, Fault};
use super::trouble::unanswered;
use crate::error::{Error, Said, SourceError};
use crate::http::{CONNECT_TIMEOUT, IDLE_TIMEOUT};
use crate::source::address::Place;
use crate::source::ssh;

/// How long ssh may take to end when it has closed its output: what it ends with comes after that, and
/// the network or the machine may be slow.
const LINGER: Duration = Duration::from_secs(10);

/// The stream; ssh is ended with it.
pub(super) enum Stream {
    Tcp(TcpStream),
    Ssh { socket: UnixStream, child: Child, errors: File },
}

impl Stream {
    /// Connects to a place that is not HTTP, and asks there for `git-upload-pack`, in so many bytes of
    /// git's protocol.
    pub fn open(place: &Place, shown: &str) -> Result<(Self, usize), Error> {
        match place {
            Place::Daemon { host, port, path } => {
                daemon(host, *port, path).map_err(|error| unreachable(&error, shown))
            }
            Place::Ssh { user, host, port, path } => {
                let login = user.as_ref().map_or(host.clone(), |user| format!("{user}@{host}"));
                let command = ssh::command(&login, *port, path, WISH);
                through(command, shown).map(|stream| (stream, 0))
            }
            Place::Http(_) | Place::Local(_) => unreachable!("they are not streams"),
        }
    }

    /// Sends `text` as it is.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.write_all(text.as_bytes()),
            Self::Ssh { socket, .. } => socket.write_all(text.as_bytes()),
        }
    }

    /// What it means that no list of refs came: ssh may have said why.
    pub fn explain(&mut self, fault: Fault, shown: &str) -> Error {
        match (self, fault) {
            (Self::Ssh { child, errors, .. }, fault) if fault.is_end() => {
                ssh::explain(wait(child), &text_of(errors), shown)
            }
            (_, fault) => unanswered(fault, shown),
        }
    }

    /// What it means that the answer to a request broke off: ssh may have said why. What it says
    /// beside an answer is no reason for anything.
    pub fn last_words(&mut self, failure: Failure) -> Failure {
        match (self, &failure) {
            (Self::Ssh { child, errors, .. }, Failure::Talk(fault)) if fault.is_end() => {
                wait(child);
                let said = text_of(errors);
                if said.trim().is_empty() { failure } else { Fault::said(said.as_bytes()).into() }
            }
            _ => failure,
        }
    }
}

/// Says `request`, and lets `hear` have the answer; also how many bytes came.
pub(super) fn ask<T>(
    stream: &mut BufReader<Paced<Stream>>,
    request: &str,
    hear: impl FnOnce(&mut dyn BufRead) -> Result<T, Failure>,
) -> (Result<T, Failure>, u64) {
    stream.get_mut().begin();
    let said = stream.get_mut().inner().say(request).map_err(Fault::from);
    let heard = said.map_err(Failure::from).and_then(|()| hear(stream));
    let heard = heard.map_err(|failure| stream.get_mut().inner().last_words(failure));
    (heard, stream.get_ref().received())
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buffer),
            Self::Ssh { socket, .. } => socket.read(buffer),
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Self::Ssh { child, .. } = self {
            // It may have ended by itself; either way it must not outlive us.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// git(7) calls what stands behind the host an extra parameter; a server that does not know it does not
/// see it.
fn daemon(host: &str, port: u16, path: &str) -> io::Result<(Stream, usize)> {
    let mut socket = connect(host, port)?;
    socket.set_read_timeout(Some(IDLE_TIMEOUT))?;
    socket.set_write_timeout(Some(IDLE_TIMEOUT))?;
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let asked = packet::line(&format!("git-upload-pack {path}\0host={host}:{port}\0\0{WISH}\0"));
    socket.write_all(asked.as_bytes())?;
    Ok((Stream::Tcp(socket), asked.len()))
}

/// Connects to the first address of `host` that answers.
fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut failed = io::Error::other("the name has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(socket) => return Ok(socket),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn unreachable(error: &io::Error, shown: &str) -> Error {
    let (place, source) = (shown.to_owned(), Said::new(error.to_string()));
    Error::from(SourceError::Unreachable { place, source })
}

/// Runs ssh, and speaks to what it runs.
fn through(mut command: Command, shown: &str) -> Result<Stream, Error> {
    let (socket, errors) = attach(&mut command).map_err(|error| unreachable(&error, shown))?;
    let child = command.spawn().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        ssh::not_run(&format!("cannot run {program}: {error}"), shown)
    })?;
    // The command still holds the other end of the socket; without it we see when ssh ends.
    drop(command);
    Ok(Stream::Ssh { socket, child, errors })
}

/// Gives a command a socket to speak to us by, and a file for what it says beside that. A socket serves
/// ssh as well as a pipe does, and can be read from with a time limit; a pipe would be held open by a
/// connection that ssh keeps for later, a file is not.
fn attach(command: &mut Command) -> io::Result<(UnixStream, File)> {
    let (socket, other) = UnixStream::pair()?;
    socket.set_read_timeout(Some(IDLE_TIMEOUT))?;
    socket.set_write_timeout(Some(IDLE_TIMEOUT))?;
    let errors = tempfile::tempfile()?;
    command.stdin(Stdio::from(OwnedFd::from(other.try_clone()?)));
    command.stdout(Stdio::from(OwnedFd::from(other)));
    command.stderr(Stdio::from(errors.try_clone()?));
    Ok((socket, errors))
}

/// The exit code of an ssh that has closed its output, if it ends as it should.
fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < LINGER {
        if let Ok(Some(status)) = child.try_wait() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

fn text_of(errors: &mut File) -> String {
    let mut bytes = Vec::new();
    let read = errors.rewind().and_then(|()| errors.take(4096).read_to_end(&mut bytes));
    read.map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
