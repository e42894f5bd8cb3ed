//! lighttpd with `git http-backend`, and tinyproxy, on loopback.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::git::never_shallow;
use super::{Peer, Sandbox};

/// A server that runs until it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server on a free port; on another, where somebody takes it first.
fn on_a_free_port(start: impl Fn(u16) -> Command) -> (Running, u16) {
    for _ in 0..10 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut command = start(port);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = Running(command.spawn().unwrap());
        while running.0.try_wait().unwrap().is_none() {
            if listens(running.0.id(), port) {
                return (running, port);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("the server does not start");
}

/// Does this process itself listen on the port? Who was faster would answer as well.
fn listens(process: u32, port: u16) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let sockets: Vec<String> = table.lines().filter_map(|line| listener(line, port)).collect();
    let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let mut names = open.filter_map(|file| fs::read_link(file.path()).ok());
    names.any(|name| sockets.iter().any(|socket| name.as_os_str() == socket.as_str()))
}

/// The socket that a line of proc_pid_net(5)'s table of TCP has listen on the port.
fn listener(line: &str, port: u16) -> Option<String> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, local, _, "0A", _, _, _, _, _, inode, ..] = fields[..] else { return None };
    local.ends_with(&format!(":{port:04X}")).then(|| format!("socket:[{inode}]"))
}

/// Serves the repositories of `srv` at `/git/`, with a password (ann, `open sesame`) at `/locked/`,
/// redirected at `/moved/`; as plain files at `/files/`, with that password at `/private/`, redirected
/// at `/elsewhere/`. `/plain/` leads to http, `/login/` to a page, `/circle/` to itself, and nobody may
/// read `/forbidden/`. What it gave stands in `web/log`: `PATH STATUS BYTES`.
///
/// At `/old/` git is told nothing of protocols, at `/first/` version 1 of it is asked for, at `/whole/`
/// it cannot cut the history, and at `/named/` it names its service even in version 2. Who asks git at
/// `/told/`, and with that password at `/asked/`, stands in `../told`: `METHOD LOGIN`.
pub struct Lighttpd {
    _running: Running,
    /// `https://127.0.0.1:PORT` or with http.
    pub url: String,
    /// The port of 127.0.0.1.
    pub port: u16,
}

impl Lighttpd {
    /// Over plain HTTP. The sandbox calls its port `[PORT]`.
    pub fn http(sandbox: &mut Sandbox) -> Self {
        Self::http_that(sandbox, "")
    }

    /// The same, with more lines in its configuration.
    pub fn http_that(sandbox: &mut Sandbox, more: &str) -> Self {
        Self::start(sandbox, "http", more)
    }

    /// Over TLS, with a certificate of an authority of its own: `tls/ca.pem`.
    pub fn https(sandbox: &mut Sandbox) -> Self {
        Self::https_that(sandbox, "")
    }

    /// The same, with more lines in its configuration.
    pub fn https_that(sandbox: &mut Sandbox, more: &str) -> Self {
        sandbox.ok(
            "mkdir -p tls && cd tls && ! test -e both.pem || exit 0; new='openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256' && \
             $new -subj /CN=Ann -keyout ca.key -out ca.pem 2>&1 && \
             $new -subj /CN=host -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=CA:FALSE \
             -CA ca.pem -CAkey ca.key -keyout key.pem -out cert.pem 2>&1 && cat key.pem cert.pem > both.pem",
        );
        let pem = sandbox.path("tls/both.pem");
        let tls = format!("ssl.engine = \"enable\"\nssl.pemfile = \"{}\"\n{more}", pem.display());
        Self::start(sandbox, "https", &tls)
    }

    fn start(sandbox: &mut Sandbox, scheme: &str, tls: &str) -> Self {
        let root = sandbox.work().display().to_string();
        let backend = sandbox.ok("git --exec-path") + "/git-http-backend";
        sandbox.write("web/passwords", "ann:open sesame\n");
        sandbox.write("web/whole.sh", format!("'{backend}' | {}\n", never_shallow(sandbox)));
        let name = "print; $n++ || print qq(001e# service=git-upload-pack\\n0000) if /^\\r?$/ && $ENV{QUERY_STRING}";
        sandbox.write("web/named.sh", format!("'{backend}' | perl -ne '{name}'\n"));
        let told = "echo \"$REQUEST_METHOD $HTTP_AUTHORIZATION\" >> ../../told";
        sandbox.write("web/told.sh", format!("{told}; exec '{backend}'\n"));
        let more = CONFIG.replace("@ROOT@", &root).replace("@BACKEND@", &backend);
        let (running, port) = on_a_free_port(|port| {
            let text =
                format!("server.port = {port}\n{more}{tls}").replace("@PORT@", &port.to_string());
            let path = sandbox.write("web/lighttpd.conf", text.replace("@SCHEME@", scheme));
            let mut lighttpd = Command::new(Peer::Lighttpd.found());
            lighttpd.arg("-D").arg("-f").arg(path);
            lighttpd
        });
        sandbox.alias(port, "[PORT]");
        Self { _running: running, url: format!("{scheme}://127.0.0.1:{port}"), port }
    }
}

const CONFIG: &str = r#"
server.bind = "127.0.0.1"
server.document-root = "@ROOT@/web"
server.errorlog = "@ROOT@/web/errors"
server.modules = ("mod_alias", "mod_auth", "mod_authn_file", "mod_redirect", "mod_access", "mod_setenv", "mod_cgi", "mod_openssl", "mod_accesslog")
accesslog.filename = "@ROOT@/web/log"
accesslog.format = "%U %s %b"
mimetype.assign = (".html" => "text/html", "" => "text/plain")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "@ROOT@/srv", "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "@ROOT@/../home", "GIT_CONFIG_NOSYSTEM" => "1", "GIT_TRACE_PACKET" => "@ROOT@/../heard", "GIT_TRACE_BARE" => "1")
alias.url = ("/git" => "@BACKEND@", "/locked" => "@BACKEND@", "/old" => "@BACKEND@", "/first" => "@BACKEND@", "/whole" => "@ROOT@/web/whole.sh", "/named" => "@ROOT@/web/named.sh", "/told" => "@ROOT@/web/told.sh", "/asked" => "@ROOT@/web/told.sh", "/files" => "@ROOT@/srv", "/private" => "@ROOT@/srv")
url.redirect = ("^/moved/(.*)" => "@SCHEME@://127.0.0.1:@PORT@/git/$1", "^/plain/" => "http://127.0.0.1:@PORT@/", "^/login/" => "/files/page.html", "^/elsewhere/(.*)" => "/files/$1", "^/circle/" => "/circle/round")
cgi.assign = ("git-http-backend" => "", ".sh" => "/bin/sh")
$HTTP["url"] =~ "^/old/" { setenv.set-request-header = ("Git-Protocol" => "") }
$HTTP["url"] =~ "^/first/" { setenv.set-request-header = ("Git-Protocol" => "version=1") }
url.access-deny = ("forbidden/gears/info/refs", "forbidden/p.tgz")
auth.backend = "plain"
auth.backend.plain.userfile = "@ROOT@/web/passwords"
auth.require = ("/locked/" => ("method" => "basic", "realm" => "git", "require" => "valid-user"),
    "/asked/" => ("method" => "basic", "realm" => "git", "require" => "valid-user"),
    "/private/" => ("method" => "basic", "realm" => "files", "require" => "valid-user"))
"#;

/// A proxy; what it was asked for stands in `proxy.log`.
pub struct Tinyproxy {
    _running: Running,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Tinyproxy {
    /// A proxy that wants a password where one is given, as `user password`. The sandbox calls its
    /// port `[PROXY]`.
    pub fn start(sandbox: &mut Sandbox, login: Option<&str>) -> Self {
        let log = sandbox.path("proxy.log");
        let login = login.map_or_else(String::new, |login| format!("BasicAuth {login}\n"));
        let (running, port) = on_a_free_port(|port| {
            let config = format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 60\nLogFile \"{}\"\nLogLevel Connect\n{login}",
                log.display()
            );
            let mut proxy = Command::new(Peer::Tinyproxy.found());
            proxy.arg("-d").arg("-c").arg(sandbox.write("proxy.conf", config));
            proxy
        });
        sandbox.alias(port, "[PROXY]");
        Self { _running: running, url: format!("http://127.0.0.1:{port}") }
    }
}
