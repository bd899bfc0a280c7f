#!/usr/bin/env python3
"""Runs an imported model on inputs written as text and compares its outputs.

    check_values.py PROGRAM FILE.values

Lines of FILE.values:

    input NAME float32|int64 2x3x4: numbers
    output NAME 2x3x4: numbers                what ONNX Runtime gives for these inputs

`hwq eval` executes PROGRAM; the files for it are written beside it. An output fits if no element differs by more
than 1e-4 of its largest magnitude. Needs nothing but Python.
"""
import math
import re
import struct
import subprocess
import sys
import zipfile

CODES = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q"}


def read_values(path):
    """(kind, name, type, shape, numbers) per line."""
    with open(path) as lines:
        for line in lines:
            head, numbers = line.split(":")
            kind, name, *type_, shape = head.split()
            shape = tuple(int(d) for d in shape.split("x"))
            yield kind, name, type_[0] if type_ else "float32", shape, numbers.split()


def write_npz(path, arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, descr, shape, numbers in arrays:
            header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))},), }}"
            header += " " * (-(len(header) + 11) % 64) + "\n"
            body = struct.pack(f"<{len(numbers)}{CODES[descr]}", *numbers)
            archive.writestr(
                name + ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + body
            )


def read_npz(path):
    result = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            raw = archive.read(entry)
            size = struct.unpack("<H", raw[8:10])[0]
            header = raw[10 : 10 + size].decode()
            code = CODES[re.search(r"'descr':\s*'([^']+)'", header)[1]]
            shape = re.search(r"'shape':\s*\(([^)]*)\)", header)[1]
            shape = tuple(int(v) for v in shape.split(",") if v.strip())
            body = raw[10 + size :]
            count = len(body) // struct.calcsize("<" + code)
            result[entry[:-4]] = (shape, struct.unpack(f"<{count}{code}", body))
    return result


def difference(shape, want, got):
    """What is wrong with an output, or nothing."""
    if got is None:
        return "missing"
    if got[0] != shape:
        return f"expected shape {shape}, got {got[0]}"
    bound = 1e-4 * max(abs(v) for v in want)
    for i, (w, g) in enumerate(zip(want, got[1])):
        if not math.isfinite(g) or abs(w - g) > bound:
            return f"expected {w:g} at element {i}, got {g:g}"
    return None


def main(program, values):
    arrays, outputs = [], []
    for kind, name, type_, shape, numbers in read_values(values):
        if kind == "input":
            number, descr = (int, "<i8") if type_ == "int64" else (float, "<f4")
            arrays.append((name, descr, shape, [number(n) for n in numbers]))
        else:
            outputs.append((name, shape, [float(n) for n in numbers]))
    write_npz(program + ".npz", arrays)
    dump = program + ".out.npz"
    subprocess.run(["hwq", "eval", program, f"--data={program}.npz", "--quiet", f"--dump={dump}"], check=True)
    dumped = read_npz(dump)
    bad = 0
    for name, shape, want in outputs:
        why = difference(shape, want, dumped.get(name))
        if why:
            bad += 1
            print(f"output '{name}': {why}")
    print(f"{len(outputs) - bad} of {len(outputs)} outputs fit")
    sys.exit(bad != 0 or not outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])
