"""Networks of published architectures in full size, with seeded weights that behave like trained ones, as ONNX files.

What is trained here is nothing; what quantizers meet in trained nets is there: batch normalization with the statistics of
the data that really comes in, scales that differ by orders of magnitude between channels (most in depthwise
convolutions), dead channels (weights of zeros, or a batch normalization that ends below zero), activations that clip.

A net is a function of its seed. It is built while it runs: every op appends a node and computes its values for a few
samples, so that statistics are at hand.
"""
import numpy as np

from . import onnxfile
from .evaluate import conv2d, pool


class Tensor:
    """Values N,H,W,C; the file has N,C,H,W."""

    def __init__(self, name, values):
        self.name, self.values = name, values

    @property
    def channels(self):
        return self.values.shape[-1]

    @property
    def size(self):
        return self.values.shape[1:3]


class Builder:
    def __init__(self, seed, samples, size):
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.outputs, self.count = [], [], [], 0
        self.images = self._images(samples, size)
        self.input = Tensor("x", (self.images.transpose(0, 2, 3, 1)).astype(np.float64))

    def _images(self, samples, size):
        """Smooth colour fields with edges and noise, normalized, N,C,H,W."""
        r, (h, w) = self.random, size
        y, x = np.mgrid[0:h, 0:w] / max(h, w)
        images = np.zeros((samples, 3, h, w))
        for n in range(samples):
            for c in range(3):
                fx, fy, p, q = r.uniform(-9, 9), r.uniform(-9, 9), r.uniform(0, 6), r.normal()
                images[n, c] = q + np.sin(fx * x + fy * y + p) + np.sign(x - r.uniform()) * r.normal() * 0.5
        return np.clip(images + 0.1 * r.normal(size=images.shape), -2.2, 2.6).astype(np.float32)

    # Pieces

    def constant(self, values):
        name = f"c{len(self.initializers)}"
        self.initializers.append(onnxfile.tensor(name, values))
        return name

    def node(self, kind, inputs, values, name=None, **attributes):
        self.count += 1
        out = Tensor(name or f"t{self.count}_{kind}", values)
        self.nodes.append(onnxfile.node(kind, inputs, out.name, **attributes))
        return out

    def finish(self, *outputs):
        def dims(t):
            return list(t.values.shape[1:]) if t.values.ndim != 4 else [t.channels, *t.size]

        return onnxfile.model(
            self.nodes,
            self.initializers,
            [onnxfile.value_info("x", self.images.shape[1:])],
            [onnxfile.value_info(t.name, dims(t)) for t in outputs],
        )

    # Layers

    def convolution(self, t, out, kernel=3, stride=1, groups=1, bias=False, dead=0.0, spread=0.0, pads=None):
        """`spread`: of the logarithm of the channels' scales; `dead`: share of channels of zeros."""
        r = self.random
        w = r.normal(0, np.sqrt(2 / (kernel * kernel * t.channels / groups)), (out, kernel, kernel, t.channels // groups))
        w *= np.exp(r.normal(0, spread, (out, 1, 1, 1)))
        w[r.random(out) < dead] = 0
        w = w.astype(np.float32)
        before = (kernel - 1) // 2
        pad = pads or [before, kernel - 1 - before] * 2
        attrs = {"pad": pad, "stride": [stride] * 2, "dilation": [1, 1], "groups": groups}
        inputs = [t.name, self.constant(w.transpose(0, 3, 1, 2))]
        values = conv2d(t.values, w, attrs)
        if bias:
            b = r.normal(0, 0.1, out).astype(np.float32)
            inputs.append(self.constant(b))
            values = values + b
        return self.node(
            "Conv", inputs, values, kernel_shape=[kernel] * 2, strides=[stride] * 2, dilations=[1, 1], group=groups,
            pads=[pad[0], pad[2], pad[1], pad[3]],
        )

    def normalization(self, t, dead=0.0):
        """The statistics are those of the samples, a little off."""
        r, c = self.random, t.channels
        axes = tuple(range(t.values.ndim - 1))
        mean = t.values.mean(axis=axes) + 0.1 * t.values.std(axis=axes) * r.normal(size=c)
        variance = t.values.var(axis=axes) * np.exp(0.2 * r.normal(size=c)) + 1e-12
        gamma, beta = np.abs(r.normal(1, 0.35, c)) + 0.05, r.normal(0, 0.4, c)
        off = r.random(c) < dead
        gamma[off], beta[off] = 1e-5 * gamma[off], -0.1 * np.abs(beta[off])
        parameters = [v.astype(np.float32) for v in (gamma, beta, mean, variance)]
        gamma, beta, mean, variance = (p.astype(np.float64) for p in parameters)
        values = (t.values - mean) / np.sqrt(variance + 1e-5) * gamma + beta
        return self.node("BatchNormalization", [t.name] + [self.constant(p) for p in parameters], values)

    def activation(self, t, kind="relu6"):
        if kind == "relu":
            return self.node("Relu", [t.name], np.maximum(t.values, 0))
        if kind == "relu6":
            bounds = [self.constant(np.float32(v)) for v in (0, 6)]
            return self.node("Clip", [t.name] + bounds, np.clip(t.values, 0, 6))
        if kind == "prelu":
            slope = self.random.uniform(-0.1, 0.5, t.channels).astype(np.float32)
            values = np.where(t.values < 0, t.values * slope, t.values)
            return self.node("PRelu", [t.name, self.constant(slope.reshape(-1, 1, 1))], values)
        return t

    def layer(self, t, out, kernel=3, stride=1, groups=1, act="relu6", dead=0.02, spread=0.3):
        t = self.convolution(t, out, kernel, stride, groups, dead=dead / 2, spread=spread)
        return self.activation(self.normalization(t, dead), act)

    def depthwise(self, t, kernel=3, stride=1, act="relu6", spread=1.2, dead=0.03):
        return self.layer(t, t.channels, kernel, stride, t.channels, act, dead, spread)

    def add(self, a, b):
        return self.node("Add", [a.name, b.name], a.values + b.values)

    def concat(self, *parts):
        return self.node("Concat", [p.name for p in parts], np.concatenate([p.values for p in parts], -1), axis=1)

    def max_pool(self, t, kernel=2, stride=2):
        attrs = {"kernel": [kernel] * 2, "stride": [stride] * 2, "pad": [0] * 4}
        values = pool(t.values, attrs, lambda taps: taps.max(axis=-1))
        return self.node("MaxPool", [t.name], values, kernel_shape=[kernel] * 2, strides=[stride] * 2)

    def pad(self, t, before, after):
        """Widths of N,C,H,W."""
        order = (0, 2, 3, 1)
        values = np.pad(t.values, [(before[i], after[i]) for i in order])
        return self.node("Pad", [t.name, self.constant(np.array(before + after))], values)

    def pad_channels(self, t, channels, before=0):
        return self.pad(t, [0, before, 0, 0], [0, channels - t.channels - before, 0, 0])

    def every_second(self, t):
        bounds = [self.constant(np.array(v)) for v in ([0, 0], [2**31 - 1] * 2, [2, 3], [2, 2])]
        return self.node("Slice", [t.name] + bounds, t.values[:, ::2, ::2])

    def upsample(self, t, mode="nearest"):
        """By two, half-pixel centres."""
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        values = t.values
        if mode == "nearest":
            values = values.repeat(2, axis=1).repeat(2, axis=2)
            more = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        else:
            for axis in (1, 2):
                first, last = np.take(values, [0], axis), np.take(values, [-1], axis)
                before, after = np.concatenate([first, values], axis), np.concatenate([values, last], axis)
                n = values.shape[axis]
                low = 0.25 * np.take(before, range(n), axis) + 0.75 * values
                high = 0.75 * values + 0.25 * np.take(after, range(1, n + 1), axis)
                shape = list(values.shape)
                shape[axis] = 2 * n
                values = np.stack([low, high], axis + 1).reshape(shape)
            more = {"coordinate_transformation_mode": "half_pixel"}
        return self.node("Resize", [t.name, "", scales], values, mode=mode, **more)

    def head(self, t, classes, name=None):
        """Global pooling and a classifier."""
        t = self.node("GlobalAveragePool", [t.name], t.values.mean(axis=(1, 2), keepdims=True))
        t = self.node("Flatten", [t.name], t.values.reshape(len(t.values), -1))
        return self.fully_connected(t, classes, name)

    def fully_connected(self, t, out, name=None, gain=1.0):
        r, n = self.random, t.values.shape[1]
        w, b = (r.normal(0, gain / np.sqrt(n), (out, n))).astype(np.float32), r.normal(0, 0.1, out).astype(np.float32)
        return self.node("Gemm", [t.name, self.constant(w), self.constant(b)], t.values @ w.T + b, name, transB=1)

    def sigmoid(self, t, name=None):
        return self.node("Sigmoid", [t.name], 1 / (1 + np.exp(-t.values)), name)


# ---------------------------------------------------------------------------------------------------------------------
# Architectures
# ---------------------------------------------------------------------------------------------------------------------


def inverted_residual(b, t, out, stride, expand, kernel=3):
    x = t
    if expand != 1:
        x = b.layer(x, t.channels * expand, 1)
    x = b.depthwise(x, kernel, stride)
    x = b.layer(x, out, 1, act="none")
    return b.add(t, x) if stride == 1 and t.channels == out else x


def _scaled(channels, width):
    """To a multiple of 8, at most a tenth less."""
    value = max(8, int(channels * width + 4) // 8 * 8)
    return value + 8 if value < 0.9 * channels * width else value


def mobilenet_v2(b, width=1.0, classes=1000, blocks=None):
    t = b.layer(b.input, _scaled(32, width), 3, 2)
    table = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expand, channels, repeat, stride in table[:blocks]:
        for i in range(repeat):
            t = inverted_residual(b, t, _scaled(channels, width), stride if i == 0 else 1, expand)
    t = b.layer(t, max(1280, _scaled(1280, width)) if blocks is None else 4 * t.channels, 1)
    return [b.head(t, classes, "logits")]


def efficientnet_lite0(b, classes=1000):
    """Without squeeze and excitation, relu6 for swish."""
    t = b.layer(b.input, 32, 3, 2)
    table = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 3, 80, 2), (6, 5, 3, 112, 1), (6, 5, 4, 192, 2), (6, 3, 1, 320, 1)]
    for expand, kernel, repeat, channels, stride in table:
        for i in range(repeat):
            t = inverted_residual(b, t, channels, stride if i == 0 else 1, expand, kernel)
    return [b.head(b.layer(t, 1280, 1), classes, "logits")]


def resnet_cifar(b, n=9, classes=10):
    """6n + 2 layers; shortcuts without parameters: every second pixel, channels padded with zeros."""
    t = b.layer(b.input, 16, act="relu")
    for stage in range(3):
        for i in range(n):
            stride, out = (2, 2 * t.channels) if stage and i == 0 else (1, t.channels)
            x = b.layer(t, out, 3, stride, act="relu", dead=0.01)
            x = b.layer(x, out, 3, act="none", dead=0.01)
            if stride == 2:
                t = b.pad_channels(b.every_second(t), out, t.channels // 2)
            t = b.activation(b.add(x, t), "relu")
    return [b.head(t, classes, "logits")]


def blaze_block(b, t, out, stride=1, kernel=5, act="relu"):
    """A depthwise and a pointwise convolution; the shortcut is pooled and padded to more channels."""
    x = t
    if stride == 2:
        before, after = (kernel - 2) // 2, (kernel - 1) // 2  # TensorFlow's SAME of even sizes
        x = b.pad(x, [0, 0, before, before], [0, 0, after, after])
        x = b.convolution(x, x.channels, kernel, 2, x.channels, bias=True, spread=1.0, pads=[0, 0, 0, 0])
        t = b.max_pool(t)
    else:
        x = b.convolution(x, x.channels, kernel, 1, x.channels, bias=True, spread=1.0)
    x = b.normalization(b.convolution(x, out, 1, spread=0.3))
    if out != t.channels:
        t = b.pad_channels(t, out)
    return b.activation(b.add(x, t), act)


def hand_landmarks(b, depth=1.0, act="prelu"):
    """Depthwise blocks with two activations, a pyramid that is upsampled and added, four outputs of one vector."""
    c = lambda n: max(8, int(n * depth))
    t = b.layer(b.input, c(16), 3, 2, act=act)
    levels = []
    for channels, repeat in ((16, 2), (32, 2), (64, 3), (128, 3)):
        for i in range(repeat):
            t = blaze_block(b, t, c(channels), 2 if i == 0 and levels else 1, 5 if channels > 32 else 3, act)
        levels.append(t)
    up = b.layer(levels[-1], c(64), 1, act=act)
    up = b.add(b.upsample(up, "linear"), b.layer(levels[-2], c(64), 1, act="none"))
    down = blaze_block(b, b.activation(up, "relu6"), c(128), 2, 3, act)
    down = b.concat(down, levels[-1])
    t = b.layer(down, c(192), 3, 2, act="relu6")
    t = b.node("GlobalAveragePool", [t.name], t.values.mean(axis=(1, 2), keepdims=True))
    t = b.node("Flatten", [t.name], t.values.reshape(len(t.values), -1))
    points = b.fully_connected(t, 63, "landmarks", gain=8)
    presence = b.sigmoid(b.fully_connected(t, 1), "presence")
    handedness = b.sigmoid(b.fully_connected(t, 1), "handedness")
    return [points, presence, handedness, b.fully_connected(t, 63, "world", gain=0.05)]


def segmentation(b, depth=1.0, classes=4):
    """An encoder, and a decoder that upsamples in both ways, concatenates and ends in a map of probabilities."""
    c = lambda n: max(8, int(n * depth))
    skips, t = [], b.layer(b.input, c(16), 3, act="relu")
    for channels in (24, 32, 64):
        skips.append(t)
        t = b.depthwise(t, 3, 2, act="relu")
        t = b.layer(t, c(channels), 1, act="relu")
    for i, skip in enumerate(reversed(skips)):
        t = b.concat(b.upsample(t, "nearest" if i % 2 else "linear"), skip)
        t = b.layer(t, c(24), 3, act="relu6")
    return [b.sigmoid(b.convolution(t, classes, 1, bias=True), "mask")]


FULL = {
    "mobilenet_v2_96": ((96, 96), mobilenet_v2, {}),
    "mobilenet_v2_224": ((224, 224), mobilenet_v2, {}),
    "efficientnet_lite0_224": ((224, 224), efficientnet_lite0, {}),
    "resnet56": ((32, 32), resnet_cifar, {}),
    "hand_landmarks_prelu": ((224, 224), hand_landmarks, {}),
    "hand_landmarks_relu6": ((224, 224), hand_landmarks, {"act": "relu6"}),
    "segmentation": ((128, 128), segmentation, {}),
}
SMALL = {
    "mobilenet_v2_small": ((32, 32), mobilenet_v2, {"width": 0.35, "classes": 10, "blocks": 4}),
    "resnet14": ((16, 16), resnet_cifar, {"n": 2}),
    "hand_landmarks_small": ((64, 64), hand_landmarks, {"depth": 0.5}),
    "segmentation_small": ((24, 40), segmentation, {"depth": 0.5}),
}


def build(name, seed=1, samples=2):
    """(bytes of an ONNX model, samples N,C,H,W, {output: values})."""
    size, architecture, options = {**FULL, **SMALL}[name]
    b = Builder(seed, samples, size)
    outputs = architecture(b, **options)
    return b.finish(*outputs), b.images, {t.name: t.values for t in outputs}
