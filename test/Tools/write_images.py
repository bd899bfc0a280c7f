#!/usr/bin/env python3
"""Writes PNG images of 8 x 8 pixels: FOLDER/bad with three damaged ones, FOLDER/good without these, FOLDER/none of
damaged ones only.

usage: write_images.py FOLDER
"""
import pathlib, random, struct, sys, zlib


def png(seed):
    pixels = random.Random(seed)
    rows = b"".join(b"\0" + bytes(pixels.randrange(256) for _ in range(24)) for _ in range(8))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in "bad", "good", "none":
        (folder / name).mkdir()
    damaged = {0: lambda data: data[:60], 17: lambda data: b"", 39: lambda data: data[:-40]}
    for i in range(40):
        if i in damaged:
            (folder / "bad" / f"{i:02}.png").write_bytes(damaged[i](png(i)))
        else:
            for name in "bad", "good":
                (folder / name / f"{i:02}.png").write_bytes(png(i))
    for i in range(3):
        (folder / "none" / f"{i:02}.png").write_bytes(b"no image")


if __name__ == "__main__":
    main()
