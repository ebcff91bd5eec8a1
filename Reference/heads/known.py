"""Features that are known, by view and key: of features.py, and of the program's own cache.

The program keeps what it has computed by the digest of the picture's file, in safetensors whose metadata say what it
is: block5_pool of the ladder (`nefro reproduce`), and the shipped heads' features with those of changed copies
(`nefro heads`).
"""

import hashlib
import json
import sys

import numpy as np

from features import cells

GREY = "grey-256x256-lanczos-224x224-bilinear-imagenet-v1"
AS_IT_IS = "rgb-224x224-bilinear-imagenet-v1"
HEADS = "grey-256x256-lanczos-320x320-bilinear-imagenet-v1"
STATISTICS = ("root of block2_pool mean, block2_pool deviation, block3_pool mean, block3_pool deviation, "
              "block3_pool deviation of 7x7 cells, v1")
WIDTHS = {"block2 mean": 128, "block2 deviation": 128, "block3 mean": 256, "block3 deviation": 256,
          "block3 spread over 7x7": 256}

# View: (layer, preprocessing).
OF_PROGRAM = {
    "plain-224": ("block5_pool", GREY),
    "as-it-is-224": ("block5_pool", AS_IT_IS),
    "plain-320": (STATISTICS, HEADS),
    "jpeg75-320": (STATISTICS + ", of pictures changed: JPEG 75", HEADS),
    "blur-320": (STATISTICS + ", of pictures changed: blur 0.50 px", HEADS),
}


def of_positions(rows):
    """What is made of block5_pool; [n, 7 * 7 * 512], channels last, to {key: [n, ...]}."""
    values = np.ascontiguousarray(rows.reshape(len(rows), 7, 7, -1).transpose(0, 3, 1, 2))
    made = {"mean": values.mean((2, 3)), "deviation": values.std((2, 3))}
    made |= {f"{grid}x{grid}": cells(values, grid).reshape(len(rows), -1) for grid in (2, 3, 4, 7)}
    return {f"block5 {name}": value for name, value in made.items()}


class Features:
    """features[view, key, power]: Shape: [pictures, ...], Float32."""

    def __init__(self, found, blocks, program):
        self.found, self.blocks, self.program = found, blocks, program
        self.digests = [hashlib.sha256(picture["file"].read_bytes()).hexdigest() for picture in found]
        self.read, self.known = {}, {}

    def __getitem__(self, place):
        view, key, power = place
        if place not in self.known:
            is_ours = view == "plain-224" and not key.startswith("block5")
            rows = self.of_blocks(key) if is_ours else self.of_program(view)[key]
            self.known[place] = rows if power == 1 else np.maximum(rows, 0) ** np.float32(power)
        return self.known[place]

    def forget(self):
        """Keeps memory small: a recipe's features are read anew for the next one."""
        self.known = {}

    def of_blocks(self, key):
        rows = [np.load(file)[key].astype(np.float32) for file in sorted(self.blocks.glob("[0-9]*.npz"))]
        count = sum(map(len, rows))
        if count != len(self.found):
            sys.exit(f"{self.blocks} holds features of {count} of {len(self.found)} pictures. Run features.py again.")
        return np.concatenate(rows)

    def of_program(self, view):
        """{key: rows} of a view; the last ones stay in memory."""
        if view not in self.read:
            layer, preprocessing = OF_PROGRAM[view]
            words = f", layer {layer}, preprocessing {preprocessing}, augmentation none, "
            rows = self.kept(words, view)
            if layer == "block5_pool":
                self.read[view] = of_positions(rows)
            else:
                ends = np.cumsum(list(WIDTHS.values()))
                # Kept as roots.
                self.read[view] = {
                    key: rows[:, end - width:end] ** 2 for (key, width), end in zip(WIDTHS.items(), ends)}
        return self.read[view]

    def kept(self, words, view):
        """The program's features whose key holds some words."""
        table = {}
        for file in sorted(self.program.glob("*/*.safetensors")):
            with file.open("rb") as content:
                length = int.from_bytes(content.read(8), "little")
                entries = json.loads(content.read(length))
                if words not in entries.pop("__metadata__", {}).get("key", ""):
                    continue
                values = content.read()
            for name, entry in entries.items():
                first, end = entry["data_offsets"]
                table[name] = np.frombuffer(values[first:end], "<f4")
        missing = sum(digest not in table for digest in self.digests)
        if missing:
            sys.exit(f"{self.program} lacks features of {missing} of {len(self.digests)} pictures for the view "
                     f"'{view}'. Run the commands of run.sh that come before this one.")
        return np.stack([table[digest] for digest in self.digests])
