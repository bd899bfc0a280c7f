#!/usr/bin/env python3
"""Writes inputs from which the fuzzers of readers start: FOLDER/<fuzzer>/*, made of the repository's examples.

usage: make_seeds.py FOLDER PROTOC ONNX-PROTO-FOLDER
PROTOC encodes the ONNX models.
"""
import pathlib, struct, subprocess, sys, zipfile, zlib

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "test"))
from tiny_images import chunk, jpeg

digits = root / "examples" / "digits"


def tables():
    # The first byte is the format: every file as every format.
    for path in sorted((root / "docs/examples/tables").iterdir()):
        data = path.with_suffix(".bin")
        text = path.read_bytes() + (b"\0" + data.read_bytes() if path.suffix == ".xml" else b"")
        for number in range(17):
            yield bytes([number]) + text


def arrays():
    for path in sorted(digits.glob("*.npz")):
        yield path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)[:4096]
    for version, dtype, order, shape, size in [
        (1, "<f4", "False", "(2, 3)", 24), (1, "<f8", "True", "(2, 3)", 48), (2, "<u2", "False", "(5,)", 10),
        (1, "<u4", "True", "(2, 1, 2)", 16), (3, "|b1", "False", "()", 1), (1, "<i8", "False", "(0, 4)", 0)]:
        header = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
        length = struct.pack("<H" if version == 1 else "<I", len(header))
        yield b"\x93NUMPY" + bytes([version, 0]) + length + header + bytes(range(size))


def images():
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
    for colour, channels in samples.items():
        for bits in (8, 16) if colour != 3 else (1, 8):
            row = b"\0" + bytes((4 * channels * bits + 7) // 8)
            yield (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, bits, colour, 0, 0, 0)) +
                   chunk(b"PLTE", bytes(6)) * (colour == 3) + chunk(b"IDAT", zlib.compress(row * 4)) + chunk(b"IEND", b""))
    yield from (jpeg(0xC0), jpeg(0xC2))


def statistics():
    """Files of tensors that hold the number 1 and nothing else; real ones have half a megabyte of counters."""
    one = struct.pack("<f", 1)

    def tensor(flags, octave=b"", channels=b"\0"):
        sums = struct.pack("<16Q", 0, 0, 1 << 21, 0, 0, 0, *[0] * 4, 1 << 42, *[0] * 5) if octave else b""
        return (bytes([flags, 1, 0, flags >> 1]) + (struct.pack("<qQB", 0, 0, 0) if flags & 2 else b"") + one * 2 + b"\1" +
                struct.pack("<q", 0) + one * 2 + b"\1" + struct.pack("<i", 7) + b"\1" + sums + octave + channels)

    def file(*tensors):
        return (struct.pack("<Q", 1) + b"\1\4avx2" + b"\5plain" + b"\3\1" + b"\1" + struct.pack("<q", 2) +
                bytes([len(tensors)]) + b"".join(bytes([1, 97 + i]) + t for i, t in enumerate(tensors)))

    octave = b"\1" + struct.pack("<H", 127) + b"\1" + bytes(1023)
    yield file()
    yield file(tensor(0), tensor(2))
    yield file(tensor(1, octave))
    yield file(tensor(1, octave, b"\1" + tensor(1, octave)))
    yield file(tensor(0, channels=b"\2" + tensor(0) * 2))


def options():
    texts = [["snpe", "snpe{bias-bits=8 shift_range=[0,31]}"], ["snpe,tflite{weights.granularity=per_tensor}"],
             ["a=b c-d=[1, 2]"], ["min-max", "percentile{p=99.9}", "kl{variant=tensorrt}", "ema{momentum=0.5}"],
             [(root / "docs/examples/override.json").read_text(),
              '{"x": {"bits": 4, "symmetry": "symmetric", "range": [-1, 1e3]}, "y": {"float": true}}']]
    for number, group in enumerate(texts):
        for text in group:
            yield bytes([number]) + text.encode()


def models():
    for path in sorted((root / "test/Import/Inputs").glob("*.textproto")):
        with path.open("rb") as text:
            yield subprocess.run([protoc, "--encode=onnx.ModelProto", "-I", onnx, "onnx.proto"], stdin=text, check=True,
                                 capture_output=True).stdout


folder, protoc, onnx = pathlib.Path(sys.argv[1]), *sys.argv[2:]
for fuzzer, seeds in [("Table", tables), ("Npy", arrays), ("Image", images), ("Statistics", statistics),
                      ("Option", options), ("Onnx", models)]:
    out = folder / f"HWQ{fuzzer}Fuzzer"
    out.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        (out / f"seed-{number:03}").write_bytes(data)
