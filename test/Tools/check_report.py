#!/usr/bin/env python3
"""Checks report.json: digests recomputed, numbers that must agree with each other.

usage: check_report.py REPORT MODEL DATA EVAL DOCUMENT

DOCUMENT describes the report: every key must stand in one of its tables, and every key there must be in the report."""
import hashlib, json, math, re, sys

report = json.load(open(sys.argv[1]))
for role, path in zip(["model", "data", "eval"], sys.argv[2:]):
    assert report["inputs"][role]["path"] == path, role
    assert report["inputs"][role]["sha256"] == hashlib.sha256(open(path, "rb").read()).hexdigest(), role
assert report["command"].startswith("hwq quantize ")
assert report["versions"]["hwq"] and report["versions"]["llvm"].startswith("22.")
assert report["cpu"]["isa"]
n = report["float"]["samples"]


def wilson(p):
    z = 1.959963984540054
    center = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [max(0, center - half), min(1, center + half)]


def close(a, b):
    return all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in zip(a, b))


def documented(title):
    """The keys of the first column of the table behind a line that begins so."""
    text = open(sys.argv[5]).read()
    rows = text[text.index("\n" + title):].split("| key |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


def check_keys(title, objects, optional=()):
    there = {name for o in objects for name in o}
    assert there - documented(title) == set(), (title, there - documented(title))
    assert documented(title) - there <= set(optional), (title, documented(title) - there)


backends = list(report["backends"].values())
ops = [op for b in backends for op in b["ops"]]
check_keys("What `hwq quantize`", [report])
check_keys("A backend", backends)
check_keys("A tensor", [t for b in backends for t in b["tensors"]])
check_keys("An op", ops, ["why_float", "variant"])
check_keys("A fold", [op["fold"] for op in ops if op["fold"]])
check_keys("A pair of forms", [f for b in backends for f in b["forms"]])

for key, backend in report["backends"].items():
    assert close(backend["top1_interval"], wilson(backend["top1"]))
    assert math.isclose(backend["agreement"], 1 - backend["disagreements"] / n)
    assert math.isclose(backend["drop"], report["float"]["top1"] - backend["top1"], abs_tol=1e-12)
    assert len(backend["disagreeing_samples"]) == min(100, backend["disagreements"])
    assert len(backend["descriptor_sha256"]) == 64
    totals = backend["totals"]
    assert totals["integer_macs"] + totals["float_macs"] == 346432, totals
    # Weights of one byte and biases of four.
    assert totals["integer_bytes"] >= 16 * 9 + 16 * 9 + 32 * 16 + 2 * 32 * 288 + 320
    for tensor in backend["tensors"]:
        if tensor["scale"] is None:
            continue
        assert 0 <= tensor["clip_low"] <= 1 and 0 <= tensor["clip_high"] <= 1
        # Quantizing a tensor on the grid loses at most half a step where nothing is clipped.
        assert tensor["round_noise"] <= (tensor["scale"] / 2) ** 2 * (1 + 1e-5), tensor["name"]
        assert (tensor["clip_noise"] > 0) <= (tensor["clip_low"] + tensor["clip_high"] > 0), tensor["name"]
        assert tensor["isolated_sqnr_db"] >= tensor["sqnr_db"] - 1, tensor["name"]
    byname = {op["tensor"]: op for op in backend["ops"]}
    conv = byname["conv3a_relu"]
    assert conv["accumulator_bits_used"] <= conv["accumulator_bits"]
    assert conv["scale_error"] < 1e-6
    assert (conv["fold"]["kind"], conv["fold"]["max_lsb"], conv["fold"]["differing_share"]) == ("into_op", 0, 0)
    assert 0 < conv["bias_headroom_bits"] < 32
    weights = {w["tensor"]: w for w in backend["weights"]}
    assert len(weights) == 6
    for w in weights.values():
        assert w["min_sqnr_db"] == min(v for v in w["sqnr_db"] if v is not None)
        assert w["min_sqnr_db"] > 20 and w["dead_channels"] == []
        op = byname[w["tensor"]]
        assert bool(w["bias_headroom_bits"]) == ("bias_headroom_bits" in op)
        if w["bias_headroom_bits"]:
            assert len(w["bias_headroom_bits"]) == len(w["sqnr_db"])
            assert min(w["bias_headroom_bits"]) == op["bias_headroom_bits"]
    forms = backend["forms"]
    assert [f["to"] for f in forms[:-1]] == [f["from"] for f in forms[1:]]
    assert forms[0]["from"].startswith("step0") and len(forms) >= 6
    # Exact passes differ nowhere, rounded biases somewhere.
    named = {re.search(r"\((.*)\)", f["to"])[1]: f for f in forms}
    assert named["quant-hw-fold-zero-points"]["differing"] == 0
    assert named["quant-hw-fold-requantize"]["differing"] == 0
    assert named["quant-hw-quantize-bias"]["differing"] > 0
    for f in forms:
        assert f["ok"] and f["beyond_bound"] == 0 and f["tensors"] == 11 and f["compared"] > 1000
        assert (f["differing"] > 0) == (f["max_difference"] > 0)
    print(f"{key}: {len(backend['tensors'])} tensors, {len(backend['ops'])} ops")
