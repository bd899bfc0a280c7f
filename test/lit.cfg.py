# Tests of the programs. Needs nothing but lit: no lit.llvm helpers.
import os
import shutil
import subprocess

import lit.formats

config.name = "hwq"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = os.path.join(config.hwq_obj_root, "test")
config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.hwq_obj_root, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
for variable in ("HWQ_EXHAUSTIVE", "HWQ_TEST_SEED"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]
if os.environ.get("HWQ_EXHAUSTIVE") == "1":
    config.available_features.add("exhaustive")
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input=fail"

# Models and data that are too large for the repository. A test that needs them
# says "REQUIRES: shared" and is reported as unsupported without them.
shared = os.path.normpath(os.path.join(config.hwq_src_root, "..", "shared"))
if os.path.isdir(shared):
    config.available_features.add("shared")
# The independent definitions in Reference/ are NumPy programs. Debian's NumPy is
# not that of another python3 in front of its own.
for python in ("python3", "/usr/bin/python3"):
    if not shutil.which(python):
        continue
    found = subprocess.run([python, "-c", "import numpy"], capture_output=True)
    if not found.returncode:
        config.available_features.add("numpy")
        config.substitutions.append(("%numpy-python", python))
        break
# Tests of several processes say "REQUIRES: mpi": mpirun is there and hwq was built with MPI.
if shutil.which("mpirun") and config.hwq_mpi:
    config.available_features.add("mpi")
    # Root and few cores are usual in containers.
    config.environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
    config.environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    config.substitutions.append(("%mpirun", "mpirun --oversubscribe"))
config.substitutions += [
    ("%shared", shared),
    ("%examples", os.path.join(config.hwq_src_root, "examples")),
    # An ONNX model in protobuf's text format (stdin) to the binary one (stdout).
    (
        "%onnx-encode",
        f"{config.protoc} --encode=onnx.ModelProto -I {config.onnx_proto_dir} onnx.proto",
    ),
    # And the way back.
    (
        "%onnx-decode",
        f"{config.protoc} --decode=onnx.ModelProto -I {config.onnx_proto_dir} onnx.proto",
    ),
    ("%flatc", config.flatc),
    ("%mlir-include", config.mlir_include_dir),
    ("%docs", os.path.join(config.hwq_src_root, "docs")),
    ("%build", config.hwq_obj_root),
    ("%hwq-plugin", os.path.join(config.hwq_obj_root, "lib", "HWQPlugin.so")),
    ("%cc", config.cc),
    ("%cxx", config.cxx),
    ("%launcher", shutil.which("ccache") or ""),
]
