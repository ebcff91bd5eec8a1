#!/bin/sh
# Repeats the study: models and held-out answers by the program, features, fits, and the table. See README.md.
#   run.sh TWO_CLASS FOUR_CLASS OUT      (folders; PYTHON and NEFRO may name other programs)
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
[ $# -eq 3 ] || { echo "usage: $0 TWO_CLASS FOUR_CLASS OUT" >&2; exit 64; }
two="$1" four="$2" out="$3"
python="${PYTHON:-python3}" nefro="${NEFRO:-nefro}" home="${XDG_CACHE_HOME:-$HOME/.cache}/nefro"

"$nefro" heads --two-class "$two" --four-class "$four" --out "$out/heads" --answers
# Only what it leaves in the feature cache is wanted.
"$nefro" reproduce --join --out "$out/ladder" "$two" "$four"
"$python" "$here/features.py" --two-class "$two" --four-class "$four" --weights "$home/weights/vgg16.safetensors" \
  --cache "$out/features"
"$python" "$here/study.py" --two-class "$two" --four-class "$four" --cache "$out/features" --features "$home/features" \
  --answers "$out/heads" --out "$out" --nefro "$nefro"
