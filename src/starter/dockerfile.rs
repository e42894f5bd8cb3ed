//! The Dockerfile that packs a module in its own image.
//!
//! In: what is [`Known`](super::Known). Out: its text. All of it was tried with buildah
//! 1.28.

use super::Known;
use crate::assembly::dockerfile::escape::Escape;
use crate::wording::tame;

/// The text of the Dockerfile.
pub fn text(known: &Known) -> String {
    let quoted = |text| Escape::Backslash.quoted(text);
    let (image, packed) = (known.image(), known.packed());
    let (name, folder, file) = (tame(&known.file), quoted(&known.folder), quoted(&known.file));
    format!(
        r#"# Packs {name} in the image that has it; the module runs there, no server does. Put a rampkit for
# that image beside this file, or name another place by --build-arg RAMPKIT=PATH, then
#   docker build --output dist .
# writes the bundle and its module.yaml to dist, and
#   docker build --target packed --tag {packed} .
# makes the image that module.yaml names: the one that has the module, and beside it the bundle. Then
#   rampkit dockerfile --baseimage redislabs/redis --output dist/Dockerfile dist/module.yaml
#   docker build dist
# makes an image of Redis Enterprise that has it.

# Where the module lies in its image.
ARG MODULE_FOLDER={folder}

FROM {image} AS pack
# The bundle is written beside the module, which may be root's.
# hadolint ignore=DL3002
USER 0
ARG RAMPKIT=rampkit
COPY ["${{RAMPKIT}}", "/usr/local/bin/rampkit"]
# With them whatever a local_path of ramp.yml names.
COPY ["ramp.yml", "module.yaml", "/pack/"]
WORKDIR /pack
ARG MODULE_FOLDER
ARG MODULE_FILE={file}
RUN chmod 755 /usr/local/bin/rampkit \
    && bundle="$(rampkit pack --module-yaml module.yaml -- "$MODULE_FOLDER/$MODULE_FILE")" \
    && mkdir /dist && cp "$bundle" module.yaml /dist/

# As whoever it ran before, and without what was needed for packing.
FROM {image} AS packed
ARG MODULE_FOLDER
COPY --from=pack ["/dist/*.zip", "${{MODULE_FOLDER}}/"]

FROM scratch
COPY --from=pack ["/dist/", "/"]
"#
    )
}
