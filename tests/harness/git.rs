//! Git servers on loopback, started for each connection as inetd would: no port is guessed, and
//! nothing runs when nobody asks.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::{Peer, Sandbox};

/// Listens until it is dropped; what it started ends with it.
pub struct Listener {
    /// The port of 127.0.0.1.
    pub port: u16,
    stop: Arc<AtomicBool>,
    children: Arc<Mutex<Vec<Child>>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Starts a program for each connection, which is its stdin and stdout.
    pub fn program(make: impl Fn() -> Command + Send + 'static) -> Self {
        let children = Arc::new(Mutex::new(Vec::new()));
        let started = Arc::clone(&children);
        Self::new(children, move |socket| {
            let other = socket.try_clone().unwrap();
            let child = make()
                .stdin(Stdio::from(OwnedFd::from(socket)))
                .stdout(Stdio::from(OwnedFd::from(other)))
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            started.lock().unwrap().push(child);
        })
    }

    /// Starts a program for each connection, and lets `change` have what it says, with the number of
    /// bytes said before. A piece that gets shorter is the last one.
    pub fn meddled(
        make: impl Fn() -> Command + Send + 'static,
        change: impl Fn(usize, &mut Vec<u8>) + Send + 'static,
    ) -> Self {
        Self::hostile(move |mut socket| {
            let asking = socket.try_clone().unwrap();
            let mut command = make();
            command.stdin(Stdio::from(OwnedFd::from(asking))).stdout(Stdio::piped());
            let mut child = command.stderr(Stdio::null()).spawn().unwrap();
            let mut said = child.stdout.take().unwrap();
            let (mut before, mut buffer) = (0, vec![0; 70_000]);
            while let Ok(length @ 1..) = said.read(&mut buffer) {
                let mut piece = buffer[..length].to_vec();
                change(before, &mut piece);
                before += length;
                if socket.write_all(&piece).is_err() || piece.len() < length {
                    break;
                }
            }
            let _ = socket.shutdown(Shutdown::Both);
            let _ = child.kill();
            let _ = child.wait();
        })
    }

    /// Does as it likes with each connection: a hostile server.
    pub fn hostile(talk: impl Fn(TcpStream) + Send + 'static) -> Self {
        Self::new(Arc::default(), talk)
    }

    fn new(children: Arc<Mutex<Vec<Child>>>, serve: impl Fn(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                serve(socket.unwrap());
            }
        });
        Self { port, stop, children, thread: Some(thread) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        drop(self.thread.take().map(JoinHandle::join));
        for child in self.children.lock().unwrap().iter_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// `git daemon` for the repositories in `srv`; the sandbox calls its port `[PORT]`.
pub fn git_daemon(sandbox: &mut Sandbox) -> Listener {
    let listener = Listener::program(daemon(sandbox));
    sandbox.alias(listener.port, "[PORT]");
    listener
}

/// The same, and `change` has what it says before we hear it.
pub fn meddled_daemon(
    sandbox: &mut Sandbox,
    change: impl Fn(usize, &mut Vec<u8>) + Send + 'static,
) -> Listener {
    let listener = Listener::meddled(daemon(sandbox), change);
    sandbox.alias(listener.port, "[PORT]");
    listener
}

fn daemon(sandbox: &Sandbox) -> impl Fn() -> Command + Send + 'static {
    let (srv, variables) = (sandbox.path("srv"), variables(sandbox));
    let path = std::env::var_os("PATH").unwrap_or_default();
    move || {
        let mut git = Command::new("git");
        git.args(["daemon", "--inetd", "--export-all", "--log-destination=none"]);
        git.arg(format!("--base-path={}", srv.display()));
        // Nothing of who runs the tests, be it his language or his settings.
        git.env_clear().env("PATH", &path).envs(variables.clone());
        git
    }
}

/// OpenSSH's server for the current user, and `$SSH`: the ssh command that it lets in. The sandbox
/// calls its port `[PORT]`, and the user `[USER]`.
pub fn sshd(sandbox: &mut Sandbox) -> Listener {
    sshd_that(sandbox, "")
}

/// One of several, with more lines in its configuration.
pub fn sshd_that(sandbox: &mut Sandbox, more: &str) -> Listener {
    if !sandbox.path("ssh").exists() {
        ssh_keys(sandbox);
    }
    let at = sandbox.path("ssh").display().to_string();
    let config = format!(
        "HostKey {at}/host\nAuthorizedKeysFile {at}/user.pub\nStrictModes no\nUsePAM no\n\
         PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\nPidFile none\n\
         SetEnv {}\n{more}\n",
        variables(sandbox).map(|(name, value)| format!("{name}={value}")).join(" ")
    );
    let count = sandbox.list("ssh").len();
    let config = sandbox.write(format!("ssh/config{count}"), config);
    let listener = Listener::program(move || {
        let mut sshd = Command::new(Peer::Sshd.found());
        sshd.arg("-i").arg("-f").arg(&config);
        sshd
    });
    let key = sandbox.read("ssh/host.pub");
    let known = sandbox.read("ssh/known") + &format!("[127.0.0.1]:{} {key}", listener.port);
    sandbox.write("ssh/known", known);
    sandbox.alias(listener.port, "[PORT]");
    listener
}

fn ssh_keys(sandbox: &mut Sandbox) {
    // Where sshd runs as root it wants this folder, which its service would make.
    let _ = std::fs::create_dir("/run/sshd");
    sandbox.ok("mkdir -m 700 ssh && cd ssh && touch known && for key in host user; do ssh-keygen -q -t ed25519 -N '' -f $key; done");
    let at = sandbox.path("ssh").display().to_string();
    sandbox.env("SSH", format!(
        "ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile={at}/known -i {at}/user"
    ));
    let user = sandbox.ok("id -un");
    sandbox.alias(format!("{user}@"), "[USER]@");
}

/// The variables of a git server: it has no settings but those of the sandbox, and writes to `../heard`
/// what it hears and says, line by line.
fn variables(sandbox: &Sandbox) -> [(&'static str, String); 4] {
    let at = |path| sandbox.path(path).display().to_string();
    [
        ("HOME", at("../home")),
        ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        ("GIT_TRACE_PACKET", at("../heard")),
        ("GIT_TRACE_BARE", "1".to_owned()),
    ]
}

/// A command that carries what a git server says, and leaves out that it can cut the history.
pub fn never_shallow(sandbox: &Sandbox) -> String {
    let script = "while (sysread STDIN, $_, 70000) { s/([ =])shallow(?=[ \\n])/$1_hallow/; syswrite STDOUT, $_ }";
    format!("perl '{}'", sandbox.write("../never_shallow.pl", script).display())
}
