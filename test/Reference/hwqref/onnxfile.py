"""Writes ONNX files, as far as the generator needs them, without the onnx package: protobuf's wire format by hand.

Field numbers are those of onnx.proto.
"""
import struct

import numpy as np

FLOAT, INT64 = 1, 7  # of TensorProto
REAL, INT, STRING, INTS = 1, 2, 3, 7  # of AttributeProto


def _varint(value):
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number, value):
    """An integer as a varint, a float in 32 bits, text, bytes and messages with their length."""
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, (int, np.integer)):
        return _varint(number << 3) + _varint(int(value))
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _message(*fields):
    return b"".join(_field(number, value) for number, value in fields)


def tensor(name, values):
    """An initializer of f32; integers become int64."""
    values = np.asarray(values)
    kind, dtype = (INT64, "<i8") if values.dtype.kind == "i" else (FLOAT, "<f4")
    return _message(*((1, d) for d in values.shape), (2, kind), (8, name), (9, values.astype(dtype).tobytes()))


def node(kind, inputs, output, **attributes):
    """Attributes are integers, lists of integers, floats or strings."""
    encoded = []
    for name, value in attributes.items():
        if isinstance(value, list):
            encoded.append((5, _message((1, name), *((8, v) for v in value), (20, INTS))))
        elif isinstance(value, float):
            encoded.append((5, _message((1, name), (2, value), (20, REAL))))
        elif isinstance(value, str):
            encoded.append((5, _message((1, name), (4, value), (20, STRING))))
        else:
            encoded.append((5, _message((1, name), (3, value), (20, INT))))
    return _message(*((1, i) for i in inputs), (2, output), (3, output), (4, kind), *encoded)


def value_info(name, shape):
    """f32 of a shape with a free batch in front."""
    dims = [_message((2, "N"))] + [_message((1, d)) for d in shape]
    shape_ = _message(*((1, d) for d in dims))
    return _message((1, name), (2, _message((1, _message((1, FLOAT), (2, shape_))))))


def model(nodes, initializers, inputs, outputs, opset=13):
    graph = _message(
        *((1, n) for n in nodes),
        (2, "net"),
        *((5, i) for i in initializers),
        *((11, i) for i in inputs),
        *((12, o) for o in outputs),
    )
    return _message((1, 8), (7, graph), (8, _message((1, ""), (2, opset))))
