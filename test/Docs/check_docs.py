#!/usr/bin/env python3
"""Runs the examples of the documentation and compares what they print.

An example is a comment with a command and the fenced block behind it:

    <!-- example: hwq-opt docs/examples/one-conv.mlir | grep quantize -->
    ```mlir
    what the command prints
    ```

The command runs in bash in the root of the sources. With --update the blocks are
rewritten from what the commands print now.
"""
import argparse, pathlib, re, subprocess, sys

EXAMPLE = re.compile(r"(<!-- example: (?P<command>.*?) -->\n```\w*\n)(?P<text>.*?)(?=```)", re.S)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", required=True, help="root of the sources")
    parser.add_argument("--update", action="store_true", help="rewrite the blocks")
    args = parser.parse_args()
    root = pathlib.Path(args.root)
    examples = failures = 0
    for page in sorted([root / "README.md", *root.glob("docs/**/*.md")]):
        source = page.read_text()

        def check(match):
            nonlocal examples, failures
            examples += 1
            command = " ".join(match["command"].split())
            run = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=root,
                                 capture_output=True, text=True)
            if run.returncode:
                failures += 1
                print(f"{page.relative_to(root)}: '{command}' failed:\n{run.stderr}")
                return match[0]
            if run.stdout != match["text"]:
                if not args.update:
                    failures += 1
                    print(f"{page.relative_to(root)}: '{command}'\nexpected:\n{match['text']}\n"
                          f"printed:\n{run.stdout}")
            return match[1] + run.stdout

        updated = EXAMPLE.sub(check, source)
        if args.update and updated != source:
            page.write_text(updated)
    print(f"{examples} examples, {failures} failures")
    return 1 if failures or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
