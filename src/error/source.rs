//! What can stop fetching. `place` and `repository` never show a login.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::io_context::io_hint;

/// Why there is no manifest from a repository.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "a field is explained by the text it stands in")]
#[non_exhaustive]
pub enum SourceError {
    /// A host did not answer, or not in time.
    #[error("cannot reach {place}")]
    Unreachable { place: String, source: Said },
    /// A program that would reach a host, here or there, cannot be run.
    #[error("cannot reach {place}")]
    NotRun { place: String, source: Said, advice: String },
    /// A host's certificate is not trusted, or TLS failed otherwise.
    #[error("cannot speak to {place} by TLS")]
    Tls { place: String, source: Said },
    /// A proxy does not let us through.
    #[error("cannot reach {place} through the proxy")]
    Proxy { place: String, source: Said },
    /// A host leads to where we do not follow.
    #[error("cannot follow {place}")]
    Astray { place: String, source: Said },
    /// A host does not know us, or does not let us in.
    #[error("{place} does not let us in: {why}")]
    Refused { place: String, why: String, advice: String },
    /// A server stopped in the middle, or speaks nonsense.
    #[error("{place} did not give what it has")]
    Broken { place: String, source: Said },
    /// There is no repository at a place.
    #[error("{place} is not a git repository")]
    NotARepository { place: String, source: Said, advice: String },
    /// The objects of a repository have ids of another kind.
    #[error("{place} has SHA-256 object ids, which rampkit cannot read")]
    Sha256Ids { place: String },
    /// A repository belongs to another user.
    #[error("the repository at {} belongs to another user", path.display())]
    UnsafeOwner { path: PathBuf },
    /// libgit2 could not do something.
    #[error("cannot {action} {place}")]
    Git { action: &'static str, place: String, source: Said },
    /// A repository does not have a ref or a commit.
    #[error("{repository} has no {reference}")]
    UnknownRef { reference: String, repository: String, advice: String },
    /// An abbreviated id fits more than one commit.
    #[error("{digits} is the beginning of {} commits: {}", candidates.len(), candidates.join(", "))]
    AmbiguousCommit { digits: String, candidates: Vec<String> },
    /// A tag leads to a file or a folder.
    #[error("{reference} of {repository} does not lead to a commit")]
    NotACommit { reference: String, repository: String },
    /// A commit has no manifest, or no folder, where it was looked for.
    #[error("there is {what} at {at}")]
    NoManifest { what: String, at: String, advice: String },
    /// A commit has what no repository of modules has.
    #[error("the files of {place} are not written: {why}")]
    Untrusted { place: String, why: String, advice: String },
    /// A path of a commit is a link, a folder, or a submodule.
    #[error("{path} at {at} is {kind}, not a file")]
    NotAFile { path: String, at: String, kind: &'static str, advice: String },
    /// On the way to a path of a commit is a link or a submodule.
    #[error("{path} at {at} is {kind}, not a folder")]
    NotAFolder { path: String, at: String, kind: &'static str, advice: String },
    /// A manifest is larger than any.
    #[error("{path} at {at} has {size} bytes, and a manifest has at most {most}")]
    TooLarge { path: String, at: String, size: u64, most: u64 },
    /// A manifest lies elsewhere.
    #[error("{path} at {at} is a pointer of Git LFS, not the file itself")]
    LfsPointer { path: String, at: String },
    /// A repository has something else than a lock says.
    #[error("{repository} has not what the lock says: {why}")]
    LockBroken { repository: String, reference: String, why: String },
    /// No lock says what to fetch again.
    #[error("there is no {} that says what to fetch", path.display())]
    NoLock { path: PathBuf },
    /// A lock names no repository that there could be.
    #[error("{} cannot be used: {why}", path.display())]
    BadLock { path: PathBuf, why: String },
    /// A lock is not of what is wanted.
    #[error("{} is of {is}, not of {wanted}", path.display())]
    LockOfAnother { path: PathBuf, is: String, wanted: String },
    /// Only the server knows what a ref points at.
    #[error("{reference} of {repository} cannot be looked up offline")]
    Offline { reference: String, repository: String },
    /// Only the server knows which tags there are.
    #[error("the tags of {repository} cannot be listed offline")]
    UnlistedOffline { repository: String },
    /// The network is left alone, and the cache lacks something.
    #[error("the cache does not have all that is needed of {reference} of {repository}")]
    NotCached { reference: String, repository: String },
}

impl SourceError {
    /// See [`Error::hint`](super::Error::hint).
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreachable { place, .. } if place.starts_with("http") => {
                "check the name and the network; behind a proxy set \
                 HTTPS_PROXY, and NO_PROXY for hosts without it"
                    .to_owned()
            }
            Self::Unreachable { .. } => "check the name and the network".to_owned(),
            // What rustls says of bytes that are no TLS at all.
            Self::Tls { source, .. } if source.contains("InvalidContentType") => {
                "nothing there speaks TLS: is it an http address, or another port?".to_owned()
            }
            Self::Tls { .. } => {
                "where the host has a certificate of its own authority, name that with --cacert \
                          FILE.pem; else install ca-certificates"
                    .to_owned()
            }
            Self::Proxy { source, .. } if source.contains("unsupported scheme") => {
                "name a proxy that speaks HTTP in HTTPS_PROXY, or list the host in NO_PROXY"
                    .to_owned()
            }
            Self::Proxy { .. } => {
                "check HTTPS_PROXY and its login, or list the host in NO_PROXY".to_owned()
            }
            Self::Astray { .. } => {
                "see where the address leads, and name that place itself".to_owned()
            }
            Self::Broken { .. } => "try again; nothing was written".to_owned(),
            Self::Sha256Ids { .. } => {
                "take the manifest out of a clone; rampkit packs it like any other".to_owned()
            }
            Self::UnsafeOwner { path } => {
                format!(
                    "if you trust it: git config --global --add safe.directory {}",
                    path.display()
                )
            }
            Self::Refused { advice, .. }
            | Self::NotRun { advice, .. }
            | Self::NotARepository { advice, .. }
            | Self::UnknownRef { advice, .. }
            | Self::NoManifest { advice, .. }
            | Self::Untrusted { advice, .. }
            | Self::NotAFile { advice, .. }
            | Self::NotAFolder { advice, .. } => advice.clone(),
            Self::TooLarge { .. } => "is it the right file? --path names another".to_owned(),
            Self::LfsPointer { .. } => {
                "commit it as an ordinary file: a manifest is small, and other tools read it from \
                 git too"
                    .to_owned()
            }
            Self::LockBroken { reference, .. } => {
                format!("fetch {reference} anew, without --locked, to take what it has now")
            }
            Self::NoLock { .. } => "fetch it once without --locked, which writes that".to_owned(),
            Self::BadLock { .. } | Self::LockOfAnother { .. } => {
                "fetch it anew without --locked, which renews the lock".to_owned()
            }
            Self::Offline { .. } => {
                "give the full commit id, or fetch with --locked what the lock beside the manifest \
                 says"
                    .to_owned()
            }
            Self::UnlistedOffline { .. } => {
                "leave --offline out: a list is never kept, as tags may come and go".to_owned()
            }
            Self::NotCached { .. } => "fetch it once without --offline".to_owned(),
            Self::AmbiguousCommit { .. } => "give more digits".to_owned(),
            Self::NotACommit { .. } => {
                "it points at a file or a folder; name a ref that points at a commit".to_owned()
            }
            Self::Git { source, .. } if source.contains("failed to parse config file") => {
                "mend that line; `git config --list` says whether git can read it".to_owned()
            }
            Self::Git { source, .. } if source.contains("/.gitconfig") => {
                "git's configuration in $HOME cannot be read; set HOME to a folder of yours"
                    .to_owned()
            }
            Self::Git { source, .. } => return source.io_hint().map(str::to_owned),
        };
        Some(hint)
    }

    /// See [`Error::exit_code`](super::Error::exit_code).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Git { .. } | Self::NoLock { .. } => 3,
            Self::BadLock { .. } | Self::LockOfAnother { .. } => 6,
            Self::Unreachable { .. }
            | Self::NotRun { .. }
            | Self::Tls { .. }
            | Self::Proxy { .. }
            | Self::Astray { .. }
            | Self::Refused { .. }
            | Self::Broken { .. }
            | Self::Offline { .. }
            | Self::UnlistedOffline { .. }
            | Self::NotCached { .. }
            | Self::Sha256Ids { .. }
            | Self::UnsafeOwner { .. } => 4,
            Self::NotARepository { .. }
            | Self::UnknownRef { .. }
            | Self::AmbiguousCommit { .. }
            | Self::NotACommit { .. }
            | Self::NoManifest { .. }
            | Self::Untrusted { .. }
            | Self::NotAFile { .. }
            | Self::NotAFolder { .. }
            | Self::TooLarge { .. }
            | Self::LfsPointer { .. }
            | Self::LockBroken { .. } => 5,
        }
    }
}

/// What another program, a server or a library said: on one line, without control characters.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(String);

impl Said {
    /// Takes what was said, whatever it holds.
    pub fn new(text: impl Into<String>) -> Self {
        let text: String = text.into().trim().to_owned();
        Self(text.replace(|c: char| c.is_control(), " "))
    }

    /// What to do where libgit2 names what stopped the system (strerror(3)).
    fn io_hint(&self) -> Option<&'static str> {
        let kinds = [
            ("File too large", ErrorKind::FileTooLarge),
            ("No space left on device", ErrorKind::StorageFull),
        ];
        kinds.iter().find(|(said, _)| self.contains(said)).and_then(|(_, kind)| io_hint(*kind))
    }

    /// Was `part` said?
    pub fn contains(&self, part: &str) -> bool {
        self.0.contains(part)
    }
}
