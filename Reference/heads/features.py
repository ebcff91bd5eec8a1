"""Features of both picture sets from blocks 1 to 4 of VGG-16 at 224 pixels, which the program does not keep.

    python features.py --two-class FOLDER --four-class FOLDER --weights vgg16.safetensors --cache FOLDER

Every picture is made grey and 256 x 256 first, then 224 x 224 (bilinear). The base runs in ONNX Runtime. Of each
block's pooled output these are kept, channel by channel: mean, population deviation and maximum over all positions, and
means over the cells of grids of 2, 4 and 7 a side (7 from block 3 on): cell i of g over n rows covers rows
floor(n i / g) ..< floor(n (i + 1) / g).

Features are written piece by piece, so that an interrupted run goes on where it was; --pieces ends it after so many.
"""

import argparse
import hashlib
import json
import pathlib
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from pictures import alike, pictures

LAYERS, CHANNELS = [2, 2, 3, 3], [64, 128, 256, 512]  # of each block
BGR_MEANS = np.array([103.939, 116.779, 123.68], np.float32)
SIDE, PER_PIECE, BATCH, GRIDS = 224, 98, 7, (2, 4, 7)


def pixels(file):
    """Shape: [3, side, side], Float32, blue green red less their means, as VGG-16 was trained."""
    picture = alike(file).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return (np.asarray(picture, np.float32)[:, :, ::-1] - BGR_MEANS).transpose(2, 0, 1)


def tensors(path):
    """{name: array} of a safetensors file of Float32."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    entries = {name: entry for name, entry in json.loads(content[8:start]).items() if name != "__metadata__"}
    return {name: np.frombuffer(content[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]], "<f4")
            .reshape(entry["shape"]) for name, entry in entries.items()}


def base(weights):
    """A session that answers [n, 3, side, side] with each block's pooled output, [n, channels, side, side]."""
    nodes, initializers, previous = [], [], "pixels"
    for block, layers in enumerate(LAYERS, 1):
        for layer in range(1, layers + 1):
            name = f"block{block}_conv{layer}"
            kernel, bias = weights[f"{name}/kernel"].transpose(3, 2, 0, 1), weights[f"{name}/bias"]
            initializers += [numpy_helper.from_array(np.ascontiguousarray(kernel), name + "_kernel"),
                             numpy_helper.from_array(bias, name + "_bias")]
            nodes += [helper.make_node("Conv", [previous, name + "_kernel", name + "_bias"], [name],
                                       kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
                      helper.make_node("Relu", [name], [name + "_relu"])]
            previous = name + "_relu"
        pool = f"block{block}_pool"
        nodes.append(helper.make_node("MaxPool", [previous], [pool], kernel_shape=[2, 2], strides=[2, 2]))
        previous = pool
    outputs = [helper.make_tensor_value_info(
        f"block{block}_pool", TensorProto.FLOAT, ["n", channels, SIDE >> block, SIDE >> block])
        for block, channels in enumerate(CHANNELS, 1)]
    inputs = [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])]
    model = helper.make_model(
        helper.make_graph(nodes, "vgg16", inputs, outputs, initializers),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    settings = onnxruntime.SessionOptions()
    settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])


def cells(values, grid):
    """Means over a grid's cells. values: [n, channels, rows, columns]; result: [n, channels, grid, grid]."""
    starts = [values.shape[2] * i // grid for i in range(grid + 1)]
    lengths = np.diff(starts)
    sums = np.add.reduceat(np.add.reduceat(values, starts[:-1], 2), starts[:-1], 3)
    return sums / (lengths[:, None] * lengths[None, :]).astype(np.float32)


def statistics(block, values):
    """What is kept of a block's output; [n, channels, rows, columns] to {name: [n, ...]}."""
    kept = {"mean": values.mean((2, 3)), "deviation": values.std((2, 3)), "maximum": values.max((2, 3))}
    for grid in GRIDS:
        means = cells(values, grid)
        kept[f"spread over {grid}x{grid}"] = means.std((2, 3))
        if grid < 7 or block >= 3:
            kept[f"{grid}x{grid}"] = means.reshape(len(values), -1).astype(np.float16)
    return {f"block{block} {name}": value for name, value in kept.items()}


def compute(members, session):
    """{name: [pictures, ...]} of some pictures."""
    parts = []
    for start in range(0, len(members), BATCH):
        batch = np.stack([pixels(picture["file"]) for picture in members[start:start + BATCH]])
        blocks = session.run(None, {"pixels": batch})
        parts.append({name: value for block, values in enumerate(blocks, 1)
                      for name, value in statistics(block, values).items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def identity(found, weights_file):
    """Of the pictures and the weights: a cache of others is not taken for this one's."""
    digest = hashlib.sha256(weights_file.read_bytes())
    for picture in found:
        digest.update(picture["path"].encode())
        digest.update(picture["file"].read_bytes())
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Compute features of blocks 1 to 4.")
    for name in ("two-class", "four-class", "weights", "cache"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--pieces", type=int, help="end after computing so many pieces; status 3 where some are left")
    options = parser.parse_args()
    found = pictures(options.two_class, options.four_class)
    own = identity(found, options.weights)
    options.cache.mkdir(parents=True, exist_ok=True)
    note = options.cache / "identity.txt"
    if note.exists() and note.read_text() != own:
        sys.exit(f"{options.cache} holds features of other pictures or weights. Name another folder.")
    note.write_text(own)
    starts = [start for start in range(0, len(found), PER_PIECE) if not (options.cache / f"{start:05}.npz").exists()]
    session = base(tensors(options.weights)) if starts else None
    for done, start in enumerate(starts):
        if done == options.pieces:
            sys.exit(3)
        began = time.monotonic()
        values = compute(found[start:start + PER_PIECE], session)
        partial = options.cache / "partial.npz"
        np.savez(partial, **values)
        partial.rename(options.cache / f"{start:05}.npz")
        print(f"{min(start + PER_PIECE, len(found))} of {len(found)} pictures, {time.monotonic() - began:.0f} s",
              file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
