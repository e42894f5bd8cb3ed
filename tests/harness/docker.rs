//! A docker for the tests of this run alone, with images made of this machine's own Debian.
//!
//! It starts where the first test needs it and ends with the run, however that ends: `dockerd.sh`
//! holds the other end of a pipe of ours.

use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::ops::{Deref, DerefMut};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Sandbox;

/// Debian's: another one on the PATH may have no builder.
const CLIENT: &str = "/usr/bin/docker";

/// What the base holds beside the least that Debian needs.
const PACKAGES: &str = "--include=redis-server,redis-tools";

/// As the official image: options without a command are redis-server's.
const REDIS: &str = r#"
FROM local/debian
RUN mkdir /data
VOLUME /data
WORKDIR /data
EXPOSE 6379
ENTRYPOINT ["sh", "-c", "case $1 in -*|*.conf) set -- redis-server \"$@\";; esac; exec \"$@\"", "sh"]
CMD ["redis-server"]
"#;

/// As an image of Redis Enterprise: its user, and the folder of its modules.
const ENTERPRISE: &str = r#"
FROM local/debian
RUN useradd --system --home-dir /opt/redislabs redislabs && mkdir -p /opt/redislabs/lib/modules \
    && chown -R redislabs:redislabs /opt/redislabs
USER redislabs
ENV REDIS_MODULES=/opt/redislabs/lib/modules
WORKDIR /opt/redislabs
CMD ["/opt/start.sh"]
"#;

static DOCKER: OnceLock<Result<Docker, String>> = OnceLock::new();

fn docker() -> Result<&'static Docker, &'static str> {
    DOCKER.get_or_init(Docker::start).as_ref().map_err(String::as_str)
}

/// The client; none where docker cannot be started.
pub fn client() -> Option<PathBuf> {
    docker().is_ok().then(|| PathBuf::from(CLIENT))
}

/// Why docker cannot be started.
pub fn why_not() -> &'static str {
    docker().err().unwrap_or_default()
}

/// Ends docker, if it was started, and waits until nothing of it is left.
pub fn stop() {
    if let Some(Ok(docker)) = DOCKER.get() {
        docker.stop();
    }
}

/// A sandbox whose `docker` is that of this run, with the images `local/debian`, `local/redis` and
/// `redislabs/redis`. All tests have the same images: a test names its own as no other does.
pub struct Docked(Sandbox);

impl Docked {
    /// An empty one.
    pub fn new() -> Self {
        let docker = docker().expect("the test does not name its peer docker");
        let mut sandbox = Sandbox::new();
        let path = sandbox.ok("echo \"$PATH\"");
        sandbox.env("PATH", format!("{}:{path}", docker.folder.join("bin").display()));
        sandbox.env("DOCKER_HOST", docker.host()).env("DOCKER_BUILDKIT", "1");
        Self(sandbox)
    }
}

impl Deref for Docked {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.0
    }
}

impl DerefMut for Docked {
    fn deref_mut(&mut self) -> &mut Sandbox {
        &mut self.0
    }
}

/// Where the test fails, what docker says may tell why.
impl Drop for Docked {
    fn drop(&mut self) {
        if let (true, Ok(docker)) = (std::thread::panicking(), docker()) {
            eprintln!("dockerd said last:\n{}", docker.last_words());
        }
    }
}

struct Docker {
    /// `socket`, and a `bin` with a client for it.
    folder: PathBuf,
    daemon: Mutex<Daemon>,
    log: Arc<Mutex<String>>,
}

struct Daemon {
    child: Child,
    /// Reads all it says.
    listener: Option<JoinHandle<()>>,
}

impl Docker {
    fn start() -> Result<Self, String> {
        for program in [CLIENT, "/usr/sbin/dockerd", "/usr/bin/mmdebstrap"] {
            fs::metadata(program).map_err(|e| format!("{program}: {e}"))?;
        }
        if !rustix::process::geteuid().is_root() {
            return Err("only root can start it".to_owned());
        }
        let base = base()?;
        let folder = tempfile::Builder::new().prefix("rk-docker-").tempdir().unwrap().keep();
        let log = Arc::default();
        let docker = Self { daemon: Mutex::new(Daemon::start(&folder, &log)), folder, log };
        match docker.wait().and_then(|()| docker.images(&base)) {
            Ok(()) => Ok(docker),
            Err(why) => {
                docker.stop();
                Err(format!("{why}\ndockerd said last:\n{}", docker.last_words()))
            }
        }
    }

    fn wait(&self) -> Result<(), String> {
        let start = Instant::now();
        while UnixStream::connect(self.folder.join("socket")).is_err() {
            if self.daemon.lock().unwrap().child.try_wait().unwrap().is_some() {
                return Err("dockerd ended".to_owned());
            }
            if start.elapsed() > Duration::from_secs(300) {
                return Err("dockerd does not answer".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn images(&self, base: &Path) -> Result<(), String> {
        self.write_client();
        let import = ["import", "-", "local/debian"];
        done(self.client().args(import).stdin(File::open(base).unwrap()))?;
        for (name, dockerfile) in [("local/redis", REDIS), ("redislabs/redis", ENTERPRISE)] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(dockerfile.as_bytes()).unwrap();
            file.rewind().unwrap();
            done(self.client().args(["build", "--tag", name, "-"]).stdin(file))?;
        }
        Ok(())
    }

    fn client(&self) -> Command {
        let mut client = Command::new(self.folder.join("bin/docker"));
        client.env("DOCKER_HOST", self.host()).env("DOCKER_BUILDKIT", "1");
        client
    }

    fn host(&self) -> String {
        format!("unix://{}", self.folder.join("socket").display())
    }

    /// A client for command lines as a person types them: containers have no network here, and docker
    /// wants to be told so.
    fn write_client(&self) {
        let text = format!(
            "#!/bin/sh\nverb=$1\nshift\n\
             case $verb in build|run) set -- --network=none \"$@\";; esac\n\
             exec {CLIENT} \"$verb\" \"$@\"\n"
        );
        let client = self.folder.join("bin/docker");
        fs::create_dir(client.parent().unwrap()).unwrap();
        fs::write(&client, text).unwrap();
        fs::set_permissions(client, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn last_words(&self) -> String {
        let log = self.log.lock().unwrap();
        let skipped = log.lines().count().saturating_sub(20);
        log.lines().skip(skipped).map(|line| format!("{line}\n")).collect()
    }

    fn stop(&self) {
        let mut daemon = self.daemon.lock().unwrap();
        drop(daemon.child.stdin.take());
        let _ = daemon.child.wait();
        drop(daemon.listener.take().map(JoinHandle::join));
    }
}

impl Daemon {
    /// In a process group of its own: what interrupts the tests shall not keep it from cleaning up.
    fn start(folder: &Path, log: &Arc<Mutex<String>>) -> Self {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut sh = Command::new("/bin/sh");
        sh.args(["-c", include_str!("dockerd.sh"), "dockerd.sh"]).arg(folder).process_group(0);
        sh.env("PATH", format!("{path}:/usr/sbin:/sbin"));
        sh.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = sh.spawn().unwrap();
        let (mut says, log) = (child.stderr.take().unwrap(), Arc::clone(log));
        let listener = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = says.read(&mut buffer) {
                *log.lock().unwrap() += &String::from_utf8_lossy(&buffer[..length]);
            }
        });
        Self { child, listener: Some(listener) }
    }
}

/// The files of the base as a tar, made where there is none, or one with something else in it.
fn base() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (tar, holds) = (folder.join("base.tar"), folder.join("base"));
    let suite = suite();
    let wanted = format!("{suite} {PACKAGES}");
    if tar.exists() && fs::read_to_string(&holds).is_ok_and(|held| held == wanted) {
        return Ok(tar);
    }
    let new = tempfile::NamedTempFile::new_in(folder).unwrap();
    let mut mmdebstrap = Command::new("mmdebstrap");
    mmdebstrap.args(["--quiet", "--variant=minbase", "--format=tar", PACKAGES, &suite, "-"]);
    mmdebstrap.args(sources()).stdout(new.reopen().unwrap());
    done(&mut mmdebstrap)?;
    new.persist(&tar).unwrap();
    fs::write(holds, wanted).unwrap();
    Ok(tar)
}

/// The name of the Debian that runs here: what is built here runs there too.
fn suite() -> String {
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = system.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    name.unwrap_or("stable").to_owned()
}

/// Where this machine has Debian's packages from; nothing where it does not know, then mmdebstrap
/// does.
fn sources() -> Vec<String> {
    let line = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)";
    let mut apt = Command::new("apt-get");
    apt.args(["indextargets", "--format", line, "Created-By: Packages", "Origin: Debian"]);
    let said = apt.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).lines().map(str::to_owned).collect()
}

fn done(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr))),
    }
}
