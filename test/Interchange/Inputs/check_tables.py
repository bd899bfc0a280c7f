#!/usr/bin/env python3
"""Files that hwq writes for a backend, given back to it.

Twice for every backend and file: as it is, which must give the same program, and with every scale
moved to the next one that the format can hold (which hardly any range gives), which must come back in the
file that is written then. AMCT records what layers with weights read and nothing else: the ranges of other
tensors are those of the calibrated program.
"""
import json, math, pathlib, re, struct, subprocess, sys

model, calibrated, out = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
FILES = [
    ("snpe", "encodings.json", "encodings-1.0.0"),
    ("snpe+per-channel-weights=true", "encodings.json", "encodings-1.0.0"),
    ("qnn", "encodings.json", "encodings-1.0.0"),
    ("qnn", "encodings-2.0.0.json", "encodings-2.0.0"),
    ("tensorrt", "calibration.cache", "tensorrt"),
    ("acl", "record.txt", "amct"),
    ("dpu", "quant_info.json", "vitis"),
    ("sophgo-bm1684x", "calibration_table.txt", "tpumlir"),
    ("sophgo-bm1684x+symmetric=false", "calibration_table.txt", "tpumlir"),
    ("sophgo-cv18xx", "calibration_table.txt", "tpumlir"),
    ("nnpi-gemmlowp", "profile.yaml", "glow"),
    ("nnpi-symlowp", "profile.yaml", "glow"),
]


def next_f32(value):
    bits, = struct.unpack("<I", struct.pack("<f", value))
    return struct.unpack("<f", struct.pack("<I", bits + 1))[0]


def nudge(text, form):
    """The file with other scales of activations; None where there are none."""
    if form == "encodings-1.0.0":
        data = json.loads(text)
        for row in data["activation_encodings"]:
            row["scale"] = [math.nextafter(s, 1) for s in row["scale"]]
        return json.dumps(data)
    if form == "encodings-2.0.0":
        data = json.loads(text)
        for row in data["encodings"]:
            if not isinstance(row["y_scale"], list):
                row["y_scale"] = math.nextafter(row["y_scale"], 1)
        return json.dumps(data)
    if form == "tensorrt":
        return re.sub(r": ([0-9a-f]{8})$", lambda m: f": {int(m[1], 16) + 1:08x}", text, flags=re.M)
    if form == "amct":
        return re.sub(r"scale_d: (\S+)", lambda m: f"scale_d: {next_f32(float(m[1])):.9g}", text)
    if form == "vitis":
        data = json.loads(text)
        data["output"] = {name: [[row[0][0], row[0][1] - 1]] for name, row in data["output"].items()}
        return json.dumps(data)
    return None


def scales(text, form):
    """What a file says on activations, with the numbers as numbers."""
    if form == "encodings-1.0.0":
        return [(r["name"], r["scale"], r["offset"]) for r in json.loads(text)["activation_encodings"]]
    if form == "encodings-2.0.0":
        return [(r["name"], r["y_scale"], r["y_zero_point"]) for r in json.loads(text)["encodings"]
                if not isinstance(r["y_scale"], list)]
    if form == "amct":
        return [next_f32(float(s)) for s in re.findall(r"scale_d: (\S+)", text)]
    if form == "vitis":
        return json.loads(text)["output"]
    return text


def quantize(key, table, form, folder):
    name, _, overrides = key.partition("+")
    spec = name + ("{" + overrides.replace("+", " ") + "}" if overrides else "")
    run = subprocess.run(["hwq", "quantize", calibrated if form == "amct" else model, "--for=" + spec, f"--table={table}",
                          "--table-format=" + form, "--quiet", "-o", str(folder)],
                         capture_output=True, text=True)
    sys.exit(f"{key}, {form}: {run.stderr}") if run.returncode else None
    return folder / key


def program(folder):
    """The text, with resources counted: their keys depend on what else was compiled in the same run."""
    text = subprocess.run(["hwq-opt", str(folder / "model.mlirbc")], check=True, capture_output=True, text=True).stdout
    keys = {}
    for key in re.findall(r"dense_resource<([^>]+)>", text):
        keys.setdefault(key, f"resource{len(keys)}")
    text, _, blobs = text.partition("{-#")
    rename = lambda match: keys.get(match[0], match[0])
    text = re.sub(r"(?<=dense_resource<)[^>]+", rename, text)
    blobs = sorted(re.sub(r"^\w+(?=: )", rename, line.strip().rstrip(",")) for line in blobs.splitlines())
    return text, blobs


same = moved = 0
for key, file, form in FILES:
    table = out / key / file
    again = quantize(key, table, form, out / "again")
    if program(again) != program(out / key):
        sys.exit(f"{key}, {form}: another program")
    same += 1
    text = nudge(table.read_text(), form)
    if text is None:
        continue
    path = out / "nudged"
    path.write_text(text)
    written = (quantize(key, path, form, out / "moved") / file).read_text()
    if scales(written, form) != scales(text, form):
        sys.exit(f"{key}, {form}: expected {scales(text, form)}\ngot {scales(written, form)}")
    if scales(text, form) == scales(table.read_text(), form):
        sys.exit(f"{key}, {form}: nothing was moved")
    moved += 1
print(f"{same} programs again, {moved} with other scales")
