#!/usr/bin/env bash
# Times config/sweep.yaml (20 points, 5 grouped folds each) on features that are in the cache.
# Usage: Benchmarks/sweep.sh FOLDER [RUNS]     FOLDER: class folders, such as the report's 465 slices; RUNS: 3
# NEFRO names a built program; else that of .build/release. The first sweep fills the user's cache and is not counted.
set -euo pipefail
[ $# -ge 1 ] && [ -d "$1" ] || { echo "Usage: Benchmarks/sweep.sh FOLDER [RUNS]" >&2; exit 64; }
data="$(cd "$1" && pwd)"
runs="${2:-3}"
project="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
nefro="${NEFRO:-$project/.build/release/nefro}"
[ -x "$nefro" ] || { echo "There is no '$nefro'. Run: swift build -c release --product nefro" >&2; exit 1; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/config"
cp "$project/params.yaml" "$work"
cp "$project/config/config.yaml" "$project/config/sweep.yaml" "$work/config"
cd "$work"
"$nefro" ingest --source "$data" 2>ingest.log || { cat ingest.log >&2; exit 1; }
"$nefro" sweep config/sweep.yaml >table.txt 2>sweep.log || { cat sweep.log >&2; exit 1; }
head -1 table.txt
for run in $(seq "$runs"); do
  start="$EPOCHREALTIME"
  "$nefro" sweep config/sweep.yaml --fresh >/dev/null 2>sweep.log || { cat sweep.log >&2; exit 1; }
  LC_ALL=C awk -v run="$run" -v start="${start/,/.}" -v end="${EPOCHREALTIME/,/.}" \
    'BEGIN { printf "sweep %d: %.1f s (target: at most 60 s)\n", run, end - start }'
done
