"""operator_table.py FOLDER: docs/operators.md from FOLDER/BACKEND.json, what
`hwq explain --all --json` says about the net of write_operators.py."""

import json
import pathlib
import sys

ROWS = [
    ("convolution, relu", "conv2d_relu"),
    ("grouped convolution, relu6", "grouped_relu6"),
    ("depthwise convolution", "depthwise_conv2d"),
    ("transposed convolution", "transpose_conv2d"),
    ("fully connected", "fully_connected"),
    ("product of two activations", "matmul"),
    ("addition", "add"),
    ("subtraction", "sub"),
    ("multiplication", "mul"),
    ("average pool", "avg_pool2d"),
    ("average pool, padding not counted", "avg_pool2d_padded"),
    ("global average pool", "global_avg_pool"),
    ("mean over other axes", "mean"),
    ("max pool", "max_pool2d"),
    ("global max pool", "global_max_pool"),
    ("concatenation", "concat"),
    ("relu by itself", "relu"),
    ("clamp by itself", "clamp"),
    ("leaky relu", "leaky_relu"),
    ("leaky relu, slopes per channel", "prelu"),
    ("sigmoid", "sigmoid"),
    ("tanh", "tanh"),
    ("hard swish", "hard_swish"),
    ("softmax", "softmax"),
    ("nearest resize", "resize_nearest"),
    ("bilinear resize", "resize_bilinear"),
    ("pad with zeros", "pad"),
    ("slice", "slice"),
    ("transpose", "transpose"),
    ("reshape", "reshape"),
]


def cell(op):
    """How the op is computed."""
    # What is folded away is part of an integer op.
    if not op["integer"] and not op["folded_away"]:
        return "float"
    return "table" if "table" in op else "integer"


folder = pathlib.Path(sys.argv[1])
backends = sorted(p.stem for p in folder.glob("*.json"))
programs = {b: {op["tensor"]: op for op in json.loads((folder / f"{b}.json").read_text())} for b in backends}
print(
    """<!-- Printed by test/Tools/Inputs/operator_table.py, see test/Tools/operators.test. -->
# Which ops a backend computes in integers

*i*: in integers, by the backend's own arithmetic; *t*: as a table of codes, 256 entries; *f*: in floating point
between dequantize and quantize, because the backend has no integer form, because that is how it works, or because
an operand is in floating point (openvino's fully connected layer stands behind such an op). Read from the programs
that hwq makes of one net; `hwq explain MODEL --for=BACKEND --tensor=NAME` says it of yours, with the reason for each
*f*. Options of a backend may change its column.
"""
)
print("| | " + " | ".join(backends) + " |")
print("|---|" + ":---:|" * len(backends))
for title, tensor in ROWS:
    print(f"| {title} | " + " | ".join(cell(programs[b][tensor])[0] for b in backends) + " |")
