#!/usr/bin/env bash
# Builds the runtime's wasm, its metadata and the TypeScript types made of it.
#   chain/build.sh                the fast build: wasm, metadata and types in chain/artifacts
#   chain/build.sh --production   the production build, into the target folder, with its hash in chain/artifacts
#   chain/build.sh --types        metadata and types from the committed fast wasm; needs no Rust
#   chain/build.sh --check        fails when the committed wasm is not the one of the committed sources
#   chain/build.sh --hash         prints the hash of the sources
set -euo pipefail
export LC_ALL=C
chain="$(cd "$(dirname "$0")" && pwd)"
artifacts="$chain/artifacts"
target=wasm32v1-none
target_dir="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/datdot/target-wasm}"

# Everything that the wasm is made of; test/dev-chain/artifacts.test.ts follows the same rule.
inputs_hash() {
  (cd "$chain" && find . -type f \( -name '*.rs' -o -name Cargo.toml -o -name Cargo.lock -o -name build.sh -o -name neutral-paths.mjs \) \
    -not -path '*/tests/*' -not -path './target/*' | sed 's|^\./||' | sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
}

hash_of() { sha256sum "$1" | cut -d' ' -f1; }

sysroot() { rustc --print sysroot; }

has_target() { ls "$(sysroot)/lib/rustlib/$target/lib/"libcore-*.rlib >/dev/null 2>&1; }

# The target of `core` that the wasm is linked with: by rustup, else from DATDOT_WASM_TOOLCHAIN.
install_target() {
  has_target && return 0
  if command -v rustup >/dev/null 2>&1 && rustup target add "$target" >&2 && has_target; then return 0; fi
  local folder="${DATDOT_WASM_TOOLCHAIN:-}"
  [ -n "$folder" ] || return 1
  local commit archive
  commit="$(rustc -vV | sed -n 's/^commit-hash: \(.\{9\}\).*/\1/p')"
  archive="$(ls "$folder/$target-rustc-"*"-$commit.tar.xz" 2>/dev/null | head -n 1)"
  if [ -z "$archive" ]; then
    echo "$folder has no $target for $(rustc -V)" >&2
    return 1
  fi
  (cd "$folder" && grep -F "$(basename "$archive")" SHA256SUMS | sha256sum -c --quiet -) || return 1
  tar -xJf "$archive" -C "$(sysroot)/lib/rustlib"
  has_target
}

need_toolchain() {
  if ! command -v cargo >/dev/null 2>&1; then
    echo "cargo is missing: install Rust (https://rustup.rs) to build the runtime" >&2
    return 1
  fi
  if ! install_target; then
    echo "the target $target is missing: 'rustup target add $target', or name a folder with it in DATDOT_WASM_TOOLCHAIN" >&2
    return 1
  fi
}

# Builds the wasm into the file $1. Paths of this machine do not get into it.
build() {
  local out="$1"
  shift
  local flags=(-C link-arg=--export-table -C link-arg=--import-memory -C link-arg=--export=__heap_base --cfg substrate_runtime)
  local cargo_home="${CARGO_HOME:-$HOME/.cargo}" registry commit encoded
  commit="$(rustc -vV | sed -n 's/^commit-hash: //p')"
  # Where rust-src is installed, rustc names its folder instead of the one that the compiler itself was built in.
  flags+=("--remap-path-prefix=$(sysroot)/lib/rustlib/src/rust=/rustc/$commit" "--remap-path-prefix=$cargo_home=/cargo")
  for registry in "$cargo_home"/registry/src/*; do flags+=("--remap-path-prefix=$registry=/crates"); done
  flags+=("--remap-path-prefix=$chain=/datdot")
  # Separated by 0x1f, which no path has, where spaces would be taken apart.
  encoded="$(printf '%s\x1f' "${flags[@]}")"
  (cd "$chain" && CARGO_TARGET_DIR="$target_dir" CARGO_ENCODED_RUSTFLAGS="${encoded%?}" \
    cargo rustc --locked --release --target "$target" -p datdot-runtime --lib --crate-type cdylib \
    --no-default-features "$@" >&2)
  cp "$target_dir/$target/release/datdot_runtime.wasm" "$out"
  chmod 644 "$out"
  node "$chain/scripts/neutral-paths.mjs" "$out"
}

core_hash() { hash_of "$(ls "$(sysroot)/lib/rustlib/$target/lib/"libcore-*.rlib)"; }

# $1 build, $2 wasm: what was built, of what, with what.
versions() {
  cat <<JSON
{
  "build": "$1",
  "inputs": "$(inputs_hash)",
  "wasm": "$(hash_of "$2")",
  "bytes": $(wc -c <"$2" | tr -d ' '),
  "rustc": "$(rustc -V)",
  "core": "$(core_hash)"
}
JSON
}

types() { node "$chain/scripts/types.mjs"; }

field() { sed -n "s/^  \"$2\": \"\(.*\)\",\{0,1\}\$/\1/p" "$1"; }

check() {
  local recorded="$artifacts/fast.json" wasm
  if [ "$(inputs_hash)" != "$(field "$recorded" inputs)" ]; then
    echo "chain/artifacts is not built from these sources: run chain/build.sh and commit what it writes" >&2
    return 1
  fi
  if [ "$(hash_of "$artifacts/datdot-runtime.fast.wasm")" != "$(field "$recorded" wasm)" ]; then
    echo "chain/artifacts/datdot-runtime.fast.wasm is not the file that fast.json names" >&2
    return 1
  fi
  if ! need_toolchain; then
    echo "checked the hash of the sources only"
    return 0
  fi
  if [ "$(rustc -V)" != "$(field "$recorded" rustc)" ] || [ "$(core_hash)" != "$(field "$recorded" core)" ]; then
    echo "checked the hash of the sources only: the committed wasm was built with $(field "$recorded" rustc) and another core"
    return 0
  fi
  wasm="$target_dir/datdot-runtime.fast.wasm"
  build "$wasm" --features fast-runtime
  if ! cmp -s "$wasm" "$artifacts/datdot-runtime.fast.wasm"; then
    echo "the sources give another wasm than the committed one: run chain/build.sh and commit what it writes" >&2
    return 1
  fi
  echo "the committed wasm is the one of these sources, bit for bit"
}

case "${1:-}" in
  "")
    need_toolchain
    mkdir -p "$artifacts"
    wasm="$artifacts/datdot-runtime.fast.wasm"
    build "$wasm" --features fast-runtime
    versions fast "$wasm" >"$artifacts/fast.json"
    types
    ;;
  --production)
    need_toolchain
    wasm="$target_dir/datdot-runtime.production.wasm"
    build "$wasm"
    versions production "$wasm" >"$artifacts/production.json"
    echo "$wasm"
    ;;
  --types) types ;;
  --check) check ;;
  --hash) inputs_hash ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 1
    ;;
esac
