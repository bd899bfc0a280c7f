"""record.py FOLDER: makes the files of this folder again.

Three small nets of Keras, quantized by TensorFlow's converter to int8, as `tosa-converter-for-tflite MODEL.tflite
--text --emit-debug-info` (2026.2.0) writes them in TOSA and type_tflite_tosa.py types them, and what LiteRT's reference
kernels (2.3.0) and the TOSA reference model (tosa-tools 2026.8.0) compute. Needs tensorflow (2.15.1); CONVERTER is the
converter, CLIENTS a python with ai_edge_litert, TOSA one with tosa_reference_model and tosa-opt beside it. X.npz are
random codes of the inputs, as their f32 values; X.expected.npz LiteRT's int8 codes of every tensor; pixels.tosa.npz the
reference model's of the output: between pixels TOSA rounds otherwise."""

import os
import re
import subprocess
import sys

import numpy as np
import tensorflow as tf

CONVERTER = os.environ.get("CONVERTER", "tosa-converter-for-tflite")
CLIENTS = os.environ.get("CLIENTS", "python3")
TOSA = os.environ.get("TOSA", "python3")
SAMPLES = 2
here = os.path.dirname(os.path.abspath(__file__))
layers = tf.keras.layers


def conv(x, channels, kernel=3, stride=1, activation=None):
    x = layers.Conv2D(channels, kernel, stride, padding="same", bias_initializer="random_normal")(x)
    if activation == "hard_swish":
        return tf.nn.relu6(x + 3.0) * x * (1.0 / 6)
    return layers.Activation(activation)(x) if activation else x


def inverted():
    """A hard swish in parts, relu6, squeeze and excite, leaky relu, tanh, softmax."""
    x = inputs = layers.Input((24, 24, 3))
    x = conv(x, 8, 3, 2, "hard_swish")
    y = layers.ReLU(6.0)(layers.DepthwiseConv2D(3, padding="same")(x))
    gate = layers.GlobalAveragePooling2D(keepdims=True)(y)
    gate = conv(conv(gate, 4, 1, 1, "relu"), 8, 1, 1, "sigmoid")
    x = layers.Add()([x, conv(layers.Multiply()([y, gate]), 8, 1)])
    z = layers.LeakyReLU(0.1)(layers.DepthwiseConv2D(3, strides=2, padding="same")(x))
    z = layers.GlobalAveragePooling2D()(conv(z, 12, 1, 1, "tanh"))
    return tf.keras.Model(inputs, layers.Softmax()(layers.Dense(6)(z)))


def pixels():
    """Pools, resizes, concatenations, a transposed convolution, a padding."""
    inputs = layers.Input((16, 16, 3))
    a = conv(inputs, 8, activation="relu")
    b = conv(layers.MaxPool2D()(a), 12, activation="relu")
    c = conv(layers.AveragePooling2D()(b), 16, activation="relu")
    up = layers.Concatenate()([layers.UpSampling2D(2, interpolation="bilinear")(c), b])
    up = layers.Conv2DTranspose(8, 3, 2, padding="same")(conv(up, 8, activation="relu"))
    up = layers.Conv2D(4, 3)(layers.ZeroPadding2D(1)(layers.Concatenate()([up, a])))
    return tf.keras.Model(inputs, layers.Activation("sigmoid")(layers.UpSampling2D(2)(up)))


def elementwise():
    """Sums, differences, products, extrema, a mean, movement; u8 outside."""
    i, j = layers.Input((8, 8, 6)), layers.Input((8, 8, 6))
    a = layers.Add()([i, j])
    b = layers.Multiply()([a, layers.Subtract()([a, j])])
    c = layers.ReLU()(layers.Minimum()([layers.Maximum()([b, i]), a]))
    d = layers.LeakyReLU(0.2)(c - 0.5)
    e = tf.transpose(d + tf.reduce_mean(d, axis=[1, 2], keepdims=True), [0, 2, 1, 3])
    return tf.keras.Model([i, j], tf.reshape(e[:, 1:7], [-1, 6 * 8 * 6]))


def convert(net, dtype):
    random = np.random.default_rng(3)
    shapes = [[1, *tensor.shape[1:]] for tensor in net.inputs]
    converter = tf.lite.TFLiteConverter.from_keras_model(net)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: (
        [random.normal(size=shape).astype(np.float32) for shape in shapes] for _ in range(60))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = dtype
    return converter.convert()


RUN = f"""
import sys
import numpy as np
import flatbuffers
from ai_edge_litert import interpreter as litert
from ai_edge_litert import schema_py_generated as schema
model = schema.ModelT.InitFromPackedBuf(open(sys.argv[1], "rb").read(), 0)
graph = model.subgraphs[0]
graph.outputs = list(graph.outputs) + [i for op in graph.operators for i in op.outputs if i not in graph.outputs]
builder = flatbuffers.Builder(1024)
builder.Finish(model.Pack(builder), b"TFL3")
engine = litert.Interpreter(model_content=bytes(builder.Output()),
                            experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF)
engine.allocate_tensors()
random = np.random.default_rng(0)
inputs, outputs = {{}}, {{}}
for _ in range({SAMPLES}):
    for d in engine.get_input_details():
        info = np.iinfo(d["dtype"])
        codes = random.integers(info.min, info.max + 1, d["shape"]).astype(d["dtype"])
        engine.set_tensor(d["index"], codes)
        scale, zero = d["quantization"]
        inputs.setdefault(d["name"], []).append(np.float32(scale) * (codes.astype(np.int32) - zero).astype(np.float32))
    engine.invoke()
    for d in engine.get_output_details():
        if d["dtype"] == np.int8:
            outputs.setdefault(d["name"], []).append(engine.get_tensor(d["index"]))
for path, arrays in ((sys.argv[2], inputs), (sys.argv[3], outputs)):
    np.savez_compressed(path, **{{name: np.concatenate(parts) for name, parts in arrays.items()}})
"""

MODEL = """
import subprocess, sys
import numpy as np
import tosa_reference_model
name, opt = sys.argv[1:]
subprocess.run([opt, f"{name}.text", "--tosa-serialize", f"--tosa-flatbuffer-filename={name}.tosa", "-o", "/dev/null"],
               check=True)
scale, zero = np.load(f"{name}.quantization.npy")
(_, values), = np.load(f"{name}.npz").items()
codes = np.round(values / np.float32(scale) + zero).astype(np.int8)
results = [tosa_reference_model.run(open(f"{name}.tosa", "rb").read(), [codes[i : i + 1]])[0][0] for i in range(len(codes))]
(output, *_), = [np.load(f"{name}.expected.npz").files]
np.savez_compressed(f"{name}.tosa.npz", **{output: np.concatenate(results)})
"""

tf.keras.utils.set_random_seed(7)
os.chdir(sys.argv[1])
for make, dtype in ((inverted, tf.int8), (pixels, tf.int8), (elementwise, tf.uint8)):
    name = make.__name__
    with open(f"{name}.tflite", "wb") as file:
        file.write(convert(make(), dtype))
    subprocess.run([CONVERTER, f"{name}.tflite", "--text", "--emit-debug-info", "-o", f"{name}.text"], check=True)
    script = os.path.join(here, "..", "..", "..", "Clients", "Inputs", "type_tflite_tosa.py")
    with open(f"{name}.mlir", "w") as file:
        subprocess.run([CLIENTS, script, f"{name}.tflite", f"{name}.text"], check=True, stdout=file)
    subprocess.run([CLIENTS, "-c", RUN, f"{name}.tflite", f"{name}.npz", f"{name}.expected.npz"], check=True)
    if make is pixels:
        subprocess.run([CONVERTER, f"{name}.tflite", "--text", "-o", f"{name}.text"], check=True)
        with open(f"{name}.text") as file:
            text = re.sub(r"^module.*", "module {", file.read())
        text = re.sub(r" \{tf_saved_model[^}]*\}|attributes \{tf\.[^\n]*\}(?= \{)", "", text.replace("<?x", "<1x"))
        with open(f"{name}.text", "w") as file:
            file.write(text)
        engine = tf.lite.Interpreter(f"{name}.tflite")
        np.save(f"{name}.quantization.npy", np.array(engine.get_input_details()[0]["quantization"]))
        subprocess.run([TOSA, "-c", MODEL, name, os.path.join(os.path.dirname(TOSA), "tosa-opt")], check=True)
        os.remove(f"{name}.quantization.npy")
        os.remove(f"{name}.tosa")
    os.remove(f"{name}.text")
    os.remove(f"{name}.tflite")
