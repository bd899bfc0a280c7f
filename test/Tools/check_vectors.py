"""Computes every op of an exported program again, from its folder alone.

As a test bench of a circuit would: codes, weights, bias, multipliers and shifts
come from the .hex files, geometry from vectors.json. The kernel is r2: the exact
product, shifted, half up.
"""
import json
import pathlib
import sys

import numpy as np

root = pathlib.Path(sys.argv[1])
vectors = json.loads((root / "vectors.json").read_text())


def load(folder, entry):
    """Both files of an array; they must say the same."""
    kind, bits = entry["type"][0], int(entry["type"][1:])
    words = [int(x, 16) for x in (root / folder / (entry["file"] + ".hex")).read_text().split()]
    dtype = np.dtype(f"<{kind}{bits // 8}")
    values = np.array(words, dtype=f"<u{bits // 8}").view(dtype).reshape(entry["shape"])
    raw = np.fromfile(root / folder / (entry["file"] + ".raw"), dtype=dtype)
    assert raw.tobytes() == values.tobytes(), (folder, entry["file"])
    return values


def requantize(x, op, prefix):
    """r2 of an integer array, the last axis the channels."""
    a = op["attributes"]
    arrays = {e["file"]: load(op["folder"], e).astype(object) for e in op["arrays"]}
    m, n = arrays[prefix + ".multipliers"], arrays[prefix + ".shifts"]
    x = (x.astype(object) - a[prefix + ".input_zero_point"]) << a[prefix + ".left_shift"]
    half = np.array([(1 << int(k)) >> 1 for k in n], dtype=object)
    y = ((x * m + half) >> n) + a[prefix + ".zero_point"]
    return np.minimum(np.maximum(y, a[prefix + ".lo"]), a[prefix + ".hi"])


def conv2d(op, x, w):
    a = op["attributes"]
    top, bottom, left, right = a["pad"]
    x = np.pad(x.astype(np.int64), ((0, 0), (top, bottom), (left, right), (0, 0)),
               constant_values=a["pad_value"])
    o, kh, kw, c = w.shape
    (sy, sx), (dy, dx), groups = a["stride"], a["dilation"], a["groups"]
    oh = (x.shape[1] - (kh - 1) * dy - 1) // sy + 1
    ow = (x.shape[2] - (kw - 1) * dx - 1) // sx + 1
    y = np.zeros((x.shape[0], oh, ow, o), np.int64)
    for i in range(kh):
        for j in range(kw):
            part = x[:, i * dy:i * dy + (oh - 1) * sy + 1:sy, j * dx:j * dx + (ow - 1) * sx + 1:sx]
            for g in range(groups):
                out = slice(g * o // groups, (g + 1) * o // groups)
                y[..., out] += part[..., g * c:(g + 1) * c] @ w[out, i, j].astype(np.int64).T
    return y


def compute(op):
    inputs = [load(op["folder"], e) for e in op["inputs"]]
    constants = {e["file"]: load(op["folder"], e) for e in op["constants"]}
    name = op["op"].split(".")[1]
    if name == "conv2d":
        return requantize(conv2d(op, inputs[0], constants["weights"]) + constants["bias"], op, "requant")
    if name == "fully_connected":
        y = inputs[0].astype(np.int64) @ constants["weights"].astype(np.int64).T
        return requantize(y + constants["bias"], op, "requant")
    if name == "reshape":
        return inputs[0].reshape(op["output"]["shape"])
    if name == "add":
        a, b = requantize(inputs[0], op, "lhs_requant"), requantize(inputs[1], op, "rhs_requant")
        return requantize(a + b, op, "requant")
    return None


outputs, checked, integers = {}, [], 0
for op in vectors["ops"]:
    for entry in op["inputs"]:
        # What an op reads is what another made.
        if "producer" in entry:
            assert np.array_equal(load(op["folder"], entry), outputs[entry["producer"]])
    outputs[op["folder"]] = expected = load(op["folder"], op["output"])
    actual = compute(op)
    if actual is None:
        continue
    assert np.array_equal(actual.astype(np.int64), expected.astype(np.int64)), op["folder"]
    checked.append(op["op"].split(".")[1])
    integers += expected.size
print(f"{len(vectors['ops'])} ops, {len(checked)} computed again, {integers} integers equal:", *sorted(set(checked)))
