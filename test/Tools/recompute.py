#!/usr/bin/env python3
"""Recomputes an snpe program with Python's integers, straight from the printed parameters.

    recompute.py MODEL.mlir DUMP.npz

MODEL.mlir is the text of a target program, DUMP.npz what `hwq eval --dump-tensors=.*` wrote. Every
convolution, fully connected op, addition, average and max pool, conversion and movement is computed from the
dumped tensors of its operands and compared with the dumped result. Shares no code with hwq.
"""
import re, struct, sys, zipfile
from itertools import product


def read_npz(path):
    """name -> (shape, flat list)"""
    result = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.namelist():
            raw = archive.read(entry)
            size = struct.unpack("<H", raw[8:10])[0]
            header = raw[10:10 + size].decode()
            descr = re.search(r"'descr':\s*'([^']+)'", header)[1]
            shape = tuple(int(v) for v in re.search(r"'shape':\s*\(([^)]*)\)", header)[1].split(",") if v.strip())
            code = {"|u1": "B", "|i1": "b", "<i4": "i", "<i8": "q", "<f4": "f", "<f8": "d"}[descr]
            body = raw[10 + size:]
            count = len(body) // struct.calcsize("<" + code)
            result[entry[:-4]] = (shape, list(struct.unpack(f"<{count}{code}", body)))
    return result


def numbers(text):
    return [int(v) for v in re.findall(r"-?\d+", text)]


def array(attrs, key):
    found = re.search(rf"\b{key} = array<i64: ([^>]*)>", attrs)
    return numbers(found[1]) if found else None


def integer(text, key, default=None):
    found = re.search(rf"\b{key} = (-?\d+)", text)
    return int(found[1]) if found else default


def requant(attrs, key="requant"):
    text = re.search(rf"(?<![a-z_]){key} = #quant_hw\.requant<([^>]*)>", attrs)[1]
    assert "kernel = r2" in text, text
    get = lambda k: [int(v) for v in re.search(rf"\b{k} = \[([^\]]*)\]", text)[1].split(",")]
    return dict(m=get("multipliers"), n=get("shifts"), izp=integer(text, "input_zero_point", 0),
                left=integer(text, "left_shift", 0), zp=integer(text, "(?<!input_)zero_point", 0),
                lo=integer(text, "lo"), hi=integer(text, "hi"))


def apply(r, x, channel):
    m, n = (r[k][0 if len(r[k]) == 1 else channel] for k in "mn")
    x = (x - r["izp"]) << r["left"]
    y = (x * m + (1 << (n - 1)) >> n) if n else x * m
    return min(max(y + r["zp"], r["lo"]), r["hi"])


def parse_type(text):
    """tensor<?x8x8x4x!quant.uniform<u8:f32, 0.05:128>> -> (shape, zero point)"""
    dims = re.match(r"tensor<((?:[\d?]+x)*)", text)[1]
    shape = [None if d == "?" else int(d) for d in dims.split("x")[:-1]]
    quantized = re.search(r"!quant\.uniform<[^,]*, [-\d.eE+]+(?::(-?\d+))?>", text)
    return shape, int(quantized[1] or 0) if quantized else None


def split_types(text):
    parts, depth, current = [], 0, ""
    for c in text:
        depth += c in "<(["
        depth -= c in ">)]"
        if c == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += c
    return parts + [current.strip()]


class Tensor:
    def __init__(self, shape, data, zero_point=0):
        self.shape, self.data, self.zero_point = tuple(shape), data, zero_point
        strides, s = [], 1
        for d in reversed(self.shape):
            strides.insert(0, s)
            s *= d
        self.strides = strides

    def at(self, *index):
        return self.data[sum(i * s for i, s in zip(index, self.strides))]


def constants(text):
    blobs = {}
    resources = text.split("{-#")[-1]
    for name, value in re.findall(r'("[^"]+"|[\w.$/-]+): "0x([0-9A-Fa-f]*)"', resources):
        blobs[name.strip('"')] = bytes.fromhex(value)[4:]
    result = {}
    for line in text.splitlines():
        found = re.match(r'\s*(%\w+) = "?tosa\.const"?\(\) <\{values = (dense(?:_resource)?)<(.*)> : tensor<([^>]*)>\}> : '
                         r"\(\) -> (tensor<.*>)$", line)
        if not found:
            continue
        name, kind, value, storage, kind_of = found.groups()
        shape, zero_point = parse_type(kind_of)
        element = storage.split("x")[-1]
        count = 1
        for d in shape:
            count *= d
        if element not in ("ui8", "i8", "i32"):
            continue
        if kind == "dense_resource":
            code = {"ui8": "B", "i8": "b", "i32": "i"}[element]
            data = list(struct.unpack(f"<{count}{code}", blobs[value.strip('"')]))
        elif value.startswith('"0x'):
            raw = bytes.fromhex(value[3:-1])
            data = list(struct.unpack(f"<{count}{ {'ui8': 'B', 'i8': 'b', 'i32': 'i'}[element]}", raw))
        else:
            data = numbers(value)
            if len(data) == 1:
                data *= count
        result[name] = Tensor(shape, data, zero_point or 0)
    return result


def conv2d(x, w, b, attrs):
    top, left, r = array(attrs, "pad")[0], array(attrs, "pad")[2], requant(attrs)
    bottom, right = array(attrs, "pad")[1], array(attrs, "pad")[3]
    (sy, sx), (dy, dx) = array(attrs, "stride"), array(attrs, "dilation")
    groups, fill = integer(attrs, "groups"), integer(attrs, "pad_value")
    n, h, wd, _ = x.shape
    o, kh, kw, ci = w.shape
    oh = (h + top + bottom - (kh - 1) * dy - 1) // sy + 1
    ow = (wd + left + right - (kw - 1) * dx - 1) // sx + 1
    out = []
    for i, y0, x0, c in product(range(n), range(oh), range(ow), range(o)):
        first = c // (o // groups) * ci
        acc = b.data[c]
        for ky, kx in product(range(kh), range(kw)):
            yy, xx = y0 * sy + ky * dy - top, x0 * sx + kx * dx - left
            inside = 0 <= yy < h and 0 <= xx < wd
            for k in range(ci):
                code = x.at(i, yy, xx, first + k) if inside else fill
                acc += code * (w.at(c, ky, kx, k) - w.zero_point)
        out.append(apply(r, acc, c))
    return (n, oh, ow, o), out


def fully_connected(x, w, b, attrs):
    r = requant(attrs)
    o, k = w.shape
    rows = len(x.data) // k
    out = [apply(r, b.data[c] + sum(x.data[i * k + j] * (w.data[c * k + j] - w.zero_point) for j in range(k)), c)
           for i in range(rows) for c in range(o)]
    return x.shape[:-1] + (o,), out


def eltwise_add(a, b, attrs):
    wide = lambda r: dict(r, lo=-(1 << 31), hi=(1 << 31) - 1)
    ra, rb, ro = wide(requant(attrs, "lhs_requant")), wide(requant(attrs, "rhs_requant")), requant(attrs)
    return a.shape, [apply(ro, apply(ra, p, 0) + apply(rb, q, 0), 0) for p, q in zip(a.data, b.data)]


def windows(x, attrs):
    (kh, kw), (sy, sx), pad = array(attrs, "kernel"), array(attrs, "stride"), array(attrs, "pad")
    n, h, w, c = x.shape
    oh, ow = (h + pad[0] + pad[1] - kh) // sy + 1, (w + pad[2] + pad[3] - kw) // sx + 1
    shape = (n, oh, ow, c)
    for i, y0, x0, k in product(*map(range, shape)):
        yield shape, [x.at(i, y, z, k) for y in range(max(0, y0 * sy - pad[0]), min(h, y0 * sy - pad[0] + kh))
                      for z in range(max(0, x0 * sx - pad[2]), min(w, x0 * sx - pad[2] + kw))]


def pool_avg2d(x, attrs):
    lo, hi = array(attrs, "clamp")
    out, shape = [], None
    for shape, taps in windows(x, attrs):
        s, n = sum(v - x.zero_point for v in taps), len(taps)
        rounded = (2 * abs(s) + n) // (2 * n) * (1 if s >= 0 else -1)
        out.append(min(max(rounded + x.zero_point, lo), hi))
    return shape, out


def max_pool2d(x, attrs):
    result = list(windows(x, attrs))
    return result[0][0], [max(taps) for _, taps in result]


def transpose(x, attrs):
    perms = numbers(re.search(r"perms = array<i32: ([^>]*)>", attrs)[1])
    shape = tuple(x.shape[p] for p in perms)
    out = []
    for index in product(*map(range, shape)):
        source = [0] * len(perms)
        for i, p in zip(index, perms):
            source[p] = i
        out.append(x.at(*source))
    return shape, out


def main():
    text = open(sys.argv[1]).read()
    dump = read_npz(sys.argv[2])
    samples = next(shape[0] for key, (shape, _) in dump.items() if shape)
    values = constants(text)
    counts, wrong = {}, 0
    for line in text.splitlines():
        found = re.match(r"\s*(%\w+) = (\w+\.\w+) ([^{:]*?)\s*(\{.*\})? : (.*)$", line)
        if not found:
            continue
        result, op, operands, attrs, types = found.groups()
        attrs = attrs or ""
        result_type = types.split(" -> ")[-1]
        if not result_type.startswith("tensor<"):
            continue
        name = re.search(r'quant_hw\.name = "((?:[^"\\]|\\.)*)"', attrs)
        name = name[1] if name else None
        inputs = [values.get(v) for v in re.findall(r"%\w+", operands)]
        shape, zero_point = parse_type(result_type)
        shape = [samples if d is None else d for d in shape]
        kind = op.split(".")[1]
        if op == "snpe.quantize":
            dumped = dump[name]
            values[result] = Tensor(dumped[0], dumped[1], zero_point)
            continue
        if op == "snpe.dequantize" or zero_point is None or any(v is None for v in inputs[:1]):
            continue
        if op == "snpe.conv2d":
            out = conv2d(*inputs[:3], attrs)
        elif op == "snpe.fully_connected":
            out = fully_connected(*inputs[:3], attrs)
        elif op == "snpe.eltwise_add":
            out = eltwise_add(*inputs[:2], attrs)
        elif op == "snpe.pool_avg2d":
            out = pool_avg2d(inputs[0], attrs)
        elif op == "snpe.convert":
            r = requant(attrs)
            out = inputs[0].shape, [apply(r, v, 0) for v in inputs[0].data]
        elif op == "tosa.max_pool2d":
            out = max_pool2d(inputs[0], attrs)
        elif op == "tosa.transpose":
            out = transpose(inputs[0], attrs)
        elif op == "tosa.reshape":
            out = shape, inputs[0].data
        elif name and name in dump:
            out = dump[name]  # not recomputed
            kind += " (taken)"
        else:
            sys.exit(f"recompute: no rule for {op}")
        if tuple(out[0]) != tuple(shape) and "-1" not in str(shape):
            sys.exit(f"recompute: {op} {name}: shape {out[0]}, expected {shape}")
        if name and name in dump and "taken" not in kind:
            expected = dump[name][1]
            differ = sum(a != b for a, b in zip(out[1], expected)) + abs(len(out[1]) - len(expected))
            counts.setdefault(kind, [0, 0])
            counts[kind][0] += 1
            counts[kind][1] += len(expected)
            if differ:
                wrong += 1
                print(f"{name} ({op}): {differ} of {len(expected)} integers differ")
            out = out[0], expected
        values[result] = Tensor(out[0], out[1], zero_point)
    for kind, (tensors, integers) in sorted(counts.items()):
        print(f"{kind}: {tensors} tensors, {integers} integers compared")
    print("all equal" if not wrong and counts else f"{wrong} tensors differ")
    return 1 if wrong or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
