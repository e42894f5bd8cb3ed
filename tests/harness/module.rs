//! Redis modules, compiled where a test needs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Peer, Sandbox};

impl Sandbox {
    /// Compiles `fixtures/modules/NAME.c`, or the sample module `hello`, to `NAME.so` in
    /// [`work`](Self::work).
    pub fn module(&self, name: &str) -> PathBuf {
        self.compile(&fixture(name), Command::new("cc"))
    }

    /// Compiles a module that does `what` in its OnLoad and registers the command `NAME.it`.
    pub fn module_that(&self, name: &str, what: &str) -> PathBuf {
        let source = format!(
            "#include \"full_api.h\"\n\
             static int it(Context *ctx, String **argv, int argc) {{ return OK; }}\n\
             int RedisModule_OnLoad(Context *ctx, String **argv, int argc) {{\n\
             init_all(ctx, \"{name}\");\n{what}\n\
             return CreateCommand(ctx, \"{name}.it\", it, \"\", 0, 0, 0);\n}}\n"
        );
        self.compile(&self.write(format!("{name}.c"), source), Command::new("cc"))
    }

    /// The same for AArch64, by the [`Peer::Zig`].
    pub fn module_for_aarch64(&self, name: &str) -> PathBuf {
        let mut zig = Command::new(Peer::Zig.found().join("python"));
        // Zig would have undefined behaviour trapped: a crash shall be one.
        zig.args(["-m", "ziglang", "cc", "-fno-sanitize=undefined"]);
        zig.args(["-target", "aarch64-linux-gnu.2.17"]);
        self.compile(&fixture(name), zig)
    }

    fn compile(&self, source: &Path, mut compiler: Command) -> PathBuf {
        let module = self.path(source.with_extension("so").file_name().unwrap());
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&module).arg(source);
        compiler.args(FOLDERS.map(|folder| format!("-I{ROOT}/{folder}")));
        assert!(compiler.status().expect("a C compiler").success());
        module
    }
}

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Where sources lie, and what they include.
const FOLDERS: [&str; 2] = ["fixtures/modules", "modules/hello"];

fn fixture(name: &str) -> PathBuf {
    let sources = FOLDERS.map(|folder| Path::new(ROOT).join(folder).join(format!("{name}.c")));
    sources.into_iter().find(|source| source.exists()).expect("a fixture")
}
