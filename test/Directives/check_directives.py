#!/usr/bin/env python3
"""Finds lines of lit tests that look like checks and are none.

FileCheck ignores a directive without its colon or with a prefix that no RUN line names,
and a RUN line that compares nothing passes as long as the program does.
"""
import pathlib, re, sys

SUFFIX = r"(?:-(?:NEXT|SAME|NOT|DAG|LABEL|EMPTY|COUNT-\d+))"
DIRECTIVE = re.compile(rf"^(?://|#)?\s*([A-Z][A-Z0-9_-]*?){SUFFIX}?:(?:\s|$)")
NO_COLON = re.compile(rf"^(?://|#)?\s*[A-Z][A-Z0-9_-]*?{SUFFIX}(?:\s|$)")
DEFINE = re.compile(r"^(?://|#)?\s*(?:RE)?DEFINE:\s*(%\{\S+\})\s*=\s*(.*)")
RUN = re.compile(r"^(?://|#)?\s*RUN:\s*(.*)")
# Comparisons, and commands on files of the test.
CHECKS = re.compile(r"FileCheck|--verify-diagnostics|\b(?:cmp|diff|grep|test)\b|%t\b|>/dev/full")
OTHER = {"RUN", "DEFINE", "REDEFINE", "REQUIRES", "UNSUPPORTED", "XFAIL", "END"}


def check(path):
    lines = path.read_text().splitlines()
    runs, prefixes, defines = [], set(), {}
    for number, line in enumerate(lines, 1):
        if match := DEFINE.match(line.strip()):
            defines[match[1]] = match[2]
        if match := RUN.match(line.strip()):
            if runs and runs[-1][1].endswith("\\"):
                runs[-1] = (runs[-1][0], runs[-1][1][:-1] + match[1])
            else:
                runs.append((number, match[1]))
    for number, run in runs:
        for name, text in defines.items():
            run = run.replace(name, text)
        prefixes.update(*(p.split(",") for p in re.findall(r"--check-prefix(?:es)?[= ](\S+)", run)))
        if "FileCheck" in run and "--check-prefix" not in run:
            prefixes.add("CHECK")
        if not CHECKS.search(run):
            yield number, "a RUN line that checks nothing"
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if match := DIRECTIVE.match(text):
            if match[1] not in prefixes | OTHER:
                yield number, f"no RUN line has the prefix {match[1]}"
        elif NO_COLON.match(text):
            yield number, "a directive without its colon"


def main():
    root = pathlib.Path(sys.argv[1])
    files = failures = 0
    for path in sorted([*root.rglob("*.mlir"), *root.rglob("*.test")]):
        if "Inputs" in path.parts:
            continue
        files += 1
        for number, message in check(path):
            failures += 1
            print(f"{path.relative_to(root)}:{number}: {message}")
    print(f"{files} files, {failures} failures")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main())
