#!/usr/bin/env bash
# Builds hwq and runs all tests: GoogleTest programs, then lit. The last line is
# "N passed, N failed, N skipped". Installs missing packages. With CI=true warnings
# are errors and every fuzzer runs for a minute. --exhaustive: property tests take all their values (an hour), not a
# sample.
set -uo pipefail
cd "$(dirname "$0")/.."
case "$*" in
"") ;;
--exhaustive) export HWQ_EXHAUSTIVE=1 ;;
*) echo "usage: test/run.sh [--exhaustive]" >&2; exit 2 ;;
esac

tools/install-deps.sh || exit 1
preset=release
[ "${CI:-}" = true ] && preset=ci
cmake --preset $preset || exit 1
cmake --build --preset $preset || exit 1

passed=0 failed=0 skipped=0
count() { # count LOG PATTERN: the number behind the last match of a pattern, 0 without one
  sed -nE "s/$2/\1/p" "$1" | awk '{n = $1} END {print n + 0}'
}
[ -d ../shared ] || echo "note: ../shared is not there, tests on its models and data are skipped"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for program in build/release/test/bin/*; do
  echo "== ${program##*/}"
  "$program" --gtest_brief=1 >"$log" 2>&1
  status=$?
  cat "$log"
  passed=$((passed + $(count "$log" '^\[  PASSED  \] ([0-9]+) tests?\.$')))
  skipped=$((skipped + $(count "$log" '^\[  SKIPPED \] ([0-9]+) tests?.*$')))
  n=$(count "$log" '^\[  FAILED  \] ([0-9]+) tests?, listed below:$')
  # A program that dies without a summary has failed too.
  [ $status -ne 0 ] && [ "$n" -eq 0 ] && n=1
  failed=$((failed + n))
done

if [ "${CI:-}" = true ]; then
  echo "== fuzzers"
  bash test/fuzz/run.sh $preset 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  passed=$((passed + $(grep -c '^HWQ[A-Za-z]*: passed' "$log")))
  n=$(grep -c '^HWQ[A-Za-z]*: FAILED' "$log")
  [ "$status" -ne 0 ] && [ "$n" -eq 0 ] && n=1
  failed=$((failed + n))
fi

echo "== lit"
cmake --build --preset $preset --target check-hwq 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
passed=$((passed + $(count "$log" '^ *Passed *: *([0-9]+).*$')))
skipped=$((skipped + $(count "$log" '^ *Unsupported *: *([0-9]+).*$')))
n=$(($(count "$log" '^ *Failed *: *([0-9]+).*$') + $(count "$log" '^ *Timed Out *: *([0-9]+).*$') +
    $(count "$log" '^ *Unresolved *: *([0-9]+).*$')))
[ "$status" -ne 0 ] && [ $n -eq 0 ] && n=1
failed=$((failed + n))

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
