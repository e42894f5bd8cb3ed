//! The Dockerfile that packs a module in its own image.
//!
//! In: what is [`Known`](super::Known). Out: its text. How names are written in it was tried with
//! docker 20.10 and 28.5, by the old builder and BuildKit.

use super::Known;
use crate::wording::tame;

/// The text of the Dockerfile.
pub fn text(known: &Known) -> String {
    let (file, image) = (tame(&known.file), known.image());
    let path = value(&known.path);
    format!(
        r#"# Packs {file} in the image that has it; the module runs there, no server does. Put a rampkit for
# that image beside this file, or name another place by --build-arg RAMPKIT=PATH, then
#   docker build --output dist .
# writes the bundle and its module.yaml to dist, and
#   docker build --target pack --tag {image} .
# makes the image that module.yaml names, with the bundle in it.

# The image that has the module.
FROM {image} AS pack
# The bundle is written beside the module, which may be root's.
# hadolint ignore=DL3002
USER 0
ARG RAMPKIT=rampkit
COPY ["${{RAMPKIT}}", "/usr/local/bin/rampkit"]
COPY ["ramp.yml", "module.yaml", "/pack/"]
WORKDIR /pack
# Where the module lies in that image.
ARG MODULE={path}
RUN bundle="$(rampkit pack --module-yaml module.yaml -- "$MODULE")" \
    && mkdir /dist && cp "$bundle" module.yaml /dist/

FROM scratch
COPY --from=pack ["/dist/", "/"]
"#
    )
}

/// The value of ENV, LABEL and ARG: in quotes, with an escape before each quote, dollar and escape.
fn value(text: &str) -> String {
    let mut value = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '$' | '\\') {
            value.push('\\');
        }
        value.push(c);
    }
    value + "\""
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn what_a_builder_would_expand_is_escaped() {
        assert_eq!(value(r#"/a b/$HOME"\'.so"#), r#""/a b/\$HOME\"\\'.so""#);
    }
}
