"""compare.py EXPECTED.npz DUMP.npz: the codes of every tensor in both, without numpy."""

import ast
import struct
import sys
import zipfile


def read(path):
    """Shape without ones and bytes of each int8 array."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            end = 10 + struct.unpack("<H", data[8:10])[0]
            header = ast.literal_eval(data[10:end].decode())
            if header["descr"] == "|i1":
                arrays[name.removesuffix(".npy")] = [d for d in header["shape"] if d != 1], data[end:]
    return arrays


expected, got = read(sys.argv[1]), read(sys.argv[2])
names = [name for name in expected if name in got]
values = different = 0
for name in names:
    (shape, codes), (other, others) = expected[name], got[name]
    if shape != other:
        sys.exit(f"{name}: the shape {other}, expected {shape}")
    values += len(codes)
    different += sum(a != b for a, b in zip(codes, others))
print(f"{len(names)} tensors, {values} codes, {different} differ")
print("not in the program:", ", ".join(sorted(name for name in expected if name not in got)) or "none")
