"""quantize_with_ort.py MODEL.onnx SAMPLES.npz OUT.onnx [--format=qdq|qoperator]
                        [--activations=u8|s8] [--weights=u8|s8] [--per-channel]

Quantizes a float model with onnxruntime.quantization on the samples (arrays named
as the model's inputs, float). The input file is left alone."""

import argparse
import logging
import os
import shutil
import tempfile

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("samples")
parser.add_argument("out")
parser.add_argument("--format", choices=["qdq", "qoperator"], default="qdq")
parser.add_argument("--activations", choices=["u8", "s8"], default="u8")
parser.add_argument("--weights", choices=["u8", "s8"], default="s8")
parser.add_argument("--per-channel", action="store_true")
args = parser.parse_args()
logging.disable(logging.WARNING)

types = {"u8": QuantType.QUInt8, "s8": QuantType.QInt8}
samples = np.load(args.samples)


class Reader(CalibrationDataReader):
    def __init__(self, names):
        count = len(samples[names[0]])
        self.batches = iter([{n: samples[n][i : i + 1] for n in names} for i in range(count)])

    def get_next(self):
        return next(self.batches, None)


# The tool may write beside its input.
with tempfile.TemporaryDirectory() as folder:
    copy = os.path.join(folder, "model.onnx")
    shutil.copy(args.model, copy)
    quantize_static(
        copy,
        args.out,
        Reader([i.name for i in onnx.load(copy).graph.input]),
        quant_format={"qdq": QuantFormat.QDQ, "qoperator": QuantFormat.QOperator}[args.format],
        activation_type=types[args.activations],
        weight_type=types[args.weights],
        per_channel=args.per_channel,
    )
