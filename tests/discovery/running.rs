//! A server that was started without any of rampkit's code, and a connection to it.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::harness::Sandbox;
use crate::supervision::eventually;

/// It ends when this is dropped.
pub struct Running {
    process: Child,
    pub connection: redis::Connection,
}

impl Running {
    /// Starts `program` with further options.
    pub fn start(sandbox: &Sandbox, program: &Path, options: &[&str]) -> Self {
        let socket = sandbox.path("socket");
        let mut server = sandbox.command("exec \"$@\"");
        server.arg("sh").arg(program).args(["--port", "0", "--save", "", "--unixsocket"]);
        server.arg(&socket).args(options);
        let process = server.stdout(Stdio::null()).spawn().unwrap();
        let client = redis::Client::open(format!("unix://{}", socket.display())).unwrap();
        let mut connection = None;
        eventually(|| {
            connection = client.get_connection().ok();
            connection.is_some()
        });
        Self { process, connection: connection.unwrap() }
    }

    pub fn ask<T: redis::FromRedisValue>(&mut self, words: &[&str]) -> T {
        redis::cmd(words[0]).arg(&words[1..]).query(&mut self.connection).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
