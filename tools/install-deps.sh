#!/usr/bin/env bash
# Installs what building and testing hwq needs on Debian 12: only what is missing,
# and says what. Needs root or sudo where anything is missing.
set -euo pipefail

packages=(
  clang-22 lld-22 libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools
  cmake ninja-build ccache python3
  libdnnl-dev libonnx-dev libprotobuf-dev protobuf-compiler libxml2-dev
  libflatbuffers-dev flatbuffers-compiler
  libzip-dev libjpeg62-turbo-dev libpng-dev
  libopenmpi-dev openmpi-bin # calibration by several processes; hwq builds without
  libgtest-dev libbenchmark-dev
  libclang-rt-22-dev libgmp-dev libgemmlowp-dev python3-numpy # fuzzers and oracles of the tests
)

installed() { # prints the state of a package: "installed" or something else
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true
}

missing=()
for package in "${packages[@]}"; do
  [ "$(installed "$package")" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "install-deps: all ${#packages[@]} packages are there"
  exit 0
fi
echo "install-deps: installing ${missing[*]}"

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "install-deps: error: missing packages need root or sudo" >&2
    exit 1
  }
  sudo=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || {
  echo "install-deps: error: the packages come from Debian 12 (bookworm) and its security suite; is" \
       "bookworm-security in the sources?" >&2
  exit 1
}
echo "install-deps: done"
