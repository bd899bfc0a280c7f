"""Random small ONNX nets of convolutions, additions, pools, means, concatenations, products, elementwise functions and
movement, with data for calibration and evaluation.

A net is a function of its seed. What backends trip over is frequent: odd shapes, strides, dilations, groups, paddings
on one side, ranges on one side of zero and tiny ones, weight channels that are zero or far smaller than the others,
weights that are exact powers of two, biases that are large for their accumulator, data beyond the calibrated range; clamps
behind clamps, layers with the same weights, batch norms and constants on their own.
"""
import math

import numpy as np

from . import onnxfile


class Tensor:
    def __init__(self, name, channels, height, width):
        self.name, self.channels, self.height, self.width = name, channels, height, width

    @property
    def shape(self):
        return self.channels, self.height, self.width


class Net:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.count = [], [], 0
        r = self.random
        self.input = Tensor("x", int(r.integers(1, 9)), int(r.integers(3, 14)), int(r.integers(3, 14)))
        self.tensors, self.used, self.flat, self.tried, self.layers = [self.input], set(), {}, 0, {}

    # Pieces

    def chance(self, p):
        return self.random.random() < p

    def pick(self, values):
        return values[int(self.random.integers(len(values)))]

    def initializer(self, values):
        name = f"c{len(self.initializers)}"
        self.initializers.append(onnxfile.tensor(name, values))
        return name

    def node(self, kind, inputs, shape, **attributes):
        self.count += 1
        out = Tensor(f"t{self.count}_{kind}", *shape)
        self.nodes.append(onnxfile.node(kind, inputs, out.name, **attributes))
        self.used.update(inputs)
        self.tensors.append(out)
        return out

    def weights(self, shape):
        r = self.random
        style = self.pick(["normal"] * 4 + ["channels", "positive", "negative", "powers", "tiny"])
        w = r.normal(0, 1 / math.sqrt(np.prod(shape[1:])), shape)
        if style == "channels":
            w *= np.exp(r.normal(0, 2, (shape[0],) + (1,) * (len(shape) - 1)))
        elif style == "positive":
            w = np.abs(w)
        elif style == "negative":
            w = -np.abs(w)
        elif style == "powers":
            w = np.round(w * 16) / 16
        elif style == "tiny":
            w *= 1e-5
        if self.chance(0.3):
            w[int(r.integers(shape[0]))] = 0
        if self.chance(0.15):
            w[int(r.integers(shape[0]))] *= 1e-7
        return w.astype(np.float32)

    def bias(self, channels):
        b = self.random.normal(0, self.pick([0.01, 0.3, 0.3, 3]), channels)
        if self.chance(0.1):
            b[:] = 0
        return b.astype(np.float32)

    def window(self, size, most):
        """Kernel, stride, dilation and two paddings of one axis that leave something."""
        kernel = int(self.random.integers(1, most + 1))
        dilation = self.pick([1, 1, 1, 2])
        while (kernel - 1) * dilation + 1 > size:
            kernel, dilation = max(kernel - 1, 1), 1
        pads = [int(self.random.integers(0, (kernel - 1) * dilation + 1)) for _ in range(2)]
        stride = self.pick([1, 1, 1, 2, 3])
        return kernel, stride, dilation, pads

    def activation(self, t):
        t = self.clamp(t)
        return self.clamp(t) if self.chance(0.1) else t

    def clamp(self, t):
        kind = self.pick(["none", "relu", "relu", "relu6", "clip"])
        if kind == "relu":
            return self.node("Relu", [t.name], t.shape)
        if kind != "none":
            low, high = (0, 6) if kind == "relu6" else self.pick([(-1, 1), (-0.5, 3), (0, 1.3), (0.125, 2)])
            bounds = [self.initializer(np.float32(v)) for v in (low, high)]
            if kind == "clip" and self.chance(0.3):
                bounds = self.pick([bounds[:1], ["", bounds[1]]])
            return self.node("Clip", [t.name] + bounds, t.shape)
        return t

    # Ops

    def convolution(self, t, same=False, channels=None):
        r = self.random
        groups = self.pick([1, 1, 1, t.channels, self.pick([g for g in range(1, t.channels + 1) if t.channels % g == 0])])
        out = channels or groups * int(r.integers(1, max(2, 9 // groups + 1)))
        if out % groups:
            groups = 1
        (kh, sh, dh, ph), (kw, sw, dw, pw) = self.window(t.height, 5), self.window(t.width, 5)
        if same:
            kh, kw, sh, sw = self.pick([1, 3]), self.pick([1, 3]), 1, 1
            ph, pw = [dh * (kh // 2)] * 2, [dw * (kw // 2)] * 2
        height = (t.height + sum(ph) - (kh - 1) * dh - 1) // sh + 1
        width = (t.width + sum(pw) - (kw - 1) * dw - 1) // sw + 1
        layer = (out, t.channels // groups, kh, kw)
        if not self.chance(0.1) or layer not in self.layers:  # some layers share weights and bias
            self.layers[layer] = [self.initializer(self.weights(layer))]
            if self.chance(0.8):
                self.layers[layer].append(self.initializer(self.bias(out)))
        inputs = [t.name] + self.layers[layer]
        result = self.node(
            "Conv", inputs, (out, height, width), kernel_shape=[kh, kw], strides=[sh, sw], dilations=[dh, dw],
            pads=[ph[0], pw[0], ph[1], pw[1]], group=groups,
        )
        if self.chance(0.15):
            result = self.batch_norm(result)
        return self.activation(result)

    def batch_norm(self, t):
        r, n = self.random, t.channels
        parameters = [r.uniform(0.5, 2, n), r.normal(0, 0.3, n), r.normal(0, 0.3, n), r.uniform(0.3, 2, n)]
        names = [self.initializer(p.astype(np.float32)) for p in parameters]
        return self.node("BatchNormalization", [t.name] + names, t.shape)

    def constant(self, t):
        """A sum or product with one value, one per channel or one per element."""
        shape = self.pick([(), (t.channels, 1, 1), t.shape])
        pair = [t.name, self.initializer(self.random.normal(0, self.pick([0.1, 1, 5]), shape).astype(np.float32))]
        if self.chance(0.3):
            pair.reverse()
        return self.activation(self.node(self.pick(["Add", "Mul", "Sub"]), pair, t.shape))

    def addition(self, t):
        others = [o for o in self.tensors if o is not t and o.shape == t.shape]
        other = self.pick(others) if others and self.chance(0.6) else self.convolution(t, True, t.channels)
        pair = [t.name, other.name]
        if self.chance(0.3):
            pair.reverse()
        return self.activation(self.node(self.pick(["Add"] * 6 + ["Sub", "Mul"]), pair, t.shape))

    def concatenation(self, t):
        others = [o for o in self.tensors if (o.height, o.width) == (t.height, t.width) and o is not t]
        parts = [t] + [self.pick(others) for _ in range(int(self.random.integers(1, 3))) if others]
        if len(parts) == 1:
            parts.append(self.convolution(t, True, int(self.random.integers(1, 6))))
        self.random.shuffle(parts)
        channels = sum(p.channels for p in parts)
        return self.node("Concat", [p.name for p in parts], (channels, t.height, t.width), axis=1)

    def join(self, t):
        """A concatenation of rows."""
        others = [o for o in self.tensors if (o.channels, o.width) == (t.channels, t.width)]
        other = self.pick(others)
        return self.node("Concat", [t.name, other.name], (t.channels, t.height + other.height, t.width), axis=2)

    def mean(self, t):
        axes = self.pick([[1], [2], [3], [2, 3], [1, 3]])
        shape = [1 if axis in axes else n for axis, n in enumerate(t.shape, 1)]
        return self.node("ReduceMean", [t.name], shape, axes=axes, keepdims=1)

    def pool(self, t):
        kind = self.pick(["MaxPool", "AveragePool", "AveragePool", "GlobalAveragePool"])
        if kind == "GlobalAveragePool":
            return self.node(kind, [t.name], (t.channels, 1, 1))
        (kh, sh, _, _), (kw, sw, _, _) = self.window(t.height, 4), self.window(t.width, 4)
        pads = [int(self.random.integers(0, k)) if self.chance(0.5) else 0 for k in (kh, kw, kh, kw)]
        height, width = (t.height + pads[0] + pads[2] - kh) // sh + 1, (t.width + pads[1] + pads[3] - kw) // sw + 1
        more = {"count_include_pad": int(self.chance(0.3))} if kind == "AveragePool" else {}
        return self.node(
            kind, [t.name], (t.channels, height, width), kernel_shape=[kh, kw], strides=[sh, sw], pads=pads, **more
        )

    def transposed(self, t):
        r = self.random
        groups = self.pick([1, 1, self.pick([g for g in range(1, t.channels + 1) if t.channels % g == 0])])
        per = int(r.integers(1, 5))
        kernel, stride, dilation = r.integers(1, 4, 2), r.integers(1, 4, 2), r.integers(1, 3, 2)
        pads = [int(v) for v in r.integers(0, 2, 4)]
        extra = [int(r.integers(0, max(s, d))) for s, d in zip(stride, dilation)]
        sizes = [
            int((size - 1) * s + (k - 1) * d + 1 + e - pads[i] - pads[i + 2])
            for i, (size, k, s, d, e) in enumerate(zip((t.height, t.width), kernel, stride, dilation, extra))
        ]
        if min(sizes) < 1 or max(sizes) > 24:
            return t
        inputs = [t.name, self.initializer(self.weights((t.channels, per, *(int(k) for k in kernel))))]
        if self.chance(0.8):
            inputs.append(self.initializer(self.bias(groups * per)))
        result = self.node(
            "ConvTranspose", inputs, (groups * per, *sizes), kernel_shape=[int(k) for k in kernel],
            strides=[int(s) for s in stride], dilations=[int(d) for d in dilation], pads=pads, group=groups,
            output_padding=extra,
        )
        return self.activation(result)

    def product(self, t):
        """Of a tensor and its transpose, or of two tensors of the same shape."""
        others = [o for o in self.tensors if o.shape == t.shape]
        right = self.pick(others) if others else t
        right = self.node("Transpose", [right.name], (t.channels, t.width, t.height), perm=[0, 1, 3, 2])
        return self.node("MatMul", [t.name, right.name], (t.channels, t.height, t.height))

    def function(self, t):
        kind = self.pick(["Sigmoid", "Tanh", "HardSwish", "LeakyRelu", "PRelu"])
        if kind == "PRelu":
            slope = self.initializer(self.random.uniform(-0.2, 1.2, (t.channels, 1, 1)).astype(np.float32))
            return self.node(kind, [t.name, slope], t.shape)
        more = {"alpha": self.pick([0.125, 0.3])} if kind == "LeakyRelu" else {}
        return self.node(kind, [t.name], t.shape, **more)

    def resize(self, t):
        if max(t.height, t.width) > 10:
            return t
        sizes = [int(self.random.integers(n, 2 * n + 1)) for n in (t.height, t.width)]
        scales = [np.float32(b) / np.float32(a) for a, b in zip((t.height, t.width), sizes)]
        if any(int(np.floor(np.float32(n) * s)) != m for n, s, m in zip((t.height, t.width), scales, sizes)) or self.chance(0.5):
            sizes, scales = [2 * t.height, 2 * t.width], [2, 2]
        more = self.pick([
            {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
            {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
            {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
            {"mode": "nearest", "coordinate_transformation_mode": "half_pixel", "nearest_mode": "round_prefer_floor"},
        ])
        scales = self.initializer(np.array([1, 1, *scales], np.float32))
        return self.node("Resize", [t.name, "", scales], (t.channels, *sizes), **more)

    def movement(self, t):
        """Padding with a value, or a part."""
        r = self.random
        if self.chance(0.5):
            before, after = [0, *(int(v) for v in r.integers(0, 3, 3))], [0, *(int(v) for v in r.integers(0, 3, 3))]
            inputs = [t.name, self.initializer(np.array(before + after))]
            if self.chance(0.5):
                inputs.append(self.initializer(np.float32(self.pick([0.0, 0.3, -1.0]))))
            return self.node("Pad", inputs, [n + a + b for n, a, b in zip(t.shape, before[1:], after[1:])])
        starts = [int(r.integers(0, n)) for n in t.shape]
        ends = [int(r.integers(s + 1, n + 1)) for s, n in zip(starts, t.shape)]
        lists = [self.initializer(np.array(v)) for v in (starts, ends, [1, 2, 3])]
        return self.node("Slice", [t.name] + lists, [e - s for s, e in zip(starts, ends)])

    def classifier(self, t):
        flat = self.node("Flatten", [t.name], (t.channels * t.height * t.width, 1, 1))
        out = int(self.random.integers(1, 12))
        inputs = [flat.name, self.initializer(self.weights((out, flat.channels)))]
        if self.chance(0.8):
            inputs.append(self.initializer(self.bias(out)))
        result = self.node("Gemm", inputs, (out, 1, 1), transB=1)
        self.flat.update({flat.name: flat.channels, result.name: out})
        if self.chance(0.3):
            result = self.node("Softmax", [result.name], (out, 1, 1), axis=1)
            self.flat[result.name] = out
        return result

    def build(self):
        ops = {
            self.convolution: 10, self.addition: 6, self.concatenation: 4, self.pool: 4, self.transposed: 2,
            self.function: 2, self.movement: 2, self.product: 1, self.resize: 1, self.activation: 1, self.batch_norm: 1,
            self.constant: 2, self.join: 1, self.mean: 1,
        }
        choices = [op for op, weight in ops.items() for _ in range(weight)]
        last = self.convolution(self.input)
        wanted = int(self.random.integers(3, 13))
        while self.count < wanted and self.tried < 50:
            t = last if self.chance(0.7) else self.pick(self.tensors)
            if t.channels > 24 or max(t.height, t.width) > 24:
                t = self.input
            last = self.pick(choices)(t)
            self.tried += 1
        if self.chance(0.4):
            self.classifier(last)
        sinks = [t for t in self.tensors if t.name not in self.used]
        return onnxfile.model(
            self.nodes,
            self.initializers,
            [onnxfile.value_info("x", self.input.shape)],
            [onnxfile.value_info(t.name, [self.flat[t.name]] if t.name in self.flat else t.shape) for t in sinks],
        )

    def data(self, samples):
        r = self.random
        style = self.pick(["normal", "normal", "positive", "negative", "image", "tiny", "large"])
        x = r.normal(0, 1, (samples, *self.input.shape))
        if style == "positive":
            x = np.abs(x)
        elif style == "negative":
            x = -np.abs(x)
        elif style == "image":
            x = np.round(r.uniform(0, 255, x.shape)) / 255
        elif style == "tiny":
            x *= 1e-3
        elif style == "large":
            x *= 60
        return x.astype(np.float32)


def generate(seed, samples=4):
    """(bytes of an ONNX model, calibration data, other data, partly beyond the calibrated range)."""
    net = Net(seed)
    model = net.build()
    calibration = net.data(samples)
    factors = np.array([1.0, 0.5, 1.7, 1.0])[:, None, None, None]
    return model, calibration, (np.roll(calibration, 1, axis=-1) * factors[:samples]).astype(np.float32)
