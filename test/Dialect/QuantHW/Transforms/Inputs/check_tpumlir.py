"""Compares step 0 with what TPU-MLIR made of the same calibration table.

  check_tpumlir.py overrides TABLE CALIBRATED MODE   the table as an override file
  check_tpumlir.py compare RECORDING STEP0           types, scales, zero points, weights

MODE is sym or asym; programs are MLIR text with their constants.
"""

import array
import json
import math
import re
import sys


def strip_kind(name):
    """TPU-MLIR appends the ONNX op type."""
    return name.rsplit("_", 1)[0]


def overrides(table, program, mode):
    names = set(re.findall(r'quant_hw.observe "([^"]*)"', open(program).read()))
    result = {}
    for line in open(table):
        fields = line.split()
        if line.startswith("#") or len(fields) != 4:
            continue
        name, (threshold, low, high) = fields[0], map(float, fields[1:])
        name = name if name in names else strip_kind(name)
        if name not in names:
            continue  # what is moved has no range of its own
        if mode == "sym":
            low, high = (-threshold if low < 0 else 0.0), threshold
        result[name] = {"range": [low, high]}
    print(json.dumps(result))


def parse(text):
    """Types of named tensors, and (storage, codes) of weights in program order."""
    blobs = dict(re.findall(r'\n\s+([^\s:]+): "0x([0-9A-Fa-f]+)"', text))
    values, tensors, weights = {}, {}, []
    for line in text.split("\n"):
        match = re.match(r"\s+(%\S+) = (.*)", line)
        if not match:
            continue
        values[match[1]] = match[2]
        op = match[2].split()[0]
        quantized = re.search(
            r'quant_hw.name = "([^"]*)".*!quant.uniform<(\w+)(?:<[^>]*>)?:f32, ([^:>]*)(?::(-?\d+))?>>$',
            match[2],
        )
        if op == "quant_hw.quantize" and quantized:
            name, storage, scale, zero = quantized.groups()
            tensors[name] = (storage, float(scale), int(zero or 0))
        if op in ("quant_hw.conv2d", "quant_hw.fully_connected"):
            operand = re.findall(r"%\w+", match[2])[1]
            weights.append(read_weights(values, operand, blobs))
    return tensors, weights


def read_weights(values, dequantized, blobs):
    dequantize = values[dequantized]
    quantized = values[re.findall(r"%\w+", dequantize)[0]]
    shape, storage, scales = re.search(
        r": tensor<([0-9x]+)x!quant.uniform<(\w+)(?:<[^>]*>)?:f32(?::0)?, (.*?)>> ->",
        dequantize,
    ).groups()
    scales = [float(s) for s in scales.strip("{}").split(",")]
    channels = int(shape.split("x")[0])
    is_float = quantized.startswith("quant_hw.quantize")
    constant = values[re.findall(r"%\w+", quantized)[0]] if is_float else quantized
    # The first four bytes are the alignment.
    blob = bytes.fromhex(blobs[re.search(r"dense_resource<([^>]*)>", constant)[1]])[4:]
    codes = array.array("f" if is_float else "b", blob).tolist()
    taps = len(codes) // channels
    rows = [codes[c * taps : (c + 1) * taps] for c in range(channels)]
    if is_float:
        low, high = (0, 255) if storage == "u8" else (-128, 127)
        for c, row in enumerate(rows):
            scale = scales[c % len(scales)]
            for i, w in enumerate(row):
                q = math.copysign(math.floor(abs(w / scale) + 0.5), w)
                row[i] = int(min(max(q, low), high))
    return storage, [sum(row) for row in rows]


def compare(recording, program):
    tensors, weights = parse(open(program).read())
    failures = checked = 0
    for op in json.load(open(recording))["ops"]:
        out = op.get("out")
        if not out or out.get("scale") is None:
            continue
        name = op["name"]
        if op["op"] in ("tpu.Cast", "tpu.GenericCpu"):
            name = "x"
        elif name not in tensors:
            name = strip_kind(name)
        expected = (out["type"], out["scale"], out["zp"])
        checked += 1
        if tensors.get(name) != expected:
            failures += 1
            print(f"{name}: expected {expected}, got {tensors.get(name)}")
        if "weight_q_sum_per_ch" in op:
            expected = (
                "u8" if op["weight_type"] == "uint8" else "i8",
                op["weight_q_sum_per_ch"],
            )
            checked += 1
            if expected in weights:
                weights.remove(expected)
            else:
                failures += 1
                print(f"weights of {name}: expected {expected}, got none")
    print(f"{checked} compared, {failures} different")


globals()[sys.argv[1]](*sys.argv[2:])
