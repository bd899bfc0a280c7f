#!/usr/bin/env bash
# Builds hwq and runs its main job on the embedded model: digits.onnx in, the SNPE
# integer program, its encodings and a report out. Installs missing packages.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/install-deps.sh
if [ ! -f build/release/build.ninja ]; then
  cmake --preset release >build.log 2>&1 || { tail -n 30 build.log >&2; exit 1; }
  rm -f build.log
fi
cmake --build --preset release --target hwq hwq-opt

out=${1:-build/quickstart}
rm -rf "$out"
set -x
build/release/bin/hwq quantize examples/digits/digits.onnx --for=snpe \
  --data=examples/digits/digits_calib.npz --eval=examples/digits/digits_test.npz \
  --mean=4 --std=8 -o "$out"
