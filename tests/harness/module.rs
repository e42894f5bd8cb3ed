//! Redis modules, compiled where a test needs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Peer, Sandbox};

impl Sandbox {
    /// Compiles `fixtures/modules/NAME.c`, or the sample module `hello`, to `NAME.so` in
    /// [`work`](Self::work).
    pub fn module(&self, name: &str) -> PathBuf {
        self.compile(name, Command::new("cc"))
    }

    /// The same for AArch64, by the [`Peer::Zig`].
    pub fn module_for_aarch64(&self, name: &str) -> PathBuf {
        let mut zig = Command::new(Peer::Zig.found().join("python"));
        // Zig would have undefined behaviour trapped: a crash shall be one.
        zig.args(["-m", "ziglang", "cc", "-fno-sanitize=undefined"]);
        zig.args(["-target", "aarch64-linux-gnu.2.17"]);
        self.compile(name, zig)
    }

    fn compile(&self, name: &str, mut compiler: Command) -> PathBuf {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let hello = root.join("modules/hello");
        let fixture = root.join("fixtures/modules").join(format!("{name}.c"));
        let source = if fixture.exists() { fixture } else { hello.join(format!("{name}.c")) };
        let module = self.path(format!("{name}.so"));
        compiler.args(["-shared", "-fPIC", "-I"]).arg(hello).arg("-o").arg(&module).arg(source);
        assert!(compiler.status().expect("a C compiler").success());
        module
    }
}
