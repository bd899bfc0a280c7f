"""Prints a program of step 0 (stdin) in few words, one line an op:

    Q x = input : i8:f32, 0.5        x is quantized; Q x is what the dequantize gives
    conv = conv2d(Q x, W i8:f32, 2)  W: weights and their type

Values without a name are numbered.
"""

import re
import sys

names = {}
count = 0
for line in sys.stdin:
    match = re.match(r"\s+(%\S+) = (\S+) (.*)", line)
    if not match:
        if match := re.match(r"\s+return (.*) :", line):
            print("return", ", ".join(names[v] for v in match[1].split(", ")))
        for arg, name in re.findall(
            r'(%arg\d+): \S+ \{quant_hw.name = "([^"]*)"\}', line
        ):
            names[arg] = "input"
        continue
    value, op, rest = match.groups()
    op = op.strip('"()').split(".")[-1]
    if op in ("const", "const_shape"):
        element = re.search(r"quant.uniform<(.*)>>", rest)
        names[value] = "W " + element[1] + ", constant" if element else ""
        continue
    operands = [names[v] for v in re.findall(r"%\w+", rest)]
    if op == "dequantize":
        names[value] = operands[0]
        continue
    name = re.search(r'quant_hw.name = "([^"]*)"', rest)
    if name:
        name = name[1]
    else:
        count += 1
        name = f"#{count}"
    if op == "quantize":
        element = re.search(r"quant.uniform<(.*)>>", rest)[1]
        if operands[0] == "":
            count -= 1
            names[value] = "W " + element
            continue
        names[value] = "Q " + name
        print(f"Q {name} = {operands[0]} : {element}")
        continue
    names[value] = name
    print(f"{name} = {op}({', '.join(o for o in operands if o)})")
