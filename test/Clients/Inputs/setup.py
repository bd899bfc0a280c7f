"""setup.py FOLDER [clients|tosa]: a virtual environment with the programs that read
hwq's files; TOSA's need other versions of their packages.

Prints the path of its python. Exit code 1 and the reason where the packages
can't be had. An environment that is complete is used again."""

import hashlib
import os
import subprocess
import sys

PACKAGES = {
    "clients": [
        "ai-edge-litert==2.3.0",
        "onnx==1.23.2",
        "onnxruntime==1.31.1",
        "numpy==2.4.6",
    ],
    "tosa": ["tosa-tools==2026.8.0", "tosa-converter-for-tflite==2026.2.0", "numpy==2.1.3"],
}[sys.argv[2] if len(sys.argv) > 2 else "clients"]
SECONDS = 240

folder = sys.argv[1]
python = os.path.join(folder, "bin", "python")
stamp = os.path.join(folder, hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()[:16])


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        sys.exit(f"{' '.join(command[:4])}: {lines[-1] if lines else 'failed'}")


if not os.path.exists(stamp):
    try:
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary=:all:",
            "--retries=1", "--timeout=20", *PACKAGES)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.exit(str(error))
    open(stamp, "w").close()
print(python)
