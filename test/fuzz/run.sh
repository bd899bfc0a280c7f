#!/usr/bin/env bash
# Builds every fuzzer and runs each for a minute, two at a time: CI has two cores. One line "NAME: passed, ..." or
# "NAME: FAILED" each, with the log of what was found. Every commit is tried with other inputs, one commit always with
# the same, so that a finding is met again.
# usage: test/fuzz/run.sh PRESET [SECONDS [SEED]]
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
preset=$1
export seconds=${2:-60}
commit=$(git rev-parse HEAD 2>/dev/null || echo 1)
export seed=${3:-$((16#${commit:0:7}))}
echo "seed $seed"
# And the longest input.
fuzzers="HWQKernelFuzzer:200 HWQDeriveFuzzer:200 HWQTableFuzzer:4096 HWQNpyFuzzer:4096 HWQImageFuzzer:4096
  HWQStatisticsFuzzer:8192 HWQOptionFuzzer:512 HWQOnnxFuzzer:4096"
names=$(sed -E 's/:[0-9]+//g' <<<"$fuzzers")
folder=build/release/test/fuzz
rm -rf $folder/run
mkdir -p $folder/run

log=$folder/run/build.log
# shellcheck disable=SC2086
cmake --build --preset "$preset" --target $names -- -k 0 >$log 2>&1 || tail -n 40 $log
variable() { sed -nE "s/^$1:[A-Z]+=//p" build/release/CMakeCache.txt; }
python3 test/fuzz/make_seeds.py $folder/run/seeds "$(variable HWQ_PROTOC)" "$(variable HWQ_ONNX_PROTO_DIR)" || exit 1

run_fuzzer() { # run_fuzzer NAME:LENGTH: run/NAME.log, and run/NAME.ok if nothing was found
  local name=${1%:*}
  mkdir -p "run/$name" "run/seeds/$name"
  "./$name" -seed="$seed" -max_total_time="$seconds" -max_len="${1#*:}" -timeout=30 -print_final_stats=1 -artifact_prefix="run/$name-" \
    "run/$name" "run/seeds/$name" >"run/$name.log" 2>&1 && touch "run/$name.ok"
}
export -f run_fuzzer
# shellcheck disable=SC2086
(cd $folder && printf '%s\n' $fuzzers | xargs -P 2 -I {} bash -c 'run_fuzzer {}')

status=0
for name in $names; do
  if [ -f "$folder/run/$name.ok" ]; then
    echo "$name: passed, $(sed -nE 's/^stat::number_of_executed_units: *//p' "$folder/run/$name.log") runs"
  else
    [ -f "$folder/run/$name.log" ] && tail -n 40 "$folder/run/$name.log"
    echo "$name: FAILED"
    status=1
  fi
done
exit $status
