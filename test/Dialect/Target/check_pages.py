#!/usr/bin/env python3
"""Compares docs/dialects with what mlir-tblgen makes of the target dialects' ODS files,
and tries the example of every op: as text and through bytecode.

With --update the pages are written."""
import argparse, pathlib, re, subprocess, sys

DIALECT = re.compile(r'Target_Dialect<"(\w+)"')
OP = re.compile(r"^### `([\w.]+)` .*?(?=^### |\Z)", re.S | re.M)
EXAMPLE = re.compile(r"^Example:\n\n```mlir\n(.*?)^```", re.S | re.M)


def run(command, text=""):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stderr}{text}")
    return done.stdout


def program(name, example):
    """A function around one op; its operands are arguments, or constants before it."""
    constants = set(re.findall(r"^(%\w+) = \"", example, re.M))
    op = example[example.rindex("%y = "):]
    operands = re.findall(r"%\w+", op.partition("{")[0].partition(":")[0])[1:]
    op = re.sub(r"\n *", " ", op.rstrip()) + "\n"
    signature = op[op.rindex(": (") + 3:op.rindex(") -> ")]
    types, depth, start = [], 0, 0
    for i, c in enumerate(signature + ","):
        depth += (c in "<({") - (c in ">)}")
        if c == "," and depth == 0:
            types.append(" ".join(signature[start:i].split()))
            start = i + 1
    arguments = ", ".join(f"{o}: {t}" for o, t in zip(operands, types, strict=True)
                          if o not in constants)
    return f"func.func @{name}({arguments}) {{\n{example}return\n}}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", required=True, help="root of the sources")
    parser.add_argument("--mlir-include", required=True, help="MLIR's include folder")
    parser.add_argument("--bytecode", required=True, help="a file to write")
    parser.add_argument("--update", action="store_true", help="write the pages")
    args = parser.parse_args()
    root = pathlib.Path(args.root)
    pages = ops = failures = 0
    for source in sorted(root.glob("include/hwq/Dialect/*/IR/*Ops.td")):
        dialect = DIALECT.search(source.read_text())
        if not dialect:
            continue
        pages += 1
        text = run(["mlir-tblgen", "-gen-dialect-doc", f"-dialect={dialect[1]}",
                    "-I", str(root / "include"), "-I", args.mlir_include, str(source)])
        page = root / "docs" / "dialects" / f"{dialect[1]}.md"
        # The marker is of a documentation generator; blank lines at ends are not kept.
        text = re.sub(r"\n{3,}", "\n\n", text.replace("[TOC]\n\n", "")).rstrip() + "\n"
        if args.update:
            page.write_text(text)
        elif not page.exists() or page.read_text() != text:
            failures += 1
            print(f"{page.relative_to(root)} is not what mlir-tblgen makes of "
                  f"{source.relative_to(root)}")
        module, names = "", []
        for section in OP.finditer(text):
            if not section[1].startswith(dialect[1] + "."):
                continue
            names.append(section[1])
            example = EXAMPLE.search(section[0])
            if example:
                module += program(section[1].replace(".", "_"), example[1])
        ops += len(names)
        try:
            printed = run(["hwq-opt"], module)
            for name in names:
                if f" {name} " not in printed:
                    raise RuntimeError(f"no example of {name}")
            run(["hwq-opt", "--emit-bytecode", "-o", args.bytecode], module)
            if run(["hwq-opt", args.bytecode]) != printed or run(["hwq-opt"], printed) != printed:
                raise RuntimeError(f"does not survive text and bytecode:\n{printed}")
        except RuntimeError as error:
            failures += 1
            print(f"{dialect[1]}: {error}")
    print(f"{pages} dialects, {ops} ops, {failures} failures")
    return 1 if failures or not ops else 0


if __name__ == "__main__":
    sys.exit(main())
