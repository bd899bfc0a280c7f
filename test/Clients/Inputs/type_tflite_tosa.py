"""type_tflite_tosa.py MODEL.tflite TOSA.mlir > TYPED.mlir

TOSA.mlir is what `tosa-converter-for-tflite MODEL.tflite --text --emit-debug-info` writes: integers without scales,
since it drops the types of the tensors at its end. They are put back: the location of an op is the name of the tensor
of MODEL.tflite that it makes, whose scale and zero point become its !quant.uniform type."""

import re
import sys

from ai_edge_litert import schema_py_generated as schema

model = schema.ModelT.InitFromPackedBuf(open(sys.argv[1], "rb").read(), 0)
graph = model.subgraphs[0]
lines = open(sys.argv[2]).read().splitlines()
STORAGE = {schema.TensorType.INT8: "i8", schema.TensorType.UINT8: "u8", schema.TensorType.INT16: "i16",
           schema.TensorType.INT32: "i32"}
KEEPS = {"select", "reshape", "slice", "pad", "transpose", "concat", "clamp", "max_pool2d", "avg_pool2d", "reverse", "tile",
         "identity", "gather"}


def element_of(tensor, kept):
    """The type of the codes of a tensor; models of u8 are computed in i8, less 128."""
    quantization, storage = tensor.quantization, STORAGE.get(tensor.type)
    if quantization is None or quantization.scale is None or storage in (None, "i32"):
        return None
    zeros = [0] * len(quantization.scale) if quantization.zeroPoint is None else quantization.zeroPoint
    moved = 128 if storage == "u8" and not kept.endswith("ui8>") else 0
    storage, zeros = "i8" if moved else storage, [int(zero) - moved for zero in zeros]
    params = [f"{float(s)!r}" + (f":{z}" if z else "") for s, z in zip(quantization.scale, zeros)]
    if len(params) == 1:
        return f"!quant.uniform<{storage}:f32, {params[0]}>"
    return f"!quant.uniform<{storage}:f32:{quantization.quantizedDimension}, {{{', '.join(params)}}}>"


tensors = {tensor.name.decode(): tensor for tensor in graph.tensors}
locations = dict(re.findall(r'^(#loc\d*) = loc\("((?:[^"\\]|\\.)*)"', "\n".join(lines), re.M))
OP = re.compile(r"^    (%\d+) = (?:\"tosa\.const\"|tosa\.(\w+)) ?(.*) : (\(.*\)) -> (tensor<.*>) loc\((#loc\d*)\)$")
ops = {found[1]: found for line in lines if (found := OP.match(line))}
types = {value: op[5] for value, op in ops.items()}
head = next(line for line in lines if line.startswith("  func.func"))
types.update(re.findall(r"(%arg\d+): (tensor<[^>]*>)", head))
kept = {value: type for value, type in types.items()}


def is_code(type):
    return re.search(r"[<x]u?i(8|16)>$", type)


def give(value, element):
    types[value] = re.sub(r"u?i(8|16)>$", element + ">", kept[value])


# What the file says of a tensor, and of an input.
made = {}
for value, op in ops.items():
    if is_code(op[5]):
        made.setdefault(locations.get(op[6]), []).append(value)
for name, values in made.items():
    value = ([value for value in values if ops[value][2]] or values)[-1]
    if name in tensors and (element := element_of(tensors[name], kept[value])):
        give(value, element)
results = re.findall(r"%\w+", next(line for line in lines if line.startswith("    return")).split(" : ")[0])
for index, value in [*zip(graph.inputs, re.findall(r"(%arg\d+):", head)), *zip(graph.outputs, results)]:
    if is_code(kept[value]) and (element := element_of(graph.tensors[index], kept[value])):
        give(value, element)


def operands_of(op):
    return re.findall(r"%\w+", op[3].split(" {")[0])


# Between u8 and i8.
for value, op in ops.items():
    if op[2] == "rescale" and kept[value][-5:] != kept[operands_of(op)[0]][-5:]:
        pair = (operands_of(op)[0], value)
        for a, b in (pair, pair[::-1]):
            if types[a] != kept[a] and types[b] == kept[b] and is_code(kept[b]) and kept[a].endswith("ui8>"):
                scale, zero = re.search(r"u8:f32, ([^:>]*):?(-?\d*)>", types[a]).groups()
                give(b, f"!quant.uniform<i8:f32, {scale}:{int(zero or 0) - 128}>")

# Ops that keep codes, forwards and backwards.
changed = True
while changed:
    changed = False
    for value, op in ops.items():
        if op[2] not in KEEPS:
            continue
        places = {"concat": slice(None), "pad": slice(0, 3, 2), "select": slice(1, 3)}.get(op[2], slice(1))
        operands = operands_of(op)[places]
        group = [v for v in (value, *operands) if is_code(kept[v])]
        known = [v for v in group if types[v] != kept[v]]
        for v in group if known else []:
            if types[v] == kept[v]:
                give(v, re.search(r"!quant\.uniform<.*?>(?=>$)", types[known[0]])[0])
                changed = True

for line in lines:
    op = OP.match(line)
    if op and op[2]:
        operands = [types.get(v, None) for v in operands_of(op)]
        given = re.findall(r"(?:tensor<[^>]*>|!tosa\.shape<\d+>)", op[4])
        operands = [t or g for t, g in zip(operands, given)]
        print(f"    {op[1]} = tosa.{op[2]} {op[3]} : ({', '.join(operands)}) -> {types[op[1]]} loc({op[6]})")
    elif op:
        print(f"    {op[1]} = \"tosa.const\"{op[3]} : {op[4]} -> {types[op[1]]} loc({op[6]})")
    elif line.startswith("  func.func"):
        names = [graph.tensors[index].name.decode() for index in graph.inputs]
        for value, name in zip(re.findall(r"(%arg\d+):", line), names):
            line = re.sub(value + r": (tensor<[^>]*(?:>>)?>?) (?:\{.*?\} )?loc",
                          lambda m: f'{value}: {types[value]} {{quant_hw.name = "{name}"}} loc', line, count=1)
        outputs = [graph.tensors[index].name.decode() for index in graph.outputs]
        named = [f'{types[value]} {{quant_hw.name = "{name}"}}' for value, name in zip(results, outputs)]
        print(re.sub(r"\) -> (\(.*\)|tensor<[^>]*>) attributes \{.*", lambda m: f") -> ({', '.join(named)}) {{", line))
    elif line.startswith("    return"):
        print(f"    return {', '.join(results)} : {', '.join(types[v] for v in results)} {line[line.rindex('loc('):]}")
    elif line.startswith("module"):
        print("module {")
    else:
        print(line)
