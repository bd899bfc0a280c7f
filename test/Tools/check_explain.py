#!/usr/bin/env python3
"""Checks `hwq explain --all --json` of a tflite program against the definitions, recomputed here,
and against the numbers that stand in the compiled program's text."""
import json, math, re, sys

explained = {op["tensor"]: op for op in json.load(open(sys.argv[1]))}
program = open(sys.argv[2]).read()


def multiplier(scale):
    """QuantizeMultiplier: 31 bits, halves away from zero."""
    fraction, exponent = math.frexp(scale)
    m = math.floor(fraction * 2**31 + 0.5)
    return (m // 2, 30 - exponent) if m == 2**31 else (m, 31 - exponent)


def f32(x):
    import struct
    return struct.unpack("f", struct.pack("f", x))[0]


dots = 0
for op in explained.values():
    if op["kernel"] != "r1" or not op["weight_scale"]:
        continue
    dots += 1
    sx, sy = op["input"][0]["scale"], op["output"]["scale"]
    expected = [multiplier(f32(sx) * f32(sw) / f32(sy)) for sw in op["weight_scale"]]
    assert list(zip(op["multiplier"], op["shift"])) == expected, op["tensor"]
    # The same numbers, digit for digit, in the program.
    line = next(l for l in program.splitlines() if f'quant_hw.name = "{op["tensor"]}"' in l)
    requant = re.search(r" requant = #quant_hw.requant<kernel = r1, scales = \[.*?\], "
                        r"multipliers = \[(.*?)\], shifts = \[(.*?)\]", line)
    assert [int(v) for v in requant[1].split(",")] == op["multiplier"], op["tensor"]
    assert [int(v) for v in requant[2].split(",")] == op["shift"], op["tensor"]
    scales = re.search(r"tensor<[0-9x]*x!quant.uniform<i8<-127:127>:f32:0, \{(.*?)\}>", line)[1].split(",")
    assert [float(s) for s in scales] == op["weight_scale"], op["tensor"]
    # Step 1 is the real scale, step 3 the bias in units of the accumulator, and step 4 its integer.
    for s1, sw in zip(op["steps"]["1"]["scale"], op["weight_scale"]):
        assert math.isclose(s1, sx * sw / sy, rel_tol=1e-15), op["tensor"]
    for b, b3 in zip(op["bias"], op["steps"]["3"]["bias"]):
        assert abs(b - b3) <= 0.5 + 1e-6 * abs(b3), op["tensor"]
    for b, b1, sw in zip(op["steps"]["0"]["bias"], op["steps"]["1"]["bias"], op["weight_scale"]):
        assert math.isclose(b / sy, b1, rel_tol=1e-12), op["tensor"]
    bound = op["accumulator_bound"]
    assert bound == max(max(hi, -lo) for lo, hi in op["accumulators"])
    assert all(lo <= b <= hi for (lo, hi), b in zip(op["accumulators"], op["bias"])), op["tensor"]
    assert 2 ** (op["accumulator_bits_used"] - 2) <= bound < 2**31
    assert op["folded"] is True
add = explained["add3_relu"]
assert add["op"] == "add" and len(add["multiplier"]) == 3 and len(add["input"]) == 2
assert explained["pool2"]["input"][0]["scale"] == explained["pool2"]["output"]["scale"]
assert explained["pool2"]["shared"][0]["with"] == "pw2_relu"
print(f"{dots} convolutions, all equal")
