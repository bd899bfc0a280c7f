#!/usr/bin/env python3
"""usage: malformed_images.py png|jpeg FOLDER MODEL"""
import pathlib, struct, sys, zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import malformed
from tiny_images import chunk, jpeg

kind, folder, model = sys.argv[1:]
rng = malformed.seeded()


def png(width=8, height=8, bits=8, colour=2, compression=0, filters=0, interlace=0, data=None, before=b"", crc=None):
    rows = b"".join(b"\0" + rng.randbytes(24) for _ in range(8)) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, bits, colour, compression, filters, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header, crc=crc) + before + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def pngs():
    good = png()
    # Behind the last row nothing is needed.
    yield from malformed.cuts(rng, good, 8, end=len(good) - 24)
    yield "magic", malformed.put(good, rng.randrange(8), b"\0")
    yield "header-checksum", png(crc=12345)
    for name, fields in [("width-0", dict(width=0)), ("height-0", dict(height=0)), ("negative", dict(width=1 << 31)),
                         ("huge", dict(width=1 << 30, height=1 << 30)), ("wide", dict(width=1 << 28, height=1)),
                         ("not-there", dict(width=10000, height=10000)), ("bits", dict(bits=3)), ("colour", dict(colour=5)),
                         ("compression", dict(compression=1)), ("filters", dict(filters=9)), ("interlace", dict(interlace=7)),
                         ("no-palette", dict(colour=3)), ("few-rows", dict(data=bytes(25 * 7))), ("row-filter", dict(data=b"\7" * 200)),
                         ("no-data", dict(data=b"")), ("chunk", dict(before=chunk(b"abcd", b"", length=1 << 30))),
                         ("critical-chunk", dict(before=chunk(b"ABCD", b"1")))]:
        yield name, png(**fields)
    yield "no-header", good[:8] + good[33:]
    yield "text", b"no picture at all"
    yield "bitmap", b"BM" + bytes(100)


def jpegs():
    good = jpeg()
    frame, scan = good.index(b"\xff\xc0"), good.index(b"\xff\xda")
    yield from malformed.cuts(rng, good, 18, end=len(good) - 3)
    yield from [
            ("dimensions", malformed.put(good, frame + 5, b"\xff\xff\xff\xff")), ("height-0", malformed.put(good, frame + 5, b"\0\0")),
            ("width-0", malformed.put(good, frame + 7, b"\0\0")), ("precision", malformed.put(good, frame + 4, b"\x63")),
            ("components", malformed.put(good, frame + 9, b"\x7f")), ("sampling", malformed.put(good, frame + 11, b"\xff")),
            ("quantization", malformed.put(good, frame + 12, b"\x09")), ("length", malformed.put(good, frame + 2, b"\0\0")),
            ("frame-kind", malformed.put(good, frame + 1, b"\xc3")), ("scan-length", malformed.put(good, scan + 2, b"\xff\xff")),
            ("no-frame", good[:frame] + good[scan:]), ("only-start", b"\xff\xd8\xff"), ("noise", b"\xff\xd8\xff" + bytes(100))]


malformed.check(folder, "/a." + kind, png() if kind == "png" else jpeg(), list(pngs() if kind == "png" else jpegs()),
                lambda path, out: ["hwq", "calibrate", model, f"--data={path.parent}", "--mean=0", "--std=255", "--quiet", f"--stats={out}"])
