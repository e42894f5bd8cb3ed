#!/bin/sh
# The main job on a real module, in a temporary folder: tag it, fetch its manifest, pack it, and write
# the Dockerfile of an image that has it.
# Needs Rust, a C compiler and git.
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --quiet
PATH="${CARGO_TARGET_DIR:-$PWD/target}/debug:$PATH"
sample=$PWD/modules/hello
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# A repository with the module's source and a tag, as its authors have it.
git init -q hello
cp "$sample"/* hello
git -C hello add .
git -C hello -c user.name=demo -c user.email=demo@example.com commit -q -m "hello 1.2.3"
git -C hello tag v1.2.3

# The build container: it has the built module, and nothing of its repository.
mkdir build
cd build
run ${CC:-cc} -shared -fPIC -o hello.so "$sample/hello.c"
run rampkit fetch ../hello tags/v1.2.3
run rampkit pack
run cat module.yaml
run rampkit dockerfile --baseimage redislabs/redis ./*.zip
