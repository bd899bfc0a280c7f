# run_model.sh PYTHON SCRIPTS FOLDER MODEL INPUT CALIBRATION DATA SAMPLES [OPTION...]: quantizes the
# model and compares its programs with LiteRT and ONNX Runtime; what they print, in order.
set -e
python=$1 scripts=$2 folder=$3 model=$4 input=$5 calibration=$6 data=$7 samples=$8
shift 8
mkdir "$folder"
hwq calibrate "$model" --data="$calibration" --samples=100 "$@" --quiet -o "$folder/c.mlirbc" > "$folder/calibrate.txt"
hwq eval "$folder/c.mlirbc" --data="$data" --samples="$samples" "$@" --quiet --dump="$folder/samples.npz" \
  "--dump-tensors=^$input\$" > "$folder/float.txt"
hwq quantize "$folder/c.mlirbc" --for=tflite,tflite-xnnpack,onnxruntime --eval="$data" --eval-samples="$samples" "$@" --quiet \
  -o "$folder/out" > "$folder/quantize.txt" 2>&1
for backend in tflite tflite-xnnpack onnxruntime; do
  hwq eval "$folder/out/$backend/model.mlirbc" --data="$data" --samples="$samples" "$@" --quiet --dump="$folder/$backend.npz" \
    '--dump-tensors=.*' > "$folder/$backend.txt"
done
"$python" "$scripts/run_litert.py" "$folder/out/tflite/model.tflite" "$folder/samples.npz" "$folder/tflite.npz"
"$python" "$scripts/run_litert.py" --engine=xnnpack "$folder/out/tflite-xnnpack/model.tflite" "$folder/samples.npz" \
  "$folder/tflite-xnnpack.npz"
onnx() {
  "$python" "$scripts/run_onnxruntime.py" "$folder/out/onnxruntime/$1" "$folder/samples.npz" "$folder/onnxruntime.npz" \
    --optimizations="$2"
}
echo model-qlinear.onnx
onnx model-qlinear.onnx none
onnx model-qlinear.onnx all
echo model.onnx
onnx model.onnx all
# Floats between Q and DQ may differ.
onnx model.onnx none || true
