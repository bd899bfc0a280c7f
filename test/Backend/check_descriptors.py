#!/usr/bin/env python3
"""Checks every built-in backend: there is one for every file, what it prints is read
back and prints the same, and each value of its options applies.

Options are read from what --print-backend prints:

  options = {
    "option" = {
      "value" = {field = ...},
"""
import argparse, pathlib, re, subprocess, sys

OPTION = re.compile(r' {4}"([^"]+)" = \{$')
VALUE = re.compile(r' {6}"([^"]+)" = \{')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hwq-opt", required=True, help="the program")
    parser.add_argument("--folder", required=True, help="for files")
    parser.add_argument("--descriptors", required=True, help="folder of the built-in descriptors")
    args = parser.parse_args()
    failures = []

    def run(name, *flags):
        done = subprocess.run([args.hwq_opt, *flags], capture_output=True, text=True)
        if done.returncode:
            failures.append(f"{name}: {' '.join(flags)}: {done.stderr.strip()}")
        return done.stdout

    names = [line.split()[0] for line in run("list", "--list-backends").splitlines()[1:]]
    files = sorted(path.stem for path in pathlib.Path(args.descriptors).glob("*.mlir"))
    if names != files:
        failures.append(f"expected the backends {files}, got {names}")
    for name in names:
        text = run(name, f"--print-backend={name}")
        copy = pathlib.Path(args.folder) / f"{name}.mlir"
        copy.write_text(text)
        if run(name, f"--backend-file={copy}", f"--print-backend={name}") != text:
            failures.append(f"{name}: prints something else when it is read back")
        count = 0
        option = None
        for line in text[text.index("  options = "):].splitlines():
            if match := OPTION.match(line):
                option = match[1]
            elif match := VALUE.match(line):
                run(name, f"--print-backend={name}{{{option}={match[1]}}}")
                count += 1
        if not count:
            failures.append(f"{name}: no option found")
        print(f"{name}: {count} option values")
    for failure in failures:
        print(failure)
    print(f"{len(names)} backends, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
