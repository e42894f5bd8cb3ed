//! Shared libraries by the names that binaries ask for: which every node has, and the packages that
//! bring others.
//!
//! In: a name as in `DT_NEEDED`. Out: whether it is on every node, else its packages where they are
//! known. Only what the package managers of all systems themselves stand on counts as being there.
//! Sources: the package archives of Ubuntu and Red Hat.

use super::Packages;

/// What every system of [`NODES`](super::NODES) has: glibc's own libraries (empty shells since 2.34),
/// GCC's, and those that dpkg, rpm and systemd need.
const EVERYWHERE: [&str; 17] = [
    "ld-linux-aarch64.so.1",
    "ld-linux-x86-64.so.2",
    "libBrokenLocale.so.1",
    "libanl.so.1",
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "liblzma.so.5",
    "libm.so.6",
    "libmvec.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libthread_db.so.1",
    "libutil.so.1",
    "libz.so.1",
];

/// Whether the library is on every node.
pub fn is_everywhere(library: &str) -> bool {
    EVERYWHERE.contains(&library)
}

/// The package of a library, by who installs it.
#[derive(Debug)]
pub struct Package {
    apt: &'static str,
    yum: &'static str,
}

/// Library, Ubuntu's package, Red Hat's (some of them in EPEL); a star stands for versions.
#[rustfmt::skip]
const PACKAGES: [(&str, &str, &str); 42] = [
    ("libatomic.so.1", "libatomic1", "libatomic"),
    ("libblas.so.3", "libblas3", "blas"),
    ("libbz2.so.1", "", "bzip2-libs"),
    ("libbz2.so.1.0", "libbz2-1.0", ""),
    ("libc++.so.1", "libc++1", "libcxx"),
    ("libc++abi.so.1", "libc++abi1", "libcxxabi"),
    ("libcrypt.so.1", "libcrypt1", "libxcrypt-compat"),
    ("libcurl.so.4", "libcurl4", "libcurl"),
    ("libcurl-gnutls.so.4", "libcurl3-gnutls", ""),
    ("libevent-2.1.so.*", "libevent-2.1-*", "libevent"),
    ("libexpat.so.1", "libexpat1", "expat"),
    ("libffi.so.*", "libffi*", "libffi"),
    ("libgeos_c.so.1", "libgeos-c1v5", "geos"),
    ("libgfortran.so.3", "libgfortran3", "libgfortran"),
    ("libgfortran.so.4", "libgfortran4", "libgfortran"),
    ("libgfortran.so.5", "libgfortran5", "libgfortran"),
    ("libgmp.so.10", "libgmp10", "gmp"),
    ("libgomp.so.1", "libgomp1", "libgomp"),
    ("libhiredis.so.*", "libhiredis*", "hiredis"),
    ("libicu*", "libicu*", "libicu"),
    ("libjemalloc.so.1", "libjemalloc1", "jemalloc"),
    ("libjemalloc.so.2", "libjemalloc2", "jemalloc"),
    ("liblapack.so.3", "liblapack3", "lapack"),
    ("liblz4.so.1", "liblz4-1", "lz4-libs"),
    ("libmaxminddb.so.0", "libmaxminddb0", "libmaxminddb"),
    ("libnuma.so.1", "libnuma1", "numactl-libs"),
    ("libomp.so.5", "libomp5", "libomp"),
    ("libopenblas.so.0", "libopenblas0", "openblas"),
    ("libpcre.so.1", "", "pcre"),
    ("libpcre.so.3", "libpcre3", ""),
    ("libpcre2-8.so.0", "libpcre2-8-0", "pcre2"),
    ("libpython3.*", "libpython3.*", "python3-libs"),
    ("libquadmath.so.0", "libquadmath0", "libquadmath"),
    ("librdkafka.so.1", "librdkafka1", "librdkafka"),
    ("libsnappy.so.1", "libsnappy1v5", "snappy"),
    ("libsodium.so.23", "libsodium23", "libsodium"),
    ("libsqlite3.so.0", "libsqlite3-0", "sqlite-libs"),
    ("libunwind.so.8", "libunwind8", "libunwind"),
    ("libuv.so.1", "libuv1", "libuv"),
    ("libxml2.so.2", "libxml2", "libxml2"),
    ("libxxhash.so.0", "libxxhash0", "xxhash-libs"),
    ("libzstd.so.1", "libzstd1", "libzstd"),
];

impl Package {
    /// The package of `library`, where it is known.
    pub fn of(library: &str) -> Option<Self> {
        let is_meant = |name: &str| match name.strip_suffix('*') {
            Some(start) => library.starts_with(start),
            None => library == name,
        };
        let row = PACKAGES.iter().find(|(name, ..)| is_meant(name));
        row.map(|&(_, apt, yum)| Self { apt, yum })
    }

    /// What it is called there, a star for its version; `None` where there is no such package.
    pub fn name(&self, packages: Packages) -> Option<&'static str> {
        let name = match packages {
            Packages::Apt => self.apt,
            Packages::Yum => self.yum,
        };
        Some(name).filter(|name| !name.is_empty())
    }
}
