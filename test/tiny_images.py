"""Parts of PNG files, and JPEG files of 8 x 8 grey pixels."""
import struct, zlib


def chunk(kind, data, length=None, crc=None):
    length = len(data) if length is None else length
    return struct.pack(">I", length) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def jpeg(frame=0xC0):
    """One table of each kind, each with a single code, of one bit; 0xC2 is progressive."""
    def segment(marker, data):
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    end = bytes([0, 63 if frame == 0xC0 else 0, 0])
    return (b"\xff\xd8" + segment(0xDB, b"\0" + bytes([1] * 64)) +
            segment(frame, struct.pack(">BHHBBBB", 8, 8, 8, 1, 1, 0x11, 0)) + segment(0xC4, b"\0\1" + bytes(15) + b"\0") +
            segment(0xC4, b"\x10\1" + bytes(15) + b"\0") + segment(0xDA, b"\1\1\0" + end) + b"\x3f\xff\xd9")
