#!/usr/bin/env python3
"""usage: malformed_models.py FOLDER -- WORDS OF THE COMMAND THAT ENCODES A MODEL"""
import pathlib, subprocess, sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import malformed

folder, encoder = sys.argv[1], sys.argv[3:]
rng = malformed.seeded()
HUGE = 1 << 62


def encode(text):
    return subprocess.run(encoder, input=text.encode(), check=True, capture_output=True).stdout


def model(nodes='node { input: "x" input: "w" output: "y" op_type: "Conv" name: "n" }', weights="", opset=13, dims=(1, 2, 4, 4),
          output="y", rest=""):
    weights = weights or 'initializer { name: "w" dims: [1, 2, 1, 1] data_type: 1 float_data: [1, 2] }'
    shape = " ".join(f"dim {{ dim_value: {dim} }}" for dim in dims)
    return encode(f'ir_version: 8 opset_import {{ version: {opset} }} graph {{ name: "g" {nodes} {weights} {rest} '
                  f'input {{ name: "x" type {{ tensor_type {{ elem_type: 1 shape {{ {shape} }} }} }} }} output {{ name: "{output}" }} }}')


def tensor(dims, kind=1, data="float_data: [1, 2]"):
    return model(weights=f'initializer {{ name: "w" dims: {list(dims)} data_type: {kind} {data} }}')


def op(kind, ints=None, values=(), attributes=""):
    """A node of one kind, whose further inputs are constants of 64 bits."""
    inputs = "".join(f'input: "c{i}" ' for i in range(len(values)))
    constants = "".join(f'initializer {{ name: "c{i}" dims: {len(v)} data_type: 7 int64_data: {list(v)} }} ' for i, v in enumerate(values))
    attributes += "".join(f' attribute {{ name: "{k}" type: INTS ints: {list(v)} }}' for k, v in (ints or {}).items())
    return model(f'node {{ input: "x" {inputs} output: "y" op_type: "{kind}" name: "n" {attributes} }}', rest=constants)


good = model()
cases = malformed.cuts(rng, good, 10) + [
    ("text", b"ir_version: 8\n"), ("zeros", bytes(100)), ("noise", b"\xff" * 1000), ("groups", b"\x0b" * 100000),
    ("deep", b"\x3a\xff\xff\xff\xff\x07" * 1000),
    ("opset-0", model(opset=0)), ("opset-99", model(opset=99)), ("opset-negative", model(opset=-1)), ("opset-huge", model(opset=HUGE)),
    ("input-huge", model(dims=(1, 2, HUGE, 4))), ("input-many", model(dims=[1] + [2] * 60)), ("input-negative", model(dims=(1, 2, -7, 4))),
    ("input-zero", model(dims=(1, 2, 0, 4))), ("input-scalar", model(dims=())), ("output", model(output="z")),
    ("values-too-many", tensor((1, 2, 1, 1), data="float_data: [1, 2, 3]")), ("values-none", tensor((1, 2, 1, 1), data="")),
    ("values-bytes", tensor((1, 2, 1, 1), data='raw_data: "abc"')), ("values-nan", tensor((1, 2, 1, 1), data="float_data: [1, nan]")),
    ("weights-huge", tensor((1 << 20, 2, 1 << 20, 1))), ("weights-overflow", tensor((HUGE, HUGE))), ("weights-negative", tensor((-1, -2, 1, 1))),
    ("weights-zero", tensor((0, 2, 1, 1), data="")), ("weights-rank", tensor((2,))), ("weights-type", tensor((1, 2, 1, 1), kind=999)),
    ("weights-text", tensor((1, 2, 1, 1), kind=8)), ("external", tensor((1, 2, 1, 1), data='data_location: EXTERNAL external_data { key: "location" value: "/etc/passwd" }')),
    ("no-nodes", model(nodes="")), ("op", op("Conv5D")), ("no-inputs", model('node { output: "y" op_type: "Relu" name: "n" }')),
    ("itself", model('node { input: "y" output: "y" op_type: "Relu" name: "n" }')),
    ("strides-0", model('node { input: "x" input: "w" output: "y" op_type: "Conv" name: "n" attribute { name: "strides" type: INTS ints: [0, 1] } }')),
    ("group-0", model('node { input: "x" input: "w" output: "y" op_type: "Conv" name: "n" attribute { name: "group" type: INT i: 0 } }')),
    ("pads-huge", model(f'node {{ input: "x" input: "w" output: "y" op_type: "Conv" name: "n" attribute {{ name: "pads" type: INTS ints: [{HUGE}, 0, 0, 0] }} }}')),
    ("kernel-huge", op("MaxPool", {"kernel_shape": [HUGE, 1]})), ("kernel-0", op("AveragePool", {"kernel_shape": [0, 1]})),
    ("reshape", op("Reshape", values=[[HUGE, 4]])), ("reshape-two", op("Reshape", values=[[-1, -1]])), ("expand", op("Expand", values=[[HUGE, 2, 4, 4]])),
    ("tile", op("Tile", values=[[HUGE, 1, 1, 1]])), ("pad", op("Pad", values=[[HUGE, 0, 0, 0, 0, 0, 0, 0]])), ("perm", op("Transpose", {"perm": [0, 1, 2, 9]})),
    ("perm-twice", op("Transpose", {"perm": [0, 1, 1, 2]})), ("axis", op("Softmax", attributes='attribute { name: "axis" type: INT i: 77 }')),
    ("slice", op("Slice", values=[[0], [1], [99], [1]])), ("slice-step-0", op("Slice", values=[[0], [1], [1], [0]])),
    ("split", op("Split", values=[[1, 9]])), ("squeeze", op("Squeeze", values=[[1]])), ("gather", op("Gather", values=[[HUGE]])),
    ("constant-huge", model(f'node {{ input: "s" output: "z" op_type: "ConstantOfShape" name: "n" }} node {{ input: "x" input: "z" output: "y" op_type: "Add" }}',
                            rest=f'initializer {{ name: "s" dims: 2 data_type: 7 int64_data: [{1 << 20}, {1 << 19}] }}')),
    ("range-huge", model('node { input: "a" input: "b" input: "c" output: "z" op_type: "Range" name: "n" } node { input: "x" input: "z" output: "y" op_type: "Add" }',
                         rest="".join(f'initializer {{ name: "{n}" data_type: 7 int64_data: [{v}] }} ' for n, v in [("a", 0), ("b", HUGE), ("c", 1)])))]
malformed.check(folder, ".onnx", good, cases, lambda path, out: ["hwq", "import", path, "-o", out], ".mlirbc")
