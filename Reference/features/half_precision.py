"""How far answers move if base features are kept in half precision: the figures of docs/engine.md, "Memory".

    python3 half_precision.py FEATURES MODEL [MODEL ...]

FEATURES is the folder of one key in Nefro's feature cache, without augmentation: safetensors files whose tensors are
named by their pictures. The MODELs were trained with a frozen base on features of that key: of block5_pool, shape
[25088], with HEAD: flatten, or of global_average_pooling, shape [512], with HEAD: pooled. Each answers for every
picture of the folder twice, once with the features as they are and once rounded to half precision and back, both in
double precision, so that the rounding alone counts.

Needs NumPy.
"""

import json
import pathlib
import sys

import numpy as np


def tensors(path):
    """{name: array} of a safetensors file of Float32."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    found = {}
    for name, entry in json.loads(content[8:start]).items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            sys.exit(f"{path}: '{name}' is {entry['dtype']}, not F32")
        first, end = entry["data_offsets"]
        found[name] = np.frombuffer(content[start + first:start + end], "<f4").reshape(entry["shape"])
    return found


def probabilities(model, features):
    """features: [pictures, ...], double precision."""
    kernel, bias = model["head/kernel"].astype(float), model["head/bias"].astype(float)
    rows = features.reshape(len(features), -1)
    standardization = next((name[:-len("/mean")] for name in model if name.endswith("/mean")), None)
    if standardization:
        rows = (rows - model[f"{standardization}/mean"]) * model[f"{standardization}/scale"]
    if rows.shape[1] != len(kernel):
        sys.exit(f"features of {rows.shape[1]} numbers do not fit a head of {len(kernel)}")
    logits = rows @ kernel + bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    kept = {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.safetensors")):
        kept |= tensors(path)
    features = np.stack([kept[name] for name in sorted(kept)])
    rounded = features.astype(np.float16)
    print(f"{len(features)} pictures of shape {list(features.shape[1:])}: {features.nbytes / 1e6:.1f} MB in single "
          f"precision, {rounded.nbytes / 1e6:.1f} MB in half")
    for argument in sys.argv[2:]:
        model = tensors(pathlib.Path(argument))
        before = probabilities(model, features.astype(float))
        after = probabilities(model, rounded.astype(float))
        changed = int((before.argmax(axis=1) != after.argmax(axis=1)).sum())
        print(f"{argument}: probabilities move by up to {abs(before - after).max():.1e}, {changed} pictures change class")


if __name__ == "__main__":
    main()
