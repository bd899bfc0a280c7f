# run_tosa_model.sh PYTHON SCRIPTS FOLDER MODEL INPUT CALIBRATION DATA SAMPLES UPSTREAM [OPTION...]: quantizes the
# model for TOSA and runs its file in the reference model, the first UPSTREAM samples in upstream's lowering too.
set -e
python=$1 scripts=$2 folder=$3 model=$4 input=$5 calibration=$6 data=$7 samples=$8 upstream=$9
shift 9
mkdir "$folder"
hwq calibrate "$model" --data="$calibration" --samples=100 "$@" --quiet -o "$folder/c.mlirbc" > "$folder/calibrate.txt"
hwq-opt "$folder/c.mlirbc" --quantize-for=tosa --emit-bytecode -o "$folder/step4.mlirbc"
hwq-translate "$folder/step4.mlirbc" --export-tosa --batch=2 -o "$folder/model.mlirbc"
hwq eval "$folder/c.mlirbc" --data="$data" --samples="$samples" "$@" --quiet --dump="$folder/samples.npz" \
  "--dump-tensors=^$input\$" > "$folder/float.txt"
hwq eval "$folder/step4.mlirbc" --data="$data" --samples="$samples" "$@" --quiet --dump="$folder/codes.npz" \
  '--dump-tensors=.*' > "$folder/codes.txt"
run() {
  "$python" "$scripts/run_tosa.py" "$folder/model.mlirbc" "$folder/samples.npz" "$folder/codes.npz" "$@"
}
run
[ "$upstream" = 0 ] || run --engine=upstream --count="$upstream"
