#!/usr/bin/env python3
"""Imports prefixes of a model: each must give one error, exit code 1 and no output file.

    truncate.py MODEL.onnx
"""
import os
import subprocess
import sys

path = sys.argv[1]
with open(path, "rb") as file:
    model = file.read()
part, program = path + ".part.onnx", path + ".part.mlirbc"
refused = 0
for length in range(0, len(model), max(1, len(model) // 16)):
    with open(part, "wb") as file:
        file.write(model[:length])
    result = subprocess.run(["hwq", "import", part, "-o", program], capture_output=True, text=True)
    if result.returncode != 1 or result.stderr.count("error:") != 1 or os.path.exists(program):
        print(f"the first {length} bytes: exit code {result.returncode}: {result.stderr}")
        sys.exit(1)
    refused += 1
print(f"{refused} prefixes refused")
