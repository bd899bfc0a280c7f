#!/bin/sh
# usage: other_rank.sh DATA DATA1 [STATS]: hwq calibrate by a process of mpirun, which has DATA1 on rank 1; goes on with
# STATS, of which rank 1 has another file.
data=$1 stats=$3
if [ "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" = 1 ]; then
  data=$2 stats=${3:+$3.of1}
fi
exec hwq calibrate "$(dirname "$0")/pixels.mlir" --data="$data" --mean=0 --std=255 --quiet --skip-bad ${stats:+--resume --stats="$stats"}
