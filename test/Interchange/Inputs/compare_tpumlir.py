"""compare_tpumlir.py RECORDING EXPLAINED: the multipliers, shifts, biases, scales and zero
points that TPU-MLIR made from a table (recorded) against those of hwq explain --all --json."""

import json
import sys

recording = json.load(open(sys.argv[1]))
ours = {op["tensor"]: op for op in json.load(open(sys.argv[2]))}
counts = {"ops": 0, "numbers": 0, "different": 0}


def find(name):
    return ours.get(name) or ours.get(name.rsplit("_", 1)[0])


def same(what, ours, theirs):
    counts["numbers"] += 1
    if ours != theirs:
        counts["different"] += 1
        print(f"{what}: hwq {ours}, TPU-MLIR {theirs}")


for op in recording["ops"]:
    mine = find(op["name"])
    multipliers = op.get("multiplier") or op.get("multipliers")
    if mine is None or not multipliers:
        continue
    counts["ops"] += 1
    name = op["name"]
    same(name + " scale", mine["output"]["scale"], op["out"]["scale"])
    same(name + " zero point", mine["output"]["zero_point"], op["out"]["zp"])
    # One value for all channels, one per channel, or one per operand of an addition.
    pairs = list(zip(mine["multiplier"], mine["shift"]))
    if op["op"] == "tpu.Add":
        pairs = pairs[: len(multipliers)]
    shifts = op.get("rshift") or op.get("rshifts")
    for c, pair in enumerate(pairs):
        want = [v[c if len(v) > 1 else 0] for v in (multipliers, shifts)]
        same(f"{name} {c}", list(pair), want)
    first = op.get("bias_q_first8", [])
    same(name + " bias", mine["bias"][: len(first)], first)
    if "bias_q_sum" in op:
        same(name + " sum of the bias", sum(mine["bias"]), op["bias_q_sum"])
print("{ops} ops, {numbers} numbers, {different} different".format(**counts))
