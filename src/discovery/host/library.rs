//! Loading a shared library as a server would.
//!
//! In: a path. Out: a [`Library`], or why there is none. What a server has already loaded for itself
//! is loaded before, for modules forget to say that they need it. A symbol that only a server has
//! stays unresolved, which does no harm until it is used; one that nobody has is a failure.

use std::ffi::{CStr, CString, c_int, c_void};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use object::elf::STB_WEAK;
use object::read::elf::ElfFile64;
use object::{Endianness, Object as _, ObjectSymbol as _, ReadCache};

use crate::error::HostFault;

/// What servers are linked with, beside libc itself, and a function of each; since glibc 2.34 most of
/// them are part of libc.
const OF_THE_SERVER: [(&CStr, &CStr); 4] = [
    (c"libm.so.6", c"log2"),
    (c"libdl.so.2", c"dlopen"),
    (c"libpthread.so.0", c"pthread_create"),
    (c"librt.so.1", c"timer_create"),
];
/// Names that Redis servers from 6.0 to 8.2 export, one a line.
const SERVER_SYMBOLS: &str = include_str!("server_symbols.txt");

/// A library that is loaded for the rest of the process.
pub struct Library(*mut c_void);

impl Library {
    /// This program, and what was loaded for everybody.
    const ALL: Self = Self(libc::RTLD_DEFAULT);

    /// Loads the file, whose constructors run now.
    ///
    /// # Errors
    /// What the dynamic linker says, or the symbols that nobody has.
    pub fn load(path: &Path) -> Result<Self, HostFault> {
        for (library, function) in OF_THE_SERVER {
            if Self::ALL.symbol(function).is_none() {
                let _ = open(library, libc::RTLD_NOW | libc::RTLD_GLOBAL);
            }
        }
        let name = CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
        match open(&name, libc::RTLD_NOW | libc::RTLD_LOCAL) {
            Ok(library) => Ok(library),
            Err(said) if said.contains("undefined symbol") => load_lazily(path, &name, said),
            Err(said) => Err(refusal(path, &said)),
        }
    }

    /// The address of what the library calls `name`.
    pub fn symbol(&self, name: &CStr) -> Option<*mut c_void> {
        // SAFETY: the library is loaded, and never closed; or it is ALL.
        let found = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        (!found.is_null()).then_some(found)
    }
}

fn open(name: &CStr, how: c_int) -> Result<Library, String> {
    // SAFETY: loading runs the library's own code, which is what this process is for; what the linker
    // says stays until it is asked again.
    unsafe {
        let library = libc::dlopen(name.as_ptr(), how);
        if library.is_null() {
            let said = libc::dlerror();
            let said = if said.is_null() { c"" } else { CStr::from_ptr(said) };
            return Err(said.to_string_lossy().into_owned());
        }
        Ok(Library(library))
    }
}

fn load_lazily(path: &Path, name: &CStr, said: String) -> Result<Library, HostFault> {
    let library =
        open(name, libc::RTLD_LAZY | libc::RTLD_LOCAL).map_err(|said| refusal(path, &said))?;
    let Some(wanted) = wanted(path) else { return Err(refusal(path, &said)) };
    let is_known = |symbol: &String| SERVER_SYMBOLS.lines().any(|known| known == symbol);
    let mut missing: Vec<String> = wanted
        .into_iter()
        .filter(|symbol| {
            let name = CString::new(symbol.as_str()).unwrap_or_default();
            [&library, &Library::ALL].iter().all(|place| place.symbol(&name).is_none())
        })
        .filter(|symbol| !is_known(symbol))
        .collect();
    missing.sort();
    if missing.is_empty() { Ok(library) } else { Err(HostFault::Unresolved { symbols: missing }) }
}

/// What the linker said; that it was said of this library, everybody knows.
fn refusal(path: &Path, said: &str) -> HostFault {
    let of_it = format!("{}: ", path.display());
    HostFault::Linker { said: said.strip_prefix(&of_it).unwrap_or(said).to_owned() }
}

/// What a library cannot do without and does not have itself.
fn wanted(path: &Path) -> Option<Vec<String>> {
    let cache = ReadCache::new(File::open(path).ok()?);
    let elf = ElfFile64::<Endianness, _>::parse(&cache).ok()?;
    let needed = elf
        .dynamic_symbols()
        .filter(|symbol| symbol.is_undefined() && symbol.elf_symbol().st_bind() != STB_WEAK);
    Some(needed.filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).collect())
}
