#!/usr/bin/env python3
"""Integer products of step 4 against sums written down as the ops define them.

check_products.py DIR      random transposed convolutions and products of two
                           activations, executed by `hwq eval`; every integer
                           must be the same. HWQ_TEST_SEED repeats a run.
"""
import os, pathlib, subprocess, sys
import numpy as np

MULTIPLIER, SHIFT = 1518500250, 38  # 2^-7.5: one rounding, half up
GRIDS = {"u8": (0, 255), "i8": (-128, 127)}


def element(kind, scale, zero):
    return f"!quant.uniform<{kind}:f32, {scale:.17e}:{zero}>"


def requant(out_kind, zero):
    lo, hi = GRIDS[out_kind]
    scale = MULTIPLIER * 2.0**-SHIFT
    return (
        f"#quant_hw.requant<kernel = r2, scales = [{scale:.17e}], multipliers = [{MULTIPLIER}], "
        f"shifts = [{SHIFT}], zero_point = {zero}, lo = {lo}, hi = {hi}>"
    )


def finish(acc, kind, zero):
    lo, hi = GRIDS[kind]
    return np.clip(((acc * MULTIPLIER + (1 << (SHIFT - 1))) >> SHIFT) + zero, lo, hi)


def tensor(shape, of):
    return "tensor<" + "x".join(["?"] + [str(s) for s in shape[1:]] + [of]) + ">"


def constant(name, values, storage, of):
    shape = "x".join(map(str, values.shape))
    return f'  %{name} = "tosa.const"() {{values = dense<{values.tolist()}> : tensor<{shape}x{storage}>}} : () -> tensor<{shape}x{of}>\n'


def transposed(x, zx, w, b, stride, dilation, pad, extra, groups):
    """Every input pixel adds its product with every tap to one output pixel."""
    n, h, wd, _ = x.shape
    o, kh, kw, per = w.shape
    oh = (h - 1) * stride[0] + (kh - 1) * dilation[0] + 1 - pad[0] - pad[1] + extra[0]
    ow = (wd - 1) * stride[1] + (kw - 1) * dilation[1] + 1 - pad[2] - pad[3] + extra[1]
    y = np.zeros((n, oh, ow, o), np.int64) + b
    for i in range(h):
        for j in range(wd):
            for ky in range(kh):
                for kx in range(kw):
                    r = i * stride[0] + ky * dilation[0] - pad[0]
                    c = j * stride[1] + kx * dilation[1] - pad[2]
                    if not (0 <= r < oh and 0 <= c < ow):
                        continue
                    for g in range(groups):
                        outs = slice(g * o // groups, (g + 1) * o // groups)
                        ins = slice(g * per, (g + 1) * per)
                        y[:, r, c, outs] += (x[:, i, j, ins] - zx) @ w[outs, ky, kx].T
    return y


def make_transposed(rng):
    kind, out = rng.choice(["u8", "i8"], 2)
    groups = int(rng.choice([1, 1, 2, 3]))
    per, outs = int(rng.integers(1, 4)), groups * int(rng.integers(1, 4))
    while True:
        h, wd, kh, kw = (int(v) for v in rng.integers(1, 5, 4))
        stride, dilation = rng.integers(1, 4, 2), rng.integers(1, 3, 2)
        # Also more than the kernel reaches: the edge of the image is cut off.
        pad, extra = rng.integers(0, 4, 4), rng.integers(0, 3, 2)
        oh = (h - 1) * stride[0] + (kh - 1) * dilation[0] + 1 - pad[0] - pad[1] + extra[0]
        ow = (wd - 1) * stride[1] + (kw - 1) * dilation[1] + 1 - pad[2] - pad[3] + extra[1]
        if oh >= 1 and ow >= 1:
            break
    zx, zy = (int(rng.integers(GRIDS[k][0], GRIDS[k][1] + 1)) for k in (kind, out))
    x = rng.integers(*GRIDS[kind], (3, h, wd, groups * per), endpoint=True)
    w = rng.integers(-127, 128, (outs, kh, kw, per))
    b = rng.integers(-20000, 20000, outs)
    expected = finish(transposed(x, zx, w, b, stride, dilation, pad, extra, groups), out, zy)
    # The zero point folded into the bias, or subtracted by the op.
    raw = bool(rng.integers(2))
    given = b - zx * w.reshape(outs, -1).sum(1) if raw else b
    tx, tw, ty = element(kind, 0.5, zx), element("i8<-127:127>", 0.25, 0), element(out, 2.0, zy)
    array = lambda v: "array<i64: " + ", ".join(map(str, v)) + ">"
    text = constant("w", w, "i8", tw) + constant("b", given, "i32", "i32")
    text += (
        f"  %y = quant_hw.transpose_conv2d %q0, %w bias %b {{pad = {array(pad)}, output_pad = {array(extra)}, "
        f"stride = {array(stride)}, dilation = {array(dilation)}, groups = {groups} : i64, "
        + (f"raw_input, pad_value = {zx} : i32, " if raw else "")
        + f"requant = {requant(out, zy)}}} : ({tensor(x.shape, tx)}, tensor<{outs}x{kh}x{kw}x{per}x{tw}>, "
        f"tensor<{outs}xi32>) -> {tensor(expected.shape, ty)}\n"
    )
    return [(x, kind, 0.5, zx)], text, (expected, ty, zy)


def make_matmul(rng):
    left, right, out = rng.choice(["u8", "i8"], 3)
    m, k, n = (int(v) for v in rng.integers(1, 9, 3))
    lead = tuple(int(v) for v in rng.integers(1, 4, int(rng.integers(0, 2))))
    za, zb, zy = (int(rng.integers(GRIDS[g][0], GRIDS[g][1] + 1)) for g in (left, right, out))
    a = rng.integers(*GRIDS[left], (3,) + lead + (m, k), endpoint=True)
    b = rng.integers(*GRIDS[right], (3,) + lead + (k, n), endpoint=True)
    expected = finish(np.matmul(a - za, b - zb), out, zy)
    ta, tb, ty = element(left, 0.5, za), element(right, 0.25, zb), element(out, 2.0, zy)
    text = (
        f"  %y = quant_hw.matmul %q0, %q1 {{requant = {requant(out, zy)}}} : "
        f"({tensor(a.shape, ta)}, {tensor(b.shape, tb)}) -> {tensor(expected.shape, ty)}\n"
    )
    return [(a, left, 0.5, za), (b, right, 0.25, zb)], text, (expected, ty, zy)


def run(folder, index, made):
    inputs, text, (expected, ty, zy) = made
    arguments, head, data = [], "", {}
    for i, (codes, kind, scale, zero) in enumerate(inputs):
        f32 = tensor(codes.shape, "f32")
        arguments.append(f'%a{i}: {f32} {{quant_hw.name = "a{i}"}}')
        head += f"  %q{i} = quant_hw.quantize %a{i} form <q1> : {f32} -> {tensor(codes.shape, element(kind, scale, zero))}\n"
        data[f"a{i}"] = ((codes - zero) * scale).astype(np.float32)
    result = tensor(expected.shape, "f32")
    program = (
        'module attributes {quant_hw.form = "step4"} {\n'
        f"func.func @main({', '.join(arguments)}) -> ({result} {{quant_hw.name = \"y\"}}) {{\n{head}{text}"
        f'  %f = quant_hw.dequantize %y {{quant_hw.name = "y"}} : {tensor(expected.shape, ty)} -> {result}\n'
        f"  return %f : {result}\n}}\n}}\n"
    )
    (folder / f"{index}.mlir").write_text(program)
    np.savez(folder / f"{index}.npz", **data)
    subprocess.run(
        ["hwq", "eval", f"{index}.mlir", f"--data={index}.npz", "--quiet", f"--dump={index}-out.npz"],
        check=True, cwd=folder, stdout=subprocess.DEVNULL,
    )
    out = np.load(folder / f"{index}-out.npz")
    got = np.rint(out[out.files[0]] / 2.0).astype(np.int64) + zy
    if got.shape != expected.shape or (got != expected).any():
        sys.exit(f"{folder}/{index}.mlir: expected {expected.tolist()}, got {got.tolist()}")
    return got.size


def main():
    folder = pathlib.Path(sys.argv[1])
    seed = int(os.environ.get("HWQ_TEST_SEED", np.random.SeedSequence().entropy % 2**32))
    print(f"HWQ_TEST_SEED={seed}")
    rng = np.random.default_rng(seed)
    each = 400 if os.environ.get("HWQ_EXHAUSTIVE") else 25
    for what in (make_transposed, make_matmul):
        count = sum(run(folder, f"{what.__name__}{i}", what(rng)) for i in range(each))
        print(f"{what.__name__}: {count} integers, 0 differing")


main()
