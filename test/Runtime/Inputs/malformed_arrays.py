#!/usr/bin/env python3
"""usage: malformed_arrays.py npy|npz FOLDER MODEL"""
import pathlib, struct, sys, zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import malformed

kind, folder, model = sys.argv[1:]
rng = malformed.seeded()


def npy(dtype="'<f4'", order="False", shape="(2, 1, 8, 8)", size=512, version=(1, 0), length=None, magic=b"\x93NUMPY", header=None):
    text = (header or f"{{'descr': {dtype}, 'fortran_order': {order}, 'shape': {shape}, }}").encode() + b"\n"
    length = len(text) if length is None else length
    return magic + bytes(version) + struct.pack("<H" if version[0] == 1 else "<I", length) + text + bytes(size)


def arrays():
    good = npy()
    yield from malformed.cuts(rng, good, 10)
    yield "appended", good + bytes(rng.randrange(1, 100))
    yield "magic", malformed.put(good, rng.randrange(6), b"\0")
    for version in (0, 0), (4, 0), (255, 255), (1, 1):
        yield f"version-{version[0]}-{version[1]}", npy(version=version)
    yield "header-too-long", npy(version=(2, 0), length=0xFFFFFFFF)
    yield "header-longer-than-file", npy(length=60000)
    yield "header-cut", npy(length=rng.randrange(1, 60))
    yield "header-empty", npy(length=0)
    for name, dtype in [("object", "'|O'"), ("big-endian", "'>f4'"), ("half", "'<f2'"), ("complex", "'<c8'"),
                        ("record", "[('a', '<f4')]"), ("no-dtype", "''"), ("unquoted", "f4"), ("unterminated", "'<f4")]:
        yield f"type-{name}", npy(dtype=dtype)
    for name, shape in [("negative", "(-2, 1, 8, 8)"), ("huge", f"({rng.randrange(1 << 61, 1 << 62)}, 8, 8, 8)"),
                        ("not-there", f"({rng.randrange(10 ** 6, 10 ** 9)}, 1, 8, 8)"),
                        ("zero-times-huge", f"(0, {1 << 62}, {1 << 62})"),
                        ("more-than-64-bits", f"({1 << 70},)"), ("many", f"({'1, ' * 100})"), ("float", "(2.5,)"),
                        ("none", "None"), ("open", "(2, 1"), ("other-size", "(2, 1, 8, 9)"), ("scalar", "()")]:
        yield f"shape-{name}", npy(shape=shape, size=4 if name == "scalar" else 512)
    yield "order", npy(order="Maybe")
    yield "key-missing", npy(header="{'descr': '<f4', 'fortran_order': False}")
    yield "key-unknown", npy(header="{'descr': '<f4', 'fortran_order': False, 'shape': (128,), 'x': 1}")
    yield "key-twice", npy(header="{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (128,)}")
    yield "nested", npy(header="{" * 60000)


def archive(name="x.npy", data=None, method=zipfile.ZIP_DEFLATED):
    path = pathlib.Path(folder + ".good.npz")
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr(name, npy() if data is None else data)
    return path.read_bytes()


def archives():
    good = archive()
    # The directory of members and the record of its end are the last bytes.
    entry, end = good.index(b"PK\1\2"), good.index(b"PK\5\6")
    yield from malformed.cuts(rng, good, 8)
    yield "magic", malformed.put(good, entry, b"XX")
    yield "text", b"x" * 100
    yield "no-members", good[end:end + 8] + bytes(14)
    yield "other-name", archive("z.npy")
    yield "no-suffix", archive("x")
    for place, what in [(8, "entries"), (10, "all-entries"), (12, "directory-size"), (16, "directory-offset")]:
        yield f"end-{what}", malformed.put(good, end + place, b"\xff\x7f")
    for place, value, what in [(8, b"\1", "encrypted"), (10, b"\x63\0", "method"), (16, b"\1\2\3\4", "checksum"),
                               (20, b"\xff\xff\xff\x7f", "packed-size"), (24, b"\xff\xff\xff\x7f", "size"),
                               (24, b"\1\0\0\0", "small-size"), (28, b"\xff\x7f", "name-length"), (42, b"\xff\xff\0\0", "offset")]:
        yield f"directory-{what}", malformed.put(good, entry + place, value)
    # Of packed bytes some can change without a change of what they stand for.
    stored = archive(method=zipfile.ZIP_STORED)
    for i in range(3):
        place = rng.randrange(stored.index(b"\x93NUMPY"), stored.index(b"PK\1\2"))
        yield f"stored-{i}", malformed.put(stored, place, bytes([stored[place] ^ rng.randrange(1, 256)]))
    yield "packed", malformed.put(good, good.index(b"x.npy") + 5, b"\xff" * 20)
    yield "twice", two()
    for name, member in list(arrays())[10:]:
        if name.startswith(("type-", "shape-h", "shape-n")):
            yield f"member-{name}", archive(data=member)


def two():
    # Two members of one name: that of the second is changed in place.
    path = pathlib.Path(folder + ".two.npz")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("x.npy", npy())
        file.writestr("y.npy", npy())
    return path.read_bytes().replace(b"y.npy", b"x.npy")


malformed.check(folder, "." + kind, npy() if kind == "npy" else archive(), list(arrays() if kind == "npy" else archives()),
                lambda path, out: ["hwq", "eval", model, f"--data={path}", "--mean=4", "--std=8", "--quiet", f"--dump={out}"])
