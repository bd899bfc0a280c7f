"""Integer execution of a step 0 program, by the formulas of the numerics specification.

Takes from the compiler what its policy decides and nothing else: the step 0 program (scale, zero point and grid of every
quantized tensor, float weights) and the fields of the backend's descriptor. Weight codes, bias integers, multipliers
and shifts, accumulators and the arithmetic of every op are computed here.

Float ops between `dequantize` and `quantize` are computed in f32 too, but a convolution's or an average's value
depends on the order of its sums: such a tensor is compared within a tolerance and the compiler's own value of it goes
on (`given`).
"""
from typing import NamedTuple

import numpy as np

from . import numerics as num
from .numerics import Params, f32, f64
from .program import Quantized

INT32 = (num.INT32_MIN, num.INT32_MAX)


class Mismatch(Exception):
    """The first difference of a tensor."""


class Tensor(NamedTuple):
    """Codes with their type, or real values. `exact`: no sum of floats was rounded on the way; None: the specification's
    formula does not say what comes out."""

    data: np.ndarray
    type: Quantized = None
    exact: bool = True

    @property
    def params(self):
        return params_of(self.type)

    @property
    def dot_scale(self):
        """What a dot product's input counts: 1 where the weights have the scales of its channels in them."""
        return 1.0 if self.type.per_channel else self.type.scales[0]


def params_of(type_):
    """Those of an activation: numbers, or arrays along the last axis."""
    if type_.per_channel:
        return Params(np.array(type_.scales, f64), np.array(type_.zero_points, np.int64))
    return Params(type_.scales[0], type_.zero_points[0])


def taps_of_channels(values, w_shape, groups):
    """Values of the input's channels, spread over the weights O,...,I/groups that they meet."""
    rows = np.repeat(np.asarray(values).reshape(groups, -1), w_shape[0] // groups, axis=0)
    return rows.reshape((w_shape[0],) + (1,) * (len(w_shape) - 2) + (w_shape[-1],))


class Weights(NamedTuple):
    values: np.ndarray  # float
    codes: np.ndarray
    type: Quantized

    @property
    def scales(self):
        return np.array(self.type.scales, f64)

    @property
    def zero_points(self):
        return np.array(self.type.zero_points, np.int64).reshape((-1,) + (1,) * (self.codes.ndim - 1))


# ---------------------------------------------------------------------------------------------------------------------
# Dot products
# ---------------------------------------------------------------------------------------------------------------------


def windows(x, w_shape, pad, stride, dilation):
    """For each tap (ky, kx) of the kernel: the input values it meets, N,OH,OW,C. x is padded with zeros."""
    _, kh, kw, _ = w_shape
    x = np.pad(x, ((0, 0), (pad[0], pad[1]), (pad[2], pad[3]), (0, 0)))
    oh = (x.shape[1] - (kh - 1) * dilation[0] - 1) // stride[0] + 1
    ow = (x.shape[2] - (kw - 1) * dilation[1] - 1) // stride[1] + 1
    for ky in range(kh):
        for kx in range(kw):
            top, left = ky * dilation[0], kx * dilation[1]
            yield ky, kx, x[
                :,
                top : top + (oh - 1) * stride[0] + 1 : stride[0],
                left : left + (ow - 1) * stride[1] + 1 : stride[1],
            ]


def conv2d(x, w, attrs):
    """In f64: exact for integers. x: N,H,W,C; w: O,KH,KW,C/groups."""
    x, w = np.asarray(x, f64), np.asarray(w, f64)
    groups = attrs["groups"]
    total = 0
    for ky, kx, taps in windows(x, w.shape, attrs["pad"], attrs["stride"], attrs["dilation"]):
        n, oh, ow, _ = taps.shape
        tap = w[:, ky, kx].reshape(groups, w.shape[0] // groups, w.shape[3])
        taps = taps.reshape(n * oh * ow, groups, w.shape[3])
        if w.shape[3] == 1:
            product = taps * tap[None, :, :, 0]
        else:
            product = np.matmul(taps.transpose(1, 0, 2), tap.transpose(0, 2, 1)).transpose(1, 0, 2)
        total = total + product.reshape(n, oh, ow, w.shape[0])
    return total


def transpose_conv2d(x, w, attrs):
    """Every input pixel adds its product with every tap to one output pixel; then the edges are cut off."""
    x, w, groups = np.asarray(x, f64), np.asarray(w, f64), attrs["groups"]
    (n, h, wd, c), (o, kh, kw, per) = x.shape, w.shape
    (sh, sw), (dh, dw), pad, extra = attrs["stride"], attrs["dilation"], attrs["pad"], attrs["output_pad"]
    rows, columns = ((h, kh, sh, dh), (wd, kw, sw, dw))
    total = np.zeros((n, *((size - 1) * s + (k - 1) * d + 1 + e for (size, k, s, d), e in zip((rows, columns), extra)), o))
    x = x.reshape(n * h * wd, groups, per).transpose(1, 0, 2)
    for ky in range(kh):
        for kx in range(kw):
            tap = w[:, ky, kx].reshape(groups, o // groups, per).transpose(0, 2, 1)
            product = np.matmul(x, tap).transpose(1, 0, 2).reshape(n, h, wd, o)
            top, left = ky * dh, kx * dw
            total[:, top : top + (h - 1) * sh + 1 : sh, left : left + (wd - 1) * sw + 1 : sw] += product
    return total[:, pad[0] : total.shape[1] - pad[1], pad[2] : total.shape[2] - pad[3]]


def fully_connected(x, w, attrs):
    return np.asarray(x, f64) @ np.asarray(w, f64).T


def matmul(a, b, attrs):
    return np.matmul(np.asarray(a, f64), np.asarray(b, f64))


DOTS = {
    "quant_hw.conv2d": conv2d,
    "quant_hw.transpose_conv2d": transpose_conv2d,
    "quant_hw.fully_connected": fully_connected,
    "quant_hw.matmul": matmul,
}
WEIGHTED = ("conv2d", "transpose_conv2d", "fully_connected")
# Of f64; the constants are those of the op.
FUNCTIONS = {
    "tosa.sigmoid": lambda x, attrs: 1 / (1 + np.exp(-x)),
    "tosa.tanh": lambda x, attrs: np.tanh(x),
    "hard_swish": lambda x, attrs: num.hard_swish(x),
    "leaky_relu": lambda x, attrs: np.where(x < 0, f64(f32(attrs["alpha"])) * x, x),
}
KINDS = {
    "quant_hw.conv2d": "conv2d",
    "quant_hw.transpose_conv2d": "transpose_conv2d",
    "quant_hw.fully_connected": "fully_connected",
    "quant_hw.matmul": "matmul",
    "quant_hw.unary": "unary",
    "quant_hw.prelu": "prelu",
    "quant_hw.mean": "mean",
    "quant_hw.softmax": "softmax",
    "tosa.sigmoid": "unary",
    "tosa.tanh": "unary",
    "tosa.resize": "resize",
    "tosa.add": "add",
    "tosa.sub": "sub",
    "tosa.mul": "mul",
    "tosa.avg_pool2d": "avg_pool2d",
    "tosa.max_pool2d": "max_pool2d",
    "tosa.concat": "concat",
    "tosa.clamp": "clamp",
    "tosa.reshape": "movement",
    "tosa.transpose": "movement",
    "tosa.pad": "movement",
    "tosa.slice": "movement",
}
MOVES = ("movement", "max_pool2d", "concat", "resize")
ABSORBS_CLAMP = (*WEIGHTED, "matmul", "add", "sub", "mul")


def unary_kind(op):
    """The word of `#quant_hw<unary_kind word>`, or None."""
    return op.attrs["kind"].split()[-1] if op.name == "quant_hw.unary" else None


def function_of(op):
    function = FUNCTIONS[unary_kind(op) or op.name]
    return lambda x: function(x, op.attrs)


def is_nearest(op):
    return op.attrs["mode"] == "NEAREST_NEIGHBOR"


def _last(x, mean):
    """The elements of each mean as the last axis."""
    axes = mean.attrs["axes"]
    rest = [i for i in range(x.ndim) if i not in axes]
    return x.transpose(*rest, *axes).reshape(*(x.shape[i] for i in rest), -1)


def _kept(x, mean):
    return [1 if i in mean.attrs["axes"] else n for i, n in enumerate(x.shape)]


class Dot:
    """Bias integers, multipliers and results of one convolution or fully connected layer."""

    def __init__(self, fields, kind, x, weights, bias, out, groups=1):
        self.fields, self.weights, self.x, self.out = fields, weights, x, out
        self.real_bias = None if bias is None else np.asarray(bias, f32)
        self.channels = weights.codes.shape[0]
        self.kernel = fields["requantize_kernel"]
        if kind in ("fully_connected", "matmul") and fields["fully_connected_kernel"] != "same":
            self.kernel = fields["fully_connected_kernel"]
        own = {"matmul": "matmul_kernel", "transpose_conv2d": "transpose_conv_kernel"}.get(kind)
        if own and fields[own] != "same":
            self.kernel = fields[own]
        self.sx, self.sw = x.dot_scale, weights.scales
        if kind == "matmul" and fields["scale_precision"] == "f32" and self.kernel in ("r1", "r2", "r11"):
            # LiteRT's product of two activations' scales.
            self.sx, self.sw = f64(f32(self.sx) * f32(self.sw[0])), np.ones(1)
        zx = x.params.zero_point
        if x.type.per_channel:
            zx = taps_of_channels(zx, weights.codes.shape, groups)
        self.folded = -(zx * (weights.codes - weights.zero_points)).reshape(self.channels, -1).sum(axis=1)
        rule = fields["multiplier_rule"]
        self.tpu = rule in ("tpu32", "tpu8") or (rule == "of_kernel" and self.kernel == "r7")
        self.coupled = fields["scale_form"] == "coupled"
        self.bias = self._integer_bias()

    def _integer_bias(self):
        """One integer per channel beside sum((qx - zx)(qw - zw)); 0 where the bias stays real."""
        form = self.fields["bias"]
        zero = np.zeros(self.channels, np.int64)
        if form == "f32":
            return zero
        b = np.zeros(self.channels, f32) if self.real_bias is None else self.real_bias
        if self.kernel == "r10":
            return self._hexagon_bias(b)
        if self.tpu:
            # RHA(b/(s_w s_x) - z_x sum(q_w)): the zero points inside the rounding.
            return num.rha(b.astype(f64) / (self.sw * f64(self.sx)) + self.folded) - self.folded
        if self.real_bias is None:
            return zero
        if self.coupled:
            return np.array([coupled_bias(v, self, c) for c, v in enumerate(b)], np.int64)
        if form == "i8_pot_shifted":
            codes, fp = num.bias_i8_pot_shifted(b)
            return num.align_pot_bias(codes, fp, self._accumulator_fp())
        if form == "i8_pot":
            return self._dpu_bias(b)
        rounding = num.rne if self.fields["bias_rounding"] == "rne" else num.rha
        values = num.bias_i8_asymmetric(b) if form == "i8_asymmetric" else b
        return num.bias_i32(values, self.sx, self.sw, rounding)

    def _accumulator_fp(self):
        return num.fraction_bits(Params(self.sx)) + num.fraction_bits(Params(self.sw[0]))

    def _dpu_bias(self, b):
        """4.9c: shift_bias = fp_w + fp_x - fp_b in [min(0, -(24 - (8 + shift_cut))), 16], else fp_b moves."""
        fp = num.dpu_fraction_bits(b, form="q6p")
        fa = self._accumulator_fp()
        cut = fa - (num.fraction_bits(self.out_params) if self.out else 0)
        fp = int(np.clip(fp, fa - 16, fa - min(0, -(24 - (8 + cut)))))
        return num.align_pot_bias(num.bias_i8_pot(b, fp), fp, fa)

    def _hexagon_bias(self, b):
        """4.5c: B = RTZ(b/step + off + 1/2) with off = -omin/step; the zero points are not in it."""
        step = f32(self.sx) * f32(self.sw[0])
        least, _ = self._output_range()
        return num.rtz(b.astype(f64) / f64(step) - least / f64(step) + 0.5)

    def _output_range(self):
        s, z = self.out_params.scale, self.out_params.zero_point
        return (self.out.lo - z) * s, (self.out.hi - z) * s

    @property
    def out_params(self):
        return params_of(self.out)

    def accumulate(self, op, right=None):
        """`right`: the second factor where it is no constant."""
        x = self.x.data - self.x.params.zero_point
        if right is not None:
            return matmul(x, right.data - right.params.zero_point, None).astype(np.int64)
        w = self.weights.codes - self.weights.zero_points
        return DOTS[op.name](x, w, op.attrs).astype(np.int64) + self.bias

    def multipliers(self):
        """One per channel or one for all, of an integer kernel."""
        rule, sy = self.fields["multiplier_rule"], self.out_params.scale
        if self.coupled:
            return stack([m for m in coupled_multipliers(self)])
        sw, sy = np.broadcast_arrays(self.sw, sy)
        if self.tpu:
            scales = [float(f32(s * self.sx / y)) for s, y in zip(sw, sy)]
        else:
            combine = num.u8_multiplier if self.fields["scale_product"] == "f32" else num.f64_multiplier
            scales = [float(combine(f32(self.sx), f32(s), f32(y))) for s, y in zip(sw, sy)]
        if rule == "of_kernel":
            rule = {"r5": "bits24", "r7": "tpu32"}.get(self.kernel, "bits31")
        make = {
            "bits31": num.multiplier_bits31,
            "bits24": num.multiplier_bits24,
            "tpu32": num.multiplier_tpu,
            "tpu8": lambda s: num.multiplier_tpu(s, 8),
            "glow": num.multiplier_glow,
            "cv18xx": num.multiplier_cv18xx,
            "fbgemm": num.multiplier_fbgemm,
        }[rule]
        return stack([make(s) for s in scales])

    def requantize(self, acc, residual, lo, hi, act):
        k, z = self.kernel, self.out_params.zero_point
        sy = self.out_params.scale
        a = f32(self.sx) * self.sw.astype(f32)
        m = a / f32(sy)
        if k == "r14":
            bias = f32(0) if self.real_bias is None else self.real_bias
            r = None if residual is None else residual.data - residual.params.zero_point
            rs = None if residual is None else residual.params.scale
            q = num.r14(acc, a, sy, bias, r, rs, act)
        elif residual is not None:
            raise NotImplementedError(f"a residual with {k}")
        elif k == "r4" and self.fields["bias"] == "f32":
            q = num.fbgemm_requantize(acc, self.sx, self.sw, sy, 0, self.real_bias, self.weights.type.per_channel)
        elif k == "r4":
            q = num.r4(acc, m)
        elif k == "r8":
            return num.clamp(num.r8(acc, m, z), lo, hi)
        elif k == "r9":
            return num.clamp(num.r9(acc, a, sy, z, self.fields["dequant_precision"]), lo, hi)
        elif k == "r10":
            least, most = self._output_range()
            reciprocal = (0x00FF0000 << 15) // int((most - least) / f64(a[0]) + 0.5)
            return num.clamp(num.r10(acc, 0, reciprocal), lo, hi)
        elif k == "r12":
            q = num.r12(acc, num.f64_multiplier(f32(self.sx), self.sw.astype(f32), f32(sy)))
        elif k == "r6":
            q = num.r6(acc, self._accumulator_fp() - num.fraction_bits(self.out_params))
        else:
            q = {"r1": num.r1, "r2": num.r2, "r5": num.r5, "r7": num.r7, "r11": num.r11}[k](acc, self.multipliers())
        return num.clamp(q + z, lo, hi)

    def dequantize(self, acc):
        """Where the result stays float: f32 of the accumulator times f32(s_x s_w), the real bias added."""
        a = f32(self.sx) * self.sw.astype(f32)
        precision = self.fields["dequant_precision"]
        if self.kernel == "r9":
            return num.r9_dequantize(acc, a, "f32" if precision == "requant" else precision).astype(f32)
        real = acc.astype(f32) * a
        if self.fields["bias"] == "f32" and self.real_bias is not None:
            real = real + self.real_bias
        return real


def stack(multipliers):
    return num.Multiplier(*(np.array(v, np.int64) for v in zip(*multipliers)))


# CV18xx (4.10e): the multiplier comes first, weights and bias are made for it.


def _threshold(scale):
    """thr of s = thr/127, in f32."""
    return f32(scale * 127)


def coupled_multipliers(dot):
    x, y = _threshold(dot.sx), _threshold(dot.out_params.scale)
    w = dot.weights.values.reshape(dot.channels, -1)
    if not dot.weights.type.per_channel:
        w = w.reshape(1, -1)
    most_bias = np.zeros(len(w), f32)
    if dot.real_bias is not None:
        b = np.abs(dot.real_bias)
        most_bias = b if len(w) == len(b) else np.array([b.max()], f32)
    for values, bias in zip(w, most_bias):
        qs = np.abs(values).max() * x / (f32(127) * y)
        if qs >= 1:
            qs = f32(0.999999)
        else:
            needed = f64(bias) * 127 / (0x7FFFFFFF * 0.998 * f64(y))
            if qs < needed < 1:
                qs = f32(needed)
        yield num.multiplier_cv18xx(qs)


def _coupled_factor(ratio, m):
    """f32(ratio * 2^(31+r) / m)."""
    return f32(np.ldexp(f32(ratio), int(m.shift))) / f32(m.multiplier)


def _multiplier_of(dot, c):
    all_ = list(coupled_multipliers(dot))
    return all_[c if len(all_) > 1 else 0]


def coupled_bias(b, dot, c):
    m = _multiplier_of(dot, c)
    if m.multiplier == 0:
        return 0
    factor = _coupled_factor(f32(127) / _threshold(dot.out_params.scale), m)
    return int(num.clamp(num.rne(f32(b) * factor), *INT32))


def coupled_codes(dot):
    codes = np.zeros(dot.weights.values.shape, np.int64)
    ratio = _threshold(dot.sx) / _threshold(dot.out_params.scale)
    for c in range(dot.channels):
        m = _multiplier_of(dot, c)
        if m.multiplier:
            codes[c] = num.clamp(num.rne(dot.weights.values[c] * _coupled_factor(ratio, m)), -127, 127)
    return codes


# ---------------------------------------------------------------------------------------------------------------------
# Pools and movement
# ---------------------------------------------------------------------------------------------------------------------


def hexagon_defined(pa, pb, py):
    """4.5d ends with a right shift by at least 1."""
    ratio = (f32(pa.scale) + f32(pb.scale)) * (f32(1) / f32(py.scale)) * f32(16384.0 / 16380.0)
    return 6 - np.frexp(ratio)[1] >= 1


def pool_regions(shape, attrs):
    """(row, column, slices of the valid taps) of every output position."""
    (kh, kw), (sh, sw), (top, bottom, left, right) = attrs["kernel"], attrs["stride"], attrs["pad"]
    h, w = shape[1:3]
    for oy in range((h + top + bottom - kh) // sh + 1):
        for ox in range((w + left + right - kw) // sw + 1):
            y, x = oy * sh - top, ox * sw - left
            yield oy, ox, slice(max(y, 0), min(y + kh, h)), slice(max(x, 0), min(x + kw, w))


def pool(x, attrs, reduce):
    """`reduce` makes one value of the last axis, the valid taps."""
    regions = list(pool_regions(x.shape, attrs))
    rows, columns = regions[-1][0] + 1, regions[-1][1] + 1
    out = None
    for oy, ox, ys, xs in regions:
        taps = x[:, ys, xs].reshape(x.shape[0], -1, x.shape[3]).transpose(0, 2, 1)
        value = reduce(taps)
        if out is None:
            out = np.zeros((x.shape[0], rows, columns, x.shape[3]), value.dtype)
        out[:, oy, ox] = value
    return out


def resize(x, mode, scale, offset, border):
    """TOSA's: output o lies at (o * d + offset) / n of the input."""
    for axis, (n, d) in ((1, scale[:2]), (2, scale[2:])):
        size, start = x.shape[axis], offset[axis - 1]
        at = np.arange(((size - 1) * n - start + border[axis - 1]) // d + 1) * d + start
        index, rest = at // n, at % n
        if mode == "NEAREST_NEIGHBOR":
            x = np.take(x, np.clip(index + (2 * rest >= n), 0, size - 1), axis)
            continue
        shape = [-1 if i == axis else 1 for i in range(x.ndim)]
        weight = (rest / n).reshape(shape)
        low, high = (np.take(x, np.clip(index + i, 0, size - 1), axis).astype(f64) for i in (0, 1))
        x = low + weight * (high - low)
    return x


def move(op, inputs, constants, pad_code):
    """Movement ops on codes or on floats."""
    x = inputs[0]
    kind = op.name
    if kind == "tosa.reshape":
        return x.reshape([-1 if d < 0 else d for d in constants[1].tolist()])
    if kind == "tosa.transpose":
        return x.transpose(op.attrs["perms"])
    if kind == "tosa.concat":
        return np.concatenate(inputs, axis=op.attrs["axis"])
    if kind == "tosa.max_pool2d":
        return pool(x, op.attrs, lambda taps: taps.max(axis=-1))
    if kind == "tosa.resize":
        return resize(x, op.attrs["mode"], *(c.tolist() for c in constants[1:4]))
    if kind == "tosa.pad":
        widths = constants[1].reshape(-1, 2).tolist()
        return np.pad(x, widths, constant_values=pad_code)
    if kind == "tosa.slice":
        starts, sizes = constants[1].tolist(), constants[2].tolist()
        return x[tuple(slice(b, None if n < 0 else b + n) for b, n in zip(starts, sizes))]
    raise NotImplementedError(kind)


# ---------------------------------------------------------------------------------------------------------------------
# The program
# ---------------------------------------------------------------------------------------------------------------------


class Evaluator:
    """`given(name, tensor)`: the compiler's value of a tensor, compared by the caller, or None. It goes on from there,
    so that every op is judged on its own. `float_weights`: what stands behind weights that are integers at step 0."""

    def __init__(self, program, fields, given, float_weights=None):
        self.program, self.fields, self.given = program, fields, given
        self.float_weights = float_weights or {}
        self.ops = {op.result: op for op in program.ops if op.result}
        self.users = {}
        for op in program.ops:
            for operand in op.operands:
                self.users.setdefault(operand, []).append(op)
        self.values = {}

    def run(self, inputs):
        """inputs: {argument name: array}. Returns {output name: Tensor}."""
        for value, name in self.program.arguments:
            self.values[value] = Tensor(np.asarray(inputs[name], f32))
        for op in self.program.ops:
            if op.name == "func.return":
                return {n: self._float(v) for n, v in zip(self.program.result_names, op.operands)}
            if op.result not in self.values:
                self._evaluate(op)
        raise ValueError("expected a func.return")

    # Values

    def _float(self, value):
        """A float value; codes are dequantized."""
        tensor = self.values[value]
        if tensor.type is None:
            return tensor
        # Channels with scales of their own are read as codes only: the scales are in the weights.
        p = Params(1.0, tensor.params.zero_point) if tensor.type.per_channel else tensor.params
        return Tensor(num.dequantize(tensor.data, p), None, True)

    def _need(self, value):
        """A residual may be computed after the convolution that adds it."""
        if value not in self.values:
            for operand in self.ops[value].operands:
                self._need(operand)
            if value not in self.values:
                self._evaluate(self.ops[value])

    def _quantized(self, value):
        """The codes behind a dequantize, or None."""
        op = self.ops.get(value)
        if op is None or op.name != "quant_hw.dequantize":
            return None
        tensor = self.values.get(op.operands[0])
        return tensor if isinstance(tensor, Tensor) and tensor.type is not None else None

    def _weights(self, value, dot_op):
        """Codes of weights behind dequantize(quantize(constant))."""
        dequantize = self.ops[value]
        source = self.ops[dequantize.operands[0]]
        type_ = dequantize.operand_types[0].element
        if source.name != "quant_hw.quantize":  # coupled: integers already
            return Weights(self.float_weights[dot_op.result], source.attrs["values"].astype(np.int64), type_)
        values = self.ops[source.operands[0]].attrs["values"]
        x = self._quantized(dot_op.operands[0])
        if x is not None and x.type.per_channel:
            # W'[o,i] = Sx[i] W[o,i], rounded once.
            w = self.float_weights[dot_op.result]
            scales = taps_of_channels(x.params.scale, w.shape, dot_op.attrs.get("groups", 1))
            compensated = (w.astype(f64) * scales).astype(f32)
            if not np.array_equal(compensated, values):
                raise Mismatch(f"weights of '{dot_op.result}' without the scales of the input's channels")
            values = compensated
        shape = (-1,) + (1,) * (values.ndim - 1)
        p = Params(np.array(type_.scales).reshape(shape), np.array(type_.zero_points).reshape(shape))
        return Weights(values, num.quantize(source.attrs["form"], values, p, type_.lo, type_.hi), type_)

    def _constant(self, value):
        op = self.ops.get(value)
        return op.attrs["values"] if op and op.name in ("tosa.const", "tosa.const_shape") else None

    def _only_user(self, op):
        users = self.users.get(op.result, [])
        return users[0] if len(users) == 1 and users[0].operands.count(op.result) == 1 else None

    def _put(self, op, tensor):
        """The value of an op; float sums go on with the compiler's value."""
        name = op.attrs.get("quant_hw.name")
        if name is not None:
            theirs = self.given(name, tensor)
            if theirs is not None:
                tensor = Tensor(theirs, tensor.type, True)
        self.values[op.result] = tensor

    # Ops

    def _evaluate(self, op):
        if op.name in ("tosa.const", "tosa.const_shape"):
            return
        if op.name == "quant_hw.dequantize":
            source = self.values.get(op.operands[0])
            if source is not None:
                self.values[op.result] = source
            return
        if op.name == "quant_hw.quantize":
            if self._constant(op.operands[0]) is None:
                self._quantize(op)
            return
        if KINDS.get(op.name) and self._integer(op):
            return
        self._put(op, self._float_op(op))

    def _quantize(self, op):
        type_ = op.result_types[0].element
        codes = self._quantized(op.operands[0])
        if codes is not None and (codes.type.per_channel or type_.per_channel):
            raise NotImplementedError("codes of channels with scales of their own, on another grid")
        if codes is not None:
            data = self._rescale(codes, type_, type_.lo, type_.hi, self._concat_reads(op))
            return self._put(op, Tensor(data, type_))
        x = self._float(op.operands[0])
        p = params_of(type_)
        self._put(op, Tensor(num.quantize(op.attrs["form"], x.data, p, type_.lo, type_.hi), type_, x.exact))

    def _concat_reads(self, quantize):
        return any(
            user.name == "quant_hw.dequantize"
            and any(u.name == "tosa.concat" and self._is_integer_unit(u) for u in self.users.get(user.result, []))
            for user in self.users.get(quantize.result, [])
        )

    def _rescale(self, x, type_, lo, hi, in_concat):
        """Codes to another grid."""
        py = Params(type_.scales[0], type_.zero_points[0])
        if x.params == py and (x.type.lo, x.type.hi) == (type_.lo, type_.hi):
            return num.clamp(x.data, lo, hi)
        concat, rescale = self.fields["concat"], self.fields["rescale"]
        variant = concat if rescale == "same" or (in_concat and concat != "copy") else rescale
        return num.CONCAT[variant](x.data, x.params, py, lo, hi)

    def _unit(self, op):
        """The ops that one integer op stands for: (residual add, clamp, quantize), each or None."""
        kind, last, add, clamp, quantize = KINDS[op.name], op, None, None, None
        user = self._only_user(last)
        if kind in WEIGHTED and self.fields["fuse_residual"] and user and user.name == "tosa.add":
            other = [o for o in user.operands if o != op.result]
            if len(other) == 1 and self._quantized_source(other[0]):
                shapes = [tuple(t.shape) for t in user.operand_types]
                if shapes[0] == shapes[1]:
                    add = last = user
        if KINDS[last.name] in ABSORBS_CLAMP:
            user = self._only_user(last)
            if user and user.name == "tosa.clamp":
                clamp = last = user
        user = self._only_user(last)
        if user and user.name == "quant_hw.quantize":
            quantize = user
        if kind == "clamp" and clamp is None:
            clamp = op
        return add, clamp, quantize

    def _quantized_source(self, value):
        op = self.ops.get(value)
        return op is not None and op.name == "quant_hw.dequantize"

    def _activations(self, op):
        pairs = ("tosa.add", "tosa.sub", "tosa.mul", "quant_hw.matmul")
        n = len(op.operands) if op.name == "tosa.concat" else 2 if op.name in pairs else 1
        return op.operands[:n]

    def _resizes(self, op):
        """Whether the backend has integer arithmetic for the positions of a bilinear resize."""
        variant = self.fields["resize"]
        scale, offset = (self._constant(o).tolist() for o in op.operands[1:3])
        return variant != "none" and num.has_resize(variant, op.operand_types[0].shape[1:3], op.result_types[0].shape[1:3], scale, offset)

    def _is_integer_unit(self, op):
        """Computed in integers: operands quantized, and the result too but for dot products."""
        kind = KINDS[op.name]
        name = unary_kind(op) or (op.name.split(".")[1] if kind == "unary" else kind)
        if name in self.fields["stays_float"]:
            return False
        if kind == "mul" and self.fields["mul"] == "none":
            return False
        if kind == "unary" and self.fields["lookup_tables"] == "none":
            return False
        if kind in ("softmax", "mean", "prelu") and self.fields[kind] == "none":
            return False
        if kind == "resize" and not is_nearest(op) and not self._resizes(op):
            return False
        if kind == "sub" and self.fields["add"] == "onnxruntime":  # there is no QLinearSub
            return False
        # The window is the divisor, whatever part of it is padding.
        if kind == "avg_pool2d" and any(op.attrs["pad"]) and self.fields["avg_pool"].startswith(("dpu", "nnpi", "sophgo")):
            return False
        if not all(self._quantized_source(v) for v in self._activations(op)):
            return False
        if kind in WEIGHTED and not self._quantized_source(op.operands[1]):
            return False
        _, _, quantize = self._unit(op)
        return kind in WEIGHTED or kind == "matmul" or quantize is not None

    def _integer(self, op):
        """Computes the unit that begins at op; False where it stays float."""
        if not self._is_integer_unit(op) or self.fields["final_form"] == "step0":
            return False
        kind = KINDS[op.name]
        xs = [self._quantized(v) for v in self._activations(op)]
        add, clamp, quantize = self._unit(op)
        residual = None
        if add is not None:
            other = next(o for o in add.operands if o != op.result)
            self._need(other)
            residual = self._quantized(other)
        if op.name in DOTS and quantize is None:
            return self._float_dot(op, xs)
        if kind in ("add", "sub", "mul") and xs[0].data.shape != xs[1].data.shape and kind != "mul":
            return False
        type_ = quantize.result_types[0].element
        py = params_of(type_)
        if type_.per_channel and kind not in ("conv2d", "fully_connected"):
            return False
        lo, hi, act = type_.lo, type_.hi, lambda v: v
        if clamp is not None:
            least, most = clamp.attrs["min_val"], clamp.attrs["max_val"]
            lo, hi = (self._bound(quantize, v) for v in (least, most))
            act = lambda v: np.clip(v, f32(least), f32(most))
            if self.fields["relu_limit"] == "grid" and least == 0 and kind != "clamp":
                hi = type_.hi  # 4.10a: ReLU6 as plain ReLU
        for inner in (op, add, clamp):
            if inner is not None:
                self.values.setdefault(inner.result, None)
        if op.name in DOTS:
            dot = self._dot(op, kind, xs, type_)
            data = dot.requantize(dot.accumulate(op, *xs[1:]), residual, lo, hi, act)
        elif kind == "unary":
            lookup = self.fields["lookup_tables"]
            litert = lookup.startswith("tflite")  # has kernels for these two; others have tables
            if litert and unary_kind(op) == "hard_swish":
                data = num.hard_swish_tflite(xs[0].data, xs[0].params, py, lo, hi)
            elif litert and unary_kind(op) == "leaky_relu" and self.fields["prelu"] != "none":
                data = num.leaky_relu_tflite(self.fields["prelu"], xs[0].data, xs[0].params, py, lo, hi, op.attrs["alpha"],
                                             lookup == "tflite_xnnpack")
            else:
                data = num.LOOKUP[lookup](quantize.attrs["form"], function_of(op), xs[0].data, xs[0].params, py, lo, hi)
        elif kind == "prelu":
            data = num.prelu_tflite(self.fields["prelu"], xs[0].data, self._constant(op.operands[1]), xs[0].params, py, lo, hi)
        elif kind == "mean":
            data = num.MEAN[self.fields["mean"]](_last(xs[0].data, op), xs[0].params, py, lo, hi).reshape(_kept(xs[0].data, op))
        elif kind == "softmax":
            # Of real numbers, in f32 and an order of its own.
            real = self._softmax(num.dequantize(xs[0].data, xs[0].params), op.attrs["axis"])
            data = num.clamp(num.rha(real / f64(py.scale)) + py.zero_point, lo, hi)
            self._put(quantize, Tensor(data, type_, False))
            return True
        elif kind in ("add", "sub"):
            if kind == "sub" and self.fields["add"] == "hexagon":
                # The specification has the sum alone.
                self._put(quantize, Tensor(np.zeros(xs[0].data.shape, np.int64), type_, None))
                return True
            subtract = {"subtract": True} if kind == "sub" else {}
            data = num.ADD[self.fields["add"]](xs[0].data, xs[1].data, xs[0].params, xs[1].params, py, lo, hi, **subtract)
        elif kind == "mul":
            if self.fields["mul"] not in num.MUL:
                # The specification has no formula.
                self._put(quantize, Tensor(np.zeros(np.broadcast_shapes(*(x.data.shape for x in xs)), np.int64), type_, None))
                return True
            data = num.MUL[self.fields["mul"]](xs[0].data, xs[1].data, xs[0].params, xs[1].params, py, lo, hi)
        elif kind == "avg_pool2d":
            data = self._average(op, xs[0], py, lo, hi)
        elif kind == "clamp":
            data = self._rescale(xs[0], type_, lo, hi, self._concat_reads(quantize))
        else:
            moved = [self._rescale(x, type_, lo, hi, kind == "concat") for x in xs]
            pad = 0
            if op.name == "tosa.pad":
                value = self._constant(op.operands[2])
                pad = int(num.quantize(quantize.attrs["form"], value, py, type_.lo, type_.hi).reshape(-1)[0])
            constants = [self._constant(o) for o in op.operands]
            if kind == "resize" and not is_nearest(op):
                data = num.resize_bilinear(self.fields["resize"], moved[0], op.result_types[0].shape[1:3],
                                           *(c.tolist() for c in constants[1:3]))
            else:
                data = move(op, moved, constants, pad)
        defined = kind not in ("add", "sub") or self.fields["add"] != "hexagon" or hexagon_defined(*(x.params for x in xs), py)
        self._put(quantize, Tensor(data, type_, True if defined else None))
        return True

    def _bound(self, quantize, value):
        """A clamp's bound as a code; far beyond the grid is as good as infinite."""
        type_ = quantize.result_types[0].element
        s, z = params_of(type_)
        value = np.clip(value, (type_.lo - z - 2) * s, (type_.hi - z + 2) * s)
        code = num.quantize(quantize.attrs["form"], f32(value), Params(s, z), type_.lo, type_.hi)
        return code if type_.per_channel else int(code)

    @staticmethod
    def _softmax(x, axis):
        x = np.exp(x.astype(f64) - x.max(axis=axis, keepdims=True))
        return x / x.sum(axis=axis, keepdims=True)

    def _dot(self, op, kind, xs, out):
        x = xs[0]
        if kind == "matmul":
            return Dot(self.fields, kind, x, Weights(None, np.zeros((1, 1), np.int64), xs[1].type), None, out)
        weights = self._weights(op.operands[1], op)
        bias = self._constant(op.operands[2]) if len(op.operands) > 2 else None
        dot = Dot(self.fields, kind, x, weights, bias, out, op.attrs.get("groups", 1))
        if dot.coupled:
            dot.weights = weights._replace(codes=coupled_codes(dot))
        return dot

    def _float_dot(self, op, xs):
        dot = self._dot(op, KINDS[op.name], xs, None)
        self._put(op, Tensor(dot.dequantize(dot.accumulate(op, *xs[1:]))))
        return True

    def _average(self, op, x, py, lo, hi):
        kernel = op.attrs["kernel"]
        variant = num.AVG_POOL[self.fields["avg_pool"]]
        options = {}
        if self.fields["avg_pool"] == "onnxruntime":
            options["whole_input"] = list(kernel) == list(x.data.shape[1:3]) and not any(op.attrs["pad"])
        return pool(x.data, op.attrs, lambda taps: variant(taps, x.params, py, lo, hi, tuple(kernel), **options))

    def _float_op(self, op):
        """One op in f32."""
        name = op.name
        if name == "quant_hw.matmul":
            return Tensor(matmul(*(self._float(o).data for o in op.operands), None).astype(f32), None, False)
        if name in DOTS:
            x = self._float(op.operands[0])
            dequantize = self.ops[op.operands[1]]
            if dequantize.name == "quant_hw.dequantize":
                w = self._weights(op.operands[1], op)
                shape = (-1,) + (1,) * (w.codes.ndim - 1)
                values = num.dequantize(w.codes, Params(w.scales.reshape(shape), w.zero_points))
            else:
                values = self._constant(op.operands[1])
            real = DOTS[name](x.data, values, op.attrs)
            bias = self._constant(op.operands[2]) if len(op.operands) > 2 else None
            return Tensor((real if bias is None else real + bias.astype(f64)).astype(f32), None, False)
        kind = KINDS.get(name)
        xs = []
        for operand in self._activations(op) if kind else op.operands:
            constant = self._constant(operand)
            xs.append(self._float(operand) if constant is None else Tensor(constant))
        exact = all(x.exact for x in xs)
        data = [x.data for x in xs]
        if name == "tosa.add":
            return Tensor(data[0] + data[1], None, exact)
        if name == "tosa.sub":
            return Tensor(data[0] - data[1], None, exact)
        if name == "tosa.mul":
            return Tensor(data[0] * data[1], None, exact)
        if name == "tosa.clamp":
            return Tensor(np.clip(data[0], f32(op.attrs["min_val"]), f32(op.attrs["max_val"])), None, exact)
        if name == "tosa.avg_pool2d":
            return Tensor(pool(data[0], op.attrs, lambda taps: taps.astype(f64).mean(axis=-1).astype(f32)), None, False)
        if name == "quant_hw.mean":
            mean = _last(data[0], op).astype(f64).mean(axis=-1)
            return Tensor(mean.astype(f32).reshape(_kept(data[0], op)), None, False)
        if name == "quant_hw.prelu":
            return Tensor(np.where(data[0] < 0, self._constant(op.operands[1]) * data[0], data[0]), None, exact)
        if kind == "unary":
            return Tensor(function_of(op)(data[0].astype(f64)).astype(f32), None, False)
        if kind == "softmax":
            return Tensor(self._softmax(data[0], op.attrs["axis"]).astype(f32), None, False)
        if kind == "resize" and not is_nearest(op):
            constants = [self._constant(o) for o in op.operands]
            return Tensor(move(op, data, constants, 0).astype(f32), None, False)
        if kind in MOVES:
            constants = [self._constant(o) for o in op.operands]
            pad = float(constants[2].reshape(-1)[0]) if name == "tosa.pad" else 0
            return Tensor(move(op, data, constants, pad), None, exact)
        raise NotImplementedError(name)
