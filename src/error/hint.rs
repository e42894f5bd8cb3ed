//! What to do about an error: one sentence, or nothing where the error already says it.

use std::io::ErrorKind;

use super::Error;

impl Error {
    /// What the person who sees this error can do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Io { source, .. } => return io_hint(source.kind()).map(str::to_owned),
            Self::IsAFolder { .. } => "name a file in it".to_owned(),
            Self::WouldOverwrite { .. } => {
                "keep it by another --output, or overwrite it with --force".to_owned()
            }
            Self::ModuleYaml { .. } => {
                "mend it there, write another file with --module-yaml PATH, \
                                        or none with --no-module-yaml; it is as it was"
                    .to_owned()
            }
            Self::NotUtf8 { .. } => "choose another --output, or --no-module-yaml".to_owned(),
            Self::Usage(_) => "rampkit help shows what there is".to_owned(),
            Self::DeniedWarnings(_) => {
                "mend what they name, or leave --deny-warnings out; nothing was written".to_owned()
            }
        };
        Some(hint)
    }
}

fn io_hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "check the spelling, and that its folder exists",
        ErrorKind::PermissionDenied => "check its owner and mode, and those of its folder",
        ErrorKind::ReadOnlyFilesystem => "choose a writable place with --output",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room, or choose another place with --output; nothing was left behind"
        }
        _ => return None,
    })
}
