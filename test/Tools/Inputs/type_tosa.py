"""type_tosa.py STEP4.mlir TOSA.mlir > TYPED.mlir

The integer TOSA that --convert-quant-hw-to-tosa makes of a program, as importers of TFLite write it: tensors of
codes have !quant.uniform types, inputs and outputs are codes. Types of weights are those of the program at step 4."""

import re
import sys

step4, tosa = (open(path).read() for path in sys.argv[1:])
OP = re.compile(r"^    (?:(%\w+) = )?(\"?[\w.]+\"?)(?:\(\)| )(.*?)(?: : (\(.*\)) -> (.*))?$")


def split(text):
    parts, depth = [""], 0
    for c in text:
        depth += (c in "<{[") - (c in ">}]")
        if c == "," and not depth:
            parts.append("")
        else:
            parts[-1] += c
    return [part.strip() for part in parts]


# The types of weights, by the name of the op.
constants, weights = {}, {}
for line in step4.splitlines():
    if found := re.match(r"    (%\w+) = \"tosa.const\".* -> tensor<[\dx]*(!quant.*)>$", line):
        constants[found[1]] = found[2]
    elif found := re.match(r"    %\w+ = quant_hw.\w+ %\w+, (%\w+)", line):
        name = re.search(r"quant_hw.name = \"([^\"]*)\"", line)
        if found[1] in constants:
            weights[name[1]] = constants[found[1]]

head = re.search(r"^  func.func @main\((.*)\) -> .* \{$", tosa, re.M)
inputs = dict(re.findall(r"(%\w+): tensor<[^>]*> \{quant_hw.name = \"([^\"]*)\"", head[1]))
inputs = {name: value for value, name in inputs.items()}
lines = tosa[head.end() :].split("\n  }\n")[0].splitlines()
ops = {}
for line in lines:
    if found := OP.match(line):
        ops[found[1] or found[2]] = found


def retype(tensor, element):
    return re.sub(r"(.*[<x])[^x<>]*>$", lambda m: f"{m[1]}{element}>", tensor)


def operands_of(op):
    return re.findall(r"%\w+", op[3].split(" {")[0])


# A reshape may have the name of a dot product, whose accumulator the op before it reads.
elements, arguments, names = {}, {}, {}
for value, op in ops.items():
    given = re.search(
        r"quant_hw.name = \"([^\"]*)\", quant_hw.scale = (\S+) : f64, quant_hw.zero_point = (\S+) : i64", op[3])
    if not given:
        continue
    elements[value] = f"!quant.uniform<i8:f32, {given[2]}:{given[3]}>"
    if op[2] == "tosa.cast":
        arguments[given[1]] = value
    source = operands_of(op)[0]
    while ops[source][2] in ("tosa.reshape", "tosa.rescale") and source not in elements:
        if ops[source][2] == "tosa.rescale":
            elements[source] = elements[value]
        source = operands_of(ops[source])[0]
    names.setdefault(source, given[1])

for value, op in ops.items():
    operands = operands_of(op)
    if value in elements:
        pass
    elif op[2] in ("tosa.reshape", "tosa.slice", "tosa.transpose", "tosa.pad") and operands[0] in elements:
        elements[value] = elements[operands[0]]
    elif op[2] in ("tosa.conv2d", "tosa.depthwise_conv2d", "tosa.matmul") and names.get(value) in weights:
        element = weights[names[value]]
        elements[operands[1]] = element.replace(":f32:0", ":f32:2") if "depthwise" in op[2] else element


# What the results need.
def codes_of(value):
    while value not in elements:
        value = operands_of(ops[value])[0]
    return value


results = [codes_of(value) for value in re.findall(r"%\w+", ops["return"][3].split(" : ")[0])]
needed, stack = set(), list(results)
while stack:
    value = stack.pop()
    if value in needed:
        continue
    needed.add(value)
    if value not in arguments.values():
        stack += operands_of(ops[value])

types = {}
for value, op in ops.items():
    if op[5]:
        types[value] = retype(op[5], elements[value]) if value in elements else op[5]
signature = [f"{value}: {types[value]} {{quant_hw.name = \"{name}\"}}" for name, value in arguments.items()]
print("module {")
print(f"  func.func @main({', '.join(signature)}) -> ({', '.join(types[r] for r in results)}) {{")
for line in lines:
    op = OP.match(line)
    if not op or op[1] not in needed or op[1] in arguments.values():
        continue
    if not op[5]:
        print(line)
        continue
    kinds = [types.get(v, k) for v, k in zip(operands_of(op), split(op[4][1:-1]))] if op[4] != "()" else []
    body = re.sub(r", quant_hw.(scale|zero_point) = \S+ : \w+", "", line[: line.rindex(f" : {op[4]} -> ")])
    print(f"{body} : ({', '.join(kinds)}) -> {types[op[1]]}")
print(f"    return {', '.join(results)} : {', '.join(types[r] for r in results)}")
print("  }\n}")
resources = re.search(r"^\{-#.*", tosa, re.M | re.S)
print(resources[0] if resources else "")
