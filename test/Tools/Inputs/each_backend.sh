# each_backend.sh FOLDER: verifies and explains FOLDER/c.mlirbc for every backend.
set -e
for backend in $(hwq-opt --list-backends | awk 'NR > 1 {print $1}'); do
  spec="$backend"
  hwq verify "$1/c.mlirbc" --for="$spec" --data="$1/x.npz" --samples=4 --quiet > "$1/$backend.txt"
  hwq explain "$1/c.mlirbc" --for="$spec" --all --json > "$1/explain/$backend.json"
  echo "$backend verified"
done
