#!/usr/bin/env python3
"""Array files without numpy.

npy.py write Y.npy TYPE SHAPE VALUE...   a file, for example write y.npy i4 2,3 1 2 3 4 5 6
npy.py show Y.npy                        type, shape and elements of a file of integers
"""
import ast, struct, sys

CODES = {"i1": "b", "u1": "B", "i2": "h", "i4": "i", "i8": "q", "f4": "f", "f8": "d", "b1": "?"}


def write(path, kind, shape, *values):
    code = CODES[kind]
    number = float if code in "fd" else int
    order = "|" if kind[1] == "1" else "<"
    dims = tuple(int(d) for d in shape.split(",") if d)
    header = repr({"descr": order + kind, "fortran_order": False, "shape": dims}).encode()
    header = header.ljust(117) + b"\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        file.write(struct.pack(f"<{len(values)}{code}", *(number(v) for v in values)))


def show(path):
    with open(path, "rb") as file:
        data = file.read()
    end = 10 + struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:end].decode())
    code = CODES[header["descr"][1:]]
    count = (len(data) - end) // struct.calcsize(code)
    print(header["descr"], header["shape"], *struct.unpack(f"<{count}{code}", data[end:]))


if __name__ == "__main__":
    {"write": write, "show": show}[sys.argv[1]](*sys.argv[2:])
