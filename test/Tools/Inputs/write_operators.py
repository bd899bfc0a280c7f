"""write_operators.py NET.mlir DATA.npz [OP...]: a net with every kind of op that
quantizes, each result under the name of its op, with random weights, and samples
for it. Each OP is left out, and what reads it: what a program of others does not
have."""

import re
import sys

import numpy as np

random = np.random.default_rng(4)
lines, types = [], {"x": "tensor<?x8x8x4xf32>"}


def tensor(*shape):
    return "tensor<" + "x".join("?" if d < 0 else str(d) for d in shape) + "xf32>"


def constant(values):
    name = f"c{len(lines)}"
    values = np.asarray(values, np.float32)
    data = values.tobytes().hex().upper()
    lines.append(f'%{name} = "tosa.const"() {{values = dense<"0x{data}"> : {tensor(*values.shape)}}} : () -> {tensor(*values.shape)}')
    types[name] = tensor(*values.shape)
    return name


def weights(*shape):
    return constant(random.normal(size=shape) / np.sqrt(np.prod(shape[1:])))


def bias(n):
    return constant(random.normal(size=n) / 4)


def shape(*values):
    name = f"s{len(lines)}"
    lines.append(f"%{name} = tosa.const_shape {{values = dense<{list(values)}> : tensor<{len(values)}xindex>}} : () -> !tosa.shape<{len(values)}>")
    types[name] = f"!tosa.shape<{len(values)}>"
    return name


def op(name, text, operands, result, attributes="", middle=None):
    """`text` is the op's name and what follows it; `middle` its operands where they are no list."""
    listed = middle or ", ".join("%" + o for o in operands)
    signature = ", ".join(types[o] for o in operands)
    lines.append(f'%{name} = {text} {listed} {{quant_hw.name = "{name}"{", " + attributes if attributes else ""}}} : ({signature}) -> {result}')
    types[name] = result
    return name


def conv(name, x, out, kernel, result, stride=1, pad=(1, 1, 1, 1), groups=1, channels=4, kind="conv2d", more=""):
    w, b = weights(out, kernel, kernel, channels // groups), bias(out)
    return op(name, f"quant_hw.{kind}", [x, w, b], result,
              f"pad = array<i64: {', '.join(map(str, pad))}>, stride = array<i64: {stride}, {stride}>, "
              f"dilation = array<i64: 1, 1>, groups = {groups} : i64{more}",
              f"%{x}, %{w} bias %{b}")


def clamp(name, x, lo, hi):
    return op(name, "tosa.clamp", [x], types[x], f"min_val = {float(lo)} : f32, max_val = {float(hi)} : f32")


def unary(name, kind, x, alpha=""):
    lines.append(f'%{name} = quant_hw.unary {kind} %{x}{alpha} {{quant_hw.name = "{name}"}} : {types[x]}')
    types[name] = types[x]
    return name


def tosa_unary(name, kind, x):
    return op(name, f"tosa.{kind}", [x], types[x])


def elementwise(name, kind, a, b):
    if kind == "mul":
        if "zero" not in types:
            lines.append('%zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>')
            types["zero"] = "tensor<1xi8>"
        return op(name, "tosa.mul", [a, b, "zero"], types[a])
    return op(name, f"tosa.{kind}", [a, b], types[a])


def avg_pool(name, x, kernel, stride, pad, result):
    zero = constant([0.0])
    return op(name, "tosa.avg_pool2d", [x, zero, zero], result,
              f"kernel = array<i64: {kernel}, {kernel}>, stride = array<i64: {stride}, {stride}>, "
              f"pad = array<i64: {', '.join([str(pad)] * 4)}>, acc_type = f32")


def max_pool(name, x, kernel, stride, pad, result):
    return op(name, "tosa.max_pool2d", [x], result,
              f"kernel = array<i64: {kernel}, {kernel}>, stride = array<i64: {stride}, {stride}>, "
              f"pad = array<i64: {', '.join([str(pad)] * 4)}>")


def resize(name, x, mode, scale, offset, border, result):
    operands = [x, shape(*scale), shape(*offset), shape(*border)]
    return op(name, "tosa.resize", operands, result, f"mode = {mode}")


full = tensor(-1, 8, 8, 6)
half = tensor(-1, 4, 4, 6)
conv("conv_linear", "x", 6, 3, full)
clamp("conv2d_relu", "conv_linear", 0, 3.4028234663852886e38)
conv("grouped_linear", "conv2d_relu", 6, 3, full, groups=2, channels=6)
clamp("grouped_relu6", "grouped_linear", 0, 6)
conv("depthwise_conv2d", "conv2d_relu", 6, 3, half, stride=2, pad=(0, 1, 0, 1), groups=6, channels=6)
conv("transpose_conv2d", "depthwise_conv2d", 6, 2, full, stride=2, pad=(0, 0, 0, 0), channels=6,
     kind="transpose_conv2d", more=", output_pad = array<i64: 0, 0>")
elementwise("add", "add", "grouped_relu6", "conv2d_relu")
elementwise("sub", "sub", "grouped_relu6", "transpose_conv2d")
elementwise("mul", "mul", "add", "conv2d_relu")
clamp("relu", "sub", 0, 3.4028234663852886e38)
clamp("clamp", "sub", -1, 1)
unary("leaky_relu", "leaky_relu", "depthwise_conv2d", " alpha 0.1")
slopes = constant([0.25, 0.1, -0.05, 0.5, 0.0, 0.3])
op("prelu", "quant_hw.prelu", ["depthwise_conv2d", slopes], half)
unary("hard_swish", "hard_swish", "depthwise_conv2d")
# x / 2 * (1 + erf(x / sqrt(2)))
elementwise("gelu_scaled", "mul", "depthwise_conv2d", constant(np.full((1, 1, 1, 1), 0.5**0.5)))
tosa_unary("gelu_erf", "erf", "gelu_scaled")
elementwise("gelu_sum", "add", "gelu_erf", constant(np.ones((1, 1, 1, 1))))
elementwise("gelu_half", "mul", "depthwise_conv2d", constant(np.full((1, 1, 1, 1), 0.5)))
elementwise("gelu", "mul", "gelu_half", "gelu_sum")
tosa_unary("sigmoid", "sigmoid", "depthwise_conv2d")
tosa_unary("tanh", "tanh", "depthwise_conv2d")
avg_pool("avg_pool2d", "add", 2, 2, 0, half)
avg_pool("avg_pool2d_padded", "add", 3, 1, 1, full)
max_pool("max_pool2d", "add", 2, 2, 0, half)
max_pool("max_pool2d_padded", "add", 3, 1, 1, full)
avg_pool("global_avg_pool", "add", 8, 1, 0, tensor(-1, 1, 1, 6))
max_pool("global_max_pool", "add", 8, 1, 0, tensor(-1, 1, 1, 6))
types["mean"] = tensor(-1, 1, 8, 6)
lines.append(f'%mean = quant_hw.mean %sub {{quant_hw.name = "mean", axes = array<i64: 1>}} : {types["sub"]} -> {types["mean"]}')
op("concat", "tosa.concat", ["avg_pool2d", "max_pool2d", "depthwise_conv2d"], tensor(-1, 4, 4, 18), "axis = 3 : i32")
op("slice", "tosa.slice", ["concat", shape(0, 1, 0, 3), shape(-1, 3, 4, 6)], tensor(-1, 3, 4, 6))
op("pad", "tosa.pad", ["slice", shape(0, 0, 1, 0, 1, 1, 0, 0), constant([0.0])], tensor(-1, 4, 6, 6))
op("transpose", "tosa.transpose", ["pad"], tensor(-1, 6, 4, 6), "perms = array<i32: 0, 3, 1, 2>")
resize("resize_nearest", "transpose", "NEAREST_NEIGHBOR", (4, 2, 4, 2), (-1, -1), (1, 1), tensor(-1, 12, 8, 6))
# Half pixels.
resize("resize_bilinear", "transpose", "BILINEAR", (4, 2, 4, 2), (-1, -1), (1, 1), tensor(-1, 12, 8, 6))
op("tile", "tosa.tile", ["slice", shape(1, 2, 1, 1)], tensor(-1, 6, 4, 6))
op("reverse", "tosa.reverse", ["slice"], tensor(-1, 3, 4, 6), "axis = 2 : i32")
op("rows", "tosa.reshape", ["depthwise_conv2d", shape(-1, 8, 12)], tensor(-1, 8, 12))
op("columns", "tosa.reshape", ["avg_pool2d", shape(-1, 12, 8)], tensor(-1, 12, 8))
op("matmul", "quant_hw.matmul", ["rows", "columns"], tensor(-1, 8, 8))
op("reshape", "tosa.reshape", ["matmul", shape(-1, 64)], tensor(-1, 64))
w, b = weights(10, 64), bias(10)
op("fully_connected", "quant_hw.fully_connected", ["reshape", w, b], tensor(-1, 10), "", f"%reshape, %{w} bias %{b}")
lines.append(f'%softmax = quant_hw.softmax %fully_connected axis 1 {{quant_hw.name = "softmax"}} : {tensor(-1, 10)}')
types["softmax"] = tensor(-1, 10)

outputs = ["relu", "clamp", "mul", "leaky_relu", "prelu", "sigmoid", "tanh", "hard_swish", "gelu", "transpose_conv2d",
           "avg_pool2d_padded", "max_pool2d_padded", "global_avg_pool", "global_max_pool", "mean", "tile", "reverse", "resize_nearest",
           "resize_bilinear", "softmax"]
kept, without = [], set(sys.argv[3:])
for line in lines:
    names = re.findall(r"%(\w+)", line)
    if without.intersection(names):
        without.add(names[0])
    else:
        kept.append(line)
outputs = [o for o in outputs if o not in without]
with open(sys.argv[1], "w") as file:
    results = ", ".join(f'{types[o]} {{quant_hw.name = "{o}"}}' for o in outputs)
    file.write(f'func.func @main(%x: {types["x"]} {{quant_hw.name = "x"}}) -> ({results}) {{\n')
    for line in kept:
        file.write("  " + line + "\n")
    file.write(f'  return {", ".join("%" + o for o in outputs)} : {", ".join(types[o] for o in outputs)}\n}}\n')
np.savez(sys.argv[2], x=random.normal(size=(40, 8, 8, 4)).astype(np.float32))
