#!/usr/bin/env python3
# ===- train.py - Train and export the digits example --------------------=== #
#
# Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===---------------------------------------------------------------------=== #
"""Trains a small CNN on the 8x8 digits of scikit-learn and writes

  digits.onnx        float model, opset 13, input x [N,1,8,8], output logits
  digits_calib.npz   x u8 [200,8,8,1], y u8 [200]: a subset of the training set
  digits_test.npz    x u8 [540,8,8,1], y u8 [540]: never seen in training

The split and the training are seeded, so a second run on the same machine with
the same packages (requirements.txt) writes the same files. Hyper-parameters
were fixed in advance: the test set chose neither them nor the epoch.
"""

import argparse
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime
import optax
from jax.scipy.ndimage import map_coordinates
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 1
NUM_TEST = 540
NUM_CALIB = 200
EPOCHS = 120
BATCH = 64
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-3
LABEL_SMOOTHING = 0.05

# Preprocessing, in pixel units (pixels are 0..16). Both are powers of two, so
# that the normalized values -0.5..1.5 are exact in float.
MEAN = 4.0
STD = 8.0

# Weight shapes as ONNX has them: convolution O,I/groups,KH,KW and Gemm
# (transB) O,I.
SHAPES = {
    "conv1": (16, 1, 3, 3),
    "dw2": (16, 1, 3, 3),
    "pw2": (32, 16, 1, 1),
    "conv3a": (32, 32, 3, 3),
    "conv3b": (32, 32, 3, 3),
    "logits": (10, 32),
}
GROUPS = {"dw2": 16}


def load_split():
    """Returns u8 pixels NHWC and labels of the training and test sets."""
    digits = load_digits()
    x = digits.images.astype(np.uint8)[..., None]
    y = digits.target.astype(np.uint8)
    if not np.array_equal(x[..., 0], digits.images):
        raise ValueError("expected integer pixels from load_digits()")
    x_train, x_test, y_train, y_test = train_test_split(
        x, y, test_size=NUM_TEST, stratify=y, random_state=SEED
    )
    return x_train, y_train, x_test, y_test


def normalize(pixels):
    """u8 NHWC pixels -> f32 NCHW model input."""
    x = (np.asarray(pixels, np.float32) - MEAN) / STD
    return x.transpose(0, 3, 1, 2)


def init_params(rng):
    params = {}
    for name, shape in SHAPES.items():
        fan_in = np.prod(shape[1:])
        weight = rng.normal(0, np.sqrt(2 / fan_in), shape)
        # A residual branch that starts small keeps the sum's range small.
        if name == "conv3b":
            weight *= 0.3
        params[name + "_weight"] = jnp.asarray(weight, jnp.float32)
        params[name + "_bias"] = jnp.zeros(shape[0], jnp.float32)
    return params


def forward(params, x):
    def conv(name, value):
        weight = params[name + "_weight"]
        pad = weight.shape[2] // 2
        value = jax.lax.conv_general_dilated(
            value,
            weight,
            (1, 1),
            [(pad, pad)] * 2,
            dimension_numbers=("NCHW", "OIHW", "NCHW"),
            feature_group_count=GROUPS.get(name, 1),
        )
        return value + params[name + "_bias"][:, None, None]

    value = jax.nn.relu(conv("conv1", x))
    value = jax.nn.relu(conv("dw2", value))
    value = jax.nn.relu(conv("pw2", value))
    n, c, h, w = value.shape
    pool = value.reshape(n, c, h // 2, 2, w // 2, 2).mean((3, 5))
    value = jax.nn.relu(conv("conv3a", pool))
    value = jax.nn.relu(conv("conv3b", value) + pool)
    value = value.mean((2, 3))
    return value @ params["logits_weight"].T + params["logits_bias"]


def augment_batch(x, rng):
    """Small random rotations, scales, shears and shifts (NCHW, normalized)."""
    n = len(x)
    angle = rng.uniform(-0.2, 0.2, n)
    scale = rng.uniform(0.9, 1.1, (n, 2))
    shear = rng.uniform(-0.15, 0.15, n)
    shift = rng.uniform(-0.7, 0.7, (n, 2))
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.stack([cos, -sin + shear, sin, cos], -1).reshape(n, 2, 2)
    matrix = matrix * scale[:, None, :]
    return warp(x, jnp.asarray(matrix, jnp.float32), jnp.asarray(shift, jnp.float32))


@jax.jit
def warp(x, matrix, shift):
    centre = 3.5
    grid = jnp.stack(jnp.meshgrid(jnp.arange(8), jnp.arange(8), indexing="ij"))
    grid = grid.reshape(2, -1) - centre

    def one(image, m, s):
        where = m @ grid + s[:, None] + centre
        # Outside the image is paper: pixel value 0.
        pixels = map_coordinates(image[0], list(where), order=1, cval=-MEAN / STD)
        return pixels.reshape(1, 8, 8)

    return jax.vmap(one)(x, matrix, shift)


def train(x, y, rng):
    params = init_params(rng)
    steps = EPOCHS * (len(x) // BATCH)
    schedule = optax.warmup_cosine_decay_schedule(0, LEARNING_RATE, steps // 20, steps)
    optimizer = optax.adamw(schedule, weight_decay=WEIGHT_DECAY)
    state = optimizer.init(params)

    def loss_of(params, x, y):
        target = optax.smooth_labels(jax.nn.one_hot(y, 10), LABEL_SMOOTHING)
        return optax.softmax_cross_entropy(forward(params, x), target).mean()

    @jax.jit
    def step(params, state, x, y):
        loss, grads = jax.value_and_grad(loss_of)(params, x, y)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        total = 0.0
        for start in range(0, len(x) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            images = augment_batch(x[batch], rng)
            params, state, loss = step(params, state, images, y[batch])
            total += float(loss)
        if (epoch + 1) % 20 == 0:
            print(f"epoch {epoch + 1:3d}  loss {total / (len(x) // BATCH):.4f}")
    return {name: np.asarray(value) for name, value in params.items()}


def build_model(params):
    """The network as ONNX. A node has the name of the value it produces."""
    nodes = []

    def node(op, inputs, output, **attributes):
        nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def conv(name, value):
        kernel = SHAPES[name][2]
        return node(
            "Conv",
            [value, name + "_weight", name + "_bias"],
            name,
            kernel_shape=[kernel, kernel],
            pads=[kernel // 2] * 4,
            strides=[1, 1],
            group=GROUPS.get(name, 1),
        )

    def relu(value):
        return node("Relu", [value], value + "_relu")

    value = relu(conv("conv1", "x"))
    value = relu(conv("dw2", value))
    value = relu(conv("pw2", value))
    pool = node("AveragePool", [value], "pool2", kernel_shape=[2, 2], strides=[2, 2])
    value = relu(conv("conv3a", pool))
    value = relu(node("Add", [conv("conv3b", value), pool], "add3"))
    value = node("GlobalAveragePool", [value], "pool3")
    value = node("Flatten", [value], "flat", axis=1)
    node("Gemm", [value, "logits_weight", "logits_bias"], "logits", transB=1)

    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(value, name) for name, value in params.items()],
    )
    model = helper.make_model(
        graph,
        producer_name="hwq examples/digits/train.py",
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7,
    )
    model = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    return model


def top1(model_path, data_path):
    """Accuracy of the written model on the written data."""
    data = np.load(data_path)
    session = onnxruntime.InferenceSession(model_path, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"x": normalize(data["x"])})
    return int((logits.argmax(1) == data["y"]).sum()), len(data["y"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "-o",
        "--output-dir",
        type=pathlib.Path,
        default=pathlib.Path(__file__).resolve().parent,
        help="folder to write to (default: the folder of this script)",
    )
    out = parser.parse_args().output_dir
    out.mkdir(parents=True, exist_ok=True)

    x_train, y_train, x_test, y_test = load_split()
    print(f"training on {len(x_train)} samples, testing on {len(x_test)}")
    params = train(normalize(x_train), y_train, np.random.default_rng(SEED))

    _, x_calib, _, y_calib = train_test_split(
        x_train, y_train, test_size=NUM_CALIB, stratify=y_train, random_state=SEED
    )
    onnx.save(build_model(params), out / "digits.onnx")
    np.savez_compressed(out / "digits_calib.npz", x=x_calib, y=y_calib)
    np.savez_compressed(out / "digits_test.npz", x=x_test, y=y_test)
    for name in ["digits_calib.npz", "digits_test.npz"]:
        right, total = top1(out / "digits.onnx", out / name)
        print(f"{name}: top-1 {right}/{total} = {right / total:.4f}")


if __name__ == "__main__":
    main()
