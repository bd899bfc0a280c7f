# threads.sh FOLDER: compiles FOLDER/c.mlirbc for every backend, with threads and without.
set -e
count=0
for backend in $(hwq-opt --list-backends | awk 'NR > 1 {print $1}'); do
  for threading in true false; do
    hwq-opt "$1/c.mlirbc" --quantize-for="$backend" --mlir-disable-threading=$threading --emit-bytecode \
      --remark-policy=all --remarks-filter-passed=hwq --remarks-filter-missed=hwq --remarks-filter-analyse=hwq \
      -o "$1/$threading.mlirbc" 2> "$1/$threading.txt"
  done
  cmp "$1/true.mlirbc" "$1/false.mlirbc"
  diff "$1/true.txt" "$1/false.txt"
  cat "$1/true.txt" >> "$1/remarks.txt"
  count=$((count + 1))
done
echo "$count backends: the same bytes and messages"
